/** Turns what the file system throws into a Failure, once. The sentences are what the user reads. */
import {Failure} from '../model/failure.ts';
import {fileWords} from '../model/file-words.ts';
import {safeLine} from '../model/safe-text.ts';

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException)?.code ?? '';

export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

/** Of one act; what was begun of it has been taken back. `what`: "to store the message". */
export function diskFailure(error: unknown, what: string): Failure {
	if (error instanceof Failure) return error;
	const code = codeOf(error);
	// What neither the system nor SQLite says is a mistake of ours, and stays one.
	if (code === '') throw error;
	const fail = (sentence: string, word?: string) => new Failure('refused', safeLine(sentence), error, word);
	if (code === 'ENOSPC' || code === 'EDQUOT' || isFullDatabase(error))
		return fail(`The disk is full, so it was not possible ${what}. Make room and try again`, 'OVERQUOTA');
	if (code === 'EROFS') return fail(`The disk may only be read, so it was not possible ${what}`);
	if (code === 'EACCES' || code === 'EPERM')
		return fail(`Your system does not allow Bonsai ${what}. Look at the permissions of the folder`);
	const because = fileWords(error) ?? (code === 'ERR_SQLITE_ERROR' ? (error as Error).message : code);
	return fail(`It was not possible ${what}: ${because}`);
}

/** SQLITE_FULL. */
const isFullDatabase = (error: unknown): boolean => ((error as {errcode?: number}).errcode ?? 0) === 13;

export const notThere = (folder: string): Failure =>
	new Failure('denied', safeLine(`Your local mail in ${folder} is not there (is the disk mounted?)`));
