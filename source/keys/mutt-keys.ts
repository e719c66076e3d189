/**
 * What the hands of a mutt user press (its manual, "Default … Menu Bindings", 2.2): index, pager, browser, attachments.
 *
 * Unbound, since they do something else there: `x` in the index (leave without saving: here all is decided already),
 * `a` alias, `U` undelete by pattern, `Y` label, `T` quoted text, `S` skip quoted, `^D` delete the thread, `Q` query,
 * Escape (it begins a key). In the pager the arrows go from message to message, as there.
 */
import {type Bindings, on} from './bindings.ts';
import {composing, digits} from './default-keys.ts';
import {lists, texts} from './screens.ts';

export const muttKeys: Bindings = {
	help: ['?', 'F1'],
	commandLine: [':'],
	quit: ['Ctrl+c'],
	...on(['message', 'viewer'], {quit: ['Q', 'Ctrl+c']}),
	back: ['q'],
	...on(texts, {back: ['q', 'x', 'i']}),
	redraw: ['Ctrl+l'],
	suspend: ['Ctrl+z'],

	down: ['j', 'Down'],
	up: ['k', 'Up'],
	...on(['messages', 'inboxes'], {down: ['j', 'J', 'Down'], up: ['k', 'K', 'Up']}),
	...on(texts, {down: ['Enter', 'j', 'Down'], up: ['Backspace', 'k', 'Up']}),
	...on(['message'], {down: ['Enter'], up: ['Backspace']}),
	nextMessage: ['j', 'J', 'Down', 'Right'],
	previousMessage: ['k', 'K', 'Up', 'Left'],
	...on(lists, {pageDown: ['z', 'PageDown', 'Right'], pageUp: ['Z', 'PageUp', 'Left']}),
	...on(texts, {pageDown: ['Space', 'PageDown'], pageUp: ['-', 'PageUp']}),
	halfDown: [']'],
	halfUp: ['['],
	...on(lists, {first: ['=', 'Home'], last: ['*', 'End']}),
	...on(texts, {first: ['^', 'Home'], last: ['End']}),
	goToNumber: digits,
	nextUnread: ['Tab'],

	open: ['Enter'],
	...on(['messages', 'inboxes'], {open: ['Enter', 'Space']}),
	toggleFold: ['v'],

	delete: ['d'],
	undo: ['u'],
	move: ['s'],
	copy: ['C'],
	flag: ['F'],
	toggleRead: ['N'],
	tag: ['t'],
	deleteTagged: ['; d'],
	moveTagged: ['; s'],
	copyTagged: ['; C'],
	archiveTagged: ['; A'],
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
	attachPart: ['f'],
	...composing,
	'compose.back': ['q'],

	moreText: ['+'],
	allHeaders: ['h'],

	parts: ['v'],
	mark: ['t'],
	fetch: ['Enter'],
	'parts.save': ['s'],
	openPart: ['m'],
	pipe: ['|'],

	discard: ['d'],
	retry: ['r'],
	arrived: ['a'],
	hold: ['h'],
	pause: ['Space'],
	cancelDownload: ['d'],
	showPlace: ['Enter'],

	'mailboxes.wishes': ['w'],
	stopCall: ['d'],
	resetWish: ['d'],

	listMailboxes: ['y'],
	goToMailbox: ['c'],
	look: ['$'],
	outbox: ['X'],
	usage: ['I'],
	chartSpan: ['Tab'],
};
