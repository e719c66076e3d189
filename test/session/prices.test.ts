/**
 * A price is what it will cost: never under what the ledger then says, and within 5 % of it for parts of 20 kB and more
 * that do not compress; on the demo server and on Dovecot, whatever runs on top of the line.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, type TestContext, test} from 'node:test';
import {startBadLink} from '../../source/demo/link.ts';
import {startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {totalBytes} from '../../source/model/usage.ts';
import {inboxOf, letter} from '../helpers/bonsai-on.ts';
import {type Dovecot, startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {noise} from '../helpers/noise.ts';
import {otherClient} from '../helpers/other-client.ts';
import {newest, type OpenOptions, openSession} from '../helpers/session.ts';
import {tlsIdentity} from '../helpers/tls-identity.ts';
import {until} from '../helpers/waiting.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-prices-'));
const certificateFile = path.join(folder, 'cert.pem');
before(() => fs.writeFileSync(certificateFile, tlsIdentity.cert));
after(() => fs.rmSync(folder, {recursive: true}));

const lines = [
	{security: 'none', without: ['COMPRESS=DEFLATE']},
	{security: 'none', without: ['COMPRESS=DEFLATE', 'BINARY']},
	{security: 'none', without: []},
	{security: 'none', without: ['BINARY']},
	{security: 'tls', without: ['COMPRESS=DEFLATE']},
	{security: 'tls', without: []},
] as const;
type Line = (typeof lines)[number];

const nameOf = ({security, without}: Line): string =>
	[security === 'tls' ? 'with TLS' : 'in cleartext', ...without.map(name => `without ${name}`)].join(', ');

const base64 = (octets: Buffer, columns: number): string =>
	octets.toString('base64').replaceAll(new RegExp(`.{${columns}}`, 'g'), '$&\n');

/** A text, photographs of several sizes and line lengths, and a long text at the end. */
const parts = [
	{size: 20_500, columns: 76},
	{size: 60_000, columns: 72},
	{size: 150_000, columns: 64},
	{size: 750_000, columns: 76},
];
const longText = Array.from({length: 4000}, (_, line) => `Line ${line} of a long text, with words in it.`).join('\n');
const message = letter({
	subject: 'Photographs',
	mime: [
		'Content-Type: multipart/mixed; boundary=limit',
		'',
		...['Content-Type: text/plain\n\nThe photographs.'],
		...parts.map(
			({size, columns}) =>
				`Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n${base64(noise(size, size), columns)}`,
		),
		`Content-Type: text/plain\nContent-Disposition: attachment; filename=long.txt\n\n${longText}`,
	]
		.flatMap((part, index) => (index < 2 ? [part] : ['--limit', part]))
		.concat('--limit--', '')
		.join('\n'),
});

async function pricesHold(context: TestContext, line: Line, options: OpenOptions): Promise<void> {
	const {security, without} = line;
	const {session} = await openSession(context, {
		...options,
		account: {
			...options.account,
			security,
			host: security === 'tls' ? 'localhost' : '127.0.0.1',
			certificateFile: security === 'tls' ? certificateFile : '',
			disabledCapabilities: without,
		},
	});
	const row = (await newest(session.mailbox(inbox), 5)).at(-1);
	assert.ok(row);
	const opened = session.message(row.id);
	opened.ensureContent();
	const {structure} = await until(opened.content, content => content.state === 'known');
	await session.settled();
	const files = structure?.children.slice(1) ?? [];
	assert.equal(files.length, parts.length + 1);
	for (const part of files) {
		const price = opened.price([part.number]);
		const before = totalBytes(session.usage.get());
		opened.choose([part.number]);
		await session.settled();
		assert.equal(opened.price([part.number]).bytes, 0, 'it is here');
		const spent = totalBytes(session.usage.get()) - before;
		const words = `part ${part.number}, ${part.sizeBytes} octets: ${price.bytes} bytes for ${spent}`;
		assert.ok(price.bytes >= spent, words);
		if (!price.isAtMost) assert.ok(price.bytes <= spent * 1.05, words);
		else assert.ok(session.link.get().isCompressed, words);
	}
	assert.equal(files.map(part => opened.price([part.number]).isAtMost).includes(true), false);
}

describe('prices on the demo server', () => {
	for (const line of lines) {
		test(nameOf(line), async context => {
			const server = await startDemoServer({
				mailboxes: inboxOf(message),
				...(line.security === 'tls' ? {tls: tlsIdentity} : {}),
			});
			context.after(() => server.close());
			await pricesHold(context, line, {port: server.port});
		});
	}
});

test('a price holds on a slow line too, where chunks are small', async context => {
	const server = await startDemoServer({mailboxes: inboxOf(message)});
	const slow = await startBadLink({targetPort: server.port, bitsPerSecond: 200_000, roundTripMs: 60});
	context.after(async () => {
		await slow.close();
		await server.close();
	});
	const {session} = await openSession(context, {
		port: slow.port,
		account: {disabledCapabilities: ['COMPRESS=DEFLATE']},
	});
	const row = (await newest(session.mailbox(inbox), 5)).at(-1);
	assert.ok(row);
	const opened = session.message(row.id);
	opened.ensureContent();
	const {structure} = await until(opened.content, content => content.state === 'known');
	await session.settled();
	const [part] = structure?.children.slice(1) ?? [];
	assert.ok(part);
	const price = opened.price([part.number]);
	const before = totalBytes(session.usage.get());
	opened.choose([part.number]);
	await session.settled();
	const spent = totalBytes(session.usage.get()) - before;
	assert.ok(price.bytes >= spent && price.bytes <= spent * 1.05, `${price.bytes} bytes for ${spent}`);
});

describe('prices on Dovecot', {skip: withoutDovecot, timeout: 120_000}, () => {
	let dovecot: Dovecot;
	before(async () => {
		dovecot = await startDovecot();
		const other = await otherClient(dovecot.port, 'reader', dovecot.password);
		await other.append('INBOX', message);
		other.close();
	});
	after(() => dovecot.stop());

	for (const line of lines) {
		test(nameOf(line), async context => {
			const port = line.security === 'tls' ? dovecot.tlsPort : dovecot.port;
			await pricesHold(context, line, {port, password: dovecot.password, account: {user: 'reader'}});
		});
	}
});
