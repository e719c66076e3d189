/**
 * The questions about messages: FETCH and UID FETCH, and which rows are the answer to which question.
 *
 * Laws: `.PEEK` always (law 6); never a part without a range (it may be the video); the longest literal the server
 * may send is what was asked for.
 */

import type {Purpose} from '../model/usage.ts';
import type {Asking} from './asking.ts';
import {
	answerFields,
	atom,
	fieldsKey,
	headerFields,
	keptFields,
	listFields,
	longestLiteral,
	longestWhole,
	peek,
	set,
	tooMuch,
} from './fetch-items.ts';
import {type FetchedRow, hasFields, isOfSection} from './fetched-row.ts';
import type {ChunkForm, Opening, RowFact, Section} from './remote.ts';
import {readStructure} from './structure.ts';
import {isIn} from './uid-set.ts';

/** What of the header a row may need, and an opened message. */
const rowHeaderBytes = 2048;
const openingHeaderBytes = 8192;

const rowItems = [atom('UID'), atom('FLAGS'), atom('RFC822.SIZE')];
const rowFields = ['DATE', 'FROM', 'SUBJECT'] as const;
const asRow = ({sequence, uid = 0, flags = [], sizeBytes = 0}: FetchedRow, header: Buffer | undefined): RowFact => ({
	sequence,
	uid,
	flags,
	sizeBytes,
	header,
});

export class Fetching {
	readonly #asking: Asking;

	constructor(asking: Asking) {
		this.#asking = asking;
	}

	async rows(
		numbers: string,
		onRow: (row: RowFact) => void,
		{withoutHeader = false, isKept = false} = {},
	): Promise<number> {
		const wanted = isIn(numbers);
		let came = 0;
		const fetcher = {
			wants: (row: FetchedRow) =>
				row.uid !== undefined &&
				row.sizeBytes !== undefined &&
				(withoutHeader || hasFields(row, isKept ? 'REFERENCES' : 'SUBJECT')) &&
				wanted(row.sequence),
			onRow: (row: FetchedRow) => {
				came += 1;
				onRow(asRow(row, row.sections.get(fieldsKey)));
			},
		};
		const fields = isKept ? keptFields : headerFields(rowHeaderBytes, ...rowFields);
		const items = [...rowItems, ...(withoutHeader ? [] : [fields])];
		await this.#asking.expecting(longestLiteral, () =>
			this.#asking.ask('these rows', () =>
				this.#asking.client.fetchRows(fetcher, () => this.#asking.command('FETCH', [set(numbers), items], 'rows')),
			),
		);
		return came;
	}

	async opening(uid: number, wantedBytes: number, {withRow = false} = {}): Promise<Opening> {
		// Part 1 may be the video.
		const probeBytes = this.#asking.hasRanges ? wantedBytes : 0;
		const probeKey = 'BODY[1]<0>';
		let structure: Opening['structure'];
		let isReadable = false;
		let row: RowFact | undefined;
		const octets = new Map<string, Buffer>();
		const fetcher = {
			wants: (row: FetchedRow) =>
				row.uid === uid &&
				// A header alone may be the answer to another question about the same message.
				(row.bodyStructure !== undefined ||
					(probeBytes > 0 ? row.sections.has(probeKey) : hasFields(row, 'CC') && !isOfSection(row))),
			onRow: (came: FetchedRow) => {
				if (came.bodyStructure !== undefined) structure = readStructure(came.bodyStructure);
				isReadable ||= structure !== undefined;
				for (const [key, bytes] of came.sections) octets.set(key, bytes);
				if (withRow && came.sizeBytes !== undefined) row = asRow(came, came.sections.get(fieldsKey));
			},
		};
		const items = [
			...(withRow ? rowItems : []),
			atom('BODYSTRUCTURE'),
			headerFields(openingHeaderBytes, ...(withRow ? rowFields : []), 'TO', 'CC'),
			...(probeBytes > 0 ? [peek([atom('1')], [0, probeBytes])] : []),
		];
		const ask = () =>
			this.#asking.expecting(longestLiteral, () =>
				this.#asking.ask('this message', () =>
					this.#asking.client.fetchRows(fetcher, () =>
						this.#asking.command('UID FETCH', [set(String(uid)), items], 'structure'),
					),
				),
			);
		await this.#asking.turns.take(probeBytes > 0 ? [`${uid} ${probeKey}`] : [], ask);
		const isAnswered = isReadable || octets.size > 0;
		if (!isAnswered || (withRow && row === undefined)) row = await this.#row(uid, withRow);
		const probe = octets.get(probeKey) ?? Buffer.alloc(0);
		if (probe.length > probeBytes) throw tooMuch(probe.length, probeBytes);
		return {
			answer: isReadable ? 'known' : isAnswered || row !== undefined ? 'unreadable' : 'gone',
			structure,
			header: octets.get(fieldsKey) ?? Buffer.alloc(0),
			probe,
			row,
		};
	}

	/** A row that did not come was either never there or could not be read: imapflow skips such a line silently. */
	async #row(uid: number, withHeader: boolean): Promise<RowFact | undefined> {
		const bare = await this.#rowWith(uid, rowItems);
		if (bare === undefined || !withHeader) return bare;
		return (await this.#rowWith(uid, [...rowItems, headerFields(rowHeaderBytes, ...rowFields)])) ?? bare;
	}

	async #rowWith(uid: number, items: readonly unknown[]): Promise<RowFact | undefined> {
		let row: RowFact | undefined;
		const fetcher = {
			wants: (came: FetchedRow) => came.uid === uid && came.sizeBytes !== undefined,
			onRow: (came: FetchedRow) => {
				row = asRow(came, came.sections.get(fieldsKey));
			},
		};
		await this.#asking.ask('this message', () =>
			this.#asking.client.fetchRows(fetcher, () =>
				this.#asking.command('UID FETCH', [set(String(uid)), items], 'structure'),
			),
		);
		return row;
	}

	/** Of a server whose ranges are not to be used: the section that was read last, of which the chunks are cut here. */
	#whole: {readonly key: string; readonly octets: Promise<Buffer | undefined>} | undefined;

	async chunk(...asked: Parameters<Fetching['range']>): Promise<Buffer | undefined> {
		if (this.#asking.hasRanges) return this.range(...asked);
		const [uid, section, offset, length, form, purpose] = asked;
		const key = `${this.#asking.mailbox} ${uid} ${section.part} ${section.of} ${form}`;
		if (this.#whole?.key !== key) {
			const octets = this.range(uid, section, 0, longestWhole, form, purpose);
			this.#whole = {key, octets};
			octets.catch(() => {
				this.#whole = undefined;
			});
		}
		return (await this.#whole.octets)?.subarray(offset, offset + length);
	}

	async range(
		uid: number,
		section: Section,
		offset: number,
		length: number,
		form: ChunkForm,
		purpose: Purpose,
	): Promise<Buffer | undefined> {
		const item = form === 'decoded' ? 'BINARY' : 'BODY';
		const name = sectionName(section);
		// Two questions about fields of one message have the same name: a row with others is another's answer.
		const isOthers = (row: FetchedRow): boolean =>
			name === specifiers.fields && row.fields.size > 0 && !isOfSection(row);
		const key = `${item}[${name}]<${offset}>`;
		/** Of a server that does not know ranges. */
		const whole = `${item}[${name}]`;
		const range = [offset, length] as const;
		return this.#asking.turns.take([`${uid} ${key}`], () =>
			this.#asking.expecting(length, () =>
				this.#asking.ask(
					'these octets',
					() =>
						new Promise<Buffer | undefined>((resolve, reject) => {
							const fetcher = {
								wants: (row: FetchedRow) =>
									row.uid === uid && (row.sections.has(key) || row.sections.has(whole)) && !isOthers(row),
								// The row is the answer: its tagged OK may be a long way behind the next command's rows.
								onRow: (row: FetchedRow) => {
									const bytes = row.sections.get(key) ?? row.sections.get(whole);
									const isElsewhere = !row.sections.has(key) && offset > 0;
									if (bytes && (bytes.length > length || isElsewhere)) reject(tooMuch(bytes.length, length));
									else resolve(bytes);
								},
							};
							const fields = sectionFields[section.of]?.map(atom);
							const items = peek(name === '' ? [] : [atom(name), ...(fields ? [fields] : [])], range, `${item}.PEEK`);
							this.#asking.client
								.fetchRows(fetcher, () => this.#asking.command('UID FETCH', [set(String(uid)), items], purpose))
								.then(() => resolve(undefined), reject);
						}),
				),
			),
		);
	}
}

const specifiers: Readonly<Record<Section['of'], string>> = {
	content: '',
	header: 'HEADER',
	fields: 'HEADER.FIELDS',
	'list-fields': 'HEADER.FIELDS',
};

const sectionFields: Partial<Readonly<Record<Section['of'], readonly string[]>>> = {
	fields: answerFields,
	'list-fields': listFields,
};

/** As FETCH names it (RFC 9051 §6.4.5.1): `2.1`, `2.HEADER`, ''. */
const sectionName = ({part, of}: Section): string => [part, specifiers[of]].filter(Boolean).join('.');
