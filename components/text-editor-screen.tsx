/**
 * The built-in editor: every key goes into the text, until Escape. What is typed is handed on with each key, so that it is
 * kept as any change of a draft is.
 */
import {type ReactElement, useState} from 'react';
import {safeLine} from '../source/model/safe-text.ts';
import {type Line, Lines} from './lines.tsx';
import {cursorOf, type EditedText, editedText, editText, rowsOf, textOfRow, wholeText} from './text-editor.ts';
import type {Theme} from './theme.ts';
import {useTextKeys} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';

export function TextEditor({
	text,
	columns,
	rows,
	row,
	theme,
	onChange,
	onDone,
}: {
	readonly text: string;
	readonly columns: number;
	readonly rows: number;
	/** The row of the screen it begins at, for the cursor. */
	readonly row: number;
	readonly theme: Theme;
	onChange(text: string): void;
	onDone(): void;
}): ReactElement {
	const [state, setState] = useState<EditedText>(() => editText(text));
	const [top, setTop] = useState(0);
	// The last column is the cursor's.
	const room = columns - 1;
	useTextKeys(key => {
		if (key.name === 'Escape' || key.name === 'Ctrl+x' || key.name === 'Ctrl+c') return onDone();
		const next = editedText(state, key, room, rows);
		if (next === undefined) return;
		setState(next);
		if (next.lines !== state.lines) onChange(wholeText(next));
	});
	const cursor = cursorOf(state, room);
	const shownTop = Math.max(cursor.row - rows + 1, Math.min(top, cursor.row));
	if (shownTop !== top) setTop(shownTop);
	useCursorAt('screen', {x: Math.min(cursor.column, columns - 1), y: row + cursor.row - shownTop});
	const lines = rowsOf(state, room)
		.slice(shownTop, shownTop + rows)
		.map((each): Line => {
			const shown = safeLine(textOfRow(state, each));
			const quoteDepth = /^>[> ]*/.exec(state.lines[each.line] ?? '')?.[0].replaceAll(' ', '').length ?? 0;
			return {text: shown, style: theme.textLine({text: shown, quoteDepth, kind: quoteDepth > 0 ? 'quote' : 'text'})};
		});
	return <Lines lines={lines} columns={columns} rows={rows} />;
}
