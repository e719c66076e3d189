/**
 * What of a message can stay on its server when it is sent on: the submission server fetches it from there, as it was sent,
 * and nothing of it crosses the line. Pure but for looking at what is known.
 */
import type {Attachment} from '../source/model/draft.ts';
import {partNumber} from '../source/model/ids.ts';
import type {Original} from '../source/model/outgoing.ts';
import {isMultipart, type Part, walk} from '../source/model/part.ts';
import {typeOf} from '../source/model/part-words.ts';
import {maySendAsIs} from '../source/model/piece.ts';
import type {OpenMessage, Session} from '../source/session/session.ts';
import type {Writing} from '../source/writing/writing.ts';

/** Where a message lies; undefined while that is not known for certain. */
export function whereItLies(session: Session, {lies: {mailbox, uid}}: OpenMessage): Original | undefined {
	const {uidValidity} = session.mailbox(mailbox).state.get();
	return uidValidity === undefined ? undefined : {account: session.account, mailbox, uidValidity, uid};
}

/** The same, when its parts may stay there for who writes; undefined: they have to come. */
export function stayingAt(
	session: Session,
	writing: Pick<Writing, 'account'>,
	message: OpenMessage,
): Original | undefined {
	const mayStay = session.account === writing.account && session.post.staying.get() === 'yes';
	return mayStay && message.summary.get() !== undefined ? whereItLies(session, message) : undefined;
}

/** A part that stays; undefined where it cannot be sent as it lies. `sizeBytes`: about, when it is decoded. */
export function partLeft(
	at: Original,
	part: Part,
	{name, sizeBytes}: {readonly name: string; readonly sizeBytes: number},
) {
	const {number, encoding} = part;
	if (isMultipart(part) || !maySendAsIs(encoding.toLowerCase())) return undefined;
	const place = {...at, part: number, sizeBytes: part.sizeBytes, encoding: encoding.toLowerCase()};
	return {name, type: typeOf(part), sizeBytes, at: place} satisfies Attachment;
}

/** What a message in transfer needs: what its parts do (RFC 2046 §5.2.1), and its header where it is known. */
function encodingOf(root: Part, header: Buffer): string {
	const needed = [...walk(root)].filter(part => !isMultipart(part)).map(({encoding}) => encoding.toLowerCase());
	if (needed.some(encoding => !maySendAsIs(encoding) && !/^x-/.test(encoding))) return 'binary';
	return needed.includes('8bit') || header.some(octet => octet > 127) ? '8bit' : '7bit';
}

/** The whole message, or the attached one that is open, as an attachment. */
export function wholeLeft(at: Original, message: OpenMessage, name: string): Attachment | undefined {
	const root = message.content.get().structure;
	const sizeBytes = message.part === '' ? message.summary.get()?.sizeBytes : undefined;
	if (root === undefined || sizeBytes === undefined) return undefined;
	const encoding = encodingOf(root, message.written().header);
	if (!maySendAsIs(encoding)) return undefined;
	return {name, type: 'message/rfc822', sizeBytes, at: {...at, part: message.part, sizeBytes, encoding}};
}

/** A message that is sent on as it is: its header is here, all of it, and the rest stays. */
export function resentLeft(at: Original, message: OpenMessage, name: string) {
	const whole = message.part === '' ? wholeLeft(at, message, name) : undefined;
	const {header} = message.written();
	if (whole?.at === undefined || message.content.get().allHeaders === undefined) return undefined;
	if (header.subarray(-4).toString('latin1') !== '\r\n\r\n') return undefined;
	const rest = {...whole.at, part: partNumber('TEXT'), sizeBytes: whole.sizeBytes - header.length};
	return {...whole, header: header.toString('latin1'), at: rest};
}
