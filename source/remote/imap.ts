/**
 * A Remote over IMAP: what the session asks for becomes commands; answers become facts.
 *
 * Laws: `.PEEK` always (law 6); never a part without a range (it may be the video); the longest literal the server
 * may send is what was asked for; a cut line is a Failure, never an empty answer or an end of list (law 5).
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {safeLine} from '../model/safe-text.ts';
import type {Cause, Purpose} from '../model/usage.ts';
import {Changing} from './changing.ts';
import {clientOptions} from './client-options.ts';
import {Collecting} from './collecting.ts';
import {byeFailure, cutFailure, dialFailure, requestFailure} from './failures.ts';
import {Fetching} from './fetching.ts';
import {logIn} from './login.ts';
import {MailboxChanges} from './mailbox-changes.ts';
import {fetchMailboxes, fetchStatus} from './mailbox-list.ts';
import {MailboxNames} from './mailbox-name.ts';
import {Meter} from './meter.ts';
import {tellNews} from './news.ts';
import {type CommandOptions, PipelinedImapFlow, type Response} from './pipelined-imapflow.ts';
import type {
	Appended,
	ChunkForm,
	Copied,
	Dial,
	Dialling,
	KnownMailbox,
	MailboxFact,
	Opening,
	Remote,
	RowFact,
	SearchCriteria,
	Section,
	Selected,
	StatusFact,
	StatusOptions,
	UidSet,
} from './remote.ts';
import {Selecting} from './selecting.ts';
import {Silence} from './silence.ts';
import {type MeteredTransport, meteredTransport, type TlsSessions} from './transport.ts';
import {Turns} from './turns.ts';
import {Waiting} from './waiting.ts';

/** A server that does not say good-bye is left without. */
const longestLeaveMs = 1500;

const tlsSessions: TlsSessions = new Map();

export const dialImap: Dial = async (asked, signal) => {
	const {account} = asked;
	const isWanted = (name: string) => !account.disabledCapabilities.includes(name);
	const capabilities = asked.remembered?.capabilities.filter(isWanted);
	const dialling: Dialling = {...asked, remembered: capabilities && {capabilities}};
	const meter = new Meter(dialling.onTraffic);
	let selected: Selected | Failure | undefined;
	const known = dialling.wants === 'changes' ? (dialling.known ?? 'changes') : undefined;
	const remote = new ImapRemote(dialling, meter, async () => {
		if (dialling.mailbox === undefined) return;
		selected = await remote.select(dialling.mailbox, known).catch(error => error as Failure);
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
	readonly #collecting: Collecting;
	readonly #changing: Changing;
	readonly #selecting: Selecting;
	readonly #mailboxChanges: MailboxChanges;
	readonly #waiting: Waiting;
	readonly #silence: Silence;
	#isReady = false;
	/** The mailbox that questions are about. */
	#mailbox: MailboxPath | '' = '';
	#error: Failure | undefined;
	#isOver = false;

	constructor(dialling: Dialling, meter: Meter, select: () => Promise<void>) {
		this.#dialling = dialling;
		this.#meter = meter;
		this.#transport = meteredTransport(meter, tlsSessions, dialling.account.tunnel);
		const {account, secret, remembered, wants, events, patienceMs} = dialling;
		this.#client = new PipelinedImapFlow(
			clientOptions(account, this.#transport, patienceMs),
			account.disabledCapabilities,
			client =>
				logIn(client, {
					account,
					secret,
					remembered,
					wantsChanges: wants === 'changes',
					select: () => this.#enableAnd(select),
				}),
		);
		this.#selecting = new Selecting({
			client: this.#client,
			names: this.#names,
			has: name => this.#has(name),
			command: (name, attributes, options) => this.#command(name, attributes, 'mailboxes', options),
		});
		this.#waiting = new Waiting(this.#client, meter);
		const turns = new Turns();
		this.#fetching = new Fetching({
			turns,
			client: this.#client,
			ask: (what, ask) => this.#ask(what, ask),
			command: (name, attributes, purpose) => this.#command(name, attributes, purpose),
		});
		this.#collecting = new Collecting({
			client: this.#client,
			has: name => this.capabilities.has(name),
			ask: (what, ask) => this.#ask(what, ask),
			command: (name, attributes, purpose) => this.#command(name, attributes, purpose),
			expecting: (bytes, ask) => this.#fetching.expecting(bytes, ask),
			turns,
		});
		this.#changing = new Changing({
			client: this.#client,
			has: name => this.capabilities.has(name),
			spell: path => this.#names.spell(path),
			ask: (what, ask) => this.#ask(what, ask),
			command: (name, attributes, options) => this.#command(name, attributes, 'operations', options),
			expecting: (bytes, ask) => this.#fetching.expecting(bytes, ask),
		});
		this.#mailboxChanges = new MailboxChanges({
			has: name => this.capabilities.has(name),
			spell: path => this.#names.spell(path),
			ask: (what, ask) => this.#ask(what, ask),
			command: (name, attributes, options) => this.#command(name, attributes, 'operations', options),
			uploads: bytes => this.#silence.uploads(bytes),
		});
		this.#silence = new Silence(
			patienceMs,
			meter,
			() => this.#client.owedAnswers,
			() => {
				this.#error ??= new Failure('offline', safeLine('The server has gone silent, so the line was cut'));
				this.#client.close();
			},
		);
		tellNews(this.#client, events, () => this.#selecting.isUnderWay);
		this.#client.on('error', error => {
			this.#error ??= requestFailure(error, 'the connection');
		});
		this.#client.on('close', () => this.#closed());
	}

	async connect(): Promise<void> {
		this.#silence.watch();
		try {
			await this.#client.connect();
		} catch (error) {
			throw this.#error ?? error;
		}
		this.#isReady = true;
		this.#meter.rest();
	}

	async #enableAnd(select: () => Promise<void>): Promise<void> {
		this.#selecting.enable(this.#dialling.wants);
		await select();
	}

	/** In the login the answer that says so may still be under way. */
	#has(name: string): boolean {
		const isRemembered = !this.#isReady && this.#dialling.remembered?.capabilities.includes(name);
		return isRemembered || this.#client.capabilities.has(name);
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

	async select(path: MailboxPath, known?: KnownMailbox | 'changes'): Promise<Selected> {
		this.#mailbox = path;
		// What is pipelined behind it could be about the mailbox that was open before; not so in the login.
		const options = {isLast: this.#isReady};
		return this.#ask('to open the mailbox', () => this.#selecting.select(path, known, options));
	}

	fetchRows(
		numbers: string,
		onRow: (row: RowFact) => void,
		options?: {readonly withoutHeader?: boolean; readonly isKept?: boolean},
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

	fetchFlags(...asked: Parameters<Remote['fetchFlags']>): Promise<void> {
		return this.#collecting.flags(...asked);
	}

	fetchSummaries(uids: string, onRow: (row: RowFact) => void): Promise<number> {
		return this.#collecting.summaries(uids, onRow);
	}

	fetchStructures(...asked: Parameters<Remote['fetchStructures']>): Promise<void> {
		return this.#collecting.structures(...asked);
	}

	fetchStarts(...asked: Parameters<Remote['fetchStarts']>): Promise<void> {
		return this.#collecting.starts(...asked);
	}

	fetchPreviews(uids: UidSet, onPreview: (uid: number, text: string) => void): Promise<void> {
		return this.#collecting.previews(uids, onPreview);
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

	fetchOrigins(uids: string) {
		return this.#changing.origins(uids);
	}

	fetchMailboxes(options?: StatusOptions): Promise<MailboxFact[]> {
		return this.#ask('the list of mailboxes', () =>
			fetchMailboxes(this.#asker(), this.#names, this.#dialling.account, options),
		);
	}

	async fetchStatus(path: MailboxPath, options?: StatusOptions): Promise<StatusFact | undefined> {
		return fetchStatus(this.#asker(path), this.#names, path, options).catch(error => {
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

	createMailbox(path: MailboxPath): Promise<void> {
		return this.#mailboxChanges.create(path);
	}

	renameMailbox(from: MailboxPath, to: MailboxPath): Promise<void> {
		return this.#mailboxChanges.rename(from, to);
	}

	deleteMailbox(path: MailboxPath): Promise<void> {
		return this.#mailboxChanges.remove(path);
	}

	append(...what: Parameters<Remote['append']>): Promise<Appended | undefined> {
		return this.#mailboxChanges.append(...what);
	}

	idle(): void {
		if (!this.#isOver) this.#waiting.begin(this.#mailbox);
	}

	endIdle(): void {
		this.#waiting.end();
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
		this.#silence.stop();
		this.#waiting.stop();
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

	#closed(): void {
		this.#silence.stop();
		this.#waiting.stop();
		if (this.#isOver || !this.#isReady) return;
		this.#isOver = true;
		const bye = (this.#client as {byeReason?: string}).byeReason;
		// What the server said when it left tells more than how the line ended after it.
		this.#dialling.events.onClosed(bye ? byeFailure(bye) : (this.#error ?? cutFailure()));
	}
}
