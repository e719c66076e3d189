/** Which mailboxes there are, and changing that. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {type DemoServer, startDemoServer} from '../../source/demo/server.ts';
import {Dialogue} from './dialogue.ts';

let server: DemoServer;
let client: Dialogue;

before(async () => {
	server = await startDemoServer();
	client = await Dialogue.loggedIn(server.port);
});
after(async () => {
	client.close();
	await server.close();
});

test('LIST shows special uses, children and levels that only lead to others', async () => {
	const lines = await client.ok('LIST "" "*"');
	assert.equal(lines[0], '* LIST (\\HasNoChildren) "/" INBOX');
	assert.ok(lines.includes('* LIST (\\HasNoChildren \\Trash) "/" Trash'));
	assert.ok(lines.includes('* LIST (\\Noselect \\HasChildren) "/" Lists'));
	assert.ok(lines.includes('* LIST (\\HasNoChildren) "/" Lists/ink'));
	assert.ok(lines.includes('* LIST (\\HasNoChildren) "/" "Travel/Ship log"'));
});

test('% stays on one level, * does not, and several patterns may be asked for', async () => {
	assert.doesNotMatch((await client.ok('LIST "" %')).join('\n'), /Lists\//);
	assert.equal((await client.ok('LIST "" Lists/%')).length, 3);
	assert.equal((await client.ok('LIST Lists/ *')).length, 3);
	assert.equal((await client.ok('LIST "" (inbox Sent)')).length, 3);
	assert.equal((await client.ok('LIST (SPECIAL-USE) "" "*"')).length, 6);
	assert.deepEqual(await client.ok('LIST "" ""'), ['* LIST (\\Noselect) "/" ""', 'OK LIST completed.']);
});

test('LIST can answer STATUS in the same turn', async () => {
	const lines = await client.ok(
		'LIST "" "*" RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ))',
	);
	const inbox = lines.find(line => line.startsWith('* STATUS INBOX'));
	assert.match(inbox!, /\(MESSAGES 1200 UNSEEN \d+ UIDNEXT \d+ UIDVALIDITY \d+ HIGHESTMODSEQ 1000\)/);
	assert.equal(lines.filter(line => line.startsWith('* STATUS')).length, 11);
});

test('names travel in modified UTF-7, or in UTF-8 where that was enabled', async () => {
	assert.match((await client.ok('STATUS &ZeVnLA- (MESSAGES)'))[0]!, /^\* STATUS &ZeVnLA- \(MESSAGES 14\)/);
	await client.ok('CREATE "A&-B/&AOk-t&AOk-"');
	assert.ok(server.mailbox('A&B/été') !== undefined);
	const other = await Dialogue.loggedIn(server.port);
	await other.ok('ENABLE UTF8=ACCEPT');
	const bytes = Buffer.from('日本').toString('latin1');
	assert.ok((await other.ok('LIST "" "*"')).includes(`* LIST (\\HasNoChildren) "/" "${bytes}"`));
	await other.ok(`SELECT "${bytes}"`);
	other.close();
});

test('mailboxes are made, renamed with what is inside, and deleted', async () => {
	await client.ok('CREATE Work/2026');
	assert.match((await client.ask('CREATE Work/2026')).at(-1)!, /^NO \[ALREADYEXISTS\]/);
	await client.ok('RENAME Work Job');
	assert.match((await client.ok('LIST "" Job/*'))[0]!, /Job\/2026/);
	await client.ok('DELETE Job/2026');
	assert.match((await client.ask('DELETE Job/2026')).at(-1)!, /^NO \[NONEXISTENT\]/);
	assert.match((await client.ask('DELETE INBOX')).at(-1)!, /^NO/);
});

test('subscriptions are kept and shown', async () => {
	await client.ok('UNSUBSCRIBE Junk');
	assert.doesNotMatch((await client.ok('LSUB "" "*"')).join('\n'), /Junk/);
	assert.doesNotMatch((await client.ok('LIST (SUBSCRIBED) "" "*"')).join('\n'), /Junk/);
	await client.ok('SUBSCRIBE Junk');
	assert.match((await client.ok('LIST "" Junk RETURN (SUBSCRIBED)'))[0]!, /\\Subscribed/);
});

test('STATUS SIZE is the sum of the sizes', async () => {
	const size = Number(/SIZE (\d+)/.exec((await client.ok('STATUS Drafts (SIZE)'))[0]!)![1]);
	await client.ok('EXAMINE Drafts');
	const rows = await client.ok('FETCH 1:* (RFC822.SIZE)');
	const sum = rows.slice(0, -1).reduce((total, line) => total + Number(/RFC822.SIZE (\d+)/.exec(line)![1]), 0);
	assert.equal(size, sum);
});

test('NAMESPACE and ID answer', async () => {
	assert.equal((await client.ok('NAMESPACE'))[0], '* NAMESPACE (("" "/")) NIL NIL');
	assert.match((await client.ok('ID ("name" "test" "version" NIL)'))[0]!, /^\* ID \("name"/);
});
