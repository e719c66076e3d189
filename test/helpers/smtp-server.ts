/**
 * A submission server that says word for word what a test wants, and does what no real one can be made to do: it hangs
 * up at any octet, says anything to anything, and always knows what it has taken.
 */
import {once} from 'node:events';
import net from 'node:net';
import type {TestContext} from 'node:test';
import tls from 'node:tls';
import {tlsIdentity} from './tls-identity.ts';

/** `greeting`, the verb of a command in capitals, with ` LAST` where it has that, or `message`: the end of one after DATA. */
export type Step = string;

export type SmtpScript = {
	/** Lines of EHLO behind the first. */
	readonly offers?: readonly string[];
	/** What it says instead, by what it was asked; undefined for the usual. */
	readonly answers?: (step: Step, line: string) => string | undefined;
	/** Hangs up when it has heard, or said, so many octets; what it has said before gets there. */
	readonly cutAfterHeard?: number;
	readonly cutAfterSaid?: number;
	/** Hangs up instead of answering this: `unheard` as if it never got it, else when it has done it. */
	readonly cutAt?: {readonly step: Step; readonly isUnheard: boolean};
	/** Of a message only that it came: for what is too large to be kept. */
	readonly keepsNothing?: boolean;
	/** TLS from the first byte. */
	readonly isTls?: boolean;
	/** What lies behind a URL of BURL; undefined: nothing. */
	readonly fetches?: (url: string) => string | undefined;
};

export type Taken = {readonly from: string; readonly to: readonly string[]; readonly octets: string};

export type SmtpServerOf = {
	readonly port: number;
	readonly taken: readonly Taken[];
	/** Commands as they came, and `DATA …` for nothing of a message. */
	readonly heard: readonly string[];
	readonly heardBytes: () => number;
	readonly saidBytes: () => number;
	/** Times the client spoke after the server had spoken. */
	readonly turns: () => number;
	/** When the last line is gone, on both sides. */
	readonly quiet: () => Promise<void>;
	script: SmtpScript;
};

export const usualOffers = [
	'PIPELINING',
	'SIZE 50000000',
	'8BITMIME',
	'SMTPUTF8',
	'AUTH PLAIN LOGIN',
	'ENHANCEDSTATUSCODES',
];

/** As Dovecot's. */
export const offersOfPieces = [...usualOffers, 'BURL imap imap://localhost', 'CHUNKING'];

export async function smtpServer(context: TestContext, script: SmtpScript = {}): Promise<SmtpServerOf> {
	const taken: Taken[] = [];
	const heard: string[] = [];
	const sockets = new Set<net.Socket>();
	const gone = new Set<() => void>();
	let heardBytes = 0;
	let saidBytes = 0;
	let turns = 0;
	let direction = 'down';

	const serve = (socket: net.Socket | tls.TLSSocket): void => {
		const {script: now} = server;
		let waiting = '';
		let message: string | undefined;
		/** Of a message in pieces; undefined: one of them was refused, and with it the message. */
		let pieces: string | undefined = '';
		let chunk: {line: string; left: number; octets: string} | undefined;
		let from = '';
		let to: string[] = [];
		let answering: string | undefined;
		let isOver = false;
		const cut = (): unknown => {
			isOver = true;
			socket.end();
			return socket.destroySoon();
		};
		const say = (text: string): void => {
			if (isOver) return;
			direction = 'down';
			const most = now.cutAfterSaid ?? Number.POSITIVE_INFINITY;
			const octets = text.slice(0, Math.max(0, most - saidBytes));
			saidBytes += octets.length;
			if (octets !== '') socket.write(octets, 'latin1');
			if (saidBytes >= most) cut();
		};
		const answer = (step: Step, line: string, usual: string, act: (said: string) => void = () => {}): unknown => {
			if (now.cutAt?.step === step && now.cutAt.isUnheard) return cut();
			const said = now.answers?.(step, line) ?? usual;
			act(said);
			if (now.cutAt?.step === step) return cut();
			return say(said.endsWith('\r\n') ? said : `${said}\r\n`);
		};
		/** RFC 3030 §2, RFC 4468 §3.2. */
		const takePiece = (line: string, octets: string | undefined): unknown => {
			const isLast = / LAST$/i.test(line);
			const step = `${line.split(' ', 1)[0]!.toUpperCase()}${isLast ? ' LAST' : ''}`;
			const usual =
				to.length === 0
					? '554 5.5.1 no valid recipients'
					: pieces === undefined
						? '503 5.5.1 the transaction has failed'
						: octets === undefined
							? '554 5.6.6 IMAP URLAUTH resolution failed'
							: isLast
								? '250 2.0.0 Ok: queued as 4F1D2'
								: '250 2.0.0 more';
			return answer(step, line, usual, said => {
				const isTaken = said.startsWith('2') && octets !== undefined && pieces !== undefined && to.length > 0;
				pieces = isTaken ? pieces + octets : undefined;
				if (!isTaken || !isLast) return;
				taken.push({from, to, octets: pieces!});
				pieces = '';
				to = [];
			});
		};
		const command = (line: string): unknown => {
			heard.push(line);
			const verb = line.split(' ', 1)[0]!.toUpperCase();
			if (answering !== undefined) {
				const rest = answering;
				answering = undefined;
				if (rest === 'user') {
					answering = 'password';
					return answer('AUTH user', line, '334 UGFzc3dvcmQ6');
				}
				return answer('AUTH password', line, '235 2.7.0 ok');
			}
			const offers = now.offers ?? usualOffers;
			switch (verb) {
				case 'EHLO': {
					const lines = ['smtp.example.org', ...offers];
					return answer(
						verb,
						line,
						lines.map((each, n) => `250${n === lines.length - 1 ? ' ' : '-'}${each}`).join('\r\n'),
					);
				}
				case 'HELO':
					return answer(verb, line, '250 smtp.example.org');
				case 'AUTH':
					if (/LOGIN/i.test(line)) answering = 'user';
					return answer(verb, line, answering === 'user' ? '334 VXNlcm5hbWU6' : '235 2.7.0 Authentication successful');
				case 'STARTTLS':
					return answer(verb, line, '220 2.0.0 go ahead', said => {
						if (!said.startsWith('220')) return;
						say(`${said}\r\n`);
						socket.removeAllListeners('data');
						const secured = new tls.TLSSocket(socket, {isServer: true, ...tlsIdentity});
						secured.on('error', () => {});
						serve(secured);
						isOver = true;
					});
				case 'MAIL':
					return answer(verb, line, '250 2.1.0 Ok', said => {
						if (!said.startsWith('2')) return;
						from = /<(.*)>/.exec(line)?.[1] ?? '';
						pieces = '';
					});
				case 'RCPT':
					return answer(verb, line, '250 2.1.5 Ok', said => {
						if (said.startsWith('2')) to.push(/<(.*)>/.exec(line)?.[1] ?? '');
					});
				case 'DATA':
					return answer(
						verb,
						line,
						to.length > 0 ? '354 End data with <CR><LF>.<CR><LF>' : '554 5.5.1 no valid recipients',
						said => {
							if (!said.startsWith('354')) return;
							message = '';
							// A dot on its first line ends it, too.
							waiting = `\r\n${waiting}`;
						},
					);
				case 'BDAT':
					chunk = {line, left: Number(line.split(' ')[1]), octets: ''};
					return undefined;
				case 'BURL':
					return takePiece(line, now.fetches?.(line.split(' ')[1]!));
				case 'RSET':
					return answer(verb, line, '250 2.0.0 Ok', () => {
						to = [];
						pieces = '';
					});
				case 'QUIT':
					answer(verb, line, '221 2.0.0 Bye');
					return cut();
				default:
					return answer(verb, line, '500 5.5.2 what?');
			}
		};
		const work = (): void => {
			for (;;) {
				if (isOver) return;
				if (message !== undefined) {
					const end = waiting.indexOf('\r\n.\r\n');
					if (end === -1) {
						// What may be the beginning of the end stays, so that nothing is looked at twice.
						if (!now.keepsNothing) message += waiting.slice(0, -4);
						waiting = waiting.slice(-4);
						return;
					}
					const octets = (message + waiting.slice(0, end + 2)).slice(2).replaceAll(/^\./gm, '');
					waiting = waiting.slice(end + 5);
					message = undefined;
					const envelope = {from, to};
					to = [];
					answer('message', '', '250 2.0.0 Ok: queued as 4F1D2', said => {
						if (said.startsWith('2')) taken.push({...envelope, octets});
					});
					continue;
				}
				if (chunk !== undefined) {
					chunk.octets += waiting.slice(0, chunk.left);
					const rest = waiting.slice(chunk.left);
					chunk.left -= waiting.length - rest.length;
					waiting = rest;
					if (chunk.left > 0) return;
					const {line, octets} = chunk;
					chunk = undefined;
					takePiece(line, octets);
					continue;
				}
				const at = waiting.indexOf('\r\n');
				if (at === -1) return;
				const line = waiting.slice(0, at);
				waiting = waiting.slice(at + 2);
				command(line);
			}
		};
		socket.on('error', () => {});
		socket.on('data', bytes => {
			if (direction === 'down') turns++;
			direction = 'up';
			const most = now.cutAfterHeard ?? Number.POSITIVE_INFINITY;
			const octets = bytes.subarray(0, Math.max(0, most - heardBytes));
			heardBytes += octets.length;
			waiting += octets.toString('latin1');
			work();
			if (heardBytes >= most) cut();
		});
		if (!(socket instanceof tls.TLSSocket) || now.isTls) answer('greeting', '', '220 smtp.example.org ESMTP');
	};

	const listener = net.createServer(raw => {
		raw.setNoDelay(true);
		sockets.add(raw);
		raw.on('error', () => {});
		raw.on('close', () => {
			sockets.delete(raw);
			if (sockets.size === 0) for (const tell of [...gone]) tell();
		});
		serve(server.script.isTls ? new tls.TLSSocket(raw, {isServer: true, ...tlsIdentity}) : raw);
	});
	listener.listen(0, '127.0.0.1');
	await once(listener, 'listening');
	context.after(() => {
		for (const socket of sockets) socket.destroy();
		listener.close();
	});
	const server: SmtpServerOf = {
		port: (listener.address() as net.AddressInfo).port,
		taken,
		heard,
		heardBytes: () => heardBytes,
		saidBytes: () => saidBytes,
		turns: () => turns,
		quiet: () => (sockets.size === 0 ? Promise.resolve() : new Promise(resolve => gone.add(resolve))),
		script,
	};
	return server;
}
