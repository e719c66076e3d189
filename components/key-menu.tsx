/**
 * The two lines at the bottom: the commands that have a short name and a key, as many as fit.
 */
import {Text, useIsScreenReaderEnabled} from 'ink';
import type {ReactElement} from 'react';
import {keyWords} from '../source/keys/key-words.ts';
import type {BoundCommand} from '../source/keys/screen-keys.ts';
import type {ScreenName} from '../source/keys/screens.ts';
import {ours} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';
import {useKeys} from './use-keymap.ts';

const cellColumns = 13;
export const keyMenuRows = 2;

export function KeyMenu({
	screen,
	theme,
	columns,
}: {
	readonly screen: ScreenName;
	readonly theme: Theme;
	readonly columns: number;
}): ReactElement | null {
	const isPlain = useIsScreenReaderEnabled();
	const perRow = Math.max(1, Math.floor(columns / cellColumns));
	const width = Math.floor(columns / perRow);
	const offered = useKeys(screen).bound.filter(({command, keys}) => command.short !== undefined && keys.length > 0);
	const shown = offered.slice(0, perRow * keyMenuRows);
	// The help says the keys, when it is asked.
	if (isPlain) return null;
	return (
		<>
			<MenuRow offered={shown.slice(0, perRow)} width={width} theme={theme} />
			<MenuRow offered={shown.slice(perRow)} width={width} theme={theme} />
		</>
	);
}

function MenuRow({
	offered,
	width,
	theme,
}: {
	readonly offered: readonly BoundCommand[];
	readonly width: number;
	readonly theme: Theme;
}): ReactElement {
	return (
		<Text wrap="truncate-end">
			{' '}
			{offered.map(({command, keys}) => {
				const key = keyWords(keys[0] ?? '');
				return (
					<Text key={command.name}>
						<Text {...theme.strong}>{key}</Text>
						<Text {...theme.quiet}>{fit(safe` ${ours(command.short ?? '')}`, width - key.length)}</Text>
					</Text>
				);
			})}
		</Text>
	);
}
