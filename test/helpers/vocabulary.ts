/**
 * What each terminal understands of what a program may send, and what of an output it does not. After terminfo
 * (`infocmp`), the VT100 User Guide (EK-VT100-UG-003), console_codes(4), and screen(1).
 */
export type Vocabulary = {
	/** Final characters of `CSI n… final`. */
	readonly finals: string;
	/** Of `CSI ? n h` and `l`. */
	readonly modes: readonly string[];
	/** Of SGR; `38` and `48` stand for all their colours. */
	readonly attributes: readonly string[];
	/** Whole sequences besides. */
	readonly others: RegExp;
};

const none = /^$/;
const plain = ['', '0', '1', '4', '5', '7'];
const off = ['22', '24', '25', '27', '39', '49'];
const colours = Array.from({length: 8}, (_, index) => [`3${index}`, `4${index}`, `9${index}`, `10${index}`]).flat();
const many = [...colours, '38', '48'];
const all = [...plain, ...off, ...many, '2', '3', '8', '9', '23', '28', '29'];
const rectangle = /^\x1b\[[\d;]*\$[rt]$/;
const modeQuestion = /^\x1b\[\?\d+\$p$/;

export const vocabularies = {
	xterm: {finals: 'ABCDEGHJKSTXbcdmnr', modes: ['25', '1049', '2004', '2026'], attributes: all, others: modeQuestion},
	rectangles: {
		finals: 'ABCDEGHJKSTXbcdmnr',
		modes: ['25', '1049', '2004', '2026'],
		attributes: all,
		others: new RegExp(`${rectangle.source}|${modeQuestion.source}`),
	},
	tmux: {finals: 'ABCDEGHJKSTXbcdmnr', modes: ['25', '1049', '2004'], attributes: all, others: modeQuestion},
	// Its 3 is standout, and so is not italic.
	screen: {
		finals: 'ABCDEGHJKSTXcdmnr',
		modes: ['25', '1049', '2004'],
		attributes: [...plain, ...off, ...many, '2'],
		others: modeQuestion,
	},
	linux: {
		finals: 'ABCDEGHJKXcdmnr',
		modes: ['25'],
		attributes: [...plain, ...off, ...many, '2'],
		others: none,
	},
	vt100: {finals: 'ABCDHJKcmnr', modes: [], attributes: plain, others: none},
} as const satisfies Readonly<Record<string, Vocabulary>>;

const token = /\x1b(?:\[([?>=<]?)([\d;]*)([ -/]*)([@-~])|.)|[\x00-\x1f\x7f]/gs;

/** Sequences of an output that such a terminal does not know. */
export function unknownIn(output: string, {finals, modes, attributes, others}: Vocabulary): string[] {
	return [...output.matchAll(token)]
		.filter(([sequence, prefix = '', parameters = '', intermediates = '', final]) => {
			if (others.test(sequence)) return false;
			if (final === undefined) return !/^(?:[\r\n\b\x18]|\x1b[DM])$/.test(sequence);
			if (prefix === '?') return !(/[hl]/.test(final) && modes.includes(parameters));
			if (prefix !== '' || intermediates !== '' || !finals.includes(final)) return true;
			return final === 'm' && !attributesIn(parameters).every(each => attributes.includes(each));
		})
		.map(([sequence]) => sequence);
}

function attributesIn(parameters: string): string[] {
	const values = parameters.split(';');
	const found: string[] = [];
	for (let index = 0; index < values.length; index++) {
		const value = values[index]!;
		found.push(value);
		if (value === '38' || value === '48') index += values[index + 1] === '5' ? 2 : 4;
	}
	return found;
}
