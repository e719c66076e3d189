/** Two clients at one mailbox: who is told what, and when. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer, virtualMailbox} from '../../source/demo/server.ts';
import {Dialogue, row} from './dialogue.ts';

let server: DemoServer;
let client: Dialogue;

beforeEach(async () => {
	server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: virtualMailbox({count: 20, uidValidity: 77})},
			{name: 'Other', state: new MailboxState(78)},
		],
	});
	client = await Dialogue.loggedIn(server.port);
});
afterEach(async () => {
	client.close();
	await server.close();
});

const raw = 'Subject: new\n\nhello\n';

test('an idle client hears of every change at once', async () => {
	await client.ok('SELECT INBOX');
	client.say('i IDLE\r\n');
	assert.equal(await client.line(), '+ idling');
	server.append('INBOX', raw);
	assert.equal(await client.line(), '* 21 EXISTS');
	assert.equal(await client.line(), '* 0 RECENT');
	server.setFlags('INBOX', 3, ['\\Seen', '\\Flagged']);
	assert.equal(await client.line(), '* 3 FETCH (FLAGS (\\Seen \\Flagged))');
	server.expunge('INBOX', 2);
	assert.equal(await client.line(), '* 2 EXPUNGE');
	client.say('DONE\r\n');
	assert.match(await client.line(), /^i OK/);
});

test('commands after DONE in the same packet are obeyed', async () => {
	await client.ok('SELECT INBOX');
	client.say('i IDLE\r\nDONE\r\nj NOOP\r\n');
	assert.deepEqual(
		(await client.until(/^j /)).map(line => line.slice(0, 4)),
		['+ id', 'i OK', 'j OK'],
	);
});

test('no EXPUNGE is told during FETCH, STORE and SEARCH; NOOP and UID commands tell it', async () => {
	await client.ok('SELECT INBOX');
	server.expunge('INBOX', 5);
	for (const command of ['FETCH 1 (FLAGS)', 'STORE 1 +FLAGS.SILENT (\\Seen)', 'SEARCH ALL']) {
		assert.doesNotMatch((await client.ok(command)).join('\n'), /EXPUNGE/);
	}
	const lines = await client.ok('FETCH 4:6 (UID)');
	assert.deepEqual(
		lines.slice(0, 2).map(line => row(line).get('UID')),
		['4', '6'],
	);
	assert.match(lines.at(-1)!, /^OK \[EXPUNGEISSUED\]/);
	assert.deepEqual((await client.ok('UID FETCH 7 (FLAGS)')).slice(0, 2), [
		'* 7 FETCH (UID 7 FLAGS (\\Seen))',
		'* 5 EXPUNGE',
	]);
	assert.match((await client.ok('UID FETCH 7 (FLAGS)'))[0]!, /^\* 6 FETCH/);
});

test('a message that came and went between two commands is never told', async () => {
	await client.ok('SELECT INBOX');
	server.expunge('INBOX', server.append('INBOX', raw));
	assert.deepEqual(await client.ok('NOOP'), ['OK NOOP completed.']);
	server.append('INBOX', raw);
	assert.equal((await client.ok('NOOP'))[0], '* 21 EXISTS');
});

test('a QRESYNC open tells what changed and what vanished since, and nothing else', async () => {
	await client.ok('ENABLE QRESYNC');
	const opened = await client.ok('SELECT INBOX');
	const modseq = /HIGHESTMODSEQ (\d+)/.exec(opened.join('\n'))![1];
	await client.ok('UNSELECT');
	server.setFlags('INBOX', 4, ['\\Flagged']);
	server.expunge('INBOX', 6, 7, 12);
	const again = await client.ok(`SELECT INBOX (QRESYNC (77 ${modseq}))`);
	assert.ok(again.includes('* VANISHED (EARLIER) 6:7,12'));
	assert.deepEqual(
		again.filter(line => line.includes(' FETCH ')),
		[`* 4 FETCH (UID 4 FLAGS (\\Flagged) MODSEQ (${Number(modseq) + 1}))`],
	);
	await client.ok('UNSELECT');
	const known = await client.ok(`SELECT INBOX (QRESYNC (77 ${modseq} 1:6))`);
	assert.ok(known.includes('* VANISHED (EARLIER) 6'));
	const other = await client.ok(`SELECT INBOX (QRESYNC (76 ${modseq}))`);
	assert.equal(other[0], '* OK [CLOSED] Previous mailbox closed.');
	assert.doesNotMatch(other.join('\n'), /VANISHED| FETCH /);
	const older = await client.ok('SELECT INBOX (QRESYNC (77 1 1:30))');
	assert.ok(older.includes('* VANISHED (EARLIER) 6:7,12'), 'before its first change number the server names all gaps');
});

test('with QRESYNC, expunges are VANISHED and rows carry UID and MODSEQ', async () => {
	await client.ok('ENABLE QRESYNC');
	await client.ok('SELECT INBOX');
	server.expunge('INBOX', 3, 4);
	server.setFlags('INBOX', 9, []);
	const lines = await client.ok('NOOP');
	assert.equal(lines[0], '* VANISHED 3:4');
	assert.match(lines[1]!, /^\* 7 FETCH \(UID 9 FLAGS \(\) MODSEQ \(\d+\)\)$/);
	const vanished = await client.ok('UID FETCH 1:20 (FLAGS) (CHANGEDSINCE 1000 VANISHED)');
	assert.equal(vanished[0], '* VANISHED (EARLIER) 3:4');
	assert.equal(vanished.length, 3);
});

test('QRESYNC needs ENABLE first', async () => {
	assert.match((await client.ask('SELECT INBOX (QRESYNC (77 1))')).at(-1)!, /^BAD/);
});

test('UNCHANGEDSINCE changes only what nobody else has changed', async () => {
	await client.ok('SELECT INBOX (CONDSTORE)');
	server.setFlags('INBOX', 2, ['\\Answered']);
	const lines = await client.ok('UID STORE 1:3 (UNCHANGEDSINCE 1000) +FLAGS.SILENT (\\Deleted)');
	assert.match(lines.at(-1)!, /^OK \[MODIFIED 2\]/);
	assert.deepEqual(lines.filter(line => /UID [13] MODSEQ/.test(line)).length, 2);
	assert.deepEqual([...server.mailbox('INBOX')!.flags(2)], ['\\Answered']);
	assert.ok(server.mailbox('INBOX')!.flags(3).has('\\Deleted'));
});

test('STORE tells the new flags, SILENT does not, others hear of both', async () => {
	const other = await Dialogue.loggedIn(server.port);
	await client.ok('SELECT INBOX');
	await other.ok('SELECT INBOX');
	assert.deepEqual(await client.ok('STORE 1 FLAGS (\\Flagged $Later)'), [
		'* 1 FETCH (FLAGS (\\Flagged $Later))',
		'OK Store completed.',
	]);
	assert.deepEqual(await client.ok('UID STORE 2 -FLAGS.SILENT \\Seen'), ['OK UID Store completed.']);
	assert.deepEqual((await other.ok('NOOP')).slice(0, -1), [
		'* 1 FETCH (FLAGS (\\Flagged $Later))',
		'* 2 FETCH (FLAGS ())',
	]);
	other.close();
});

test('what others changed of a message is told to who changes it in silence', async () => {
	const other = await Dialogue.loggedIn(server.port);
	await client.ok('SELECT INBOX');
	await other.ok('SELECT INBOX');
	await other.ok('STORE 3 FLAGS.SILENT (\\Flagged)');
	assert.deepEqual(await client.ok('UID STORE 3 +FLAGS.SILENT ($Later)'), [
		'* 3 FETCH (FLAGS (\\Flagged $Later))',
		'OK UID Store completed.',
	]);
	other.close();
});

test('MOVE says where messages went and takes them away', async () => {
	await client.ok('SELECT INBOX');
	assert.deepEqual(await client.ok('UID MOVE 3:4,99 Other'), [
		'* OK [COPYUID 78 3:4 1:2] Moved UIDs.',
		'* 3 EXPUNGE',
		'* 3 EXPUNGE',
		'OK Move completed.',
	]);
	assert.equal(server.mailbox('Other')!.uids.count, 2);
	assert.match((await client.ask('UID MOVE 5 Nowhere')).at(-1)!, /^NO \[TRYCREATE\]/);
	assert.equal(server.mailbox('INBOX')!.uids.count, 18);
});

test('COPY keeps flags and the original, byte for byte', async () => {
	await client.ok('SELECT INBOX');
	await client.ok('STORE 5 FLAGS (\\Flagged)');
	assert.deepEqual(await client.ok('COPY 5 Other'), ['OK [COPYUID 78 5 1] Copy completed.']);
	const before = row((await client.ok('FETCH 5 (BODY.PEEK[] FLAGS)'))[0]!);
	await client.ok('SELECT Other');
	assert.deepEqual(row((await client.ok('FETCH 1 (BODY.PEEK[] FLAGS)'))[0]!), before);
});

test('UID EXPUNGE removes only what is named and marked', async () => {
	await client.ok('SELECT INBOX');
	await client.ok('STORE 1:3 +FLAGS.SILENT (\\Deleted)');
	assert.deepEqual(await client.ok('UID EXPUNGE 2,9'), ['* 2 EXPUNGE', 'OK Expunge completed.']);
	assert.deepEqual((await client.ok('EXPUNGE')).slice(0, -1), ['* 1 EXPUNGE', '* 1 EXPUNGE']);
});

test('UNSELECT leaves marked messages alone, CLOSE does not', async () => {
	await client.ok('SELECT INBOX');
	await client.ok('STORE 1 +FLAGS.SILENT (\\Deleted)');
	await client.ok('UNSELECT');
	assert.equal(server.mailbox('INBOX')!.uids.count, 20);
	await client.ok('SELECT INBOX');
	await client.ok('CLOSE');
	assert.equal(server.mailbox('INBOX')!.uids.count, 19);
});

test('APPEND keeps the bytes, flags and date and says the UID', async () => {
	const message = 'Subject: draft\r\n\r\n\u00ff\u0080 binary\r\n';
	const command = `APPEND Other (\\Seen $Mine) " 1-Feb-2026 10:00:00 +0100" {${message.length}+}\r\n${message}`;
	assert.deepEqual(await client.ok(command), ['OK [APPENDUID 78 1] Append completed.']);
	assert.match((await client.ask(`APPEND Nowhere {${message.length}+}\r\n${message}`)).at(-1)!, /^NO \[TRYCREATE\]/);
	await client.ok('SELECT Other');
	const items = row((await client.ok('FETCH 1 (BODY.PEEK[] FLAGS INTERNALDATE)'))[0]!);
	assert.equal(items.get('BODY[]'), message);
	assert.deepEqual(items.get('FLAGS'), ['\\Seen', '$Mine']);
	assert.equal(items.get('INTERNALDATE'), ' 1-Feb-2026 09:00:00 +0000');
});

test('another UIDVALIDITY ends the connections that have the mailbox selected', async () => {
	await client.ok('SELECT INBOX');
	server.expunge('INBOX', 1);
	server.setUidValidity('INBOX', 99);
	await client.until(/^\* BYE/);
	await client.ended();
	const next = await Dialogue.loggedIn(server.port);
	const lines = await next.ok('SELECT INBOX');
	assert.ok(lines.includes('* OK [UIDVALIDITY 99] UIDs valid'));
	assert.ok(lines.includes('* 19 EXISTS'));
	assert.equal(row((await next.ok('FETCH 1 (UID ENVELOPE)'))[0]!).get('UID'), '1');
	next.close();
});
