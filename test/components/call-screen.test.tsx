import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {Call, CallLine} from '../../source/model/call.ts';
import {accountName, mailboxPath} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import type {FakeSession} from './fake-session.ts';
import {fakeOperation, linkUp} from './fake-session.ts';
import {type Shown, show} from './show.tsx';
import {withMail} from './with-mail.ts';

const line = (key: string, words: string, over: Partial<CallLine> = {}): CallLine => ({
	key,
	kind: 'mailbox',
	sentence: ours(words),
	bytes: 6200,
	hasUnknownParts: false,
	isStruck: false,
	state: 'planned',
	...over,
});

const plan: Call = {
	state: 'planned',
	lines: [
		line('send', 'Send 3 decisions (12 messages)', {kind: 'send', bytes: 420}),
		line('INBOX', 'INBOX: about 12 messages'),
		line('Lists', 'Lists: what changed'),
	],
	bytes: 13_420,
	seconds: 4.9,
	because: ours(''),
	spent: {upBytes: 0, downBytes: 0, turns: 0},
};

/** A disconnected account, with `$` pressed and what the server answered to it. */
async function onPlan(
	size: {columns?: number; rows?: number} = {},
	call: Call = plan,
): Promise<{session: FakeSession; screen: Shown}> {
	const session = withMail();
	session.models.set({account: 'disconnected', mailboxes: {}});
	const screen = await show(session, size);
	session.spent();
	await screen.press('$');
	session.call.set({...plan, state: 'asking', lines: []});
	await screen.settled();
	session.call.set(call);
	await screen.settled();
	return {session, screen};
}

/** What is said over more than one line. */
const flat = (screen: Shown): string => screen.text().replace(/\s+/g, ' ');

describe('a call', () => {
	test('is planned by $ when disconnected, and asks before it does anything', async () => {
		const {session, screen} = await onPlan();
		assert.deepEqual(session.spent(), ['planCall']);
		assert.match(screen.lines()[0] ?? '', /demo {2}call +a plan +disconnected/);
		assert.match(screen.text(), /\$:Plan/, 'here it asks for no news');
		assert.match(screen.text(), /planned +Send 3 decisions \(12 messages\) +~420 +<1 s/);
		assert.match(screen.text(), /planned +INBOX: about 12 messages +~6\.2k +~2 s/);
		assert.match(
			flat(screen),
			/In all about 13 kB, ~5 s, with dialling\. Enter goes, Space leaves a line out, q hangs up\./,
		);
	});
	test('parts whose sizes nobody knows are said to come besides, unless they are left out', async () => {
		const {session, screen} = await onPlan();
		const [first, second, third] = plan.lines;
		session.call.set({...plan, lines: [first!, {...second!, hasUnknownParts: true}, third!]});
		await screen.settled();
		assert.match(screen.text(), /planned +INBOX: about 12 messages +~6\.2k\+ +~2 s\+/);
		assert.match(flat(screen), /with dialling; parts come besides, their sizes are not known before\. Enter goes/);
		session.call.set({...plan, lines: [first!, {...second!, hasUnknownParts: true, isStruck: true}, third!]});
		await screen.settled();
		assert.doesNotMatch(flat(screen), /besides/);
	});
	test('online $ asks for news at once; :call plans one all the same', async () => {
		const session = withMail();
		const screen = await show(session);
		session.spent();
		await screen.press('$');
		assert.deepEqual(session.spent(), ['look']);
		await screen.press(':');
		await screen.type('call');
		await screen.press('Enter');
		assert.deepEqual(session.spent(), ['planCall']);
	});
	test('in a disconnected mailbox of an account that is online, $ plans one, and elsewhere asks for news', async () => {
		const session = withMail();
		session.models.set({account: 'online', mailboxes: {INBOX: 'disconnected'}});
		const screen = await show(session);
		session.spent();
		await screen.press('$');
		assert.deepEqual(session.spent(), ['planCall']);
		await screen.press('q', 'y');
		session.spent();
		await screen.press('$');
		assert.deepEqual(session.spent(), ['look', 'ensureMailboxes fresh']);
	});
	test('what is done with a plan is in the key menu as long as there is one', async () => {
		const {session, screen} = await onPlan();
		assert.match(screen.text(), /Enter:Go +Space:Skip/);
		for (const state of ['going', 'done', 'ended', 'asking'] as const) {
			session.call.set({...plan, state});
			await screen.settled();
			assert.doesNotMatch(screen.text(), /Enter:|Space:/, state);
		}
		session.call.set(plan);
		await screen.settled();
		assert.match(screen.text(), /Enter:Go +Space:Skip/);
	});
	test('what was told of one call does not stand below the next plan', async () => {
		const {session, screen} = await onPlan();
		session.call.set({...plan, state: 'done'});
		session.notice.set({kind: 'problem', text: ours('Mailbox does not exist: Projects'), serial: 1});
		await screen.settled();
		assert.match(screen.text(), /Projects/);
		session.spent();
		await screen.press('$');
		assert.deepEqual(session.spent(), ['planCall']);
		session.call.set(plan);
		await screen.settled();
		assert.doesNotMatch(screen.text(), /Projects/);
		assert.match(screen.lines()[0] ?? '', /demo {2}call +a plan/);
		await screen.press('q');
		assert.match(screen.lines()[0] ?? '', /INBOX/);
	});
	test('lines are left out and taken in again, and Enter goes', async () => {
		const {session, screen} = await onPlan();
		session.spent();
		await screen.press('j', 'Space');
		const [first, second, third] = plan.lines;
		session.call.set({...plan, lines: [first!, {...second!, isStruck: true}, third!]});
		await screen.settled();
		assert.match(screen.text(), /left out +INBOX/);
		await screen.press('Space', 'Enter');
		assert.deepEqual(session.spent(), ['strike INBOX true', 'strike INBOX false', 'goCall']);
	});
	test('under way it says what it has cost, goes on when one looks elsewhere, and can be stopped', async () => {
		const {session, screen} = await onPlan();
		const [first, second, third] = plan.lines;
		session.call.set({
			...plan,
			state: 'going',
			lines: [{...first!, state: 'done'}, {...second!, state: 'going'}, third!],
			spent: {upBytes: 900, downBytes: 21_000, turns: 7},
		});
		await screen.settled();
		session.spent();
		assert.match(screen.text(), /done +Send 3 decisions/);
		assert.match(flat(screen), /So far 900 bytes up, 21 kB down, 7 round trips\. d stops it; what came is kept/);
		await screen.press('Enter');
		assert.match(screen.text(), /there is no plan to go by/);
		await screen.press('$');
		assert.match(screen.text(), /the call is not over yet/);
		await screen.press('q', '$');
		assert.match(screen.lines()[0] ?? '', /under way/);
		assert.doesNotMatch(session.spent().join(), /Call/);
		await screen.press('d');
		assert.deepEqual(session.spent(), ['stopCall']);
	});
	test('under way it says how many messages of a drain have come, beside what it has cost', async () => {
		const {session, screen} = await onPlan();
		const drain = (key: string, messages: number, came: number, isStruck = false) =>
			line(key, `${key}: take ${messages} messages`, {kind: 'drain', messages, came, isStruck, state: 'going'});
		const lines = [drain('INBOX', 200, 41), drain('Lists', 20, 0), drain('Archive', 9, 0, true)];
		session.call.set({...plan, state: 'going', lines, spent: {upBytes: 900, downBytes: 21_000, turns: 7}});
		await screen.settled();
		assert.match(flat(screen), /So far 41 of 220 messages, 900 bytes up, 21 kB down, 7 round trips\./);
	});
	test('has its times at the rate that its plan was made with, where this line is not measured yet', async () => {
		const {session, screen} = await onPlan();
		session.link.set({...session.link.get(), bytesPerSecond: undefined});
		session.call.set({...plan, bytesPerSecond: 42});
		await screen.settled();
		assert.match(screen.text(), /planned +Send 3 decisions \(12 messages\) +~420 +~?10 s/);
	});
	test('is over with a report, and planned anew by $', async () => {
		const {session, screen} = await onPlan();
		const spent = {upBytes: 1200, downBytes: 12_900, turns: 1};
		session.call.set({...plan, state: 'done', spent});
		await screen.settled();
		assert.match(screen.text(), /Done: 1\.2 kB up, 13 kB down, 1 round trip\./);
		session.call.set({...plan, state: 'ended', spent, because: ours('The server did not answer')});
		await screen.settled();
		assert.match(
			flat(screen),
			/The server did not answer\. It has cost .*; what came is kept\. \$ goes on from there\./,
		);
		const refused = ours('The server says: Authentication failed.');
		session.call.set({...plan, state: 'ended', spent, because: refused});
		session.link.set({...session.link.get(), state: 'hung-up', because: refused});
		await screen.settled();
		assert.match(flat(screen), /Authentication failed\. It has cost/);
		session.spent();
		await screen.press('$');
		assert.deepEqual(session.spent(), ['planCall']);
		await screen.press('q');
		assert.equal(session.spent()[0], 'stopCall');
		assert.match(screen.lines()[0] ?? '', /INBOX/);
	});
	test('done, it says what waits for a call of another account, which does not dial by itself', async () => {
		const [session, work] = [withMail(), withMail('work')];
		for (const each of [session, work]) each.models.set({account: 'disconnected', mailboxes: {}});
		const screen = await show([session, work]);
		await screen.press('$');
		const to = {account: accountName('work'), mailbox: mailboxPath('Archive')};
		const [target] = fakeOperation(1, {}).targets;
		const targets = (['handed', 'handed', 'copied'] as const).map(state => ({...target!, state}));
		session.operations.set([fakeOperation(1, {change: {kind: 'move', to}, targets})]);
		session.call.set({...plan, state: 'done'});
		await screen.settled();
		assert.match(flat(screen), /0 round trips\. 2 messages wait for a call of work\./);
		session.operations.set([fakeOperation(1, {change: {kind: 'move', to}, targets: targets.slice(1)})]);
		const failed = (kind: CallLine['kind']) =>
			plan.lines.map(each => (each.kind === kind ? {...each, state: 'failed' as const} : each));
		session.call.set({...plan, lines: failed('mailbox'), state: 'done', because: ours('One thing was refused')});
		await screen.settled();
		assert.match(flat(screen), /0 round trips\. 1 message waits for a call of work\. \$ plans what is left\./);
		session.call.set({...plan, lines: failed('send'), state: 'done', because: ours('One thing was refused')});
		await screen.settled();
		assert.match(flat(screen), /0 round trips\. 1 message waits for a call of work\./);
		assert.doesNotMatch(flat(screen), /what is left/, 'what was refused is in no plan');
		work.models.set({account: 'online', mailboxes: {}});
		session.call.set({...plan, state: 'done'});
		await screen.settled();
		assert.doesNotMatch(flat(screen), /wait/);
	});
	test('a plan nobody said yes to does not keep the line', async () => {
		const {session, screen} = await onPlan();
		session.spent();
		await screen.press('q');
		assert.equal(session.spent()[0], 'stopCall');
	});
	test('nor does one that is left for another screen, which would wait behind it', async () => {
		for (const keys of [['y'], ['Y'], ['I']]) {
			const {session, screen} = await onPlan();
			session.spent();
			await screen.press(...keys);
			assert.ok(session.spent().includes('stopCall'), keys.join());
		}
	});
	test('with nothing to do it is over at once, without a question', async () => {
		const {session, screen} = await onPlan({}, {...plan, lines: []});
		assert.deepEqual(session.spent(), ['planCall', 'goCall']);
		assert.match(screen.text(), /Nothing has changed, and nothing waits to be sent/);
	});
	test('looking at the help in between plans nothing anew', async () => {
		const {session, screen} = await onPlan();
		session.spent();
		await screen.press('?', 'q');
		assert.deepEqual(session.spent(), []);
		assert.match(screen.text(), /planned +INBOX/);
	});
	test('on a line that was not measured there are no seconds', async () => {
		const {session, screen} = await onPlan({}, {...plan, seconds: undefined});
		session.link.set({...linkUp, bytesPerSecond: undefined});
		await screen.settled();
		assert.match(screen.text(), /Send 3 decisions \(12 messages\) +~420\n/);
		assert.match(flat(screen), /In all about 13 kB, with dialling/);
	});
	test('what a row has no room for is said below the list, of the row under the cursor', async () => {
		const why = '3 messages stay on the server: 2 larger than 100 kB, 1 newer than 30 days';
		const drain = line('Lists', `Lists: take 12 messages into Local work/Lists; ${why}`, {kind: 'drain'});
		const {screen} = await onPlan({}, {...plan, lines: [plan.lines[1]!, drain]});
		assert.doesNotMatch(flat(screen), /newer than 30 days/);
		await screen.press('j');
		assert.ok(flat(screen).includes(`${why} In all about 13 kB`), flat(screen));
		assert.match(flat(screen), /q hangs up\./);
	});
	for (const [columns, rows] of [
		[80, 24],
		[60, 10],
		[40, 8],
	] as const)
		test(`fits ${columns}x${rows}`, async () => {
			const many = Array.from({length: 40}, (_, index) => line(`m${index}`, `Lists/${'long '.repeat(20)}${index}`));
			const {screen} = await onPlan({columns, rows}, {...plan, lines: many});
			await screen.press('End');
			for (const each of screen.lines()) assert.ok(each.length <= columns, each);
			assert.equal(screen.lines().length, rows);
		});
});
