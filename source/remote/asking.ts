/**
 * How questions leave on one connection, and what becomes of their failures: each is counted for what it is for and for the
 * mailbox it is about, and what is thrown becomes a Failure here, once.
 */
import type {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Cause, Purpose} from '../model/usage.ts';
import {requestFailure} from './failures.ts';
import {MailboxNames} from './mailbox-name.ts';
import type {Meter} from './meter.ts';
import type {CommandOptions, PipelinedImapFlow, Response} from './pipelined-imapflow.ts';
import {Turns} from './turns.ts';

export class Asking {
	readonly client: PipelinedImapFlow;
	readonly names = new MailboxNames();
	readonly turns = new Turns();
	/** The mailbox that questions are about. */
	mailbox: MailboxPath | '' = '';
	/** Whether ranges (`<0.2048>`) can be asked for; else what is asked for comes whole. */
	readonly hasRanges: boolean;
	readonly #meter: Meter;
	/** What the server could do the last time; in the login the answer that says so may still be under way. */
	readonly #remembered: readonly string[];
	#isReady = false;
	#failure: Failure | undefined;
	/** The literals that answers under way may bring, so that the limit is never below the largest. */
	readonly #expected = new Set<{bytes: number}>();

	constructor(client: PipelinedImapFlow, meter: Meter, remembered: readonly string[], hasRanges: boolean) {
		this.client = client;
		this.hasRanges = hasRanges;
		this.#meter = meter;
		this.#remembered = remembered;
	}

	/** The login is over. */
	ready(): void {
		this.#isReady = true;
		this.#meter.rest();
	}

	get isReady(): boolean {
		return this.#isReady;
	}

	/** What has broken the line, if anything has: it says more than the command that noticed. */
	get failure(): Failure | undefined {
		return this.#failure;
	}

	/** The first to break it says what did. */
	broken(error: unknown): void {
		this.#failure ??= requestFailure(error, 'the connection');
	}

	has(capability: string): boolean {
		return (!this.#isReady && this.#remembered.includes(capability)) || this.client.capabilities.has(capability);
	}

	/** `what` completes "The server refuses …". */
	async ask<T>(what: string, ask: () => Promise<T>): Promise<T> {
		try {
			return await ask();
		} catch (error) {
			const failure = requestFailure(error, what);
			throw failure.kind === 'offline' && this.#failure ? this.#failure : failure;
		}
	}

	command(
		name: string,
		attributes: readonly unknown[] | false,
		purpose: Purpose,
		options: CommandOptions = {},
		mailbox: MailboxPath | '' = this.mailbox,
	): Promise<Response> {
		// What belongs to the login is not for the mailbox that is opened in it.
		const cause: Cause = this.#isReady ? {purpose, mailbox} : {purpose: 'connect', mailbox: ''};
		let answered = (): void => {};
		const asked = this.client.command(name, this.hasRanges ? attributes : withoutRanges(attributes), {
			...options,
			beforeSend: () => {
				answered = this.#meter.ask(cause);
			},
		});
		const rest = () => {
			answered();
			if (this.client.owedAnswers === 0) this.#meter.rest();
		};
		asked.then(rest, rest);
		return asked;
	}

	/** Lowers what a literal may be to the largest that was asked for: imapflow's limit is 1 GB. */
	async expecting<T>(bytes: number, ask: () => Promise<T>): Promise<T> {
		const expected = {bytes};
		this.#expected.add(expected);
		const limit = () => this.client.limitLiterals(Math.max(4096, ...[...this.#expected].map(each => each.bytes)));
		limit();
		try {
			return await ask();
		} finally {
			this.#expected.delete(expected);
			if (!this.client.isClosed) limit();
		}
	}
}

/** The same question for all of each section. */
function withoutRanges<T>(attributes: T): T {
	if (Array.isArray(attributes)) return attributes.map(withoutRanges) as T;
	if (typeof attributes !== 'object' || attributes === null || Buffer.isBuffer(attributes)) return attributes;
	const {partial: _range, ...item} = attributes as {partial?: unknown};
	return item as T;
}
