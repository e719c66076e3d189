/** What follows mail on a real server: what the copy costs, what it is, and a mailbox for sent mail that is full. */
import assert from 'node:assert/strict';
import type {TestContext} from 'node:test';
import {after, before, describe, test} from 'node:test';
import {makeLetter} from '../../source/make-letter.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {noSending} from '../../source/model/sending.ts';
import {smtp} from '../../source/remote/smtp.ts';
import {type Dovecot, startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {draft, isOver, post, stands} from '../helpers/posting.ts';
import {newest, openSession} from '../helpers/session.ts';
import {smtpServer} from '../helpers/smtp-server.ts';
import {until} from '../helpers/waiting.ts';

const text = 'Lines as people write them, no two of them the same, of numbers like ';
const lines = (count: number): string =>
	Array.from({length: count}, (_, n) => `${text}${(n * 7919) % 9973}.\n`).join('');

describe('on Dovecot', {skip: withoutDovecot}, () => {
	let dovecot: Dovecot;
	let full: Dovecot;
	before(async () => {
		[dovecot, full] = await Promise.all([startDovecot(), startDovecot(() => {}, {quota: '1K'})]);
	});
	after(async () => {
		await Promise.all([dovecot.stop(), full.stop()]);
	});

	const open = async (context: TestContext, server: Dovecot, user: string) => {
		const sink = await smtpServer(context);
		const to = {host: '127.0.0.1', port: sink.port, security: 'none', user: 'ada', authentication: 'auto'} as const;
		const how = {...to, certificateFile: ''};
		const opened = await openSession(context, {
			port: server.port,
			// It does not wait for news, so that nothing else goes over the line.
			account: {user, budget: 'metered', sending: {...noSending, smtp: how}},
			password: 'pass',
			folder: ownFolder(context),
			makeLetter,
			carrier: {submit: smtp(how), secret: async () => 'pass'},
			preferences: {markRead: true, undoSendSeconds: 0},
		});
		return {...opened, sink};
	};

	test('a copy of 2 kB costs its size and less than 200 bytes on a line that is open, and one wait', async context => {
		const opened = await open(context, dovecot, 'cost');
		const {session, spent, sink} = opened;
		session.ensureMailboxes();
		session.mailbox(inbox).ensureNewest(10);
		await until(session.mailbox(inbox).state, ({state}) => state === 'open');
		await until(session.mailboxes, ({state}) => state === 'known');
		await session.settled();
		assert.ok(session.link.get().isCompressed);
		spent();
		const id = await post(opened, {draft: {...draft, text: lines(24)}});
		await stands(opened, id, isOver);
		await session.settled();
		const cost = spent();
		const size = sink.taken[0]!.octets.length;
		context.diagnostic(`a copy of ${size} octets: ${cost.total} bytes, ${cost.turns} waits`);
		assert.ok(size > 2000 && size < 2500, String(size));
		assert.ok(cost.total <= size + 200, `${cost.total} for ${size}`);
		assert.equal(cost.turns, 1);
	});

	test('into a mailbox that is full no copy is filed: the letter is sent, and the copy stays here with the server’s words', async context => {
		const opened = await open(context, full, 'full');
		opened.session.dial();
		const id = await post(opened, {draft: {...draft, text: lines(40)}});
		const all = await until(opened.session.operations, now => now.some(({state}) => state === 'refused'));
		assert.match(all[0]!.refusal, /quota.*Make room there, then try this again/i);
		assert.equal(opened.sink.taken.length, 1, 'it was sent all the same');
		assert.equal(opened.session.post.letters.get().find(each => each.id === id)?.sequelState, 'recorded');
	});

	test('the copy is what was sent, octet for octet, read, and nothing else is in the mailbox', async context => {
		const opened = await open(context, dovecot, 'copy');
		opened.session.dial();
		for (let count = 1; count <= 3; count++)
			await stands(opened, await post(opened, {draft: {...draft, text: lines(count)}}), isOver);
		const rows = await newest(opened.session.mailbox(mailboxPath('Sent')), 10);
		assert.equal(rows.length, 3);
		for (const [index, {flags, sizeBytes}] of rows.entries()) {
			assert.ok(flags.has('\\Seen'));
			assert.equal(sizeBytes, opened.sink.taken[index]!.octets.length);
		}
	});
});
