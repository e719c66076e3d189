/**
 * A window too small to read mail in says so, in as many columns as there are.
 */
import type {ReactElement} from 'react';
import {ours} from '../source/model/safe-text.ts';
import {Lines} from './lines.tsx';
import {safe} from './safe.ts';
import {useTextKeys} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {wrap} from './wrap.ts';

export const leastColumns = 40;
export const leastRows = 6;

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
	const sentence = safe`This window is ${columns} by ${rows}; Bonsai needs ${leastColumns} by ${leastRows}. ${ours('q quits.')}`;
	return <Lines lines={wrap(sentence, columns).map(text => ({text}))} columns={columns} rows={rows} />;
}
