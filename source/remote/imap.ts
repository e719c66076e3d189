/**
 * A Remote over IMAP: what the session asks for becomes commands; answers become facts.
 *
 * Laws: `.PEEK` always (law 6); never a part without a range (it may be the video); the longest literal the server
 * may send is what was asked for; a cut line is a Failure, never an empty answer or an end of list (law 5).
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import {safeLine} from '../model/safe-text.ts';
import {Asking} from './asking.ts';
import {Changing} from './changing.ts';
import {clientOptions} from './client-options.ts';
import {Collecting} from './collecting.ts';
import {byeFailure, cutFailure, dialFailure, requestFailure} from './failures.ts';
import {Fetching} from './fetching.ts';
import {Lending} from './lending.ts';
import {logIn} from './login.ts';
import {MailboxChanges} from './mailbox-changes.ts';
import {fetchMailboxes, fetchStatus} from './mailbox-list.ts';
import {Meter} from './meter.ts';
import {tellNews} from './news.ts';
import {PipelinedImapFlow} from './pipelined-imapflow.ts';
import type {Dial, Dialling, KnownMailbox, MailboxFact, Remote, Selected, StatusFact, StatusOptions} from './remote.ts';
import {Selecting} from './selecting.ts';
import {Silence} from './silence.ts';
import {type MeteredTransport, meteredTransport, type TlsSessions} from './transport.ts';
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
	readonly #asking: Asking;
	readonly #fetching: Fetching;
	readonly #collecting: Collecting;
	readonly #changing: Changing;
	readonly #selecting: Selecting;
	readonly #mailboxChanges: MailboxChanges;
	readonly #lending: Lending;
	readonly #waiting: Waiting;
	readonly #silence: Silence;
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
		this.#asking = new Asking(
			this.#client,
			meter,
			remembered?.capabilities ?? [],
			!account.disabledCapabilities.includes('RANGES'),
		);
		this.#selecting = new Selecting(this.#asking);
		this.#waiting = new Waiting(this.#client, meter);
		this.#fetching = new Fetching(this.#asking);
		this.#collecting = new Collecting(this.#asking);
		this.#changing = new Changing(this.#asking);
		this.#lending = new Lending(this.#asking);
		this.#silence = new Silence(
			patienceMs,
			meter,
			() => this.#client.owedAnswers,
			() => {
				this.#asking.broken(new Failure('offline', safeLine('The server has gone silent, so the line was cut')));
				this.#client.close();
			},
		);
		this.#mailboxChanges = new MailboxChanges(this.#asking, bytes => this.#silence.uploads(bytes));
		tellNews(this.#client, events, () => this.#selecting.isUnderWay);
		this.#client.on('error', error => this.#asking.broken(error));
		this.#client.on('close', () => this.#closed());
	}

	async connect(): Promise<void> {
		this.#silence.watch();
		try {
			await this.#client.connect();
		} catch (error) {
			throw this.#asking.failure ?? error;
		}
		this.#asking.ready();
	}

	async #enableAnd(select: () => Promise<void>): Promise<void> {
		this.#selecting.enable(this.#dialling.wants);
		await select();
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

	select(path: MailboxPath, known?: KnownMailbox | 'changes', askBehind?: () => void): Promise<Selected> {
		this.#asking.mailbox = path;
		// What is pipelined behind it could be about the mailbox that was open before; not so in the login.
		const options = {isLast: this.#asking.isReady && askBehind === undefined};
		const selected = this.#asking.ask('to open the mailbox', () => this.#selecting.select(path, known, options));
		askBehind?.();
		return selected;
	}

	fetchRows: Remote['fetchRows'] = (...asked) => this.#fetching.rows(...asked);
	fetchOpening: Remote['fetchOpening'] = (...asked) => this.#fetching.opening(...asked);
	fetchChunk: Remote['fetchChunk'] = (...asked) => this.#fetching.chunk(...asked);

	fetchFlags: Remote['fetchFlags'] = (...asked) => this.#collecting.flags(...asked);
	fetchSummaries: Remote['fetchSummaries'] = (...asked) => this.#collecting.summaries(...asked);
	fetchStructures: Remote['fetchStructures'] = (...asked) => this.#collecting.structures(...asked);
	fetchStarts: Remote['fetchStarts'] = (...asked) => this.#collecting.starts(...asked);
	fetchPreviews: Remote['fetchPreviews'] = (...asked) => this.#collecting.previews(...asked);

	fetchArrivals: Remote['fetchArrivals'] = (...asked) => this.#collecting.arrivals(...asked);
	fetchMessages: Remote['fetchMessages'] = (...asked) => this.#collecting.messages(...asked);

	storeFlag: Remote['storeFlag'] = (...asked) => this.#changing.storeFlag(...asked);
	copy: Remote['copy'] = (...asked) => this.#changing.copy(...asked);
	move: Remote['move'] = (...asked) => this.#changing.move(...asked);
	expunge: Remote['expunge'] = uids => this.#changing.expunge(uids);
	fetchExisting: Remote['fetchExisting'] = uids => this.#changing.existing(uids);
	search: Remote['search'] = criteria => this.#changing.search(criteria);
	fetchNames: Remote['fetchNames'] = uids => this.#changing.names(uids);
	fetchOrigins: Remote['fetchOrigins'] = uids => this.#changing.origins(uids);

	createMailbox: Remote['createMailbox'] = path => this.#mailboxChanges.create(path);
	renameMailbox: Remote['renameMailbox'] = (from, to) => this.#mailboxChanges.rename(from, to);
	deleteMailbox: Remote['deleteMailbox'] = path => this.#mailboxChanges.remove(path);
	fetchUrls: Remote['fetchUrls'] = (...asked) => this.#lending.urls(...asked);
	append: Remote['append'] = (...what) => this.#mailboxChanges.append(...what);

	fetchMailboxes(options?: StatusOptions): Promise<MailboxFact[]> {
		return this.#asking.ask('the list of mailboxes', () =>
			fetchMailboxes(this.#asking, this.#dialling.account, options),
		);
	}

	async fetchStatus(path: MailboxPath, options?: StatusOptions): Promise<StatusFact | undefined> {
		return fetchStatus(this.#asking, path, options).catch(error => {
			const failure = requestFailure(error, 'to count');
			if (failure.kind === 'refused' || failure.kind === 'gone') return undefined;
			throw this.#asking.failure ?? failure;
		});
	}

	idle(): void {
		if (!this.#isOver) this.#waiting.begin(this.#asking.mailbox);
	}

	endIdle(): void {
		this.#waiting.end();
	}

	async look(): Promise<void> {
		await this.#asking.ask('to look for news', () => this.#asking.command('NOOP', false, 'waiting'));
	}

	async leave(): Promise<void> {
		this.#isOver = true;
		let patience: NodeJS.Timeout | undefined;
		await Promise.race([
			// To the last byte: behind the answer comes the end of TLS.
			this.#asking.command('LOGOUT', false, 'connect', {}, '').then(
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

	#closed(): void {
		this.#silence.stop();
		this.#waiting.stop();
		if (this.#isOver || !this.#asking.isReady) return;
		this.#isOver = true;
		const bye = (this.#client as {byeReason?: string}).byeReason;
		// What the server said when it left tells more than how the line ended after it.
		this.#dialling.events.onClosed(bye ? byeFailure(bye) : (this.#asking.failure ?? cutFailure()));
	}
}
