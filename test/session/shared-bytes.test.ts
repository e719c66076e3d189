/**
 * What it costs to share our own state in a mailbox, as ceilings, on a Dovecot with COMPRESS: bytes up and down of one
 * exchange, counted by a line in between. The public mailbox is one that nobody may write to.
 */
import assert from 'node:assert/strict';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {accountName, mailboxPath} from '../../source/model/ids.ts';
import {hasFlag, type Message} from '../../source/model/message.ts';
import type {ModelName} from '../../source/model/model.ts';
import {noWish} from '../../source/model/wish.ts';
import {OwnStates} from '../../source/session/own-states.ts';
import {call} from '../helpers/disconnected.ts';
import {type Dovecot, startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const news = mailboxPath('Public/news');
const work = accountName('work');
const letters = Array.from(
	{length: 30},
	(_, index) => `From: Ada <ada@example.org>\r\nSubject: n${index + 1}\r\n\r\nText.\r\n`,
);
const place = {with: 'shared', place: {in: 'mailbox', account: work, mailbox: mailboxPath('Bonsai state')}} as const;
const seen = {kind: 'flag', flag: '\\Seen', isSet: true} as const;
const mostBytes = 400;

/** One Bonsai: the public mailbox in one account, the place of its state in another. */
async function bonsai(
	context: TestContext,
	{port, password}: Dovecot,
	publicPort?: number,
	model: ModelName = 'online',
) {
	const own = new OwnStates(undefined);
	// News is asked for here, and not waited for, so that bytes are those of one exchange.
	const waitsForNews = false;
	const at = ownFolder(context);
	const mine = await openSession(context, {
		port,
		password,
		own,
		waitsForNews,
		folder: join(at, 'state'),
		cacheFolder: join(at, 'cache'),
		account: {name: work, user: 'reader', model, wishes: {otherwise: noWish, mailboxes: {}}},
	});
	const account = {name: accountName('news'), user: 'guest', statePlaces: {'Public/news': place}};
	const reading = await openSession(context, {
		port,
		password,
		own,
		waitsForNews,
		account: {...account, ...(publicPort === undefined ? {} : {port: publicPort})},
	});
	const view = reading.session.mailbox(news);
	const rows = await newest(view, 30);
	return {mine, session: reading.session, view, rows, port: reading.line.port};
}

const isSeen = (message: Message | undefined): boolean => message !== undefined && hasFlag(message, '\\Seen');

test(`an exchange costs at most ${mostBytes} bytes when little has changed: telling, hearing, and hearing nothing`, {
	skip: withoutDovecot,
}, async context => {
	const dovecot = await startDovecot(undefined, {news: letters});
	context.after(() => dovecot.stop());
	const a = await bonsai(context, dovecot);
	assert.deepEqual(a.view.state.get().permanentFlags, []);
	assert.equal(a.view.state.get().isReadOnly, true);
	const b = await bonsai(context, dovecot, a.port);
	const tell = async (turn: number): Promise<void> => {
		a.view.decide([a.rows[turn]?.id as Message['id']], seen);
		await a.mine.session.settled();
	};
	const hear = async (turn: number): Promise<void> => {
		b.mine.session.dial();
		b.session.look();
		await until(b.view.state, () => isSeen(b.view.row(turn + 1)));
		await b.mine.session.settled();
	};
	// The first makes the mailbox, and both have been there once.
	await tell(0);
	await hear(0);
	assert.equal(b.mine.session.link.get().isCompressed, true);
	for (let turn = 1; turn < 4; turn++) {
		for (const each of [a, b]) each.mine.spent();
		await tell(turn);
		await hear(turn);
		const [told, heard] = [a.mine.spent().total, b.mine.spent().total];
		b.session.look();
		await b.mine.session.settled();
		const nothing = b.mine.spent().total;
		context.diagnostic(`told ${told}, heard ${heard}, nothing ${nothing}`);
		for (const cost of [told, heard, nothing]) assert.ok(cost > 0 && cost <= mostBytes, `${told} ${heard} ${nothing}`);
	}
});

test(`in a call that opens the mailbox for it, hearing costs at most ${mostBytes} bytes more than a call without, and telling too`, {
	skip: withoutDovecot,
}, async context => {
	const dovecot = await startDovecot(undefined, {news: letters});
	context.after(() => dovecot.stop());
	const a = await bonsai(context, dovecot);
	const b = await bonsai(context, dovecot, a.port, 'disconnected');
	const tell = async (turn: number): Promise<void> => {
		a.view.decide([a.rows[turn]?.id as Message['id']], seen);
		await a.mine.session.settled();
	};
	const calls = async () => {
		b.mine.spent();
		const {planned} = await call(b.mine.session);
		return {...b.mine.spent(), lines: planned?.lines ?? []};
	};
	await tell(0);
	await calls();
	const quiet = [await calls(), await calls(), await calls()];
	for (const {lines} of quiet) assert.deepEqual(lines, []);
	const without = {total: middle(quiet.map(({total}) => total)), turns: quiet[0]!.turns};
	const heard: number[] = [];
	const told: number[] = [];
	for (const turn of [1, 2, 3, 4, 5]) {
		await tell(turn);
		const hearing = await calls();
		assert.ok(isSeen(b.view.row(turn + 1)));
		b.view.decide([b.rows[10 + turn]?.id as Message['id']], seen);
		const telling = await calls();
		heard.push(hearing.total - without.total);
		told.push(telling.total - without.total);
		assert.ok(hearing.turns - without.turns <= 1 && telling.turns - without.turns <= 1);
		assert.ok((hearing.lines[0]?.bytes ?? 0) >= heard.at(-1)!, 'the plan says no less');
	}
	context.diagnostic(`heard ${heard}, told ${told}, the call without ${without.total}`);
	for (const costs of [heard, told]) {
		assert.ok(middle(costs) <= mostBytes, `heard ${heard}, told ${told}`);
		assert.ok(costs.every(cost => cost > 0));
	}
});

/** Dovecot says behind each answer how long it took, in up to eight octets more or less. */
const middle = (costs: readonly number[]): number =>
	costs.toSorted((a, b) => a - b)[Math.floor(costs.length / 2)] as number;
