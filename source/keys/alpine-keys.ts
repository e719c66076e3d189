/**
 * What the hands of an alpine user press (the key menus of 2.26): message index, message text, folder list, attachment
 * index. Letters work in either case, as there.
 *
 * Unbound, since they do something else there: `$` sort, `X` expunge, `Y` print. Answering all has no key there: it is
 * asked; here it has a word, `:reply-all`. While one writes `^X` sends, `^O` leaves and `^J` attaches, as there.
 * `:` is the command line and not SelectCur, since what has no key is reached through it: `; c` selects.
 */
import {type Bindings, on} from './bindings.ts';
import {composing, digits} from './default-keys.ts';
import {texts} from './screens.ts';

/** `Q` and `q`; `A D`, `A d`, `a D` and `a d`. */
const eitherCase = (...keys: readonly string[]): string[] =>
	keys.flatMap(key => {
		const [first = '', second] = key.split(' ').map(each => [...new Set([each, each.toLowerCase()])]);
		return second ? [...first].flatMap(one => second.map(other => `${one} ${other}`)) : [...first];
	});

const forth = [...eitherCase('>', 'V'), '.', 'Enter', 'Right'];
const out = ['<', ',', 'Left'];

export const alpineKeys: Bindings = {
	help: ['?', 'Ctrl+g', 'F1'],
	commandLine: [':'],
	quit: [...eitherCase('Q'), 'Ctrl+c'],
	back: out,
	...on(['messages', 'mailboxes'], {back: []}),
	'message.back': [...out, ...eitherCase('I')],
	...on(['viewer', 'help'], {back: [...out, ...eitherCase('E')]}),
	redraw: ['Ctrl+l'],
	suspend: ['Ctrl+z'],

	down: [...eitherCase('N'), 'Down', 'Ctrl+n'],
	up: [...eitherCase('P'), 'Up', 'Ctrl+p'],
	...on(texts, {down: ['Down', 'Ctrl+n'], up: ['Up', 'Ctrl+p']}),
	nextMessage: eitherCase('N'),
	previousMessage: eitherCase('P'),
	pageDown: ['Space', 'PageDown', 'Ctrl+v'],
	pageUp: ['-', 'PageUp', 'Ctrl+y'],
	halfDown: ['Ctrl+d'],
	halfUp: ['Ctrl+u'],
	first: ['Home'],
	last: ['End'],
	goToNumber: [...digits, ...eitherCase('J')],
	nextUnread: ['Tab'],

	open: forth,
	fold: out,

	delete: [...eitherCase('D'), 'Delete'],
	undo: eitherCase('U'),
	move: eitherCase('S'),
	flag: ['*'],
	tag: eitherCase('; C'),
	deleteTagged: eitherCase('A D'),
	moveTagged: eitherCase('A S'),
	copyTagged: eitherCase('A C'),
	archiveTagged: eitherCase('A A'),
	flagTagged: eitherCase('A *'),
	readTagged: eitherCase('A O'),
	unreadTagged: eitherCase('A N'),

	compose: eitherCase('C'),
	reply: eitherCase('R'),
	forward: eitherCase('F'),
	bounce: eitherCase('B'),
	...on(['parts'], {attachPart: eitherCase('F')}),
	...composing,
	resume: ['Ctrl+o'],
	sendDraft: ['Ctrl+x', 'y'],
	...on(['compose'], {back: ['Ctrl+o', 'q'], quit: [], listAccounts: []}),
	'compose.down': ['Down', 'Ctrl+n'],
	'compose.up': ['Up', 'Ctrl+p'],

	moreText: ['+'],
	allHeaders: eitherCase('H'),

	...on(['message'], {parts: [...eitherCase('>', 'V'), '.', 'Right'], save: eitherCase('E')}),
	mark: [';'],
	fetch: forth,
	'parts.save': eitherCase('S', 'E'),
	pipe: ['|'],

	discard: [...eitherCase('D'), 'Delete'],
	retry: eitherCase('R'),
	arrived: eitherCase('A'),
	hold: eitherCase('H'),
	...on(['downloads'], {pageDown: ['PageDown', 'Ctrl+v'], pause: ['Space'], openPart: [...eitherCase('>', 'V'), '.']}),
	cancelDownload: eitherCase('D'),
	showPlace: ['Enter'],
	'mailboxes.wishes': eitherCase('W'),
	stopCall: eitherCase('D'),
	resetWish: eitherCase('D'),

	listMailboxes: eitherCase('L'),
	'messages.listMailboxes': ['<', ',', 'Left', ...eitherCase('L')],
	'inboxes.listMailboxes': eitherCase('L'),
	goToMailbox: eitherCase('G'),
	listAccounts: eitherCase('M'),
	chartSpan: ['Tab'],
};
