/**
 * The questions about messages of local mail: rows, openings, octets. A message that was read whole stays in memory for a
 * while, since its parts are asked for in chunks.
 */
import type {Opening, Origin, PartFact, RowFact, Section} from '../remote/remote.ts';
import type {IndexedMessage} from '../store/maildir-index.ts';
import {fieldsOf, isWholeHeader, messageIdOf} from './header-fields.ts';
import {inOrder} from './in-order.ts';
import type {LocalMailbox} from './local-mailbox.ts';
import {flagsOf, readName} from './maildir-name.ts';
import {type MessageParts, partsOf} from './message-parts.ts';
import type {ToldMailbox} from './told-mailbox.ts';

const rowFields = ['date', 'from', 'subject'];
const openingFields = ['to', 'cc'];
const keptFields = [...rowFields, ...openingFields, 'message-id', 'in-reply-to', 'references'];
const rowHeaderBytes = 2048;
const longHeaderBytes = 8192;

/** What a header takes, nearly always; one that is longer is read once more, up to the second. */
const usualHeaderBytes = 16_384;
const longestHeaderBytes = 1_000_000;

/** Of messages that were read whole; the last one stays whatever it takes. */
const mostKeptBytes = 64_000_000;

type Whole = {readonly octets: Buffer; readonly parts: MessageParts};

export class LocalReading {
	/** The one that was read last comes last. */
	readonly #wholes = new Map<string, Whole>();

	/** Those that are gone are left out. */
	async rows(
		told: ToldMailbox,
		uids: readonly number[],
		fields: 'none' | 'row' | 'kept',
		onRow: (row: RowFact) => void,
	): Promise<number> {
		const keywords = await told.mailbox.keywords();
		let count = 0;
		await inOrder(
			uids,
			async uid => {
				const header = fields === 'none' ? undefined : await this.header(told.mailbox, uid);
				const message = told.mailbox.message(uid);
				if (message === undefined || (fields !== 'none' && header === undefined)) return undefined;
				return {message, header, sizeBytes: await told.mailbox.sizeOf(message)};
			},
			(found, uid) => {
				if (found === undefined) return;
				count += 1;
				const {message, header, sizeBytes} = found;
				const named =
					fields === 'row'
						? fieldsOf(header!, rowFields, rowHeaderBytes)
						: fieldsOf(header ?? noOctets, keptFields, longHeaderBytes);
				onRow({
					sequence: told.sequenceOf(uid)!,
					uid,
					flags: flagsOf(readName(message.name).letters, keywords),
					sizeBytes,
					header: fields === 'none' ? undefined : named,
				});
			},
		);
		return count;
	}

	/** The beginning of the message with all of its header; undefined: it is gone. */
	async header(mailbox: LocalMailbox, uid: number): Promise<Buffer | undefined> {
		const start = await mailbox.read(uid, usualHeaderBytes);
		if (start === undefined || start.octets.length < usualHeaderBytes || isWholeHeader(start.octets))
			return start?.octets;
		return (await mailbox.read(uid, longestHeaderBytes))?.octets;
	}

	async opening(told: ToldMailbox, uid: number, probeBytes: number, {withRow = false}): Promise<Opening> {
		const whole = await this.#whole(told.mailbox, uid);
		if (whole === undefined || told.sequenceOf(uid) === undefined) return gone;
		const fields = withRow ? [...rowFields, ...openingFields] : openingFields;
		let row: RowFact | undefined;
		const header = fieldsOf(whole.octets.subarray(0, longestHeaderBytes), fields, longHeaderBytes);
		if (withRow) await this.rows(told, [uid], 'none', each => (row = {...each, header}));
		return {
			answer: 'known',
			structure: whole.parts.structure,
			header,
			probe: cut(whole, {part: '1', of: 'content'} as Section, 0, probeBytes),
			row,
		};
	}

	async chunk(
		told: ToldMailbox,
		uid: number,
		section: Section,
		offset: number,
		length: number,
	): Promise<Buffer | undefined> {
		if (told.sequenceOf(uid) === undefined) return undefined;
		const whole = await this.#whole(told.mailbox, uid);
		return whole && cut(whole, section, offset, length);
	}

	async structures(
		told: ToldMailbox,
		uids: readonly number[],
		onStructure: (uid: number, structure: PartFact | undefined) => void,
	): Promise<void> {
		for (const uid of uids) {
			const whole = await this.#whole(told.mailbox, uid);
			if (whole) onStructure(uid, whole.parts.structure);
		}
	}

	async origins(told: ToldMailbox, uids: readonly number[]): Promise<Map<number, Origin>> {
		const {mailbox} = told;
		const keywords = await mailbox.keywords();
		const origins = new Map<number, Origin>();
		await inOrder(
			uids,
			async (uid): Promise<Origin | undefined> => {
				const message = mailbox.message(uid);
				const messageId = message && (await this.messageId(mailbox, message));
				if (message === undefined || messageId === undefined) return undefined;
				const [date, sizeBytes] = [await mailbox.dateOf(message), await mailbox.sizeOf(message)];
				return {flags: flagsOf(readName(message.name).letters, keywords), date, sizeBytes, messageId};
			},
			(origin, uid) => origin && origins.set(uid, origin),
		);
		return origins;
	}

	/** '' for none; undefined: it is gone. */
	async messageId(mailbox: LocalMailbox, {uid, messageId}: IndexedMessage): Promise<string | undefined> {
		if (messageId !== undefined) return messageId;
		const header = await this.header(mailbox, uid);
		const found = header && messageIdOf(header);
		if (found !== undefined) mailbox.learn({uid, messageId: found});
		return found;
	}

	/** Hardly ever asked for, so it is not remembered. '' for none; undefined: it is gone. */
	async resentMessageId(mailbox: LocalMailbox, {uid}: IndexedMessage): Promise<string | undefined> {
		const header = await this.header(mailbox, uid);
		return header && messageIdOf(header, 'resent-message-id');
	}

	async #whole(mailbox: LocalMailbox, uid: number): Promise<Whole | undefined> {
		const key = `${mailbox.indexed.uidValidity} ${uid}`;
		const known = this.#wholes.get(key);
		this.#wholes.delete(key);
		const octets = known === undefined ? (await mailbox.read(uid))?.octets : undefined;
		const whole = known ?? (octets && {octets, parts: partsOf(octets)});
		if (whole === undefined) return undefined;
		this.#wholes.set(key, whole);
		let bytes = 0;
		for (const [each, {octets: kept}] of [...this.#wholes].reverse()) {
			bytes += kept.length;
			if (bytes > mostKeptBytes && each !== key) this.#wholes.delete(each);
		}
		return whole;
	}
}

const noOctets = Buffer.alloc(0);
const gone: Opening = {answer: 'gone', structure: undefined, header: noOctets, probe: noOctets, row: undefined};

/** Nothing of a section that is not there, as a server answers (RFC 9051 §6.4.5). */
function cut({octets, parts}: Whole, section: Section, offset: number, length: number): Buffer {
	const [start, end] = parts.find(section) ?? [0, 0];
	return octets.subarray(Math.min(start + offset, end), Math.min(start + offset + length, end));
}
