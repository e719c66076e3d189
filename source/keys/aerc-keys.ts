/**
 * What the hands of an aerc user press (its binds.conf, 0.14): message list and viewer, whose text is less. Commands
 * are typed there more than anywhere, and so they are here.
 *
 * Unbound, since they do something else there: `$` shell, `V` marks a range, `J` `K` other mailboxes (in a list),
 * `y` `u` in a text (less scrolls), Escape. `D` is about one message: `; D` about what is marked.
 */
import {type Bindings, on} from './bindings.ts';
import {composing, digits} from './default-keys.ts';
import {lists, mailLists, texts} from './screens.ts';

export const aercKeys: Bindings = {
	help: ['?', 'F1'],
	commandLine: [':'],
	quit: ['Ctrl+c'],
	back: ['q'],
	redraw: ['Ctrl+l'],
	'message.redraw': [],
	suspend: ['Ctrl+z'],

	down: ['j', 'Down'],
	up: ['k', 'Up'],
	...on(['mailboxes'], {down: ['j', 'J', 'Down'], up: ['k', 'K', 'Up']}),
	pageDown: ['Ctrl+f', 'PageDown'],
	pageUp: ['Ctrl+b', 'PageUp'],
	halfDown: ['Ctrl+d'],
	halfUp: ['Ctrl+u'],
	...on(texts, {
		pageDown: ['Space', 'Ctrl+f', 'PageDown'],
		pageUp: ['b', 'Ctrl+b', 'PageUp'],
		halfDown: ['d', 'Ctrl+d'],
		halfUp: ['u', 'Ctrl+u'],
	}),
	first: ['g', 'Home'],
	last: ['G', 'End'],
	goToNumber: digits,
	nextUnread: ['Tab'],
	nextMessage: ['J'],
	previousMessage: ['K'],

	open: ['Enter'],
	unfold: ['L'],
	fold: ['H'],
	toggleFold: ['Space'],

	...on(mailLists, {delete: ['d', 'D']}),
	...on(['message'], {delete: ['D']}),
	...on(['mailboxes', 'inboxes', 'messages', 'outbox'], {undo: ['u']}),
	archive: ['A'],
	tag: ['v'],
	deleteTagged: ['; D', '; d'],
	moveTagged: ['; m'],
	copyTagged: ['; c'],
	archiveTagged: ['; A'],
	flagTagged: ['; f'],
	readTagged: ['; r'],
	unreadTagged: ['; u'],
	untagAll: ['; v'],

	compose: ['m', 'C'],
	reply: ['R q', 'R r'],
	replyAll: ['r q', 'r r'],
	forward: ['f'],
	moreText: ['+'],
	allHeaders: ['H'],

	...on(['message'], {parts: ['Ctrl+k'], save: ['S']}),
	mark: ['v', 'Space'],
	fetch: ['Enter'],
	'parts.save': ['S'],
	openPart: ['O'],
	pipe: ['|'],

	discard: ['d', 'D'],
	retry: ['r'],
	arrived: ['a'],
	hold: ['h'],
	pause: ['Space'],
	cancelDownload: ['d', 'D'],
	showPlace: ['Enter'],
	'mailboxes.wishes': ['w'],
	stopCall: ['d', 'D'],
	resetWish: ['d', 'D'],

	...on(lists, {listMailboxes: ['y'], listAccounts: ['Y'], listInboxes: ['U'], outbox: ['X'], usage: ['I']}),
	goToMailbox: ['c'],
	chartSpan: ['Tab'],
	...composing,
};
