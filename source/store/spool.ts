/**
 * Messages on their way to another account: the octets of each in a file of its own, in the folder of the account they
 * come from, from when they are fetched until they are there and the original has gone.
 *
 * Laws: an octet is on the disk (fsync) before the next window is written, so that after a crash at most the last window
 * is uncertain, and that is fetched again; only this user may read them; nothing stays that no decision needs.
 */
import fs from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';

/** Longer is no window. */
export const longestWindow = 256 * 1024;

const write = promisify(fs.write);
const sync = promisify(fs.fdatasync);

const folderName = 'across';

/** Where the account with that folder keeps what it has handed over. */
export const spoolFile = (folder: string, key: string): string => path.join(folder, folderName, key);

export class Spool {
	readonly #folder: string;
	/** What this process has written itself is certain. */
	readonly #own = new Set<string>();
	/** Files were made whose names are not on the disk for certain. */
	#hasNew = false;

	constructor(folder: string) {
		this.#folder = folder;
	}

	/** How many octets of a message are here for certain. Throws what the file system throws, as all here. */
	begin(key: string, sizeBytes: number): number {
		const file = spoolFile(this.#folder, key);
		fs.mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
		const size = fs.statSync(file, {throwIfNoEntry: false})?.size;
		if (size === undefined) this.#create(file);
		const certain = this.#own.has(key) ? (size ?? 0) : Math.max(0, (size ?? 0) - longestWindow);
		const held = certain > sizeBytes ? 0 : certain;
		if (size !== undefined && held < size) fs.truncateSync(file, held);
		this.#own.add(key);
		return held;
	}

	#create(file: string): void {
		fs.closeSync(fs.openSync(file, 'w', 0o600));
		this.#hasNew = true;
	}

	/** Before others count on what is here: a file whose name is not on the disk is not there after a crash. */
	settle(): void {
		if (!this.#hasNew || process.platform === 'win32') return;
		const folder = fs.openSync(path.join(this.#folder, folderName), 'r');
		try {
			fs.fsyncSync(folder);
		} finally {
			fs.closeSync(folder);
		}
		this.#hasNew = false;
	}

	isWhole(key: string, sizeBytes: number): boolean {
		return fs.statSync(spoolFile(this.#folder, key), {throwIfNoEntry: false})?.size === sizeBytes;
	}

	async write(key: string, octets: Buffer, offset: number): Promise<void> {
		const file = fs.openSync(spoolFile(this.#folder, key), 'r+');
		try {
			for (let done = 0; done < octets.length; ) {
				const {bytesWritten} = await write(file, octets, done, octets.length - done, offset + done);
				done += bytesWritten;
			}
			await sync(file);
		} finally {
			fs.closeSync(file);
		}
	}

	/** Forgets what is not among these. */
	keepOnly(keys: ReadonlySet<string>): void {
		const folder = path.join(this.#folder, folderName);
		if (!fs.existsSync(folder)) return;
		for (const name of fs.readdirSync(folder)) {
			if (keys.has(name)) continue;
			fs.rmSync(path.join(folder, name), {force: true});
			this.#own.delete(name);
		}
	}
}
