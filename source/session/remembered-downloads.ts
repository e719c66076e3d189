/**
 * Downloads to go on with after a restart, as the store keeps them (store/wanted-downloads.ts). What cannot be kept is
 * said, once each time, and the download goes on all the same.
 */
import {safeLine} from '../model/safe-text.ts';
import {type WantedDownload, WantedDownloads, type WantedState} from '../store/wanted-downloads.ts';
import {isAlive, ownIdentity} from './process-identity.ts';
import type {Tell} from './session.ts';

export class RememberedDownloads {
	readonly #folder: string | undefined;
	readonly #wanted: WantedDownloads | undefined;
	readonly #tell: Tell;
	/** Which row remembers a transfer. */
	readonly #rows = new Map<number, number>();

	/** Without a folder nothing is remembered. */
	constructor(folder: string | undefined, tell: Tell) {
		this.#folder = folder;
		this.#wanted = folder === undefined ? undefined : new WantedDownloads(folder);
		this.#tell = tell;
	}

	/** The row that remembers it; undefined when nothing does. */
	add(wanted: Omit<WantedDownload, 'id'>): number | undefined {
		return this.#tried(store => store.add(wanted, ownIdentity()));
	}

	isOf(transfer: number, row: number): void {
		this.#rows.set(transfer, row);
	}

	note(transfer: number, state: WantedState): void {
		const row = this.#rows.get(transfer);
		if (row !== undefined) this.#tried(store => store.setState(row, state));
	}

	forget(transfer: number): void {
		const row = this.#rows.get(transfer);
		this.#rows.delete(transfer);
		if (row !== undefined) this.#tried(store => store.remove(row));
	}

	/** Those an earlier run has left. */
	takeOver(): readonly WantedDownload[] {
		return this.#tried(store => store.takeOver(ownIdentity(), isAlive)) ?? [];
	}

	close(): void {
		this.#wanted?.close();
	}

	#tried<T>(work: (store: WantedDownloads) => T): T | undefined {
		try {
			return this.#wanted && work(this.#wanted);
		} catch (error) {
			const sentence = `Downloads cannot be remembered in ${this.#folder} (${(error as Error).message}). They go on while Bonsai runs; mend the folder so that they go on after it`;
			this.#tell('problem', safeLine(sentence));
			return undefined;
		}
	}
}
