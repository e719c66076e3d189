/**
 * Our own state of messages, where the server keeps none for us: decisions, so it lies apart from the cache, on the disk
 * (fsync) before anybody is told, and is never lost with it (law 2). One database for all accounts, since what one account
 * keeps in a third place another may bring there.
 *
 * It only ever joins (model/own-record.ts): a record is replaced by a later one, and none is taken away.
 */
import {randomInt} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type {StatementSync} from 'node:sqlite';
import type {Flag} from '../model/message.ts';
import type {OwnMark} from '../model/newsrc.ts';
import {type ClientId, hidden, isLater, type OwnRecord} from '../model/own-record.ts';
import {readUids, spellUids} from '../model/uid-list.ts';
import {DurableDatabase} from './durable-database.ts';
import {openDatabase} from './open-database.ts';
import {ownStateMigrations} from './own-state-schema.ts';
import {RenamedMailboxes} from './renamed-mailboxes.ts';
import {migrateWith} from './schema.ts';
import {SharedPlaces} from './shared-places.ts';

/** One UIDVALIDITY of one mailbox. */
export type OwnMailbox = {readonly url: string; readonly uidValidity: number};

export type OwnDecision = OwnMailbox & {
	readonly id: number;
	/** Ms since the epoch. */
	readonly madeAt: number;
	readonly uids: readonly number[];
	readonly what: Flag;
	readonly isSet: boolean;
};

/** Decisions are kept as long as there are no more of them than this, for undo. */
const rememberedDecisions = 50;

type RecordRow = {uid: number; what: string; is_set: number; counter: number; who: string; change: number};

const ownStateFile = 'own-state.sqlite';

export class OwnState {
	readonly #folder: string | undefined;
	/** Where records are shared. Asking makes the database. */
	readonly shared = new SharedPlaces(
		text => this.#sql(text),
		work => this.#durably(work),
	);
	/** Asking makes the database. */
	readonly renamed = new RenamedMailboxes(text => this.#sql(text));
	#database: DurableDatabase | undefined;
	/** undefined: it was just opened, and what is in it may be news. */
	#version: number | undefined;

	/** `folder`: of all of Bonsai's state; undefined: in memory, for the demo. Nothing is made before something is decided. */
	constructor(folder: string | undefined) {
		this.#folder = folder;
	}

	get #file(): string {
		return this.#folder === undefined ? ':memory:' : path.join(this.#folder, ownStateFile);
	}

	/** Whether there is anything to read, ours or of another process. */
	get isThere(): boolean {
		return this.#database !== undefined || (this.#folder !== undefined && fs.existsSync(this.#file));
	}

	/** Throws what the file system or SQLite throws. */
	#open(): DurableDatabase {
		if (this.#database !== undefined) return this.#database;
		if (this.#folder !== undefined) fs.mkdirSync(this.#folder, {recursive: true, mode: 0o700});
		const database = openDatabase(this.#file);
		database.exec(
			'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON',
		);
		migrateWith(database, ownStateMigrations);
		this.#database = new DurableDatabase(database);
		this.#durably(() => {
			if (this.#sql('SELECT id FROM client').get() !== undefined) return;
			this.#sql('INSERT INTO client (id, counter, change) VALUES (?, 0, 0)').run(newClientId());
		});
		return this.#database;
	}

	#sql(text: string): StatementSync {
		return this.#open().sql(text);
	}

	/** Nobody else writes meanwhile, in no process. On the disk when it returns. */
	alone<T>(work: () => T): T {
		return this.#durably(work);
	}

	#durably<T>(work: () => T): T {
		return this.#open().durably(work);
	}

	#dataVersion(): number {
		return (this.#sql('PRAGMA data_version').get() as {data_version: number}).data_version;
	}

	/** Whether another process has written since this was asked last. */
	hasChanged(): boolean {
		if (!this.isThere) return false;
		const version = this.#dataVersion();
		const hasChanged = version !== this.#version;
		this.#version = version;
		return hasChanged;
	}

	get who(): ClientId {
		return (this.#sql('SELECT id FROM client').get() as {id: string}).id;
	}

	/** Writes a decision down; on disk when it returns. Of no message the same is said twice. */
	decide(mailbox: OwnMailbox, uids: readonly number[], what: Flag, isSet: boolean, madeAt: number): OwnDecision {
		return this.#durably(() => {
			const id = this.#mailboxId(mailbox);
			this.#say(mailbox, uids, what, isSet);
			const decision = this.#sql(
				'INSERT INTO decision (made_at, mailbox, uids, what, is_set) VALUES (?, ?, ?, ?, ?) RETURNING id',
			).get(madeAt, id, spellUids(uids), what, Number(isSet)) as {id: number};
			this.#sql('DELETE FROM decision WHERE id <= ?').run(decision.id - rememberedDecisions);
			return {...mailbox, id: decision.id, madeAt, uids, what, isSet};
		});
	}

	#say({url, uidValidity}: OwnMailbox, uids: readonly number[], what: Flag, isSet: boolean): void {
		const {counter} = this.#sql('UPDATE client SET counter = counter + 1 RETURNING counter').get() as {counter: number};
		const {who} = this;
		this.learn(uids.map(uid => ({mailbox: url, uidValidity, uid, what, isSet, when: counter, who})));
	}

	/** What can be undone, the last decided first; of one URL, or of any. */
	lastDecision(urls: (url: string) => boolean): OwnDecision | undefined {
		if (!this.isThere) return undefined;
		const rows = this.#sql(
			`SELECT decision.id, made_at, uids, what, is_set, url, uid_validity FROM decision
			JOIN mailbox ON mailbox.id = decision.mailbox ORDER BY decision.id DESC`,
		).all() as {
			id: number;
			made_at: number;
			uids: string;
			what: string;
			is_set: number;
			url: string;
			uid_validity: number;
		}[];
		const row = rows.find(({url}) => urls(url));
		if (row === undefined) return undefined;
		const {id, made_at: madeAt, url, uid_validity: uidValidity, what} = row;
		return {id, madeAt, url, uidValidity, what, isSet: row.is_set === 1, uids: readUids(row.uids) ?? []};
	}

	/** Records the opposite; the decision cannot be undone again. */
	undo({id, uids, what, isSet, ...mailbox}: OwnDecision): void {
		this.#durably(() => {
			this.#say(mailbox, uids, what, !isSet);
			this.#sql('DELETE FROM decision WHERE id = ?').run(id);
		});
	}

	/** A mailbox is called `now` from here on: what was decided in it goes along, and is told anew where it is shared. */
	rename(mailbox: OwnMailbox, now: string): void {
		if (mailbox.url === now || !this.isThere) return;
		this.#durably(() => {
			const {uidValidity} = mailbox;
			this.renamed.learn(mailbox, now);
			const id = this.#knownId(mailbox);
			if (id === undefined) return;
			const rows = this.#sql('SELECT uid, what, is_set, counter, who, change FROM record WHERE mailbox = ?').all(
				id,
			) as RecordRow[];
			const to = this.#mailboxId({url: now, uidValidity});
			this.learn(
				rows.map(({uid, what, is_set, counter: when, who}) => {
					const isSet = is_set === 1;
					return {mailbox: now, uidValidity, uid, what, isSet, when, who};
				}),
			);
			this.#sql('UPDATE decision SET mailbox = ? WHERE mailbox = ?').run(to, id);
			this.#sql('DELETE FROM record WHERE mailbox = ?').run(id);
			this.#sql('DELETE FROM mailbox WHERE id = ?').run(id);
		});
	}

	/** Joins records to what is known. `place`: where they were read. Returns the URLs of mailboxes that look different now. */
	learn(records: Iterable<OwnRecord>, place = 0): Set<string> {
		return this.#durably(() => {
			const changed = new Set<string>();
			const ids = new Map<string, number>();
			const get = this.#sql(
				'SELECT uid, what, is_set, counter, who, change FROM record WHERE mailbox = ? AND uid = ? AND key = ?',
			);
			const set = this.#sql(
				`INSERT OR REPLACE INTO record (mailbox, uid, key, what, is_set, counter, who, change, origin)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			);
			let {counter, change} = this.#sql('SELECT counter, change FROM client').get() as {
				counter: number;
				change: number;
			};
			for (const record of records) {
				const {uidValidity, uid, what, isSet, when, who} = record;
				const url = this.renamed.nameOf({url: record.mailbox, uidValidity});
				const name = `${uidValidity} ${url}`;
				const id = ids.get(name) ?? this.#mailboxId({url, uidValidity});
				ids.set(name, id);
				counter = Math.max(counter, when);
				const key = what.toLowerCase();
				const row = get.get(id, uid, key) as RecordRow | undefined;
				const known = row && {...record, what: row.what, isSet: row.is_set === 1, when: row.counter, who: row.who};
				if (known !== undefined && !isLater(record, known)) continue;
				change += 1;
				set.run(id, uid, key, what, Number(isSet), when, who, change, place);
				if (known?.isSet !== isSet || known.what !== what) changed.add(url);
			}
			this.#sql('UPDATE client SET counter = ?, change = ?').run(counter, change);
			return changed;
		});
	}

	#mailboxId({url, uidValidity}: OwnMailbox): number {
		this.#sql('INSERT OR IGNORE INTO mailbox (url, uid_validity) VALUES (?, ?)').run(url, uidValidity);
		return this.#knownId({url, uidValidity}) as number;
	}

	#knownId({url, uidValidity}: OwnMailbox): number | undefined {
		if (!this.isThere) return undefined;
		const row = this.#sql('SELECT id FROM mailbox WHERE url = ? AND uid_validity = ?').get(url, uidValidity);
		return (row as {id: number} | undefined)?.id;
	}

	/** The last UIDVALIDITY of which something was decided. */
	lastUidValidity(url: string): number | undefined {
		if (!this.isThere) return undefined;
		const row = this.#sql('SELECT uid_validity FROM mailbox WHERE url = ? ORDER BY id DESC LIMIT 1').get(url);
		return (row as {uid_validity: number} | undefined)?.uid_validity;
	}

	/** What was decided of one message: flags and keywords set or taken away, and whether it is hidden. */
	of(mailbox: OwnMailbox, uid: number): ReadonlyMap<Flag, boolean> {
		const id = this.#knownId(mailbox);
		if (id === undefined) return nothing;
		const rows = this.#sql('SELECT what, is_set FROM record WHERE mailbox = ? AND uid = ?').all(id, uid) as RecordRow[];
		return new Map(rows.map(row => [row.what, row.is_set === 1]));
	}

	/** UIDs that have a mark set, or taken away; ascending. */
	marked(mailbox: OwnMailbox, what: Flag, isSet = true): number[] {
		const id = this.#knownId(mailbox);
		if (id === undefined) return [];
		const rows = this.#sql('SELECT uid FROM record WHERE mailbox = ? AND key = ? AND is_set = ? ORDER BY uid').all(
			id,
			what.toLowerCase(),
			Number(isSet),
		) as RecordRow[];
		return rows.map(({uid}) => uid);
	}

	isHidden(mailbox: OwnMailbox, uid: number): boolean {
		const id = this.#knownId(mailbox);
		if (id === undefined) return false;
		const row = this.#sql('SELECT 1 FROM record WHERE mailbox = ? AND uid = ? AND key = ? AND is_set = 1').get(
			id,
			uid,
			hidden.toLowerCase(),
		);
		return row !== undefined;
	}

	/**
	 * By how many fewer messages are unread than the server says: those read or hidden here, less those made unread, among
	 * the newest `count` UIDs of the last UIDVALIDITY that is known.
	 */
	readAmong(url: string, count: number): number {
		if (!this.isThere) return 0;
		const mailbox = this.#sql('SELECT max(id) AS id FROM mailbox WHERE url = ?').get(url) as {id: number | null};
		if (mailbox.id === null) return 0;
		const row = this.#sql(`
			SELECT sum(CASE WHEN is_read THEN 1 WHEN is_unread THEN -1 ELSE 0 END) AS fewer FROM (
				SELECT max(is_set AND key IN ('\\seen', '\\hidden')) AS is_read, max(NOT is_set AND key = '\\seen') AS is_unread
				FROM record
				WHERE mailbox = ?1 AND uid > (SELECT max(uid) FROM record WHERE mailbox = ?1) - ?2 AND key IN ('\\seen', '\\hidden')
				GROUP BY uid
			)
		`).get(mailbox.id, count) as {fewer: number | null};
		return row.fewer ?? 0;
	}

	/** All that holds of a mailbox, for an export; what was read first. */
	marks(mailbox: OwnMailbox): OwnMark[] {
		const id = this.#knownId(mailbox);
		if (id === undefined) return [];
		const rows = this.#sql(
			'SELECT uid, key, what, is_set FROM record WHERE mailbox = ? ORDER BY is_set DESC, key, uid',
		).all(id) as (RecordRow & {key: string})[];
		const marks = new Map<string, {what: Flag; isSet: boolean; uids: number[]}>();
		for (const {uid, key, what, is_set} of rows) {
			const mark = marks.get(`${is_set}${key}`) ?? {what, isSet: is_set === 1, uids: []};
			marks.set(`${is_set}${key}`, mark);
			mark.uids.push(uid);
		}
		return [...marks.values()];
	}

	close(): void {
		this.#database?.close();
		this.#database = undefined;
		this.#version = undefined;
	}
}

const nothing: ReadonlyMap<Flag, boolean> = new Map();

/** Six of 32 letters that cannot be taken for each other. */
const newClientId = (): ClientId =>
	Array.from({length: 6}, () => 'abcdefghjkmnpqrstuvwxyz123456789'[randomInt(32)]).join('');
