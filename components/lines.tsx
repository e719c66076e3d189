/**
 * Lines of text, exactly as many as there are rows: a screen that is one row too tall is repainted whole, each time.
 * In the plain mode, what of them is to be heard, and how.
 */
import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {memo, type ReactElement} from 'react';
import {ours, type SafeText, safeJoin} from '../source/model/safe-text.ts';
import {aloud} from './aloud.ts';
import {safe} from './safe.ts';
import {Spoken, type SpokenProps} from './spoken.tsx';
import type {Style} from './theme.ts';
import {wrap} from './wrap.ts';

export type Piece = {readonly text: SafeText; readonly style?: Style};

export type Line = {
	readonly text: SafeText;
	readonly style?: Style;
	/** More text after `text`, in styles of its own. */
	readonly rest?: readonly Piece[];
	/** How it is heard; without it, in a text as it is read, and elsewhere not at all. */
	readonly heard?: (() => readonly SpokenProps[]) | undefined;
};

export function Lines({
	lines,
	columns,
	rows,
	top,
}: {
	readonly lines: readonly Line[];
	readonly columns: number;
	readonly rows: number;
	/** Of a text that is scrolled: the number of the first line, from 0. */
	readonly top?: number;
}): ReactElement {
	if (useIsScreenReaderEnabled()) {
		const heard = lines.flatMap(
			(line, index) => line.heard?.() ?? (top === undefined ? [] : [read(line, top + index)]),
		);
		return (
			<Box flexDirection="column">
				{heard.map(line => (
					<Spoken key={keyOf(line)} {...line} />
				))}
			</Box>
		);
	}
	const shown = [];
	for (let row = 0; row < rows; row++) {
		// A line that is scrolled keeps its component, and so has not to be drawn again.
		shown.push(<ShownLine key={((top ?? 0) + row) % rows} line={lines[row] ?? blank} />);
	}
	return (
		<Box flexDirection="column" width={columns} height={rows} flexShrink={0}>
			{shown}
		</Box>
	);
}

const blank: Line = {text: ours(' ')};

/** Drawn again only when it looks otherwise: of fifty rows a key changes two. */
const ShownLine = memo(
	({line: {text, style, rest}}: {readonly line: Line}) => (
		<Text wrap="truncate-end" {...style}>
			{text || (rest ? '' : ' ')}
			{rest?.map((piece, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
				<Text key={index} {...piece.style}>
					{piece.text}
				</Text>
			))}
		</Text>
	),
	(before, after) => looksAlike(before.line, after.line),
);

function looksAlike(a: Line, b: Line): boolean {
	if (a.text !== b.text || !isSameStyle(a.style, b.style)) return false;
	const [before, after] = [a.rest ?? [], b.rest ?? []];
	return (
		before.length === after.length &&
		before.every(({text, style}, index) => text === after[index]?.text && isSameStyle(style, after[index]?.style))
	);
}

const isSameStyle = (a: Style = {}, b: Style = {}): boolean =>
	a.color === b.color && a.bold === b.bold && a.dimColor === b.dimColor && a.inverse === b.inverse;

/** A line that waits has no other name than its words. */
const keyOf = ({kind, id, words}: SpokenProps): string => `${kind} ${id ?? words}`;

const wordsOf = ({text, rest = []}: Line): SafeText => safeJoin([text, ...rest.map(piece => piece.text)], ours(''));

const read = (line: Line, number: number): SpokenProps => ({kind: 'line', id: String(number), words: wordsOf(line)});

/** It will read differently in a moment: heard only by who asks. */
export const asWaiting = (line: Line): Line => ({...line, heard: () => heardWaiting(wordsOf(line))});

/** A row of a list; `state` is what of it is worth a word when it changes under the cursor. */
export const heardRow = (
	id: string | number,
	isSelected: boolean,
	words: SafeText,
	state: SafeText = ours(''),
): readonly SpokenProps[] => [
	{kind: isSelected ? 'selected' : 'row', id: String(id), words},
	{kind: 'state', id: String(id), words: state},
];

/** About the selected row, below the list; heard in one piece. */
export const noteLines = (
	words: SafeText,
	look: {readonly columns: number; readonly rows: number; readonly style: Style},
): Line[] =>
	wrap(words, look.columns - 4)
		.slice(0, look.rows)
		.map((text, index) => ({
			text: safe`  ${text}`,
			style: look.style,
			heard: () => (index === 0 ? [{kind: 'note', words: aloud(words)}] : []),
		}));

/** Where there are no rows: why, or that they are on their way. */
export const insteadOfRows = (words: SafeText, style: Style, {isWaiting = false} = {}): Line => ({
	text: safe`  ${words}`,
	style,
	heard: () => (isWaiting ? heardWaiting(words) : heardMore(words)),
});

/** Nobody hears an empty line: the plain mode has none. */
export const audible = <T extends {readonly text: SafeText; readonly rest?: Line['rest']}>(
	lines: readonly T[],
	isPlain: boolean,
): readonly T[] => (isPlain ? lines.filter(({text, rest}) => text.trim() !== '' || rest !== undefined) : lines);

export const heardMore = (words: SafeText): readonly SpokenProps[] => [{kind: 'more', words}];
export const heardWaiting = (words: SafeText): readonly SpokenProps[] => [{kind: 'waiting', words}];
