/**
Text as it was written → format=flowed (RFC 3676), which any width can be made of and which old readers see as it is.

- A line longer than `width` is broken behind a space, which says that it goes on (§4.1). A word is never broken.
- Other spaces at the end of a line go, since they would say the same; `-- ` stays, and never flows (§4.3).
- A line that begins with a space or `From `, or is broken in front of a `>`, is stuffed (§4.4). One that begins with `>` is a quote: its marks are closed up, and what is quoted keeps its depth when it is broken (§4.5).

Undone by `text/flowed.ts`, this is the same text but for the blanks at the ends of lines and within quote marks.
*/

/** Columns, the marks of quotes included: with the space that flows it is under the 78 of RFC 5322 §2.1.1. */
const width = 72;
/** No more marks than leave room for a word. */
const deepest = 30;
const marks = /^(?:> ?)+/;

/** @param text With `\n` between its lines. */
export const flow = (text: string): string => text.split('\n').flatMap(flowLine).join('\n');

function flowLine(line: string): string[] {
	const quote = marks.exec(line)?.[0] ?? '';
	const depth = Math.min(deepest, quote.replaceAll(' ', '').length);
	const content = line.slice(quote.length);
	const isSignature = content === '-- ';
	const pieces = isSignature ? [content] : breakLine(content.replace(/ +$/, ''), width - depth);
	return pieces.map(piece => `${'>'.repeat(depth)}${stuffing(piece, depth)}${piece}`);
}

const stuffing = (piece: string, depth: number): string => {
	if (depth > 0) return piece === '' ? '' : ' ';
	return /^(?: |>|From )/.test(piece) ? ' ' : '';
};

/** Each piece but the last ends in the space that says that it goes on. */
function breakLine(line: string, columns: number): string[] {
	const pieces: string[] = [];
	let rest = line;
	while (rest.length > columns) {
		const within = rest.lastIndexOf(' ', columns - 1);
		// `-- ` alone on a line would be taken for a signature.
		const isUseful = within > 0 && rest.slice(0, within + 1) !== '-- ';
		const at = isUseful ? within : rest.indexOf(' ', columns);
		if (at === -1) break;
		pieces.push(rest.slice(0, at + 1));
		rest = rest.slice(at + 1);
	}
	return [...pieces, rest];
}
