/** Commands that change messages: STORE, COPY, MOVE (RFC 6851), EXPUNGE, APPEND (RFC 4315, RFC 7162). */
import {readCatenated} from './catenate.ts';
import type {Commands, Reply} from './commands.ts';
import {type Connection, Refusal} from './connection.ts';
import {readInternalDate} from './dates.ts';
import type {MailboxState} from './mailbox-state.ts';
import {rawMessage} from './mime.ts';
import {BadSyntax, type Cursor} from './syntax.ts';
import {writeSet} from './uid-runs.ts';
import type {View} from './view.ts';

const largestMessageBytes = 50_000_000;

const target = (connection: Connection, name: string): MailboxState => {
	const mailbox = connection.world.mailboxes.find(name);
	if (mailbox === undefined) throw new Refusal('NO', "[TRYCREATE] Mailbox doesn't exist.");
	return mailbox;
};

const tellsUids = (connection: Connection, cursor: Cursor): boolean =>
	connection.has('UIDPLUS') && connection.world.faults.takeFor('no-new-uids', cursor.text) === undefined;

const store = (connection: Connection, cursor: Cursor, isUid: boolean): Reply => {
	const view = connection.selected(true);
	cursor.space();
	const ranges = cursor.sequenceSet();
	cursor.space();
	let unchangedSince = Number.POSITIVE_INFINITY;
	if (connection.has('CONDSTORE') && cursor.take('(UNCHANGEDSINCE ')) {
		unchangedSince = cursor.number();
		cursor.expect(') ');
		connection.hasCondstore = true;
	}
	const [, sign, silent] = /^([+-]?)FLAGS(\.SILENT)?$/.exec(cursor.run(/[A-Za-z.+-]/, 'FLAGS').toUpperCase()) ?? [];
	if (sign === undefined) throw new BadSyntax('Unknown STORE item');
	cursor.space();
	const {mailbox} = view;
	const named = cursor.peek('(') ? cursor.list(() => cursor.flag()) : readBareFlags(cursor);
	const flags = named.map(flag => mailbox.spelled(flag));
	cursor.end();
	const modified: number[] = [];
	let hasGone = false;
	for (const uid of view.resolve(ranges, isUid)) {
		if (!mailbox.uids.has(uid)) {
			hasGone = true;
			continue;
		}
		if (mailbox.modseq(uid) > unchangedSince) {
			modified.push(isUid ? uid : view.uids.sequenceOf(uid));
			continue;
		}
		const before = mailbox.modseq(uid);
		// What others changed is told all the same (RFC 9051 §6.4.6).
		const isNews = silent !== undefined && view.hasChanged(uid);
		mailbox.setFlags(uid, changedFlags(mailbox.flags(uid), sign, flags));
		if (!isNews) view.told(uid);
		tellStored(connection, view, uid, isUid, silent !== undefined, mailbox.modseq(uid) !== before);
	}
	const name = `${isUid ? 'UID ' : ''}Store`;
	if (modified.length > 0) return `OK [MODIFIED ${writeSet(modified)}] Conditional store failed.`;
	return hasGone
		? `OK [EXPUNGEISSUED] ${name} completed, some messages were already expunged.`
		: `OK ${name} completed.`;
};

const readBareFlags = (cursor: Cursor): string[] => {
	const flags = [cursor.flag()];
	while (cursor.take(' ')) flags.push(cursor.flag());
	return flags;
};

const changedFlags = (before: ReadonlySet<string>, sign: string, flags: readonly string[]): Iterable<string> => {
	if (sign === '+') return [...before, ...flags];
	const named = new Set(flags);
	return sign === '-' ? [...before].filter(flag => !named.has(flag)) : named;
};

const tellStored = (
	connection: Connection,
	view: View,
	uid: number,
	isUid: boolean,
	isSilent: boolean,
	hasChanged: boolean,
): void => {
	if (!isSilent) connection.line(view.flagsRow(uid, connection, isUid || connection.hasQresync));
	else if (connection.hasCondstore && hasChanged) {
		// RFC 7162 §3.1.3: the change number is told even where the flags are not.
		const withUid = isUid || connection.hasQresync ? `UID ${uid} ` : '';
		connection.line(`* ${view.uids.sequenceOf(uid)} FETCH (${withUid}MODSEQ (${view.mailbox.modseq(uid)}))`);
	}
};

const copyOrMove = (connection: Connection, cursor: Cursor, isUid: boolean, isMove: boolean): Reply => {
	const view = connection.selected(isMove);
	cursor.space();
	const ranges = cursor.sequenceSet();
	cursor.space();
	const name = connection.readName(cursor.astring());
	cursor.end();
	const to = target(connection, name);
	const all = view.resolve(ranges, isUid);
	const from = all.filter(uid => view.mailbox.uids.has(uid));
	const done = isMove ? 'Move completed.' : 'Copy completed.';
	// RFC 2180 §4.4.1: all or nothing, as Dovecot does.
	if (from.length > 0 && from.length < all.length)
		return 'NO [EXPUNGEISSUED] Some of the requested messages no longer exist.';
	if (from.length === 0) return `OK ${all.length > 0 ? '[EXPUNGEISSUED] ' : ''}No messages found.`;
	const copies = from.map(uid => to.append(view.mailbox.letter(uid), view.mailbox.flags(uid)));
	const code = tellsUids(connection, cursor)
		? `[COPYUID ${to.uidValidity} ${writeSet(from)} ${writeSet(copies)}] `
		: '';
	if (!isMove) return `OK ${code}${done}`;
	if (code !== '') connection.line(`* OK ${code}Moved UIDs.`);
	for (const uid of from) view.mailbox.expunge(uid);
	connection.tellNews(true);
	const highest = connection.hasQresync ? `[HIGHESTMODSEQ ${view.mailbox.highestModseq}] ` : '';
	return `OK ${highest}${done}`;
};

const expunge = (connection: Connection, view: View, uids: Iterable<number>): Reply => {
	const {mailbox} = view;
	const gone = [...uids].filter(uid => mailbox.uids.has(uid) && mailbox.flags(uid).has('\\Deleted'));
	for (const uid of gone) mailbox.expunge(uid);
	connection.tellNews(true);
	const isTold = connection.hasCondstore && gone.length > 0;
	return `OK ${isTold ? `[HIGHESTMODSEQ ${mailbox.highestModseq}] ` : ''}Expunge completed.`;
};

const readMessage = (connection: Connection, cursor: Cursor): Buffer => {
	const isUtf8 = connection.hasUtf8 && cursor.take('UTF8 (');
	if (cursor.peek('~') && !isUtf8 && !connection.has('BINARY')) throw new BadSyntax('BINARY was not announced');
	if (!cursor.peek('{') && !cursor.peek('~{')) throw new BadSyntax('APPEND takes a literal');
	const bytes = Buffer.from(cursor.string(), 'latin1');
	if (isUtf8) cursor.expect(')');
	return bytes;
};

/** RFC 8508. */
const replace = (connection: Connection, cursor: Cursor): Reply => {
	const view = connection.selected(true);
	cursor.space();
	const uid = cursor.number();
	if (!view.mailbox.uids.has(uid)) throw new Refusal('NO', 'There is no such message.');
	const reply = append(connection, cursor);
	const [, code = ''] = /^OK (\[APPENDUID [\d ]+\])/.exec(reply ?? '') ?? [];
	if (code !== '') connection.line(`* OK ${code} Replacement message ready.`);
	view.mailbox.expunge(uid);
	connection.tellNews(true);
	return 'OK Replace completed.';
};

const append = (connection: Connection, cursor: Cursor): Reply => {
	cursor.space();
	const name = connection.readName(cursor.astring());
	cursor.space();
	let flags: string[] = [];
	if (cursor.peek('(')) {
		flags = cursor.list(() => cursor.flag());
		cursor.space();
	}
	let internalDate = connection.world.now();
	if (cursor.peek('"')) {
		const date = readInternalDate(cursor.string());
		if (date === undefined) throw new BadSyntax('Invalid date');
		internalDate = date;
		cursor.space();
	}
	const isCatenated = connection.has('CATENATE') && cursor.take('CATENATE ');
	const mailbox = target(connection, name);
	const bytes = isCatenated ? readCatenated(connection, cursor) : readMessage(connection, cursor);
	cursor.end();
	if (bytes.length > largestMessageBytes) throw new Refusal('NO', '[TOOBIG] Message is too large.');
	if (bytes.length === 0) throw new Refusal('NO', '[CANNOT] Message is empty.');
	const uid = mailbox.append({message: rawMessage(bytes), internalDate}, flags);
	const code = tellsUids(connection, cursor) ? `[APPENDUID ${mailbox.uidValidity} ${uid}] ` : '';
	return `OK ${code}Append completed.`;
};

export const messageCommands: Commands = {
	STORE: {
		state: 'selected',
		writes: true,
		keepsSequence: true,
		run: (connection, cursor) => store(connection, cursor, false),
	},
	'UID STORE': {state: 'selected', writes: true, run: (connection, cursor) => store(connection, cursor, true)},
	COPY: {
		state: 'selected',
		writes: true,
		keepsSequence: true,
		run: (connection, cursor) => copyOrMove(connection, cursor, false, false),
	},
	'UID COPY': {
		state: 'selected',
		writes: true,
		run: (connection, cursor) => copyOrMove(connection, cursor, true, false),
	},
	MOVE: {
		state: 'selected',
		writes: true,
		needs: ['MOVE'],
		run: (connection, cursor) => copyOrMove(connection, cursor, false, true),
	},
	'UID MOVE': {
		state: 'selected',
		writes: true,
		needs: ['MOVE'],
		run: (connection, cursor) => copyOrMove(connection, cursor, true, true),
	},
	'UID REPLACE': {state: 'selected', writes: true, needs: ['REPLACE'], run: replace},
	EXPUNGE: {
		state: 'selected',
		writes: true,
		run(connection, cursor) {
			cursor.end();
			const view = connection.selected(true);
			return expunge(connection, view, view.uids.within(1, view.uids.last));
		},
	},
	'UID EXPUNGE': {
		state: 'selected',
		writes: true,
		needs: ['UIDPLUS'],
		run(connection, cursor) {
			cursor.space();
			const ranges = cursor.sequenceSet();
			cursor.end();
			const view = connection.selected(true);
			return expunge(connection, view, view.resolve(ranges, true));
		},
	},
	APPEND: {state: 'authenticated', writes: true, run: append},
};
