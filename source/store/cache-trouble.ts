/**
 * What SQLite and the file system say of the cache, told apart by what comes next: it cannot be written, so that memory
 * takes its place; it is broken, so that it is thrown away; or it is a mistake of ours. The sentences say what to do.
 */
import path from 'node:path';
import {Failure} from '../model/failure.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {codeOf, systemCode, whyUnwritable} from './disk-trouble.ts';

/** SQLITE_CORRUPT, SQLITE_NOTADB. */
export const isBroken = (error: unknown): boolean => [11, 26].includes(codeOf(error) ?? 0);

/** SQLITE_CONSTRAINT is a mistake of ours, and stays one. */
export const isMistake = (error: unknown): boolean => codeOf(error) === 19;

/** SQLite has no code for what `migrate` finds. */
export const isOfOtherVersion = (error: unknown): boolean => codeOf(error) === undefined && systemCode(error) === '';

export const isUnwritable = (error: unknown): boolean => whyUnwritable(error) !== undefined;

/** Said once: facts are in memory from now on. */
export function unwritable(file: string, error: unknown): Failure {
	const {why = '', help = ''} = whyUnwritable(error) ?? {};
	const sentence = safeLine(
		`The cache cannot be written (${why}), so what comes is in memory until you quit. ${help} (${path.dirname(file)}), and start again`,
	);
	return new Failure('broken', sentence, error);
}

export const brokenCache: SafeText = ours(
	'The cache on the disk was broken and has been thrown away; nothing in it was yours. Start Bonsai again: a call brings it anew',
);

/** Whatever else it is. */
export function cacheFailure(error: unknown): Failure {
	const {message} = error as Error;
	const why = codeOf(error) === 5 ? 'another program is writing it' : systemCode(error) || message;
	const sentence = safeLine(
		`What comes cannot be kept in the cache (${why}). Try again, or delete the cache: nothing in it is yours`,
	);
	return new Failure('broken', sentence, error);
}
