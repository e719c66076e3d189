/**
From a draft to the octets of a message (RFC 5322, 2045 to 2047, 2231, 3676, 6532): the face of this folder, and the first file to read. Pure: knows no files, no servers and no clock.

- What is written before: `answer.ts` (answering, sending on) ← `original.ts` (what of a message that needs) · `quote.ts` · `subject.ts`; `mailto.ts`
- A message that another program wrote: `submitted.ts` · `wire-lines.ts`
- A message: `compose.ts` ← `check-draft.ts` (what cannot be sent) · `mended-node.ts` (nodemailer, mended) · `flow.ts` (format=flowed) · `message-id.ts` · `date-field.ts`

Laws:
- Nothing that is typed into one field gets into another: no field holds a line break.
- Bcc is in the envelope and never in the octets, but of a draft, which nobody gets. Neither the name of this machine, nor a path on it, is in either.
- Octets stream: an attachment is never whole in memory, and one that lies on a server is named instead, to be taken from there. What is attached arrives as it was, octet for octet, so it travels in base64 whatever it is; only a message is left as it is (RFC 2046 §5.2.1), and what lies on a server is as it was sent.
- Lines end in CRLF and are no longer than 998 octets, but for those of an attached message.
*/
import {Readable} from 'node:stream';
import {buildHeaderValue, foldLines} from 'nodemailer/lib/mime-funcs';
import {type Address, type Attachment, type Draft, type Envelope, isAttachedMessage} from '../model/draft.ts';
import {maySendAsIs, type PartOnServer} from '../model/piece.ts';
import {draftProblems} from './check-draft.ts';
import {flow} from './flow.ts';
import {MendedNode} from './mended-node.ts';
import {readMessageIds} from './message-id.ts';

export {addressProblem, draftProblems} from './check-draft.ts';
export {dateField, localZone} from './date-field.ts';
export {newMessageId, readMessageIds} from './message-id.ts';

/** A draft that cannot be sent as it is. */
export class DraftProblem extends Error {}

export type Composing = {
	/** In its angle brackets. */
	readonly messageId: string;
	/** As `dateField` spells it. */
	readonly date: string;
	/** It is kept and not sent: whatever is in it, with its Bcc. */
	readonly isDraft?: boolean;
	/** The octets of an attachment that is here; asked for when their turn comes. */
	readonly open: (file: string) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
};

export type Composed = {
	/** Octets, and between them what lies on a server. Ends in a CRLF. Fails with what `open` fails with. */
	readonly pieces: AsyncIterable<Buffer | PartOnServer>;
	readonly envelope: Envelope;
	/** Whether octets over 127 are in it: in an attached message, or in an address (RFC 6152). */
	readonly isEightBit: boolean;
	/** Whether it can only be carried by servers with SMTPUTF8 (RFC 6531): an address needs it. */
	readonly needsUtf8: boolean;
};

/** Throws a DraftProblem. */
export function composeMessage(draft: Draft, composing: Composing): Composed {
	const {isDraft = false} = composing;
	const [problem] = isDraft ? [] : draftProblems(draft);
	if (problem !== undefined) throw new DraftProblem(problem);
	const stuck = draft.attachments.find(({at}) => !isDraft && at !== undefined && !maySendAsIs(at.encoding));
	if (stuck !== undefined)
		throw new DraftProblem(`${stuck.name} cannot travel as it lies on the server: fetch it first`);
	const root = rootNode(draft, composing);
	setHeader(root, draft, composing);
	const {from, to} = root.getEnvelope();
	const everybody = [draft.from, ...draft.to, ...draft.cc, ...draft.bcc, ...draft.replyTo];
	const needsUtf8 = everybody.some(({address}) => /[^\0-\x7f]/.test(address.slice(0, address.lastIndexOf('@'))));
	return {
		pieces: root.pieces(),
		envelope: {from: from || '', to},
		isEightBit: needsUtf8 || draft.attachments.some(isEightBit),
		needsUtf8,
	};
}

/** nodemailer has its own ideas of what a file name or a URL in a message means: none of them apply. */
const closed = {disableFileAccess: true, disableUrlAccess: true};

function rootNode({text, alternative, attachments}: Draft, {open}: Composing): MendedNode {
	if (attachments.length === 0) return saidNode(text, alternative);
	const root = new MendedNode('multipart/mixed', closed);
	if (attachments.some(isEightBit)) root.setHeader('Content-Transfer-Encoding', '8bit');
	if (text !== '' || alternative) root.appendChild(saidNode(text, alternative));
	for (const attachment of attachments) root.appendChild(attachmentNode(attachment, open));
	return root;
}

/** Who understands the last of them takes that (RFC 2046 §5.1.4). */
function saidNode(text: string, alternative: Draft['alternative']): MendedNode {
	const plain = textNode(text, new MendedNode(undefined, closed));
	if (alternative === undefined) return plain;
	const both = new MendedNode('multipart/alternative', closed);
	both.appendChild(plain);
	const other = new MendedNode(undefined, closed);
	other.setHeader('Content-Type', mediaType(alternative.type));
	other.setContent(alternative.text.toWellFormed().replaceAll(/\r\n|\r|\n/g, '\r\n'));
	both.appendChild(other);
	return both;
}

function textNode(text: string, node: MendedNode): MendedNode {
	const lines = text.toWellFormed().replaceAll(/\r\n?/g, '\n');
	const body = lines === '' || lines.endsWith('\n') ? lines : `${lines}\n`;
	const charset = /^[\0-\x7f]*$/.test(body) ? 'us-ascii' : 'utf-8';
	node.setHeader('Content-Type', `text/plain; charset=${charset}; format=flowed`);
	return node.setContent(flow(body).replaceAll('\n', '\r\n')) as unknown as MendedNode;
}

const isEightBit = (attachment: Attachment): boolean =>
	attachment.at ? attachment.at.encoding === '8bit' : isAttachedMessage(attachment) && attachment.isEightBit === true;

function attachmentNode(attachment: Attachment, open: Composing['open']): MendedNode {
	const node = new MendedNode(undefined, closed);
	node.setHeader('Content-Type', mediaType(attachment.type));
	if (!isAttachedMessage(attachment)) node.setHeader('Content-Transfer-Encoding', attachment.at?.encoding ?? 'base64');
	else if (isEightBit(attachment)) node.setHeader('Content-Transfer-Encoding', '8bit');
	const filename = fileName(attachment.name);
	const disposition = buildHeaderValue({value: 'attachment', params: filename === '' ? {} : {filename}});
	node.setHeader('Content-Disposition', {value: disposition, prepared: true, foldLines: true} as never);
	const {at, file} = attachment;
	if (at !== undefined) return node.takenFrom(at);
	node.setContent(lazily(() => (isAttachedMessage(attachment) ? wireEnds(open(file)) : open(file))) as never);
	return node;
}

/** A message of this disk may have other line ends, or several kinds; a CR alone may not travel (RFC 5321 §2.3.8). */
async function* wireEnds(octets: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
	let held = '';
	for await (const each of octets) {
		const text = `${held}${Buffer.from(each).toString('latin1')}`;
		held = text.endsWith('\r') ? '\r' : '';
		yield Buffer.from(text.slice(0, text.length - held.length).replaceAll(/\r\n|\r|\n/g, '\r\n'), 'latin1');
	}
	yield Buffer.from(held === '' ? '' : '\r\n');
}

/** A message of many attachments would else have them all open from the start. */
const lazily = (open: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Readable =>
	Readable.from(
		(async function* () {
			yield* open();
		})(),
		{objectMode: false},
	);

/** What is no media type is octets (RFC 2046 §4.5.1). */
function mediaType(type: string): string {
	const token = "[!#$%&'*+.^_`|~0-9a-z-]+";
	const isType = new RegExp(`^${token}/${token}(\\s*;\\s*${token}=("[^"\\\\\\x00-\\x1f\\x7f]*"|${token}))*$`, 'i');
	return isType.test(type) && !/^multipart\//i.test(type) ? type : 'application/octet-stream';
}

/** Without the folders it lies in, which are nobody's business (RFC 2183 §2.3), and without runs of blanks, which folding spoils. */
const fileName = (name: string): string =>
	(name.toWellFormed().split(/[/\\]/).at(-1) ?? '').replaceAll(/[\s\x00-\x1f\x7f]+/g, ' ').trim();

function setHeader(root: MendedNode, draft: Draft, {messageId, date, isDraft}: Composing): void {
	root.keepsBcc(isDraft === true);
	const list = (addresses: readonly Address[]) => addresses.map(({name, address}) => ({name: oneLine(name), address}));
	root.setHeader('From', list([draft.from]) as never);
	const isHidden = draft.to.length + draft.cc.length === 0;
	// Who reads it should see that it was not for a list of nobody (RFC 5322 A.1.3).
	if (!isHidden || !isDraft)
		root.setHeader('To', (isHidden ? [{name: 'undisclosed-recipients', group: []}] : list(draft.to)) as never);
	if (draft.cc.length > 0) root.setHeader('Cc', list(draft.cc) as never);
	if (draft.bcc.length > 0) root.setHeader('Bcc', list(draft.bcc) as never);
	if (draft.replyTo.length > 0) root.setHeader('Reply-To', list(draft.replyTo) as never);
	const subject = oneLine(draft.subject);
	if (subject.trim() !== '') root.setHeader('Subject', subject);
	root.setHeader('Date', date);
	root.setHeader('Message-ID', messageId);
	setIds(root, 'In-Reply-To', draft.inReplyTo);
	setIds(root, 'References', draft.references);
	for (const {name, value} of draft.headers) root.addHeader(name, ownField(root, name, value) as never);
}

function setIds(root: MendedNode, name: string, ids: readonly string[]): void {
	const value = readMessageIds(ids.join(' ')).join(' ');
	if (value !== '') root.setHeader(name, value);
}

/** Those that hold addresses are structured: an encoded word stands only where a name does. */
function ownField(root: MendedNode, name: string, value: string): unknown {
	const holdsAddresses = /^(sender|mail-followup-to|mail-reply-to|disposition-notification-to|resent-.*|errors-to)$/i;
	if (!holdsAddresses.test(name)) return oneLine(value);
	return {value: root.encodeHeaderValue('To', oneLine(value) as never), prepared: true, foldLines: true};
}

const oneLine = (text: string): string => text.toWellFormed().replaceAll(/[\r\n\u2028\u2029\x85]+/g, ' ');

/** Fields that are put before those of a message that is sent on as it is (RFC 5322 §3.6.6). */
export function resentFields({
	from,
	to,
	messageId,
	date,
}: {
	readonly from: Address;
	readonly to: readonly Address[];
	readonly messageId: string;
	readonly date: string;
}): Buffer {
	const node = new MendedNode(undefined, closed);
	const addresses = (list: readonly Address[]): string =>
		node.encodeHeaderValue('To', list.map(({name, address}) => ({name: oneLine(name), address})) as never);
	const fields = [
		['Resent-Date', date],
		['Resent-From', addresses([from])],
		['Resent-To', addresses(to)],
		['Resent-Message-ID', messageId],
	];
	return Buffer.from(fields.map(([name, value]) => `${foldLines(`${name}: ${value}`, 76)}\r\n`).join(''));
}
