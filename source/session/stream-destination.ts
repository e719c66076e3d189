/**
 * Somebody who takes octets as they come (a pipe) as a place for a part: decoded, in order, no faster than they are
 * taken, and never all in memory.
 *
 * What was given away cannot be taken back: when the server turns out to send something else than it began with, it is
 * a failure and no second beginning.
 */
import {Failure} from '../model/failure.ts';
import type {Part} from '../model/part.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {ChunkForm} from '../remote/remote.ts';
import {createTransferDecoder, type TransferDecoder} from '../text/text.ts';
import type {Destination} from './download.ts';

/** What may wait to be taken. */
const mostWaitingBytes = 1024 * 1024;

type StreamOptions = {
	readonly part: Part;
	readonly form: ChunkForm;
	/** Resolves when it is taken; rejects when nobody is there any more. */
	readonly write: (octets: Buffer) => Promise<void>;
	/** Something was taken, and more will be. */
	readonly onRoom: () => void;
	readonly onFailure: (error: unknown) => void;
};

export class StreamDestination implements Destination {
	readonly #options: StreamOptions;
	/** Pieces that came before the one in front of them. */
	readonly #early = new Map<number, Buffer>();
	#form: ChunkForm;
	#decoder: TransferDecoder;
	#takenBytes = 0;
	#waitingBytes = 0;
	#work: Promise<void> = Promise.resolve();
	#isOver = false;
	readonly isWhole = false;

	constructor(options: StreamOptions) {
		this.#options = options;
		this.#form = options.form;
		this.#decoder = this.#newDecoder();
	}

	#newDecoder(): TransferDecoder {
		return createTransferDecoder(this.#form === 'decoded' ? '' : this.#options.part.encoding);
	}

	get form(): ChunkForm {
		return this.#form;
	}

	heldBytes(): number {
		return this.#takenBytes;
	}

	roomBytes(): number {
		return mostWaitingBytes - this.#waitingBytes;
	}

	octets(): Buffer {
		return Buffer.alloc(0);
	}

	keep(offset: number, octets: Buffer): void {
		if (this.#isOver) return;
		this.#early.set(offset, octets);
		for (let next = this.#early.get(this.#takenBytes); next; next = this.#early.get(this.#takenBytes)) {
			this.#early.delete(this.#takenBytes);
			if (next.length === 0) return;
			this.#takenBytes += next.length;
			this.#give(this.#decoder.write(next));
		}
	}

	#give(bytes: Buffer): void {
		if (bytes.length === 0) return;
		this.#waitingBytes += bytes.length;
		this.#work = this.#work.then(() => this.#write(bytes));
	}

	async #write(bytes: Buffer): Promise<void> {
		if (this.#isOver) return;
		try {
			await this.#options.write(bytes);
			this.#waitingBytes -= bytes.length;
			this.#options.onRoom();
		} catch (error) {
			this.#isOver = true;
			this.#options.onFailure(error);
		}
	}

	async restart(form: ChunkForm, because: Failure | undefined): Promise<void> {
		if (this.#takenBytes > 0)
			throw because ?? new Failure('broken', ours('The server cannot say how long the part is'));
		this.#form = form;
		this.#decoder = this.#newDecoder();
		this.#early.clear();
	}

	async finish(bytes: number): Promise<void> {
		const {sizeBytes} = this.#options.part;
		this.#give(this.#decoder.end());
		await this.#work;
		if (this.#form === 'as-sent' && bytes < sizeBytes) {
			const sentence = `The server announced ${sizeBytes} octets and has only ${bytes}, so this may not be all`;
			throw new Failure('broken', safeLine(sentence));
		}
	}

	async close(): Promise<void> {
		this.#isOver = true;
	}

	async abandon(): Promise<void> {
		this.#isOver = true;
	}

	words(error: unknown): SafeText {
		if (error instanceof Failure) return error.sentence;
		const {code, message} = error as NodeJS.ErrnoException;
		return code === 'EPIPE' ? ours('Nobody reads it any more') : safeLine(message);
	}
}
