/**
 * How imapflow reaches the server: our own dialling, with every byte of the raw socket metered, no keepalive
 * probes (they cost money on a metered line), and the TLS session kept in memory so that the next
 * handshake is short (1,365 → 241 bytes measured). Nothing about TLS is ever written to disk (law 14).
 */
import net from 'node:net';
import {Duplex} from 'node:stream';
import tls from 'node:tls';
import type {Meter} from './meter.ts';
import {Tunnel} from './tunnel.ts';

type Options = {host?: string; port?: number; servername?: string; secure?: boolean; tls?: object};

/** The raw socket seen through the meter. TLS and DEFLATE run on top of it. */
class MeteredSocket extends Duplex {
	readonly #socket: net.Socket;
	readonly #meter: Meter;
	#hasTimeoutListener = false;

	constructor(socket: net.Socket, meter: Meter) {
		super({allowHalfOpen: false});
		this.#socket = socket;
		this.#meter = meter;
		socket.on('data', bytes => {
			meter.down(bytes.length);
			if (!this.push(bytes)) socket.pause();
		});
		socket.on('end', () => this.push(null));
		socket.on('error', error => this.destroy(error));
		socket.on('close', () => this.destroy());
	}

	override _read(): void {
		this.#socket.resume();
	}

	override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
		this.#meter.up(bytes.length);
		this.#socket.write(bytes, done);
	}

	/** What was corked together leaves together: one packet, one turn. */
	override _writev(chunks: {chunk: Buffer}[], done: (error?: Error | null) => void): void {
		const bytes = Buffer.concat(chunks.map(each => each.chunk));
		this.#meter.up(bytes.length);
		this.#socket.write(bytes, done);
	}

	override _final(done: () => void): void {
		this.#socket.end(done);
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		this.#socket.destroy();
		done(error);
	}

	setTimeout(ms: number): this {
		this.#socket.setTimeout(ms);
		if (ms > 0 && !this.#hasTimeoutListener) {
			this.#hasTimeoutListener = true;
			this.#socket.on('timeout', () => this.emit('timeout'));
		}
		return this;
	}

	get remoteAddress(): string | undefined {
		return this.#socket.remoteAddress;
	}

	get remotePort(): number | undefined {
		return this.#socket.remotePort;
	}

	get localAddress(): string | undefined {
		return this.#socket.localAddress;
	}

	get localPort(): number | undefined {
		return this.#socket.localPort;
	}
}

/** TLS sessions of this run, by account; they die with the process. */
export type TlsSessions = Map<string, Buffer>;

export type MeteredTransport = {
	readonly connect: (options: Options, onConnect: () => void) => Duplex;
	readonly upgrade: (socket: Duplex, options: Options, onSecure: () => void) => Duplex;
	/** Resolves when the server has nothing more to say, or cannot any more. */
	readonly ended: Promise<void>;
};

/** `tunnel` is the command whose pipes are the line; '' for a socket. */
export function meteredTransport(meter: Meter, sessions: TlsSessions, tunnel: string): MeteredTransport {
	const {promise: ended, resolve: end} = Promise.withResolvers<void>();
	const secure = (socket: Duplex, options: Options, onSecure: () => void): tls.TLSSocket => {
		const key = `${options.host}:${options.port}`;
		const session = sessions.get(key);
		const secured = tls.connect(
			{
				...options.tls,
				socket,
				host: options.host,
				servername: options.servername,
				...(session ? {session} : {}),
			} as never,
			onSecure,
		);
		secured.on('session', ticket => sessions.set(key, ticket));
		return secured;
	};
	const through = (line: Duplex, options: Options, onConnect: () => void): Duplex => {
		line.once('end', end);
		line.once('close', end);
		return options.secure ? secure(line, options, onConnect) : line;
	};
	return {
		connect(options: Options, onConnect: () => void): Duplex {
			if (tunnel !== '')
				return through(new Tunnel(tunnel, meter, options.secure ? () => {} : onConnect), options, onConnect);
			const socket = net.connect({host: options.host, port: options.port, noDelay: true} as net.NetConnectOpts);
			if (!options.secure) socket.once('connect', onConnect);
			return through(new MeteredSocket(socket, meter), options, onConnect);
		},
		upgrade: secure,
		ended,
	};
}
