/** Which mailboxes there are: LIST with its extensions (RFC 5258, RFC 5819, RFC 6154), LSUB, STATUS, NAMESPACE. */
import type {Commands} from './commands.ts';
import {type Connection, Refusal} from './connection.ts';
import {namePattern} from './mailbox-name.ts';
import type {MailboxState} from './mailbox-state.ts';
import {BadSyntax, type Cursor} from './syntax.ts';

const statusKeys: Readonly<Record<string, (mailbox: MailboxState) => number>> = {
	MESSAGES: mailbox => mailbox.uids.count,
	RECENT: () => 0,
	UIDNEXT: mailbox => mailbox.uidNext,
	UIDVALIDITY: mailbox => mailbox.uidValidity,
	UNSEEN: mailbox => mailbox.countUnseen,
	HIGHESTMODSEQ: mailbox => mailbox.highestModseq,
	SIZE: mailbox => mailbox.totalBytes,
};

const readStatusKeys = (connection: Connection, cursor: Cursor): string[] =>
	cursor.list(() => {
		const key = cursor.word();
		const isKnown = Object.hasOwn(statusKeys, key);
		if (!isKnown || (key === 'SIZE' && !connection.has('STATUS=SIZE'))) throw new BadSyntax(`Unknown status ${key}`);
		if (key === 'HIGHESTMODSEQ') {
			if (!connection.has('CONDSTORE')) throw new BadSyntax(`Unknown status ${key}`);
			connection.hasCondstore = true;
		}
		return key;
	});

const tellStatus = (connection: Connection, name: string, mailbox: MailboxState, keys: readonly string[]): void => {
	const values = keys.map(key => `${key} ${statusKeys[key]!(mailbox)}`).join(' ');
	connection.line(`* STATUS ${connection.writeName(name)} (${values})`);
};

type Selection = {onlySubscribed: boolean; onlySpecialUse: boolean};
type Return = {subscribed: boolean; status: string[] | undefined};

const readSelection = (cursor: Cursor): Selection => {
	const options = cursor.list(() => cursor.word());
	for (const option of options) {
		if (!['SUBSCRIBED', 'SPECIAL-USE', 'REMOTE', 'RECURSIVEMATCH'].includes(option)) {
			throw new BadSyntax(`Unknown option ${option}`);
		}
	}
	return {onlySubscribed: options.includes('SUBSCRIBED'), onlySpecialUse: options.includes('SPECIAL-USE')};
};

const readReturn = (connection: Connection, cursor: Cursor): Return => {
	const found: Return = {subscribed: false, status: undefined};
	cursor.list(() => {
		const option = cursor.word();
		if (option === 'STATUS' && connection.has('LIST-STATUS')) {
			cursor.space();
			found.status = readStatusKeys(connection, cursor);
		} else if (option === 'SUBSCRIBED') found.subscribed = true;
		else if (option !== 'CHILDREN' && option !== 'SPECIAL-USE') throw new BadSyntax(`Unknown option ${option}`);
	});
	return found;
};

const attributes = (connection: Connection, name: string, isSubscribedAsked: boolean): string => {
	const {mailboxes} = connection.world;
	const words: string[] = [];
	if (mailboxes.find(name) === undefined) words.push('\\Noselect');
	if (connection.has('CHILDREN')) words.push(mailboxes.hasChildren(name) ? '\\HasChildren' : '\\HasNoChildren');
	if (isSubscribedAsked && mailboxes.subscribed.has(name)) words.push('\\Subscribed');
	const use = mailboxes.specialUse(name);
	if (use !== undefined && connection.has('SPECIAL-USE')) words.push(use);
	return `(${words.join(' ')})`;
};

const runList = (connection: Connection, cursor: Cursor): undefined => {
	const {mailboxes} = connection.world;
	cursor.space();
	const isExtended = connection.has('LIST-EXTENDED');
	let selection: Selection = {onlySubscribed: false, onlySpecialUse: false};
	if (isExtended && cursor.peek('(')) {
		selection = readSelection(cursor);
		cursor.space();
	}
	const reference = connection.readName(cursor.astring());
	cursor.space();
	const pattern = () => connection.readName(cursor.listPattern());
	const patterns = isExtended && cursor.peek('(') ? cursor.list(pattern) : [pattern()];
	let wanted: Return = {subscribed: false, status: undefined};
	if (isExtended && cursor.take(' RETURN ')) wanted = readReturn(connection, cursor);
	cursor.end();
	if (patterns.length === 1 && patterns[0] === '') {
		connection.line('* LIST (\\Noselect) "/" ""');
		return;
	}
	const matchers = patterns.map(text => namePattern(reference + text));
	for (const name of mailboxes.names()) {
		if (!matchers.some(matcher => matcher.test(name))) continue;
		if (selection.onlySubscribed && !mailboxes.subscribed.has(name)) continue;
		if (selection.onlySpecialUse && mailboxes.specialUse(name) === undefined) continue;
		const words = attributes(connection, name, wanted.subscribed || selection.onlySubscribed);
		connection.line(`* LIST ${words} "/" ${connection.writeName(name)}`);
		const mailbox = mailboxes.find(name);
		if (wanted.status !== undefined && mailbox !== undefined) tellStatus(connection, name, mailbox, wanted.status);
	}
};

export const listCommands: Commands = {
	LIST: {state: 'authenticated', run: runList},
	LSUB: {
		state: 'authenticated',
		run(connection, cursor) {
			cursor.space();
			const reference = connection.readName(cursor.astring());
			cursor.space();
			const matcher = namePattern(reference + connection.readName(cursor.listPattern()));
			cursor.end();
			for (const name of connection.world.mailboxes.subscribed) {
				if (matcher.test(name)) connection.line(`* LSUB () "/" ${connection.writeName(name)}`);
			}
		},
	},
	NAMESPACE: {
		state: 'authenticated',
		needs: ['NAMESPACE'],
		run(connection, cursor) {
			cursor.end();
			connection.line('* NAMESPACE (("" "/")) NIL NIL');
		},
	},
	STATUS: {
		state: 'authenticated',
		run(connection, cursor) {
			cursor.space();
			const name = connection.readName(cursor.astring());
			cursor.space();
			const keys = readStatusKeys(connection, cursor);
			cursor.end();
			const mailbox = connection.world.mailboxes.find(name);
			if (mailbox === undefined) throw new Refusal('NO', "[NONEXISTENT] Mailbox doesn't exist.");
			tellStatus(connection, name, mailbox, keys);
		},
	},
};
