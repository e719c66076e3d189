/**
 * The two lines at the bottom, made from the table of keys: the commands that have a short name, as many as fit.
 */
import {Text} from 'ink';
import type {ReactElement} from 'react';
import {ours} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import {type Command, commandsOn, keyWords, type ScreenName} from './keys.ts';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';

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
}): ReactElement {
	const perRow = Math.max(1, Math.floor(columns / cellColumns));
	const width = Math.floor(columns / perRow);
	const offered = commandsOn(screen).filter(command => command.short !== undefined);
	const shown = offered.slice(0, perRow * keyMenuRows);
	return (
		<>
			<MenuRow commands={shown.slice(0, perRow)} width={width} theme={theme} />
			<MenuRow commands={shown.slice(perRow)} width={width} theme={theme} />
		</>
	);
}

function MenuRow({
	commands,
	width,
	theme,
}: {
	readonly commands: readonly Command[];
	readonly width: number;
	readonly theme: Theme;
}): ReactElement {
	return (
		<Text wrap="truncate-end">
			{' '}
			{commands.map(command => {
				const key = keyWords(command.keys[0] ?? '');
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
