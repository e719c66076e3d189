/**
 * The screens a key can mean something on, and the groups they come in.
 */
export const screens = [
	'accounts',
	'inboxes',
	'mailboxes',
	'messages',
	'message',
	'parts',
	'viewer',
	'help',
	'outbox',
	'usage',
	'downloads',
	'wishes',
	'call',
	'drafts',
	'compose',
] as const;

export type ScreenName = (typeof screens)[number];

export const lists = [
	'accounts',
	'inboxes',
	'mailboxes',
	'messages',
	'parts',
	'outbox',
	'downloads',
	'wishes',
	'call',
	'drafts',
	'compose',
] as const;
export const mail = ['messages', 'inboxes', 'message'] as const;
export const mailLists = ['messages', 'inboxes'] as const;
export const texts = ['message', 'viewer', 'help', 'usage'] as const;
export const everywhere = [...lists, ...texts] as const;
/** Where going back is one of the keys one looks for. */
export const belowTheTop = everywhere.filter(screen => screen !== 'accounts' && screen !== 'mailboxes');
/** Where it is clear which account is meant. */
export const ofOneAccount = [
	'accounts',
	'mailboxes',
	'messages',
	'message',
	'parts',
	'viewer',
	'outbox',
	'usage',
	'downloads',
	'wishes',
	'drafts',
] as const satisfies readonly ScreenName[];
/** Where it is clear which mailbox is meant. */
export const ofOneMailbox = [
	'mailboxes',
	'messages',
	'message',
	'parts',
	'viewer',
	'wishes',
] as const satisfies readonly ScreenName[];
