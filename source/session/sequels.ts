/**
 * What follows when a letter was taken: a copy of it in the mailbox of sent mail, \Answered or $Forwarded on what it
 * answers or sends on, its own draft removed from the server. Operations like all others, in the logs of the accounts they are about.
 *
 * Laws: recorded only when a server has taken the letter, and then once, whatever crashes: the letter says on the disk how
 * far it has come, and the log knows the copy by the letter's id. Its octets stay until the copy is there, or is not wanted
 * any more. Only who holds the queue records.
 */
import fs from 'node:fs';
import type {Account} from '../model/account.ts';
import type {AccountName} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {FileChange, PartPlace} from '../model/operation.ts';
import type {Original, Outgoing} from '../model/outgoing.ts';
import {ownBytes} from '../model/piece.ts';
import {OperationLog} from '../store/log.ts';
import type {OutgoingMail} from '../store/outgoing.ts';
import type {Uploaded} from './replay-append.ts';

type SequelsOptions = {
	readonly account: Pick<Account, 'name' | 'sending'>;
	/** Where this account keeps its log. */
	readonly folder: string;
	/** Where another does; undefined when there is no such account that keeps anything. */
	readonly folderOf: ((account: AccountName) => string | undefined) | undefined;
	readonly mail: OutgoingMail;
	/** Marks a message of this account whose state is not the server's to keep; false: it is. */
	readonly markHere?: (original: Original, flag: Flag) => boolean;
};

export class Sequels {
	readonly #options: SequelsOptions;
	readonly #logs = new Map<AccountName, OperationLog>();

	constructor(options: SequelsOptions) {
		this.#options = options;
	}

	/** Of all letters of which it is due. Returns whether there were any. Throws what SQLite and the file system throw. */
	record(letters: readonly Outgoing[] = this.#options.mail.all()): boolean {
		const due = letters.filter(({sequelState}) => sequelState === 'due');
		for (const letter of due) this.#record(letter);
		return due.length > 0;
	}

	#record(letter: Outgoing): void {
		const {account, mail} = this.#options;
		const {sequel, takenAt, messageId, id} = letter;
		const isFiled = sequel.isFiled && account.sending.sentCopies === 'append';
		const {sizeBytes} = letter.letter;
		if (isFiled) this.#logOf(account.name)?.recordFile(fileChange(letter), {messageId, sizeBytes}, takenAt);
		// The copy may be made of pieces that lie in it.
		const isOver = !isFiled && !isNeeded(letter);
		if (sequel.draft && isOver) this.#drop(sequel.draft, takenAt);
		for (const original of sequel.answers) this.#mark(original, '\\Answered', takenAt);
		for (const original of sequel.forwards) this.#mark(original, '$Forwarded', takenAt);
		mail.setSequelState(id, isOver ? 'over' : 'recorded');
	}

	/** A letter that is not to be sent any more was a draft once: that is over, too. @param now Ms since the epoch. */
	discarded({sequel, sequelState}: Outgoing, now: number): boolean {
		if (sequelState !== 'to-come' || sequel.draft === undefined) return false;
		this.#drop(sequel.draft, now);
		return true;
	}

	#drop({account, id}: NonNullable<Outgoing['sequel']['draft']>, madeAt: number): void {
		this.#logOf(account)?.dropDraft(id, madeAt);
	}

	#mark(original: Original, flag: Flag, madeAt: number): void {
		const {account, markHere} = this.#options;
		const {account: of, ...place} = original;
		if (of === account.name && markHere?.(original, flag) === true) return;
		this.#logOf(of)?.recordSequel(flag, place, madeAt);
	}

	/**
	 * Lets octets go of which the copy is filed, or was given up; and the draft it was, when nobody waits any more for what lies
	 * in it. Returns whether that was recorded.
	 */
	sweep(letters: readonly Outgoing[] = this.#options.mail.all()): boolean {
		const {account, mail} = this.#options;
		let hasRecorded = false;
		for (const letter of letters) {
			const {id, sequelState, sequel, takenAt} = letter;
			if (sequelState !== 'recorded' || isNeeded(letter)) continue;
			if (this.#logOf(account.name)?.isFiling(id) !== false) continue;
			if (sequel.draft) {
				this.#drop(sequel.draft, takenAt);
				hasRecorded = true;
			}
			mail.setSequelState(id, 'over');
		}
		return hasRecorded;
	}

	/** Undefined: there is no such account any more, and nothing of it to be marked. */
	#logOf(account: AccountName): OperationLog | undefined {
		const known = this.#logs.get(account);
		if (known) return known;
		const {folder, folderOf} = this.#options;
		const where = account === this.#options.account.name ? folder : folderOf?.(account);
		if (where === undefined) return undefined;
		const log = new OperationLog(where);
		this.#logs.set(account, log);
		return log;
	}

	close(): void {
		for (const log of this.#logs.values()) log.close();
		this.#logs.clear();
	}
}

/** Some were put off, and what they are to get may lie in the copy of the draft. */
const isNeeded = ({state, letter, sequel}: Outgoing): boolean =>
	sequel.draft !== undefined && letter.pieces !== undefined && (state === 'waiting' || state === 'sending');

const fileChange = ({id, takenAt, letter: {sizeBytes}, sequel: {isResent}}: Outgoing): FileChange => ({
	kind: 'file',
	to: {use: 'sent'},
	letter: id,
	flags: ['\\Seen'],
	date: takenAt,
	sizeBytes,
	...(isResent ? {isResent} : {}),
});

/**
 * The octets of a letter whose copy is filed, and where they lie on the server already: where each part is by now, `whereIs`
 * says; undefined when those of ours are not here, or not all.
 */
export function lettersOctets(
	mail: OutgoingMail | undefined,
	{letter, sizeBytes}: FileChange,
	whereIs: (at: PartPlace) => PartPlace,
): Uploaded | undefined {
	const {file, pieces} = mail?.find(letter)?.letter ?? {};
	const ownSize = pieces === undefined ? sizeBytes : ownBytes(pieces);
	if (file === undefined || fs.statSync(file, {throwIfNoEntry: false})?.size !== ownSize) return undefined;
	const octets = ownSize > longestInMemory ? {file, sizeBytes} : fs.readFileSync(file);
	if (pieces === undefined) return octets;
	let from = 0;
	return pieces.map(({own = 0, at}) => {
		if (at !== undefined) return whereIs(at);
		from += own;
		return Buffer.isBuffer(octets) ? octets.subarray(from - own, from) : {file, from: from - own, sizeBytes: own};
	});
}

const longestInMemory = 256 * 1024;
