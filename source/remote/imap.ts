/**
 * A Remote over IMAP: what the session asks for becomes commands; answers become facts.
 *
 * Laws: `.PEEK` always (law 6); never a part without a range (it may be the video); the longest literal the server
 * may send is what was asked for; a cut line is a Failure, never an empty answer or an end of list (law 5).
 */
import {readFileSync} from 'node:fs';
import tls from 'node:tls';
import {Failure} from '../model/failure.ts';
import {type MailboxPath, partNumber} from '../model/ids.ts';
import {safeLine} from '../model/safe-text.ts';
import type {Purpose} from '../model/usage.ts';
import {byeFailure, cutFailure, dialFailure, requestFailure} from './failures.ts';
import {type FetchedRow, textOf} from './fetched-row.ts';
import {logIn} from './login.ts';
import {fetchCounts, fetchMailboxes} from './mailbox-list.ts';
import {asArgument, MailboxNames} from './mailbox-name.ts';
import {Meter} from './meter.ts';
import {type CommandOptions, PipelinedImapFlow, type Response} from './pipelined-imapflow.ts';
import type {ChunkForm, Dial, Dialling, Opening, Remote, RowFact, Section, Selected} from './remote.ts';
import {readStructure} from './structure.ts';
import {meteredTransport, type TlsSessions} from './transport.ts';

/** Rows and structures are not asked for by length; what is longer is no honest header. */
const longestHeader = 1024 * 1024;
const longestLine = 8 * 1024 * 1024;
/** NATs forget a quiet line after ten minutes or so; RFC 2177 allows 29. */
const renewIdleAfterMs = 9 * 60_000;

const atom = (value: string) => ({type: 'ATOM', value});
const set = (value: string) => ({type: 'SEQUENCE', value});
const peek = (section: unknown[], partial?: readonly [number, number], item = 'BODY.PEEK') => ({
	type: 'ATOM',
	value: item,
	section,
	...(partial ? {partial} : {}),
});
const headerFields = (...names: string[]) => peek([atom('HEADER.FIELDS'), names.map(atom)]);

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
	readonly #client: PipelinedImapFlow;
	readonly #names = new MailboxNames();
	/** The literals that answers under way may bring, so that the limit is never below the largest. */
	readonly #expected = new Set<{bytes: number}>();
	#isReady = false;
	#error: Failure | undefined;
	#isOver = false;
	#watch: NodeJS.Timeout | undefined;
	#renewal: NodeJS.Timeout | undefined;

	constructor(dialling: Dialling, meter: Meter, select: () => Promise<void>) {
		this.#dialling = dialling;
		this.#meter = meter;
		const {account, secret, remembered} = dialling;
		this.#client = new PipelinedImapFlow(
			{
				host: account.host,
				port: account.port,
				secure: account.security === 'tls',
				doSTARTTLS: account.security === 'starttls' ? true : account.security === 'tls' ? undefined : false,
				tls:
					account.certificateFile === ''
						? {}
						: {ca: [...usualCertificates(), readCertificate(account.certificateFile)]},
				logger: false,
				transport: meteredTransport(meter, tlsSessions) as never,
				auth: {user: account.user},
				maxLineLength: longestLine,
				maxLiteralSize: longestHeader,
				connectionTimeout: dialling.patienceMs,
				greetingTimeout: dialling.patienceMs,
				// Silence is judged here, by what is owed; imapflow would take a quiet IDLE for a dead line.
				socketTimeout: 24 * 3600_000,
			} as never,
			account.disabledCapabilities,
			client => logIn(client, {account, secret, remembered, select: () => this.#beforeSelect(select)}),
		);
		const {events} = dialling;
		this.#client.onUntagged.EXISTS = response => events.onCount(Number(response.command));
		this.#client.onUntagged.EXPUNGE = response => events.onExpunge(Number(response.command));
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
			const enable = this.#command('ENABLE', [atom('UTF8=ACCEPT')], 'connect', {
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
		return Boolean(this.#client.secureConnection);
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
		const response = await this.#ask(`to open the mailbox`, () =>
			this.#command('SELECT', [asArgument(this.#names.spell(path))], 'connect', {
				isLast: this.#isReady,
				untagged: {
					EXISTS: line => {
						said.count = Number(line.command);
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

	async fetchRows(numbers: string, onRow: (row: RowFact) => void, {withoutHeader = false} = {}): Promise<number> {
		const wanted = ranges(numbers);
		const key = 'BODY[HEADER.FIELDS]';
		let came = 0;
		const fetcher = {
			wants: (row: FetchedRow) =>
				row.uid !== undefined &&
				row.sizeBytes !== undefined &&
				(withoutHeader || row.sections.has(key)) &&
				wanted(row.sequence),
			onRow: (row: FetchedRow) => {
				came += 1;
				this.#meter.purpose = 'rows';
				const {sequence, uid = 0, flags = [], sizeBytes = 0} = row;
				onRow({sequence, uid, flags, sizeBytes, header: row.sections.get(key)});
			},
		};
		const items = [
			atom('UID'),
			atom('FLAGS'),
			atom('RFC822.SIZE'),
			...(withoutHeader ? [] : [headerFields('DATE', 'FROM', 'SUBJECT')]),
		];
		await this.#expecting(longestHeader, () =>
			this.#ask('these rows', () =>
				this.#client.fetchRows(fetcher, () => this.#command('FETCH', [set(numbers), items], 'rows')),
			),
		);
		return came;
	}

	async fetchOpening(uid: number, probeBytes: number): Promise<Opening> {
		const [headerKey, probeKey] = ['BODY[HEADER.FIELDS]', 'BODY[1]<0>'];
		let structure: Opening['structure'];
		let isReadable = false;
		const octets = new Map<string, Buffer>();
		const fetcher = {
			wants: (row: FetchedRow) =>
				row.uid === uid &&
				(row.bodyStructure !== undefined || row.sections.has(headerKey) || row.sections.has(probeKey)),
			onRow: (row: FetchedRow) => {
				this.#meter.purpose = 'text';
				if (row.bodyStructure !== undefined) structure = readStructure(row.bodyStructure);
				isReadable ||= structure !== undefined;
				for (const [key, bytes] of row.sections) octets.set(key, bytes);
			},
		};
		const items = [
			atom('BODYSTRUCTURE'),
			headerFields('TO', 'CC'),
			...(probeBytes > 0 ? [peek([atom('1')], [0, probeBytes])] : []),
		];
		await this.#expecting(longestHeader, () =>
			this.#ask('this message', () =>
				this.#client.fetchRows(fetcher, () => this.#command('UID FETCH', [set(String(uid)), items], 'structure')),
			),
		);
		const isThere = isReadable || octets.size > 0 || (await this.#exists(uid));
		const probe = octets.get(probeKey) ?? Buffer.alloc(0);
		if (probe.length > probeBytes) throw tooMuch(probe.length, probeBytes);
		return {
			answer: isReadable ? 'known' : isThere ? 'unreadable' : 'gone',
			structure,
			header: octets.get(headerKey) ?? Buffer.alloc(0),
			probe,
		};
	}

	/** A row that did not come was either never there or could not be read: imapflow skips such a line silently. */
	async #exists(uid: number): Promise<boolean> {
		let isThere = false;
		const fetcher = {
			wants: (row: FetchedRow) => row.uid === uid && row.sizeBytes !== undefined,
			onRow: () => {
				isThere = true;
			},
		};
		const items = [atom('UID'), atom('RFC822.SIZE')];
		await this.#ask('this message', () =>
			this.#client.fetchRows(fetcher, () => this.#command('UID FETCH', [set(String(uid)), items], 'structure')),
		);
		return isThere;
	}

	async fetchChunk(
		uid: number,
		section: Section,
		offset: number,
		length: number,
		form: ChunkForm,
		purpose: Purpose,
	): Promise<Buffer | undefined> {
		const item = form === 'decoded' ? 'BINARY' : 'BODY';
		const name = section.of === 'header' ? [section.part, 'HEADER'].filter(Boolean).join('.') : section.part;
		const key = `${item}[${name}]<${offset}>`;
		const range = [offset, length] as const;
		return this.#expecting(length, () =>
			this.#ask(
				'these octets',
				() =>
					new Promise<Buffer | undefined>((resolve, reject) => {
						const fetcher = {
							wants: (row: FetchedRow) => row.uid === uid && row.sections.has(key),
							// The row is the answer: its tagged OK may be a long way behind the next command's rows.
							onRow: (row: FetchedRow) => {
								this.#meter.purpose = purpose;
								const bytes = row.sections.get(key);
								if (bytes && bytes.length > length) reject(tooMuch(bytes.length, length));
								else resolve(bytes);
							},
						};
						const items = peek(name === '' ? [] : [atom(name)], range, `${item}.PEEK`);
						this.#client
							.fetchRows(fetcher, () => this.#command('UID FETCH', [set(String(uid)), items], purpose))
							.then(() => resolve(undefined), reject);
					}),
			),
		);
	}

	async fetchMailboxes() {
		return this.#ask('the list of mailboxes', () => fetchMailboxes(this.#asker(), this.#names, this.#dialling.account));
	}

	async fetchCounts(path: MailboxPath) {
		return fetchCounts(this.#asker(), this.#names, path).catch(error => {
			const failure = requestFailure(error, 'to count');
			if (failure.kind === 'refused' || failure.kind === 'gone') return undefined;
			throw this.#error ?? failure;
		});
	}

	#asker() {
		return {
			has: (name: string) => this.capabilities.has(name),
			command: (name: string, attributes: readonly unknown[], options: CommandOptions) =>
				this.#command(name, attributes, 'mailboxes', options),
		};
	}

	idle(): void {
		if (!this.capabilities.has('IDLE') || this.#client.isIdling || this.#isOver) return;
		clearTimeout(this.#renewal);
		this.#renewal = setTimeout(() => this.#renewIdle(), renewIdleAfterMs).unref();
		this.#client
			.beginIdle(() => {
				this.#meter.purpose = 'waiting';
			})
			// A server that refuses IDLE is asked no more; what else went wrong ends the connection anyway.
			.catch(() => this.#client.capabilities.delete('IDLE'));
	}

	endIdle(): void {
		clearTimeout(this.#renewal);
		this.#client.endIdle();
	}

	/** Only a wait that is still on: a question may have ended it, and the budget may allow no other. */
	#renewIdle(): void {
		if (!this.#client.isIdling) return;
		this.#client.endIdle();
		this.idle();
	}

	async look(): Promise<void> {
		await this.#ask('to look for news', () => this.#command('NOOP', false, 'waiting'));
	}

	async leave(): Promise<void> {
		this.#isOver = true;
		await Promise.race([
			this.#client.command('LOGOUT', false).catch(() => {}),
			new Promise(resolve => setTimeout(resolve, 1500).unref()),
		]);
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
	): Promise<Response> {
		const asked = this.#client.command(name, attributes, {
			...options,
			beforeSend: () => {
				this.#meter.purpose = purpose;
			},
		});
		const rest = () => {
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

	/** Lowers what a literal may be to the largest that was asked for (WIRE: imapflow's limit is 1 GB). */
	async #expecting<T>(bytes: number, ask: () => Promise<T>): Promise<T> {
		const expected = {bytes};
		this.#expected.add(expected);
		const limit = () => this.#client.limitLiterals(Math.max(4096, ...[...this.#expected].map(each => each.bytes)));
		limit();
		try {
			return await ask();
		} finally {
			this.#expected.delete(expected);
			if (!this.#client.isClosed) limit();
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
		this.#dialling.events.onClosed(this.#error ?? (bye ? byeFailure(bye) : cutFailure()));
	}
}

const tooMuch = (came: number, asked: number): Failure =>
	new Failure('broken', safeLine(`The server sent ${came} octets where ${asked} were asked for`));

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

/** `[UIDVALIDITY 7]` of a status response (RFC 9051 §7.1). */
function responseCode(response: Response): [code: string, value: string] {
	const first = response.attributes?.[0];
	const section =
		first && typeof first === 'object' && !Array.isArray(first)
			? (first as {section?: readonly never[]}).section
			: undefined;
	return [(textOf(section?.[0]) ?? '').toUpperCase(), textOf(section?.[1]) ?? ''];
}

/** Whether a number is in a sequence set. */
function ranges(numbers: string): (sequence: number) => boolean {
	const pairs = numbers.split(',').map(range => {
		const [from = 0, to = from] = range.split(':').map(Number);
		return [Math.min(from, to), Math.max(from, to)] as const;
	});
	return sequence => pairs.some(([from, to]) => sequence >= from && sequence <= to);
}

export const wholeMessage = partNumber('');
