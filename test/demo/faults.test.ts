/** Each fault does what its description says, as often as it is asked to. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer, virtualMailbox} from '../../source/demo/server.ts';
import {Dialogue, row} from './dialogue.ts';

let server: DemoServer;

beforeEach(async () => {
	server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: virtualMailbox({count: 20})},
			{name: 'Other', state: new MailboxState(8)},
		],
	});
});
afterEach(() => server.close());

const selected = async (): Promise<Dialogue> => {
	const client = await Dialogue.loggedIn(server.port);
	await client.ok('SELECT INBOX');
	return client;
};

test('a cut comes after exactly so many bytes', async () => {
	for (const afterBytes of [0, 1, 57, 400]) {
		server.faults.clear();
		server.faults.add({kind: 'cut', afterBytes, times: 1});
		const client = await Dialogue.open(server.port);
		client.say('1 LOGIN demo demo\r\n2 SELECT INBOX\r\n3 FETCH 1:* (ENVELOPE)\r\n');
		await client.ended();
		assert.equal(client.bytesReceived, afterBytes);
	}
	(await selected()).close();
});

test('a command cut before is not done, a command cut after is done and unanswered', async () => {
	server.faults.add({kind: 'cut-before', command: /^UID STORE 1 /, times: 1});
	server.faults.add({kind: 'cut-after', command: /^UID STORE 2 /, times: 1});
	for (const uid of [1, 2]) {
		const client = await selected();
		client.say(`x UID STORE ${uid} FLAGS (\\Flagged)\r\n`);
		await client.ended();
		assert.equal(client.waiting, '');
		assert.equal(server.mailbox('INBOX')!.flags(uid).has('\\Flagged'), uid === 2);
	}
});

test('a refusal is given as often as asked for and not obeyed', async () => {
	const client = await selected();
	server.faults.add({kind: 'refuse', command: /^UID STORE/, answer: 'NO', text: '[OVERQUOTA] Not today', times: 2});
	for (const expected of ['NO [OVERQUOTA] Not today', 'NO [OVERQUOTA] Not today', 'OK UID Store completed.']) {
		assert.equal((await client.ask('UID STORE 20 +FLAGS.SILENT (\\Seen)')).at(-1), expected);
	}
	server.faults.add({kind: 'refuse', command: /./, answer: 'BAD', text: 'What?'});
	assert.deepEqual(await client.ask('NOOP'), ['BAD What?']);
	server.faults.clear();
	await client.ok('NOOP');
	client.close();
});

test('BYE ends the connection instead of obeying', async () => {
	const client = await selected();
	server.faults.add({kind: 'bye', command: /^FETCH/, text: 'Maintenance'});
	client.say('x FETCH 1 (FLAGS)\r\n');
	assert.equal(await client.line(), '* BYE Maintenance');
	await client.ended();
});

test('a delayed command does not hold back what was answered before it', async () => {
	const client = await selected();
	server.faults.add({kind: 'delay', command: /^CHECK/, ms: 30});
	const started = performance.now();
	client.say('a NOOP\r\nb CHECK\r\n');
	assert.match(await client.line(), /^a OK/);
	assert.equal(client.waiting, '');
	assert.match(await client.line(), /^b OK/);
	assert.ok(performance.now() - started >= 29);
	client.close();
});

test('tagged replies of pipelined commands can come in another order', async () => {
	const client = await selected();
	server.faults.add({kind: 'reorder', command: /^UID FETCH 1 /});
	client.say('a UID FETCH 1 (UID)\r\nb UID FETCH 2 (UID)\r\n');
	assert.deepEqual(
		(await client.until(/^a /)).map(line => line.slice(0, 9)),
		['* 1 FETCH', '* 2 FETCH', 'b OK UID ', 'a OK UID '],
	);
	client.say('c UID FETCH 1 (UID)\r\n');
	assert.match((await client.until(/^c /)).at(-1)!, /^c OK/);
	client.close();
});

test('a command met with silence is not done, the next one is answered', async () => {
	const client = await selected();
	server.faults.add({kind: 'silence', command: /^UID STORE/, times: 1});
	client.say('a UID STORE 20 FLAGS (\\Deleted)\r\nb NOOP\r\n');
	assert.match(await client.line(), /^b OK/);
	assert.ok(!server.mailbox('INBOX')!.flags(20).has('\\Deleted'));
	client.close();
});

test('one row can be malformed or missing while its neighbours are whole', async () => {
	const client = await selected();
	server.faults.add({kind: 'malformed-row', uid: 2}, {kind: 'omit-row', uid: 3});
	const lines = await client.ok('UID FETCH 1:4 (UID FLAGS)');
	assert.deepEqual(lines.slice(0, 3), [
		'* 1 FETCH (UID 1 FLAGS (\\Seen))',
		'* 2 FETCH (UID 2 ("FLAGS (\\Seen)',
		'* 4 FETCH (UID 4 FLAGS (\\Seen))',
	]);
	client.close();
});

test('a malformed BODYSTRUCTURE has matching parentheses and no meaning', async () => {
	const client = await selected();
	server.faults.add({kind: 'malformed-structure', uid: 1});
	const items = row((await client.ok('UID FETCH 1 (BODYSTRUCTURE FLAGS)'))[0]!);
	assert.equal((items.get('BODYSTRUCTURE') as unknown[])[0], null);
	assert.deepEqual(items.get('FLAGS'), ['\\Seen']);
	client.close();
});

test('a literal can be longer than what was asked for', async () => {
	const client = await selected();
	server.faults.add({kind: 'long-literal', extraBytes: 100, times: 1});
	const ask = async () => row((await client.ok('UID FETCH 1 (BODY.PEEK[]<0.50>)'))[0]!).get('BODY[]<0>') as string;
	assert.equal((await ask()).length, 150);
	assert.equal((await ask()).length, 50);
	client.close();
});

test('a range can be answered with all of the section, with less of it, with nothing, or with other octets', async () => {
	const client = await selected();
	const ask = async () => row((await client.ok('UID FETCH 1 (BODY.PEEK[]<10.50>)'))[0]!);
	const honest = (await ask()).get('BODY[]<10>') as string;
	server.faults.add({kind: 'whole-section', times: 1});
	const whole = (await ask()).get('BODY[]') as string;
	assert.equal(whole.slice(10, 60), honest);
	server.faults.add({kind: 'short-section', mostBytes: 20, times: 1}, {kind: 'short-section', mostBytes: 0, times: 1});
	assert.equal((await ask()).get('BODY[]<10>'), honest.slice(0, 20));
	assert.equal((await ask()).get('BODY[]<10>'), '');
	server.faults.add({kind: 'other-octets', times: 1});
	const other = (await ask()).get('BODY[]<10>') as string;
	assert.equal(other.length, 50);
	assert.notEqual(other, honest);
	assert.equal((await ask()).get('BODY[]<10>'), honest);
	client.close();
});

test('a structure can announce other sizes than its parts have', async () => {
	const client = await selected();
	const sizes = async () => [
		...(await client.ok('UID FETCH 1 (BODYSTRUCTURE)'))[0]!.toString().matchAll(/"(?:7|8)bit" (\d+)/gi),
	];
	const [honest] = await sizes();
	server.faults.add({kind: 'false-size', addBytes: 1000, times: 1});
	const [lying] = await sizes();
	assert.equal(Number(lying?.[1]), Number(honest?.[1]) + 1000);
	client.close();
});

test('a cut in the middle of an answer comes after so many bytes of it, and never after its tagged reply', async () => {
	for (const afterBytes of [0, 1, 40, 100_000]) {
		const client = await selected();
		const before = client.bytesReceived;
		server.faults.add({kind: 'cut-within', command: /^UID MOVE/, afterBytes, times: 1});
		client.say(`x UID MOVE ${server.mailbox('INBOX')!.uids.last} Other\r\n`);
		await client.ended();
		assert.ok(client.bytesReceived - before <= afterBytes);
		if (afterBytes < 100) assert.equal(client.bytesReceived - before, afterBytes);
		assert.doesNotMatch(client.waiting, /^x /m);
	}
	assert.equal(server.mailbox('Other')!.uids.count, 4);
});

test('where the new UIDs are kept back, a copy and an APPEND are done all the same', async () => {
	const client = await selected();
	server.faults.add({kind: 'no-new-uids', command: /^(UID COPY|APPEND)/, times: 2});
	assert.deepEqual(await client.ok('UID COPY 1 Other'), ['OK Copy completed.']);
	assert.deepEqual(await client.ok('APPEND Other {3+}\r\na\r\n'), ['OK Append completed.']);
	assert.equal(server.mailbox('Other')!.uids.count, 2);
	assert.match((await client.ok('UID COPY 1 Other')).at(-1)!, /COPYUID/);
	client.close();
});

test('a mailbox can be without change numbers, and says so', async () => {
	const client = await Dialogue.loggedIn(server.port);
	server.faults.add({kind: 'no-modseq', command: /^SELECT INBOX/, times: 1});
	await client.ok('ENABLE QRESYNC');
	const opened = (await client.ok('SELECT INBOX (QRESYNC (1 1))')).join('\n');
	assert.match(opened, /NOMODSEQ/);
	assert.doesNotMatch(opened, /HIGHESTMODSEQ|VANISHED/);
	client.close();
});

test('a message goes before the command that asks for it, and its EXPUNGE comes before the answer', async () => {
	const client = await selected();
	const {uidValidity} = server.mailbox('INBOX')!;
	server.faults.add({kind: 'expunge', command: /^UID FETCH/, mailbox: 'INBOX', uidValidity, expunged: 2, times: 1});
	assert.deepEqual(await client.ok('UID FETCH 2 (FLAGS)'), [
		'* 2 EXPUNGE',
		'OK [EXPUNGEISSUED] Some messages were already expunged.',
	]);
});

test('a mailbox is made anew before a command that is not obeyed any more', async () => {
	const client = await selected();
	const other = await Dialogue.loggedIn(server.port);
	server.faults.add({kind: 'rebuild', command: /^UID STORE/, mailbox: 'INBOX', uidValidity: 4711, times: 1});
	client.say('x UID STORE 1 +FLAGS (\\Deleted)\r\n');
	await client.ended();
	assert.match(client.waiting, /^\* BYE/);
	assert.ok(!server.mailbox('INBOX')!.flags(1).has('\\Deleted'));
	assert.match((await other.ok('SELECT INBOX')).join('\n'), /UIDVALIDITY 4711/);
	other.close();
});
