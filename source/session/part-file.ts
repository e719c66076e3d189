/**
 * A part into a file, decoded as it comes: `NAME.part` with a sidecar that says how far it is certain (part-sidecar.ts),
 * renamed when it is whole, so that a partial file never looks whole and a file that is there is never touched.
 *
 * Laws: octets are on the disk (fsync) before the sidecar vouches for them; so at any instant the pair can be gone on
 * with. What waits for the disk is bounded (`roomBytes`), whatever the line brings; nothing here blocks the screen.
 * All that waits is written and vouched for together: a kill costs what came during one write, and a fast line does
 * not wait for a sync at each chunk.
 */
import fs from 'node:fs';
import {promisify} from 'node:util';
import {ours} from '../model/safe-text.ts';
import type {ChunkForm} from '../remote/remote.ts';
import {createTransferDecoder, type TransferDecoder} from '../text/text.ts';
import {OtherOctets} from './download.ts';
import {giveName} from './give-name.ts';
import {type Mark, noMark, type PartOrigin, removeSidecar, writeSidecar} from './part-sidecar.ts';
import {findPartial, leavePartial, takePartial} from './partial-name.ts';
import {ownIdentity} from './process-identity.ts';
import type {Sink} from './section-reader.ts';

/** What may wait for the disk. */
const mostWaitingBytes = 1024 * 1024;
/** The server is asked for these once more when a download is taken up, to see that it sends the same. */
const overlapBytes = 512;

const write = promisify(fs.write);
const sync = promisify(fs.fdatasync);

type Piece = {readonly bytes: Buffer; readonly mark: Mark | undefined};

export type PartFileOptions = {
	readonly target: string;
	readonly origin: PartOrigin;
	/** How it comes where nothing is there to go on with. */
	readonly form: ChunkForm;
	/** The disk took something, and takes more. */
	readonly onRoom: () => void;
	readonly onFailure: (error: unknown) => void;
};

export class PartFile implements Sink {
	readonly partialFile: string;
	/** `.part` files on the way that are somebody's, and those another Bonsai is at work on. */
	readonly foreign: readonly string[];
	readonly held: readonly string[];
	/** What was there already, in octets as they travel. */
	readonly resumedBytes: number;
	readonly #options: PartFileOptions;
	/** Undefined when it was finished, but for its sidecar, before we were ended. */
	readonly #file: number | undefined;
	#form: ChunkForm;
	#decoder: TransferDecoder;
	/** Octets taken from the beginning; what of the file they made. */
	#takenBytes: number;
	#fileBytes: number;
	/** The last octets taken; those that have to come once more. */
	#tail: Buffer;
	#overlap: Buffer;
	/** Pieces that came before the one in front of them. */
	readonly #early = new Map<number, Buffer>();
	#waiting: Piece[] = [];
	#waitingBytes = 0;
	#writtenBytes: number;
	#vouched: Mark;
	/** Nothing more is taken; the file is closed. */
	#isOver = false;
	#isClosed = false;
	#work: Promise<void> | undefined;
	#error: unknown;

	/** Throws what the file system throws. */
	constructor(options: PartFileOptions) {
		const {target, origin, form} = options;
		this.#options = options;
		const {name, mark, foreign, held} = findPartial(target, origin);
		[this.partialFile, this.foreign, this.held] = [name, foreign, held];
		const from = mark ?? noMark(form);
		this.#vouched = from;
		this.#form = from.form;
		this.#decoder = createTransferDecoder(this.#encoding, from.decoder);
		this.#tail = Buffer.from(from.tail, 'base64');
		this.#overlap = from.isWhole ? Buffer.alloc(0) : this.#tail;
		this.#takenBytes = from.sentBytes - this.#overlap.length;
		this.resumedBytes = from.sentBytes;
		this.#fileBytes = from.fileBytes;
		this.#writtenBytes = from.fileBytes;
		this.#file = from.isWhole && !fs.existsSync(name) ? undefined : openPartial(name);
		takePartial(name);
		try {
			if (this.#file !== undefined) this.#vouch(from);
		} catch (error) {
			this.#closeFile();
			if (mark === undefined) fs.rmSync(name, {force: true});
			throw error;
		}
	}

	get #encoding(): string {
		return this.#form === 'decoded' ? '' : this.#options.origin.encoding;
	}

	get form(): ChunkForm {
		return this.#form;
	}

	get isWhole(): boolean {
		return this.#vouched.isWhole;
	}

	/** Octets of the file, decoded. */
	get fileBytes(): number {
		return this.#fileBytes;
	}

	heldBytes(): number {
		return this.#takenBytes;
	}

	octets(): Buffer {
		return Buffer.alloc(0);
	}

	roomBytes(): number {
		return mostWaitingBytes - this.#waitingBytes;
	}

	/** Throws OtherOctets when what comes once more is not what was here. */
	keep(offset: number, octets: Buffer): void {
		if (this.#isOver) return;
		this.#early.set(offset, octets);
		for (let next = this.#early.get(this.#takenBytes); next; next = this.#early.get(this.#takenBytes)) {
			this.#early.delete(this.#takenBytes);
			this.#takenBytes += next.length;
			this.#take(next);
		}
	}

	#take(octets: Buffer): void {
		const again = this.#overlap.subarray(0, octets.length);
		if (!octets.subarray(0, again.length).equals(again)) {
			throw new OtherOctets('broken', ours('The server sends other octets than before'));
		}
		this.#overlap = this.#overlap.subarray(again.length);
		const fresh = octets.subarray(again.length);
		if (fresh.length === 0) return;
		this.#tail = Buffer.concat([this.#tail, fresh.subarray(-overlapBytes)]).subarray(-overlapBytes);
		this.#put(this.#decoder.write(fresh));
	}

	#put(bytes: Buffer, isWhole = false): void {
		this.#fileBytes += bytes.length;
		this.#waitingBytes += bytes.length;
		this.#waiting.push({bytes, mark: this.#markNow(isWhole)});
		this.#work ??= this.#writeAll().catch(error => this.#fail(error));
	}

	#markNow(isWhole: boolean): Mark | undefined {
		const decoder = this.#decoder.state();
		if (decoder === undefined && !isWhole) return undefined;
		return {
			form: this.#form,
			sentBytes: this.#takenBytes,
			fileBytes: this.#fileBytes,
			decoder: decoder ?? '',
			tail: this.#tail.toString('base64'),
			isWhole,
		};
	}

	async #writeAll(): Promise<void> {
		while (this.#waiting.length > 0 && !this.#isOver) {
			const pieces = this.#waiting;
			this.#waiting = [];
			for (const {bytes} of pieces) await this.#write(bytes);
			const mark = pieces.findLast(piece => piece.mark !== undefined)?.mark;
			if (mark !== undefined && !this.#isOver) {
				await sync(this.#file as number);
				this.#vouch(mark);
			}
		}
		this.#work = undefined;
	}

	async #write(bytes: Buffer): Promise<void> {
		for (let done = 0; done < bytes.length && !this.#isOver; ) {
			const {bytesWritten} = await write(this.#file as number, bytes, done, bytes.length - done, this.#writtenBytes);
			done += bytesWritten;
			this.#writtenBytes += bytesWritten;
		}
		this.#waitingBytes -= bytes.length;
		this.#options.onRoom();
	}

	#vouch(mark: Mark, holder = ownIdentity()): void {
		writeSidecar(this.partialFile, {version: 1, origin: this.#options.origin, holder, mark});
		this.#vouched = mark;
	}

	#fail(error: unknown): void {
		this.#error = error;
		this.#work = undefined;
		this.#letGo();
		this.#options.onFailure(error);
	}

	/** It comes in another form, from the beginning: what was written is written again. */
	async restart(form: ChunkForm): Promise<void> {
		await this.#work;
		this.#form = form;
		this.#decoder = createTransferDecoder(this.#encoding);
		this.#early.clear();
		[this.#tail, this.#overlap] = [Buffer.alloc(0), Buffer.alloc(0)];
		[this.#takenBytes, this.#fileBytes, this.#writtenBytes] = [0, 0, 0];
		if (!this.#isOver) this.#vouch(noMark(form));
	}

	/** Puts all that waits on the disk and lets go; what came stays beside the target as `.part`. */
	async close(): Promise<void> {
		await this.#work;
		this.#letGo();
	}

	/** Lets go of it for good: what came stays, and is nobody's to go on with. */
	async disown(): Promise<void> {
		await this.close();
		removeSidecar(this.partialFile);
	}

	/** The user wants it no more. */
	async abandon(): Promise<void> {
		this.#isOver = true;
		await this.#work;
		this.#letGo();
		fs.rmSync(this.partialFile, {force: true});
		removeSidecar(this.partialFile);
	}

	/** Whoever goes on with it need not ask whether we live. */
	#letGo(): void {
		this.#isOver = true;
		if (this.#isClosed) return;
		this.#early.clear();
		try {
			this.#vouch(this.#vouched, '');
		} catch {
			// A disk that takes no more: that we are gone is seen all the same.
		}
		this.#closeFile();
	}

	#closeFile(): void {
		this.#isClosed = true;
		leavePartial(this.partialFile);
		if (this.#file !== undefined) fs.closeSync(this.#file);
	}

	/** The file is whole: on the disk first, then under its name. Rejects with what the file system throws. */
	async finish(mayReplace: boolean): Promise<void> {
		if (!this.isWhole) this.#put(this.#decoder.end(), true);
		await this.#work;
		if (this.#error !== undefined) throw this.#error;
		if (this.#file !== undefined) {
			fs.ftruncateSync(this.#file, this.#fileBytes);
			fs.fsyncSync(this.#file);
			giveName(this.partialFile, this.#options.target, mayReplace);
		}
		this.#isOver = true;
		this.#closeFile();
		removeSidecar(this.partialFile);
	}
}

/** New, or one to go on with: its octets beyond the mark are written again. */
const openPartial = (name: string): number => fs.openSync(name, fs.existsSync(name) ? 'r+' : 'wx', 0o600);
