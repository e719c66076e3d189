/** Opening and leaving a mailbox: SELECT, EXAMINE with CONDSTORE and QRESYNC (RFC 7162), UNSELECT, CLOSE. */
import type {Commands} from './commands.ts';
import {type Connection, Refusal} from './connection.ts';
import type {Cursor} from './syntax.ts';
import {BadSyntax} from './syntax.ts';
import {type Range, writeRanges} from './uid-runs.ts';
import {View} from './view.ts';

type Resync = {readonly uidValidity: number; readonly modseq: number; readonly known: readonly Range[] | undefined};

/** A large mailbox is not walked through to find its first unread message. */
const longestWalk = 20_000;

const readParameters = (connection: Connection, cursor: Cursor): Resync | undefined => {
	let resync: Resync | undefined;
	if (!cursor.take(' ')) return undefined;
	cursor.list(() => {
		const name = cursor.word();
		if (name === 'CONDSTORE' && connection.has('CONDSTORE')) connection.hasCondstore = true;
		else if (name === 'QRESYNC' && connection.hasQresync) {
			cursor.expect(' (');
			const uidValidity = cursor.number();
			cursor.space();
			const modseq = cursor.number();
			let known: readonly Range[] | undefined;
			while (cursor.take(' ')) {
				if (cursor.take('(')) {
					cursor.sequenceSet();
					cursor.space();
					cursor.sequenceSet();
					cursor.expect(')');
				} else known = cursor.sequenceSet();
			}
			cursor.expect(')');
			resync = {uidValidity, modseq, known};
		} else throw new BadSyntax(`Unknown parameter ${name}`);
	});
	return resync;
};

const firstUnseen = (view: View): number => {
	if (view.uids.count > longestWalk) return 0;
	for (const uid of view.uids.within(1, view.uids.last)) {
		if (!view.mailbox.flags(uid).has('\\Seen')) return view.uids.sequenceOf(uid);
	}
	return 0;
};

const within = (ranges: readonly Range[], known: readonly Range[] | undefined): Range[] =>
	known === undefined
		? [...ranges]
		: ranges.flatMap(([a, b]) =>
				known.map(([from, to]): Range => [Math.max(a, from), Math.min(b, to)]).filter(([from, to]) => from <= to),
			);

const tellWhatChanged = (connection: Connection, view: View, resync: Resync): void => {
	const {mailbox} = view;
	if (resync.uidValidity !== mailbox.uidValidity) return;
	const gone = within(mailbox.expungedSince(resync.modseq), resync.known).sort((a, b) => a[0] - b[0]);
	const merged: [number, number][] = [];
	for (const [from, to] of gone) {
		const last = merged.at(-1);
		if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
		else merged.push([from, to]);
	}
	if (merged.length > 0) connection.line(`* VANISHED (EARLIER) ${writeRanges(merged)}`);
	for (const uid of mailbox.changedSince(resync.modseq)) {
		const isKnown = resync.known === undefined || resync.known.some(([from, to]) => from <= uid && uid <= to);
		if (isKnown) connection.line(view.flagsRow(uid, connection, true));
	}
};

const open = (connection: Connection, cursor: Cursor, isExamine: boolean): string => {
	cursor.space();
	const name = connection.readName(cursor.astring());
	const resync = readParameters(connection, cursor);
	cursor.end();
	const had = connection.view !== undefined;
	connection.leaveMailbox();
	if (had) connection.line('* OK [CLOSED] Previous mailbox closed.');
	const mailbox = connection.world.mailboxes.find(name);
	if (mailbox === undefined) throw new Refusal('NO', "[NONEXISTENT] Mailbox doesn't exist.");
	const isReadOnly = isExamine || connection.isAnonymous;
	const rebuilt = () => {
		connection.leaveMailbox();
		void connection.bye('UIDVALIDITY has changed.');
	};
	const view = new View(mailbox, isReadOnly, () => connection.wake(), rebuilt);
	connection.view = view;
	connection.state = 'selected';
	const flags = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft', ...mailbox.keywords].join(' ');
	connection.line(`* FLAGS (${flags})`);
	connection.line(
		`* OK [PERMANENTFLAGS (${isReadOnly ? '' : `${flags} \\*`})] ${isReadOnly ? 'Read-only mailbox.' : 'Flags permitted.'}`,
	);
	connection.line(`* ${view.uids.count} EXISTS`);
	connection.line('* 0 RECENT');
	const unseen = firstUnseen(view);
	if (unseen > 0) connection.line(`* OK [UNSEEN ${unseen}] First unseen.`);
	connection.line(`* OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs valid`);
	connection.line(`* OK [UIDNEXT ${mailbox.uidNext}] Predicted next UID`);
	if (connection.world.faults.takeFor('no-modseq', cursor.text) !== undefined) {
		connection.line('* OK [NOMODSEQ] No permanent mod-sequences.');
	} else {
		if (connection.has('CONDSTORE')) connection.line(`* OK [HIGHESTMODSEQ ${mailbox.highestModseq}] Highest`);
		if (resync !== undefined) tellWhatChanged(connection, view, resync);
	}
	return `OK [READ-${isReadOnly ? 'ONLY' : 'WRITE'}] ${isExamine ? 'Examine' : 'Select'} completed.`;
};

export const selectCommands: Commands = {
	SELECT: {state: 'authenticated', run: (connection, cursor) => open(connection, cursor, false)},
	EXAMINE: {state: 'authenticated', run: (connection, cursor) => open(connection, cursor, true)},
	UNSELECT: {
		state: 'selected',
		needs: ['UNSELECT'],
		run(connection, cursor) {
			cursor.end();
			connection.leaveMailbox();
		},
	},
	CLOSE: {
		state: 'selected',
		run(connection, cursor) {
			cursor.end();
			const view = connection.selected();
			connection.leaveMailbox();
			if (view.isReadOnly) return;
			for (const uid of [...view.uids.within(1, view.uids.last)]) {
				if (view.mailbox.uids.has(uid) && view.mailbox.flags(uid).has('\\Deleted')) view.mailbox.expunge(uid);
			}
		},
	},
};
