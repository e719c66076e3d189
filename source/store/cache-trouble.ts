/**
 * What SQLite and the file system say of the cache, told apart by what comes next: it cannot be written, so that memory
 * takes its place; it is broken, so that it is thrown away; or it is a mistake of ours. The sentences say what to do.
 */
import path from 'node:path';
import {Failure} from '../model/failure.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';

/** SQLite's primary result code (https://sqlite.org/rescode.html); undefined for other errors. */
const codeOf = (error: unknown): number | undefined => {
	const {errcode} = error as {errcode?: number};
	return errcode === undefined ? undefined : errcode & 0xff;
};

/** SQLITE_CORRUPT, SQLITE_NOTADB. */
export const isBroken = (error: unknown): boolean => [11, 26].includes(codeOf(error) ?? 0);

/** SQLITE_CONSTRAINT is a mistake of ours, and stays one. */
export const isMistake = (error: unknown): boolean => codeOf(error) === 19;

/** SQLite has no code for what `migrate` finds. */
export const isOfOtherVersion = (error: unknown): boolean => codeOf(error) === undefined && systemCode(error) === '';

const systemCode = (error: unknown): string => {
	const {code = ''} = error as NodeJS.ErrnoException;
	return code === 'ERR_SQLITE_ERROR' ? '' : code;
};

/** Why nothing can be written, and what helps; undefined: it can, for all that is known. */
function reasonOf(error: unknown): {readonly why: string; readonly help: string} | undefined {
	const full = {why: 'the disk is full', help: 'Make room'};
	const closed = {why: 'it may not be written there', help: 'Let Bonsai write there'};
	// SQLITE_FULL, READONLY and PERM, IOERR, CANTOPEN.
	switch (codeOf(error)) {
		case 13:
			return full;
		case 3:
		case 8:
			return closed;
		case 10:
			return {why: 'the disk has an error', help: 'Look after the disk'};
		case 14:
			return {why: 'no file can be made there', help: 'Let Bonsai write there, or make room'};
		case undefined:
			break;
		default:
			return undefined;
	}
	switch (systemCode(error)) {
		case '':
			return undefined;
		case 'ENOSPC':
		case 'EDQUOT':
			return full;
		case 'EROFS':
		case 'EACCES':
		case 'EPERM':
			return closed;
		case 'EEXIST':
		case 'ENOTDIR':
			return {why: 'there is no folder for it', help: 'Make room for one'};
		default:
			return {why: systemCode(error), help: 'Let Bonsai write there'};
	}
}

export const isUnwritable = (error: unknown): boolean => reasonOf(error) !== undefined;

/** Said once: facts are in memory from now on. */
export function unwritable(file: string, error: unknown): Failure {
	const {why = '', help = ''} = reasonOf(error) ?? {};
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
