/**
 * The operation log of one account: what the user decided and the server has not confirmed. It exists nowhere else, so
 * it is apart from the facts and on disk (fsync) before anybody is told (law 2).
 *
 * Any number of processes may write to it; one at a time drains it, held by a lock the operating system drops at death
 * (law 15). What is done is remembered for a while, so that it can be undone.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {StatementSync} from 'node:sqlite';
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {
	AppendChange,
	Change,
	DraftCopy,
	FileChange,
	LogMessageId,
	Operation,
	OperationId,
	Place,
	Target,
	TargetState,
} from '../model/operation.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import {AppendRows, type Arrival, appendKey, fileKey} from './append-rows.ts';
import {DraftRows} from './draft-rows.ts';
import {DrainLock} from './drain-lock.ts';
import {DurableDatabase} from './durable-database.ts';
import {LogDependence} from './log-dependence.ts';
import {LogEnding} from './log-ending.ts';
import {followInLog} from './log-following.ts';
import {renameInLog} from './log-renaming.ts';
import {logMigrations, operationsIn, targetsOf} from './log-schema.ts';
import {LoggedMessages, type MessageName} from './logged-messages.ts';
import {openDatabase, openToRead} from './open-database.ts';
import {expectMigrated, migrateWith} from './schema.ts';
import {type Stood, StoodRows} from './stood-rows.ts';

export type NewTarget = {
	/** A message the log knows, or where one is. */
	readonly message: LogMessageId | Place;
	readonly wasSet: boolean | undefined;
	/** What it could be looked up by, where that is known already. */
	readonly name?: MessageName | undefined;
};

/** What becomes one operation: what is to be so, and of which messages; of none where it is about a mailbox itself. */
export type Decision = {readonly change: Change; readonly targets: readonly NewTarget[]};

const nowhere: Place = {mailbox: '' as MailboxPath, uidValidity: 0, uid: 0};

export class OperationLog {
	readonly #database: DurableDatabase;
	readonly #lock: DrainLock;
	readonly appends = new AppendRows(text => this.#sql(text));
	readonly drafts = new DraftRows(text => this.#sql(text));
	readonly stood = new StoodRows(text => this.#sql(text));
	readonly #dependence = new LogDependence(text => this.#sql(text));
	readonly #ending = new LogEnding(text => this.#sql(text), this.#dependence);
	readonly messages: LoggedMessages;
	#version = 0;
	/** What is over may be said to lie in a mailbox that has another name by now. */
	#isRenamed = false;

	/**
	 * `folder` is the account's own; undefined: in memory, for the demo. Throws what the file system or SQLite throws; for
	 * who only looks also when it is not there, or of another version.
	 */
	constructor(folder: string | undefined, {mayWrite = true} = {}) {
		this.#lock = new DrainLock(folder);
		if (folder !== undefined && !mayWrite) {
			const database = openToRead(path.join(folder, 'log.sqlite'));
			expectMigrated(database, logMigrations);
			this.#database = new DurableDatabase(database);
			this.messages = new LoggedMessages(this.#database);
			return;
		}
		if (folder !== undefined) fs.mkdirSync(folder, {recursive: true, mode: 0o700});
		const database = openDatabase(folder === undefined ? ':memory:' : path.join(folder, 'log.sqlite'));
		database.exec(
			'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON',
		);
		migrateWith(database, logMigrations);
		this.#database = new DurableDatabase(database);
		this.messages = new LoggedMessages(this.#database);
		this.#version = this.#dataVersion();
	}

	#sql(text: string): StatementSync {
		return this.#database.sql(text);
	}

	/** All or nothing, and on the disk when it returns: once, whatever is written within. */
	durably<T>(work: () => T): T {
		return this.#database.durably(work);
	}

	#dataVersion(): number {
		return (this.#sql('PRAGMA data_version').get() as {data_version: number}).data_version;
	}

	/** Whether another process has written since this was asked last. */
	hasChanged(): boolean {
		const version = this.#dataVersion();
		const hasChanged = version !== this.#version;
		this.#version = version;
		return hasChanged;
	}

	/** Whether this process is the one that drains; takes the lock when it is free. */
	hold(): boolean {
		return this.#lock.take();
	}

	get isHeld(): boolean {
		return this.#lock.isOurs;
	}

	/**
	 * Another account hands messages over, of one decision, some of them now. One that is here already is not recorded again;
	 * one that was refused is tried once more.
	 */
	recordAppends(change: AppendChange, arrivals: readonly Arrival[], madeAt: number): void {
		this.durably(() => {
			const key = appendKey(change);
			const known = this.appends.find(key);
			const id = known?.id ?? this.record(change, [], {madeAt});
			if (known === undefined) this.appends.name(id, key);
			this.appends.add(id, change, arrivals);
		});
	}

	/** A copy of what was sent is to be filed. One that is here already is not recorded again. */
	recordFile(change: FileChange, name: MessageName, madeAt: number): void {
		this.durably(() => {
			const key = fileKey(change.letter);
			if (this.appends.find(key) !== undefined) return;
			const id = this.record(change, [{message: nowhere, wasSet: undefined, name}], {madeAt});
			this.appends.name(id, key);
		});
	}

	/**
	 * Whether the copy of a letter is still to be filed, or was refused, so that its octets are needed. When it is not, that
	 * is taken note of: it is remembered as any operation is.
	 */
	isFiling(letter: string): boolean {
		return this.durably(() => {
			const known = this.appends.find(fileKey(letter));
			if (known?.state === 'waiting' || known?.state === 'refused') return true;
			if (known) this.appends.filed(known.id);
			return false;
		});
	}

	/** A draft is to be on the server as it is on the disk by then. However often it is saved, that is one operation. */
	recordDraft(draft: string, sizeBytes: number, madeAt: number): OperationId {
		return this.durably(() => {
			const known = this.drafts.find(draft);
			if (known) this.drafts.again(known, sizeBytes, madeAt);
			return known?.id ?? this.#newDraft(draft, nowhere, sizeBytes, madeAt);
		});
	}

	#newDraft(draft: string, message: Place, sizeBytes: number, madeAt: number): OperationId {
		const change = {kind: 'draft', to: {use: 'drafts'}, draft, sizeBytes} as const;
		const id = this.record(change, [{message, wasSet: undefined}], {madeAt});
		this.drafts.name(id, draft);
		return id;
	}

	/** Nothing more of a draft goes up for now: it is on its way as mail, or unchanged. */
	withdrawDraft(draft: string): void {
		this.durably(() => {
			const known = this.drafts.find(draft);
			if (known) this.drafts.withdraw(known);
		});
	}

	/** A draft is over: our copy on the server goes, if there is one. */
	dropDraft(draft: string, madeAt: number): void {
		this.durably(() => {
			const known = this.drafts.find(draft);
			if (known === undefined) return;
			const isThere = known.place.uid > 0 || known.targetState === 'sending' || known.targetState === 'copied';
			if (isThere)
				this.record({kind: 'remove', isDraft: true}, [{message: known.message, wasSet: undefined}], {madeAt});
			this.drafts.giveUp(known);
		});
	}

	/**
	 * A draft on the server was taken up: its copy there is ours from now on. Returns which draft it is, if it was ours
	 * already.
	 */
	adoptDraft(draft: string, place: Place, copy: DraftCopy, madeAt: number): string {
		return this.durably(() => {
			const known = this.drafts.ofPlace(place);
			if (known) return known.change.draft;
			const id = this.#newDraft(draft, place, 0, madeAt);
			this.drafts.adopt(this.drafts.at(id)!, copy);
			return draft;
		});
	}

	/** A flag that follows from mail that was sent, on a message that may have been moved since it was named. */
	recordSequel(flag: Flag, place: Place, madeAt: number): void {
		const message = this.messages.movedFrom(place) ?? place;
		this.record({kind: 'flag', flag, isSet: true, isSequel: true}, [{message, wasSet: undefined}], {madeAt});
	}

	/** Several that are one to the user: all of them are written down, or none. */
	recordAll(decisions: readonly Decision[], why: Parameters<OperationLog['record']>[2]): readonly OperationId[] {
		return this.durably(() => decisions.map(({change, targets}) => this.record(change, targets, why)));
	}

	/** Writes a decision down. On disk when it returns. */
	record(
		change: Change,
		targets: readonly NewTarget[],
		{
			madeAt,
			undoes,
			stood,
		}: {readonly madeAt: number; readonly undoes?: OperationId | undefined; readonly stood?: Stood | undefined},
	): OperationId {
		return this.durably(() => {
			const {id} = this.#sql(
				"INSERT INTO operation (made_at, change, state, undoes) VALUES (?, ?, 'waiting', ?) RETURNING id",
			).get(madeAt, JSON.stringify(change), undoes ?? null) as {id: number};
			const insert = this.#sql(`
				INSERT OR IGNORE INTO target (operation, message, mailbox, uid_validity, uid, was_set, state, behind)
				SELECT ?1, id, mailbox, uid_validity, uid, ?2, 'waiting', (
					SELECT max(operation.id) FROM target AS before JOIN operation ON operation.id = before.operation
					WHERE before.message = ?3 AND before.state <> 'done' AND operation.state = 'waiting' AND operation.id < ?1
					AND change ->> '$.kind' = 'move' AND change ->> '$.to.account' IS NULL
				) FROM message WHERE id = ?3
			`);
			if (stood !== undefined) this.stood.agree(id as OperationId, stood);
			for (const {message, wasSet, name} of targets) {
				const at = this.messages.at(message);
				insert.run(id, wasSet === undefined ? null : Number(wasSet), at);
				if (name !== undefined) this.messages.learnNames(new Map([[at as LogMessageId, name]]));
			}
			if (undoes !== undefined)
				this.#sql("UPDATE operation SET state = 'undone' WHERE id = ? AND state = 'done'").run(undoes);
			this.#ending.forgetOld();
			return id as OperationId;
		});
	}

	/** All operations known, oldest first. Those that are over and in `known` are not read again. */
	operations(known: ReadonlyMap<OperationId, Operation> = new Map()): Operation[] {
		const isSame = !this.#isRenamed;
		this.#isRenamed = false;
		return operationsIn(text => this.#sql(text), isSame ? known : new Map());
	}

	/** What an operation is about, with where each message is now. */
	targets(id: OperationId): Target[] {
		return targetsOf(text => this.#sql(text), id);
	}

	/**
	 * Another client has moved a message: what is decided about it goes on where it is now. What was refused because it was
	 * gone waits again. Returns whether the log knows of it.
	 */
	follow(from: Place, to: Place): boolean {
		const settle = (id: OperationId, message: LogMessageId) => this.settle(id, [message], new Map([[message, to]]));
		return this.durably(() => followInLog({sql: text => this.#sql(text), ending: this.#ending, settle}, from, to));
	}

	/** Takes back what nothing has been sent of; of what another account handed over those messages. Returns false when there is nothing. */
	strike(id: OperationId): boolean {
		return this.durably(() => {
			const draft = this.drafts.at(id);
			if (draft) {
				const isUnsent = draft.state === 'waiting' && draft.targetState === 'waiting';
				if (isUnsent) this.drafts.withdraw(draft);
				return isUnsent;
			}
			// The account they come from has to know: there they were moved.
			const handed = this.targets(id).filter(target => target.handed !== undefined);
			if (handed.length > 0) {
				const unsent = handed.filter(({state, isRefused}) => state === 'waiting' && !isRefused);
				const messages = unsent.map(({message}) => message);
				if (messages.length > 0) this.refuse(id, ours('you took it back'), {messages});
				return messages.length > 0;
			}
			if (!this.#isUnsent(id)) return false;
			this.#dependence.standAgain(id);
			this.#dependence.holdRemovals(id);
			this.#sql('DELETE FROM operation WHERE id = ?').run(id);
			return true;
		});
	}

	#isUnsent(id: OperationId): boolean {
		const unsent = this.#sql(`
			SELECT 1 FROM operation WHERE id = ? AND state = 'waiting' AND is_sent = 0
			AND NOT EXISTS (SELECT 1 FROM target WHERE operation = operation.id AND state <> 'waiting')
		`).get(id);
		return unsent !== undefined;
	}

	/** The same as `mark`, of a change of a mailbox. */
	markSent(id: OperationId, isSent: boolean): void {
		this.durably(() => this.#sql('UPDATE operation SET is_sent = ? WHERE id = ?').run(Number(isSent), id));
	}

	/**
	 * Before a command leaves, and when it is known that it was not obeyed: what a crash now must know. What an answer has
	 * confirmed meanwhile stays so: who looked it up before that answer knows less.
	 */
	mark(id: OperationId, messages: readonly LogMessageId[], state: 'waiting' | 'sending'): void {
		this.durably(() => {
			const update = this.#sql(
				"UPDATE target SET state = ? WHERE operation = ? AND message = ? AND state IN ('waiting', 'sending')",
			);
			for (const message of messages) update.run(state, id, message);
		});
	}

	/** How far they have come on their way to or from another account. */
	setTargets(id: OperationId, messages: readonly LogMessageId[], state: TargetState): void {
		this.durably(() => {
			const update = this.#sql("UPDATE target SET state = ? WHERE operation = ? AND message = ? AND state <> 'done'");
			for (const message of messages) update.run(state, id, message);
		});
	}

	/**
	 * The server has confirmed these targets. `places` are where the messages are now, when that has changed; a copy's
	 * are of new messages, which take the place of the targets, so that an undo finds them.
	 */
	settle(
		id: OperationId,
		messages: readonly LogMessageId[],
		places: ReadonlyMap<LogMessageId, Place> = new Map(),
		{isCopy = false} = {},
	): void {
		this.durably(() => {
			const done = this.#sql(
				"UPDATE target SET state = 'done' WHERE operation = ? AND message = ? AND state <> 'done'",
			);
			const move = this.#sql('UPDATE message SET mailbox = ?, uid_validity = ?, uid = ? WHERE id = ?');
			const replace = this.#sql('UPDATE OR IGNORE target SET message = ? WHERE operation = ? AND message = ?');
			for (const message of messages) {
				// The answer may come late, after a look-up has settled it: who was first knows more.
				const isSettled = done.run(id, message).changes === 0;
				const place = places.get(message);
				if (isSettled || place === undefined) continue;
				if (isCopy) replace.run(this.messages.at(place), id, message);
				else move.run(place.mailbox, place.uidValidity, place.uid, message);
			}
			this.#ending.conclude(id);
		});
	}

	/** A mailbox has another name by now: what the log says of it, and of what is in it, goes by that. */
	rename(from: MailboxPath, to: MailboxPath, delimiter: string): void {
		this.durably(() => renameInLog(text => this.#sql(text), {from, to, delimiter}));
		this.#isRenamed = true;
	}

	/**
	 * The server will not. What of it was done stays done. `messages`: only of these; when others are still to go on, the
	 * operation is refused when they are over. `isGone`: they are not where they were.
	 */
	refuse(
		id: OperationId,
		refusal: SafeText,
		why: {readonly isGone?: boolean; readonly messages?: readonly LogMessageId[]} = {},
	): void {
		this.durably(() => this.#ending.refuse(id, refusal, why));
	}

	/**
	 * Not sent until it is let go; returns false when it is over, or is to be held and has begun already. One that has begun
	 * may be held all the same, behind a refusal that was cleared: letting go is always possible.
	 */
	setHeld(id: OperationId, isHeld: boolean): boolean {
		return this.durably(() => {
			if (isHeld && !this.#isUnsent(id)) return false;
			const set = this.#sql("UPDATE operation SET is_held = ? WHERE id = ? AND state = 'waiting'");
			return set.run(Number(isHeld), id).changes > 0;
		});
	}

	/**
	 * A refusal that was read; of what another account waits for only that, and it is kept until that account has heard of it.
	 * What counted on it does not leave by that: the original of a copy that failed, say.
	 */
	dismiss(id: OperationId): void {
		this.durably(() => {
			const draft = this.drafts.at(id);
			if (draft?.state === 'refused') return this.drafts.withdraw(draft);
			this.#dependence.hold(id);
			if (this.appends.keep(id)) return;
			this.#sql(
				"DELETE FROM operation WHERE id = ? AND (state = 'refused' OR (state <> 'waiting' AND append_key IS NULL))",
			).run(id);
		});
	}

	/** A refused operation is tried again from the start of what is not done of it. */
	retry(id: OperationId): void {
		this.durably(() => this.#ending.retry(id));
	}

	close(): void {
		this.#lock.release();
		this.#database.close();
	}
}
