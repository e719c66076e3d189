/**
Answering a message, and sending it on, as a draft. Pure.

Who an answer goes to:
- To the sender: Reply-To where there is one, else From. A Reply-To that is the list's own address was put there by the list, and whoever answers the sender means the sender.
- To all: Mail-Followup-To where there is one. Else the sender, and behind them whoever else the message went to.
- To the list: List-Post (RFC 2369).
- Nobody is in it twice. Whoever writes is left out, unless nobody else is left. An answer to one's own message goes to whom that went.

Who writes: the identity that the message went to, else that of the mailbox, else the first.
*/
import type {Address, Attachment, Draft} from '../model/draft.ts';
import {emptyDraft} from '../model/draft.ts';
import type {Identity} from '../model/sending.ts';
import {addressesOf, listOf, type Original, subjectOf, threadOf} from './original.ts';
import {forwarded, quotation, withSignature} from './quote.ts';
import {answerSubject, forwardSubject} from './subject.ts';

export type Writing = {
	/** At least one. */
	readonly identities: readonly Identity[];
	/** In which one reads; '' for none. */
	readonly mailbox: string;
	/** The text of the signature of an identity. */
	readonly signatureOf: (identity: Identity) => string;
	/** The writer's zone, east of Greenwich positive. */
	readonly zoneMinutes: number;
};

export type Manner = 'sender' | 'all' | 'list';

const key = ({address}: Address): string => address.toLowerCase();

/** Each once, without those in `besides`. */
function others(people: readonly Address[], besides: ReadonlySet<string> = new Set()): Address[] {
	const seen = new Set(besides);
	return people.filter(person => {
		const isNew = !seen.has(key(person));
		seen.add(key(person));
		return isNew;
	});
}

/** Fields that say under which address a message came; the last ones are put there on delivery. */
const reached = ['to', 'cc', 'resent-to', 'delivered-to', 'x-original-to', 'envelope-to'];

export function identityFor(original: Pick<Original, 'fields'> | undefined, {identities, mailbox}: Writing): Identity {
	const own = new Map(identities.map(identity => [key(identity), identity]));
	const came = original === undefined ? [] : reached.flatMap(name => addressesOf(original, name));
	const wrote = original === undefined ? [] : addressesOf(original, 'from');
	const found = [...wrote, ...came].map(person => own.get(key(person))).find(each => each !== undefined);
	return found ?? identities.find(({mailboxes}) => mailboxes.includes(mailbox)) ?? identities[0]!;
}

type Recipients = {readonly to: readonly Address[]; readonly cc: readonly Address[]};

/** A problem when there is no such way to answer it. */
export function recipientsOf(
	original: Pick<Original, 'fields'>,
	manner: Manner,
	identities: readonly Address[],
): Recipients | {readonly problem: string} {
	const own = new Set(identities.map(key));
	const list = listOf(original);
	const authors = addressesOf(original, 'from');
	if (manner === 'list') {
		if (list === undefined) return {problem: 'It did not come through a mailing list that takes answers'};
		return {to: [list], cc: []};
	}
	const isOwn = authors.length > 0 && authors.every(person => own.has(key(person)));
	const wanted = addressesOf(original, 'reply-to');
	const isOfList = list !== undefined && wanted.length === 1 && key(wanted[0]!) === key(list);
	const sender = isOwn ? addressesOf(original, 'to') : wanted.length > 0 && !isOfList ? wanted : authors;
	const to = others(sender);
	if (to.length === 0) return {problem: 'It does not say whom it is from. Write to an address of your own'};
	if (manner === 'sender') return {to, cc: []};
	const followUp = others(addressesOf(original, 'mail-followup-to'), own);
	if (followUp.length > 0) return {to: followUp, cc: []};
	const left = others(to, own);
	const first = left.length > 0 ? left : to;
	const rest = ['to', 'cc'].flatMap(name => addressesOf(original, name));
	const besides = isOfList ? [...rest, ...wanted] : rest;
	return {to: first, cc: others(besides, new Set([...own, ...first.map(key)]))};
}

const withoutFiles = ({name, address}: Identity): Address => ({name, address});

export function answerTo(original: Original, manner: Manner, writing: Writing): Draft | {readonly problem: string} {
	const recipients = recipientsOf(original, manner, writing.identities);
	if ('problem' in recipients) return recipients;
	const identity = identityFor(original, writing);
	return {
		...emptyDraft(withoutFiles(identity)),
		...recipients,
		...threadOf(original),
		subject: answerSubject(subjectOf(original)),
		text: withSignature(quotation(original, writing.zoneMinutes), writing.signatureOf(identity)),
	};
}

/** With its text below the writer's own, or, where it comes along whole, as an attachment. */
export function forwardOf(original: Original, writing: Writing, whole?: Attachment): Draft {
	const identity = identityFor(original, writing);
	const text = whole === undefined ? forwarded(original, writing.zoneMinutes) : '';
	return {
		...emptyDraft(withoutFiles(identity)),
		// It is no answer, but belongs to the thread for who has it.
		references: threadOf(original).references,
		subject: forwardSubject(subjectOf(original)),
		text: withSignature(`\n${text}`, writing.signatureOf(identity)),
		attachments: whole === undefined ? [] : [whole],
	};
}

/** Sent on as it is (RFC 5322 §3.6.6): who resends it. What is said of it is `resentFields`. */
export const resenderOf = (original: Original, writing: Writing): Address =>
	withoutFiles(identityFor(original, writing));
