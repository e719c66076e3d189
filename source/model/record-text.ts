/**
 * Records of our own state as text, in a message or in a file (docs/protocol.md, "State in a third place"). Pure.
 *
 *     bonsai 1 7f3kq2                                       in this format, who decided what follows
 *     m lists.example.org/r.net 17                          of which mailbox (its URL) and UIDVALIDITY
 *     57 +\Seen 12:14,20                                    at counter 57: these were read
 *     58+ +\Seen 21:40                                      58 for 21, 59 for 22, and so on: read one after another
 *     80 -\Flagged 12
 *
 * Laws: a line counts only whole, with its end, so that what is cut in the middle (a file half synced) is short and never
 * wrong; a line that cannot be read is left out and counted; lines are short enough for any mail server.
 */
import {type ClientId, mostWhen, type OwnRecord} from './own-record.ts';
import {readUids, spellUids} from './uid-list.ts';

const firstLine = 'bonsai 1';
/** RFC 5322 §2.1.1 asks for 78 octets and demands 998. */
const longestLine = 900;

/** What a client with nothing to say says. */
export const noRecords = `${firstLine}\r\n`;

type Line = {readonly what: string; readonly when: number; readonly uids: number[]; isRun: boolean};

/** Empty when there is nothing to say. Lines end in CRLF. */
export function writeRecords(records: Iterable<OwnRecord>): string {
	const groups = new Map<string, {who: ClientId; mailbox: string; records: OwnRecord[]}>();
	for (const record of records) {
		const mailbox = `${record.mailbox.replace(scheme, '')} ${record.uidValidity}`;
		const key = `${record.who} ${mailbox}`;
		const group = groups.get(key) ?? {who: record.who, mailbox, records: []};
		groups.set(key, group);
		group.records.push(record);
	}
	const lines: string[] = [];
	let who = '';
	for (const [, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
		if (group.who !== who) lines.push(`${firstLine} ${group.who}`);
		who = group.who;
		lines.push(`m ${group.mailbox}`);
		for (const line of linesOf(group.records)) lines.push(...spelled(line));
	}
	return lines.map(line => `${line}\r\n`).join('');
}

/** One counter and many messages are a line, and so are a counter and a message that go up together. */
function linesOf(records: readonly OwnRecord[]): Line[] {
	const lines: Line[] = [];
	const sorted = records
		.map(record => ({...record, what: `${record.isSet ? '+' : '-'}${record.what}`}))
		.sort((a, b) => a.when - b.when || (a.what < b.what ? -1 : a.what > b.what ? 1 : a.uid - b.uid));
	for (const {what, when, uid} of sorted) {
		const line = lines.at(-1);
		const last = line?.uids.at(-1) ?? 0;
		const isNext = line?.what === what && uid === last + 1 && when === line.when + line.uids.length;
		if (line?.what === what && line.when === when && !line.isRun) line.uids.push(uid);
		else if (isNext && (line.isRun || line.uids.length === 1)) {
			line.isRun = true;
			line.uids.push(uid);
		} else lines.push({what, when, uids: [uid], isRun: false});
	}
	return lines;
}

function spelled({what, when, uids, isRun}: Line): string[] {
	if (isRun) return [`${when}+ ${what} ${spellUids(uids)}`];
	const lines: string[] = [];
	let line = '';
	for (const range of spellUids(uids).split(',')) {
		if (line !== '' && line.length + range.length >= longestLine) {
			lines.push(line);
			line = '';
		}
		line += line === '' ? `${when} ${what} ${range}` : `,${range}`;
	}
	return [...lines, line];
}

/** The text in pieces of about so many octets; each begins with what it needs to be understood alone. */
export function piecesOf(text: string, mostBytes: number): string[] {
	if (text.length <= mostBytes) return [text];
	const pieces: string[] = [];
	let [client, mailbox, piece] = ['', '', ''];
	for (const line of text.split(/(?<=\r\n)/)) {
		if (line.startsWith(firstLine)) [client, mailbox] = [line, ''];
		else if (line.startsWith('m ')) mailbox = line;
		if (piece.length + line.length > mostBytes) {
			pieces.push(piece);
			piece = [client, mailbox].filter(above => above !== line).join('');
		}
		piece += line;
	}
	return [...pieces, piece];
}

export type ReadRecords = {
	readonly records: readonly OwnRecord[];
	/** Lines that say nothing that can be understood. */
	readonly unreadable: number;
	/** Written by a later Bonsai: nothing in it is touched. */
	readonly isNewer: boolean;
};

const head = /^bonsai ([1-9]\d*)(?: ([\w-]{1,40}))?$/;
/** Records of before have it in two lines. */
const [headBefore, clientBefore] = [/^bonsai-state ([1-9]\d*)$/, /^c ([\w-]{1,40})$/];
/** Not written: of all mailboxes it is the same. */
const scheme = 'imap://';
/** Records of before have the longer spelling of RFC 5092. */
const mailboxLine = /^m (?:imap:\/\/)?([\x21-\x7e]{1,800})(?: |;UIDVALIDITY=)([1-9]\d{0,9})$/;
const decision = /^([1-9]\d{0,14})(\+?) ([+-])(\\?[^\s(){%*"\\\]\x00-\x1f\x7f-\uffff]{1,200}) ([\d:,]+)$/;

export function readRecords(text: string): ReadRecords {
	// What stands behind the last end of a line is not whole.
	const lines = text
		.split(/\r?\n/)
		.slice(0, -1)
		.map(line => line.trimEnd());
	const records: OwnRecord[] = [];
	let unreadable = 0;
	let isOurs = false;
	let who: ClientId | undefined;
	let at: {mailbox: string; uidValidity: number} | undefined;
	for (const line of lines) {
		const [, version, client] = head.exec(line) ?? headBefore.exec(line) ?? [];
		const [, name] = clientBefore.exec(line) ?? [];
		const [, mailbox, uidValidity] = mailboxLine.exec(line) ?? [];
		if (version !== undefined) {
			// One text may follow another.
			[isOurs, who, at] = [true, client, undefined];
			if (version !== '1') return {records, unreadable, isNewer: true};
		} else if (name !== undefined) who = name;
		else if (mailbox !== undefined) at = {mailbox: `${scheme}${mailbox}`, uidValidity: Number(uidValidity)};
		else if (line !== '') {
			// Of what stands below a line that cannot be read nobody knows whose it is.
			if (/^(?:bonsai|c) /.test(line)) who = undefined;
			else if (line.startsWith('m ')) at = undefined;
			const isWhose = isOurs && who !== undefined && at !== undefined;
			const read = isWhose ? readDecision(line, who as ClientId, at as NonNullable<typeof at>) : undefined;
			if (read === undefined) unreadable += 1;
			else for (const record of read) records.push(record);
		}
	}
	return {records, unreadable, isNewer: false};
}

function readDecision(
	line: string,
	who: ClientId,
	at: Pick<OwnRecord, 'mailbox' | 'uidValidity'>,
): OwnRecord[] | undefined {
	const [, counter, run, sign, what, list] = decision.exec(line) ?? [];
	const uids = list === undefined ? undefined : readUids(list);
	const when = Number(counter);
	if (what === undefined || uids === undefined || when + uids.length > mostWhen) return undefined;
	return uids.map((uid, index) => ({
		...at,
		uid,
		what,
		isSet: sign === '+',
		when: run === '+' ? when + index : when,
		who,
	}));
}
