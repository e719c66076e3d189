/**
 * What each terminal says when it is asked (DA1 `CSI c`, DSR `CSI 5 n`, DECRQM `CSI ? n $ p`): as real ones do, probed
 * or by their sources. Whoever counts a program's bytes has to answer as the terminal it claims to be would.
 */
export type Answers = {
	readonly words: string;
	/** To DA1, DSR, DECRQM of a mode; '' where it says nothing. */
	readonly attributes: string;
	readonly status: string;
	readonly mode: (mode: string) => string;
};

const silent = (): string => '';
/** 1 is set, 2 is reset, 0 is not known. */
const knowsSynchronised = (mode: string): string => `\x1b[?${mode};${mode === '2026' ? 2 : 0}$y`;

export const answersOf = {
	/** xterm as a VT420: 28 is rectangular editing. */
	rectangles: {
		words: 'DA1 with 28, DECRQM',
		attributes: '\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c',
		status: '\x1b[0n',
		mode: knowsSynchronised,
	},
	noRectangles: {
		words: 'DA1 without 28, DECRQM',
		attributes: '\x1b[?62;22c',
		status: '\x1b[0n',
		mode: knowsSynchronised,
	},
	nothing: {words: 'never answers', attributes: '', status: '', mode: silent},
	tmux: {words: 'as tmux', attributes: '\x1b[?1;2c', status: '\x1b[0n', mode: silent},
	screen: {words: 'as GNU screen', attributes: '\x1b[?1;2c', status: '\x1b[0n', mode: silent},
	linux: {words: 'as the Linux console', attributes: '\x1b[?6c', status: '\x1b[0n', mode: silent},
	vt100: {words: 'as a VT100', attributes: '\x1b[?1;2c', status: '\x1b[0n', mode: silent},
} as const satisfies Readonly<Record<string, Answers>>;

const question = /\x1b\[(?:0?c|5n|\?(\d+)\$p)/g;
/** What may be the beginning of a question whose rest has not come. */
const begun = /\x1b(?:\[(?:[?\d$]{0,7})?)?$/;

/** Reads output as it comes, and gives what the terminal answers. */
export function createAnswerer({attributes, status, mode}: Answers): (output: string) => string {
	let rest = '';
	return output => {
		const text = rest + output;
		rest = begun.exec(text)?.[0] ?? '';
		return [...text.matchAll(question)]
			.map(([asked, number]) => {
				if (number !== undefined) return mode(number);
				return asked.endsWith('n') ? status : attributes;
			})
			.join('');
	};
}
