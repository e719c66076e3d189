/**
 * What it costs to share our own state in a mailbox, as ceilings, on a Dovecot with COMPRESS: bytes up and down of one
 * exchange, counted by a line in between. And that its read-only mailboxes have their state here.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {accountName, mailboxPath} from '../../source/model/ids.ts';
import {hasFlag, type Message} from '../../source/model/message.ts';
import {OwnStates} from '../../source/session/own-states.ts';
import {type Dovecot, startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const news = mailboxPath('Public/news');
const letters = Array.from(
	{length: 30},
	(_, index) => `From: Ada <ada@example.org>\r\nSubject: n${index + 1}\r\n\r\nText.\r\n`,
);
const statePlaces = {
	'Public/news': {
		with: 'shared',
		place: {in: 'mailbox', account: accountName('work'), mailbox: mailboxPath('Bonsai state')},
	},
} as const;
const seen = {kind: 'flag', flag: '\\Seen', isSet: true} as const;

async function open(context: TestContext, {port, password}: Dovecot, options: object = {}) {
	const own = new OwnStates(undefined);
	const account = {name: accountName('work'), user: 'reader', statePlaces, ...options};
	const opened = await openSession(context, {port, password, own, account, preferences: {markRead: true}});
	const view = opened.session.mailbox(news);
	const rows = await newest(view, 30);
	await opened.session.settled();
	return {...opened, view, rows};
}

const isSeen = (message: Message | undefined): boolean => message !== undefined && hasFlag(message, '\\Seen');

test('an exchange costs at most 400 bytes, telling and hearing, when little has changed', {
	skip: withoutDovecot,
}, async context => {
	const dovecot = await startDovecot(undefined, {news: letters});
	context.after(() => dovecot.stop());
	const a = await open(context, dovecot);
	assert.deepEqual(a.view.state.get().permanentFlags, []);
	assert.equal(a.view.state.get().isReadOnly, true);
	const b = await open(context, dovecot, {port: a.line.port});
	// The first makes the mailbox, and both have been there once.
	a.view.decide([a.rows[0]?.id as Message['id']], seen);
	await a.session.settled();
	b.session.look();
	await until(b.view.state, () => isSeen(b.view.row(1)));
	for (const each of [a, b]) await each.session.settled();
	const costs: number[] = [];
	for (let turn = 1; turn < 4; turn++) {
		a.spent();
		a.view.decide([a.rows[turn]?.id as Message['id']], seen);
		await a.session.settled();
		const told = a.spent();
		b.session.look();
		await until(b.view.state, () => isSeen(b.view.row(turn + 1)));
		await b.session.settled();
		const heard = a.spent();
		costs.push(told.total, heard.total);
	}
	context.diagnostic(`told, heard: ${costs.join(', ')}`);
	for (const cost of costs) assert.ok(cost <= 400, costs.join(', '));
});
