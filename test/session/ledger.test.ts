/**
 * The ledger says to the byte what a line in between counts, whatever runs on top of it; and survives the run.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, type TestContext, test} from 'node:test';
import {startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {type Ledger, purposes, totalBytes, type Usage} from '../../source/model/usage.ts';
import {LedgerStore} from '../../source/store/ledger.ts';
import {inboxOf, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {type Dovecot, startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {noise} from '../helpers/noise.ts';
import {otherClient} from '../helpers/other-client.ts';
import {newest, type Opened, type OpenOptions, openSession} from '../helpers/session.ts';
import {tlsIdentity} from '../helpers/tls-identity.ts';
import {until} from '../helpers/waiting.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-ledger-'));
const certificateFile = path.join(folder, 'cert.pem');
before(() => fs.writeFileSync(certificateFile, tlsIdentity.cert));
after(() => fs.rmSync(folder, {recursive: true}));

const lines = [
	{name: 'in cleartext', security: 'none', isCompressed: false},
	{name: 'under DEFLATE', security: 'none', isCompressed: true},
	{name: 'under TLS', security: 'tls', isCompressed: false},
	{name: 'under TLS and DEFLATE', security: 'tls', isCompressed: true},
	{name: 'under STARTTLS and DEFLATE', security: 'starttls', isCompressed: true},
] as const;
type Line = (typeof lines)[number];

const accountOn = ({security, isCompressed}: Line, user: string) => ({
	security,
	host: security === 'none' ? '127.0.0.1' : 'localhost',
	certificateFile: security === 'none' ? '' : certificateFile,
	disabledCapabilities: isCompressed ? [] : ['COMPRESS=DEFLATE'],
	user,
});

const sum = (usage: Usage): number => purposes.reduce((bytes, purpose) => bytes + usage.byPurpose[purpose], 0);
const sumOfMailboxes = (usage: Usage): number => [...usage.byMailbox.values()].reduce((a, b) => a + b, 0);

/** Rows, a text, a part, news waited for, and away. */
async function use({session}: Opened, isCompressed: boolean): Promise<void> {
	const rows = await newest(session.mailbox(inbox), 10);
	const row = rows.at(-1);
	assert.ok(row);
	const message = session.message(row.id);
	message.ensureContent();
	const {structure} = await until(message.content, content => content.state === 'known');
	assert.ok(structure);
	message.choose(structure.children.slice(1).map(part => part.number));
	await session.settled();
	session.look();
	await session.settled();
	assert.equal(session.link.get().isCompressed, isCompressed);
	await session.close();
}

/** What the session has counted is what went over the line: the login, the leaving and the end of TLS too. */
async function isExact(context: TestContext, options: OpenOptions, isCompressed: boolean): Promise<Ledger> {
	const opened = await openSession(context, options);
	const {session, line} = opened;
	await use(opened, isCompressed);
	const usage = session.usage.get();
	const ledger = session.ledger.get();
	assert.deepEqual([usage.upBytes, usage.downBytes], [line.bytesUp, line.bytesDown], 'up, down');
	// A line sees what crosses on it in another order than its ends. The session tickets of TLS 1.3 come unasked (RFC 8446
	// §4.6.1): what the client says before it has read them is one turn more to a line that has passed them on. And what the
	// client says between two pieces of an answer is one less to a line that has passed both, each time: twice was seen.
	const crossed = line.turns - usage.turns;
	assert.ok(crossed <= 1 && crossed >= -3, `${crossed} turns crossed of ${usage.turns}`);
	for (const each of [usage, ledger.connection, ledger.today, ledger.ever]) {
		assert.equal(totalBytes(each), line.bytesUp + line.bytesDown);
		assert.equal(sum(each), totalBytes(each), 'every byte has a purpose');
		assert.equal(sumOfMailboxes(each), totalBytes(each), 'and a mailbox, or none');
	}
	assert.equal(ledger.lastHours.at(-1), totalBytes(usage));
	for (const purpose of ['connect', 'rows', 'structure', 'parts', 'waiting'] as const)
		assert.ok(usage.byPurpose[purpose] > 0, purpose);
	assert.ok(usage.byPurpose.parts > 40_000, `${usage.byPurpose.parts} for a part of 60 kB`);
	assert.ok((usage.byMailbox.get(inbox) ?? 0) > usage.byPurpose.parts);
	return ledger;
}

/** As a file beside a text. */
const withFile = letter({subject: 'A file', mime: mimeWithFiles('Above the file.', [['noise.bin', noise(45_000)]])});

describe('on the demo server the ledger is what the line carried', () => {
	for (const line of lines) {
		test(line.name, async context => {
			const server = await startDemoServer({
				mailboxes: inboxOf(letter({subject: 'Before'}), withFile),
				...(line.security === 'none' ? {} : {[line.security]: tlsIdentity}),
			});
			context.after(() => server.close());
			await isExact(context, {port: server.port, account: accountOn(line, 'demo')}, line.isCompressed);
		});
	}

	test('a line that was cut is counted, and the next one begins anew', async context => {
		const server = await startDemoServer();
		context.after(() => server.close());
		const {session, line} = await openSession(context, {port: server.port});
		await newest(session.mailbox(inbox), 10);
		await session.settled();
		const first = totalBytes(session.usage.get());
		assert.equal(first, line.bytesUp + line.bytesDown);
		line.cut();
		await until(session.link, link => link.state !== 'up');
		assert.equal(totalBytes(session.ledger.get().connection), first);
		await until(session.link, link => link.state === 'up');
		await session.settled();
		await session.close();
		assert.equal(totalBytes(session.usage.get()), line.bytesUp + line.bytesDown);
		assert.equal(totalBytes(session.ledger.get().connection), line.bytesUp + line.bytesDown - first);
	});

	test('a login that fails is counted', async context => {
		const server = await startDemoServer();
		context.after(() => server.close());
		const {session, line} = await openSession(context, {port: server.port, password: 'wrong'});
		session.dial();
		await until(session.link, link => link.state === 'hung-up' && link.because !== '');
		assert.ok(line.bytesDown > 0);
		assert.equal(totalBytes(session.usage.get()), line.bytesUp + line.bytesDown);
	});

	test('the next run goes on with the ledger of the one before', async context => {
		const server = await startDemoServer();
		context.after(() => server.close());
		const home = fs.mkdtempSync(path.join(folder, 'kept-'));
		const run = async (): Promise<number> => {
			const {session, line} = await openSession(context, {port: server.port, folder: home});
			await newest(session.mailbox(inbox), 10);
			await session.settled();
			await session.close();
			return line.bytesUp + line.bytesDown;
		};
		const spent = (await run()) + (await run());
		assert.equal(totalBytes(new LedgerStore(home).history().ever), spent);
	});

	test('a ledger that cannot be kept is one notice, and mail is read all the same', async context => {
		const server = await startDemoServer();
		context.after(() => server.close());
		const {session, line} = await openSession(context, {port: server.port, folder: '/dev/null/nowhere'});
		await newest(session.mailbox(inbox), 10);
		await session.settled();
		session.hangUp();
		await session.close();
		assert.match(session.notice.get()?.text ?? '', /ledger cannot be kept on disk/);
		assert.equal(totalBytes(session.ledger.get().today), line.bytesUp + line.bytesDown);
	});
});

describe('on Dovecot the ledger is what the line carried', {skip: withoutDovecot, timeout: 120_000}, () => {
	let dovecot: Dovecot;
	before(async () => {
		dovecot = await startDovecot();
		const other = await otherClient(dovecot.port, 'reader', dovecot.password);
		await other.append('INBOX', letter({subject: 'Before'}));
		await other.append('INBOX', withFile);
		other.close();
	});
	after(() => dovecot.stop());

	for (const line of lines) {
		test(line.name, async context => {
			const port = line.security === 'tls' ? dovecot.tlsPort : dovecot.port;
			const account = accountOn(line, 'reader');
			await isExact(context, {port, account, password: dovecot.password}, line.isCompressed);
		});
	}
});
