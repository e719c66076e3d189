/**
 * Commands on what one has opened: a message and its parts, the outbox, the downloads.
 */
import type {CommandShape} from './command.ts';
import {mailLists} from './screens.ts';

// In the order of the help and of the key menu.
export const readingCommands = [
	{
		name: 'outbox',
		words: 'what you decided, and what became of it',
		screens: ['accounts', 'mailboxes', 'inboxes', 'messages', 'message', 'parts', 'viewer', 'call'],
		typed: 'outbox',
	},
	{
		name: 'discard',
		words: 'take it back, or clear it from the list',
		short: 'Discard',
		screens: ['outbox'],
		typed: 'discard',
		whyNot: 'there is nothing here',
	},
	{
		name: 'retry',
		words: 'send what was refused again',
		short: 'Retry',
		screens: ['outbox'],
		typed: 'retry',
		whyNot: 'only what was refused can be sent again',
	},
	{
		name: 'hold',
		words: 'keep back, and what depends on it; or let it go',
		short: 'Hold',
		screens: ['outbox'],
		typed: 'hold',
		whyNot: 'only what was not sent can be held',
	},
	{
		name: 'pause',
		words: 'put it off, or go on with it',
		short: 'Pause',
		screens: ['downloads'],
		typed: 'pause',
		whyNot: 'it is saved already',
	},
	{
		name: 'cancelDownload',
		words: 'give it up, or clear it from the list',
		short: 'Cancel',
		screens: ['downloads'],
		whyNot: 'there is nothing here',
	},
	{name: 'showPlace', words: 'where its file is', short: 'Where', screens: ['downloads'], whyNot: 'it goes to no file'},
	{name: 'nextUnread', words: 'next unread among the rows known', short: 'New', screens: mailLists, typed: 'unread'},
	{
		name: 'previousMessage',
		words: 'previous message',
		short: 'Previous',
		screens: ['message'],
		typed: 'previous',
		whyNot: 'this is the first message',
	},
	{
		name: 'moreText',
		words: 'more of a long text',
		short: 'More text',
		screens: ['message'],
		typed: 'more',
		whyNot: 'all of the text is here',
	},
	{
		name: 'save',
		words: 'save the part to a file, or what is marked into a folder',
		short: 'Save',
		screens: ['parts'],
		typed: 'save',
		whyNot: 'this part cannot be saved',
	},
	{
		name: 'save',
		words: 'save the whole message to a file',
		screens: ['message'],
		typed: 'save',
		whyNot: 'there is nothing to save yet',
	},
	{
		name: 'openPart',
		words: 'open it with another program',
		short: 'Open',
		screens: ['parts', 'downloads'],
		typed: 'open',
		whyNot: 'only a file that is whole can be opened',
	},
	{
		name: 'pipe',
		words: 'feed it to a command',
		short: 'Pipe',
		screens: ['message', 'parts'],
		typed: 'pipe',
		whyNot: 'there is nothing to feed yet',
	},
	{
		name: 'allHeaders',
		words: 'all headers, or the usual ones',
		short: 'Headers',
		screens: ['message'],
		typed: 'headers',
	},
	{
		name: 'otherText',
		words: 'the plain text or the HTML',
		short: 'Text, HTML',
		screens: ['message'],
		typed: 'html',
		whyNot: 'there is only one text',
	},
] as const satisfies readonly CommandShape[];
