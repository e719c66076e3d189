/**
 * Answers that begin at the same octet of the same section cannot be told apart, so the second question about one waits for
 * the first answer.
 */
export class Turns {
	readonly #taken = new Map<string, Promise<void>>();

	/** Asks when nobody else has one of these keys. */
	async take<T>(keys: readonly string[], ask: () => Promise<T>): Promise<T> {
		for (let other = this.#other(keys); other !== undefined; other = this.#other(keys)) await other;
		const asking = ask();
		const over = asking.then(
			() => {},
			() => {},
		);
		for (const key of keys) this.#taken.set(key, over);
		try {
			return await asking;
		} finally {
			for (const key of keys) this.#taken.delete(key);
		}
	}

	#other(keys: readonly string[]): Promise<void> | undefined {
		for (const key of keys) {
			const other = this.#taken.get(key);
			if (other !== undefined) return other;
		}
		return undefined;
	}
}
