/**
 * What another program writes → lines that end in CRLF (RFC 5322 §2.3), as it comes. It also finds where the header
 * ends, and sees whether octets over 127 are in it.
 */

/** No header is longer; what has no empty line before is not read on for ever. */
const longestHeader = 4 * 1024 * 1024;
/** In octets. A longer line goes on before its end has come. */
const longestLine = 256 * 1024;

export type WireLines = {
	/** The header, as latin1; undefined until all of it is there. */
	readonly header: string | undefined;
	readonly isEightBit: boolean;
	/** Whether anything came at all. */
	readonly isEmpty: boolean;
	/** Whether a dot alone on its line has ended it. */
	readonly isOver: boolean;
	/** Octets of the body, as they may be sent; nothing of the header. */
	readonly write: (octets: Buffer) => Buffer;
	readonly end: () => Buffer;
};

/** @param endsAtDot Whether a dot alone on its line is the end, as sendmail has it without `-i`. */
export function wireLines({endsAtDot}: {readonly endsAtDot: boolean}): WireLines {
	let waiting = '';
	let header: string | undefined;
	let isEightBit = false;
	let isEmpty = true;
	let isOver = false;
	/** Whether the last octets that went out ended no line. */
	let isWithinLine = false;

	/** A line that is no field ends it as an empty one does, and is the first of the body. */
	const takeHeader = (isEnd: boolean): void => {
		const line = /(.*?)(\r?\n|$)/sy;
		for (let at = 0; ; at = line.lastIndex) {
			line.lastIndex = at;
			const [, content = '', end = ''] = line.exec(waiting) ?? [];
			if (end === '' && !isEnd && waiting.length < longestHeader) return;
			const isField =
				/^[!-9;-~]+[ \t]*:/.test(content) || (at === 0 ? /^From \S/.test(content) : /^[ \t]+\S/.test(content));
			if (isField && end !== '') continue;
			const isLastField = isField && end === '';
			const ends = isLastField ? waiting.length : at;
			header = waiting.slice(0, ends).replace(/\r?\n$/, '');
			waiting = waiting.slice(isLastField ? ends : content === '' ? at + end.length : at);
			return;
		}
	};

	const lines = (text: string): Buffer => {
		let body = text.replaceAll(/\r\n|\r|\n/g, '\r\n');
		if (endsAtDot) {
			const dot = (isWithinLine ? /(\r\n)\.\r\n/ : /(^|\r\n)\.\r\n/).exec(body);
			if (dot !== null) {
				isOver = true;
				body = body.slice(0, dot.index + dot[1]!.length);
			}
		}
		isWithinLine = !body.endsWith('\r\n');
		return Buffer.from(body, 'latin1');
	};

	return {
		get header() {
			return header;
		},
		get isEightBit() {
			return isEightBit;
		},
		get isEmpty() {
			return isEmpty;
		},
		get isOver() {
			return isOver;
		},
		write(octets) {
			if (isOver || octets.length === 0) return Buffer.alloc(0);
			isEmpty = false;
			const text = octets.toString('latin1');
			isEightBit ||= /[\x80-\xff]/.test(text);
			waiting += text;
			if (header === undefined) takeHeader(false);
			if (header === undefined) return Buffer.alloc(0);
			// Only whole lines: what a line is, its end says.
			const isLong = waiting.length > longestLine && !waiting.includes('\n');
			const end = isLong ? waiting.replace(/\r$/, '').length : waiting.lastIndexOf('\n') + 1;
			const whole = waiting.slice(0, end);
			waiting = waiting.slice(end);
			return whole === '' ? Buffer.alloc(0) : lines(whole);
		},
		end() {
			if (isOver) return Buffer.alloc(0);
			if (header === undefined) takeHeader(true);
			const rest = waiting;
			waiting = '';
			return rest === '' && !isWithinLine ? Buffer.alloc(0) : lines(/[\r\n]$/.test(rest) ? rest : `${rest}\n`);
		},
	};
}
