/**
 * The submission server of the demo (RFC 6409), with PIPELINING, CHUNKING and BURL. It hands nothing on: what is written
 * to the user's own addresses is put into INBOX, and all else ends here.
 *
 * Laws: it listens on loopback only, and dials nobody; who has not logged in sends nothing.
 */
import {once} from 'node:events';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import type {DemoServer} from './server.ts';
import {Wire} from './wire.ts';

type SubmissionOptions = {
	/** Where the mailboxes are, of which parts may be fetched. */
	readonly server: Pick<DemoServer, 'append' | 'fetchedBy'>;
	readonly user: string;
	readonly password: string;
	/** Of the user. */
	readonly address: string;
	/** Ms since the epoch. */
	readonly clock: () => number;
};

export type DemoSubmission = {
	readonly port: number;
	readonly close: () => Promise<void>;
};

const longestBytes = 100_000_000;
const offers = [
	'aurelia.example',
	'PIPELINING',
	`SIZE ${longestBytes}`,
	'8BITMIME',
	'SMTPUTF8',
	'AUTH PLAIN LOGIN',
	'CHUNKING',
	'BURL imap imap://localhost',
	'ENHANCEDSTATUSCODES',
];
const tooLarge = '552 5.3.4 the message is too large';

export async function startDemoSubmission(options: SubmissionOptions): Promise<DemoSubmission> {
	const open = new Set<Wire>();
	const serve = async (socket: Socket): Promise<void> => {
		const wire = new Wire(socket, async () => {});
		open.add(wire);
		socket.on('close', () => open.delete(wire));
		await new Dialogue(wire, options).hold();
	};
	const listener = createServer(socket => void serve(socket));
	listener.listen(0, '127.0.0.1');
	await once(listener, 'listening');
	return {
		port: (listener.address() as AddressInfo).port,
		async close() {
			const closed = once(listener, 'close');
			listener.close();
			for (const wire of open) wire.destroy();
			await closed;
		},
	};
}

class Dialogue {
	readonly #wire: Wire;
	readonly #options: SubmissionOptions;
	#hasLoggedIn = false;
	#from: string | undefined;
	#to: string[] = [];
	/** Of a message that comes in pieces; undefined: one of them was not taken. */
	#pieces: Buffer[] | undefined = [];

	constructor(wire: Wire, options: SubmissionOptions) {
		this.#wire = wire;
		this.#options = options;
	}

	/** Until the client leaves. */
	async hold(): Promise<void> {
		this.#say('220 aurelia.example ESMTP, the demo');
		for (;;) {
			// What was asked in one packet is answered in one.
			if (!this.#wire.hasLine) await this.#wire.flush();
			const line = await this.#wire.line();
			if (line === undefined) return;
			const answer = await this.#obey(line);
			if (answer !== '') this.#say(answer);
			if (/^QUIT$/i.test(line)) return this.#wire.end();
		}
	}

	#say(line: string): void {
		this.#wire.write(`${line}\r\n`);
	}

	async #ask(line: string): Promise<string | undefined> {
		this.#say(line);
		await this.#wire.flush();
		return this.#wire.line();
	}

	async #obey(line: string): Promise<string> {
		const [, verb = '', rest = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
		switch (verb.toUpperCase()) {
			case 'EHLO':
				this.#begin(undefined);
				return offers.map((each, index) => `250${index < offers.length - 1 ? '-' : ' '}${each}`).join('\r\n');
			case 'HELO':
				return '250 aurelia.example';
			case 'AUTH':
				return this.#logIn(rest);
			case 'NOOP':
				return '250 2.0.0 OK';
			case 'RSET':
				this.#begin(undefined);
				return '250 2.0.0 OK';
			case 'QUIT':
				return '221 2.0.0 Bye';
			case 'MAIL':
				if (!this.#hasLoggedIn) return '530 5.7.0 Authentication required';
				if (Number(/\bSIZE=(\d+)/i.exec(rest)?.[1] ?? 0) > longestBytes) return tooLarge;
				this.#begin(/^FROM:<(.*?)>/i.exec(rest)?.[1]);
				return this.#from === undefined ? '501 5.5.4 MAIL FROM:<address>' : '250 2.1.0 OK';
			case 'RCPT': {
				const to = /^TO:<(.+?)>/i.exec(rest)?.[1];
				if (this.#from === undefined) return '503 5.5.1 MAIL first';
				if (to === undefined) return '501 5.5.4 RCPT TO:<address>';
				this.#to.push(to);
				return '250 2.1.5 OK';
			}
			case 'DATA':
				return this.#to.length === 0 ? '503 5.5.1 RCPT first' : this.#takeAll();
			case 'BDAT':
				return this.#takePiece(rest);
			case 'BURL':
				return this.#fetchPiece(rest);
			default:
				return '500 5.5.2 no such command';
		}
	}

	#begin(from: string | undefined): void {
		this.#from = from;
		this.#to = [];
		this.#pieces = [];
	}

	async #logIn(words: string): Promise<string> {
		const [mechanism = '', first] = words.split(' ');
		const asked = async (challenge: string): Promise<string> => {
			const answer = await this.#ask(`334 ${Buffer.from(challenge).toString('base64')}`);
			return Buffer.from(answer ?? '', 'base64').toString();
		};
		const {user, password} = this.#options;
		let [name, secret]: (string | undefined)[] = [];
		if (/^PLAIN$/i.test(mechanism))
			[, name, secret] = (first === undefined ? await asked('') : Buffer.from(first, 'base64').toString()).split('\0');
		else if (/^LOGIN$/i.test(mechanism)) [name, secret] = [await asked('Username:'), await asked('Password:')];
		else return '504 5.5.4 no such mechanism';
		this.#hasLoggedIn = name === user && secret === password;
		return this.#hasLoggedIn ? '235 2.7.0 Logged in' : '535 5.7.8 Authentication failed';
	}

	/** RFC 5321 §4.1.1.4: until a dot that is alone on its line. */
	async #takeAll(): Promise<string> {
		let line = await this.#ask('354 the message, and a dot alone on its last line');
		const lines: string[] = [];
		let bytes = 0;
		for (; line !== '.'; line = await this.#wire.line()) {
			if (line === undefined) return '';
			bytes += line.length + 2;
			if (bytes <= longestBytes) lines.push(line.replace(/^\./, ''));
		}
		if (bytes > longestBytes) return tooLarge;
		return this.#deliver(Buffer.from(lines.map(each => `${each}\r\n`).join(''), 'latin1'));
	}

	/** RFC 3030 §2. Its octets come, whatever is said to it: nobody waits for more than SIZE allows. */
	async #takePiece(words: string): Promise<string> {
		const [, size = '', isLast] = /^(\d+)( LAST)?$/i.exec(words) ?? [];
		if (size === '') return '501 5.5.4 BDAT size';
		if (Number(size) > longestBytes) this.#wire.destroy();
		const octets = await this.#wire.exactly(Number(size));
		return octets === undefined ? '' : this.#add(octets, isLast !== undefined);
	}

	/** RFC 4468 §3.2. */
	#fetchPiece(words: string): string {
		const [url = '', isLast] = words.split(' ');
		const octets = this.#options.server.fetchedBy(this.#options.user, url);
		if (octets === undefined) return this.#spoil('554 5.6.6 IMAP URL resolution failed');
		return this.#add(octets, /^LAST$/i.test(isLast ?? ''));
	}

	#add(octets: Buffer, isLast: boolean): string {
		if (this.#to.length === 0) return '503 5.5.1 RCPT first';
		if (this.#pieces === undefined) return '503 5.5.1 a piece of it was not taken';
		this.#pieces.push(octets);
		const bytes = this.#pieces.reduce((sum, {length}) => sum + length, 0);
		if (bytes > longestBytes) return this.#spoil(tooLarge);
		return isLast ? this.#deliver(Buffer.concat(this.#pieces)) : '250 2.0.0 more';
	}

	#spoil(answer: string): string {
		this.#pieces = undefined;
		return answer;
	}

	#deliver(octets: Buffer): string {
		const {server, address, clock} = this.#options;
		const isOwn = this.#to.some(to => to.toLowerCase() === address.toLowerCase());
		if (isOwn) server.append('INBOX', octets, [], clock());
		this.#begin(undefined);
		return `250 2.0.0 OK: ${isOwn ? 'in INBOX' : 'it ends here, in the demo'}`;
	}
}
