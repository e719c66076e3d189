/** A screen that lists something of one account: its title line, and its rows with the pointer at the selected one. */
import {Box} from 'ink';
import type {ReactElement} from 'react';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {type Line, Lines} from './lines.tsx';
import type {ListView} from './list-view.ts';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';
import {TitleLine} from './title-line.tsx';

export function ListPage({
	session,
	theme,
	columns,
	rows,
	name,
	middle,
	lines,
}: {
	readonly session: Session;
	readonly theme: Theme;
	readonly columns: number;
	/** With the title line. */
	readonly rows: number;
	readonly name: SafeText;
	/** Where one is in it; of several the first that has room. */
	readonly middle: SafeText | readonly SafeText[];
	readonly lines: readonly Line[];
}): ReactElement {
	return (
		<Box flexDirection="column">
			<TitleLine
				session={session}
				theme={theme}
				columns={columns}
				left={safe`${safeLine(session.account)}  ${name}`}
				middle={middle}
			/>
			<Lines lines={lines} columns={columns} rows={rows - 1} />
		</Box>
	);
}

/** The rows that are on the screen, each behind the column of the pointer. */
export const listLines = <Row,>(
	all: readonly Row[],
	{row, top, height}: ListView & {readonly height: number},
	{pointer}: Pick<Theme, 'pointer'>,
	lineOf: (row: Row, isSelected: boolean) => Line,
): Line[] =>
	all.slice(top, top + height).map((each, index) => {
		const isSelected = top + index === row;
		const line = lineOf(each, isSelected);
		return {...line, text: safe`${isSelected ? pointer : ours(' ')}${line.text}`};
	});
