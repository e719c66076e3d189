/**
A message that another program has written (`git send-email`, a script), made fit for the wire: its header as it may leave, and whom it goes to. Its body is not touched but for its line ends (`wire-lines.ts`).

- Bcc, and what only a delivering server may add, go; Date, Message-ID and From come where they are missing (RFC 6409 §8).
- Nothing else is changed: it may be signed.
*/
import {domainToASCII} from 'node:url';
import type {Address, Envelope} from '../model/draft.ts';
import {parseAddresses} from '../text/addresses.ts';
import {parseHeader} from '../text/header.ts';
import {addressProblem} from './check-draft.ts';
import {MendedNode} from './mended-node.ts';
import {readMessageIds} from './message-id.ts';

export type Submitted = {
	/** With the empty line behind it. */
	readonly header: Buffer;
	readonly envelope: Envelope;
	readonly messageId: string;
	readonly needsUtf8: boolean;
};

export type Submitting = {
	/** Instead of the sender in the header; undefined: that one. */
	readonly from: string | undefined;
	readonly recipients: readonly string[];
	/** Whether those in the header get it too (`-t`). */
	readonly takesRecipients: boolean;
	/** Who writes when the message does not say. */
	readonly writer: Address;
	/** For a message without one. */
	readonly newMessageId: (sender: string) => string;
	readonly date: string;
};

/** Fields of RFC 5322 §3.6.3 that nobody but the envelope may hold, and the trace of an earlier delivery. */
const dropped = /^(bcc|resent-bcc|return-path|delivered-to|x-original-to)$/i;

type Field = {readonly name: string; readonly lines: readonly string[]};

/** Who the message itself says it is from; '' when it does not. @param header Octets as latin1. */
export function writerOf(header: string): string {
	const [first] = addressesIn(fieldsOf(header), /^from$/i);
	return first?.address ?? '';
}

/** @param header Octets as latin1, up to the empty line or the end. */
export function readSubmitted(header: string, submitting: Submitting): Submitted | {readonly problem: string} {
	const fields = fieldsOf(header);
	const isResent = fields.some(({name}) => /^resent-(to|cc|bcc)$/i.test(name));
	const inHeader = submitting.takesRecipients
		? addressesIn(fields, isResent ? /^resent-(to|cc|bcc)$/i : /^(to|cc|bcc)$/i)
		: [];
	const [author] = addressesIn(fields, isResent ? /^resent-from$/i : /^from$/i);
	const from = submitting.from ?? (author?.address || submitting.writer.address);
	const to = [...submitting.recipients, ...inHeader.map(({address}) => address)];
	if (to.length === 0) return {problem: 'it goes to nobody. Name the recipients, or take them from the header with -t'};
	for (const address of from === '' ? to : [from, ...to]) {
		const problem = addressProblem(address);
		if (problem !== undefined) return {problem: `${address || 'an empty address'} is no address: ${problem}`};
	}
	const kept = fields.filter(({name}) => !dropped.test(name));
	const has = (wanted: RegExp): boolean => kept.some(({name}) => wanted.test(name));
	const [known] = readMessageIds(kept.find(({name}) => /^message-id$/i.test(name))?.lines.join(' ') ?? '');
	const messageId = known ?? submitting.newMessageId(from || submitting.writer.address);
	const missing = [
		...(has(/^from$/i) ? [] : [`From: ${spelled(submitting.writer)}`]),
		...(has(/^date$/i) ? [] : [`Date: ${submitting.date}`]),
		...(known === undefined ? [`Message-ID: ${messageId}`] : []),
	];
	const others = known === undefined ? kept.filter(({name}) => !/^message-id$/i.test(name)) : kept;
	const lines = [...others.flatMap(each => each.lines), ...missing];
	return {
		header: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
		envelope: {from: inEnvelope(from), to: [...new Set(to.map(inEnvelope))]},
		messageId,
		needsUtf8: [from, ...to].some(address => /[^\0-\x7f]/.test(inEnvelope(address))),
	};
}

const spelled = (writer: Address): string => {
	const node = new MendedNode();
	return Buffer.from(node.encodeHeaderValue('From', [{...writer}] as never)).toString('latin1');
};

/** A domain in ASCII, so that most servers can take it; with a local part in another script only SMTPUTF8 can. */
function inEnvelope(address: string): string {
	const at = address.lastIndexOf('@');
	const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
	if (at === -1 || /[^\0-\x7f]/.test(local)) return address;
	return `${local}@${domainToASCII(domain) || domain}`;
}

/** What is no field ends the header; the line an mbox puts in front of a message is none of it. */
function fieldsOf(header: string): Field[] {
	const lines = header.split(/\r\n|\n|\r/).map(line => line.replaceAll('\0', ''));
	const fields: {name: string; lines: string[]}[] = [];
	for (const [index, line] of lines.entries()) {
		if (index === 0 && /^From \S/.test(line)) continue;
		const name = /^([!-9;-~]+)[ \t]*:/.exec(line)?.[1];
		if (name !== undefined) fields.push({name, lines: [line]});
		else if (/^[ \t]+\S/.test(line) && fields.length > 0) fields.at(-1)!.lines.push(line);
	}
	return fields;
}

const addressesIn = (fields: readonly Field[], wanted: RegExp): Address[] =>
	parseHeader(
		Buffer.from(
			fields
				.filter(({name}) => wanted.test(name))
				.flatMap(({lines}) => lines)
				.join('\r\n'),
			'latin1',
		),
	)
		.flatMap(({rawValue}) => parseAddresses(rawValue, {isTyped: true}))
		.filter(({address}) => address !== '');
