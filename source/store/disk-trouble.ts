/**
 * Why a file cannot be written, in the words of the user, from what SQLite or the file system throws.
 */

/** SQLite's primary result code (https://sqlite.org/rescode.html); undefined for other errors. */
export const codeOf = (error: unknown): number | undefined => {
	const {errcode} = error as {errcode?: number};
	return errcode === undefined ? undefined : errcode & 0xff;
};

export const systemCode = (error: unknown): string => {
	const {code = ''} = error as NodeJS.ErrnoException;
	return code === 'ERR_SQLITE_ERROR' ? '' : code;
};

/** Why nothing can be written, and what helps; undefined: it can, for all that is known. */
export function whyUnwritable(error: unknown): {readonly why: string; readonly help: string} | undefined {
	const full = {why: 'the disk is full', help: 'Make room'};
	const closed = {why: 'not permitted', help: 'Let Bonsai write there'};
	const readOnly = {why: 'it is read-only', help: 'Let Bonsai write there'};
	// SQLITE_FULL, READONLY and PERM, IOERR, CANTOPEN.
	switch (codeOf(error)) {
		case 13:
			return full;
		case 3:
			return closed;
		case 8:
			return readOnly;
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
			return readOnly;
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
