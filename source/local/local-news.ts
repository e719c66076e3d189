/**
 * Notices that another program has changed a Maildir: by the file system's own word where there is one, else by looking
 * every few seconds. It only says that something may have changed.
 */
import fs from 'node:fs';
import path from 'node:path';

/** A program that files a hundred messages is looked at once. */
const settlesAfterMs = 50;
const looksEveryMs = 5000;
/** When a folder that has just changed can be read for certain. */
const certainAfterMs = 2100;

export class LocalNews {
	readonly #onChange: () => void;
	readonly #watchers: fs.FSWatcher[] = [];
	readonly #timers = new Set<NodeJS.Timeout>();
	#settling: NodeJS.Timeout | undefined;

	constructor(folder: string, onChange: () => void) {
		this.#onChange = onChange;
		for (const name of ['cur', 'new']) this.#watch(path.join(folder, name));
	}

	#watch(folder: string): void {
		try {
			const watcher = fs.watch(folder, {persistent: false}, () => this.#settle());
			watcher.on('error', () => this.#poll());
			this.#watchers.push(watcher);
		} catch {
			this.#poll();
		}
	}

	#settle(): void {
		this.#settling ??= setTimeout(() => {
			this.#settling = undefined;
			this.#onChange();
		}, settlesAfterMs).unref();
	}

	#poll(): void {
		this.#timers.add(setInterval(() => this.#onChange(), looksEveryMs).unref());
	}

	/** The last look may have come too early to see all. */
	lookAgain(): void {
		const timer = setTimeout(() => {
			this.#timers.delete(timer);
			this.#onChange();
		}, certainAfterMs).unref();
		this.#timers.add(timer);
	}

	close(): void {
		clearTimeout(this.#settling);
		for (const timer of this.#timers) clearTimeout(timer);
		for (const watcher of this.#watchers) watcher.close();
	}
}
