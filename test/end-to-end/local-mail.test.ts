import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {MailboxState, type NamedMailbox, startDemoServer} from '../../source/demo/server.ts';
import {bonsaiOn, inboxOf, keepAccount, letter} from '../helpers/bonsai-on.ts';
import {localMailIn} from '../helpers/local-mail-in.ts';
import {runBonsai} from '../helpers/run-bonsai.ts';
import {openBonsai, ownHome} from '../helpers/screen.ts';

const withoutMutt =
	spawnSync('mutt', ['-v']).status === 0 || process.env.BONSAI_TEST_PEERS === 'required'
		? false
		: 'there is no mutt here (apt-get install mutt)';

test('local mail is there without being configured: read, flagged, moved, deleted, taken back, with nothing on a line', async t => {
	const home = ownHome();
	t.after(() => home.remove());
	const root = localMailIn(home, {
		INBOX: [
			['', letter({subject: 'Soup'})],
			['S', letter({subject: 'Bread'})],
		],
	});
	const names = (mailbox: string): string[] => readdirSync(join(root, mailbox, 'cur')).sort();
	const bonsai = openBonsai({home});
	t.after(() => bonsai.close());
	await bonsai.standsOn('Bread');
	await bonsai.sees(/Local\/INBOX .* on this disk/);
	bonsai.press('F', 'k');
	await bonsai.standsOn('Soup');
	bonsai.press('Enter');
	await bonsai.sees('The text of Soup.');
	bonsai.press('q');
	await bonsai.sees(/F +12:00 .*Bread/);
	bonsai.press('s');
	await bonsai.sees('Move 1 message to mailbox');
	bonsai.press('Archive', 'Enter');
	await bonsai.sees('1 message moved to Archive');
	bonsai.press('d');
	await bonsai.sees('No messages');
	bonsai.press('u');
	await bonsai.standsOn('Bread');
	bonsai.press('Q');
	await bonsai.exited;
	assert.deepEqual([names('INBOX').length, names('Archive').length, names('Trash').length], [1, 1, 0]);
	assert.match(names('Archive')[0]!, /:2,S$/);
	assert.match(names('INBOX')[0]!, /:2,FS$/);
	assert.match((await runBonsai(['list', 'Archive'], {home})).stdout, /Soup/);
});

test('who deletes a message and quits at once finds it in the trash, on this disk and on a server', async t => {
	const home = ownHome();
	t.after(() => home.remove());
	const root = localMailIn(home, {INBOX: [['S', letter({subject: 'Bread'})]]});
	const local = openBonsai({home});
	t.after(() => local.close());
	await local.standsOn('Bread');
	local.press('d', 'Q');
	await local.exited;
	assert.deepEqual(
		[readdirSync(join(root, 'INBOX', 'cur')).length, readdirSync(join(root, 'Trash', 'cur')).length],
		[0, 1],
	);

	const trash: NamedMailbox = {name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'};
	const {bonsai, server} = await bonsaiOn(t, {mailboxes: () => [...inboxOf(letter({subject: 'Soup'}))(), trash]});
	await bonsai.standsOn('Soup');
	bonsai.press('d', 'Q');
	await bonsai.exited;
	assert.equal(server.mailbox('INBOX')?.uids.count, 0);
});

test('who moves a message to local mail and quits at once has it there, and nowhere else', async t => {
	const server = await startDemoServer({mailboxes: inboxOf(letter({subject: 'Soup'}))});
	t.after(() => server.close());
	const home = ownHome();
	t.after(() => home.remove());
	keepAccount(home, {port: server.port, user: 'demo'});
	const root = localMailIn(home, {INBOX: [['S', letter({subject: 'Bread'})]]});
	const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'demo'}});
	t.after(() => bonsai.close());
	await bonsai.sees('Soup');
	bonsai.press('c', 'work/INBOX', 'Enter');
	await bonsai.standsOn('Soup');
	bonsai.press('s');
	await bonsai.sees('Move 1 message to mailbox');
	bonsai.press('Local/INBOX', 'Enter', 'Q');
	await bonsai.exited;
	assert.deepEqual([server.mailbox('INBOX')?.uids.count, readdirSync(join(root, 'INBOX')).length > 0], [0, true]);
	const list = (await runBonsai(['list', 'INBOX', '--account', 'Local'], {home})).stdout;
	assert.match(list, /Soup/);
	assert.match(list, /Bread/);
});

test('mutt and Bonsai have the same mailbox open, and each sees what the other does', {skip: withoutMutt}, async t => {
	const home = ownHome();
	t.after(() => home.remove());
	const root = localMailIn(home, {
		INBOX: [
			['S', letter({subject: 'Soup'})],
			['S', letter({subject: 'Bread'})],
		],
	});
	const bonsai = openBonsai({home});
	t.after(() => bonsai.close());
	await bonsai.standsOn('Bread');
	const rc = join(home.path, 'muttrc');
	writeFileSync(rc, `set folder=${root}\nset mbox_type=Maildir\nset delete=yes\nset move=no\nset mail_check=1\n`);
	const mutt = openBonsai({home, command: ['mutt', '-n', '-F', rc, '-f', join(root, 'INBOX')]});
	t.after(() => mutt.close());
	await mutt.sees('Soup');
	mutt.press('F', '$');
	await bonsai.sees(/F +12:00 .*Bread/);
	mutt.press('k', 'd', '$');
	await bonsai.sees('1 of 1');
	await bonsai.standsOn('Bread');
	bonsai.press('F');
	await bonsai.sees(/● +12:00 .*Bread/);
	writeFileSync(join(root, 'INBOX/new/1800000000.M1P1.host'), letter({subject: 'Salt'}).replaceAll('\r\n', '\n'));
	await bonsai.sees('Salt');
	mutt.press('k');
	await mutt.sees('Salt');
});
