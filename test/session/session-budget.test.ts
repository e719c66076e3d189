/**
 * A session budget: nothing leaves that could exceed what is left, unless the user says yes to it.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {type DemoServer, type DemoServerOptions, startDemoServer} from '../../source/demo/server.ts';
import {inbox, partNumber} from '../../source/model/ids.ts';
import {inboxOf, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {noise} from '../helpers/noise.ts';
import {newest, type Opened, type OpenOptions, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const long = Array.from({length: 900}, (_, line) => `Line ${line} of a text of some forty kilobytes.`).join('\n');
const withFile = letter({subject: 'A file', mime: mimeWithFiles(long, [['noise.bin', noise(60_000)]])});
/** As long as a header is asked for. */
const wordy = letter({subject: 'Long '.repeat(400), from: `${'Somebody '.repeat(100)}<a@example.org>`});

async function begin(
	context: TestContext,
	sessionBytes: number,
	{server: options = {}, ...more}: Partial<OpenOptions> & {server?: DemoServerOptions} = {},
): Promise<Opened & {server: DemoServer}> {
	const server = await startDemoServer({
		isRecording: true,
		mailboxes: inboxOf(...Array.from({length: 30}, () => wordy), withFile),
		...options,
	});
	context.after(() => server.close());
	return {server, ...(await openSession(context, {port: server.port, sessionBytes, ...more}))};
}

const total = ({line}: Opened): number => line.bytesUp + line.bytesDown;

/** Whatever is asked about gets the same answer, until nothing is. Returns what was asked. */
async function answering({session}: Opened, isAllowed: boolean): Promise<string[]> {
	const asked: string[] = [];
	for (;;) {
		await session.settled();
		const over = session.overBudget.get();
		if (over === undefined) return asked;
		assert.ok(over.mostBytes > over.leftBytes, `${over.what} fits: ${over.mostBytes} of ${over.leftBytes}`);
		asked.push(over.what);
		session.answerOverBudget(isAllowed);
	}
}

/** Looks at rows, opens the last message, fetches its file, looks for news, lists the mailboxes. */
async function use(opened: Opened, isAllowed: boolean): Promise<string[]> {
	const {session} = opened;
	const mailbox = session.mailbox(inbox);
	mailbox.ensureNewest(20);
	const asked = await answering(opened, isAllowed);
	const row = mailbox.row(31);
	if (row) {
		const message = session.message(row.id);
		message.ensureContent();
		asked.push(...(await answering(opened, isAllowed)));
		message.ensureAllHeaders();
		message.choose([partNumber('2')]);
		asked.push(...(await answering(opened, isAllowed)));
	}
	session.look();
	session.ensureMailboxes();
	mailbox.ensureRows(1, 20);
	asked.push(...(await answering(opened, isAllowed)));
	await session.close();
	return asked;
}

for (const without of [[], ['COMPRESS=DEFLATE', 'BINARY']]) {
	test(`whatever one does, no more is spent than was set, down to the last byte${without.length > 0 ? ' (bare)' : ''}`, async context => {
		for (const limit of [500, 3000, 5000, 9000, 16_000, 30_000, 60_000, 100_000, 400_000]) {
			const opened = await begin(context, limit, {account: {disabledCapabilities: without}});
			const asked = await use(opened, false);
			assert.ok(total(opened) <= limit, `${total(opened)} of ${limit}`);
			if (limit < 60_000) assert.ok(asked.length > 0, `${limit} was asked about`);
			if (limit === 400_000) assert.deepEqual(asked, []);
			if (limit === 500) assert.equal(total(opened), 0, 'not even dialled');
		}
	});
}

test('a yes brings what was asked about, and the next thing is asked about again', async context => {
	const opened = await begin(context, 14_000);
	const {session} = opened;
	const [row] = await newest(session.mailbox(inbox), 1);
	assert.ok(row);
	const message = session.message(row.id);
	message.ensureContent();
	await session.settled();
	assert.equal(session.overBudget.get()?.what, 'Open this message');
	session.answerOverBudget(true);
	await session.settled();
	assert.equal(message.content.get().state, 'known');
	message.choose([partNumber('2')]);
	await session.settled();
	assert.match(session.overBudget.get()?.what ?? '', /^Fetch this part/);
	session.answerOverBudget(true);
	await session.settled();
	assert.ok(message.isWhole(partNumber('2')));
	assert.ok(total(opened) > 60_000);
});

test('a no drops it with a sentence, and it can be wanted again', async context => {
	const opened = await begin(context, 14_000);
	const {session} = opened;
	const [row] = await newest(session.mailbox(inbox), 1);
	assert.ok(row);
	const message = session.message(row.id);
	message.ensureContent();
	assert.deepEqual(await answering(opened, false), ['Open this message']);
	await session.settled();
	const {state, because} = message.content.get();
	assert.equal(state, 'failed');
	assert.match(because, /Open this message: could cost \d+ kB, and \d.* are left of the session budget/);
	session.limitSession(undefined);
	message.ensureContent();
	await session.settled();
	assert.equal(message.content.get().state, 'known');
});

test('what the user decided stays in the log until the budget allows it', async context => {
	const opened = await begin(context, 200_000);
	const {session, server} = opened;
	const mailbox = session.mailbox(inbox);
	const [row] = await newest(mailbox, 1);
	assert.ok(row);
	await session.settled();
	session.limitSession(700);
	mailbox.decide([row.id], {kind: 'flag', flag: '\\Flagged', isSet: true});
	assert.deepEqual(await answering(opened, false), ['Send what you decided']);
	assert.equal(session.operations.get().at(-1)?.state, 'waiting');
	assert.ok(!server.transcript.some(({text}) => text.includes('UID STORE')));
	session.limitSession(undefined);
	await until(session.operations, operations => operations.at(-1)?.state === 'done');
});

test('with little left nobody waits for news', async context => {
	const opened = await begin(context, 200_000);
	const {session, server} = opened;
	await newest(session.mailbox(inbox), 5);
	await session.settled();
	const idles = (): number => server.transcript.filter(({text}) => / IDLE$/.test(text)).length;
	assert.ok(idles() > 0);
	session.limitSession(3000);
	session.look();
	await session.settled();
	const before = idles();
	session.look();
	await session.settled();
	assert.equal(idles(), before);
});

test('after a cut the dialling is asked about too', async context => {
	const opened = await begin(context, 200_000);
	const {session, line} = opened;
	await newest(session.mailbox(inbox), 5);
	await session.settled();
	session.limitSession(2000);
	line.cut();
	const over = await until(session.overBudget, value => value !== undefined);
	assert.equal(over?.what, 'Dial');
	const spent = total(opened);
	session.answerOverBudget(false);
	await until(session.link, link => link.state === 'hung-up');
	assert.match(session.link.get().because, /session budget/);
	assert.equal(total(opened), spent);
});

test('where nobody can be asked, what does not fit is refused with a sentence', async context => {
	const opened = await begin(context, 6000, {waitsForNews: false});
	const {session} = opened;
	const named = session.ensureNamed(inbox, 31);
	await session.settled();
	const known = named.get();
	assert.equal(known.state, 'failed');
	assert.match('because' in known ? known.because : '', /could cost \d+ kB, and .* are left of the session budget/);
	assert.equal(session.overBudget.get(), undefined);
	assert.ok(total(opened) <= 6000);
});

test('what is left is said, and nothing is without a limit', async context => {
	const opened = await begin(context, 200_000);
	const {session} = opened;
	await newest(session.mailbox(inbox), 5);
	await session.settled();
	const left = session.budgetLeft.get() ?? 0;
	assert.ok(Math.abs(left - (200_000 - total(opened))) < 10_000, `${left}`);
	session.limitSession(undefined);
	assert.equal(session.budgetLeft.get(), undefined);
});
