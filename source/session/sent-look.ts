/**
 * Letters of which nobody was told whether they were taken, looked for in the mailbox of sent mail; only of accounts whose
 * server files there what it was handed by itself, since a copy of ours would prove nothing. Once on each line, and when
 * the user asks for news. One that is there was sent; one that is not may still come to be.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {Outgoing} from '../model/outgoing.ts';
import {ours} from '../model/safe-text.ts';
import type {Need} from './needs.ts';
import {oneQuestion} from './one-question.ts';
import type {Worker} from './worker.ts';

type SentLookOptions = {
	readonly worker: Pick<Worker, 'need' | 'link'>;
	readonly letters: () => readonly Outgoing[];
	/** The mailbox of sent mail; '' when there is none, undefined when nobody knows. */
	readonly sent: () => MailboxPath | '' | undefined;
	readonly ensureMailboxes: () => void;
	readonly onFound: (letter: string) => void;
};

export class SentLook {
	readonly #options: SentLookOptions;
	readonly #looked = new Set<string>();

	constructor(options: SentLookOptions) {
		this.#options = options;
	}

	/** On another line, or on the user's word, all are looked for again. */
	anew(): void {
		this.#looked.clear();
		this.look();
	}

	look(): void {
		const {worker, letters, sent, ensureMailboxes} = this.#options;
		if (worker.link.get().state !== 'up') return;
		const unknown = letters().filter(({id, state}) => state === 'unknown' && !this.#looked.has(id));
		if (unknown.length === 0) return;
		const mailbox = sent();
		if (mailbox === undefined) {
			ensureMailboxes();
			return;
		}
		for (const letter of unknown) {
			this.#looked.add(letter.id);
			if (mailbox !== '') worker.need(this.#need(mailbox, letter));
		}
	}

	#need(mailbox: MailboxPath, {id, messageId, sequel: {isResent}}: Outgoing): Need {
		return oneQuestion({
			key: `sent ${id}`,
			urgency: 'looking-at',
			mailbox,
			what: ours('Look whether mail was sent'),
			expectedBytes: 150,
			mostBytes: 1000,
			fail: () => {},
			ask: async remote => {
				const found = await remote.search({by: 'message-id', messageId, isResent});
				if (found.length > 0) this.#options.onFound(id);
			},
		});
	}
}
