/**
 * A bad line on loopback: a TCP proxy that is as slow and as far away as it is told to be.
 *
 * Laws: bytes stay in order (one queue per direction); the rate of a direction is shared by all connections, as on one
 * line; a byte arrives half a round trip after it was sent; every byte that enters is counted, once.
 *
 * A *turn* is counted each time the client speaks after the server has: what a chatty protocol pays in round trips.
 */
import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';

type LinkShape = {
	/** 0 is as fast as loopback. */
	readonly bitsPerSecond: number;
	readonly roundTripMs: number;
};

type BadLinkOptions = LinkShape & {readonly targetPort: number; readonly port?: number};

export type BadLink = {
	readonly port: number;
	readonly bytesUp: number;
	readonly bytesDown: number;
	readonly turns: number;
	/** Ends every connection at once; what is on the way is lost. */
	readonly cut: () => void;
	/** Nothing moves any more, nobody is told. */
	readonly freeze: () => void;
	readonly thaw: () => void;
	readonly close: () => Promise<void>;
};

/** A queue this full makes the sender wait, as a modem's does. */
const fullQueueBytes = 65_536;
/** What moves as one: the packet of a modem line (RFC 1144 §3), so that a slow answer comes bit by bit. */
const packetBytes = 576;

type Direction = {bytes: number; freeAt: number};
type Packet = {readonly bytes: Buffer; readonly dueAt: number};
type Pipe = {readonly resume: () => void};

export const startBadLink = async (options: BadLinkOptions): Promise<BadLink> => {
	const bytesPerMs = options.bitsPerSecond > 0 ? options.bitsPerSecond / 8000 : Number.POSITIVE_INFINITY;
	const oneWayMs = options.roundTripMs / 2;
	const up: Direction = {bytes: 0, freeAt: 0};
	const down: Direction = {bytes: 0, freeAt: 0};
	const sockets = new Set<Socket>();
	const pipes = new Set<Pipe>();
	let isFrozen = false;
	let turns = 0;
	let isServerSpeaking = true;

	const pipe = (from: Socket, to: Socket, direction: Direction): void => {
		const queue: Packet[] = [];
		let queuedBytes = 0;
		let timer: NodeJS.Timeout | undefined;
		let isEnded = false;
		const move = () => {
			timer = undefined;
			if (isFrozen) return;
			const now = performance.now();
			while (queue[0] !== undefined && queue[0].dueAt <= now) {
				const {bytes} = queue.shift()!;
				queuedBytes -= bytes.length;
				to.write(bytes);
			}
			if (queuedBytes < fullQueueBytes / 2) from.resume();
			schedule();
			if (queue.length === 0 && isEnded) setTimeout(() => to.end(), oneWayMs);
		};
		const schedule = () => {
			if (timer !== undefined || queue[0] === undefined || isFrozen) return;
			timer = setTimeout(move, Math.max(0, queue[0].dueAt - performance.now()));
		};
		from.on('data', (chunk: Buffer) => {
			if ((direction === down) !== isServerSpeaking) {
				isServerSpeaking = direction === down;
				if (!isServerSpeaking) turns++;
			}
			direction.bytes += chunk.length;
			for (let at = 0; at < chunk.length; at += packetBytes) {
				const bytes = chunk.subarray(at, at + packetBytes);
				direction.freeAt = Math.max(performance.now(), direction.freeAt) + bytes.length / bytesPerMs;
				queue.push({bytes, dueAt: direction.freeAt + oneWayMs});
				queuedBytes += bytes.length;
			}
			if (queuedBytes > fullQueueBytes) from.pause();
			schedule();
		});
		from.on('end', () => {
			isEnded = true;
			if (queue.length === 0) setTimeout(() => to.end(), oneWayMs);
		});
		const entry = {resume: move};
		pipes.add(entry);
		from.on('close', () => {
			clearTimeout(queue.length === 0 ? timer : undefined);
			pipes.delete(entry);
		});
	};

	const accept = (client: Socket): void => {
		const server = connect({port: options.targetPort, host: '127.0.0.1', allowHalfOpen: true});
		for (const socket of [client, server]) {
			socket.setNoDelay();
			socket.pause();
			sockets.add(socket);
			socket.on('close', () => sockets.delete(socket));
		}
		client.on('error', () => server.destroy());
		server.on('error', () => client.destroy());
		client.on('close', () => server.destroy());
		server.on('close', () => client.end());
		// On a real line the handshake takes a round trip before anybody speaks.
		setTimeout(() => {
			pipe(client, server, up);
			pipe(server, client, down);
			client.resume();
			server.resume();
		}, options.roundTripMs);
	};

	const listener = createServer({allowHalfOpen: true}, accept);
	listener.listen(options.port ?? 0, '127.0.0.1');
	await once(listener, 'listening');
	const cut = () => {
		for (const socket of sockets) socket.destroy();
	};
	return {
		port: (listener.address() as AddressInfo).port,
		get bytesUp() {
			return up.bytes;
		},
		get bytesDown() {
			return down.bytes;
		},
		get turns() {
			return turns;
		},
		cut,
		freeze() {
			isFrozen = true;
		},
		thaw() {
			isFrozen = false;
			for (const entry of pipes) entry.resume();
		},
		async close() {
			const closed = once(listener, 'close');
			listener.close();
			cut();
			await closed;
		},
	};
};

const units: Readonly<Record<string, number>> = {'': 1, k: 1000, m: 1_000_000, g: 1_000_000_000};

/**
 * `9600bps,300ms` in any order: a rate (`33.6kbps`, `1Mbps`, a bare number of bits per second), a round trip (`300ms`,
 * `1.5s`), or both. What is left out is as good as loopback.
 */
export const parseLink = (text: string): LinkShape => {
	let bitsPerSecond: number | undefined;
	let roundTripMs: number | undefined;
	for (const word of text.split(',').map(part => part.trim())) {
		const rate = /^(\d+(?:\.\d+)?)\s*(?:([kmg]?)(?:bps|bit\/s))?$/i.exec(word);
		const time = /^(\d+(?:\.\d+)?)\s*(ms|s)$/i.exec(word);
		if (time !== null) {
			if (roundTripMs !== undefined) throw new Error(`The link ${JSON.stringify(text)} has two round trips.`);
			roundTripMs = Number(time[1]) * (time[2]!.toLowerCase() === 's' ? 1000 : 1);
		} else if (rate !== null) {
			if (bitsPerSecond !== undefined) throw new Error(`The link ${JSON.stringify(text)} has two rates.`);
			bitsPerSecond = Number(rate[1]) * units[(rate[2] ?? '').toLowerCase()]!;
			if (bitsPerSecond === 0) throw new Error(`The link ${JSON.stringify(text)} would carry nothing: its rate is 0.`);
		} else {
			const what = word === '' ? 'an empty word' : JSON.stringify(word);
			throw new Error(`The link ${JSON.stringify(text)} has ${what}; write it like 9600bps,300ms.`);
		}
	}
	return {bitsPerSecond: bitsPerSecond ?? 0, roundTripMs: roundTripMs ?? 0};
};
