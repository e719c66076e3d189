/**
 * What stands between the clients and a real server, and breaks what a line can break: it ends before a command, in the
 * middle of its answer, or when all was done and nothing of it was heard.
 *
 * A line that has ended is over when the server has let go of it too: until then no new one begins, or what the server
 * still had in hand would be done after the client has come back and looked. (No client can help that.)
 */
import {once} from 'node:events';
import net from 'node:net';

type OnCommand = {readonly command: RegExp};
export type LineFault = OnCommand &
	(
		| {readonly kind: 'cut-before'}
		/** Obeyed, and nothing of the answer is heard. */
		| {readonly kind: 'cut-after'}
		/** Obeyed; so many bytes are heard of what follows, and never its tagged answer. */
		| {readonly kind: 'cut-within'; readonly afterBytes: number}
		/** Obeyed, and it is not said which UIDs there are now. */
		| {readonly kind: 'no-new-uids'}
		| {readonly kind: 'refuse'; readonly text: string}
		| {readonly kind: 'bye'}
		/** Something else happens first. */
		| {readonly kind: 'before'; readonly act: () => Promise<void>}
	);

const tagged = /^(\w+) ((?:UID )?(\w+).*)$/;

export class CuttingProxy {
	readonly #server = net.createServer(client => void this.#join(client));
	readonly #port: number;
	readonly #lines = new Set<Line>();
	/** Lines of which the server has not let go. */
	readonly #ending = new Set<Promise<void>>();
	#faults: LineFault[] = [];
	#said = 0;
	/** Until then nothing is passed on. */
	#held: Promise<void> | undefined;
	transcript = '';

	private constructor(port: number) {
		this.#port = port;
	}

	/** Its lines lead to that port on loopback. */
	static async to(port: number): Promise<CuttingProxy> {
		const proxy = new CuttingProxy(port);
		await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
		return proxy;
	}

	get port(): number {
		return (this.#server.address() as net.AddressInfo).port;
	}

	/** Once, with the next command it is for. */
	add(fault: LineFault): void {
		this.#faults.push(fault);
	}

	clear(): void {
		this.#faults = [];
	}

	cut(): void {
		for (const line of this.#lines) line.cut();
	}

	/** Nothing is passed on while that goes on. */
	async while(act: () => Promise<void>): Promise<void> {
		const acting = act();
		this.#held = acting;
		try {
			await acting;
		} finally {
			this.#held = undefined;
		}
	}

	/** Nothing that a client has left behind is still under way. */
	async quiet(): Promise<void> {
		// What the clients have written or closed is heard within a turn of the event loop.
		for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
		while (this.#ending.size > 0) await Promise.all(this.#ending);
	}

	async close(): Promise<void> {
		this.cut();
		this.#server.close();
		await this.quiet();
	}

	async #join(client: net.Socket): Promise<void> {
		const number = ++this.#said;
		const line = new Line(client, {
			take: command => {
				const at = this.#faults.findIndex(each => each.command.test(command));
				return at < 0 ? undefined : this.#faults.splice(at, 1)[0];
			},
			mayPass: async () => {
				while (this.#held !== undefined) await this.#held;
			},
			record: (by, text) => {
				if (process.env.BONSAI_FUZZ_TRACE) this.transcript += `\n${number} ${by} ${text.slice(0, 300).trimEnd()}`;
			},
		});
		this.#lines.add(line);
		await this.quiet();
		while (this.#held !== undefined) await this.#held;
		const over = line.lead(this.#port).then(() => {
			this.#lines.delete(line);
			this.#ending.delete(over);
		});
		line.onCut(() => this.#ending.add(over));
	}
}

type Around = {
	readonly take: (command: string) => LineFault | undefined;
	readonly mayPass: () => Promise<void>;
	readonly record: (by: '>' | '<', text: string) => void;
};

type Answering = {readonly fault: LineFault; readonly tag: string; answer: string; passed: number};

class Line {
	readonly #client: net.Socket;
	readonly #around: Around;
	#server: net.Socket | undefined;
	/** Heard of the client and not passed on. */
	#asked = '';
	#isPassing = false;
	#isCut = false;
	#cut = (): void => {};
	/** What is to be done to the answer of the command of that tag, and how much of it was heard. */
	#answering: Answering | undefined;

	constructor(client: net.Socket, around: Around) {
		this.#client = client;
		this.#around = around;
		client.setNoDelay(true);
		client.on('data', bytes => {
			this.#asked += bytes.toString('latin1');
			void this.#pass();
		});
		client.on('error', () => {});
		for (const event of ['end', 'close']) client.on(event, () => this.cut());
	}

	/** Until the server has let go. */
	async lead(port: number): Promise<void> {
		if (this.#isCut) return;
		const server = net.connect(port, '127.0.0.1');
		this.#server = server;
		server.setNoDelay(true);
		server.on('data', bytes => this.#answer(bytes.toString('latin1')));
		server.on('error', () => {});
		const over = new Promise<void>(resolve => server.once('close', () => resolve()));
		void this.#pass();
		await over;
		this.cut();
	}

	onCut(told: () => void): void {
		this.#cut = told;
		if (this.#isCut && this.#server !== undefined) told();
	}

	cut(): void {
		if (this.#isCut) return;
		this.#isCut = true;
		this.#client.destroy();
		if (this.#server === undefined || this.#server.destroyed) return;
		this.#cut();
		this.#server.end();
	}

	async #pass(): Promise<void> {
		if (this.#isPassing || this.#server === undefined) return;
		this.#isPassing = true;
		for (;;) {
			const end = this.#asked.indexOf('\r\n');
			if (end < 0 || this.#isCut) break;
			const text = this.#asked.slice(0, end + 2);
			this.#asked = this.#asked.slice(end + 2);
			this.#around.record('>', text);
			await this.#around.mayPass();
			if (!(await this.#isHeldUp(text)) && !this.#isCut) this.#server.write(text, 'latin1');
		}
		this.#isPassing = false;
	}

	/** Whether the server is not to hear that. */
	async #isHeldUp(text: string): Promise<boolean> {
		const [, tag = '', command] = tagged.exec(text.trimEnd()) ?? [];
		if (command === undefined || this.#answering !== undefined) return false;
		const fault = this.#around.take(command);
		if (fault === undefined) return false;
		this.#around.record('>', `(${fault.kind})`);
		if (fault.kind === 'before') await fault.act();
		else if (fault.kind === 'cut-before') this.cut();
		else if (fault.kind === 'refuse') this.#client.write(`${tag} NO ${fault.text}\r\n`);
		else if (fault.kind === 'bye') {
			this.#client.write('* BYE Later\r\n');
			this.cut();
		} else this.#answering = {fault, tag, answer: '', passed: 0};
		return this.#isCut || fault.kind === 'refuse';
	}

	#answer(text: string): void {
		this.#around.record('<', text);
		if (this.#isCut) return;
		if (this.#answering === undefined) this.#client.write(text, 'latin1');
		else this.#answerWrongly(this.#answering, text);
	}

	#answerWrongly(answering: Answering, text: string): void {
		const {fault, tag} = answering;
		answering.answer += text;
		const end = answering.answer.search(new RegExp(`^${tag} `, 'm'));
		const isWhole = end >= 0 && answering.answer.includes('\r\n', end);
		if (fault.kind === 'no-new-uids') {
			if (!isWhole) return;
			this.#client.write(answering.answer.replaceAll(/\[COPYUID [^\]]*\] /g, ''), 'latin1');
			this.#answering = undefined;
			return;
		}
		const most = fault.kind === 'cut-within' ? fault.afterBytes : 0;
		const until = Math.min(most, end < 0 ? answering.answer.length : end);
		if (until > answering.passed) this.#client.write(answering.answer.slice(answering.passed, until), 'latin1');
		answering.passed = Math.max(until, answering.passed);
		if (end >= 0 || (fault.kind === 'cut-within' && answering.passed >= most)) this.cut();
	}
}
