/** Others at work on the same mailbox while one looks at it; and the first acts on a real Dovecot. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {bonsaiOn, inboxOf, keepAccount, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {openBonsai, ownHome} from '../helpers/screen.ts';

describe('other clients', {concurrency: 3}, () => {
	const three = inboxOf(letter({subject: 'One'}), letter({subject: 'Two'}), letter({subject: 'Three'}));

	test('new mail appears by itself while one looks at the list', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: three});
		await bonsai.standsOn('Three');
		server.append('INBOX', letter({subject: 'Just now'}));
		await bonsai.sees(/4 . N .* Just now/);
		await bonsai.sees('1 new message');
	});

	test('what another client read is no longer new, what it removed is no longer there', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: three});
		await bonsai.sees(/2 . N .* Two/);
		server.setFlags('INBOX', 2, ['\\Seen', '\\Answered']);
		await bonsai.sees(/2 . {3}A .* Two/);
		server.expunge('INBOX', 1);
		await bonsai.sees(/1 . {3}A .* Two/);
		await bonsai.sees(/ of 2 /);
		await bonsai.standsOn('Three');
	});

	test('a message that is removed while one reads it says so', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: three});
		await bonsai.standsOn('Three');
		bonsai.press('Enter');
		await bonsai.sees('The text of Three.');
		server.expunge('INBOX', 3);
		await bonsai.sees('This message was removed on the server');
		bonsai.press('q');
		await bonsai.standsOn('Two');
	});

	test('the text of a message that is removed stays', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: three});
		await bonsai.standsOn('Three');
		bonsai.press('Enter');
		await bonsai.sees('The text of Three.');
		server.expunge('INBOX', 3);
		await bonsai.sees('This message was removed on the server');
		assert.match(bonsai.text, /The text of Three\./);
	});

	const chart = Buffer.from(Array.from({length: 30_000}, (_, index) => (index * 11) % 256));

	test('on a real Dovecot: list, read, save, and news', {skip: withoutDovecot}, async t => {
		const dovecot = await startDovecot();
		t.after(() => dovecot.stop());
		const other = await otherClient(dovecot.port, 'robin', dovecot.password);
		t.after(() => other.close());
		for (let number = 1; number <= 30; number++)
			await other.append('INBOX', letter({subject: `Number ${number}`}), '(\\Seen)');
		await other.append(
			'INBOX',
			letter({subject: 'With a chart', mime: mimeWithFiles('See below.', [['chart.bin', chart]])}),
		);

		const home = ownHome();
		keepAccount(home, {port: dovecot.port, user: 'robin'});
		const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: dovecot.password}});
		t.after(() => bonsai.close());
		await bonsai.standsOn(/31 . N .* With a chart/);
		await bonsai.sees(/30 . {3}.*Ada Lind .* Number 30/);
		bonsai.press('Enter');
		await bonsai.sees('See below.');
		await bonsai.sees(/application\/octet-stream +chart\.bin/);
		bonsai.press('v');
		await bonsai.sees('Parts of: With a chart');
		bonsai.press('Down', 's', 'Enter');
		await bonsai.sees(/Saved .*chart\.bin/);
		assert.deepEqual(readFileSync(join(home.path, 'chart.bin')), chart);
		bonsai.press('q', 'q');
		await bonsai.standsOn('With a chart');
		await other.append('INBOX', letter({subject: 'News'}));
		await bonsai.sees('1 new message');
		bonsai.press('Down');
		await bonsai.standsOn(/32 . N .* News/);
		assert.match(await other.command('STATUS INBOX (UNSEEN)'), /UNSEEN 1/, 'what was read is read');
	});
});
