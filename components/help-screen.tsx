/**
 * The keys of the screen one came from, from the table that also decodes them.
 */
import {Box} from 'ink';
import type {ReactElement} from 'react';
import {ours, safeJoin} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import {type Command, commands, commandsOn, keyWords, type ScreenName} from './keys.ts';
import {type Line, Lines} from './lines.tsx';
import {useRemembered} from './memory.ts';
import type {ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {clampTop, scrollCommands, scrollWords} from './scroll.ts';
import type {Theme} from './theme.ts';
import {TitleLine} from './title-line.tsx';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';

const names: Readonly<Record<ScreenName, string>> = {
	accounts: 'the accounts',
	inboxes: 'the inboxes of all accounts',
	mailboxes: 'the mailboxes',
	messages: 'the messages',
	message: 'a message',
	parts: 'the parts of a message',
	viewer: 'a text',
	help: 'the help',
	outbox: 'the outbox',
	usage: 'the bytes ledger',
	downloads: 'the downloads',
};

const keyColumns = 16;
const typedColumns = 12;

export function HelpScreen({place, session, theme, columns, rows: height}: ScreenProps<'help'>): ReactElement {
	const [view, setTop] = useRemembered(place.memory, 0);
	const all = helpLines(place.about, columns, theme);
	const rows = height - 1;
	const scroll = {top: clampTop({top: view, count: all.length, rows}), count: all.length, rows};
	useCommands('help', scrollCommands(scroll, setTop));
	useCursorAt('screen', {x: 0, y: 1});
	return (
		<Box flexDirection="column">
			<TitleLine
				session={session}
				theme={theme}
				columns={columns}
				left={ours(`Keys in ${names[place.about]}`)}
				middle={ours(scrollWords(scroll))}
			/>
			<Lines lines={all.slice(scroll.top, scroll.top + rows)} columns={columns} rows={rows} />
		</Box>
	);
}

function helpLines(screen: ScreenName, columns: number, theme: Theme): Line[] {
	const screens = new Set(commands.flatMap(command => command.screens));
	const isEverywhere = (command: Command): boolean =>
		[...screens].every(each => commandsOn(each).some(other => other.name === command.name));
	const here = commandsOn(screen);
	const own = here.filter(command => !isEverywhere(command));
	const common = here.filter(isEverywhere);
	const rows = (list: readonly Command[]): Line[] => list.map(command => helpLine(command, columns, theme));
	return [
		{text: ours('')},
		...rows(own),
		{text: ours('')},
		{text: ours(' Everywhere'), style: theme.quiet},
		...rows(common),
		{text: ours('')},
		{text: ours(' N new, F flagged, A answered, D marked as deleted.'), style: theme.quiet},
		{
			text: safe` ${theme.held.summary} only the row is here, ${theme.held.text} the text too, ${theme.held.whole} all of it.`,
			style: theme.quiet,
		},
	];
}

function helpLine(command: Command, columns: number, theme: Theme): Line {
	const keys = command.name === 'goToNumber' ? ours('1 2 3 …') : safeJoin(command.keys.map(keyWords), ours(' '));
	const typed = command.typed === undefined ? ours('') : ours(`:${command.typed}`);
	const words = ours(command.words);
	return {
		text: ours(' '),
		rest: [
			{text: fit(keys, keyColumns), style: theme.strong},
			{text: fit(words, Math.max(10, Math.min(60, columns - keyColumns - typedColumns - 2)))},
			{text: fit(typed, typedColumns), style: theme.quiet},
		],
	};
}
