/** FETCH: what comes, how much of it, and what it costs. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {base64Run, noise} from '../../source/demo/bytes.ts';
import {type DemoServer, demoMailboxes, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {Dialogue, row, type Token} from './dialogue.ts';

let server: DemoServer;
let client: Dialogue;

before(async () => {
	server = await startDemoServer({
		mailboxes: () => [...demoMailboxes(), {name: 'Scratch', state: new MailboxState(7)}],
	});
	client = await Dialogue.loggedIn(server.port);
	await client.ok('EXAMINE INBOX');
});
after(async () => {
	client.close();
	await server.close();
});

const search = async (key: string): Promise<string> =>
	(await client.ok(`UID SEARCH ${key}`))[0]!.slice('* SEARCH '.length);

/** As another client would; ours is told of it first. */
const append = async (raw: string): Promise<number> => {
	const uid = server.append('Scratch', raw);
	await client.ok('NOOP');
	return uid;
};

const fetch = async (uid: string, items: string): Promise<Map<string, Token>> =>
	row((await client.ok(`UID FETCH ${uid} (${items})`))[0]!);

test('the lecture is about 2,000 bytes of text beside a 40 MB video', async () => {
	const uid = await search('SUBJECT "lecture recording"');
	const items = await fetch(uid, 'BODYSTRUCTURE RFC822.SIZE BINARY.SIZE[2]');
	const [text, video] = items.get('BODYSTRUCTURE') as Token[][];
	assert.equal(text![0], 'text');
	assert.ok(Number(text![6]) > 1800 && Number(text![6]) < 2500);
	assert.deepEqual(video!.slice(0, 2), ['video', 'mp4']);
	assert.equal(items.get('BINARY.SIZE[2]'), '40000000');
	assert.ok(Number(items.get('RFC822.SIZE')) > 54_000_000);
});

test('a range of the 40 MB video is the same bytes however it is cut, and costs only the range', async () => {
	const uid = await search('SUBJECT "lecture recording"');
	const whole = (await fetch(uid, 'BINARY.PEEK[2]<39000000.5000>')).get('BINARY[2]<39000000>') as string;
	assert.equal(whole.length, 5000);
	const started = performance.now();
	let pieces = '';
	for (let at = 39_000_000; at < 39_005_000; at += 500) {
		pieces += (await fetch(uid, `BINARY.PEEK[2]<${at}.500>`)).get(`BINARY[2]<${at}>`) as string;
	}
	assert.equal(pieces, whole);
	assert.ok(performance.now() - started < 2000);
	const end = (await fetch(uid, 'BINARY.PEEK[2]<39999990.500>')).get('BINARY[2]<39999990>') as string;
	assert.equal(end.length, 10);
	assert.equal((await fetch(uid, 'BINARY.PEEK[2]<40000000.5>')).get('BINARY[2]<40000000>'), '');
});

test('the encoded body of the video decodes to its content', async () => {
	const uid = await search('SUBJECT "lecture recording"');
	const encoded = (await fetch(uid, 'BODY.PEEK[2]<780000.7800>')).get('BODY[2]<780000>') as string;
	const content = (await fetch(uid, 'BINARY.PEEK[2]<570000.5700>')).get('BINARY[2]<570000>') as string;
	assert.equal(Buffer.from(encoded, 'base64').toString('latin1'), content);
});

test('a computed base64 run is what encoding its bytes would give', () => {
	for (const size of [0, 1, 2, 3, 56, 57, 58, 114, 1000, 5701]) {
		const bytes = noise(size, 9, Buffer.from('%PDF-1.7'));
		const expected = bytes
			.read(0, size)
			.toString('base64')
			.replace(/(.{76})(?=.)/g, '$1\r\n');
		const run = base64Run(bytes);
		assert.equal(run.sizeBytes, expected.length);
		assert.equal(run.read(0, run.sizeBytes).toString(), expected);
		assert.equal(run.read(70, 90).toString(), expected.slice(70, 90));
		assert.equal(run.lineEnds, expected.split('\r\n').length - 1);
	}
});

test('sections of a message inside a message inside a message are found by their numbers', async () => {
	const uid = await search('SUBJECT "Fwd: Fwd: Fwd: Whose cat"');
	const items = await fetch(
		uid,
		'BODY.PEEK[2.HEADER.FIELDS (SUBJECT)] BODY.PEEK[2.2.HEADER.FIELDS (SUBJECT)] BODY.PEEK[2.2.2.HEADER.FIELDS (SUBJECT)] BODY.PEEK[2.2.2.1] BODY.PEEK[2.2.2.2.MIME]',
	);
	assert.deepEqual(
		[...items.values()].slice(1, 4),
		['Fwd: Fwd: Whose cat is this?', 'Fwd: Whose cat is this?', 'Whose cat is this?'].map(
			text => `Subject: ${text}\r\n\r\n`,
		),
	);
	assert.match(items.get('BODY[2.2.2.1]') as string, /sits on our roof/);
	assert.match(items.get('BODY[2.2.2.2.MIME]') as string, /cat-on-roof\.jpg/);
});

test('header, text and the whole message fit together', async () => {
	const uid = await search('SUBJECT "Invitation: ship"');
	const items = await fetch(uid, 'BODY.PEEK[] BODY.PEEK[HEADER] BODY.PEEK[TEXT] RFC822.SIZE RFC822.HEADER');
	const whole = items.get('BODY[]') as string;
	assert.equal(whole, `${items.get('BODY[HEADER]')}${items.get('BODY[TEXT]')}`);
	assert.equal(items.get('RFC822.HEADER'), items.get('BODY[HEADER]'));
	assert.equal(String(whole.length), items.get('RFC822.SIZE'));
});

test('BINARY undoes quoted-printable and base64, and says when it cannot', async () => {
	await client.ok('SELECT Scratch');
	const raw = [
		'Content-Type: multipart/mixed; boundary=x',
		'',
		'--x',
		'Content-Type: text/plain; charset=utf-8',
		'Content-Transfer-Encoding: quoted-printable',
		'',
		'caf=C3=A9 =',
		'au lait',
		'--x',
		'Content-Type: application/octet-stream',
		'Content-Transfer-Encoding: base64',
		'',
		'AAEC',
		'--x',
		'Content-Transfer-Encoding: x-unheard-of',
		'',
		'what',
		'--x--',
	].join('\n');
	const uid = String(await append(raw));
	const items = await fetch(uid, 'BINARY.PEEK[1] BINARY.PEEK[2] BINARY.SIZE[1]');
	assert.equal(items.get('BINARY[1]'), 'caf\xc3\xa9 au lait');
	assert.equal(items.get('BINARY[2]'), '\x00\x01\x02');
	assert.equal(items.get('BINARY.SIZE[1]'), '13');
	assert.match((await client.ok(`UID FETCH ${uid} (BINARY.PEEK[2])`))[0]!, /BINARY\[2\] ~\{3\}/);
	assert.match((await client.ask(`UID FETCH ${uid} (BINARY.PEEK[3])`)).at(-1)!, /^NO \[UNKNOWN-CTE\]/);
	await client.ok('EXAMINE INBOX');
});

test('PEEK leaves a message unread; reading it without marks it and says so', async () => {
	await client.ok('SELECT Scratch');
	const uid = await append('Subject: a\n\nbody\n');
	await fetch(String(uid), 'BODY.PEEK[TEXT]');
	assert.deepEqual([...server.mailbox('Scratch')!.flags(uid)], []);
	assert.deepEqual((await fetch(String(uid), 'BODY[TEXT]')).get('FLAGS'), ['\\Seen']);
	await client.ok('EXAMINE Scratch');
	const other = await append('Subject: b\n\nbody\n');
	await client.ok(`UID FETCH ${other} (BODY[TEXT])`);
	assert.deepEqual([...server.mailbox('Scratch')!.flags(other)], []);
	await client.ok('EXAMINE INBOX');
});

test('PREVIEW is the first text on one line, in UTF-8', async () => {
	const uid = await search('SUBJECT "Line up until"');
	assert.match(
		(await fetch(uid, 'PREVIEW')).get('PREVIEW') as string,
		/^The satellite is above the horizon until 19:00, then/,
	);
	const japanese = await search(
		'CHARSET UTF-8 SUBJECT {21+}\r\n\u00e8\u00a6\u00b3\u00e6\u00b8\u00ac\u00e3\u0083\u0087\u00e3\u0083\u00bc\u00e3\u0082\u00bf\u00e3\u0081\u00ae\u00e4\u00bb\u00b6',
	);
	const text = (await fetch(japanese.split(' ').at(-1)!, 'PREVIEW')).get('PREVIEW') as string;
	assert.match(Buffer.from(text, 'latin1').toString('utf8'), /^アスケさん 田中です。/);
});

test('macros and the old names are understood', async () => {
	const [fast] = await client.ok('FETCH 1 FAST');
	assert.deepEqual([...row(fast!).keys()], ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE']);
	const [full] = await client.ok('FETCH 1 FULL');
	assert.deepEqual([...row(full!).keys()], ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY']);
	const [old] = await client.ok('FETCH * (RFC822.TEXT UID)');
	assert.deepEqual([...row(old!).keys()], ['RFC822.TEXT', 'UID']);
});
