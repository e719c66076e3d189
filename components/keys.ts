/**
 * Every command: its name, its keys, its words. Help, the key menu and the decoding of keys are made from this table
 * and from nothing else, so that what is offered is what is there.
 *
 * Laws: on one screen a key has one meaning; what is not built is not in here; a command that can be pressed
 * in vain says why (`whyNot`).
 */
import {ours, type SafeText} from '../source/model/safe-text.ts';

export type ScreenName =
	| 'accounts'
	| 'inboxes'
	| 'mailboxes'
	| 'messages'
	| 'message'
	| 'parts'
	| 'viewer'
	| 'help'
	| 'outbox'
	| 'usage'
	| 'downloads';

type CommandShape = {
	readonly name: string;
	/** A key, or two in a row: `S m`. */
	readonly keys: readonly string[];
	/** For the help. */
	readonly words: string;
	/** For the key menu, one word or two; what has none is not in the menu. */
	readonly short?: string;
	readonly screens: readonly ScreenName[];
	/** What one types after `:`, if anything. */
	readonly typed?: string;
	readonly whyNot?: string;
};

const lists = ['accounts', 'inboxes', 'mailboxes', 'messages', 'parts', 'outbox', 'downloads'] as const;
const mail = ['messages', 'inboxes', 'message'] as const;
const mailLists = ['messages', 'inboxes'] as const;
const texts = ['message', 'viewer', 'help', 'usage'] as const;
const everywhere = [...lists, ...texts] as const;
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

// In the order of the help and of the key menu.
const table = [
	{name: 'help', keys: ['?', 'F1'], words: 'the keys', short: 'Help', screens: everywhere, typed: 'help'},
	{name: 'open', keys: ['Enter', 'Right'], words: 'read the message', short: 'Read', screens: mailLists},
	{name: 'open', keys: ['Enter'], words: 'open the mailbox', short: 'Open', screens: ['mailboxes']},
	{
		name: 'open',
		keys: ['Enter', 'Right'],
		words: 'go to the account, as you left it',
		short: 'Open',
		screens: ['accounts'],
	},
	{
		name: 'fetch',
		keys: ['Enter'],
		words: 'fetch what is marked, or this part; look at what is here',
		short: 'Fetch',
		screens: ['parts'],
		typed: 'fetch',
		whyNot: 'this holds other parts: fetch those',
	},
	{
		name: 'mark',
		keys: ['Space'],
		words: 'mark a part',
		short: 'Mark',
		screens: ['parts'],
		whyNot: 'this holds other parts: mark those',
	},
	{
		name: 'back',
		keys: ['q', 'Escape', 'Left'],
		words: 'back; q at the top quits',
		short: 'Back',
		screens: ['inboxes', 'messages', 'message', 'parts', 'viewer', 'help', 'outbox', 'usage', 'downloads'],
		typed: 'back',
	},
	{name: 'back', keys: ['q', 'Escape'], words: 'back', short: 'Back', screens: ['accounts', 'mailboxes']},
	{
		name: 'parts',
		keys: ['v'],
		words: 'the parts of the message: see, fetch, save',
		short: 'Parts',
		screens: mail,
		typed: 'parts',
		whyNot: 'the parts are not known yet',
	},
	{
		name: 'delete',
		keys: ['d', 'Delete'],
		words: 'delete: to the Trash; in the Trash for good',
		short: 'Delete',
		screens: mail,
		typed: 'delete',
		whyNot: 'there is no message here',
	},
	{
		name: 'undo',
		keys: ['u'],
		words: 'take back what you decided last',
		short: 'Undo',
		screens: ['mailboxes', 'inboxes', 'messages', 'message', 'outbox'],
		typed: 'undo',
	},
	{
		name: 'move',
		keys: ['s'],
		words: 'move to another mailbox',
		short: 'Move',
		screens: mail,
		typed: 'move',
		whyNot: 'there is no message here',
	},
	{
		name: 'flag',
		keys: ['F'],
		words: 'flag, or take the flag off',
		short: 'Flag',
		screens: mail,
		typed: 'flag',
		whyNot: 'there is no message here',
	},
	{
		name: 'toggleRead',
		keys: ['N'],
		words: 'mark as read or unread',
		short: '(Un)read',
		screens: mail,
		typed: 'read',
		whyNot: 'there is no message here',
	},
	{
		name: 'tag',
		keys: ['t'],
		words: 'tag, to decide about several at once (:tag 1-100, all, unread, flagged, none)',
		short: 'Tag',
		screens: mailLists,
		typed: 'tag',
		whyNot: 'there is no message here',
	},
	{
		name: 'copy',
		keys: ['C'],
		words: 'copy to another mailbox',
		short: 'Copy',
		screens: mail,
		typed: 'copy',
		whyNot: 'there is no message here',
	},
	{
		name: 'archive',
		keys: ['a'],
		words: 'move to the archive',
		short: 'Archive',
		screens: mail,
		typed: 'archive',
		whyNot: 'there is no message here',
	},
	{name: 'remove', keys: [], words: 'remove for good, after asking', screens: mail, typed: 'remove'},
	{name: 'deleteTagged', keys: ['; d'], words: 'delete what is tagged', screens: mailLists},
	{name: 'moveTagged', keys: ['; s'], words: 'move what is tagged', screens: mailLists},
	{name: 'copyTagged', keys: ['; C'], words: 'copy what is tagged', screens: mailLists},
	{name: 'archiveTagged', keys: ['; a'], words: 'archive what is tagged', screens: mailLists},
	{name: 'flagTagged', keys: ['; F'], words: 'flag what is tagged', screens: mailLists},
	{name: 'readTagged', keys: ['; N'], words: 'mark what is tagged as read', screens: mailLists},
	{name: 'unreadTagged', keys: ['; U'], words: 'mark what is tagged as unread', screens: mailLists},
	{name: 'untagAll', keys: ['; t'], words: 'take all tags off', screens: mailLists, typed: 'untag'},
	{
		name: 'outbox',
		keys: ['X'],
		words: 'what you decided, and what became of it',
		screens: ['accounts', 'mailboxes', 'inboxes', 'messages', 'message', 'parts', 'viewer'],
		typed: 'outbox',
	},
	{
		name: 'discard',
		keys: ['d'],
		words: 'take it back, or clear it from the list',
		short: 'Discard',
		screens: ['outbox'],
		typed: 'discard',
		whyNot: 'there is nothing here',
	},
	{
		name: 'retry',
		keys: ['r'],
		words: 'send what was refused again',
		short: 'Retry',
		screens: ['outbox'],
		typed: 'retry',
		whyNot: 'only what was refused can be sent again',
	},
	{
		name: 'pause',
		keys: ['Space'],
		words: 'put it off, or go on with it',
		short: 'Pause',
		screens: ['downloads'],
		typed: 'pause',
		whyNot: 'it is saved already',
	},
	{
		name: 'cancelDownload',
		keys: ['d', 'x'],
		words: 'give it up, or clear it from the list',
		short: 'Cancel',
		screens: ['downloads'],
		whyNot: 'there is nothing here',
	},
	{
		name: 'showPlace',
		keys: ['Enter'],
		words: 'where its file is',
		short: 'Where',
		screens: ['downloads'],
		whyNot: 'it goes to no file',
	},
	{
		name: 'nextUnread',
		keys: ['Tab'],
		words: 'next unread among the rows known',
		short: 'Unread',
		screens: mail,
		typed: 'unread',
	},
	{
		name: 'nextMessage',
		keys: ['J'],
		words: 'next message',
		short: 'Next',
		screens: ['message'],
		typed: 'next',
		whyNot: 'this is the last message',
	},
	{
		name: 'previousMessage',
		keys: ['K'],
		words: 'previous message',
		short: 'Previous',
		screens: ['message'],
		typed: 'previous',
		whyNot: 'this is the first message',
	},
	{
		name: 'moreText',
		keys: ['+'],
		words: 'more of a long text',
		short: 'More text',
		screens: ['message'],
		typed: 'more',
		whyNot: 'all of the text is here',
	},
	{
		name: 'save',
		keys: ['s'],
		words: 'save the part to a file, or what is marked into a folder',
		short: 'Save',
		screens: ['parts'],
		typed: 'save',
		whyNot: 'this part cannot be saved',
	},
	{
		name: 'save',
		keys: [],
		words: 'save the whole message to a file',
		screens: ['message'],
		typed: 'save',
		whyNot: 'there is nothing to save yet',
	},
	{
		name: 'openPart',
		keys: ['o'],
		words: 'open it with another program',
		short: 'Open',
		screens: ['parts', 'downloads'],
		typed: 'open',
		whyNot: 'only a file that is whole can be opened',
	},
	{
		name: 'pipe',
		keys: ['|'],
		words: 'feed it to a command',
		short: 'Pipe',
		screens: ['message', 'parts'],
		typed: 'pipe',
		whyNot: 'there is nothing to feed yet',
	},
	{
		name: 'allHeaders',
		keys: ['H'],
		words: 'all headers, or the usual ones',
		short: 'Headers',
		screens: ['message'],
		typed: 'headers',
	},
	{
		name: 'otherText',
		keys: ['T'],
		words: 'the plain text or the HTML',
		short: 'Text, HTML',
		screens: ['message'],
		typed: 'html',
		whyNot: 'there is only one text',
	},
	{
		name: 'listMailboxes',
		keys: ['y'],
		words: 'the list of mailboxes',
		short: 'Mailboxes',
		screens: everywhere,
		typed: 'mailboxes',
	},
	{
		name: 'goToMailbox',
		keys: ['c'],
		words: 'go to a mailbox by its name, or account/name',
		short: 'Go to',
		screens: everywhere,
		typed: 'mailbox',
	},
	{name: 'listAccounts', keys: ['Y'], words: 'the accounts; add one', screens: everywhere, typed: 'accounts'},
	{
		name: 'listInboxes',
		keys: ['U'],
		words: 'the newest messages of all accounts',
		screens: everywhere,
		typed: 'inboxes',
	},
	{name: 'goToAccount', keys: [], words: 'go to an account by its name', screens: everywhere, typed: 'account'},
	{name: 'look', keys: ['$'], words: 'ask the server for news', short: 'Look', screens: everywhere, typed: 'look'},
	{name: 'commandLine', keys: [':'], words: 'a command by its name', short: 'Command', screens: everywhere},
	{name: 'down', keys: ['j', 'Down'], words: 'down', screens: everywhere},
	{name: 'up', keys: ['k', 'Up'], words: 'up', screens: everywhere},
	{name: 'pageDown', keys: ['PageDown'], words: 'a page down', screens: lists},
	{name: 'pageDown', keys: ['Space', 'PageDown'], words: 'a page down', screens: texts},
	{name: 'pageUp', keys: ['PageUp'], words: 'a page up', screens: everywhere},
	{name: 'halfDown', keys: ['Ctrl+d'], words: 'half a page down', screens: everywhere},
	{name: 'halfUp', keys: ['Ctrl+u'], words: 'half a page up', screens: everywhere},
	{name: 'first', keys: ['Home', '='], words: 'to the first', screens: everywhere},
	{name: 'last', keys: ['End'], words: 'to the last', screens: everywhere},
	{name: 'goToNumber', keys: digits, words: 'go to the message of that number', screens: ['messages']},
	{name: 'unfold', keys: ['Right'], words: 'show the mailboxes below', screens: ['mailboxes']},
	{name: 'fold', keys: ['Left'], words: 'hide the mailboxes below; at the top: the accounts', screens: ['mailboxes']},
	{
		name: 'toggleFold',
		keys: ['Space'],
		words: 'show or hide the mailboxes below',
		short: 'Fold',
		screens: ['mailboxes'],
		whyNot: 'there is nothing below',
	},
	{
		name: 'usage',
		keys: ['I'],
		words: 'the bytes spent: for what, where, when',
		screens: everywhere,
		typed: 'usage',
	},
	{
		name: 'chartSpan',
		keys: ['Tab'],
		words: 'the chart by hours or by days',
		short: 'Chart',
		screens: ['usage'],
	},
	{
		name: 'budgetMetered',
		keys: ['S m'],
		words: 'metered: little comes unasked',
		screens: everywhere,
		typed: 'metered',
	},
	{name: 'budgetFree', keys: ['S f'], words: 'free: reads ahead', screens: everywhere, typed: 'free'},
	{
		name: 'sessionBudget',
		keys: [],
		words: 'ask before more than so much is spent',
		screens: everywhere,
		typed: 'budget',
	},
	{name: 'hangUp', keys: [], words: 'hang up', screens: everywhere, typed: 'hangup'},
	{name: 'dial', keys: [], words: 'dial now', screens: everywhere, typed: 'dial'},
	{
		name: 'downloads',
		keys: ['D'],
		words: 'what is being fetched, saved, put off',
		short: 'Downloads',
		screens: ['parts'],
		typed: 'downloads',
	},
	{
		name: 'downloads',
		keys: [],
		words: 'what is being fetched, saved, put off',
		screens: ['accounts', 'inboxes', 'mailboxes', 'messages', 'outbox', 'message', 'viewer', 'usage'],
		typed: 'downloads',
	},
	{
		name: 'cancel',
		keys: [],
		words: 'stop what is being fetched',
		screens: everywhere,
		typed: 'cancel',
		whyNot: 'nothing is being fetched',
	},
	{name: 'keyMenu', keys: [], words: 'show or hide the key menu', screens: everywhere, typed: 'menu'},
	{name: 'redraw', keys: ['Ctrl+l'], words: 'draw the screen again', screens: everywhere, typed: 'redraw'},
	{name: 'suspend', keys: ['Ctrl+z'], words: 'to the shell; fg comes back', screens: everywhere, typed: 'suspend'},
	{name: 'quit', keys: ['Q', 'Ctrl+c'], words: 'quit', short: 'Quit', screens: everywhere, typed: 'quit'},
] as const satisfies readonly CommandShape[];

export type CommandName = (typeof table)[number]['name'];
export type Command = CommandShape & {readonly name: CommandName};
export const commands: readonly Command[] = table;

export const commandsOn = (screen: ScreenName): readonly Command[] =>
	commands.filter(command => command.screens.includes(screen));

/** What a key means on a screen; `prefix` when a second key has to follow. */
export function commandForKey(screen: ScreenName, key: string): Command | 'prefix' | undefined {
	const here = commandsOn(screen);
	const found = here.find(command => command.keys.includes(key));
	if (found) return found;
	return here.some(command => command.keys.some(each => each.startsWith(`${key} `))) ? 'prefix' : undefined;
}

/** The keys that may follow a prefix. */
export const commandsAfter = (screen: ScreenName, prefix: string): readonly Command[] =>
	commandsOn(screen).filter(command => command.keys.some(each => each.startsWith(`${prefix} `)));

/** `mailbox Lists/bonsai` is the command `mailbox` and its argument. */
export function commandForWords(
	screen: ScreenName,
	line: string,
): {readonly command: Command; readonly argument: string} | undefined {
	const [word = '', ...rest] = line.trim().split(/\s+/);
	const command = commandsOn(screen).find(each => each.typed === word);
	return command && {command, argument: rest.join(' ')};
}

const shown: Readonly<Record<string, string>> = {
	PageDown: 'PgDn',
	PageUp: 'PgUp',
	Escape: 'Esc',
	Up: 'up',
	Down: 'down',
	Left: 'left',
	Right: 'right',
};

/** A key as it is written in help: `^D`, `PgDn`, `S m`. */
export function keyWords(key: string): SafeText {
	return ours(
		key
			.split(' ')
			.map(each => shown[each] ?? each.replace(/^Ctrl\+(.)$/, (_all, letter: string) => `^${letter.toUpperCase()}`))
			.join(' '),
	);
}
