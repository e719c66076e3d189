/**
 * The keys of the screen one came from, from the keymap that also decodes them.
 */
import {useIsScreenReaderEnabled} from 'ink';
import type {ReactElement} from 'react';
import {commandsOn} from '../source/keys/commands.ts';
import {keyAloud} from '../source/keys/key-aloud.ts';
import {keyWords} from '../source/keys/key-words.ts';
import {type BoundCommand, isLetter, type ScreenKeys} from '../source/keys/screen-keys.ts';
import {type ScreenName, screens} from '../source/keys/screens.ts';
import {shownKeys} from '../source/keys/shown-keys.ts';
import {ours, type SafeText, safeJoin} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import {audible, type Line} from './lines.tsx';
import {useRemembered} from './memory.ts';
import type {ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {clampTop, sayEnd, scrollCommands} from './scroll.ts';
import {TextPage} from './text-page.tsx';
import type {Theme} from './theme.ts';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useKeys} from './use-keymap.ts';
import {wrap} from './wrap.ts';

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
	wishes: 'the wishes',
	call: 'a call',
	drafts: 'the drafts',
	compose: 'a message you write',
};

const keyColumns = 14;
const mostWordColumns = 60;

export function HelpScreen({place, session, program, theme, columns, rows: height}: ScreenProps<'help'>): ReactElement {
	const [view, setTop] = useRemembered(place.memory, 0);
	const isPlain = useIsScreenReaderEnabled();
	const keys = useKeys(place.about);
	const typedColumns = Math.max(...keys.bound.map(({command}) => widthOf(typedWords(command))));
	const wordColumns = Math.max(10, Math.min(mostWordColumns, columns - 1 - keyColumns - typedColumns));
	const lineOf = isPlain ? helpAloud : (each: BoundCommand) => linesOf(each, wordColumns, theme);
	const lines = helpLines(keys, lineOf, theme);
	const all = isPlain ? audible([...lines.slice(0, -2), plainHelp(keys)], isPlain) : lines;
	const rows = height - 1;
	const scroll = {top: clampTop({top: view, count: all.length, rows}), count: all.length, rows};
	useCommands('help', scrollCommands(scroll, setTop, sayEnd(program)));
	useCursorAt('screen', {x: 0, y: 1});
	return <TextPage {...{session, theme, columns, scroll}} name={ours(`Keys in ${names[place.about]}`)} lines={all} />;
}

function helpLines(keys: ScreenKeys, lineOf: (each: BoundCommand) => Line | Line[], theme: Theme): Line[] {
	const isEverywhere = ({command}: BoundCommand): boolean =>
		screens.every(screen => commandsOn(screen).some(({name}) => name === command.name));
	const own = keys.bound.filter(each => !isEverywhere(each));
	const common = keys.bound.filter(isEverywhere);
	const rows = (list: readonly BoundCommand[]): Line[] => list.flatMap(lineOf);
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

/** Instead of the marks of a row, which is heard in words. */
function plainHelp(keys: ScreenKeys): Line {
	const [key] = keys.keysOf('redraw');
	const again = key === undefined ? keys.nameOf('redraw') : keyAloud(key);
	return {
		text: safe`${ours(again.charAt(0).toUpperCase() + again.slice(1))} says a screen again, and :say all its rows.`,
	};
}

/** `down: j, or Down`. */
function helpAloud({command, keys: all}: BoundCommand): Line {
	const keys = shownKeys(all).map(key => (/\d …$/.test(key) ? ours('a digit') : keyAloud(key)));
	const typed = command.typed === undefined ? [] : [ours(`colon ${command.typed}`)];
	return {text: safe`${ours(command.words)}: ${safeJoin([...keys, ...typed], ours(', or '))}`};
}

const typedWords = ({typed}: BoundCommand['command']): SafeText => (typed === undefined ? ours('') : ours(`:${typed}`));

/** Its keys and what is typed beside its words, which go on below; nothing is cut. */
function linesOf({command, keys: all}: BoundCommand, wordColumns: number, theme: Theme): Line[] {
	const keys = asManyAsFit(shownKeys(all).map(keyWords), keyColumns - 1);
	const letter = all.find(isLetter);
	const words = ours(`${command.words}${command.letterWords && letter ? `; ${letter} ${command.letterWords}` : ''}`);
	return wrap(words, wordColumns - 1).map((line, index) => ({
		text: ours(' '),
		rest: [
			{text: fit(index === 0 ? keys : ours(''), keyColumns), style: theme.strong},
			{text: fit(line, wordColumns)},
			{text: index === 0 ? typedWords(command) : ours(''), style: theme.quiet},
		],
	}));
}

/** The first ones, and none cut in two. */
function asManyAsFit(keys: readonly SafeText[], columns: number): SafeText {
	let shown = keys.length;
	while (shown > 1 && widthOf(safeJoin(keys.slice(0, shown), ours(' '))) > columns) shown--;
	return safeJoin(keys.slice(0, shown), ours(' '));
}
