/**
 * One client's connection: reads commands in order, obeys them, tells what others changed, and lets faults happen.
 *
 * Laws: every command gets one tagged reply (faults aside); answers to pipelined commands leave together; text is
 * latin1, one character a byte; nothing a client sends can make this throw out of `serve`.
 */

import {readCommand} from './command-reader.ts';
import {type Command, commandFor} from './commands.ts';
import {decodeName, encodeName} from './mailbox-name.ts';
import type {World} from './server.ts';
import {nstring} from './structure.ts';
import {BadSyntax, Cursor} from './syntax.ts';
import type {Telling, View} from './view.ts';
import type {Wire} from './wire.ts';

/** Ends a command with NO or BAD; `text` may begin with a response code. */
export class Refusal extends Error {
	readonly answer: 'NO' | 'BAD';

	constructor(answer: 'NO' | 'BAD', text: string) {
		super(text);
		this.answer = answer;
	}
}

type State = 'not-authenticated' | 'authenticated' | 'selected' | 'logout';

export class Connection {
	readonly number: number;
	readonly world: World;
	readonly wire: Wire;
	state: State = 'not-authenticated';
	view: View | undefined;
	isAnonymous = false;
	readonly enabled = new Set<string>();
	hasCondstore = false;
	tag = '';
	#wake: () => void = () => {};
	#isWoken = false;
	#heldReply: string | undefined;

	constructor(number: number, world: World, wire: Wire) {
		this.number = number;
		this.world = world;
		this.wire = wire;
		const cut = world.faults.take('cut');
		if (cut !== undefined) wire.cutAfterBytes = cut.afterBytes;
	}

	get hasQresync(): boolean {
		return this.enabled.has('QRESYNC');
	}

	get hasUtf8(): boolean {
		return this.enabled.has('UTF8=ACCEPT');
	}

	/** Announced by this server at all. */
	has(capability: string): boolean {
		return this.world.capabilities.has(capability);
	}

	/** What is announced now, as a list. */
	get capabilityLine(): string {
		const isBefore = this.state === 'not-authenticated';
		const early = /^(IMAP4rev1|SASL-IR|LITERAL[+-]|LOGIN-REFERRALS|ID|ENABLE|IDLE|AUTH=.*|LOGINDISABLED|STARTTLS)$/;
		const late = /^(AUTH=.*|LOGINDISABLED|STARTTLS)$/;
		const all = [...this.world.capabilities].filter(name => (isBefore ? early.test(name) : !late.test(name)));
		return all
			.filter(name => !(this.wire.hasTls && /^(STARTTLS|LOGINDISABLED)$/.test(name)))
			.filter(name => !(this.wire.hasDeflate && name === 'COMPRESS=DEFLATE'))
			.join(' ');
	}

	/** Selected, and writable when that is asked for. */
	selected(forWriting = false): View {
		if (this.view === undefined) throw new Refusal('BAD', 'No mailbox selected.');
		if (forWriting && this.view.isReadOnly) throw new Refusal('NO', '[NOPERM] Mailbox is read-only.');
		return this.view;
	}

	line(text: string): void {
		this.world.record(this.number, 'server', text);
		this.wire.write(`${text}\r\n`);
	}

	readName(text: string): string {
		return this.hasUtf8 ? Buffer.from(text, 'latin1').toString('utf8') : decodeName(text);
	}

	writeName(name: string): string {
		const text = this.hasUtf8 ? Buffer.from(name, 'utf8').toString('latin1') : encodeName(name);
		if (this.hasUtf8) return `"${text.replace(/["\\]/g, '\\$&')}"`;
		return /^[A-Za-z0-9._/&,+-]+$/.test(text) ? text : nstring(text);
	}

	/** One more line from the client inside a command (AUTHENTICATE, IDLE). */
	async ask(prompt: string): Promise<string> {
		this.line(`+ ${prompt}`);
		await this.wire.flush();
		const line = await this.wire.line();
		this.world.record(this.number, 'client', line ?? '');
		return line ?? '';
	}

	/** When something changed in the selected mailbox, or the other promise is there. */
	async wokenOr(other: Promise<unknown>): Promise<void> {
		const woken = this.#isWoken ? undefined : new Promise<void>(resolve => (this.#wake = resolve));
		if (woken) await Promise.race([other, woken]);
		this.#isWoken = false;
	}

	/** Kept until somebody asks: news that comes while other news is being written is news too. */
	wake(): void {
		this.#isWoken = true;
		this.#wake();
	}

	tellNews(withExpunges: boolean): void {
		const telling: Telling = {withExpunges, hasQresync: this.hasQresync, hasCondstore: this.hasCondstore};
		for (const line of this.view?.news(telling) ?? []) this.line(line);
	}

	leaveMailbox(): void {
		this.view?.close();
		this.view = undefined;
		if (this.state === 'selected') this.state = 'authenticated';
	}

	/** The server ends it. */
	async bye(text: string): Promise<void> {
		this.line(`* BYE ${text}`);
		this.state = 'logout';
		await this.wire.end();
	}

	async serve(): Promise<void> {
		try {
			if (this.world.greeting?.startsWith('* PREAUTH')) this.state = 'authenticated';
			this.line(this.world.greeting ?? `* OK [CAPABILITY ${this.capabilityLine}] Bonsai demo server ready.`);
			while (!this.wire.isClosed && this.state !== 'logout') {
				if (!this.wire.hasLine) await this.release();
				const text = await readCommand(this);
				if (text === undefined) break;
				await this.#obey(text);
			}
			await this.wire.end();
		} finally {
			this.leaveMailbox();
		}
	}

	/** A reply held back by a fault goes out at the latest when the client waits. */
	async release(): Promise<void> {
		if (this.#heldReply !== undefined) this.line(this.#heldReply);
		this.#heldReply = undefined;
		await this.wire.flush();
	}

	/** The connection ends here; what was said before this command still arrives. */
	async #cut(): Promise<void> {
		await this.release();
		this.wire.cut();
	}

	async #obey(text: string): Promise<void> {
		const [tag, ...rest] = text.split(' ', 1);
		const body = text.slice((tag ?? '').length + 1);
		if (tag === undefined || !/^[^\x00-\x20(){%*"\\+\x7f]+$/.test(tag) || rest.length > 0) {
			this.line('* BAD Invalid tag.');
			return;
		}
		this.tag = tag;
		const {faults} = this.world;
		const delay = faults.takeFor('delay', body);
		if (delay !== undefined) {
			await this.release();
			await new Promise(resolve => setTimeout(resolve, delay.ms));
		}
		if (faults.takeFor('cut-before', body) !== undefined) return this.#cut();
		if (faults.takeFor('silence', body) !== undefined) return;
		const bye = faults.takeFor('bye', body);
		if (bye !== undefined) return this.bye(bye.text ?? 'Going down.');
		const rebuild = faults.takeFor('rebuild', body);
		if (rebuild !== undefined) this.world.mailboxes.find(rebuild.mailbox)?.rebuild(rebuild.uidValidity);
		const expunge = faults.takeFor('expunge', body);
		const mailbox = expunge && this.world.mailboxes.find(expunge.mailbox);
		if (mailbox?.uidValidity === expunge?.uidValidity) mailbox?.expunge(expunge!.expunged);
		if (this.wire.isClosed || this.state === 'logout') return;
		const refuse = faults.takeFor('refuse', body);
		const lost = faults.takeFor('cut-after', body) ?? faults.takeFor('cut-within', body);
		if (lost !== undefined) {
			await this.release();
			this.wire.cutAfterBytes = this.wire.bytesSent + ('afterBytes' in lost ? lost.afterBytes : 0);
		}
		const reply = refuse === undefined ? await this.#run(body) : `${refuse.answer} ${refuse.text}`;
		if (lost !== undefined) return this.#cut();
		if (reply === '') return;
		await this.#reply(`${tag} ${reply}`, faults.takeFor('reorder', body) !== undefined);
	}

	async #reply(text: string, isHeld: boolean): Promise<void> {
		const before = this.#heldReply;
		this.#heldReply = undefined;
		if (isHeld && this.wire.hasLine) this.#heldReply = text;
		else this.line(text);
		if (before !== undefined) this.line(before);
	}

	/** The reply without its tag; empty when the command wrote its own. */
	async #run(body: string): Promise<string> {
		const cursor = new Cursor(body);
		let command: Command | undefined;
		try {
			const name = readCommandName(cursor);
			command = commandFor(name);
			if (command === undefined) throw new Refusal('BAD', `Unknown command ${name}.`);
			if (command.needs !== undefined && !command.needs.some(needed => this.has(needed))) {
				throw new Refusal('BAD', `Unknown command ${name}.`);
			}
			this.#checkState(command);
			const reply = (await command.run(this, cursor)) ?? `OK ${name} completed.`;
			if (this.view !== undefined) this.tellNews(command.keepsSequence !== true);
			return reply;
		} catch (error) {
			if (error instanceof Refusal) {
				if (this.view !== undefined) this.tellNews(command?.keepsSequence !== true);
				return `${error.answer} ${error.message}`;
			}
			if (error instanceof BadSyntax) return `BAD ${error.message}.`;
			return `NO [SERVERBUG] ${error instanceof Error ? error.message.replace(/[\r\n]/g, ' ') : 'Internal error'}`;
		}
	}

	#checkState(command: Command): void {
		const isIn = this.state !== 'not-authenticated';
		if (command.state === 'not-authenticated' && isIn) throw new Refusal('BAD', 'Already authenticated.');
		if (command.state === 'authenticated' && !isIn) throw new Refusal('BAD', 'Please log in first.');
		if (command.state === 'selected' && this.view === undefined) {
			throw new Refusal('BAD', isIn ? 'No mailbox selected.' : 'Please log in first.');
		}
		if (command.writes === true && this.isAnonymous) throw new Refusal('NO', '[NOPERM] Anonymous users may only read.');
	}
}

const readCommandName = (cursor: Cursor): string => {
	const name = cursor.word();
	return name === 'UID' && cursor.take(' ') ? `UID ${cursor.word()}` : name;
};
