/** Records shared in a mailbox: any number of clients agree, whatever is cut, doubled or lost on the way. */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {type DemoServer, fullCapabilities, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import type {CallLine} from '../../source/model/call.ts';
import {Failure} from '../../source/model/failure.ts';
import {accountName, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import {hasFlag, type Message} from '../../source/model/message.ts';
import {ours} from '../../source/model/safe-text.ts';
import {noWish} from '../../source/model/wish.ts';
import type {Remote} from '../../source/remote/remote.ts';
import type {Need} from '../../source/session/needs.ts';
import {OwnStates} from '../../source/session/own-states.ts';
import {SharedMailbox} from '../../source/session/shared-mailbox.ts';
import {chance} from '../helpers/chance.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const net = mailboxPath('r.net');
const stateMailbox = mailboxPath('Bonsai state');
const work = accountName('work');
const place = {with: 'shared', place: {in: 'mailbox', account: work, mailbox: stateMailbox}} as const;
const letter = (subject: string): string => `From: Ada <ada@example.org>\r\nSubject: ${subject}\r\n\r\nText.\r\n`;

async function serve(context: TestContext, capabilities = fullCapabilities): Promise<DemoServer> {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(1)},
			{name: 'r.net', state: new MailboxState(7)},
		],
		capabilities: [...capabilities, 'AUTH=ANONYMOUS'],
		isRecording: true,
	});
	context.after(() => server.close());
	for (const each of ['a', 'b', 'c']) server.append('r.net', letter(each));
	return server;
}

/** One Bonsai: the public mailbox in one account, the place of its state in another. */
async function bonsai(context: TestContext, server: DemoServer, port?: number) {
	const own = new OwnStates(undefined);
	const mine = await openSession(context, {port: server.port, own, account: {name: work}});
	const account = {
		name: accountName('news'),
		authentication: 'anonymous',
		user: '',
		statePlaces: {'r.net': place},
		...(port === undefined ? {} : {port}),
	} as const;
	const {session, line} = await openSession(context, {port: server.port, own, account});
	const view = session.mailbox(net);
	const rows = await newest(view, 10);
	return {own, mine: mine.session, session, view, rows, port: line.port};
}

const isSeen = (message: Message | undefined): boolean => message !== undefined && hasFlag(message, '\\Seen');
const seen = {kind: 'flag', flag: '\\Seen', isSet: true} as const;

for (const [words, capabilities] of [
	['with every extension', fullCapabilities],
	['without any', ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN']],
] as const) {
	test(`what is read on one client is seen on the other, through a mailbox of another account that is made for it (${words})`, async context => {
		const server = await serve(context, capabilities);
		const a = await bonsai(context, server);
		const b = await bonsai(context, server, a.port);
		a.view.decide([a.rows[0]?.id as Message['id']], seen);
		await a.mine.settled();
		assert.deepEqual(a.mine.notice.get(), undefined);
		b.session.look();
		await until(b.view.state, () => isSeen(b.view.row(1)));
		b.view.decide([b.rows[2]?.id as Message['id']], {kind: 'move', to: {use: 'trash'}});
		await b.mine.settled();
		a.session.look();
		await until(a.view.state, ({count}) => count === 2);
		assert.deepEqual([a.view.row(1), a.view.row(2)].map(isSeen), [true, false]);
	});
}

test('in the disconnected model it is told and heard in a call, which has a line for it in its plan, and none when there is nothing', async context => {
	const server = await serve(context);
	const own = new OwnStates(undefined);
	const online = await bonsai(context, server);
	// The mailbox is made, and one thing is said in it.
	online.view.decide([online.rows[0]?.id as Message['id']], seen);
	await online.mine.settled();
	const account = {
		name: work,
		model: 'disconnected',
		statePlaces: {'r.net': place},
		wishes: {otherwise: noWish, mailboxes: {}},
	} as const;
	const {session} = await openSession(context, {port: server.port, own, account});
	const url = `imap://127.0.0.1:${online.port}/r.net`;
	own.share(url, place.place);
	own.decide({url, uidValidity: 7}, [3], '\\Flagged', true, 0);
	const planned = async (): Promise<readonly CallLine[]> => {
		session.planCall();
		await until(session.call, call => call?.state === 'planned' || call?.state === 'done');
		return session.call.get()?.lines ?? [];
	};
	const lines = await planned();
	assert.deepEqual(
		lines.map(({kind, sentence}) => [kind, sentence]),
		[['state', 'Bonsai state: say what you marked, read what other clients marked']],
	);
	session.strike('state Bonsai state', true);
	session.goCall();
	await until(session.call, call => call?.state === 'done');
	assert.deepEqual(own.state.marked({url, uidValidity: 7}, '\\Seen'), [], 'what is struck is left alone');
	session.stopCall();
	await planned();
	session.goCall();
	await until(session.call, call => call?.state === 'done');
	assert.deepEqual(
		session.call.get()?.lines.map(line => line.state),
		['done'],
	);
	assert.deepEqual(own.state.marked({url, uidValidity: 7}, '\\Seen'), [1]);
	online.session.look();
	await until(online.view.state, () => hasFlag(online.view.row(3) as Message, '\\Flagged'));
	session.stopCall();
	assert.deepEqual(await planned(), []);
});

/** As much of a server as sharing needs, that cuts the line before or after whatever is asked. */
class FakeMailbox {
	uidValidity = 1;
	uidNext = 1;
	readonly messages = new Map<number, Buffer>();
	readonly below: (n: number) => number;
	cuts = true;
	hasUidPlus = true;

	constructor(below: (n: number) => number) {
		this.below = below;
	}

	remote(): Remote {
		const cut = (): void => {
			if (this.cuts && this.below(6) === 0) throw new Failure('offline', ours('cut'));
		};
		const around = <T>(work: () => T): Promise<T> =>
			Promise.resolve().then(() => {
				cut();
				const result = work();
				cut();
				return result;
			});
		const numbers = (set: string): number[] =>
			[...this.messages.keys()].filter(uid =>
				set.split(',').some(range => {
					const [from = 0, to = from] = range
						.split(':')
						.map(number => (number === '*' ? Number.POSITIVE_INFINITY : Number(number)));
					return uid >= from && uid <= to;
				}),
			);
		const known: Partial<Remote> = {
			append: (_path, octets) =>
				around(() => {
					assert.ok(Buffer.isBuffer(octets));
					this.messages.set(this.uidNext, octets.subarray(octets.indexOf('\r\n\r\n') + 4));
					const uid = this.uidNext++;
					return this.hasUidPlus ? {uidValidity: this.uidValidity, uid} : undefined;
				}),
			fetchStatus: () =>
				around(() => ({
					messages: this.messages.size,
					unseen: 0,
					uidValidity: this.uidValidity,
					uidNext: this.uidNext,
					highestModseq: undefined,
				})),
			select: async (path, _known, askBehind) => {
				const selected = around(() => ({
					path,
					uidValidity: this.uidValidity,
					uidNext: this.below(5) === 0 ? undefined : this.uidNext,
					count: this.messages.size,
					isReadOnly: false,
					permanentFlags: undefined,
					highestModseq: undefined,
					changes: undefined,
				}));
				askBehind?.();
				return selected;
			},
			fetchStarts: (set, _part, length, onOctets) =>
				around(() => {
					for (const uid of numbers(set)) onOctets(uid, (this.messages.get(uid) as Buffer).subarray(0, length));
				}),
			storeFlag: () => around(() => {}),
			expunge: set =>
				around(() => {
					for (const uid of numbers(set)) this.messages.delete(uid);
				}),
		};
		return known as Remote;
	}

	/** Put back empty, from nothing. */
	renew(): void {
		this.messages.clear();
		this.uidValidity += 1;
		this.uidNext = 1;
	}
}

const public1 = {url: 'imap://lists.example.org/r.net', uidValidity: 17};

function client(context: TestContext, server: FakeMailbox) {
	const own = new OwnStates(undefined);
	context.after(() => own.state.close());
	own.state.shared.share(public1.url, 'work/Bonsai state');
	const [known] = own.state.shared.all();
	assert.ok(known);
	const needs: Need[] = [];
	let isReading = false;
	const told: string[] = [];
	const shared = new SharedMailbox({
		place: known,
		mailbox: stateMailbox as MailboxPath,
		own,
		need: need => void needs.push(need),
		isNeeded: key => needs.some(need => need.key === key && !need.isDone()),
		has: () => server.hasUidPlus,
		// A mailbox that is not open; once it is asked to be read, it is.
		uidValidity: () => (isReading ? server.uidValidity : undefined),
		isElsewhere: () => server.below(2) === 0,
		messages: () => server.messages.size,
		tell: because => told.push(because),
		mostMessages: 8,
	});
	/** On a line that is cut at times, and dialled again. */
	const exchange = async (tries: number): Promise<boolean> => {
		shared.exchange({looks: true});
		for (; tries > 0 && needs.length > 0; tries--) {
			const need = needs[0] as Need;
			isReading = need.mailbox !== undefined;
			try {
				// In the other cases it was open already.
				if (server.below(2) === 0) await need.open?.(server.remote(), undefined);
				await need.next(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)?.ask(server.remote());
				needs.shift();
			} catch (error) {
				if (!(error instanceof Failure) || error.kind !== 'offline') throw error;
				need.lost();
			}
		}
		const isDone = needs.length === 0;
		needs.length = 0;
		return isDone;
	};
	return {
		exchange,
		told,
		decide: (uids: readonly number[], what: string, isSet: boolean) => own.state.decide(public1, uids, what, isSet, 0),
		marks: () => own.state.marks(public1),
	};
}

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
	test(`clients agree in the end, with cuts before and after each command, mailboxes renewed and other mail among it (seed ${seed})`, async context => {
		const below = chance(seed);
		const server = new FakeMailbox(below);
		server.hasUidPlus = seed % 4 !== 0;
		const clients = [client(context, server), client(context, server), client(context, server)];
		const letters: number[] = [];
		for (let step = 0; step < 400; step++) {
			const at = clients[below(3)] as (typeof clients)[number];
			const what = below(60);
			if (what === 0 && below(3) === 0) {
				server.renew();
				letters.length = 0;
			} else if (what < 3) {
				letters.push(server.uidNext);
				server.messages.set(server.uidNext++, Buffer.from('Dear all,\r\n1 +\\Seen 1\r\n'));
			} else if (what < 25)
				at.decide(
					[1 + below(8), 20 + below(3)],
					['\\Seen', '\\Flagged', '\\Hidden', 'todo'][below(4)] as string,
					below(2) === 1,
				);
			else await at.exchange(1 + below(5));
		}
		server.cuts = false;
		for (let round = 0; round < 2; round++) for (const each of clients) assert.equal(await each.exchange(50), true);
		const [one, ...others] = clients.map(each => each.marks());
		assert.ok(one && one.length > 0);
		for (const other of others) assert.deepEqual(other, one);
		for (const uid of letters) assert.ok(server.messages.has(uid), 'other mail is left alone');
		if (server.hasUidPlus) assert.ok(server.messages.size - letters.length <= 16, `${server.messages.size} messages`);
		const fresh = client(context, server);
		await fresh.exchange(50);
		assert.deepEqual(fresh.marks(), one, 'a client that comes late hears all of it');
	});
}

test('a mailbox that is full of other mail is not read through, and that is said', async context => {
	const server = new FakeMailbox(chance(1));
	server.cuts = false;
	for (; server.uidNext < 5000; server.uidNext++) server.messages.set(server.uidNext, Buffer.from('Dear all,\r\n'));
	const one = client(context, server);
	await assert.rejects(one.exchange(5), /no mailbox of its own/);
});

test('a client that comes to a place long in use, with high UIDs and few messages, reads it', async context => {
	const server = new FakeMailbox(chance(1));
	server.cuts = false;
	server.uidNext = 50_000;
	const [one, other] = [client(context, server), client(context, server)];
	one.decide([3], '\\Seen', true);
	for (const each of [one, other]) assert.equal(await each.exchange(9), true);
	assert.deepEqual(other.marks(), one.marks());
});
