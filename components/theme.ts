/**
 * How things look. Colour never carries a meaning alone: a letter, a mark or a word says the same.
 * The selected row is turned inside out, or, where that would be dear or not seen, gets a pointer.
 */
import type {Held, TextLine} from '../source/model/message.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';

export type Style = {
	readonly color?: string;
	readonly bold?: boolean;
	readonly dimColor?: boolean;
	readonly inverse?: boolean;
};

export type Theme = {
	readonly title: Style;
	readonly selected: Style;
	/** No ticking clocks, and progress in steps: each change is paid for. */
	readonly isSlow: boolean;
	readonly unread: Style;
	readonly quiet: Style;
	readonly strong: Style;
	readonly problem: Style;
	readonly textLine: (line: TextLine) => Style;
	/** One column in front of the selected row. */
	readonly pointer: SafeText;
	readonly held: Readonly<Record<Held, SafeText>>;
	readonly pending: SafeText;
	/** Stands where a row is not known yet. */
	readonly unknown: SafeText;
	readonly branch: {readonly inner: SafeText; readonly last: SafeText; readonly beside: SafeText};
	readonly folded: SafeText;
	readonly unfolded: SafeText;
	readonly mark: SafeText;
	/** From nothing to a full cell. */
	readonly bars: readonly SafeText[];
};

export type Looks = {
	readonly isUtf8: boolean;
	readonly hasColour: boolean;
	readonly hasStyles: boolean;
	/** Whether a change within inverse text is cheap enough for a title that counts. */
	readonly hasBars: boolean;
	readonly selection: 'bar' | 'arrow';
	readonly isSlow: boolean;
};

const plain: Style = {};

export function themeFor({isUtf8, hasColour, hasBars, selection, isSlow}: Looks): Theme {
	const glyph = (utf8: string, ascii: string): SafeText => ours(isUtf8 ? utf8 : ascii);
	const quiet: Style = {dimColor: true};
	const quote: Style = hasColour ? {color: 'cyan'} : quiet;
	return {
		title: hasBars ? {inverse: true} : plain,
		selected: selection === 'bar' ? {inverse: true} : plain,
		isSlow,
		// N says it too, where a change of style is dear.
		unread: selection === 'bar' ? {bold: true} : plain,
		quiet,
		strong: {bold: true},
		problem: hasColour ? {color: 'red', bold: true} : {bold: true},
		textLine: line => {
			if (line.kind === 'signature') return quiet;
			if (line.kind !== 'quote' && line.quoteDepth === 0) return plain;
			return line.quoteDepth > 1 ? {...quote, dimColor: true} : quote;
		},
		pointer: ours(selection === 'bar' ? ' ' : '>'),
		// The commonest mark is one octet.
		held: {summary: ours('.'), text: glyph('◐', 'o'), whole: glyph('●', '@')},
		pending: glyph('↑', '^'),
		unknown: glyph('…', '...'),
		branch: {inner: glyph('├─', '|-'), last: glyph('└─', '`-'), beside: glyph('│ ', '| ')},
		folded: glyph('▸', '+'),
		unfolded: glyph('▾', '-'),
		mark: ours('*'),
		bars: [...(isUtf8 ? ' ▁▂▃▄▅▆▇█' : ' .:|#')].map(ours),
	};
}
