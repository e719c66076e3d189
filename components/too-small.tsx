/**
 * A window too small to read mail in says so.
 */
import type {ReactElement} from 'react';
import {Lines} from './lines.tsx';
import {tooSmallLines} from './too-small-lines.ts';
import {useTextKeys} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';

export function TooSmall({
	columns,
	rows,
	onQuit,
}: {
	readonly columns: number;
	readonly rows: number;
	onQuit(): void;
}): ReactElement {
	useTextKeys(key => {
		if (key.name === 'Q' || key.name === 'q' || key.name === 'Ctrl+c') onQuit();
	});
	useCursorAt('screen', undefined);
	return <Lines lines={tooSmallLines(columns, rows)} columns={columns} rows={rows} />;
}
