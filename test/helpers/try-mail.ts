/**
 * Every message of a pile, as a person would meet it: put into a real Dovecot, listed, opened, read to its end, every
 * part fetched and saved by the real session, and what was saved compared with what Python decodes.
 *
 * What is wrong is reported, not thrown: the report is asserted by test/session/real-mail.test.ts and printed by
 * bench/corpus.ts.
 */
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {inbox} from '../../source/model/ids.ts';
import type {Message} from '../../source/model/message.ts';
import {isMultipart, type Part, walk} from '../../source/model/part.ts';
import {dialImap} from '../../source/remote/imap.ts';
import {type AccountSession, createSession} from '../../source/session/account-session.ts';
import type {OpenMessage} from '../../source/session/session.ts';
import {startDovecot} from './dovecot.ts';
import {otherClient} from './other-client.ts';
import {structureDifference} from './own-structure.ts';
import {plainAccount} from './plain-account.ts';
import {until} from './waiting.ts';

export type Letter = {readonly name: string; readonly octets: Buffer};

export type Opened = {
	readonly name: string;
	readonly uid: number;
	/** What it shows: text of its own, a sentence instead, or neither, which is a fault. */
	readonly shows: 'text' | 'sentence' | 'nothing';
	readonly sentence: string;
	readonly parts: number;
	/** CPU ms of this process until its text stands on the screen; and of its dearest step besides. */
	readonly openMs: number;
	readonly restMs: number;
	readonly dearest: string;
	/** Steps that did not end. */
	readonly hung: readonly string[];
	/** The server's leaves and ours, where they differ. */
	readonly structure: {readonly server: string; readonly own: string} | undefined;
	readonly isUndescribed: boolean;
};

type Difference = {
	readonly uid: number;
	readonly part: string;
	readonly type: string;
	readonly encoding: string;
	readonly octets: number;
	readonly python: number;
	readonly ours: number | null;
	/** Why Python's answer is not the right one; '' when we have no excuse. */
	readonly reason: string;
};

export type Report = {
	readonly refused: readonly {readonly name: string; readonly words: string}[];
	readonly opened: readonly Opened[];
	readonly unlisted: readonly string[];
	readonly parts: number;
	readonly equal: number;
	readonly differences: readonly (Difference & {readonly name: string})[];
	readonly notSaved: readonly string[];
};

const python = fileURLToPath(new URL('parts-by-python.py', import.meta.url));
/** Of a message of thousands of parts only the first are fetched and saved; all are listed. */
const mostParts = {isThousands: 1000, saved: 50};
/** Windows of a long text that are asked for. */
const mostMore = 6;
const hungAfterMs = 20_000;
const user = 'reader';

export async function tryMail(letters: readonly Letter[]): Promise<Report> {
	const dovecot = await startDovecot();
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-parts-'));
	try {
		const {port, password} = dovecot;
		const {names, refused} = await putAll(port, password, letters);
		const session = createSession({
			account: plainAccount(port, {user}),
			secret: async () => password,
			dial: dialImap,
			remembered: {get: () => undefined, set: () => {}},
			// Dovecot hangs up over what it cannot decode.
			patience: {silenceMs: 20_000, retryMs: 5},
		});
		const {opened, unlisted, notSaved} = await readAll(session, names, letters, folder);
		await session.close();
		const {stdout} = await promisify(execFile)('python3', [python, String(port), user, password, 'INBOX', folder], {
			maxBuffer: 1 << 28,
		});
		const {parts, equal, differences} = JSON.parse(stdout) as {
			parts: number;
			equal: number;
			differences: Difference[];
		};
		const named = differences.map(each => ({...each, name: names.get(each.uid) ?? ''}));
		return {refused, opened, unlisted, parts, equal, differences: named, notSaved};
	} finally {
		await dovecot.stop();
		fs.rmSync(folder, {recursive: true, force: true});
	}
}

/** By raw APPEND, so that the octets are those of the file. */
async function putAll(port: number, password: string, letters: readonly Letter[]) {
	const names = new Map<number, string>();
	const refused: {name: string; words: string}[] = [];
	let other = await otherClient(port, user, password);
	for (const {name, octets} of letters) {
		try {
			const said = await other.append('INBOX', octets);
			names.set(Number(/APPENDUID \d+ (\d+)/.exec(said)?.[1]), name);
		} catch (error) {
			refused.push({name, words: (error as Error).message.trim().slice(0, 300)});
			other.close();
			other = await otherClient(port, user, password);
		}
	}
	other.close();
	return {names, refused};
}

async function readAll(
	session: AccountSession,
	names: ReadonlyMap<number, string>,
	letters: readonly Letter[],
	folder: string,
) {
	const mailbox = session.mailbox(inbox);
	mailbox.ensureNewest(20);
	await until(mailbox.state, ({state}) => state !== 'opening');
	const {count = 0} = mailbox.state.get();
	const opened: Opened[] = [];
	const unlisted: string[] = [];
	const notSaved: string[] = [];
	const octetsOf = new Map(letters.map(({name, octets}) => [name, octets]));
	const listed = new Set<number>();
	for (let position = 1; position <= count; position++) {
		if (mailbox.row(position) === undefined) {
			mailbox.ensureRows(position, Math.min(count, position + 99));
			await session.settled();
		}
		const row = mailbox.row(position);
		const name = row && names.get(row.uid);
		if (row === undefined || name === undefined) continue;
		listed.add(row.uid);
		const reading = new Reading(session, row, name, folder);
		opened.push(await reading.all(octetsOf.get(name)!));
		notSaved.push(...reading.notSaved);
	}
	for (const [uid, name] of names) if (!listed.has(uid)) unlisted.push(name);
	return {opened, unlisted, notSaved};
}

/** One message, step by step, each with what it cost. */
class Reading {
	readonly notSaved: string[] = [];
	readonly #session: AccountSession;
	readonly #row: Message;
	readonly #name: string;
	readonly #folder: string;
	readonly #hung: string[] = [];
	#openMs = 0;
	#restMs = 0;
	#dearest = '';

	constructor(session: AccountSession, row: Message, name: string, folder: string) {
		this.#session = session;
		this.#row = row;
		this.#name = name;
		this.#folder = folder;
	}

	async all(octets: Buffer): Promise<Opened> {
		const message = this.#session.message(this.#row.id);
		await this.#step('open', () => this.#open(message));
		await this.#step('all headers', async () => {
			message.ensureAllHeaders();
			await this.#session.settled();
		});
		const [shows, sentence] = shown(message);
		if (message.content.get().text.hasAlternative) {
			await this.#step('HTML', () => {
				message.chooseHtml(true);
				return this.#open(message);
			});
		}
		// A person who wants all of a long one fetches the part, as below.
		for (let times = 0; times < mostMore && this.#hung.length === 0; times++) {
			const {state, text} = message.content.get();
			if (text.isWhole || state !== 'known') break;
			await this.#step('more text', () => {
				message.ensureMoreText();
				return this.#open(message);
			});
			if (message.content.get().text.heldBytes === text.heldBytes) break;
		}
		const {structure} = message.content.get();
		const leaves = structure ? [...walk(structure)].filter(part => !isMultipart(part)) : [];
		await this.#parts(message, leaves);
		message.leave();
		return {
			name: this.#name,
			uid: this.#row.uid,
			shows,
			sentence,
			parts: leaves.length,
			openMs: this.#openMs,
			restMs: this.#restMs,
			dearest: this.#dearest,
			hung: this.#hung,
			structure: structure && (await structureDifference(structure, octets)),
			isUndescribed: structure === undefined,
		};
	}

	async #open(message: OpenMessage): Promise<void> {
		message.ensureContent();
		await until(message.content, ({state, text}) => {
			if (state === 'gone' || state === 'failed') return true;
			if (state !== 'known' || text.isAsking) return false;
			return text.kind === 'none' || text.heldBytes === 0 || message.lines(80).length > 0;
		});
		await this.#session.settled();
		message.lines(80);
		message.lines(40);
	}

	async #parts(message: OpenMessage, leaves: readonly Part[]): Promise<void> {
		const some = leaves.length >= mostParts.isThousands ? leaves.slice(0, mostParts.saved) : leaves;
		if (some.length === 0) return;
		const folder = path.join(this.#folder, String(this.#row.uid));
		fs.mkdirSync(folder);
		if (some.length < leaves.length) fs.writeFileSync(path.join(folder, 'limit'), String(some.length));
		const texts = some.filter(({type}) => type === 'text').map(({number}) => number);
		if (texts.length > 0) {
			await this.#step('parts', async () => {
				message.choose(texts);
				await this.#transferred();
				for (const number of texts) message.partLines(number, 80);
			});
		}
		await this.#step('save', async () => {
			for (const {number} of some) message.save(number, path.join(folder, number));
			await this.#transferred();
		});
		for (const {number} of some) {
			if (!fs.existsSync(path.join(folder, number))) this.notSaved.push(`${this.#name} ${number}`);
		}
	}

	/** All transfers came to an end, and are forgotten. */
	async #transferred(): Promise<void> {
		const {transfers} = this.#session;
		await until(transfers, all => all.every(({state}) => state === 'done' || state === 'failed'));
		for (const {id, state, because} of transfers.get()) {
			if (state === 'failed') this.notSaved.push(`${this.#name}: ${because}`);
			this.#session.cancel(id);
		}
	}

	async #step(what: string, run: () => Promise<void>): Promise<void> {
		if (this.#hung.length > 0) return;
		const before = process.cpuUsage();
		let watch: NodeJS.Timeout | undefined;
		const patience = new Promise<'hung'>(resolve => {
			watch = setTimeout(resolve, hungAfterMs, 'hung');
		});
		if ((await Promise.race([run(), patience])) === 'hung') this.#hung.push(what);
		clearTimeout(watch);
		const {user: own, system} = process.cpuUsage(before);
		const ms = (own + system) / 1000;
		if (what === 'open') this.#openMs = ms;
		else if (ms > this.#restMs) {
			this.#restMs = ms;
			this.#dearest = what;
		}
	}
}

function shown(message: OpenMessage): ['text' | 'sentence' | 'nothing', string] {
	const {because, text} = message.content.get();
	const sentence = because || text.remark;
	const isReadable = message.lines(80).some(line => line.text.trim() !== '');
	return [isReadable ? 'text' : sentence === '' ? 'nothing' : 'sentence', sentence];
}
