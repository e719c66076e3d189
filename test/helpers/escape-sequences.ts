/**
 * What a program said to its terminal, taken apart: the judge of law 9. Everything that is not in the table below is
 * forbidden, so a sequence that comes from a message is found even when it looks harmless.
 *
 * When the program learns to say something new to the terminal, it has to be entered here, on purpose.
 */

/**
 * What Bonsai says: styles, cursor motion, erasing, repeating, scrolling and its region, rectangles reversed; the
 * alternate screen, the cursor, pasting, one frame at a time; and three questions (DA1, DSR, DECRQM of 2026).
 */
const allowed: readonly RegExp[] = [
	/^\x1b\[[\d;]*m$/,
	/^\x1b\[\d*(;\d*)?[ABCDEFGHJKSTXbdr]$/,
	/^\x1b\[\d*;;\d*;;7\$t$/,
	/^\x1b[DM]$/,
	/^\x1b\[\?(25|1049|2004|2026)[hl]$/,
	/^\x1b\[(c|5n|\?2026\$p)$/,
	/^[\r\n\b]$/,
];

// Strings first (they hold anything), then CSI, then other escapes, then single controls of either set.
const sequence =
	/\x1b[\]PX^_][^\x07\x1b\u009c]*(?:\x07|\x1b\\|\u009c)?|\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?|[\x00-\x1f\x7f-\x9f]/g;

/** Characters that reorder, hide or join what is around them; none of them may reach a terminal. */
const deceiving =
	/[\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** The sequences and characters that have no place in the output of the program, with each of them once. */
export function forbiddenIn(output: Uint8Array): string[] {
	const text = Buffer.from(output).toString('utf8');
	const found = new Set<string>();
	for (const [each] of text.matchAll(sequence)) if (!allowed.some(pattern => pattern.test(each))) found.add(each);
	for (const [each] of text.matchAll(deceiving)) found.add(each);
	return [...found].map(each => JSON.stringify(each));
}

/** The colours that were chosen: parameters of SGR from 30 to 49 and from 90 to 107. */
export function coloursIn(output: Uint8Array): string[] {
	const text = Buffer.from(output).toString('latin1');
	const parameters = [...text.matchAll(/\x1b\[([\d;]*)m/g)].flatMap(([, list = '']) => list.split(';').map(Number));
	return parameters.filter(each => (each >= 30 && each <= 49) || (each >= 90 && each <= 107)).map(String);
}
