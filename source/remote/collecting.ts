/**
 * The questions about many messages at once, for what is kept of them: flags, summaries, structures, the beginnings of
 * parts, previews. Always by UID.
 *
 * Laws: `.PEEK` always (law 6); never a part or a header without a range; a line that imapflow could not read never counts
 * as a message that is gone.
 */

import {Failure} from '../model/failure.ts';
import type {PartNumber} from '../model/ids.ts';
import {safeLine} from '../model/safe-text.ts';
import type {Purpose} from '../model/usage.ts';
import type {Asking} from './asking.ts';
import {atom, fieldsKey, keptFields, longestLiteral, longestWhole, peek, set, tooMuch} from './fetch-items.ts';
import {type FetchedRow, hasFields} from './fetched-row.ts';
import type {ArrivalFact, FlagsFact, MessageFact, Modseq, PartFact, RowFact, UidSet} from './remote.ts';
import {readStructure} from './structure.ts';
import {isIn, numbersIn} from './uid-set.ts';

/** RFC 8970 §3.1: 256 characters, which may have four octets each. */
const longestPreviewBytes = 4096;

type Named = FetchedRow & {readonly uid: number};
type Question = {
	readonly uids: string;
	readonly items: unknown;
	readonly modifier?: unknown;
	readonly purpose: Purpose;
	readonly wants: (row: FetchedRow) => boolean;
	readonly onRow: (row: Named) => void;
};

export class Collecting {
	readonly #asking: Asking;

	constructor(asking: Asking) {
		this.#asking = asking;
	}

	async flags(
		uids: UidSet,
		onFlags: (fact: FlagsFact & {readonly sequence: number}) => void,
		changedSince?: Modseq,
	): Promise<void> {
		const isSince = changedSince !== undefined && this.#asking.has('CONDSTORE');
		const areUnread = await this.#fetch({
			uids,
			items: atom('FLAGS'),
			...(isSince ? {modifier: [atom('CHANGEDSINCE'), atom(changedSince)]} : {}),
			purpose: 'rows',
			wants: row => row.flags !== undefined,
			onRow: ({uid, sequence, flags = []}) => onFlags({uid, sequence, flags}),
		});
		if (areUnread) throw unreadable();
	}

	/** A row that could not be read comes without its header, and is told so. */
	async summaries(uids: string, onRow: (row: RowFact) => void): Promise<number> {
		const told = new Set<number>();
		const fetch = (withHeader: boolean) =>
			this.#fetch({
				uids,
				items: [atom('FLAGS'), atom('RFC822.SIZE'), ...(withHeader ? [keptFields] : [])],
				purpose: 'rows',
				wants: row => row.sizeBytes !== undefined && (!withHeader || hasFields(row, 'REFERENCES')),
				onRow({uid, sequence, flags = [], sizeBytes = 0, sections}) {
					if (told.has(uid)) return;
					told.add(uid);
					onRow({sequence, uid, flags, sizeBytes, header: withHeader ? sections.get(fieldsKey) : undefined});
				},
			});
		if ((await fetch(true)) && (await fetch(false))) throw unreadable();
		return told.size;
	}

	async structures(uids: UidSet, onStructure: (uid: number, structure: PartFact | undefined) => void): Promise<void> {
		const told = new Set<number>();
		const tell = (uid: number, structure: PartFact | undefined) => {
			if (!told.has(uid)) onStructure(uid, structure);
			told.add(uid);
		};
		const areUnread = await this.#fetch({
			uids,
			items: atom('BODYSTRUCTURE'),
			purpose: 'structure',
			// One nested too deeply is left out of its line.
			wants: row => row.bodyStructure !== undefined || row.isBare,
			onRow: ({uid, bodyStructure}) => tell(uid, readStructure(bodyStructure)),
		});
		// Which of those that did not come are there: theirs were the lines that could not be read.
		if (areUnread) await this.flags(uids, ({uid}) => tell(uid, undefined));
	}

	async starts(
		uids: UidSet,
		part: PartNumber,
		length: number,
		onOctets: (uid: number, octets: Buffer) => void,
	): Promise<void> {
		const key = `BODY[${part}]<0>`;
		/** Of a server that does not know ranges. */
		const whole = `BODY[${part}]`;
		let tooLong: Failure | undefined;
		const fetch = () =>
			this.#fetch(
				{
					uids,
					items: peek(part === '' ? [] : [atom(part)], [0, length]),
					purpose: 'text',
					wants: ({sections}) => sections.has(key) || sections.has(whole),
					onRow: ({uid, sections}) => {
						const octets = sections.get(key) ?? sections.get(whole) ?? Buffer.alloc(0);
						if (!this.#asking.hasRanges) onOctets(uid, octets.subarray(0, length));
						else if (octets.length > length) tooLong ??= tooMuch(octets.length, length);
						else onOctets(uid, octets);
					},
				},
				this.#asking.hasRanges ? length : longestWhole,
			);
		await this.#asking.turns.take(
			numbersIn(uids).map(uid => `${uid} ${key}`),
			fetch,
		);
		if (tooLong) throw tooLong;
	}

	async previews(uids: UidSet, onPreview: (uid: number, text: string) => void): Promise<void> {
		await this.#fetch(
			{
				uids,
				items: atom('PREVIEW'),
				purpose: 'text',
				wants: row => row.preview !== undefined,
				onRow: ({uid, preview = ''}) => onPreview(uid, preview),
			},
			longestPreviewBytes,
		);
	}

	async arrivals(uids: string, onArrival: (fact: ArrivalFact) => void): Promise<void> {
		await this.#fetch({
			uids,
			items: [atom('INTERNALDATE'), atom('RFC822.SIZE')],
			purpose: 'rows',
			wants: row => row.internalDate !== undefined && row.sizeBytes !== undefined,
			onRow: ({uid, sizeBytes = 0, internalDate = 0}) => onArrival({uid, sizeBytes, date: internalDate}),
		});
	}

	async messages(uids: UidSet, longest: number, onMessage: (fact: MessageFact) => void): Promise<void> {
		// One octet more than there should be, so that a message that is longer than announced shows itself.
		const length = longest + 1;
		const [key, whole] = ['BODY[]<0>', 'BODY[]'];
		const fetch = () =>
			this.#fetch(
				{
					uids,
					items: [atom('FLAGS'), peek([], [0, length])],
					purpose: 'parts',
					wants: ({flags, sections}) => flags !== undefined && (sections.has(key) || sections.has(whole)),
					onRow({uid, flags = [], sections}) {
						const octets = sections.get(key) ?? sections.get(whole) ?? Buffer.alloc(0);
						onMessage({uid, flags, octets});
					},
				},
				length,
			);
		await this.#asking.turns.take(
			numbersIn(uids).map(uid => `${uid} ${key}`),
			fetch,
		);
	}

	/** Whether there were lines that could not be read. */
	async #fetch(question: Question, longest = longestLiteral): Promise<boolean> {
		const {client} = this.#asking;
		const {uids, items, modifier, purpose, onRow} = question;
		const isAsked = isIn(uids);
		const fetcher = {
			wants: (row: FetchedRow) => row.uid !== undefined && isAsked(row.uid) && question.wants(row),
			onRow: (row: FetchedRow) => onRow(row as Named),
		};
		const before = client.unreadableLines;
		const attributes = [set(uids), items, ...(modifier === undefined ? [] : [modifier])];
		await this.#asking.expecting(longest, () =>
			this.#asking.ask('these messages', () =>
				client.fetchRows(fetcher, () => this.#asking.command('UID FETCH', attributes, purpose)),
			),
		);
		return client.unreadableLines > before;
	}
}

const unreadable = (): Failure =>
	new Failure('broken', safeLine('The server said something of these messages that cannot be read'));
