/**
 * Commands to write: a new message, an answer, what is sent on; and what one does to a draft.
 */
import type {CommandShape} from './command.ts';
import {everywhere, mail} from './screens.ts';

// In the order of the help and of the key menu.
export const writingCommands = [
	{
		name: 'compose',
		words: 'write a message',
		screens: ['mailboxes', 'inboxes', 'messages', 'message', 'outbox', 'drafts'],
		typed: 'compose',
	},
	{
		name: 'reply',
		words: 'answer the sender',
		screens: mail,
		typed: 'reply',
		whyNot: 'there is no message here',
	},
	{
		name: 'replyAll',
		words: 'answer the sender and all who got it',
		screens: mail,
		typed: 'reply-all',
		whyNot: 'there is no message here',
	},
	{
		name: 'replyList',
		words: 'answer to the mailing list',
		screens: mail,
		typed: 'reply-list',
		whyNot: 'there is no message here',
	},
	{
		name: 'forward',
		words: 'send it on (:forward whole: as an attachment)',
		screens: mail,
		typed: 'forward',
		whyNot: 'there is no message here',
	},
	{
		name: 'bounce',
		words: 'send it on as it is, to somebody else',
		screens: mail,
		typed: 'bounce',
		whyNot: 'there is no message here',
	},
	{
		name: 'unsubscribe',
		words: 'leave its mailing list, after asking',
		screens: mail,
		typed: 'unsubscribe',
		whyNot: 'there is no message here',
	},
	{
		name: 'attachPart',
		words: 'attach it to what you write (:attach new)',
		short: 'Attach',
		screens: ['parts'],
		typed: 'attach',
		whyNot: 'this holds other parts: attach those',
	},
	{
		name: 'drafts',
		words: 'messages you have begun to write',
		screens: everywhere.filter(screen => screen !== 'drafts'),
		typed: 'drafts',
	},
	{name: 'open', words: 'go on writing', short: 'Go on', screens: ['drafts'], whyNot: 'there is no draft'},
	{name: 'open', words: 'change the field, or the text', short: 'Edit', screens: ['compose']},
	{name: 'sendDraft', words: 'send it', short: 'Send', screens: ['compose'], typed: 'send'},
	{name: 'editText', words: 'write the text', short: 'Text', screens: ['compose'], typed: 'text'},
	{name: 'attach', words: 'attach a file', short: 'Attach', screens: ['compose'], typed: 'attach'},
	{name: 'editTo', words: 'to whom', short: 'To', screens: ['compose'], typed: 'to'},
	{name: 'editCc', words: 'who gets a copy', short: 'Cc', screens: ['compose'], typed: 'cc'},
	{name: 'editBcc', words: 'who gets a copy that nobody sees', short: 'Bcc', screens: ['compose'], typed: 'bcc'},
	{name: 'editSubject', words: 'about what', short: 'Subject', screens: ['compose'], typed: 'subject'},
	{name: 'writeAs', words: 'as another of your identities', short: 'From', screens: ['compose'], typed: 'from'},
	{name: 'editReplyTo', words: 'where answers go', screens: ['compose'], typed: 'reply-to'},
	{
		name: 'addHeader',
		words: 'a header field of your own (:header Name: value)',
		screens: ['compose'],
		typed: 'header',
	},
	{
		name: 'detach',
		words: 'take the attachment off, or empty the field',
		screens: ['compose'],
		typed: 'detach',
		whyNot: 'there is nothing to take off',
	},
	{
		name: 'sendLater',
		words: 'send it at a time (:later 18:30, :later 2026-12-24 8:00)',
		screens: ['compose'],
		typed: 'later',
	},
	{
		name: 'discard',
		words: 'throw the draft away, after asking',
		short: 'Discard',
		screens: ['compose', 'drafts'],
		typed: 'discard',
		whyNot: 'there is no draft',
	},
] as const satisfies readonly CommandShape[];
