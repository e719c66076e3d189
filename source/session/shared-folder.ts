/**
 * Records shared in a folder that something else carries about (Syncthing, Dropbox, a network disk): one file per client,
 * each written by its own client alone and read by all others.
 *
 * Laws: a file is only added to, line by line and fsynced, or replaced whole by one that says the same in fewer lines; what
 * is there of another client's is read whenever it changed, conflict copies too, since hearing a record twice does no harm.
 */
import fs from 'node:fs';
import path from 'node:path';
import {noRecords, readRecords, writeRecords} from '../model/record-text.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {KnownPlace} from '../store/shared-places.ts';
import type {OwnStates} from './own-states.ts';

export const recordsSuffix = '.bonsai-state';
/** After so many additions it is looked whether the file can be said in half the octets. */
const additionsBetweenLooks = 64;
const smallestBytes = 4096;
/** More is no file of ours. */
const mostBytes = 64_000_000;

export class SharedFolder {
	readonly #place: KnownPlace;
	readonly #own: OwnStates;
	/** How each file of others was when it was read. */
	readonly #seen = new Map<string, string>();
	#additions = 0;
	/** What was said last of what is wrong; once. */
	#problem = '';

	constructor(place: KnownPlace, own: OwnStates) {
		this.#place = place;
		this.#own = own;
	}

	/** Reads what others have written and writes what they were not told. Returns what is wrong, when that is news. */
	exchange(): SafeText | undefined {
		let problem = '';
		try {
			// An empty place where a disk is usually mounted is not to be filled.
			if (!fs.statSync(this.#place.name).isDirectory()) problem = `${this.#place.name} is no folder`;
			else problem = this.#read() ?? '';
			if (problem === '') this.#write();
		} catch (error) {
			problem = sentenceOf(this.#place.name, error as NodeJS.ErrnoException);
		}
		const isNews = problem !== this.#problem && problem !== '';
		this.#problem = problem;
		return isNews ? safeLine(`Not shared: ${problem}; what you mark is kept here`) : undefined;
	}

	get #file(): string {
		return path.join(this.#place.name, `${this.#own.state.who}${recordsSuffix}`);
	}

	/** Returns what is wrong. */
	#read(): string | undefined {
		let problem: string | undefined;
		for (const name of fs.readdirSync(this.#place.name)) {
			const file = path.join(this.#place.name, name);
			if (!name.endsWith(recordsSuffix) || file === this.#file) continue;
			const stat = fs.statSync(file, {throwIfNoEntry: false});
			if (stat === undefined || !stat.isFile()) continue;
			const now = `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
			if (this.#seen.get(name) === now) continue;
			if (stat.size > mostBytes) problem = `${file} is no file of ours`;
			else {
				const {records, isNewer} = readRecords(fs.readFileSync(file, 'utf8'));
				if (isNewer) problem = `a later Bonsai writes ${file}`;
				this.#own.learn(records, this.#place.id);
			}
			this.#seen.set(name, now);
		}
		return problem;
	}

	/** One process of this client at a time. */
	#write(): void {
		const {state} = this.#own;
		if (fs.existsSync(this.#file) && !state.shared.hasUntold(this.#place)) return;
		state.alone(() => {
			const isThere = endsWhole(this.#file);
			if (!isThere && state.shared.wasTold(this.#place)) state.shared.lost(this.#place);
			const {records, upTo} = state.shared.untold(this.#place);
			if (!isThere) replaceFile(this.#file, writeRecords(records) || noRecords);
			else if (records.length > 0) this.#add(writeRecords(records));
			state.shared.told(this.#place, upTo);
		});
	}

	#add(text: string): void {
		const descriptor = fs.openSync(this.#file, 'a', 0o600);
		try {
			fs.writeSync(descriptor, text);
			fs.fsyncSync(descriptor);
		} finally {
			fs.closeSync(descriptor);
		}
		this.#additions += 1;
		if (this.#additions % additionsBetweenLooks !== 0) return;
		const {size} = fs.statSync(this.#file);
		const whole = writeRecords(this.#own.state.shared.records(this.#place));
		if (size > smallestBytes && whole.length * 2 < size) replaceFile(this.#file, whole);
	}
}

/** Whether a file is there and was not cut in the middle of a line. */
function endsWhole(file: string): boolean {
	const stat = fs.statSync(file, {throwIfNoEntry: false});
	if (stat === undefined || stat.size === 0) return false;
	const descriptor = fs.openSync(file, 'r');
	try {
		const last = Buffer.alloc(1);
		fs.readSync(descriptor, last, 0, 1, stat.size - 1);
		return last.toString() === '\n';
	} finally {
		fs.closeSync(descriptor);
	}
}

/** At any instant the old file or the new one is there, whole. */
function replaceFile(file: string, text: string): void {
	const draft = path.join(path.dirname(file), `.${path.basename(file)}.new`);
	const descriptor = fs.openSync(draft, 'w', 0o600);
	try {
		fs.writeSync(descriptor, text);
		fs.fsyncSync(descriptor);
	} finally {
		fs.closeSync(descriptor);
	}
	fs.renameSync(draft, file);
}

function sentenceOf(folder: string, {code, message}: NodeJS.ErrnoException): string {
	if (code === 'ENOENT') return `the folder ${folder} is not there`;
	if (code === 'EACCES' || code === 'EROFS') return `${folder} cannot be written`;
	return code === 'ENOSPC' ? 'the disk is full' : message;
}
