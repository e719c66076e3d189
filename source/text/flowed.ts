/**
What the line breaks of a text/plain mean: each logical line with its quote, before it is wrapped to a width.

- format=flowed (RFC 3676): a line that ends in a space goes on in the next one of the same quote depth (§4.1), `DelSp` takes that space away (§4.2), a space in front is stuffing (§4.4), `-- ` is a signature and never flows (§4.3). After all that, quotes are `>` and nothing else (§4.5).
- Otherwise every line is a line, and a quote is what people and programs made of it: `>`, `>>`, `> > `.
*/
type LogicalLine = {
	/** Without its quote marks. */
	readonly text: string;
	/** The marks as they are shown, with a space at the end; '' outside quotes. */
	readonly prefix: string;
	readonly quoteDepth: number;
	/** Whether this is the line `-- ` (§4.3). */
	readonly isSignatureStart: boolean;
};

export type FlowedOptions = {readonly format?: string | undefined; readonly delSp?: boolean | undefined};

const signature = '-- ';
const fixedQuote = /^(?:> ?)+/;

function countMarks(line: string): number {
	let depth = 0;
	while (line[depth] === '>') depth++;
	return depth;
}

function readFixed(line: string): LogicalLine {
	const marks = line.startsWith('>') ? fixedQuote.exec(line)![0] : '';
	const text = line.slice(marks.length);
	const prefix = marks === '' || marks.endsWith(' ') ? marks : `${marks} `;
	return {text, prefix, quoteDepth: marks.replaceAll(' ', '').length, isSignatureStart: text === signature};
}

function* readFlowed(lines: readonly string[], delSp: boolean): Generator<LogicalLine> {
	let paragraph: string[] = [];
	let depth = 0;

	const take = (): LogicalLine => {
		const text = paragraph.join('');
		paragraph = [];
		const prefix = depth > 0 ? `${'>'.repeat(depth)} ` : '';
		return {text, prefix, quoteDepth: depth, isSignatureStart: text === signature};
	};

	for (const line of lines) {
		const marks = countMarks(line);
		const content = line.slice(line[marks] === ' ' ? marks + 1 : marks);
		const isSignature = content === signature;
		// A change of depth, or a signature, ends a paragraph that said it would go on (§4.5, §4.3).
		if (paragraph.length > 0 && (marks !== depth || isSignature)) yield take();
		depth = marks;
		const isFlowed = content.endsWith(' ') && !isSignature;
		paragraph.push(isFlowed && delSp ? content.slice(0, -1) : content);
		if (!isFlowed) yield take();
	}
	if (paragraph.length > 0) yield take();
}

/** @param text With `\n` between its lines. */
export function* logicalLines(text: string, {format, delSp = false}: FlowedOptions): Generator<LogicalLine> {
	const lines = text.split('\n');
	if (format?.toLowerCase() === 'flowed') yield* readFlowed(lines, delSp);
	else for (const line of lines) yield readFixed(line);
}
