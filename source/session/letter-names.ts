/**
 * What a drained message is called on the disk, and by what it is known again. Pure.
 *
 * Law: the name follows from account, mailbox, UIDVALIDITY and UID alone (and its date, which never changes), so that a
 * second delivery of a message is no second message.
 */
import {createHash} from 'node:crypto';
import type {MailboxPath} from '../model/ids.ts';
import type {Arrival} from '../store/receipts.ts';

export function keyOf(
	{account, path, uidValidity}: {readonly account: string; readonly path: MailboxPath; readonly uidValidity: number},
	{uid, date}: Arrival,
): string {
	const place = createHash('sha256')
		.update(JSON.stringify([account, path]))
		.digest('hex')
		.slice(0, 16);
	return `${Math.max(0, Math.floor(date / 1000))}.V${uidValidity}Q${uid}.${place}`;
}

/** Alike enough to ask for its Message-ID. */
export const isSameMessage = (a: Arrival, b: Arrival): boolean => a.sizeBytes === b.sizeBytes && a.date === b.date;

/** One that came from a mailbox that was numbered otherwise, and may be the same: its receipt was given that name. */
export const sameAs = ({name}: {readonly name: string}, key: string): string | undefined =>
	name === '' || name === key ? undefined : name;

const longestHeader = 64 * 1024;

/** The Message-ID in the first octets of a message, as sent; '' when there is none. */
export function messageIdOf(octets: Buffer): string {
	const start = octets.subarray(0, longestHeader).toString('latin1');
	const end = /\r?\n\r?\n/.exec(start)?.index ?? start.length;
	return /^message-id:\s*(<[^<>\s]+>)/im.exec(start.slice(0, end))?.[1] ?? '';
}
