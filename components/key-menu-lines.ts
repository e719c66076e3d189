/**
 * The two lines at the bottom, the commands that have a short name and a key, as many as fit. Pure.
 */
import type {CommandName} from '../source/keys/commands.ts';
import {keyWords} from '../source/keys/key-words.ts';
import type {BoundCommand, ScreenKeys} from '../source/keys/screen-keys.ts';
import type {ScreenName} from '../source/keys/screens.ts';
import {ours, type SafeText, safeJoin} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import {keyMenuRows} from './frame-layout.ts';
import type {Line} from './lines.tsx';
import {safe} from './safe.ts';

/** Wide enough for `y:Mailboxes`, and gaps that are cheap to jump. */
const cellColumns = 12;
/** A menu is read, not searched: two lines of all that would fit are a wall. */
const columnsPerCell = 16;

/** @param offered What the screen has something for now: it begins the second line. */
export function keyMenuLines(keys: ScreenKeys, columns: number, offered: readonly CommandName[] = []): Line[] {
	const perRow = Math.max(1, Math.floor(columns / columnsPerCell));
	const named = keys.bound.filter(each => each.command.short !== undefined && each.keys.length > 0);
	const usual = named.filter(({command}) => !command.isOffered);
	const now = named.filter(({command}) => command.isOffered && offered.includes(command.name));
	const shown = [...usual.slice(0, perRow), ...now, ...usual.slice(perRow)];
	return Array.from({length: keyMenuRows}, (_, row) => {
		const cells = shown
			.slice(row * perRow, (row + 1) * perRow)
			.map(each => safe`${fit(cellOf(each, keys.screen), cellColumns - 1)} `);
		return {text: safeJoin([ours(' '), ...cells], ours(''))};
	});
}

/** `q:Back`, as in mutt: keys in a style of their own would cost as much as their words. */
const cellOf = ({command, keys}: BoundCommand, screen: ScreenName): SafeText =>
	safe`${keyWords(keys[0] ?? '')}:${ours(command.shortOn?.[screen] ?? command.short ?? '')}`;
