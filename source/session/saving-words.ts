/**
 * What is said when a part cannot be saved: what happened, where what came of it is, and what to do.
 */
import {Failure} from '../model/failure.ts';
import {fileWords} from '../model/file-words.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';

function asReason(error: unknown): string {
	const {code = '', message} = error as NodeJS.ErrnoException;
	// What is missing is where it was to be.
	return ['ENOENT', 'ENOTDIR'].includes(code) ? 'the folder does not exist' : (fileWords(error) ?? message);
}

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
