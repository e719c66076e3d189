/**
 * One connection's bytes: the socket, TLS when it is on, DEFLATE when it is on (RFC 4978), and the lines and literals
 * of commands on top.
 *
 * Law: what is written leaves at `flush()`, in one piece where possible, so that answers to pipelined commands share
 * packets. A reader that waits gets `undefined` when the connection ends.
 */
import {once} from 'node:events';
import type {Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {createSecureContext, type SecureContext, TLSSocket} from 'node:tls';
import {constants, createDeflateRaw, createInflateRaw, type DeflateRaw, type InflateRaw} from 'node:zlib';

export type TlsIdentity = {readonly key: string | Buffer; readonly cert: string | Buffer};

const flushAtBytes = 65_536;
const longestLineBytes = 1_000_000;

/** One for all connections of a server, so that a client may take its TLS session up again. */
const contexts = new WeakMap<TlsIdentity, SecureContext>();

function contextOf(identity: TlsIdentity): SecureContext {
	const known = contexts.get(identity) ?? createSecureContext(identity);
	contexts.set(identity, known);
	return known;
}

export class Wire {
	isClosed = false;
	bytesSent = 0;
	/** The connection ends when it has sent so many bytes. */
	cutAfterBytes = Number.POSITIVE_INFINITY;
	readonly #socket: Socket;
	#stream: Duplex;
	#deflate: DeflateRaw | undefined;
	#inflate: InflateRaw | undefined;
	#received = Buffer.alloc(0);
	#chunks: Buffer[] = [];
	#hasEnded = false;
	#wakeReader: () => void = () => {};
	#pending: Buffer[] = [];
	#pendingBytes = 0;
	readonly #thawed: () => Promise<void>;

	constructor(socket: Socket, thawed: () => Promise<void>) {
		this.#socket = socket;
		this.#stream = socket;
		this.#thawed = thawed;
		socket.setNoDelay();
		socket.on('error', () => this.destroy());
		socket.on('close', () => this.#ended());
		this.#listen();
	}

	get hasTls(): boolean {
		return this.#stream !== this.#socket;
	}

	get hasDeflate(): boolean {
		return this.#deflate !== undefined;
	}

	/** Whether a whole line is here already: the next command of a pipeline. */
	get hasLine(): boolean {
		this.#gather();
		return this.#received.includes(10);
	}

	/** A line without its end; undefined when there will be none. */
	async line(): Promise<string | undefined> {
		let searched = 0;
		for (;;) {
			this.#gather();
			const feed = this.#received.indexOf(10, searched);
			if (feed >= 0) {
				const end = feed > 0 && this.#received[feed - 1] === 13 ? feed - 1 : feed;
				const line = this.#received.toString('latin1', 0, end);
				this.#received = this.#received.subarray(feed + 1);
				return line;
			}
			searched = this.#received.length;
			if (searched > longestLineBytes) this.destroy();
			if (this.isClosed || this.#hasEnded) return undefined;
			await this.#more();
		}
	}

	async exactly(count: number): Promise<Buffer | undefined> {
		let have = this.#received.length;
		for (const chunk of this.#chunks) have += chunk.length;
		while (have < count) {
			if (this.isClosed || this.#hasEnded) return undefined;
			const before = this.#chunks.length;
			await this.#more();
			for (const chunk of this.#chunks.slice(before)) have += chunk.length;
		}
		this.#gather();
		const bytes = this.#received.subarray(0, count);
		this.#received = this.#received.subarray(count);
		return bytes;
	}

	write(bytes: Buffer | string): void {
		const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
		this.#pending.push(buffer);
		this.#pendingBytes += buffer.length;
	}

	/** Writes, and waits for the client when much is waiting for it. */
	async stream(bytes: Buffer): Promise<void> {
		this.write(bytes);
		if (this.#pendingBytes >= flushAtBytes) await this.flush();
	}

	async flush(): Promise<void> {
		await this.#thawed();
		if (this.#pendingBytes === 0 || this.isClosed) return;
		const bytes = Buffer.concat(this.#pending);
		this.#pending = [];
		this.#pendingBytes = 0;
		const deflate = this.#deflate;
		if (deflate === undefined) return this.#send(bytes);
		deflate.write(bytes);
		await new Promise<void>(resolve => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
		await this.#drained();
	}

	async startTls(identity: TlsIdentity): Promise<void> {
		this.#socket.removeAllListeners('data');
		// What came before the handshake was not protected: it must not be obeyed after it (RFC 3501 §6.2.1).
		this.#received = Buffer.alloc(0);
		this.#chunks = [];
		const secure = new TLSSocket(this.#socket, {isServer: true, secureContext: contextOf(identity)});
		this.#stream = secure;
		secure.on('error', () => this.destroy());
		secure.on('close', () => this.#ended());
		this.#listen();
		await Promise.race([once(secure, 'secure').catch(() => {}), once(this.#socket, 'close')]);
	}

	/** Everything after this is compressed, in both directions; what the client sent already is, too. */
	startDeflate(): void {
		this.#gather();
		const early = this.#received;
		this.#received = Buffer.alloc(0);
		const deflate = createDeflateRaw();
		const inflate = createInflateRaw();
		deflate.on('data', chunk => void this.#send(chunk));
		inflate.on('data', chunk => this.#push(chunk));
		inflate.on('error', () => this.destroy());
		this.#deflate = deflate;
		this.#inflate = inflate;
		if (early.length > 0) inflate.write(early);
	}

	/** Ends the connection after what was written has left. */
	async end(): Promise<void> {
		await this.flush();
		if (!this.isClosed) this.#stream.end();
	}

	/** Ends the connection without another word; what the socket holds already still leaves. */
	cut(): void {
		if (this.isClosed) return;
		this.isClosed = true;
		this.#stream.end(() => this.destroy());
	}

	destroy(): void {
		this.#socket.destroy();
		this.#ended();
	}

	#listen(): void {
		this.#stream.on('data', (chunk: Buffer) => {
			if (this.#inflate === undefined) this.#push(chunk);
			else this.#inflate.write(chunk);
		});
		// Who has said all he has to say still gets his answers.
		this.#stream.on('end', () => {
			this.#hasEnded = true;
			this.#wakeReader();
		});
	}

	#push(chunk: Buffer): void {
		this.#chunks.push(chunk);
		this.#wakeReader();
	}

	#gather(): void {
		if (this.#chunks.length === 0) return;
		this.#received = Buffer.concat([this.#received, ...this.#chunks]);
		this.#chunks = [];
	}

	#more(): Promise<void> {
		return new Promise(resolve => {
			this.#wakeReader = resolve;
		});
	}

	#ended(): void {
		this.isClosed = true;
		this.#wakeReader();
	}

	async #send(bytes: Buffer): Promise<void> {
		if (this.isClosed) return;
		const left = this.cutAfterBytes - this.bytesSent;
		if (bytes.length >= left) {
			this.bytesSent += left;
			this.isClosed = true;
			this.#stream.write(bytes.subarray(0, left), () => this.destroy());
			return;
		}
		this.bytesSent += bytes.length;
		this.#stream.write(bytes);
		if (this.#deflate === undefined) await this.#drained();
	}

	async #drained(): Promise<void> {
		if (this.isClosed || !this.#stream.writableNeedDrain) return;
		const stream = this.#stream;
		await new Promise<void>(resolve => {
			const done = () => {
				stream.off('drain', done);
				this.#socket.off('close', done);
				resolve();
			};
			stream.on('drain', done);
			this.#socket.on('close', done);
		});
	}
}
