/**
 * The queue of an account as this process shows it: read again when anybody has changed it. Looking makes nothing.
 */
import fs from 'node:fs';
import type {Outgoing, ShownLetter} from '../model/outgoing.ts';
import type {SafeText} from '../model/safe-text.ts';
import type {OutgoingMail} from '../store/outgoing.ts';
import {subjectIn} from './letter-subject.ts';
import {live} from './live.ts';

/** A clock of a file system may stand still for so long, in ms. */
const coarseMs = 50;

export class LettersOnDisk {
	readonly all = live<readonly ShownLetter[]>([]);
	readonly #mail: OutgoingMail | undefined;
	readonly #subjects = new Map<string, SafeText>();
	#seen = 0;
	#isSure = false;

	constructor(mail: OutgoingMail | undefined) {
		this.#mail = mail;
	}

	/** Reads what another process may have changed. Throws what the file system throws. */
	refresh(): void {
		if (this.#mail === undefined) return;
		const {mtimeMs = 0} = fs.statSync(this.#mail.folder, {throwIfNoEntry: false}) ?? {};
		if (mtimeMs === this.#seen && this.#isSure) return;
		this.#seen = mtimeMs;
		this.#isSure = Math.abs(Date.now() - mtimeMs) > coarseMs;
		this.reload();
	}

	reload(): void {
		if (this.#mail === undefined) return;
		const now = this.#mail.all().map(each => this.shown(each));
		if (JSON.stringify(now) !== JSON.stringify(this.all.get())) this.all.set(now);
	}

	shown(letter: Outgoing): ShownLetter {
		let subject = this.#subjects.get(letter.id);
		if (subject === undefined) {
			subject = subjectIn(letter.letter.file);
			this.#subjects.set(letter.id, subject);
		}
		return {...letter, subject, hasDraft: this.#mail?.hasDraft(letter.id) === true};
	}
}
