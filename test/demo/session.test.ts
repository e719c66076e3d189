/** The connection: logging in, protecting, compressing, and surviving bad input. */
import assert from 'node:assert/strict';
import {createHash, createHmac, pbkdf2Sync} from 'node:crypto';
import {after, before, test} from 'node:test';
import {type DemoServer, fullCapabilities, startDemoServer, virtualMailbox} from '../../source/demo/server.ts';
import {tlsIdentity} from '../helpers/tls-identity.ts';
import {Dialogue} from './dialogue.ts';

const small = () => [{name: 'INBOX', state: virtualMailbox({count: 20})}];
const base64 = (text: string) => Buffer.from(text).toString('base64');
let server: DemoServer;

before(async () => {
	server = await startDemoServer({mailboxes: small});
});
after(() => server.close());

const greeted = async (port = server.port) => {
	const client = await Dialogue.open(port);
	const greeting = await client.line();
	return {client, greeting};
};

test('the greeting and the OK of login carry what is announced then', async () => {
	const {client, greeting} = await greeted();
	assert.match(greeting, /^\* OK \[CAPABILITY IMAP4rev1 [^\]]*AUTH=PLAIN AUTH=SCRAM-SHA-256\]/);
	assert.doesNotMatch(greeting, /QRESYNC/);
	const [reply] = await client.ok(`AUTHENTICATE PLAIN ${base64('\0demo\0demo')}`);
	assert.match(reply!, /^OK \[CAPABILITY IMAP4rev1 [^\]]*QRESYNC/);
	assert.doesNotMatch(reply!, /AUTH=/);
	client.close();
});

test('a wrong password is refused and may be tried again', async () => {
	const {client} = await greeted();
	assert.match((await client.ask('LOGIN demo wrong')).at(-1)!, /^NO \[AUTHENTICATIONFAILED\]/);
	assert.match((await client.ask('LOGIN "demo" {4+}\r\ndemo')).at(-1)!, /^OK/);
	client.close();
});

test('PLAIN works without an initial response', async () => {
	const {client} = await greeted();
	client.say('a AUTHENTICATE PLAIN\r\n');
	assert.equal(await client.line(), '+ ');
	client.say(`${base64('\0demo\0demo')}\r\n`);
	assert.match(await client.line(), /^a OK/);
	client.close();
});

const scram = async (client: Dialogue, password: string): Promise<string> => {
	const first = 'n=demo,r=clientnonce';
	client.say(`a AUTHENTICATE SCRAM-SHA-256 ${base64(`n,,${first}`)}\r\n`);
	const challenge = Buffer.from((await client.line()).slice(2), 'base64').toString();
	const [, nonce, salt, rounds] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(challenge)!;
	const salted = pbkdf2Sync(password, Buffer.from(salt!, 'base64'), Number(rounds), 32, 'sha256');
	const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
	const clientKey = hmac(salted, 'Client Key');
	const stored = createHash('sha256').update(clientKey).digest();
	const bare = `c=${base64('n,,')},r=${nonce}`;
	const all = `${first},${challenge},${bare}`;
	const signature = hmac(stored, all);
	const proof = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!)).toString('base64');
	client.say(`${base64(`${bare},p=${proof}`)}\r\n`);
	const answer = await client.line();
	if (!answer.startsWith('+')) return answer;
	const expected = `v=${hmac(hmac(salted, 'Server Key'), all).toString('base64')}`;
	assert.equal(Buffer.from(answer.slice(2), 'base64').toString(), expected);
	client.say('\r\n');
	return client.line();
};

test('SCRAM-SHA-256 proves the password both ways', async () => {
	const {client} = await greeted();
	assert.match(await scram(client, 'wrong'), /^a NO/);
	assert.match(await scram(client, 'demo'), /^a OK/);
	client.close();
});

test('the mechanisms that are announced work, the others are refused', async () => {
	const capabilities = ['IMAP4rev1', 'SASL-IR', 'AUTH=LOGIN', 'AUTH=XOAUTH2', 'AUTH=OAUTHBEARER', 'AUTH=ANONYMOUS'];
	const other = await startDemoServer({mailboxes: small, capabilities});
	const attempts = [
		['XOAUTH2', 'user=demo\u0001auth=Bearer demo\u0001\u0001'],
		['OAUTHBEARER', 'n,a=demo,\u0001auth=Bearer demo\u0001\u0001'],
		['ANONYMOUS', 'guest'],
	] as const;
	for (const [mechanism, first] of attempts) {
		const {client} = await greeted(other.port);
		await client.ok(`AUTHENTICATE ${mechanism} ${base64(first)}`);
		client.close();
	}
	const {client} = await greeted(other.port);
	assert.match((await client.ask(`AUTHENTICATE PLAIN ${base64('\0demo\0demo')}`)).at(-1)!, /^NO/);
	client.say(`x AUTHENTICATE XOAUTH2 ${base64('user=demo\u0001auth=Bearer no\u0001\u0001')}\r\n`);
	assert.match(await client.line(), /^\+ eyJ/);
	client.say('\r\n');
	assert.match(await client.line(), /^x NO/);
	client.say('y AUTHENTICATE LOGIN\r\n');
	assert.equal(await client.line(), `+ ${base64('Username:')}`);
	client.say(`${base64('demo')}\r\n`);
	assert.equal(await client.line(), `+ ${base64('Password:')}`);
	client.say(`${base64('demo')}\r\n`);
	assert.match(await client.line(), /^y OK/);
	client.close();
	await other.close();
});

test('an anonymous user may read and nothing else', async () => {
	const other = await startDemoServer({mailboxes: small, capabilities: [...fullCapabilities, 'AUTH=ANONYMOUS']});
	const {client} = await greeted(other.port);
	await client.ok(`AUTHENTICATE ANONYMOUS ${base64('x')}`);
	assert.match((await client.ok('SELECT INBOX')).at(-1)!, /\[READ-ONLY\]/);
	assert.match((await client.ask('UID STORE 1 +FLAGS (\\Seen)')).at(-1)!, /^NO/);
	client.close();
	await other.close();
});

test('STARTTLS protects what follows, and forgets what was sent before the handshake', async () => {
	const other = await startDemoServer({
		mailboxes: small,
		starttls: tlsIdentity,
		capabilities: [...fullCapabilities, 'LOGINDISABLED'],
	});
	const {client, greeting} = await greeted(other.port);
	assert.match(greeting, /STARTTLS/);
	assert.match((await client.ask('LOGIN demo demo')).at(-1)!, /^NO \[PRIVACYREQUIRED\]/);
	client.say('s STARTTLS\r\ninjected NOOP\r\n');
	assert.match(await client.line(), /^s OK/);
	await client.startTls();
	assert.doesNotMatch((await client.ok('CAPABILITY'))[0]!, /STARTTLS|LOGINDISABLED/);
	await client.ok('LOGIN demo demo');
	client.close();
	await other.close();
});

test('TLS from the first byte', async () => {
	const other = await startDemoServer({mailboxes: small, tls: tlsIdentity});
	const client = await Dialogue.open(other.port, {tls: true});
	assert.match(await client.line(), /^\* OK/);
	await client.ok('LOGIN demo demo');
	client.close();
	await other.close();
});

test('COMPRESS=DEFLATE compresses both ways and is not offered twice', async () => {
	const client = await Dialogue.loggedIn(server.port);
	await client.ok('SELECT INBOX');
	const plainStart = client.bytesReceived;
	const plain = await client.ok('FETCH 1:20 (FLAGS ENVELOPE)');
	const plainBytes = client.bytesReceived - plainStart;
	await client.ok('COMPRESS DEFLATE');
	client.startDeflate();
	const start = client.bytesReceived;
	const deflated = await client.ok('FETCH 1:20 (FLAGS ENVELOPE)');
	assert.deepEqual(deflated.slice(0, -1), plain.slice(0, -1));
	assert.ok((client.bytesReceived - start) * 3 < plainBytes);
	assert.doesNotMatch((await client.ok('CAPABILITY'))[0]!, /COMPRESS/);
	client.close();
});

test('pipelined commands are answered in order, literals and all', async () => {
	const {client} = await greeted();
	client.say('1 LOGIN {4+}\r\ndemo {4+}\r\ndemo\r\n2 SELECT INBOX\r\n3 UID FETCH 20 (FLAGS)\r\n4 NOOP\r\n');
	const lines = await client.until(/^4 /);
	assert.deepEqual(
		lines.filter(line => /^\d/.test(line)).map(line => line.slice(0, 4)),
		['1 OK', '2 OK', '3 OK', '4 OK'],
	);
	client.close();
});

test('a synchronising literal waits for the go-ahead', async () => {
	const client = await Dialogue.loggedIn(server.port);
	client.say('a SELECT {5}\r\n');
	assert.equal(await client.line(), '+ OK');
	client.say('INBOX\r\n');
	await client.until(/^a OK/);
	client.close();
});

test('bad syntax is answered BAD and the connection lives on', async () => {
	const client = await Dialogue.loggedIn(server.port);
	await client.ok('SELECT INBOX');
	const broken = [
		'',
		'FETCH',
		'FETCH 1',
		'FETCH 0 (FLAGS)',
		'FETCH 1 (FLAGS',
		'FETCH 1 (BODY[1.HEADER.FIELDS (])',
		'FETCH 1 (BODY.PEEK[]<1>)',
		'FETCH 99 (FLAGS)',
		'UID FETCH x FLAGS',
		'STORE 1 FLAGZ (\\Seen)',
		'SEARCH NONSENSE',
		'SEARCH SINCE yesterday',
		'SELECT "unfinished',
		'LIST "" "*" RETURN (STATUS (WEATHER))',
		'UID',
		'\u0000\u0001',
		'APPEND INBOX notaliteral',
		'ENABLE(',
	];
	for (const command of broken) assert.match((await client.ask(command)).at(-1)!, /^BAD/, command);
	await client.ok('NOOP');
	client.say('\r\n');
	assert.match(await client.line(), /^\* BAD/);
	client.close();
});

test('what is not announced is refused with BAD', async () => {
	const other = await startDemoServer({mailboxes: small, capabilities: ['IMAP4rev1']});
	const client = await Dialogue.loggedIn(other.port);
	await client.ok('SELECT INBOX');
	const refused = [
		'ID NIL',
		'ENABLE CONDSTORE',
		'IDLE',
		'COMPRESS DEFLATE',
		'NAMESPACE',
		'UNSELECT',
		'UID MOVE 1 INBOX',
		'UID EXPUNGE 1',
		'FETCH 1 (MODSEQ)',
		'FETCH 1 (PREVIEW)',
		'FETCH 1 (BINARY.PEEK[1])',
		'FETCH 1 (FLAGS) (CHANGEDSINCE 1)',
		'SELECT INBOX (CONDSTORE)',
		'STATUS INBOX (SIZE)',
		'STATUS INBOX (HIGHESTMODSEQ)',
		'LIST "" "*" RETURN (STATUS (MESSAGES))',
		'SEARCH RETURN (COUNT) ALL',
		'SEARCH MODSEQ 1',
	];
	for (const command of refused) assert.match((await client.ask(command)).at(-1)!, /^BAD/, command);
	assert.doesNotMatch((await client.ok('SELECT INBOX')).join('\n'), /MODSEQ/);
	client.close();
	await other.close();
});

test('commands in the wrong state are refused', async () => {
	const {client} = await greeted();
	assert.match((await client.ask('SELECT INBOX')).at(-1)!, /^BAD/);
	await client.ok('LOGIN demo demo');
	assert.match((await client.ask('LOGIN demo demo')).at(-1)!, /^BAD/);
	assert.match((await client.ask('FETCH 1 (FLAGS)')).at(-1)!, /^BAD/);
	assert.match((await client.ask('SELECT Nowhere')).at(-1)!, /^NO \[NONEXISTENT\]/);
	const lines = await client.ok('LOGOUT');
	assert.match(lines[0]!, /^\* BYE/);
	await client.ended();
});

test('a frozen server accepts and is silent until it thaws', async () => {
	const client = await Dialogue.loggedIn(server.port);
	server.freeze();
	const late = await Dialogue.open(server.port);
	client.say('a NOOP\r\n');
	late.say('b NOOP\r\n');
	await new Promise(resolve => setImmediate(resolve));
	assert.equal(client.waiting + late.waiting, '');
	server.thaw();
	assert.match(await client.line(), /^a OK/);
	assert.match(await late.line(), /^\* OK/);
	assert.match(await late.line(), /^b OK/);
	server.cut();
	await client.ended();
	await late.ended();
});

test('who closes his side after asking still gets every answer', async () => {
	const {client} = await greeted();
	client.say('a LOGIN demo demo\r\nb SELECT INBOX\r\nc UID FETCH 1:* (UID)\r\n');
	client.finish();
	assert.equal((await client.until(/^c OK/)).filter(line => line.includes('FETCH (')).length, 20);
	await client.ended();
});

test('the transcript holds what both sides said', async () => {
	const other = await startDemoServer({mailboxes: small, isRecording: true});
	const client = await Dialogue.loggedIn(other.port);
	assert.deepEqual(
		other.transcript.map(({by, text}) => `${by}: ${text.slice(0, 18)}`),
		['server: * OK [CAPABILITY I', 'client: t1 LOGIN demo demo', 'server: t1 OK [CAPABILITY '],
	);
	client.close();
	await other.close();
});

test('a keyword is the same in any case, and keeps the spelling it was first given', async t => {
	const server = await startDemoServer();
	const client = await Dialogue.loggedIn(server.port);
	t.after(async () => {
		client.close();
		await server.close();
	});
	await client.ok('SELECT INBOX');
	assert.match((await client.ok('UID STORE 20 FLAGS ($Later)')).join(), /FLAGS \(\$Later\)/);
	assert.match((await client.ok('UID STORE 20 +FLAGS ($LATER)')).join(), /FLAGS \(\$Later\)/);
	assert.match((await client.ok('UID STORE 20 -FLAGS ($later)')).join(), /FLAGS \(\)/);
});
