/**
 * A Remote over IMAP: what the session asks for becomes commands; answers become facts.
 *
 * Laws: `.PEEK` always (law 6); never a part without a range (it may be the video); the longest literal the server
 * may send is what was asked for; a cut line is a Failure, never an empty answer or an end of list (law 5).
 */
import {readFileSync} from 'node:fs';
import tls from 'node:tls';
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {safeLine} from '../model/safe-text.ts';
import type {Cause, Purpose} from '../model/usage.ts';
import {Changing} from './changing.ts';
import {byeFailure, cutFailure, dialFailure, requestFailure} from './failures.ts';
import {textOf} from './fetched-row.ts';
import {Fetching, longestLiteral} from './fetching.ts';
import {logIn} from './login.ts';
import {fetchCounts, fetchMailboxes} from './mailbox-list.ts';
import {asArgument, MailboxNames} from './mailbox-name.ts';
import {Meter} from './meter.ts';
import {type CommandOptions, PipelinedImapFlow, type Response} from './pipelined-imapflow.ts';
import type {
	ChunkForm,
	Copied,
	Dial,
	Dialling,
	Opening,
	Remote,
	RowFact,
	SearchCriteria,
	Section,
	Selected,
} from './remote.ts';
import {type MeteredTransport, meteredTransport, type TlsSessions} from './transport.ts';

const longestLine = 8 * 1024 * 1024;
/** A server that does not say good-bye is left without. */
const longestLeaveMs = 1500;
/** NATs forget a quiet line after ten minutes or so; RFC 2177 allows 29. */
const renewIdleAfterMs = 9 * 60_000;

const tlsSessions: TlsSessions = new Map();

export const dialImap: Dial = async (dialling, signal) => {
	const {account} = dialling;
	const meter = new Meter(dialling.onTraffic);
	let selected: Selected | Failure | undefined;
	const remote = new ImapRemote(dialling, meter, async () => {
		if (dialling.mailbox === undefined) return;
		selected = await remote.select(dialling.mailbox).catch(error => error as Failure);
	});
	const giveUp = () => remote.cut();
	signal.addEventListener('abort', giveUp);
	try {
		signal.throwIfAborted();
		await remote.connect();
	} catch (error) {
		remote.cut();
		throw signal.aborted ? cutFailure() : dialFailure(error, account);
	} finally {
		signal.removeEventListener('abort', giveUp);
	}
	return {remote, selected};
};

class ImapRemote implements Remote {
	readonly #dialling: Dialling;
	readonly #meter: Meter;
	readonly #transport: MeteredTransport;
	readonly #client: PipelinedImapFlow;
	readonly #names = new MailboxNames();
	readonly #fetching: Fetching;
	readonly #changing: Changing;
	#isReady = false;
	/** The mailbox that questions are about. */
	#mailbox: MailboxPath | '' = '';
	#error: Failure | undefined;
	#isOver = false;
	#watch: NodeJS.Timeout | undefined;
	#renewal: NodeJS.Timeout | undefined;

	constructor(dialling: Dialling, meter: Meter, select: () => Promise<void>) {
		this.#dialling = dialling;
		this.#meter = meter;
		this.#transport = meteredTransport(meter, tlsSessions, dialling.account.tunnel);
		const {account, secret, remembered} = dialling;
		this.#client = new PipelinedImapFlow(
			{
				host: account.host || account.name,
				port: account.port,
				secure: account.security === 'tls',
				doSTARTTLS: account.security === 'starttls' ? true : account.security === 'tls' ? undefined : false,
				tls:
					account.certificateFile === ''
						? {}
						: {ca: [...usualCertificates(), readCertificate(account.certificateFile)]},
				logger: false,
				transport: this.#transport as never,
				auth: {user: account.user},
				maxLineLength: longestLine,
				maxLiteralSize: longestLiteral,
				connectionTimeout: dialling.patienceMs,
				greetingTimeout: dialling.patienceMs,
				// Silence is judged here, by what is owed; imapflow would take a quiet IDLE for a dead line.
				socketTimeout: 24 * 3600_000,
			} as never,
			account.disabledCapabilities,
			client => logIn(client, {account, secret, remembered, select: () => this.#beforeSelect(select)}),
		);
		this.#fetching = new Fetching({
			client: this.#client,
			ask: (what, ask) => this.#ask(what, ask),
			command: (name, attributes, purpose) => this.#command(name, attributes, purpose),
		});
		this.#changing = new Changing({
			client: this.#client,
			has: name => this.capabilities.has(name),
			spell: path => this.#names.spell(path),
			ask: (what, ask) => this.#ask(what, ask),
			command: (name, attributes, options) => this.#command(name, attributes, 'operations', options),
			expecting: (bytes, ask) => this.#fetching.expecting(bytes, ask),
		});
		const {events} = dialling;
		this.#client.onUntagged.EXISTS = response => {
			const count = messageNumber(response);
			if (count !== undefined) events.onCount(count);
		};
		this.#client.onUntagged.EXPUNGE = response => {
			const sequence = messageNumber(response);
			if (sequence !== undefined && sequence > 0) events.onExpunge(sequence);
		};
		this.#client.onUnsolicitedRow = row => {
			if (row.flags) events.onFlags({sequence: row.sequence, uid: row.uid, flags: row.flags});
		};
		this.#client.on('alert', alert => events.onAlert(String((alert as {message?: string}).message ?? '')));
		this.#client.on('error', error => {
			this.#error ??= requestFailure(error, 'the connection');
		});
		this.#client.on('close', () => this.#closed());
	}

	async connect(): Promise<void> {
		this.#watchSilence();
		try {
			await this.#client.connect();
		} catch (error) {
			throw this.#error ?? error;
		}
		this.#isReady = true;
		this.#meter.rest();
	}

	/** ENABLE goes in front of the first SELECT, in the same packet (RFC 6855 wants it before). */
	async #beforeSelect(select: () => Promise<void>): Promise<void> {
		const {remembered} = this.#dialling;
		const has = (name: string) => remembered?.capabilities.includes(name) || this.#client.capabilities.has(name);
		if (has('ENABLE') && has('UTF8=ACCEPT')) {
			// The name is spelled before the answer is in; a server that announces it and refuses it is not known.
			this.#names.isUtf8 = true;
			const enable = this.#command('ENABLE', [{type: 'ATOM', value: 'UTF8=ACCEPT'}], 'connect', {
				untagged: {ENABLED: response => this.#enabled(response)},
			});
			enable.catch(() => {
				this.#names.isUtf8 = false;
			});
		}
		await select();
	}

	#enabled(response: Response): void {
		for (const each of response.attributes ?? []) this.#client.enabled.add((textOf(each) ?? '').toUpperCase());
	}

	get capabilities(): ReadonlySet<string> {
		return new Set(this.#client.capabilities.keys());
	}

	get isEncrypted(): boolean {
		// What a tunnel's command does with its pipes is the command's to protect.
		return this.#dialling.account.tunnel !== '' || Boolean(this.#client.secureConnection);
	}

	get isCompressed(): boolean {
		return Boolean(this.#client._deflate);
	}

	get usage() {
		return this.#meter.usage;
	}

	get bytesPerSecond() {
		return this.#meter.bytesPerSecond;
	}

	get atLeastBytesPerSecond() {
		return this.#meter.atLeastBytesPerSecond;
	}

	get roundTripMs() {
		return this.#meter.roundTripMs;
	}

	async select(path: MailboxPath): Promise<Selected> {
		const said = {count: 0, uidValidity: 0, uidNext: undefined as number | undefined};
		this.#mailbox = path;
		const response = await this.#ask(`to open the mailbox`, () =>
			this.#command('SELECT', [asArgument(this.#names.spell(path))], 'mailboxes', {
				isLast: this.#isReady,
				untagged: {
					EXISTS: line => {
						said.count = messageNumber(line) ?? 0;
					},
					FLAGS: () => {},
					OK: line => {
						const [code, value] = responseCode(line);
						if (code === 'UIDVALIDITY') said.uidValidity = Number(value);
						if (code === 'UIDNEXT') said.uidNext = Number(value);
					},
				},
			}),
		);
		return {path, ...said, isReadOnly: responseCode(response)[0] === 'READ-ONLY'};
	}

	fetchRows(
		numbers: string,
		onRow: (row: RowFact) => void,
		options?: {readonly withoutHeader?: boolean},
	): Promise<number> {
		return this.#fetching.rows(numbers, onRow, options);
	}

	fetchOpening(uid: number, probeBytes: number, options?: {readonly withRow?: boolean}): Promise<Opening> {
		return this.#fetching.opening(uid, probeBytes, options);
	}

	fetchChunk(
		uid: number,
		section: Section,
		offset: number,
		length: number,
		form: ChunkForm,
		purpose: Purpose,
	): Promise<Buffer | undefined> {
		return this.#fetching.chunk(uid, section, offset, length, form, purpose);
	}

	storeFlag(uids: string, flag: Flag, isSet: boolean): Promise<void> {
		return this.#changing.storeFlag(uids, flag, isSet);
	}

	copy(uids: string, to: MailboxPath): Promise<Copied | undefined> {
		return this.#changing.copy(uids, to);
	}

	move(uids: string, to: MailboxPath): Promise<Copied | undefined> {
		return this.#changing.move(uids, to);
	}

	expunge(uids: string): Promise<void> {
		return this.#changing.expunge(uids);
	}

	fetchExisting(uids: string): Promise<number[]> {
		return this.#changing.existing(uids);
	}

	search(criteria: SearchCriteria): Promise<number[]> {
		return this.#changing.search(criteria);
	}

	fetchNames(uids: string) {
		return this.#changing.names(uids);
	}

	async fetchMailboxes() {
		return this.#ask('the list of mailboxes', () => fetchMailboxes(this.#asker(), this.#names, this.#dialling.account));
	}

	async fetchCounts(path: MailboxPath) {
		return fetchCounts(this.#asker(path), this.#names, path).catch(error => {
			const failure = requestFailure(error, 'to count');
			if (failure.kind === 'refused' || failure.kind === 'gone') return undefined;
			throw this.#error ?? failure;
		});
	}

	#asker(mailbox: MailboxPath | '' = '') {
		return {
			has: (name: string) => this.capabilities.has(name),
			command: (name: string, attributes: readonly unknown[], options: CommandOptions) =>
				this.#command(name, attributes, 'mailboxes', options, mailbox),
		};
	}

	idle(): void {
		this.#idle('waiting');
	}

	#idle(purpose: 'waiting' | 'keepalive'): void {
		if (!this.capabilities.has('IDLE') || this.#client.isIdling || this.#isOver) return;
		clearTimeout(this.#renewal);
		this.#renewal = setTimeout(() => this.#renewIdle(), renewIdleAfterMs).unref();
		const begun = this.#meter.ask({purpose, mailbox: this.#mailbox});
		let ended = (): void => {};
		this.#client
			.beginIdle(() => {
				begun();
				ended = this.#meter.ask({purpose: 'waiting', mailbox: this.#mailbox});
			})
			// A server that refuses IDLE is asked no more; what else went wrong ends the connection anyway.
			.catch(() => this.#client.capabilities.delete('IDLE'))
			.finally(() => {
				begun();
				ended();
			});
	}

	endIdle(): void {
		clearTimeout(this.#renewal);
		this.#client.endIdle();
	}

	/** Only a wait that is still on: a question may have ended it, and the budget may allow no other. */
	#renewIdle(): void {
		if (!this.#client.isIdling) return;
		this.#client.endIdle();
		this.#idle('keepalive');
	}

	async look(): Promise<void> {
		await this.#ask('to look for news', () => this.#command('NOOP', false, 'waiting'));
	}

	async leave(): Promise<void> {
		this.#isOver = true;
		let patience: NodeJS.Timeout | undefined;
		await Promise.race([
			// To the last byte: behind the answer comes the end of TLS.
			this.#command('LOGOUT', false, 'connect', {}, '').then(
				() => this.#transport.ended,
				() => {},
			),
			// It keeps the process: with the line gone, nothing else may, and leaving would never be over.
			new Promise(resolve => {
				patience = setTimeout(resolve, longestLeaveMs);
			}),
		]);
		clearTimeout(patience);
		this.cut();
	}

	cut(): void {
		this.#isOver = true;
		this.#stopWatching();
		this.#client.close();
	}

	#command(
		name: string,
		attributes: readonly unknown[] | false,
		purpose: Purpose,
		options: CommandOptions = {},
		mailbox: MailboxPath | '' = this.#mailbox,
	): Promise<Response> {
		// What belongs to the login is not for the mailbox that is opened in it.
		const cause: Cause = this.#isReady ? {purpose, mailbox} : {purpose: 'connect', mailbox: ''};
		let answered = (): void => {};
		const asked = this.#client.command(name, attributes, {
			...options,
			beforeSend: () => {
				answered = this.#meter.ask(cause);
			},
		});
		const rest = () => {
			answered();
			if (this.#client.owedAnswers === 0) this.#meter.rest();
		};
		asked.then(rest, rest);
		return asked;
	}

	/** A lost line is reported by what broke it, not by the command that noticed. */
	async #ask<T>(what: string, ask: () => Promise<T>): Promise<T> {
		try {
			return await ask();
		} catch (error) {
			const failure = requestFailure(error, what);
			throw failure.kind === 'offline' && this.#error ? this.#error : failure;
		}
	}

	/** A line that owes an answer and brings no byte for so long is dead. */
	#watchSilence(): void {
		const {patienceMs} = this.#dialling;
		let before = this.#meter.usage.downBytes;
		this.#watch = setInterval(() => {
			const now = this.#meter.usage.downBytes;
			const isSilent = now === before && this.#client.owedAnswers > 0;
			before = now;
			if (!isSilent) return;
			this.#error ??= new Failure('offline', safeLine('The server has gone silent, so the line was cut'));
			this.#client.close();
		}, patienceMs).unref();
	}

	#stopWatching(): void {
		clearInterval(this.#watch);
		clearTimeout(this.#renewal);
	}

	#closed(): void {
		this.#stopWatching();
		if (this.#isOver || !this.#isReady) return;
		this.#isOver = true;
		const bye = (this.#client as {byeReason?: string}).byeReason;
		// What the server said when it left tells more than how the line ended after it.
		this.#dialling.events.onClosed(bye ? byeFailure(bye) : (this.#error ?? cutFailure()));
	}
}

/** What Node would trust by itself (and NODE_EXTRA_CA_CERTS adds); naming one of one's own replaces them otherwise. */
const usualCertificates = (): readonly string[] => tls.getCACertificates?.('default') ?? tls.rootCertificates;

function readCertificate(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (error) {
		throw new Failure(
			'denied',
			safeLine(`The certificate file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`),
			error,
		);
	}
}

/** `* 12 EXISTS`. What is no number of messages (RFC 9051 §9, nz-number: 32 bits) says nothing. */
function messageNumber({command}: Response): number | undefined {
	const number = /^\d{1,10}$/.test(command) ? Number(command) : Number.NaN;
	return number < 2 ** 32 ? number : undefined;
}

/** `[UIDVALIDITY 7]` of a status response (RFC 9051 §7.1). */
function responseCode(response: Response): [code: string, value: string] {
	const first = response.attributes?.[0];
	const section =
		first && typeof first === 'object' && !Array.isArray(first)
			? (first as {section?: readonly never[]}).section
			: undefined;
	return [(textOf(section?.[0]) ?? '').toUpperCase(), textOf(section?.[1]) ?? ''];
}
