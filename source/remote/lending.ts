/** URLs by which a submission server fetches parts of messages for its user: GENURLAUTH (RFC 4467 §7). */
import {Failure} from '../model/failure.ts';
import type {PartOnServer} from '../model/piece.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import type {Asking} from './asking.ts';
import {atom} from './fetch-items.ts';
import {textOf} from './fetched-row.ts';
import {type UrlOwner, urlFor} from './imap-url.ts';
import type {Response} from './pipelined-imapflow.ts';

/** What another server is to be told is one word, and cannot be two lines of its dialogue. */
const isOneWord = (url: string): boolean => /^[\x21-\x7e]+$/.test(url);

export class Lending {
	readonly #asking: Asking;

	constructor(asking: Asking) {
		this.#asking = asking;
	}

	async urls(parts: readonly PartOnServer[], owner: UrlOwner): Promise<readonly string[]> {
		const asking = this.#asking;
		if (!asking.has('URLAUTH'))
			throw new Failure('refused', ours('The server lends no parts of messages (it has no URLAUTH)'));
		const rumps = parts.map(part => urlFor(part, owner));
		const proven = new Map<string, string>();
		const untagged = {
			GENURLAUTH: ({attributes = []}: Response) => {
				for (const each of attributes) {
					const url = textOf(each) ?? '';
					// Two such questions may be under way.
					const rump = rumps.find(wanted => url.startsWith(`${wanted}:`));
					if (rump !== undefined && isOneWord(url)) proven.set(rump, url);
				}
			},
		};
		const asked = [...new Set(rumps)].flatMap(rump => [{type: 'STRING', value: rump}, atom('INTERNAL')]);
		await this.#ask(() => asking.command('GENURLAUTH', asked, 'operations', {untagged}, ''));
		return rumps.map(rump => {
			const url = proven.get(rump);
			if (url === undefined)
				throw new Failure('refused', ours('The server lends no parts of messages: it gives no URL'));
			return url;
		});
	}

	/** Dovecot says BAD where it has no such message, with what it thinks of the command around it. */
	async #ask(ask: () => Promise<unknown>): Promise<void> {
		try {
			await this.#asking.ask('to lend a part of a message', ask);
		} catch (error) {
			if (!(error instanceof Failure) || error.kind !== 'refused') throw error;
			const said = error.sentence.replace(/^[^:]*: (Error in IMAP command [A-Z]+: )?/, '');
			const sentence = safeLine(`What lies in the mailboxes cannot be lent to the submission server: ${said}`);
			throw new Failure(error.kind, sentence, error, error.code);
		}
	}
}
