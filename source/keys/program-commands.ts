/**
 * Commands that go somewhere, move, ask the server, or concern all of the program.
 */
import type {CommandShape} from './command.ts';
import {everywhere, lists, texts} from './screens.ts';

// In the order of the help and of the key menu.
export const programCommands = [
	{name: 'listMailboxes', words: 'the list of mailboxes', short: 'Mailboxes', screens: everywhere, typed: 'mailboxes'},
	{
		name: 'goToMailbox',
		words: 'go to a mailbox by its name, or account/name',
		short: 'Go to',
		screens: everywhere,
		typed: 'mailbox',
	},
	{name: 'listAccounts', words: 'the accounts; add one', screens: everywhere, typed: 'accounts'},
	{name: 'listInboxes', words: 'the newest messages of all accounts', screens: everywhere, typed: 'inboxes'},
	{name: 'goToAccount', words: 'go to an account by its name', screens: everywhere, typed: 'account'},
	{name: 'look', words: 'ask the server for news', short: 'Look', screens: everywhere, typed: 'look'},
	{name: 'commandLine', words: 'a command by its name', short: 'Command', screens: everywhere},
	{name: 'down', words: 'down', screens: everywhere},
	{name: 'up', words: 'up', screens: everywhere},
	{name: 'pageDown', words: 'a page down', screens: lists},
	{name: 'pageDown', words: 'a page down', screens: texts},
	{name: 'pageUp', words: 'a page up', screens: everywhere},
	{name: 'halfDown', words: 'half a page down', screens: everywhere},
	{name: 'halfUp', words: 'half a page up', screens: everywhere},
	{name: 'first', words: 'to the first', screens: everywhere},
	{name: 'last', words: 'to the last', screens: everywhere},
	{name: 'goToNumber', words: 'go to the message of that number', screens: ['messages']},
	{name: 'unfold', words: 'show the mailboxes below', screens: ['mailboxes'], typed: 'expand'},
	{
		name: 'fold',
		words: 'hide the mailboxes below; at the top: the accounts',
		screens: ['mailboxes'],
		typed: 'collapse',
	},
	{
		name: 'toggleFold',
		words: 'show or hide the mailboxes below',
		short: 'Fold',
		screens: ['mailboxes'],
		typed: 'fold',
		whyNot: 'there is nothing below',
	},
	{name: 'usage', words: 'the bytes spent: for what, where, when', screens: everywhere, typed: 'usage'},
	{name: 'chartSpan', words: 'the chart by hours or by days', short: 'Chart', screens: ['usage']},
	{name: 'budgetMetered', words: 'metered: little comes unasked', screens: everywhere, typed: 'metered'},
	{name: 'budgetFree', words: 'free: reads ahead', screens: everywhere, typed: 'free'},
	{name: 'sessionBudget', words: 'ask before more than so much is spent', screens: everywhere, typed: 'budget'},
	{name: 'hangUp', words: 'hang up', screens: everywhere, typed: 'hangup'},
	{name: 'dial', words: 'dial now', screens: everywhere, typed: 'dial'},
	{
		name: 'downloads',
		words: 'what is being fetched, saved, put off',
		short: 'Downloads',
		screens: ['parts'],
		typed: 'downloads',
	},
	{
		name: 'downloads',
		words: 'what is being fetched, saved, put off',
		screens: ['accounts', 'inboxes', 'mailboxes', 'messages', 'outbox', 'message', 'viewer', 'usage'],
		typed: 'downloads',
	},
	{
		name: 'cancel',
		words: 'stop what is being fetched',
		screens: everywhere,
		typed: 'cancel',
		whyNot: 'nothing is being fetched',
	},
	{name: 'keyMenu', words: 'show or hide the key menu', screens: everywhere, typed: 'menu'},
	{name: 'redraw', words: 'draw the screen again', screens: everywhere, typed: 'redraw'},
	{name: 'suspend', words: 'to the shell; fg comes back', screens: everywhere, typed: 'suspend'},
	{name: 'quit', words: 'quit', short: 'Quit', screens: everywhere, typed: 'quit'},
] as const satisfies readonly CommandShape[];
