/**
 * Bonsai's own keys.
 */
import {type Bindings, on} from './bindings.ts';
import {lists, texts} from './screens.ts';

/** The beginning of a message's number. */
export const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** While a message is written: as in mutt's compose menu. What asks for a letter there has a word. */
export const composing: Bindings = {
	sendDraft: ['y'],
	editText: ['e'],
	attach: ['a'],
	editTo: ['t'],
	editCc: ['c'],
	editBcc: ['b'],
	editSubject: ['s'],
	writeAs: ['f'],
	editReplyTo: ['r'],
	addHeader: ['h'],
	detach: ['d', 'Delete'],
	...on(['compose'], {
		back: ['q', 'Escape'],
		open: ['Enter'],
		discard: ['D'],
		undo: [],
		listMailboxes: [],
		goToMailbox: [],
	}),
};

export const defaultKeys: Bindings = {
	help: ['?', 'F1'],
	commandLine: [':'],
	quit: ['Q', 'Ctrl+c'],
	back: ['q', 'Escape', 'Left'],
	...on(['accounts', 'mailboxes'], {back: ['q', 'Escape']}),
	redraw: ['Ctrl+l'],
	suspend: ['Ctrl+z'],

	down: ['j', 'Down'],
	up: ['k', 'Up'],
	...on(lists, {pageDown: ['PageDown']}),
	...on(texts, {pageDown: ['Space', 'PageDown']}),
	pageUp: ['PageUp'],
	halfDown: ['Ctrl+d'],
	halfUp: ['Ctrl+u'],
	first: ['Home', '='],
	last: ['End'],
	goToNumber: digits,
	nextUnread: ['Tab'],

	open: ['Enter', 'Right'],
	'mailboxes.open': ['Enter'],
	unfold: ['Right'],
	fold: ['Left'],
	toggleFold: ['Space'],

	delete: ['d', 'Delete'],
	undo: ['u'],
	move: ['s'],
	copy: ['C'],
	archive: ['a'],
	flag: ['F'],
	toggleRead: ['N'],
	tag: ['t'],
	deleteTagged: ['; d'],
	moveTagged: ['; s'],
	copyTagged: ['; C'],
	archiveTagged: ['; a'],
	flagTagged: ['; F'],
	readTagged: ['; N'],
	unreadTagged: ['; U'],
	untagAll: ['; t'],

	compose: ['m'],
	reply: ['r'],
	replyAll: ['g'],
	replyList: ['L'],
	forward: ['f'],
	bounce: ['b'],
	attachPart: ['a'],
	...composing,

	nextMessage: ['J'],
	previousMessage: ['K'],
	moreText: ['+'],
	allHeaders: ['H'],
	otherText: ['T'],

	parts: ['v'],
	mark: ['Space'],
	fetch: ['Enter'],
	'parts.save': ['s'],
	openPart: ['o'],
	pipe: ['|'],
	'parts.downloads': ['D'],

	outbox: ['X'],
	discard: ['d', 'Delete'],
	retry: ['r'],
	arrived: ['a'],
	hold: ['h'],
	pause: ['Space'],
	cancelDownload: ['d', 'x'],
	showPlace: ['Enter'],

	'mailboxes.wishes': ['w'],
	stopCall: ['d', 'x'],
	resetWish: ['d'],

	listMailboxes: ['y'],
	goToMailbox: ['c'],
	listAccounts: ['Y'],
	listInboxes: ['U'],
	look: ['$'],
	usage: ['I'],
	chartSpan: ['Tab'],
	budgetMetered: ['S m'],
	budgetFree: ['S f'],
	modelDisconnected: ['S d'],
	statePlace: ['S s'],
	mailboxDisconnected: ['S D'],
	modelOffline: ['S o'],
	mailboxOffline: ['S O'],
	modelOnline: ['S n'],
	mailboxOnline: ['S N'],
};
