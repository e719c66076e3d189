/**
 * The questions about messages: FETCH and UID FETCH, and which rows are the answer to which question.
 *
 * Laws: `.PEEK` always (law 6); never a part without a range (it may be the video); the longest literal the server
 * may send is what was asked for.
 */
import {Failure} from '../model/failure.ts';
import {safeLine} from '../model/safe-text.ts';
import type {Purpose} from '../model/usage.ts';
import type {FetchedRow} from './fetched-row.ts';
import type {PipelinedImapFlow, Response} from './pipelined-imapflow.ts';
import type {ChunkForm, Opening, RowFact, Section} from './remote.ts';
import {readStructure} from './structure.ts';
import {isIn} from './uid-set.ts';

/** As much of a connection as this needs. */
export type Line = {
	readonly client: PipelinedImapFlow;
	/** Turns what is thrown into a Failure. */
	readonly ask: <T>(what: string, ask: () => Promise<T>) => Promise<T>;
	readonly command: (name: string, attributes: readonly unknown[], purpose: Purpose) => Promise<Response>;
};

/** What of the header a row may need, and an opened message. */
const rowHeaderBytes = 2048;
const openingHeaderBytes = 8192;
/** A structure is not asked for by length; a name in it that is longer is no honest one. */
export const longestLiteral = 256 * 1024;

const atom = (value: string) => ({type: 'ATOM', value});
const set = (value: string) => ({type: 'SEQUENCE', value});
const peek = (section: unknown[], partial?: readonly [number, number], item = 'BODY.PEEK') => ({
	type: 'ATOM',
	value: item,
	section,
	...(partial ? {partial} : {}),
});
/** Never without a range: a sender may write a megabyte of Subject. */
const headerFields = (length: number, ...names: string[]) =>
	peek([atom('HEADER.FIELDS'), names.map(atom)], [0, length]);

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
	readonly #line: Line;
	/** The literals that answers under way may bring, so that the limit is never below the largest. */
	readonly #expected = new Set<{bytes: number}>();
	/** By message and section, the chunks whose answers are under way. */
	readonly #asked = new Map<string, Promise<void>>();

	constructor(line: Line) {
		this.#line = line;
	}

	async rows(numbers: string, onRow: (row: RowFact) => void, {withoutHeader = false} = {}): Promise<number> {
		const wanted = isIn(numbers);
		const key = 'BODY[HEADER.FIELDS]<0>';
		let came = 0;
		const fetcher = {
			wants: (row: FetchedRow) =>
				row.uid !== undefined &&
				row.sizeBytes !== undefined &&
				(withoutHeader || row.sections.has(key)) &&
				wanted(row.sequence),
			onRow: (row: FetchedRow) => {
				came += 1;
				onRow(asRow(row, row.sections.get(key)));
			},
		};
		const items = [...rowItems, ...(withoutHeader ? [] : [headerFields(rowHeaderBytes, ...rowFields)])];
		await this.expecting(longestLiteral, () =>
			this.#line.ask('these rows', () =>
				this.#line.client.fetchRows(fetcher, () => this.#line.command('FETCH', [set(numbers), items], 'rows')),
			),
		);
		return came;
	}

	async opening(uid: number, probeBytes: number, {withRow = false} = {}): Promise<Opening> {
		const [headerKey, probeKey] = ['BODY[HEADER.FIELDS]<0>', 'BODY[1]<0>'];
		let structure: Opening['structure'];
		let isReadable = false;
		let row: RowFact | undefined;
		const octets = new Map<string, Buffer>();
		const fetcher = {
			wants: (row: FetchedRow) =>
				row.uid === uid &&
				// A header alone may be the answer to another question about the same message.
				(row.bodyStructure !== undefined || row.sections.has(probeBytes > 0 ? probeKey : headerKey)),
			onRow: (came: FetchedRow) => {
				if (came.bodyStructure !== undefined) structure = readStructure(came.bodyStructure);
				isReadable ||= structure !== undefined;
				for (const [key, bytes] of came.sections) octets.set(key, bytes);
				if (withRow && came.sizeBytes !== undefined) row = asRow(came, came.sections.get(headerKey));
			},
		};
		const items = [
			...(withRow ? rowItems : []),
			atom('BODYSTRUCTURE'),
			headerFields(openingHeaderBytes, ...(withRow ? rowFields : []), 'TO', 'CC'),
			...(probeBytes > 0 ? [peek([atom('1')], [0, probeBytes])] : []),
		];
		await this.expecting(longestLiteral, () =>
			this.#line.ask('this message', () =>
				this.#line.client.fetchRows(fetcher, () =>
					this.#line.command('UID FETCH', [set(String(uid)), items], 'structure'),
				),
			),
		);
		const isAnswered = isReadable || octets.size > 0;
		if (!isAnswered || (withRow && row === undefined)) row = await this.#row(uid, withRow);
		const probe = octets.get(probeKey) ?? Buffer.alloc(0);
		if (probe.length > probeBytes) throw tooMuch(probe.length, probeBytes);
		return {
			answer: isReadable ? 'known' : isAnswered || row !== undefined ? 'unreadable' : 'gone',
			structure,
			header: octets.get(headerKey) ?? Buffer.alloc(0),
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
				row = asRow(came, came.sections.get('BODY[HEADER.FIELDS]<0>'));
			},
		};
		await this.#line.ask('this message', () =>
			this.#line.client.fetchRows(fetcher, () =>
				this.#line.command('UID FETCH', [set(String(uid)), items], 'structure'),
			),
		);
		return row;
	}

	async chunk(
		uid: number,
		section: Section,
		offset: number,
		length: number,
		form: ChunkForm,
		purpose: Purpose,
	): Promise<Buffer | undefined> {
		const item = form === 'decoded' ? 'BINARY' : 'BODY';
		const name = section.of === 'header' ? [section.part, 'HEADER'].filter(Boolean).join('.') : section.part;
		const key = `${item}[${name}]<${offset}>`;
		/** Of a server that does not know ranges. */
		const whole = `${item}[${name}]`;
		const range = [offset, length] as const;
		return this.#inTurn(`${uid} ${key}`, () =>
			this.expecting(length, () =>
				this.#line.ask(
					'these octets',
					() =>
						new Promise<Buffer | undefined>((resolve, reject) => {
							const fetcher = {
								wants: (row: FetchedRow) => row.uid === uid && (row.sections.has(key) || row.sections.has(whole)),
								// The row is the answer: its tagged OK may be a long way behind the next command's rows.
								onRow: (row: FetchedRow) => {
									const bytes = row.sections.get(key) ?? row.sections.get(whole);
									const isElsewhere = !row.sections.has(key) && offset > 0;
									if (bytes && (bytes.length > length || isElsewhere)) reject(tooMuch(bytes.length, length));
									else resolve(bytes);
								},
							};
							const items = peek(name === '' ? [] : [atom(name)], range, `${item}.PEEK`);
							this.#line.client
								.fetchRows(fetcher, () => this.#line.command('UID FETCH', [set(String(uid)), items], purpose))
								.then(() => resolve(undefined), reject);
						}),
				),
			),
		);
	}

	/** Two answers that begin at the same octet cannot be told apart, so the second question waits for the first answer. */
	async #inTurn<T>(key: string, ask: () => Promise<T>): Promise<T> {
		while (this.#asked.has(key)) await this.#asked.get(key);
		const asking = ask();
		this.#asked.set(
			key,
			asking.then(
				() => {},
				() => {},
			),
		);
		try {
			return await asking;
		} finally {
			this.#asked.delete(key);
		}
	}

	/** Lowers what a literal may be to the largest that was asked for (WIRE: imapflow's limit is 1 GB). */
	async expecting<T>(bytes: number, ask: () => Promise<T>): Promise<T> {
		const expected = {bytes};
		this.#expected.add(expected);
		const limit = () => this.#line.client.limitLiterals(Math.max(4096, ...[...this.#expected].map(each => each.bytes)));
		limit();
		try {
			return await ask();
		} finally {
			this.#expected.delete(expected);
			if (!this.#line.client.isClosed) limit();
		}
	}
}

const tooMuch = (came: number, asked: number): Failure =>
	new Failure('broken', safeLine(`The server sent ${came} octets where ${asked} were asked for`));
