/**
 * A client that only knows bytes: says lines, and shows what the server answers. Body literals stay in the lines they
 * belong to, so an answer is a list of whole response lines.
 */
import {once} from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import zlib from 'node:zlib';

export class Dialogue {
	#socket: net.Socket;
	#deflate: zlib.DeflateRaw | undefined;
	#received = '';
	#tags = 0;
	#onChange: () => void = () => {};
	isEnded = false;
	bytesReceived = 0;

	private constructor(socket: net.Socket) {
		this.#socket = socket;
		this.#listen(socket);
	}

	static async open(port: number, options: {tls?: boolean} = {}): Promise<Dialogue> {
		const socket = options.tls
			? tls.connect({port, host: '127.0.0.1', rejectUnauthorized: false})
			: net.connect(port, '127.0.0.1');
		const dialogue = new Dialogue(socket);
		await once(socket, options.tls ? 'secureConnect' : 'connect');
		return dialogue;
	}

	/** Connected, greeted, and logged in. */
	static async loggedIn(port: number, user = 'demo', password = 'demo'): Promise<Dialogue> {
		const dialogue = await Dialogue.open(port);
		await dialogue.line();
		await dialogue.ok(`LOGIN ${user} ${password}`);
		return dialogue;
	}

	#listen(stream: NodeJS.ReadableStream): void {
		stream.on('data', (chunk: Buffer) => {
			this.bytesReceived += chunk.length;
			this.#received += chunk.toString('latin1');
			this.#onChange();
		});
		const ended = () => {
			this.isEnded = true;
			this.#onChange();
		};
		stream.on('end', ended);
		stream.on('close', ended);
		stream.on('error', ended);
	}

	say(text: string): void {
		const bytes = Buffer.from(text, 'latin1');
		if (this.#deflate === undefined) this.#socket.write(bytes);
		else {
			this.#deflate.write(bytes);
			this.#deflate.flush(zlib.constants.Z_SYNC_FLUSH);
		}
	}

	/** What is here and not yet taken. */
	get waiting(): string {
		return this.#received;
	}

	/** The next response line, its literals in place; throws when the connection ends first. */
	async line(): Promise<string> {
		for (;;) {
			const end = lineEnd(this.#received);
			if (end > 0) {
				const line = this.#received.slice(0, end - 2);
				this.#received = this.#received.slice(end);
				return line;
			}
			if (this.isEnded) throw new Error(`The connection ended after ${JSON.stringify(this.#received)}`);
			await new Promise<void>(resolve => {
				this.#onChange = resolve;
			});
		}
	}

	async ended(): Promise<void> {
		while (!this.isEnded) {
			await new Promise<void>(resolve => {
				this.#onChange = resolve;
			});
		}
	}

	/** Lines up to and with the one that matches. */
	async until(pattern: RegExp): Promise<string[]> {
		const lines: string[] = [];
		do lines.push(await this.line());
		while (!pattern.test(lines.at(-1)!));
		return lines;
	}

	/** Sends a command, gives its lines; the last is the tagged one, without its tag. */
	async ask(command: string): Promise<string[]> {
		const tag = `t${++this.#tags}`;
		this.say(`${tag} ${command}\r\n`);
		const lines = await this.until(new RegExp(`^${tag} `));
		return [...lines.slice(0, -1), lines.at(-1)!.slice(tag.length + 1)];
	}

	/** As `ask`, but the answer must be OK; gives the untagged lines and then the tagged one. */
	async ok(command: string): Promise<string[]> {
		const lines = await this.ask(command);
		if (!lines.at(-1)!.startsWith('OK')) throw new Error(`${command} was answered ${lines.at(-1)}`);
		return lines;
	}

	startTls(): Promise<void> {
		const plain = this.#socket;
		plain.removeAllListeners('data');
		const secure = tls.connect({socket: plain, rejectUnauthorized: false});
		this.#socket = secure;
		this.#listen(secure);
		return once(secure, 'secureConnect').then(() => {});
	}

	startDeflate(): void {
		this.#socket.removeAllListeners('data');
		const inflate = zlib.createInflateRaw();
		const deflate = zlib.createDeflateRaw();
		this.#socket.on('data', chunk => {
			this.bytesReceived += chunk.length;
			inflate.write(chunk);
		});
		inflate.on('data', (chunk: Buffer) => {
			this.#received += chunk.toString('latin1');
			this.#onChange();
		});
		deflate.on('data', chunk => this.#socket.write(chunk));
		this.#deflate = deflate;
	}

	/** Nothing more will be said; answers are still heard. */
	finish(): void {
		this.#socket.end();
	}

	close(): void {
		this.#socket.destroy();
	}
}

/** After the first whole response line; 0 when it is not all here yet. */
const lineEnd = (text: string): number => {
	let from = 0;
	for (;;) {
		const end = text.indexOf('\r\n', from);
		if (end < 0) return 0;
		const literal = /\{(\d+)\}$/.exec(text.slice(Math.max(from, end - 20), end));
		if (literal === null) return end + 2;
		from = end + 2 + Number(literal[1]);
		if (from > text.length) return 0;
	}
};

export type Token = string | null | Token[];

/** A response line as nested lists; strings and atoms are strings, NIL is null. `BODY[…]<0>` is one atom. */
export const tokens = (line: string): Token[] => {
	let at = 0;
	const many = (): Token[] => {
		const found: Token[] = [];
		while (at < line.length && line[at] !== ')') {
			if (line[at] === ' ') at++;
			else found.push(one());
		}
		at++;
		return found;
	};
	const one = (): Token => {
		if (line[at] === '(') {
			at++;
			return many();
		}
		if (line[at] === '"') {
			let text = '';
			for (at++; line[at] !== '"'; at++) text += line[at] === '\\' ? line[++at] : line[at];
			at++;
			return text;
		}
		const literal = /^~?\{(\d+)\}\r\n/.exec(line.slice(at, at + 24));
		if (literal !== null) {
			at += literal[0].length + Number(literal[1]);
			return line.slice(at - Number(literal[1]), at);
		}
		const atom = /^[^ ()[]*(?:\[[^\]]*\])?[^ ()[]*/.exec(line.slice(at))![0];
		at += Math.max(1, atom.length);
		return atom.toUpperCase() === 'NIL' ? null : atom;
	};
	return many();
};

/** The items of one FETCH row by name. */
export const row = (line: string): Map<string, Token> => {
	const list = tokens(line)[3] as Token[];
	const items = new Map<string, Token>();
	for (let i = 0; i + 1 < list.length; i += 2) items.set(list[i] as string, list[i + 1]!);
	return items;
};
