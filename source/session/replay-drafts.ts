/**
 * The steps of the log by which a draft comes to lie on the server in the place of its older copy.
 *
 * Laws: the older copy goes only when the new one was seen there, so that there is no moment with neither; what was sent
 * without an answer is looked up by its Message-ID, which no other copy has; only what we have put there ourselves is
 * removed, by its UID.
 */
import {Failure} from '../model/failure.ts';
import type {DraftChange, DraftCopy, Place} from '../model/operation.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import type {OctetsFile, Piece, Remote} from '../remote/remote.ts';
import type {DraftRow} from '../store/draft-rows.ts';
import type {OperationLog} from '../store/log.ts';
import {refusalWords} from './refusal-words.ts';
import type {ReplayAround} from './replay-around.ts';
import type {Batch, StepOf} from './replay-step.ts';

/** A draft as it goes up; nobody needs its octets any more when `release` is called. */
export type DraftOctets = {
	readonly octets: Buffer | OctetsFile | readonly Piece[];
	readonly copy: DraftCopy;
	readonly release: () => void;
};

/**
 * Undefined: it is not on the disk any more, or as it lies there. `older` is where that is, uid 0: nowhere. Never rejects but
 * with what is a bug.
 */
export type MakeDraftOctets = (
	change: DraftChange,
	older: Place,
	options: {readonly mayUsePieces: boolean},
) => Promise<DraftOctets | {readonly because: SafeText} | undefined>;

type ReplayDraftsOptions = {
	readonly octetsOf: MakeDraftOctets;
	readonly around: Pick<ReplayAround, 'marks' | 'has' | 'uidValidityOf'>;
};

/** As other programs mark what they have there. */
const flags = ['\\Draft', '\\Seen'];

export class ReplayDrafts {
	readonly #options: ReplayDraftsOptions;
	/** The server has said OK, and not where it is. */
	readonly #taken = new Set<DraftRow['id']>();
	/** Why a server did not put one in the place of another. */
	readonly #refusals = new Map<DraftRow['id'], SafeText>();

	constructor(options: ReplayDraftsOptions) {
		this.#options = options;
	}

	get #log(): OperationLog {
		return this.#options.around.marks.log;
	}

	/** What the log says of it now; undefined: it was given up, and is over. */
	#row([batch]: readonly Batch[]): DraftRow | undefined {
		return batch && this.#log.drafts.at(batch.operation.id);
	}

	#write(row: DraftRow, write: (log: OperationLog, now: DraftRow) => void): void {
		this.#log.durably(() => {
			// It may have been saved again, or given up, while the server was asked.
			const now = this.#log.drafts.at(row.id);
			if (now) write(this.#log, now);
		});
	}

	async save(remote: Remote, step: StepOf<'save-draft' | 'exchange-draft'>): Promise<void> {
		const {batches, to, change} = step;
		const {octetsOf, around} = this.#options;
		const row = this.#row(batches);
		if (row === undefined) return;
		const made = await octetsOf(change, row.place, {mayUsePieces: around.has('CATENATE')});
		if (made === undefined) return this.#write(row, (log, now) => log.drafts.withdraw(now));
		if ('because' in made) return around.marks.refuse(batches, made.because);
		let isWanted = false;
		this.#write(row, (log, now) => {
			isWanted = now.state === 'waiting';
			if (isWanted) log.drafts.sent(now, made.copy, row);
		});
		if (!isWanted) return made.release();
		// What is made of pieces is looked at before the older copy goes.
		const isExchange = step.do === 'exchange-draft' && !made.copy.isOfPieces;
		const replaces = isExchange ? {replaces: row.place.uid} : {};
		try {
			const appended = await remote.append(to, made.octets, {flags, date: made.copy.savedAt, ...replaces});
			// Where the server does not say, it is looked for as if the answer were lost.
			if (appended === undefined) this.#taken.add(row.id);
			else
				this.#write(row, (log, now) => {
					log.drafts.stored(now, {mailbox: to, ...appended});
					if (isExchange) log.drafts.settle(now);
				});
		} catch (error) {
			if (!(error instanceof Failure) || (error.kind !== 'refused' && error.kind !== 'gone')) throw error;
			// The older copy may be gone: then it is an APPEND after all.
			const isOfOlder = isExchange && !isOfMailbox(error);
			if (isOfOlder) this.#refusals.set(row.id, refusalWords(error, step));
			const isOfPiece = error.code === 'BADURL' || isOfOlder;
			this.#write(row, (log, now) =>
				isOfPiece && now.place.uid > 0 ? log.drafts.unsure(now) : log.drafts.notStored(now),
			);
			if (!isOfPiece) around.marks.refuse(batches, refusalWords(error, step));
			else if (row.place.uid === 0) around.marks.refuse(batches, pieceGone);
		} finally {
			made.release();
		}
	}

	/** The answer to its APPEND was lost. */
	async find(remote: Remote, {batches, to, change}: StepOf<'find-draft'>): Promise<void> {
		const row = this.#row(batches);
		if (row === undefined) return;
		const messageId = change.sent?.messageId;
		const uids = messageId === undefined ? [] : await remote.search({by: 'message-id', messageId});
		const uid = uids.at(-1);
		const uidValidity = this.#options.around.uidValidityOf(to) ?? 0;
		// It is there all the same: what cannot be found would else be sent again and again.
		const isTaken = this.#taken.delete(row.id);
		this.#write(row, (log, now) => {
			if (uid !== undefined) log.drafts.stored(now, {mailbox: to, uidValidity, uid});
			else if (isTaken) log.drafts.stored(now, {mailbox: to, uidValidity: 0, uid: 0});
			else log.drafts.notStored(now);
		});
	}

	/** A message that pieces of it lie in is gone. */
	async look(remote: Remote, {batches}: StepOf<'look-draft'>): Promise<void> {
		const row = this.#row(batches);
		if (row === undefined) return;
		const {uidValidityOf, marks} = this.#options.around;
		const isSame = uidValidityOf(row.place.mailbox) === row.place.uidValidity;
		const isThere = isSame && (await remote.fetchExisting(`${row.place.uid}`)).length > 0;
		this.#write(row, (log, now) => (isThere ? log.drafts.isThere(now) : log.drafts.forgetOlder(now)));
		const because = this.#refusals.get(row.id) ?? pieceGone;
		this.#refusals.delete(row.id);
		if (isThere) marks.refuse(batches, because);
	}

	async replace(remote: Remote, {batches, change}: StepOf<'replace-draft'>): Promise<void> {
		const row = this.#row(batches);
		const copy = row && this.#log.messages.copiesOf(row.id).get(row.message);
		if (row === undefined || copy === undefined) return;
		const older = row.place;
		if (copy.mailbox === older.mailbox && copy.uidValidity === older.uidValidity) {
			if (copy.uid === older.uid) return this.#write(row, (log, now) => log.drafts.settle(now));
			const seen = await sizeOf(remote, copy.uid);
			if (seen === undefined) return this.#write(row, (log, now) => log.drafts.notStored(now));
			// Of a part that is not where it is looked for a server may take nothing, and say OK.
			if (change.sent?.isOfPieces && seen !== change.sent.sizeBytes) return this.#wrong(remote, row, copy, batches);
		}
		await this.#remove(remote, older);
		this.#write(row, (log, now) => log.drafts.settle(now));
	}

	/** It was put together of the wrong pieces: it goes, the older copy stays, and all of the draft goes up. */
	async #wrong(remote: Remote, row: DraftRow, copy: Place, batches: readonly Batch[]): Promise<void> {
		await this.#remove(remote, copy);
		const isTried = row.change.copy === undefined || row.change.copy.parts.length === 0;
		this.#write(row, (log, now) => log.drafts.forgetParts(now));
		if (isTried) this.#options.around.marks.refuse(batches, pieceGone);
	}

	/** Where single messages cannot be removed it stays, marked as what it is. */
	async #remove(remote: Remote, {uid}: Place): Promise<void> {
		const canExpunge = this.#options.around.has('UIDPLUS');
		const marking = remote.storeFlag(`${uid}`, '\\Deleted', true);
		await Promise.all([marking, ...(canExpunge ? [remote.expunge(`${uid}`)] : [])]);
	}

	settle(batches: readonly Batch[]): void {
		const row = this.#row(batches);
		if (row) this.#write(row, (log, now) => log.drafts.settle(now));
	}

	withdraw(batches: readonly Batch[]): void {
		const row = this.#row(batches);
		if (row) this.#write(row, (log, now) => log.drafts.withdraw(now));
	}
}

const isOfMailbox = ({code}: Failure): boolean =>
	['OVERQUOTA', 'TOOBIG', 'LIMIT', 'TRYCREATE', 'NOPERM', 'READ-ONLY'].includes(code ?? '');

async function sizeOf(remote: Remote, wanted: number): Promise<number | undefined> {
	let size: number | undefined;
	await remote.fetchArrivals(`${wanted}`, ({uid, sizeBytes}) => {
		if (uid === wanted) size = sizeBytes;
	});
	return size;
}

const pieceGone = ours(
	'what is attached lies in a message that is not there any more: attach it anew. The draft stays on this disk',
);
