/**
 * Writes to the tty without ever waiting for it. The second of the two places that touch Node's privates.
 *
 * Node's stdout on a terminal is synchronous: a terminal that takes 250 octets a second would stop the whole process,
 * and the line to the server with it. Non-blocking, what the kernel does not take is Node's to keep, and said by
 * `isBusy`: nothing more should be written then, since it would only be older when it arrives.
 */
import {writeSync} from 'node:fs';
import type {WriteStream} from 'node:tty';

type WriteHandle = {readonly fd?: number; setBlocking?(isBlocking: boolean): number};

const handleOf = (tty: WriteStream): WriteHandle | undefined =>
	(tty as unknown as {_handle?: WriteHandle | null})._handle ?? undefined;

/** Ends a sequence that was cut in the middle. */
const cancel = '\x18';
const lastWordsMs = 500;

export class TtyWriter {
	octetsWritten = 0;
	readonly #tty: WriteStream;
	readonly #onDrained: (octets: number, ms: number) => void;
	#unwritten = 0;

	constructor(tty: WriteStream, onDrained: (octets: number, ms: number) => void) {
		this.#tty = tty;
		this.#onDrained = onDrained;
		handleOf(tty)?.setBlocking?.(false);
	}

	get isBusy(): boolean {
		return this.#unwritten > 0;
	}

	write(text: string): void {
		const octets = Buffer.byteLength(text);
		const since = performance.now();
		let isQueued = false;
		this.octetsWritten += octets;
		this.#unwritten++;
		this.#tty.write(text, () => {
			this.#unwritten--;
			// What the kernel took at once says nothing; its callback is only as late as we are busy.
			if (this.#unwritten === 0) this.#onDrained(octets, isQueued ? performance.now() - since : 0);
		});
		isQueued = this.#tty.writableLength > 0;
	}

	/** For a process that ends now: past what is still waiting, and by ourselves, since nobody will write what waits then. */
	writeLast(text: string): void {
		const fd = handleOf(this.#tty)?.fd;
		if (fd === undefined || fd < 0) {
			this.write(text);
			return;
		}
		const words = Buffer.from(this.isBusy ? cancel + text : text);
		this.octetsWritten += words.length;
		const end = performance.now() + lastWordsMs;
		for (let written = 0; written < words.length && performance.now() < end; ) {
			try {
				written += writeSync(fd, words, written);
			} catch (error) {
				// The kernel has no room yet; anything else is a terminal that is gone.
				if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
			}
		}
	}
}
