/**
 * What a window too small to read mail in says, in as many columns as there are. Pure.
 */
import {ours} from '../source/model/safe-text.ts';
import {leastColumns, leastRows} from './frame-layout.ts';
import type {Line} from './lines.tsx';
import {safe} from './safe.ts';
import {wrap} from './wrap.ts';

export function tooSmallLines(columns: number, rows: number): Line[] {
	const sentence = safe`This window is ${columns} by ${rows}; Bonsai needs ${leastColumns} by ${leastRows}. ${ours('q quits.')}`;
	return wrap(sentence, columns).map(text => ({text}));
}
