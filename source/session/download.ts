/**
 * One part on its way: a reader of chunks, a place for them, and what has become of it. Paused, taken up again, given up.
 *
 * Laws: it asks in the form that costs least; a server that cannot decode is asked for the same as it was sent, from the
 * start, without a word. It is done only when all that was announced is here and in its place.
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Part} from '../model/part.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Transfer} from '../model/transfer.ts';
import type {ChunkForm} from '../remote/remote.ts';
import {RateOverTime} from './rate-over-time.ts';
import {SectionReader, type Sink} from './section-reader.ts';
import {travelOf, unknownTravel} from './travel.ts';
import type {Worker} from './worker.ts';

/** Where a part comes to. What it throws or rejects with becomes `because`, by `words`. */
export type Destination = Sink & {
	readonly form: ChunkForm;
	/** All of it is here already. */
	readonly isWhole: boolean;
	/** It comes from the beginning, in that form, because of that failure. */
	readonly restart: (form: ChunkForm, because: Failure | undefined) => Promise<void>;
	/** All came, so many octets of the form. */
	readonly finish: (bytes: number) => Promise<void>;
	/** Lets go of it; what came is kept. */
	readonly close: () => Promise<void>;
	readonly abandon: () => Promise<void>;
	/** What it says of a failure. */
	readonly words: (error: unknown) => SafeText;
};

/** Octets came that are not those that came before: it is fetched anew. */
export class OtherOctets extends Failure {}

export type DownloadOptions = {
	readonly id: number;
	readonly at: {readonly mailbox: MailboxPath; readonly uid: number};
	readonly part: Part;
	readonly into: Transfer['into'];
	/** Its path, where it goes to a file; '' for memory. */
	readonly file: string;
	readonly worker: Worker;
	/** Opens the place for it, or opens it again. Throws what the file system throws. */
	readonly open: (onRoom: () => void, onFailure: (error: unknown) => void) => Destination;
	/** What it says when it cannot be opened. */
	readonly notOpened: (error: unknown) => SafeText;
	readonly onChange: (transfer: Transfer) => void;
	/** It ended: `done`, or `failed` with the sentence in it. */
	readonly onEnd: (transfer: Transfer) => void;
};

export class Download {
	readonly #options: DownloadOptions;
	readonly #rate = new RateOverTime();
	#transfer: Transfer;
	#destination: Destination | undefined;
	#reader: SectionReader | undefined;
	#isOver = false;
	#heldAtLoss = 0;
	readonly #work = new Set<Promise<void>>();

	constructor(options: DownloadOptions) {
		this.#options = options;
		const {id, at, part, into, file} = options;
		this.#transfer = {
			id,
			...at,
			part: part.number,
			name: part.name || ours(`${part.type}/${part.subtype}`),
			into,
			file: safeLine(file),
			state: 'waiting',
			heldBytes: 0,
			totalBytes: part.sizeBytes,
			bytesPerSecond: undefined,
			because: ours(''),
		};
	}

	get transfer(): Transfer {
		return this.#transfer;
	}

	get at(): DownloadOptions['at'] {
		return this.#options.at;
	}

	get file(): string {
		return this.#options.file;
	}

	get #key(): string {
		return `download:${this.#transfer.id}`;
	}

	/** Begins, or goes on. */
	start(): void {
		if (this.#transfer.state === 'done') return;
		this.#isOver = false;
		try {
			this.#destination ??= this.#options.open(
				() => this.#options.worker.reconsider(),
				error => this.#fail(error),
			);
		} catch (error) {
			this.#end({state: 'failed', because: this.#options.notOpened(error)});
			return;
		}
		this.#read(this.#destination);
	}

	#read(destination: Destination): void {
		const {part, at, worker} = this.#options;
		const travel = part.sizeBytes === 0 && part.number === '' ? unknownTravel : travelOf(part, destination.form);
		this.#reader ??= new SectionReader({
			at,
			section: {part: part.number, of: 'content'},
			sink: destination,
			chunkBytes: () => worker.line.chunkBytes,
			travel,
		});
		const reader = this.#reader;
		const totalBytes = travel.mostBytes ?? 0;
		this.#show({state: 'waiting', heldBytes: reader.heldBytes, totalBytes, because: ours('')});
		this.#rate.begin(reader.heldBytes);
		if (destination.isWhole) {
			this.#track(this.#finish(destination, reader));
			return;
		}
		reader.onChange = () => this.#came(reader, totalBytes);
		const need = reader.need(
			'chosen',
			'parts',
			() => this.#track(this.#finish(destination, reader)),
			failure => this.#refused(destination, reader, failure),
		);
		const lost = () => {
			const wasAsking = reader.isAsking;
			need.lost();
			if (wasAsking) this.#lost(destination, reader);
		};
		worker.need({...need, key: this.#key, lost});
	}

	/**
	 * Dovecot 2.3 ends the connection over base64 it cannot decode, and would do so for ever: what brought no octet
	 * between two losses is asked for as it was sent.
	 */
	#lost(destination: Destination, reader: SectionReader): void {
		if (this.#isOver || reader !== this.#reader || destination.form !== 'decoded') return;
		const {heldBytes} = reader;
		if (heldBytes === this.#heldAtLoss) this.#track(this.#restart(destination, 'as-sent', undefined));
		else this.#heldAtLoss = heldBytes;
	}

	#came(reader: SectionReader, totalBytes: number): void {
		if (this.#isOver || reader !== this.#reader) return;
		const {heldBytes} = reader;
		const state = this.#transfer.state === 'paused' ? 'paused' : 'coming';
		this.#rate.now(heldBytes);
		this.#show({
			state,
			heldBytes,
			totalBytes: reader.totalBytes ?? Math.max(totalBytes, heldBytes),
			bytesPerSecond: state === 'paused' ? undefined : this.#rate.bytesPerSecond,
		});
	}

	/** What the server cannot decode it is asked for as it was sent; only if that fails too is it a failure. */
	#refused(destination: Destination, reader: SectionReader, failure: Failure): void {
		if (this.#isOver || reader !== this.#reader) return;
		if (failure instanceof OtherOctets) this.#track(this.#restart(destination, destination.form, failure));
		else if (destination.form === 'decoded') this.#track(this.#restart(destination, 'as-sent', undefined));
		else this.#fail(failure);
	}

	async #restart(destination: Destination, form: ChunkForm, because: Failure | undefined): Promise<void> {
		this.#options.worker.unneed(this.#key);
		this.#reader?.close();
		this.#reader = undefined;
		try {
			await destination.restart(form, because);
			if (!this.#isOver && this.#transfer.state !== 'paused') this.#read(destination);
		} catch (error) {
			this.#fail(error);
		}
	}

	/** What it still has to do when the line owes it nothing. */
	#track(work: Promise<void>): void {
		this.#work.add(work);
		void work.finally(() => this.#work.delete(work));
	}

	get isBusy(): boolean {
		return this.#work.size > 0;
	}

	async idle(): Promise<void> {
		await Promise.all(this.#work);
	}

	async #finish(destination: Destination, reader: SectionReader): Promise<void> {
		if (this.#isOver || reader !== this.#reader) return;
		const {heldBytes} = reader;
		const isAll = destination.isWhole || this.#isAll(destination.form, heldBytes);
		// What it decoded is not what was announced: it is asked for as it was sent, and decoded here.
		if (!isAll && destination.form === 'decoded') return this.#restart(destination, 'as-sent', undefined);
		try {
			await destination.finish(heldBytes);
			if (this.#isOver) return;
			this.#destination = undefined;
			this.#end({state: 'done', heldBytes, totalBytes: heldBytes});
		} catch (error) {
			this.#fail(error);
		}
	}

	#isAll(form: ChunkForm, bytes: number): boolean {
		const {part} = this.#options;
		return travelOf(part, form).isAll(bytes);
	}

	#fail(error: unknown): void {
		if (this.#isOver) return;
		const because = this.#destination?.words(error) ?? this.#options.notOpened(error);
		this.#track(this.#letGo());
		this.#end({state: 'failed', because});
	}

	#end(change: Partial<Transfer>): void {
		this.#isOver = true;
		this.#show({...change, bytesPerSecond: undefined});
		this.#options.onEnd(this.#transfer);
	}

	async #letGo(): Promise<void> {
		this.#options.worker.unneed(this.#key);
		this.#reader?.close();
		this.#reader = undefined;
		const destination = this.#destination;
		this.#destination = undefined;
		await destination?.close();
	}

	/** Nothing more is asked for; what is on its way is still kept. */
	pause(): void {
		if (this.#isOver || this.#transfer.state === 'paused') return;
		this.#options.worker.unneed(this.#key);
		this.#show({state: 'paused', bytesPerSecond: undefined});
	}

	/** It cannot be gone on with: what came is kept. */
	fail(failure: Failure): void {
		this.#fail(failure);
	}

	/** So it was when an earlier run ended; what that was is not remembered. */
	failedBefore(): void {
		this.#isOver = true;
		this.#show({state: 'failed', because: ours('It stopped before Bonsai was ended')});
	}

	/** The program ends: what came is on the disk. */
	async close(): Promise<void> {
		this.#isOver = true;
		await this.#letGo();
	}

	/** The user wants it no more: what came is thrown away. */
	async cancel(): Promise<void> {
		this.#isOver = true;
		this.#options.worker.unneed(this.#key);
		this.#reader?.close();
		const work = this.#abandon();
		this.#track(work);
		await work;
	}

	async #abandon(): Promise<void> {
		const hasEnded = this.#transfer.state === 'done' || this.#transfer.state === 'failed';
		try {
			const destination = hasEnded
				? undefined
				: (this.#destination ??
					this.#options.open(
						() => {},
						() => {},
					));
			this.#destination = undefined;
			await destination?.abandon();
		} catch {
			// What cannot be opened cannot be removed either.
		}
	}

	#show(change: Partial<Transfer>): void {
		this.#transfer = {...this.#transfer, ...change};
		this.#options.onChange(this.#transfer);
	}
}
