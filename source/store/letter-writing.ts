/**
 * A letter that is being written down: its octets as they come, then its state, with which it is one. The files of a
 * letter are named here; `outgoing.ts` has them.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {Draft} from '../model/draft.ts';
import {type Letter, noSequel, type Outgoing} from '../model/outgoing.ts';
import type {PartOnServer, Piece} from '../model/piece.ts';
import {ours} from '../model/safe-text.ts';
import {syncFolder, writeWhole} from './write-whole.ts';

export type Stored = Omit<Outgoing, 'id' | 'letter'> & {readonly letter: Omit<Letter, 'file'>};

export const octetsFile = (folder: string, id: string): string => path.join(folder, `${id}.octets`);
export const draftFile = (folder: string, id: string): string => path.join(folder, `${id}.draft`);

export function writeState(folder: string, {id, letter: {file: _, ...letter}, ...rest}: Outgoing): void {
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
	readonly #pieces: Piece[] = [];
	/** Since the last piece. */
	#ownBytes = 0;

	constructor(folder: string) {
		this.#folder = folder;
		this.#id = newLetterId(Date.now());
		this.#file = fs.openSync(octetsFile(folder, this.#id), 'wx', 0o600);
	}

	write(octets: Uint8Array): void {
		for (let done = 0; done < octets.length; ) done += fs.writeSync(this.#file, octets, done);
		this.#sizeBytes += octets.length;
		this.#ownBytes += octets.length;
	}

	/** Octets of ours, or what comes here from a server. */
	add(piece: Uint8Array | PartOnServer): void {
		if (piece instanceof Uint8Array) {
			this.write(piece);
			return;
		}
		this.#closeOwn();
		this.#pieces.push({at: piece});
		this.#sizeBytes += piece.sizeBytes;
	}

	#closeOwn(): void {
		if (this.#ownBytes > 0) this.#pieces.push({own: this.#ownBytes});
		this.#ownBytes = 0;
	}

	/** It is mail on its way out when this returns. `draft`: what it can be again. */
	commit(
		facts: Pick<Letter, 'envelope' | 'isEightBit' | 'needsUtf8'> &
			Pick<Outgoing, 'messageId' | 'madeAt' | 'notBefore'> &
			Partial<Pick<Outgoing, 'sequel' | 'sendAt'>>,
		draft?: Draft,
	): Outgoing {
		const {messageId, madeAt, notBefore, sequel = noSequel, sendAt = 0, ...letter} = facts;
		fs.fsyncSync(this.#file);
		this.#closeOwn();
		const pieces = this.#pieces.some(({at}) => at !== undefined) ? {pieces: this.#pieces} : {};
		const each: Outgoing = {
			id: this.#id,
			state: 'waiting',
			madeAt,
			messageId,
			letter: {...letter, file: octetsFile(this.#folder, this.#id), sizeBytes: this.#sizeBytes, ...pieces},
			because: ours(''),
			refusals: [],
			attempts: 0,
			notBefore,
			sendAt,
			isHeld: false,
			sequel,
			sequelState: 'to-come',
			takenAt: 0,
		};
		if (draft !== undefined) writeWhole(draftFile(this.#folder, this.#id), JSON.stringify(draft));
		writeState(this.#folder, each);
		fs.closeSync(this.#file);
		return each;
	}

	/** Also when `commit` has thrown: then it may be there, or nearly. What is its state goes first: without it there is none. */
	abandon(): void {
		fs.rmSync(path.join(this.#folder, `${this.#id}.json`), {force: true});
		syncFolder(this.#folder);
		fs.rmSync(draftFile(this.#folder, this.#id), {force: true});
		fs.rmSync(octetsFile(this.#folder, this.#id), {force: true});
		fs.closeSync(this.#file);
	}
}
