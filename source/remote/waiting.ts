/**
 * Waiting for news: IDLE (RFC 2177), renewed before anything between us and the server forgets the line. A server that
 * refuses it is asked no more.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {Meter} from './meter.ts';
import type {PipelinedImapFlow} from './pipelined-imapflow.ts';

/** NATs forget a quiet line after ten minutes or so; RFC 2177 allows 29. */
const renewAfterMs = 9 * 60_000;

export class Waiting {
	readonly #client: PipelinedImapFlow;
	readonly #meter: Meter;
	#renewal: NodeJS.Timeout | undefined;

	constructor(client: PipelinedImapFlow, meter: Meter) {
		this.#client = client;
		this.#meter = meter;
	}

	begin(mailbox: MailboxPath | '', purpose: 'waiting' | 'keepalive' = 'waiting'): void {
		if (!this.#client.capabilities.has('IDLE') || this.#client.isIdling) return;
		clearTimeout(this.#renewal);
		this.#renewal = setTimeout(() => this.#renew(mailbox), renewAfterMs).unref();
		const begun = this.#meter.ask({purpose, mailbox});
		let ended = (): void => {};
		this.#client
			.beginIdle(() => {
				begun();
				ended = this.#meter.ask({purpose: 'waiting', mailbox});
			})
			// A server that refuses IDLE is asked no more; what else went wrong ends the connection anyway.
			.catch(() => this.#client.capabilities.delete('IDLE'))
			.finally(() => {
				begun();
				ended();
			});
	}

	end(): void {
		this.stop();
		this.#client.endIdle();
	}

	/** Renews no more. */
	stop(): void {
		clearTimeout(this.#renewal);
	}

	/** Only a wait that is still on: a question may have ended it, and the budget may allow no other. */
	#renew(mailbox: MailboxPath | ''): void {
		if (!this.#client.isIdling) return;
		this.#client.endIdle();
		this.begin(mailbox, 'keepalive');
	}
}
