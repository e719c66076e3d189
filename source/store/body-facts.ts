/**
 * Octets of bodies, in chunks as they came, kept as they travelled. An empty chunk says that its section ends there.
 *
 * Law: what is held of a section is what is there from its beginning without a gap.
 */
import {type MessageId, messageId} from '../model/ids.ts';
import type {FactsDatabase} from './facts-database.ts';

export class BodyFacts {
	readonly #database: FactsDatabase;
	/** What `heldBytes` found: hundreds of parts under way ask for it at each answer. */
	readonly #held = new Map<string, number>();
	/** Octets held, so that memory and disk have an end; undefined: nobody has asked yet. */
	#bytes: number | undefined;

	constructor(database: FactsDatabase) {
		this.#database = database;
	}

	/** Some went without a word. */
	countAnew(): void {
		this.#held.clear();
		this.#bytes = undefined;
	}

	learnChunk(id: MessageId, section: string, offset: number, octets: Buffer): void {
		this.#database
			.sql('INSERT OR REPLACE INTO chunk (id, section, offset, octets) VALUES (?, ?, ?, ?)')
			.run(id, section, offset, octets);
		this.#learnBodyBytes(id, octets.length);
		this.#held.delete(heldKey(id, section));
	}

	#learnBodyBytes(id: MessageId, bytes: number): void {
		this.#database
			.sql(`
			INSERT INTO body (id, bytes, read_at) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes
		`)
			.run(id, bytes, Date.now());
		if (this.#bytes !== undefined) this.#bytes += bytes;
	}

	/** The user has looked at it: of what can be bought again, what was read longest ago goes first. */
	learnRead(id: MessageId, at: number): void {
		this.#database.sql('UPDATE body SET read_at = ? WHERE id = ?').run(at, id);
	}

	has(id: MessageId): boolean {
		return this.#database.sql('SELECT 1 FROM chunk WHERE id = ? LIMIT 1').get(id) !== undefined;
	}

	/** How many octets are held from the beginning without a gap. */
	heldBytes(id: MessageId, section: string): number {
		const key = heldKey(id, section);
		const known = this.#held.get(key);
		if (known !== undefined) return known;
		let end = 0;
		const rows = this.#database.sql(
			'SELECT offset, length(octets) AS length FROM chunk WHERE id = ? AND section = ? ORDER BY offset',
		);
		for (const {offset, length} of rows.iterate(id, section) as Iterable<{offset: number; length: number}>) {
			if (offset > end) break;
			end = Math.max(end, offset + length);
		}
		this.#held.set(key, end);
		return end;
	}

	/** Whether an empty chunk says that the section ends where what is held ends. */
	isEnded(id: MessageId, section: string): boolean {
		const row = this.#database.sql(
			'SELECT 1 FROM chunk WHERE id = ? AND section = ? AND offset = ? AND length(octets) = 0',
		);
		return row.get(id, section, this.heldBytes(id, section)) !== undefined;
	}

	/** The octets held from the beginning without a gap. */
	octets(id: MessageId, section: string): Buffer {
		const pieces: Buffer[] = [];
		let end = 0;
		const rows = this.#database.sql('SELECT offset, octets FROM chunk WHERE id = ? AND section = ? ORDER BY offset');
		for (const {offset, octets} of rows.iterate(id, section) as Iterable<{offset: number; octets: Uint8Array}>) {
			if (offset > end) break;
			const fresh = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).subarray(end - offset);
			pieces.push(fresh);
			end += fresh.length;
		}
		return Buffer.concat(pieces);
	}

	/** Octets of bodies held in all. */
	get bytes(): number {
		this.#bytes ??= (
			this.#database.sql('SELECT coalesce(sum(bytes), 0) AS total FROM body').get() as {total: number}
		).total;
		return this.#bytes;
	}

	/** Messages of which octets are held, read longest ago first. */
	messages(): MessageId[] {
		return (this.#database.sql('SELECT id FROM body ORDER BY read_at, id').all() as {id: number}[]).map(({id}) =>
			messageId(id),
		);
	}

	chunks(id: MessageId): readonly {readonly section: string; readonly offset: number; readonly octets: Buffer}[] {
		const rows = this.#database.sql('SELECT section, offset, octets FROM chunk WHERE id = ?').all(id) as {
			section: string;
			offset: number;
			octets: Uint8Array;
		}[];
		return rows.map(({octets, ...rest}) => ({
			...rest,
			octets: Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength),
		}));
	}

	forgetSection(id: MessageId, section: string): void {
		const rows = 'FROM chunk WHERE id = ? AND section = ?';
		const {total} = this.#database.sql(`SELECT coalesce(sum(length(octets)), 0) AS total ${rows}`).get(id, section) as {
			total: number;
		};
		this.#database.sql(`DELETE ${rows}`).run(id, section);
		this.#learnBodyBytes(id, -total);
		this.#held.delete(heldKey(id, section));
	}

	forget(id: MessageId): void {
		const row = this.#database.sql('SELECT bytes FROM body WHERE id = ?').get(id) as {bytes: number} | undefined;
		if (row === undefined) return;
		this.#database.sql('DELETE FROM chunk WHERE id = ?').run(id);
		this.#database.sql('DELETE FROM body WHERE id = ?').run(id);
		if (this.#bytes !== undefined) this.#bytes -= row.bytes;
		this.#held.clear();
	}
}

const heldKey = (id: MessageId, section: string): string => `${id}:${section}`;
