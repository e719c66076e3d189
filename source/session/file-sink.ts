/**
 * Octets of a part into a file, decoded as they come. Written as `NAME.part`, renamed when whole, so that a partial file
 * never looks whole and a file that is there is never touched.
 */
import fs from 'node:fs';
import type {Part} from '../model/part.ts';
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
		this.#partial = `${target}.part`;
		// A link that lies there under this name must not be written through.
		fs.rmSync(this.#partial, {force: true});
		this.#file = fs.openSync(this.#partial, 'wx', 0o600);
		this.#decoder = createTransferDecoder(part.encoding);
	}

	heldBytes(): number {
		return this.#held;
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

	#write(bytes: Buffer): void {
		for (let done = 0; done < bytes.length; ) done += fs.writeSync(this.#file, bytes, done);
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
		fs.linkSync(this.#partial, this.#target);
		fs.unlinkSync(this.#partial);
	}
}
