/**
 * What is said when a part cannot be saved: what happened, where what came of it is, and what to do.
 */
import {Failure} from '../model/failure.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';

const reasons: Readonly<Record<string, string>> = {
	ENOSPC: 'the disk is full',
	EDQUOT: 'your share of the disk is full',
	EACCES: 'you may not write there',
	EPERM: 'you may not write there',
	EROFS: 'the disk is read-only',
	ENOENT: 'the folder does not exist',
	ENOTDIR: 'the folder does not exist',
	EISDIR: 'it is a folder',
	EIO: 'the disk reports an error',
	EEXIST: 'a file of that name is there already',
	ENAMETOOLONG: 'the name is too long',
	EFBIG: 'the disk takes no file of that size',
};

const asReason = (error: unknown): string => {
	const {code = '', message} = error as NodeJS.ErrnoException;
	return reasons[code] ?? message;
};

/** Nothing came of it yet. */
export const cannotBegin = (file: string, error: unknown): SafeText =>
	safeLine(`${file} was not saved: ${asReason(error)}. Choose another place`);

/** `partial` holds what came. */
export function cannotGoOn(file: string, partial: string, error: unknown): SafeText {
	if (error instanceof Failure) return safeLine(`${error.sentence}. ${asKept(partial)}`);
	const {code = ''} = error as NodeJS.ErrnoException;
	const what =
		code === 'EEXIST'
			? 'Give one of the two another name'
			: 'Make room or mend it and try again in :downloads, or choose another place';
	return safeLine(`${file} was not saved: ${asReason(error)}. ${asKept(partial)}. ${what}`);
}

export const asKept = (partial: string): string => `What came is in ${partial}`;

export const cameShort = (announced: number, came: number, partial: string): SafeText =>
	safeLine(
		`The server announced ${announced} octets and has only ${came}, so this may not be all. ${asKept(partial)}: rename it if that is enough`,
	);
