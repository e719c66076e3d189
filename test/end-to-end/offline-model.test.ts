import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {bonsaiOn, inboxOf, letter} from '../helpers/bonsai-on.ts';
import {openBonsai} from '../helpers/screen.ts';

test('S o says first what it does; a call takes the mail into local mail, which is what is opened from then on, also without a server', async t => {
	const {bonsai, home, server} = await bonsaiOn(t, {
		mailboxes: inboxOf(letter({subject: 'Soup'}), letter({subject: 'Bread'})),
	});
	await bonsai.standsOn('Bread');
	bonsai.press('S', 'o');
	await bonsai.sees('leave the server');
	await bonsai.sees('this disk has the only copy');
	bonsai.press('Enter');
	await bonsai.sees('This account is offline now');
	assert.equal(server.mailbox('INBOX')?.uids.count, 2, 'nothing happens before the next call');
	bonsai.press('$');
	await bonsai.sees(/INBOX: take 2 messages into Local \S+\/INBOX/);
	bonsai.press('Enter');
	await bonsai.sees(/Done: /);
	assert.equal(server.mailbox('INBOX')?.uids.count, 0);
	bonsai.press('q');
	await bonsai.sees(/\/INBOX {2}offline +2 of 2 {2}on this disk/);
	bonsai.press('Q');
	await bonsai.exited;
	await server.close();
	const again = openBonsai({home});
	t.after(() => again.close());
	await again.standsOn('Bread');
	await again.sees(/\/INBOX {2}offline +2 of 2 {2}on this disk/);
	assert.doesNotMatch(again.output.toString(), /No messages|no messages/, 'not for a moment is it said to be empty');
	const mail = join(home.environment.BONSAI_HOME ?? '', 'Mail');
	const [account] = readdirSync(mail).filter(name => !/^(\.|INBOX|Archive|Drafts|Sent|Trash)/.test(name));
	assert.equal(readdirSync(join(mail, account ?? '', 'INBOX', 'cur')).length, 2);
});
