/**
 * Octets of a part into a file, decoded as they come. Written as `NAME.part` (or the next free name), renamed when whole, so that a partial file
 * never looks whole and a file that is there is never touched.
 */
import fs from 'node:fs';
import {Failure} from '../model/failure.ts';
import type {Part} from '../model/part.ts';
import {safeLine} from '../model/safe-text.ts';
import {createTransferDecoder} from '../text/text.ts';
import type {Sink} from './section-reader.ts';

export class FileSink implements Sink {
	readonly #target: string;
	readonly #partial: string;
	readonly #file: number;
	readonly #decoder: ReturnType<typeof createTransferDecoder>;
	/** Pieces that came before the one in front of them. */
	readonly #early = new Map<number, Buffer>();
	#held = 0;
	#written = 0;

	/** Throws what the file system throws. */
	constructor(target: string, part: Part) {
		this.#target = target;
		[this.#partial, this.#file] = openNew(target);
		this.#decoder = createTransferDecoder(part.encoding);
	}

	heldBytes(): number {
		return this.#held;
	}

	get partialFile(): string {
		return this.#partial;
	}

	get writtenBytes(): number {
		return this.#written;
	}

	keep(offset: number, octets: Buffer): void {
		this.#early.set(offset, octets);
		for (let next = this.#early.get(this.#held); next !== undefined; next = this.#early.get(this.#held)) {
			this.#early.delete(this.#held);
			this.#held += next.length;
			this.#write(this.#decoder.write(next));
		}
	}

	/** A disk that takes no more is a Failure of this one file. */
	#write(bytes: Buffer): void {
		try {
			for (let done = 0; done < bytes.length; ) done += fs.writeSync(this.#file, bytes, done);
		} catch (error) {
			const {code = ''} = error as NodeJS.ErrnoException;
			const why =
				{ENOSPC: 'the disk is full', EDQUOT: 'your share of the disk is full'}[code] ?? `the disk says ${code}`;
			const sentence = `${this.#target} was not saved: ${why}. What came is in ${this.#partial}. Make room, or choose another place with s`;
			throw new Failure('refused', safeLine(sentence), error);
		}
		this.#written += bytes.length;
	}

	octets(): Buffer {
		return Buffer.alloc(0);
	}

	/** It failed: what came stays beside the target as `.part`. */
	close(): void {
		fs.closeSync(this.#file);
	}

	/** The user wants it no more. */
	abandon(): void {
		this.close();
		fs.rmSync(this.#partial, {force: true});
	}

	/** The file is whole: on the disk first, then under its name. */
	finish(mayReplace: boolean): void {
		this.#write(this.#decoder.end());
		fs.fsyncSync(this.#file);
		fs.closeSync(this.#file);
		if (mayReplace) {
			fs.renameSync(this.#partial, this.#target);
			return;
		}
		// A link is refused where a file of that name appeared meanwhile; a rename would replace it.
		try {
			fs.linkSync(this.#partial, this.#target);
			fs.unlinkSync(this.#partial);
		} catch (error) {
			if (!hasNoLinks.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
			// Sticks and some network disks have no links: the name is taken first, which also fails where it is taken.
			fs.closeSync(fs.openSync(this.#target, 'wx', 0o600));
			fs.renameSync(this.#partial, this.#target);
		}
	}
}

const hasNoLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK']);

/** A file of that name that is there is somebody's, perhaps from a save that was cut: another name is taken. */
function openNew(target: string): [name: string, file: number] {
	for (let number = 1; ; number++) {
		const name = number === 1 ? `${target}.part` : `${target}.${number}.part`;
		try {
			return [name, fs.openSync(name, 'wx', 0o600)];
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || number > 99) throw error;
		}
	}
}
