/**
 * Mail on its way out: each letter a file of octets and, beside it, a small one with its envelope and how it stands. In
 * the folder of the account, apart from the cache: it exists nowhere else.
 *
 * Laws:
 * - A letter is on the disk, whole, with its name (fsync of file and folder), before `commit` returns; what a crash
 *   left of one that was not committed is not in the list.
 * - Every change of its state is there whole or not at all (written beside, fsync, renamed), and made by one process at a
 *   time: who takes a letter out, and who is about to end it on the line, cannot both succeed.
 * - `sending` is written before the end of a message leaves. Whoever takes the lock and finds one, finds a letter of a
 *   process that died then: nobody knows whether it was taken. It becomes `unknown` and is never sent again unasked.
 * - One process at a time sends (law 15); any may put a letter in.
 * - Its octets stay until what follows its sending is over: the copy in the mailbox of sent mail is made of them.
 * - Only this user may read them.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {Draft} from '../model/draft.ts';
import {noSequel, type Outcome, type Outgoing} from '../model/outgoing.ts';
import {ours} from '../model/safe-text.ts';
import {afterwards} from './after-sending.ts';
import {exclusively} from './change-lock.ts';
import {DrainLock} from './drain-lock.ts';
import {draftFile, LetterWriting, octetsFile, type Stored, writeState} from './letter-writing.ts';
import {syncFolder} from './write-whole.ts';

const folderName = 'outgoing';
/** Of letters that were never committed: a process may be writing them still. */
const abandonedAfterMs = 24 * 3600_000;
/** What was sent is remembered a while, so that one can see that it was. */
const rememberedSent = 50;

/** It was taken out, or is kept back, meanwhile. */
export class Withdrawn extends Error {}

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
			return {...earlier(stored), id, ...stored, letter: {...letter, file: octetsFile(this.folder, id)}};
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
		for (const {id, state} of this.all()) if (state === 'sending') this.#change(id, interrupted);
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

	/** Before the end of it leaves. Throws a Withdrawn when it is not to leave any more. */
	markSending(id: string): void {
		const marked = this.#change(id, ({state, isHeld}) =>
			state === 'waiting' && !isHeld ? {state: 'sending'} : undefined,
		);
		if (marked === undefined) throw new Withdrawn(`the letter ${id} is not to be sent any more`);
	}

	/** What became of it. @param now Ms since the epoch. */
	settle(id: string, outcome: Outcome, now: number): Outgoing | undefined {
		return this.#change(id, each => afterwards(each, outcome, now));
	}

	/**
	 * The user wants it sent, whatever it was. Returns false when there is none, or it is being sent or was. One that waits may
	 * be on the line to whom it waits for: who was refused it stays named, to be tried again when that is over.
	 */
	again(id: string): boolean {
		return this.#did(id, each => {
			if (each.state === 'sending' || each.state === 'sent') return undefined;
			const anew = {because: ours(''), notBefore: 0, sendAt: 0, attempts: 0, isHeld: false};
			if (each.state === 'waiting') return anew;
			const {envelope} = each.letter;
			const to = [...new Set([...envelope.to, ...each.refusals.map(({address}) => address)])];
			return {state: 'waiting', ...anew, refusals: [], letter: {...each.letter, envelope: {...envelope, to}}};
		});
	}

	/** The user knows that it arrived, or a look has shown it. Returns false when that is no question. @param now Ms. */
	arrived(id: string, now: number): boolean {
		return this.#did(id, each =>
			each.state === 'unknown' ? afterwards(each, {state: 'sent', refusals: []}, now) : undefined,
		);
	}

	/** Keeps it back, or lets it go. Returns false when it does not wait. */
	setHeld(id: string, isHeld: boolean): boolean {
		return this.#did(id, ({state}) => (state === 'waiting' ? {isHeld} : undefined));
	}

	/** What follows is in the logs; or over. */
	setSequelState(id: string, sequelState: 'recorded' | 'over'): void {
		this.#change(id, () => ({sequelState}));
	}

	/**
	 * The user does not want it any more. Returns false when there is none, or it is being sent, or what follows its sending
	 * is not over.
	 */
	remove(id: string): boolean {
		if (!fs.existsSync(this.folder)) return false;
		return exclusively(this.folder, () => {
			const each = this.find(id);
			if (each === undefined || each.state === 'sending') return false;
			if (each.sequelState === 'due' || each.sequelState === 'recorded') return false;
			fs.rmSync(this.#stateFile(id));
			syncFolder(this.folder);
			this.#forgetOctets(id);
			return true;
		});
	}

	/** What it was made of, if it can be that again. */
	draftOf(id: string): Draft | undefined {
		try {
			return JSON.parse(fs.readFileSync(draftFile(this.folder, id), 'utf8')) as Draft;
		} catch {
			return undefined;
		}
	}

	hasDraft = (id: string): boolean => fs.existsSync(draftFile(this.folder, id));

	#did = (id: string, change: Change): boolean => this.#change(id, change) !== undefined;

	/** `change` is given how it stands now; undefined leaves it. Returns how it stands then; undefined: it was left. */
	#change(id: string, change: Change): Outgoing | undefined {
		if (!fs.existsSync(this.folder)) return undefined;
		return exclusively(this.folder, () => {
			const each = this.find(id);
			const what = each && change(each);
			if (what === undefined) return undefined;
			const next = {...each!, ...what};
			writeState(this.folder, next);
			// Its octets are the server's by now.
			if (next.state === 'sent' && next.sequelState === 'over') this.#forgetOctets(id);
			return next;
		});
	}

	#forgetOctets(id: string): void {
		fs.rmSync(octetsFile(this.folder, id), {force: true});
		fs.rmSync(draftFile(this.folder, id), {force: true});
	}

	/** What was sent long ago, and what nobody committed. */
	#sweep(): void {
		const sent = this.all().filter(({state, sequelState}) => state === 'sent' && sequelState === 'over');
		for (const {id} of sent.slice(0, -rememberedSent)) fs.rmSync(this.#stateFile(id), {force: true});
		for (const name of fs.readdirSync(this.folder)) {
			const file = path.join(this.folder, name);
			const isOfALetter = /\.(octets|draft|writing|new|text)$/.test(name);
			if (!isOfALetter || fs.existsSync(this.#stateFile(name.replace(/\.[^.]*$/, '').replace(/\.octets$/, ''))))
				continue;
			const {mtimeMs = Date.now()} = fs.statSync(file, {throwIfNoEntry: false}) ?? {};
			if (Date.now() - mtimeMs > abandonedAfterMs) fs.rmSync(file, {force: true});
		}
	}
}

type Change = (each: Outgoing) => Partial<Outgoing> | undefined;

const interrupted: Change = ({state}) =>
	state === 'sending'
		? {
				state: 'unknown',
				because: ours('The program ended after all of it was sent and before the server said whether it took it'),
			}
		: undefined;

type Later = Pick<Outgoing, 'sendAt' | 'isHeld' | 'sequel' | 'sequelState' | 'takenAt'>;

/** What a letter of an earlier version does not say. */
const earlier = ({state}: Pick<Outgoing, 'state'>): Later => ({
	sendAt: 0,
	isHeld: false,
	sequel: noSequel,
	sequelState: state === 'sent' ? 'over' : 'to-come',
	takenAt: 0,
});
