/**
 * A maildrop with messages that are known by their numbers, and what has become of each: on the server, in local mail, or
 * taken by another client before it came here. The oracle of draining.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type {Random} from '../../../source/demo/random.ts';
import {type DemoServer, MailboxState, startDemoServer} from '../../../source/demo/server.ts';
import {keptIn} from '../../helpers/draining.ts';

const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN'];
const kinds: readonly (readonly string[] | undefined)[] = [
	undefined,
	[...bare, 'UIDPLUS'],
	[...bare, 'UIDPLUS', 'ESEARCH', 'CONDSTORE', 'ENABLE', 'LIST-STATUS', 'LIST-EXTENDED'],
	bare,
];

type Sent = {readonly text: string; readonly date: number; readonly isSeen: boolean};

export class Maildrop {
	readonly server: DemoServer;
	readonly hasUidplus: boolean;
	readonly #chance: Random;
	readonly #sent = new Map<number, Sent>();
	/** By UIDVALIDITY and UID, as in the name of a file. */
	readonly #numbers = new Map<string, number>();
	#uidValidity = 7;
	/** Another client took it while it was on the server only. */
	readonly #taken = new Set<number>();

	static async start(chance: Random, seed: number, count: number): Promise<Maildrop> {
		const capabilities = kinds[seed % kinds.length];
		const server = await startDemoServer({
			isRecording: true,
			mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
			...(capabilities ? {capabilities} : {}),
		});
		const drop = new Maildrop(server, chance, capabilities?.includes('UIDPLUS') !== false);
		for (let number = 1; number <= count; number++) drop.append();
		return drop;
	}

	constructor(server: DemoServer, chance: Random, hasUidplus: boolean) {
		this.server = server;
		this.#chance = chance;
		this.hasUidplus = hasUidplus;
	}

	append(): void {
		const number = this.#sent.size + 1;
		const isLong = this.#chance.below(60) === 0;
		const lines = isLong ? 400 + this.#chance.below(2000) : this.#chance.below(30);
		// Some have a bare CR, some no Message-ID, some the same one.
		const odd = this.#chance.below(10) === 0 ? 'odd\r\r\n' : '';
		const id = ['', '<same@example.org>'][this.#chance.below(20)] ?? `<${number}@example.org>`;
		const body = Array.from({length: lines}, (_, at) => `${number} ${at} ${'text '.repeat(this.#chance.below(9))}`);
		const text = [`Subject: ${number}`, ...(id ? [`Message-ID: ${id}`] : []), '', ...body, odd].join('\r\n');
		const date = Date.UTC(2026, 0, 1) + number * 1000;
		const isSeen = this.#chance.below(3) === 0;
		this.#sent.set(number, {text, date, isSeen});
		const uid = this.server.append('INBOX', text, isSeen ? ['\\Seen'] : [], date);
		this.#numbers.set(`${this.#uidValidity} ${uid}`, number);
	}

	get uids(): number[] {
		const {ranges} = this.server.mailbox('INBOX')!.uids;
		return ranges.flatMap(([from, to]) => Array.from({length: to - from + 1}, (_, at) => from + at));
	}

	/** Another client removes some. */
	takeSome(at: string): number {
		const here = this.#here(at);
		const some = this.uids.filter(() => this.#chance.below(15) === 0);
		for (const uid of some) {
			const number = this.#numberOf(uid);
			if (!here.has(number)) this.#taken.add(number);
		}
		this.server.expunge('INBOX', ...some);
		return some.length;
	}

	/** The server numbers all of them anew. */
	rebuild(): void {
		const numbers = this.uids.map(uid => this.#numberOf(uid));
		this.#uidValidity += 1;
		this.server.setUidValidity('INBOX', this.#uidValidity);
		for (const [index, uid] of this.uids.entries()) this.#numbers.set(`${this.#uidValidity} ${uid}`, numbers[index]!);
	}

	#numberOf(uid: number): number {
		const number = this.#numbers.get(`${this.#uidValidity} ${uid}`);
		assert.ok(number !== undefined);
		return number;
	}

	#here(at: string): Set<number> {
		const here = new Set<number>();
		const folder = path.join(at, 'mail', 'test', 'INBOX', 'cur');
		for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
			const [, uidValidity, uid] = /^\d+\.V(\d+)Q(\d+)\./.exec(name) ?? [];
			const number = this.#numbers.get(`${uidValidity} ${uid}`);
			if (number !== undefined) here.add(number);
		}
		return here;
	}

	/** At every instant each message is there or here. */
	check(at: string): void {
		const there = new Set(this.uids.map(uid => this.#numberOf(uid)));
		const lost = [...this.#sent.keys()].filter(number => !there.has(number) && !this.#taken.has(number));
		if (lost.length === 0) return;
		const here = this.#here(at);
		const gone = lost.filter(number => !here.has(number));
		assert.deepEqual(gone, [], `lost: ${gone.join()}`);
	}

	/** At the end each is here once, as it was sent, and nothing that could be removed is there. */
	assertDrained(at: string): void {
		const kept = keptIn(at, 'test/INBOX');
		const numbers = kept.map(({text}) => Number(/^Subject: (\d+)/.exec(text)?.[1]));
		const twice = numbers.filter((number, index) => numbers.indexOf(number) !== index);
		assert.deepEqual(twice, [], `here twice: ${twice.join()}`);
		const missing = [...this.#sent.keys()].filter(number => !numbers.includes(number) && !this.#taken.has(number));
		assert.deepEqual(missing, [], `not here: ${missing.join()}`);
		for (const [index, number] of numbers.entries()) {
			const {text, date, isSeen} = this.#sent.get(number)!;
			const {date: keptDate, letters, text: keptText} = kept[index]!;
			assert.equal(keptText, text, `${number} is other than it was`);
			assert.deepEqual([keptDate, letters.includes('S')], [date, isSeen], `date and flags of ${number}`);
		}
		const mailbox = this.server.mailbox('INBOX')!;
		const left = this.uids.filter(uid => this.hasUidplus || !mailbox.flags(uid).has('\\Deleted'));
		assert.deepEqual(left, [], `still there: ${left.join()}`);
	}
}
