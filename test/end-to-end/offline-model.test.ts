import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readdirSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {MailboxState} from '../../source/demo/server.ts';
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
	again.press('Q');
	await again.exited;
	// A disk that is not mounted, and then one in whose place there is an empty folder.
	for (const isEmpty of [false, true]) {
		renameSync(mail, `${mail}.away`);
		if (isEmpty) mkdirSync(mail);
		const without = openBonsai({home});
		t.after(() => without.close());
		await without.sees(/Your local mail in \S+Mail is not there/);
		assert.deepEqual(existsSync(mail) ? readdirSync(mail) : [], [], 'nothing is made there');
		rmSync(mail, {recursive: true, force: true});
		renameSync(`${mail}.away`, mail);
		without.press(...':dial', 'Enter');
		await without.standsOn('Bread');
		without.press('Q');
		await without.exited;
	}
});

test('from an offline mailbox its account’s mailboxes are listed, and mail goes to those on the server as to those that are here', async t => {
	const {bonsai, server} = await bonsaiOn(t, {
		mailboxes: () => [
			...inboxOf(letter({subject: 'Soup'}), letter({subject: 'Bread'}), letter({subject: 'Salt'}))(),
			{name: 'Lists', state: new MailboxState(8)},
			{name: 'Drafts', state: new MailboxState(9), specialUse: '\\Drafts'},
		],
	});
	await bonsai.standsOn('Salt');
	bonsai.press('S', 'o');
	await bonsai.sees('this disk has the only copy');
	bonsai.press('Enter');
	await bonsai.sees('This account is offline now');
	bonsai.press('$');
	await bonsai.sees(/INBOX: take 3 messages into Local \S+\/INBOX/);
	bonsai.press('Enter');
	await bonsai.sees(/Done: /);
	bonsai.press('q');
	await bonsai.sees(/3 of 3 {2}on this disk/);
	// Of the message, too.
	bonsai.press('Enter');
	await bonsai.sees('The text of Salt.');
	bonsai.press('y');
	await bonsai.sees(/Lists {2}\(offline\)/);
	await bonsai.sees(/Drafts +0 +0/);
	bonsai.press('q', 'q');
	await bonsai.standsOn('Salt');
	// One that is drained, too, is here; one that is not is on the server.
	bonsai.press('s', ...'Lists', 'Enter');
	await bonsai.sees(/Local: 1 message moved to \S+\/Lists/);
	await bonsai.standsOn('Bread');
	bonsai.press('s', ...'Drafts', 'Enter');
	await bonsai.sees(/Local: 1 message moved to \S+\/Drafts/);
	await bonsai.standsOn('Soup');
	bonsai.press(...':left', 'Enter');
	await bonsai.sees('Nothing is left on the server');
	bonsai.press('q');
	await bonsai.sees(/1 of 1 {2}↑1 {2}on this disk/);
	bonsai.press('$');
	await bonsai.sees(/Send what you decided \(1 message\)/);
	bonsai.press('Enter');
	await bonsai.sees(/Done: /);
	assert.equal(server.mailbox('Drafts')?.uids.count, 1);
	assert.equal(server.mailbox('Lists')?.uids.count, 0);
	bonsai.press('q');
	await bonsai.sees(/1 of 1 {2}on this disk/);
});
