/**
 * Which mailboxes' records are shared where, and how much of them a place was told. A place is told what was decided here
 * and what was heard elsewhere, never what was read in it; one that was lost is told all of it again.
 */

import type {StatementSync} from 'node:sqlite';
import type {OwnRecord} from '../model/own-record.ts';

export type KnownPlace = {
	readonly id: number;
	readonly name: string;
	/** Of a mailbox: its UIDVALIDITY; 0: never seen. */
	readonly uidValidity: number;
	/** What lies below it was read. */
	readonly uidNext: number;
};

type PlaceRow = {id: number; name: string; uid_validity: number; uid_next: number};
type RecordRow = {
	url: string;
	uid_validity: number;
	uid: number;
	what: string;
	is_set: number;
	counter: number;
	who: string;
};

const columns = 'url, uid_validity, uid, what, is_set, counter, who';

export class SharedPlaces {
	readonly #sql: (text: string) => StatementSync;
	readonly #durably: <T>(work: () => T) => T;

	constructor(sql: (text: string) => StatementSync, durably: <T>(work: () => T) => T) {
		this.#sql = sql;
		this.#durably = durably;
	}

	/** The places in which something is shared. */
	all(): KnownPlace[] {
		const rows = this.#sql('SELECT * FROM place WHERE id IN (SELECT place FROM told) ORDER BY id').all() as PlaceRow[];
		return rows.map(asPlace);
	}

	place(id: number): KnownPlace | undefined {
		const row = this.#sql('SELECT * FROM place WHERE id = ?').get(id) as PlaceRow | undefined;
		return row && asPlace(row);
	}

	/** Where a mailbox is shared. */
	placeOf(url: string): string | undefined {
		const row = this.#sql('SELECT name FROM place JOIN told ON told.place = place.id WHERE url = ?').get(url);
		return (row as {name: string} | undefined)?.name;
	}

	/** A mailbox is shared in this place from now on, and in no other; undefined: nowhere. */
	share(url: string, name: string | undefined): void {
		if (this.placeOf(url) === name) return;
		this.#durably(() => {
			if (name !== undefined) this.#sql('INSERT OR IGNORE INTO place (name) VALUES (?)').run(name);
			this.#sql('DELETE FROM told WHERE url = ? AND place NOT IN (SELECT id FROM place WHERE name = ?)').run(
				url,
				name ?? '',
			);
			this.#sql('INSERT OR IGNORE INTO told (place, url, change) SELECT id, ?, 0 FROM place WHERE name = ?').run(
				url,
				name ?? '',
			);
		});
	}

	/** What a place was not told, and up to where that is all. */
	untold({id}: KnownPlace): {readonly records: readonly OwnRecord[]; readonly upTo: number} {
		const {change} = this.#sql('SELECT change FROM client').get() as {change: number};
		const rows = this.#sql(`
			SELECT ${columns} FROM told JOIN mailbox USING (url) JOIN record ON record.mailbox = mailbox.id
			WHERE told.place = ?1 AND record.change > told.change AND origin <> ?1 ORDER BY record.change
		`).all(id) as RecordRow[];
		return {records: rows.map(asRecord), upTo: change};
	}

	hasUntold({id}: KnownPlace): boolean {
		const row = this.#sql(`
			SELECT 1 FROM told JOIN mailbox USING (url) JOIN record ON record.mailbox = mailbox.id
			WHERE told.place = ?1 AND record.change > told.change AND origin <> ?1 LIMIT 1
		`).get(id);
		return row !== undefined;
	}

	/** All that is to be in a place: what this client told it and still holds, or with `isWhole` what others did, too. */
	records({id}: KnownPlace, isWhole = false): OwnRecord[] {
		const rows = this.#sql(`
			SELECT ${columns} FROM told JOIN mailbox USING (url) JOIN record ON record.mailbox = mailbox.id
			WHERE told.place = ?1 AND (?2 OR origin <> ?1) ORDER BY record.change
		`).all(id, Number(isWhole)) as RecordRow[];
		return rows.map(asRecord);
	}

	/** Whether a place was ever told anything, or was found to have nothing to be told. */
	wasTold({id}: KnownPlace): boolean {
		return this.#sql('SELECT 1 FROM told WHERE place = ? AND change > 0 LIMIT 1').get(id) !== undefined;
	}

	told({id}: KnownPlace, upTo: number): void {
		this.#sql('UPDATE told SET change = max(change, ?) WHERE place = ?').run(upTo, id);
	}

	/** What of a mailbox was read. */
	read({id}: KnownPlace, uidValidity: number, uidNext: number): void {
		this.#sql('UPDATE place SET uid_validity = ?, uid_next = ? WHERE id = ?').run(uidValidity, uidNext, id);
	}

	/** A message in the mailbox says nothing but records, all of which are known here. */
	isOurs({id}: KnownPlace, uid: number): void {
		this.#sql('INSERT OR IGNORE INTO place_message (place, uid) VALUES (?, ?)').run(id, uid);
	}

	/** Ascending. */
	ourUids({id}: KnownPlace): number[] {
		const rows = this.#sql('SELECT uid FROM place_message WHERE place = ? ORDER BY uid').all(id) as {uid: number}[];
		return rows.map(({uid}) => uid);
	}

	areGone({id}: KnownPlace, uids: readonly number[]): void {
		this.#durably(() => {
			for (const uid of uids) this.#sql('DELETE FROM place_message WHERE place = ? AND uid = ?').run(id, uid);
		});
	}

	/** What was in it is no more: it is told everything, also what was read in it. */
	lost({id}: KnownPlace): void {
		this.#durably(() => {
			this.#sql('UPDATE told SET change = 0 WHERE place = ?').run(id);
			this.#sql('UPDATE record SET origin = 0 WHERE origin = ?').run(id);
			this.#sql('DELETE FROM place_message WHERE place = ?').run(id);
		});
	}
}

const asPlace = ({id, name, uid_validity: uidValidity, uid_next: uidNext}: PlaceRow): KnownPlace => ({
	id,
	name,
	uidValidity,
	uidNext,
});

const asRecord = ({url, uid_validity: uidValidity, uid, what, is_set, counter, who}: RecordRow): OwnRecord => ({
	mailbox: url,
	uidValidity,
	uid,
	what,
	isSet: is_set === 1,
	when: counter,
	who,
});
