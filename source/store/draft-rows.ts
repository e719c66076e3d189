/**
 * Drafts in the log: one operation for each, known by what the disk calls it. When nothing is to be done it rests (`kept`)
 * and is in no list, but says where our copy is on the server and what is in it.
 *
 * Laws: at most one operation for a draft, whatever happens; what was sent is written down before it leaves; the older copy
 * is forgotten only when it is gone, by us or by somebody else.
 */
import type {StatementSync} from 'node:sqlite';
import type {MailboxPath} from '../model/ids.ts';
import {
	type CopiedPart,
	type DraftChange,
	type DraftCopy,
	isSamePlace,
	type LogMessageId,
	type OperationId,
	type PartPlace,
	type Place,
	type TargetState,
} from '../model/operation.ts';

export type DraftRow = {
	readonly id: OperationId;
	readonly state: string;
	/** When it was saved last, in ms since the epoch. */
	readonly madeAt: number;
	readonly change: DraftChange;
	readonly message: LogMessageId;
	readonly targetState: TargetState;
	/** Our copy; uid 0: there is none, or nobody knows which it is. */
	readonly place: Place;
};

/** Unique in a log. */
const draftKey = (draft: string): string => JSON.stringify(['', 'draft', draft]);

export class DraftRows {
	readonly #sql: (text: string) => StatementSync;

	constructor(sql: (text: string) => StatementSync) {
		this.#sql = sql;
	}

	find(draft: string): DraftRow | undefined {
		return this.#row('append_key = ?', draftKey(draft));
	}

	/** Also one that was given up while it was under way, until that is over. */
	at(id: OperationId): DraftRow | undefined {
		return this.#row("operation.id = ? AND change ->> '$.kind' = 'draft'", id);
	}

	/** Whose copy lies there. */
	ofPlace({mailbox, uidValidity, uid}: Place): DraftRow | undefined {
		return this.#row(
			"append_key IS NOT NULL AND change ->> '$.kind' = 'draft' AND message.mailbox = ? AND message.uid_validity = ? AND message.uid = ?",
			mailbox,
			uidValidity,
			uid,
		);
	}

	/** Where a part is that lay among the drafts: its message became one of ours, and went for the next copy, which it is in. */
	partFrom(of: PartPlace): PartPlace | undefined {
		for (const {change, place} of this.#rows("append_key IS NOT NULL AND change ->> '$.kind' = 'draft'")) {
			const isIt = (its: CopiedPart['of']): boolean =>
				!('file' in its) && its.mailbox === place.mailbox && isSamePlace(its, of) && its.part === of.part;
			const found = place.uid > 0 ? change.copy?.parts.find(part => isIt(part.of)) : undefined;
			if (found) return {...place, part: found.part};
		}
		return undefined;
	}

	#row(condition: string, ...values: (string | number)[]): DraftRow | undefined {
		return this.#rows(condition, ...values)[0];
	}

	#rows(condition: string, ...values: (string | number)[]): DraftRow[] {
		const rows = this.#sql(`
			SELECT operation.id, operation.state, made_at, change, message, target.state AS target_state,
				message.mailbox, message.uid_validity, message.uid
			FROM operation JOIN target ON target.operation = operation.id JOIN message ON message.id = target.message
			WHERE ${condition}
		`).all(...values) as {
			id: number;
			state: string;
			made_at: number;
			change: string;
			message: number;
			target_state: string;
			mailbox: string;
			uid_validity: number;
			uid: number;
		}[];
		return rows.map(row => ({
			id: row.id as OperationId,
			state: row.state,
			madeAt: row.made_at,
			change: JSON.parse(row.change) as DraftChange,
			message: row.message as LogMessageId,
			targetState: row.target_state as TargetState,
			place: {mailbox: row.mailbox as MailboxPath, uidValidity: row.uid_validity, uid: row.uid},
		}));
	}

	#write({id}: DraftRow, change: DraftChange, state: 'waiting' | 'kept', targetState?: TargetState): void {
		// One that was given up is over as others are.
		this.#sql(`
			UPDATE operation SET change = ?1, refusal = '', is_gone = 0,
				state = iif(?2 = 'kept' AND append_key IS NULL, 'done', ?2)
			WHERE id = ?3
		`).run(JSON.stringify(change), state, id);
		this.#sql('UPDATE target SET is_refused = 0, state = coalesce(?1, state) WHERE operation = ?2').run(
			targetState ?? null,
			id,
		);
	}

	/** A new one has this name from now on. */
	name(id: OperationId, draft: string): void {
		this.#sql('UPDATE operation SET append_key = ? WHERE id = ?').run(draftKey(draft), id);
	}

	/** It was saved again. Of what is under way nobody knows how it ends: it goes behind that. */
	again(row: DraftRow, sizeBytes: number, madeAt: number): void {
		this.#sql('UPDATE operation SET made_at = ? WHERE id = ?').run(madeAt, row.id);
		if (isUnderWay(row)) this.#write(row, {...row.change, sizeBytes, isAgain: true}, 'waiting');
		else this.#write(row, {...row.change, sizeBytes}, 'waiting', 'waiting');
	}

	/** Nothing more of it goes up. Of what is under way the end is still seen to. */
	withdraw(row: DraftRow): void {
		const {isAgain: _, ...change} = row.change;
		if (isUnderWay(row)) this.#write(row, change, row.state === 'refused' ? 'kept' : 'waiting');
		else if (row.place.uid === 0) this.#sql('DELETE FROM operation WHERE id = ?').run(row.id);
		else this.#write(row, change, 'kept', 'done');
	}

	/** It is known by its draft no more: somebody else sees to its copy. */
	giveUp(row: DraftRow): void {
		if (!isUnderWay(row)) {
			this.#sql('DELETE FROM operation WHERE id = ?').run(row.id);
			return;
		}
		this.#sql('UPDATE operation SET append_key = NULL WHERE id = ?').run(row.id);
		const {isAgain: _, ...change} = row.change;
		this.#write(row, change, 'waiting');
	}

	/** A copy that another client has written is ours from now on. */
	adopt(row: DraftRow, copy: DraftCopy): void {
		this.#write(row, {...row.change, copy}, 'kept', 'done');
	}

	/** Before it leaves. `made`: as it stood when what leaves was begun to be put together. */
	sent(row: DraftRow, sent: DraftCopy, made: DraftRow): void {
		const {isAgain: _, ...change} = row.change;
		const again = row.madeAt === made.madeAt ? {} : {isAgain: true as const};
		this.#write(row, {...change, sent, ...again}, 'waiting', 'sending');
		this.#sql('UPDATE message SET message_id = ?, size_bytes = ? WHERE id = ?').run(
			sent.messageId,
			sent.sizeBytes,
			row.message,
		);
	}

	/** It is there; the older one is too. */
	stored(row: DraftRow, place: Place): void {
		this.#sql("UPDATE target SET copy = ?, state = 'copied' WHERE operation = ? AND state = 'sending'").run(
			JSON.stringify(place),
			row.id,
		);
	}

	/** It is not there. */
	notStored(row: DraftRow): void {
		const {sent: _, ...change} = row.change;
		this.#write(row, change, 'waiting', 'waiting');
	}

	/** A message that pieces of it lie in is gone. */
	unsure(row: DraftRow): void {
		this.#write(row, {...row.change, isUnsure: true}, 'waiting', 'waiting');
	}

	/** The older copy is there after all. */
	isThere(row: DraftRow): void {
		const {isUnsure: _, ...change} = row.change;
		this.#write(row, change, 'waiting', 'waiting');
	}

	/** The older copy is gone: somebody else has seen to it. */
	forgetOlder(row: DraftRow): void {
		const {copy: _, isUnsure: __, ...change} = row.change;
		this.#write(row, change, 'waiting', 'waiting');
		this.#sql("UPDATE message SET mailbox = '', uid_validity = 0, uid = 0 WHERE id = ?").run(row.message);
	}

	/** Nothing of the older copy is to be used again. */
	forgetParts(row: DraftRow): void {
		const {sent: _, copy, ...change} = row.change;
		this.#write(row, {...change, ...(copy ? {copy: {...copy, parts: []}} : {})}, 'waiting', 'waiting');
	}

	/** The new copy is all there is of it. */
	settle(row: DraftRow): void {
		const {copy} = this.#sql('SELECT copy FROM target WHERE operation = ?').get(row.id) as {copy: string};
		const {mailbox, uidValidity, uid} = JSON.parse(copy) as Place;
		this.#sql('UPDATE message SET mailbox = ?, uid_validity = ?, uid = ? WHERE id = ?').run(
			mailbox,
			uidValidity,
			uid,
			row.message,
		);
		this.#sql("UPDATE target SET copy = '' WHERE operation = ?").run(row.id);
		const {sent, copy: _, isAgain, ...change} = row.change;
		const now = sent ? {...change, copy: sent} : change;
		this.#write(row, now, isAgain ? 'waiting' : 'kept', isAgain ? 'waiting' : 'done');
	}
}

export const isUnderWay = ({targetState}: Pick<DraftRow, 'targetState'>): boolean =>
	targetState === 'sending' || targetState === 'copied';
