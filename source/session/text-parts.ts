/**
 * Parts that are text and here whole, as lines for a screen. Decoded once.
 */
import type {MessageId} from '../model/ids.ts';
import type {TextLine} from '../model/message.ts';
import type {Part} from '../model/part.ts';
import type {HeldParts} from './held-parts.ts';
import {type Readable, readText, wrapReadable} from './readable.ts';

export class TextParts {
	readonly #held: HeldParts;
	readonly #onReady: () => void;
	readonly #readable = new Map<string, Readable>();

	constructor(held: HeldParts, onReady: () => void) {
		this.#held = held;
		this.#onReady = onReady;
	}

	lines(id: MessageId, part: Part, columns: number): readonly TextLine[] | undefined {
		if (part.type !== 'text') return undefined;
		const readable = this.#readable.get(`${id}:${part.number}`);
		if (readable) return wrapReadable(readable, columns);
		void this.make(id, part).then(this.#onReady);
		return undefined;
	}

	async make(id: MessageId, part: Part): Promise<void> {
		if (part.type !== 'text' || !this.#held.isWhole(id, part)) return;
		const held = this.#held.asHeld(id, part);
		this.#readable.set(`${id}:${part.number}`, await readText(held.part, held.octets, true));
	}
}
