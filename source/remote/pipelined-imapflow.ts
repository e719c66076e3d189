/**
 * imapflow, made to use a line with a long round trip: the only file that touches its internals, pinned to its
 * exact version and held by test/remote/pipelined-imapflow.test.ts, which fails loudly when an upgrade breaks it.
 *
 * What it overrides, and why:
 * - `trySend`: sends while others are unanswered (imapflow waits for each answer), in one packet per tick;
 *   nothing follows a command whose answer changes the stream (STARTTLS, COMPRESS, a login of several steps).
 * - `handleResponse`: gives a tagged or `+` line to the command it belongs to; answers may come in another order
 *   (RFC 9051 §5.5).
 * - `getUntaggedHandler`: FETCH rows go to whoever asked for what they contain, never to "the current tag":
 *   Dovecot sends rows of command N+1 before the tagged OK of N. ESEARCH goes to the command whose tag it names.
 * - `startSession`: the shortest login instead of CAPABILITY, ID, NAMESPACE, LIST, LSUB.
 * - `compress`: flushes upstream as SSH does (RFC 4253 §6.2), with ten bits behind what is said: imapflow's full flush forgets
 *   the dictionary at each command (2,379 → 706 bytes for 50), and a sync flush is longer (decision 47).
 * - `write`: what stands behind the attributes (`behind`), which imapflow's compiler would ask for from 4 kB on and hold in
 *   memory: a literal the server is asked for is announced by its size, and streams when the server has agreed to it.
 * - `closeRequests`: rejects what is in flight too.
 * - `updateCapabilitiesFromRaw`: leaves out what the account says this server gets wrong.
 * - `getSectionHandler`: response codes, tagged or not, for who asked (`onCode`).
 * - `rejectUnparsedCompletion`: counts the lines that imapflow skips because it cannot read them.
 *
 * Laws: never `download`, `fetch`, locks, `messageMove`, `messageDelete`, `mailboxClose`, auto-IDLE (they lose mail,
 * deadlock or waste turns: docs/protocol.md).
 */
import {once} from 'node:events';
import type {Writable} from 'node:stream';
import zlib from 'node:zlib';
import {ImapFlow, type ImapFlowOptions} from 'imapflow';
import {type FetchedRow, type Response, readOddFlags, readRow, type Token, textOf} from './fetched-row.ts';
import {octetsPass} from './few-buffers.ts';
import {type Leg, type Literal, legsOf, nothing, octetsOf} from './literal.ts';

export type {Response} from './fetched-row.ts';

/** Pieces of a file, of 64 kB. */
const mostQueued = 4;

/** Where an IDLE stands: asked, waiting (after the server's `+`), ended by our DONE. */
type Idle = {isAcknowledged: boolean; isDoneSent: boolean};

export type CommandOptions = {
	/** Untagged lines of this command, by keyword. FETCH is never among them: use `fetchRows`. */
	readonly untagged?: Readonly<Record<string, (response: Response) => void>>;
	readonly onPlusTag?: (response: Response) => void;
	/** Whether the next `+` may be its own. Default: yes, whenever it has `onPlusTag`. */
	readonly expectsPlus?: () => boolean;
	/** It is sent when all before it is answered: a literal waits for the server's `+`, and loses its octets to any answer. */
	readonly isAlone?: boolean;
	/** Nothing may be sent after it until it is answered. */
	readonly isLast?: boolean;
	/** What ends the command, as it is written, and literals; with one that is asked for it is alone on the line. */
	readonly behind?: readonly (string | Literal)[];
	/** Of an IDLE only. */
	readonly idle?: Idle;
	/** Told just before the command is written, so that its bytes are counted for it. */
	readonly beforeSend?: () => void;
};

type Fetcher = {
	/** Whether the row is an answer to what was asked. */
	readonly wants: (row: FetchedRow) => boolean;
	readonly onRow: (row: FetchedRow) => void;
};

type Request = {
	tag: string;
	command: string;
	attributes: unknown;
	options: CommandOptions & {readonly tail?: Buffer} & Record<string, unknown>;
	sent?: boolean;
};
/** Flags that are keywords do not begin with a backslash (RFC 9051 §2.3.2). */
const setsKeyword = ({command, attributes}: Request): boolean =>
	command === 'UID STORE' && Array.isArray(attributes) && /"value":"[^\\"]/.test(JSON.stringify(attributes[2] ?? ''));

type Pending = {reject: (error: Error) => void};
type Answer = {readonly response: Response; readonly next: () => void};

/** What imapflow marks as internal and we rely on. */
interface Internals {
	currentRequest: Request | false;
	requestQueue: Request[];
	requestTagMap: Map<string, Pending>;
	commandParts: unknown[];
	writeSocket: Writable;
	socket: {cork?: () => void; uncork?: () => void; destroyed: boolean} | false | null;
	streamer: {maxLiteralSize: number; maxResponseSize: number};
	state: number;
	states: {NOT_AUTHENTICATED: number; AUTHENTICATED: number; SELECTED: number; LOGOUT: number};
	isClosed: boolean;
	usable: boolean;
	authenticated: unknown;
	expectCapabilityUpdate: boolean;
	_deflate: zlib.DeflateRaw | null;
	send(request: Request): Promise<void>;
	exec(command: string, attributes: unknown, options?: object): Promise<Answer>;
	write(line: string | Buffer): void;
	run(command: string, ...args: unknown[]): Promise<unknown>;
	getUntaggedHandler(command: string, attributes: Token[]): ((response: Response) => Promise<void>) | undefined;
	normalizeUntaggedCommand(command: string, attributes: Token[]): string;
	handleResponse(data: {payload: Buffer}): Promise<boolean>;
	closeRequests(): void;
	compress(): Promise<void>;
	upgradeToSTARTTLS(): Promise<boolean>;
	updateCapabilitiesFromRaw(raw: unknown): void;
	getSectionHandler(key: string): ((section: Token[]) => Promise<void>) | undefined;
	rejectUnparsedCompletion(payload: Buffer, error: unknown): boolean;
}

const Base = ImapFlow as unknown as new (options: ImapFlowOptions) => ImapFlow & Internals;

/** These change the stream itself, so the next command must wait for their answer (RFC 9051 §6.2.1, RFC 4978 §3). */
const changesTheStream = /^(STARTTLS|COMPRESS|LOGOUT)$/i;
/** Enough to fill any line we know without flooding a server's queue. */
const mostInFlight = 32;

/** Flags and their UID are told by less. */
const longestOddLine = 4096;

const idleOf = ({options}: Request): Idle | undefined => options.idle;
const expectsPlus = ({options}: Request): boolean =>
	options.onPlusTag !== undefined && (options.expectsPlus?.() ?? true);

/** imapflow takes a NO that says some of the messages are gone for an OK: after a COPY the originals would be removed. */
const refusal = (response: Response): Error =>
	Object.assign(new Error('Command failed'), {
		response,
		responseStatus: 'NO',
		responseText: (response.attributes ?? []).map(token => textOf(token) ?? '').join(''),
	});

/** `(TAG "A282") UID ALL 2,10:11` */
function correlatorOf([first]: Token[]): string | undefined {
	if (!Array.isArray(first)) return undefined;
	const [name, tag] = first as readonly Token[];
	return textOf(name)?.toUpperCase() === 'TAG' ? textOf(tag) : undefined;
}

export class PipelinedImapFlow extends Base {
	readonly #startSession: (client: PipelinedImapFlow) => Promise<void>;
	readonly #disabled: readonly string[];
	readonly #fetchers = new Set<Fetcher>();
	/** Sent and unanswered, oldest first, besides imapflow's `currentRequest`. */
	#inFlight: Request[] = [];
	#isCorked = false;
	/** What the line that is written next has at its end. */
	#tail: Buffer = nothing;
	/** Untagged FETCH lines nobody asked for: flags that another client changed. */
	onUnsolicitedRow: (row: FetchedRow) => void = () => {};
	/** Untagged lines that no command in flight waits for, by keyword: EXISTS, EXPUNGE. */
	readonly onUntagged: Record<string, (response: Response) => void> = {};
	/** Response codes with what follows them, of any status response: HIGHESTMODSEQ. */
	readonly onCode: Record<string, (words: readonly Token[]) => void> = {};
	/** How many lines were skipped that could not be read. */
	unreadableLines = 0;

	/** `disabled` are extensions that the server gets wrong: it is taken not to have them. */
	constructor(
		options: ImapFlowOptions,
		disabled: readonly string[],
		startSession: (client: PipelinedImapFlow) => Promise<void>,
	) {
		super({...options, disableAutoIdle: true});
		this.#disabled = disabled;
		this.#startSession = startSession;
	}

	override updateCapabilitiesFromRaw(raw: unknown): void {
		super.updateCapabilitiesFromRaw(raw);
		for (const name of this.#disabled) this.capabilities.delete(name);
	}

	/** Runs when the greeting is in; imapflow's own would cost up to nine turns. */
	async startSession(): Promise<void> {
		await this.#startSession(this);
		this.usable = true;
	}

	/** Sends a command and answers with its tagged OK. Rejects with imapflow's error on NO, BAD and a lost line. */
	async command(name: string, attributes: readonly unknown[] | false, options: CommandOptions = {}): Promise<Response> {
		const {untagged, behind = [], ...others} = options;
		const [tail = nothing, ...asked] = legsOf(behind);
		const rest =
			asked.length === 0
				? {...others, tail}
				: {...others, tail, isAlone: true, isLast: true, onPlusTag: () => this.#stream(asked.shift())};
		const handlers: Record<string, (response: Response) => Promise<void>> = {};
		for (const [keyword, handle] of Object.entries(untagged ?? {}))
			handlers[keyword] = async response => handle(response);
		const {response, next} = await this.exec(name, attributes, {...rest, untagged: handlers});
		next();
		if (response.command?.toUpperCase() === 'NO') throw refusal(response);
		return response;
	}

	/** The octets as they are read, no faster than the line takes them. A file that cannot be read ends the line. */
	async #stream(leg: Leg | undefined): Promise<void> {
		if (leg === undefined) return;
		const endShort = this.#keepQueueShort();
		try {
			for await (const octets of octetsOf(leg.octets)) {
				if (this.isClosed || this.writeSocket.destroyed) return;
				// On the line there may be much less of it (COMPRESS).
				octetsPass(octets.length);
				if (!this.writeSocket.write(octets)) await once(this.writeSocket, 'drain');
			}
			this.write(leg.text);
		} catch {
			this.close();
		} finally {
			endShort();
		}
	}

	/**
	 * In front of DEFLATE imapflow has a queue for so many pieces as it means octets, 65,536: all of a long message would stand
	 * there. For commands it stays long, so that those of one moment are flushed as one.
	 */
	#keepQueueShort(): () => void {
		if (!this._deflate) return () => {};
		const queue = (this.writeSocket as unknown as {readonly _readableState: {highWaterMark: number}})._readableState;
		const usual = queue.highWaterMark;
		queue.highWaterMark = mostQueued;
		return () => {
			queue.highWaterMark = usual;
		};
	}

	override write(line: string | Buffer): void {
		const tail = this.#tail;
		this.#tail = nothing;
		super.write(tail.length === 0 ? line : Buffer.concat([Buffer.from(line as Buffer), tail]));
	}

	/** Registers interest in rows for as long as `ask` runs. */
	async fetchRows<T>(fetcher: Fetcher, ask: () => Promise<T>): Promise<T> {
		this.#fetchers.add(fetcher);
		try {
			return await ask();
		} finally {
			this.#fetchers.delete(fetcher);
		}
	}

	/** The longest literal the server may announce from now on; a longer one ends the connection. */
	limitLiterals(bytes: number): void {
		this.streamer.maxLiteralSize = bytes;
	}

	/** Whether the last thing asked of the server is to wait for news. */
	get isIdling(): boolean {
		const last = this.requestQueue.at(-1) ?? this.#sent().at(-1);
		return last !== undefined && idleOf(last)?.isDoneSent === false;
	}

	/** Commands whose answer is overdue when the line is quiet: all in flight but an IDLE that began. */
	get owedAnswers(): number {
		const isWaiting = (request: Request): boolean =>
			idleOf(request)?.isAcknowledged === true && !idleOf(request)?.isDoneSent;
		return [...this.#sent(), ...this.requestQueue].filter(request => !isWaiting(request)).length;
	}

	/**
	 * Waits for news after what was sent so far; the next command ends it, and a new one may begin in the same
	 * packet. `onBegin` is told when the server waits. Resolves when it ended.
	 */
	async beginIdle(onBegin: () => void): Promise<void> {
		if (this.isIdling) return;
		const idle: Idle = {isAcknowledged: false, isDoneSent: false};
		await this.command('IDLE', false, {
			idle,
			expectsPlus: () => !idle.isAcknowledged,
			onPlusTag: () => {
				idle.isAcknowledged = true;
				onBegin();
				void this.trySend();
			},
		});
	}

	/** Ends IDLE without another command: what the server has to say comes with its answer. */
	endIdle(): void {
		const idle = this.#sent()
			.map(idleOf)
			.find(each => each?.isAcknowledged && !each.isDoneSent);
		if (!idle) return;
		idle.isDoneSent = true;
		this.write('DONE');
	}

	#sent(): Request[] {
		return this.currentRequest ? [this.currentRequest, ...this.#inFlight] : this.#inFlight;
	}

	#mayFollow({command, options}: Request): boolean {
		const sent = this.#sent();
		if (this.commandParts.length > 0 || sent.length >= mostInFlight) return false;
		if (sent.some(request => changesTheStream.test(request.command) || request.options.isLast)) return false;
		// Dovecot 2.3 does not see behind an unanswered MOVE, or STORE of a keyword, what is marked as deleted: it answers OK
		// and removes nothing.
		if (command === 'UID EXPUNGE' && sent.some(request => request.command === 'UID MOVE' || setsKeyword(request)))
			return false;
		const idle = sent.map(idleOf).find(each => each && !each.isDoneSent);
		if (!idle) return !options.isAlone || sent.length === 0;
		// DONE is only valid after the server's `+` (RFC 2177 §3).
		if (!idle.isAcknowledged) return false;
		this.#cork();
		this.endIdle();
		return !options.isAlone;
	}

	/** Everything written in this tick leaves in one packet. */
	#cork(): void {
		const socket = this.socket;
		if (this.#isCorked || !socket || !socket.cork) return;
		this.#isCorked = true;
		socket.cork();
		process.nextTick(() => {
			this.#isCorked = false;
			socket.uncork?.();
		});
	}

	async trySend(): Promise<void> {
		if (!this.currentRequest) this.currentRequest = this.#inFlight.shift() ?? false;
		while (this.requestQueue.length > 0 && !this.isClosed && this.#mayFollow(this.requestQueue[0] as Request)) {
			const request = this.requestQueue.shift() as Request;
			if (this.currentRequest) this.#inFlight.push(request);
			else this.currentRequest = request;
			this.#cork();
			request.options.beforeSend?.();
			this.#tail = request.options.tail ?? nothing;
			// `send` writes before its first await, so `sent` is true in time for any answer.
			const sending = this.send(request);
			request.sent = true;
			try {
				await sending;
			} catch (error) {
				this.#forget(request);
				const pending = this.requestTagMap.get(request.tag);
				this.requestTagMap.delete(request.tag);
				pending?.reject(error as Error);
			}
		}
	}

	#forget(request: Request): void {
		if (this.currentRequest === request) this.currentRequest = false;
		this.#inFlight = this.#inFlight.filter(each => each !== request);
	}

	/** Makes the request the one that imapflow gives the line to. */
	#promote(request: Request | undefined): void {
		if (request === undefined || request === this.currentRequest) return;
		this.#inFlight = this.#inFlight.filter(each => each !== request);
		if (this.currentRequest) this.#inFlight.unshift(this.currentRequest);
		this.currentRequest = request;
	}

	override async handleResponse(data: {payload: Buffer}): Promise<boolean> {
		const word = /^(\S+) ?/.exec(data.payload.toString('latin1', 0, 24))?.[1];
		if (word === '+') this.#promote(this.#sent().find(expectsPlus) ?? this.#sent()[0]);
		else if (word !== '*') this.#promote(this.#sent().find(request => request.tag === word));
		return super.handleResponse(data);
	}

	override getUntaggedHandler(
		command: string,
		attributes: Token[],
	): ((response: Response) => Promise<void>) | undefined {
		const keyword = this.normalizeUntaggedCommand(command, attributes);
		if (keyword === 'FETCH') return async response => this.#tellRow(readRow(response));
		// Several searches may be under way; each answer names its own (RFC 4731 §3.1).
		const tag = keyword === 'ESEARCH' ? correlatorOf(attributes) : undefined;
		for (const request of this.#sent()) {
			if (tag !== undefined && request.tag !== tag) continue;
			const handler = (request.options.untagged as Record<string, (response: Response) => Promise<void>> | undefined)?.[
				keyword
			];
			if (handler) return handler;
		}
		const handle = this.onUntagged[keyword];
		if (handle) return async response => handle(response);
		return super.getUntaggedHandler(command, attributes);
	}

	override getSectionHandler(key: string): ((section: Token[]) => Promise<void>) | undefined {
		const tell = this.onCode[key];
		return tell ? async section => tell(section) : super.getSectionHandler(key);
	}

	override rejectUnparsedCompletion(payload: Buffer, error: unknown): boolean {
		const row = readOddFlags(payload.toString('latin1', 0, longestOddLine));
		if (row) this.#tellRow(row);
		else this.unreadableLines += 1;
		return super.rejectUnparsedCompletion(payload, error);
	}

	#tellRow(row: FetchedRow): void {
		let isWanted = false;
		for (const fetcher of [...this.#fetchers]) {
			if (!fetcher.wants(row)) continue;
			isWanted = true;
			fetcher.onRow(row);
		}
		if (!isWanted) this.onUnsolicitedRow(row);
	}

	override closeRequests(): void {
		this.requestQueue.unshift(...this.#inFlight.splice(0));
		super.closeRequests();
	}

	override async compress(): Promise<void> {
		await super.compress();
		const deflate = this._deflate;
		if (!deflate) return;
		const flush = deflate.flush.bind(deflate) as (kind: number, done?: () => void) => void;
		(deflate as {flush: (kind?: number, done?: () => void) => void}).flush = (kind, done) =>
			flush(kind ?? zlib.constants.Z_PARTIAL_FLUSH, done);
	}
}
