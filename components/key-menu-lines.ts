/**
 * The two lines at the bottom, the commands that have a short name and a key, as many as fit. Pure.
 */
import {keyWords} from '../source/keys/key-words.ts';
import type {BoundCommand, ScreenKeys} from '../source/keys/screen-keys.ts';
import {ours} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import {keyMenuRows} from './frame-layout.ts';
import type {Line, Piece} from './lines.tsx';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';

const cellColumns = 13;

export function keyMenuLines(keys: ScreenKeys, {columns, theme}: {columns: number; theme: Theme}): Line[] {
	const perRow = Math.max(1, Math.floor(columns / cellColumns));
	const width = Math.floor(columns / perRow);
	const offered = keys.bound.filter(each => each.command.short !== undefined && each.keys.length > 0);
	return Array.from({length: keyMenuRows}, (_, row) => ({
		text: ours(' '),
		rest: offered.slice(row * perRow, (row + 1) * perRow).flatMap(each => menuCell(each, width, theme)),
	}));
}

function menuCell({command, keys}: BoundCommand, width: number, theme: Theme): Piece[] {
	const words = keyWords(keys[0] ?? '');
	// Ctrl+Alt+PageDown must not push its neighbours away.
	const key = fit(words, Math.min(widthOf(words), width - 1));
	const room = width - widthOf(key);
	return [
		{text: key, style: theme.strong},
		{text: fit(room > 3 ? safe` ${ours(command.short ?? '')}` : ours(''), room), style: theme.quiet},
	];
}
