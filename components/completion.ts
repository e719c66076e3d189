/**
 * Completing one of several addresses that are typed into a line, separated by commas: the piece before the cursor is what
 * is looked for, and what is chosen takes its place. Pure.
 */
import type {Address} from '../source/model/draft.ts';
import {type EditedLine, editLine} from './line-editor.ts';

/** Where the last piece begins: behind a comma that stands in no quotes. */
function pieceStart(text: string): number {
	let start = 0;
	let isQuoted = false;
	for (let index = 0; index < text.length; index++) {
		if (text[index] === '\\') index++;
		else if (text[index] === '"') isQuoted = !isQuoted;
		else if (text[index] === ',' && !isQuoted) start = index + 1;
	}
	return start;
}

/** What one is looking for. */
export const wantedIn = ({before}: EditedLine): string => {
	const text = before.join('');
	return text.slice(pieceStart(text)).trim();
};

export type Completing = {
	/** The line as it was when one asked. */
	readonly asked: EditedLine;
	/** Which of those found is in the line; undefined until somebody was found. */
	readonly chosen: number | undefined;
};

export function withPerson(
	{asked}: Completing,
	person: Address,
	typed: (addresses: readonly Address[]) => string,
): EditedLine {
	const text = asked.before.join('');
	const start = pieceStart(text);
	const kept = text.slice(0, start);
	const line = editLine(`${kept}${kept === '' ? '' : ' '}${typed([person])}`);
	return {...line, after: asked.after};
}
