/**
 * Mail on its way out: each letter a file of octets and, beside it, a small one with its envelope and how it stands. In
 * the folder of the account, apart from the cache: it exists nowhere else.
 *
 * Laws:
 * - A letter is on the disk, whole, with its name (fsync of file and folder), before `commit` returns; what a crash
 *   left of one that was not committed is not in the list.
 * - Every change of its state is there whole or not at all (written beside, fsync, renamed).
 * - `sending` is written before the end of a message leaves. Whoever takes the lock and finds one, finds a letter of a
 *   process that died then: nobody knows whether it was taken. It becomes `unknown` and is never sent again unasked.
 * - One process at a time sends (law 15); any may put a letter in.
 * - Only this user may read them.
 */
import fs from 'node:fs';
import path from 'node:path';
import {type Letter, noSequel, type Outcome, type Outgoing, type Refusal} from '../model/outgoing.ts';
import {ours} from '../model/safe-text.ts';
import {DrainLock} from './drain-lock.ts';
import {syncFolder, writeWhole} from './write-whole.ts';

type Stored = Omit<Outgoing, 'id' | 'letter'> & {readonly letter: Omit<Letter, 'file'>};

const folderName = 'outgoing';
/** Of letters that were never committed: a process may be writing them still. */
const abandonedAfterMs = 24 * 3600_000;
/** What was sent is remembered a while, so that one can see that it was. */
const rememberedSent = 50;
const waits = [60_000, 300_000, 900_000, 3_600_000];

export class OutgoingMail {
	readonly folder: string;
	readonly #lock: DrainLock;

	/** @param account The account's own folder. Nothing is made before something is written. */
	constructor(account: string) {
		this.folder = path.join(account, folderName);
		this.#lock = new DrainLock(this.folder);
	}

	/** Begins to write a letter down. Throws what the file system throws, as all here. */
	begin(): LetterWriting {
		fs.mkdirSync(this.folder, {recursive: true, mode: 0o700});
		return new LetterWriting(this.folder);
	}

	/** All there are, oldest first. One that cannot be read is left alone, and out. */
	all(): Outgoing[] {
		const names = fs.existsSync(this.folder) ? fs.readdirSync(this.folder) : [];
		const ids = names.filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length));
		return ids.sort().flatMap(id => this.find(id) ?? []);
	}

	find(id: string): Outgoing | undefined {
		try {
			const {letter, ...stored} = JSON.parse(fs.readFileSync(this.#stateFile(id), 'utf8')) as Stored;
			return {
				id,
				...stored,
				sequel: {...noSequel, ...stored.sequel},
				letter: {...letter, file: octetsFile(this.folder, id)},
			};
		} catch (error) {
			if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
			throw error;
		}
	}

	#stateFile = (id: string): string => path.join(this.folder, `${id}.json`);

	/** Takes the lock if it is free: then nobody else sends. What a dead sender has left is made `unknown`. */
	hold(): boolean {
		if (!fs.existsSync(this.folder)) fs.mkdirSync(this.folder, {recursive: true, mode: 0o700});
		if (!this.#lock.take()) return false;
		for (const each of this.all())
			if (each.state === 'sending')
				this.#change(each, {
					state: 'unknown',
					because: ours('The program ended after all of it was sent and before the server said whether it took it'),
				});
		this.#sweep();
		return true;
	}

	/** Tells letters that are being sent from those that a process died over. */
	recover(): void {
		if (this.all().some(({state}) => state === 'sending') && this.hold()) this.release();
	}

	release(): void {
		this.#lock.release();
	}

	/** Before the end of it leaves. */
	markSending(id: string): void {
		const each = this.find(id);
		if (each === undefined) throw new Error(`the letter ${id} is gone`);
		this.#change(each, {state: 'sending'});
	}

	/** What became of it. @param now Ms since the epoch. */
	settle(id: string, outcome: Outcome, now: number): Outgoing | undefined {
		const each = this.find(id);
		return each && this.#change(each, afterwards(each, outcome, now));
	}

	/** The user wants it sent, whatever it was. Returns false when there is none, or it is being sent or was. */
	again(id: string): boolean {
		const each = this.find(id);
		if (each === undefined || each.state === 'sending' || each.state === 'sent') return false;
		const {envelope} = each.letter;
		const to = [...new Set([...envelope.to, ...each.refusals.map(({address}) => address)])];
		const letter = {...each.letter, envelope: {...envelope, to}};
		this.#change(each, {state: 'waiting', because: ours(''), notBefore: 0, attempts: 0, refusals: [], letter});
		return true;
	}

	/** The user does not want it any more. Returns false when there is none, or it is being sent. */
	remove(id: string): boolean {
		const each = this.find(id);
		if (each === undefined || each.state === 'sending') return false;
		fs.rmSync(this.#stateFile(id));
		syncFolder(this.folder);
		fs.rmSync(octetsFile(this.folder, id), {force: true});
		return true;
	}

	#change(each: Outgoing, change: Partial<Outgoing>): Outgoing {
		const next = {...each, ...change};
		writeState(this.folder, next);
		// Its octets are the server's by now.
		if (next.state === 'sent') fs.rmSync(octetsFile(this.folder, next.id), {force: true});
		return next;
	}

	/** What was sent long ago, and what nobody committed. */
	#sweep(): void {
		const sent = this.all().filter(({state}) => state === 'sent');
		for (const {id} of sent.slice(0, -rememberedSent)) fs.rmSync(this.#stateFile(id), {force: true});
		for (const name of fs.readdirSync(this.folder)) {
			const file = path.join(this.folder, name);
			const isOfALetter = /\.(octets|writing|new|text)$/.test(name);
			if (!isOfALetter || fs.existsSync(this.#stateFile(name.replace(/\.[^.]*$/, '').replace(/\.octets$/, ''))))
				continue;
			const {mtimeMs = Date.now()} = fs.statSync(file, {throwIfNoEntry: false}) ?? {};
			if (Date.now() - mtimeMs > abandonedAfterMs) fs.rmSync(file, {force: true});
		}
	}
}

/** How it stands after it was handed over. A pure function of how it stood. */
function afterwards(each: Outgoing, outcome: Outcome, now: number): Partial<Outgoing> {
	const later = {attempts: each.attempts + 1, notBefore: now + (waits[each.attempts] ?? waits.at(-1)!)};
	const left = (addresses: readonly string[]): Pick<Outgoing, 'letter'> => ({
		letter: {...each.letter, envelope: {...each.letter.envelope, to: addresses}},
	});
	const forGood = (refusals: readonly Refusal[]): readonly Refusal[] => refusals.filter(({isForNow}) => !isForNow);
	const forNow = (refusals: readonly Refusal[]): readonly string[] =>
		refusals.filter(({isForNow}) => isForNow).map(({address}) => address);
	switch (outcome.state) {
		case 'sent': {
			const refusals = [...each.refusals, ...forGood(outcome.refusals)];
			const to = forNow(outcome.refusals);
			const [first] = outcome.refusals;
			if (to.length > 0)
				return {state: 'waiting', because: first?.because ?? ours(''), refusals, ...left(to), ...later};
			if (refusals.length > 0)
				return {state: 'refused', because: ours('It was sent, but not to everybody'), refusals, ...left([])};
			return {state: 'sent', because: ours('')};
		}
		case 'refused': {
			const refusals = [...each.refusals, ...forGood(outcome.refusals)];
			const to = forNow(outcome.refusals);
			if (to.length > 0) return {state: 'waiting', because: outcome.because, refusals, ...left(to), ...later};
			if (outcome.isForNow) return {state: 'waiting', because: outcome.because, ...later};
			return {state: 'refused', because: outcome.because, refusals};
		}
		case 'unsent': {
			const {failure} = outcome;
			// The line is tried again as soon as anybody asks; a server that is busy is given time.
			return {state: 'waiting', because: failure.sentence, ...(failure.kind === 'busy' ? later : {})};
		}
		case 'unknown':
			return {state: 'unknown', because: outcome.because};
	}
}

const octetsFile = (folder: string, id: string): string => path.join(folder, `${id}.octets`);

function writeState(folder: string, {id, letter: {file: _, ...letter}, ...rest}: Outgoing): void {
	const stored: Stored = {...rest, letter};
	writeWhole(path.join(folder, `${id}.json`), `${JSON.stringify(stored)}\n`);
}

let lastNumber = 0;

/** In the order they were made, across processes too. */
function newLetterId(now: number): string {
	lastNumber = Math.max(lastNumber + 1, now * 1000);
	return `${lastNumber.toString(36).padStart(11, '0')}-${process.pid.toString(36)}`;
}

/** A letter that is being written down. */
export class LetterWriting {
	readonly #folder: string;
	readonly #id: string;
	readonly #file: number;
	#sizeBytes = 0;

	constructor(folder: string) {
		this.#folder = folder;
		this.#id = newLetterId(Date.now());
		this.#file = fs.openSync(octetsFile(folder, this.#id), 'wx', 0o600);
	}

	write(octets: Uint8Array): void {
		for (let done = 0; done < octets.length; ) done += fs.writeSync(this.#file, octets, done);
		this.#sizeBytes += octets.length;
	}

	/** It is mail on its way out when this returns. */
	commit(
		facts: Pick<Letter, 'envelope' | 'isEightBit' | 'needsUtf8'> &
			Pick<Outgoing, 'messageId' | 'madeAt' | 'notBefore'> &
			Partial<Pick<Outgoing, 'sequel'>>,
	): Outgoing {
		const {messageId, madeAt, notBefore, sequel = noSequel, ...letter} = facts;
		fs.fsyncSync(this.#file);
		const each: Outgoing = {
			id: this.#id,
			state: 'waiting',
			madeAt,
			messageId,
			letter: {...letter, file: octetsFile(this.#folder, this.#id), sizeBytes: this.#sizeBytes},
			because: ours(''),
			refusals: [],
			attempts: 0,
			notBefore,
			sequel,
		};
		writeState(this.#folder, each);
		fs.closeSync(this.#file);
		return each;
	}

	/** Also when `commit` has thrown: then it may be there, or nearly. */
	abandon(): void {
		fs.closeSync(this.#file);
		fs.rmSync(path.join(this.#folder, `${this.#id}.json`), {force: true});
		fs.rmSync(octetsFile(this.#folder, this.#id), {force: true});
	}
}
