/**
 * A mailbox of a million messages that do not exist until they are looked at: each is computed from its number.
 * Opening it, a window of it and its STATUS cost what they show. Every message is the same at each start.
 */
import {writeMessageDate} from './dates.ts';
import {type Letter, MailboxState} from './mailbox-state.ts';
import {messageOf} from './mime.ts';

type VirtualOptions = {
	readonly count?: number;
	readonly uidValidity?: number;
	/** The last so many are unread. */
	readonly unread?: number;
	/** When the newest was sent; the others are ten minutes apart. */
	readonly newest?: number;
};

const names = ['Ada Lind', 'Bo Chen', 'Carla Ruiz', 'Dmitri Orlov', 'Eve Tanaka', 'Farid Haddad', 'Grace Okafor'];
const topics = ['tide gauge', 'ice core', 'night watch', 'engine log', 'radio check', 'water sample', 'chart update'];
const tenMinutesMs = 600_000;
const sizes = [1000, 1200, 1700, 2000, 2400, 3100, 4600];

const sizeOf = (uid: number): number => sizes[uid % sizes.length]!;

const letterOf = (uid: number, time: number): Letter => {
	const name = names[uid % names.length]!;
	const topic = topics[(uid * 7 + Math.floor(uid / 11)) % topics.length]!;
	const address = `${name.toLowerCase().replace(' ', '.')}@station.example`;
	const head = [
		`Date: ${writeMessageDate(time)}`,
		`From: ${name} <${address}>`,
		'To: log@station.example',
		`Subject: ${topic} ${uid}`,
		`Message-ID: <${uid}.log@station.example>`,
		'MIME-Version: 1.0',
		'Content-Type: text/plain; charset=utf-8',
		'',
		`Reading number ${uid} of the ${topic}.`,
		'',
	].join('\r\n');
	const line = `${topic}: value ${(uid * 2_654_435_761) % 99_991}, nothing unusual to report.\r\n`;
	const left = sizeOf(uid) - head.length - 2;
	const body = line.repeat(Math.ceil(left / line.length)).slice(0, left);
	return {message: messageOf([Buffer.from(`${head}${body}\r\n`, 'latin1')]), internalDate: time};
};

export const virtualMailbox = (options: VirtualOptions = {}): MailboxState => {
	const {count = 1_000_000, uidValidity = 1_733_000_001, unread = 3} = options;
	const newest = options.newest ?? Date.UTC(2026, 10, 20, 12);
	const cycle = sizes.reduce((sum, size) => sum + size, 0);
	let rest = 0;
	for (let uid = count - (count % sizes.length) + 1; uid <= count; uid++) rest += sizeOf(uid);
	return new MailboxState(uidValidity, {
		uids: [[1, count]],
		letterAt: uid => letterOf(uid, newest - (count - uid) * tenMinutesMs),
		flagsAt: uid => (uid > count - unread ? [] : uid % 97 === 0 ? ['\\Seen', '\\Flagged'] : ['\\Seen']),
		sizeAt: sizeOf,
		countUnseen: Math.min(unread, count),
		totalBytes: Math.floor(count / sizes.length) * cycle + rest,
	});
};
