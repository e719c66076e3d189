/**
 * A line with a round trip of its own between a program and a server, that counts at the program's end: bytes, and waits,
 * which are the times the program speaks after it has heard something. What was said is kept as it was before DEFLATE, so
 * that it can be told after which wait something had come.
 */
import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import {createInflateRaw} from 'node:zlib';
import {startBadLink} from '../../source/demo/link.ts';

export type Cost = {readonly bytes: number; readonly waits: number};

type Said = {readonly by: 'program' | 'server'; readonly wait: number; text: string};

export type HeardLine = {
	readonly port: number;
	/** Counts from here, and forgets what was said. */
	readonly begin: () => void;
	readonly spent: () => Cost;
	/** Resolves when something has gone over it, and nothing more for so long. */
	readonly quiet: (ms?: number) => Promise<void>;
	/** Piece by piece. */
	readonly said: () => readonly Said[];
	readonly close: () => Promise<void>;
};

/** So that what is sent at once is seen as one burst, whatever else the machine does. */
const roundTripMs = 40;

export async function startHeardLine(targetPort: number): Promise<HeardLine> {
	const link = await startBadLink({targetPort, bitsPerSecond: 0, roundTripMs});
	const sockets = new Set<Socket>();
	let said: Said[] = [];
	let [bytes, waits, lastAt, isServerSpeaking] = [0, 0, 0, true];

	const heard = (by: Said['by'], octets: Buffer): Said => {
		const isServer = by === 'server';
		if (!isServer && isServerSpeaking) waits += 1;
		isServerSpeaking = isServer;
		bytes += octets.length;
		lastAt = performance.now();
		const piece: Said = {by, wait: waits, text: ''};
		said.push(piece);
		return piece;
	};

	const listener = createServer(program => {
		const server = connect(link.port, '127.0.0.1');
		for (const socket of [program, server]) {
			socket.setNoDelay();
			sockets.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => sockets.delete(socket));
		}
		const [fromProgram, fromServer] = [createReader(), createReader()];
		program.on('data', (octets: Buffer) => {
			fromProgram.read(octets, heard('program', octets));
			server.write(octets);
		});
		server.on('data', (octets: Buffer) => {
			const piece = heard('server', octets);
			const end = fromServer.endOfPlain(octets);
			if (end === undefined) fromServer.read(octets, piece);
			else {
				fromServer.read(octets.subarray(0, end), piece);
				for (const reader of [fromProgram, fromServer]) reader.inflate();
				if (end < octets.length) fromServer.read(octets.subarray(end), piece);
			}
			program.write(octets);
		});
		program.on('close', () => server.end());
		server.on('close', () => program.end());
	});
	listener.listen(0, '127.0.0.1');
	await once(listener, 'listening');
	return {
		port: (listener.address() as AddressInfo).port,
		begin() {
			[bytes, waits, said] = [0, 0, []];
		},
		spent: () => ({bytes, waits}),
		async quiet(ms = 1500) {
			for (;;) {
				const left = bytes === 0 ? 50 : lastAt + ms - performance.now();
				if (left <= 0) return;
				await new Promise(resolve => setTimeout(resolve, left));
			}
		},
		said: () => said,
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise(resolve => listener.close(resolve));
			await link.close();
		},
	};
}

/** One direction: text, and from some octet on DEFLATE. */
function createReader() {
	let inflater: ReturnType<typeof createInflateRaw> | undefined;
	let plain = '';
	const waiting: Said[] = [];
	return {
		/** After how many of these octets DEFLATE begins, if it does among them (RFC 4978). */
		endOfPlain(octets: Buffer): number | undefined {
			if (inflater !== undefined) return undefined;
			const before = plain.length;
			// Capabilities are told in an OK too.
			const begins = /^\S+ OK (?![^\r\n]*CAPABILITY)[^\r\n]*(?:deflate|compress)[^\r\n]*\r\n/im;
			const match = begins.exec(plain + octets.toString('latin1'));
			return match === null ? undefined : match.index + match[0].length - before;
		},
		inflate() {
			inflater = createInflateRaw();
			inflater.on('data', (octets: Buffer) => {
				if (waiting[0] !== undefined) waiting[0].text += octets.toString('latin1');
			});
			inflater.on('error', () => {});
		},
		read(octets: Buffer, piece: Said) {
			if (inflater === undefined) {
				const text = octets.toString('latin1');
				piece.text += text;
				plain = plain.slice(plain.lastIndexOf('\n') + 1) + text;
				return;
			}
			waiting.push(piece);
			inflater.write(octets, () => waiting.shift());
		},
	};
}
