import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {dateOf} from '../../components/format.ts';
import {inbox, messageId} from '../../source/model/ids.ts';
import type {Message} from '../../source/model/message.ts';
import {ours} from '../../source/model/safe-text.ts';
import {type FakeSession, fakeMessage, fakeSession, linkUp, noContent, textLine} from './fake-session.ts';
import {now, show} from './show.tsx';

const minutes = 60_000;

/** Letters of so many minutes ago, oldest first; a number with a minus is one that is not here yet. */
function account(name: string, ...ages: readonly number[]): FakeSession {
	const session = fakeSession(name);
	session.fill(inbox, rowsOf(name, ages));
	for (const [index] of ages.entries()) {
		const message = session.message(messageId(index + 1));
		message.text = [textLine(`Text ${index + 1} of ${name}`)];
		message.content.set({...noContent, state: 'known'});
	}
	return session;
}

const rowsOf = (name: string, ages: readonly number[]): (Message | undefined)[] =>
	ages.map((age, index) =>
		age < 0 ? undefined : fakeMessage(index + 1, {subject: ours(`${name} ${age}`), date: now - age * minutes}),
	);

const asked = (session: FakeSession): string[] => session.spent().filter(call => call.startsWith('ensure'));
const every = (from: number, count: number, step: number): number[] =>
	Array.from({length: count}, (_, index) => from - index * step);

describe('the list of all inboxes', () => {
	test('is by date with the account in front, the cursor on the newest, and its own title', async () => {
		const screen = await show([account('work', 50, 30, 10), account('home', 40, 20)]);
		await screen.press('U');
		const rows = screen.lines().slice(1, 6);
		assert.deepEqual(
			rows.map(row => row.trim().split(/ +/).slice(0, 1).concat(row.trim().split(/ +/).slice(-2)).join(' ')),
			['work work 50', 'home home 40', 'work work 30', 'home home 20', 'work work 10'],
		);
		assert.match(screen.lines()[0] ?? '', /Inboxes .*5 of 5 .*2 of 2 online/);
		await screen.press('k', 'Enter');
		assert.match(screen.lines()[0] ?? '', /home\/INBOX/);
		assert.match(screen.text(), /Text 2 of home/);
		await screen.press('q');
		assert.match(screen.lines()[0] ?? '', /Inboxes .*4 of 5/);
	});

	test('asks each account for its share, then only whom it lacks, and nothing twice', async () => {
		const long = every(20_000, 500, 10);
		const work = account('work', ...long);
		const home = account('home', ...long.map(age => age - 5));
		const screen = await show([work, home]);
		for (const session of [work, home]) {
			const mailbox = session.mailbox(inbox);
			mailbox.state.set({...mailbox.state.get(), count: undefined});
		}
		await screen.settled();
		for (const session of [work, home]) session.spent();
		await screen.press('U');
		// 20 rows are shown.
		assert.deepEqual(asked(work), ['ensureNewest INBOX 11']);
		assert.deepEqual(asked(home), ['ensureNewest INBOX 11']);
		const bring = async (session: FakeSession, newest: number): Promise<void> => {
			const mailbox = session.mailbox(inbox);
			const all = mailbox.rows.slice();
			session.fill(
				inbox,
				all.map((row, index) => (index >= 500 - newest ? row : undefined)),
			);
			mailbox.rows = [...mailbox.rows];
			await screen.settled();
		};
		const rows = {work: work.mailbox(inbox).rows, home: home.mailbox(inbox).rows};
		await bring(work, 11);
		await bring(home, 11);
		assert.match(screen.lines()[0] ?? '', /20 of the 20 newest of 1000/);
		for (const session of [work, home]) {
			for (const call of asked(session)) {
				const [, , first] = call.split(' ');
				assert.ok(Number(first) > 500 - 30, call);
			}
		}
		await screen.press('k', 'k', 'j');
		assert.deepEqual([...asked(work), ...asked(home)], []);
		// Past the oldest: a screen more.
		await screen.press('Home', 'k', 'Home');
		assert.match(asked(work).at(-1) ?? '', /^ensureRows INBOX 479 /);
		assert.match(asked(home).at(-1) ?? '', /^ensureRows INBOX 479 /);
		work.fill(inbox, rows.work);
		home.fill(inbox, rows.home);
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /the 40 newest of 1000/);
	});

	test('an account that is down shows what was known of it, and says so in one line', async () => {
		const [work, home, club] = [account('work', 50, 30), account('home', 40), account('club')];
		home.link.set({...linkUp, state: 'waiting', because: ours('the server did not answer')});
		const screen = await show([work, home, club]);
		await screen.press('U');
		assert.match(screen.text(), /home 40/);
		assert.match(screen.lines()[21] ?? '', /home: no line: the server did not answer/);
		assert.match(screen.lines()[0] ?? '', /2 of 3 online/);
	});

	test('with the cable out the title says how old what is shown is: as the oldest of it', async () => {
		const [work, home] = [account('work', 50, 30), account('home', 40)];
		const aged = (session: FakeSession, minutesAgo: number): void => {
			const {state} = session.mailbox(inbox);
			state.set({...state.get(), asOf: now - minutesAgo * minutes});
		};
		aged(work, 70);
		aged(home, 5);
		const screen = await show([work, home]);
		await screen.press('U');
		assert.match(screen.lines()[0] ?? '', /3 of 3, as of \d/);
		const [, told] = /as of (\S+)/.exec(screen.lines()[0] ?? '') ?? [];
		assert.equal(told, dateOf(now - 70 * minutes, now));
	});

	test('the cursor goes to the newest while accounts come in, and stays on its message afterwards', async () => {
		const [work, home] = [account('work', 50, 30), account('home', -1, -1)];
		const screen = await show([work, home]);
		await screen.press('U');
		assert.match(screen.lines()[0] ?? '', /2 of the 2 newest of 4/);
		home.fill(inbox, rowsOf('home', [40, 20]));
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /4 of 4/);
		home.fill(inbox, rowsOf('home', [40, 20, 1]));
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /4 of 5/);
	});

	test('what is decided is decided in the account of the message', async () => {
		const [work, home] = [account('work', 50, 30), account('home', 40, 20)];
		const screen = await show([work, home]);
		await screen.press('U');
		for (const session of [work, home]) session.spent();
		await screen.press('F', 'k', 'd', 'N', 't', 'a');
		const decided = (session: FakeSession): string[] => session.spent().filter(call => /^(decide|tag)/.test(call));
		assert.match(decided(home).join('\n'), /^decide INBOX 2 .*Flagged.*\ndecide INBOX 2 .*archive/);
		assert.match(decided(work).join('\n'), /^decide INBOX 2 .*trash.*\ndecide INBOX 2 .*Seen.*\ntag INBOX 2 true$/);
	});

	test('reading on goes from account to account in the order of the list, and the cursor follows', async () => {
		const [work, home] = [account('work', 50, 30, 10), account('home', 40, 20)];
		const screen = await show([work, home]);
		await screen.press('U', 'k', 'k', 'k', 'Enter');
		assert.match(screen.text(), /Text 1 of home/);
		await screen.press('J');
		assert.match(screen.text(), /Text 2 of work/);
		assert.match(screen.lines()[0] ?? '', /work\/INBOX/);
		await screen.press('J');
		assert.match(screen.text(), /Text 2 of home/);
		await screen.press('K', 'K', 'K');
		assert.match(screen.text(), /Text 1 of work/);
		await screen.press('K');
		assert.match(screen.text(), /this is the first message/);
		await screen.press('J', 'J', 'd');
		assert.match(screen.text(), /Text 2 of home/);
		assert.ok(work.spent().some(call => call.startsWith('decide INBOX 2')));
		await screen.press('q');
		assert.match(screen.lines()[0] ?? '', /4 of 5/);
	});

	test('y and X are about the account of the message under the cursor', async () => {
		const screen = await show([account('work', 50, 30), account('home', 40, 20)]);
		await screen.press('U', 'y');
		assert.match(screen.lines()[0] ?? '', /home {2}mailboxes/);
		await screen.press('q', 'k', 'X');
		assert.match(screen.lines()[0] ?? '', /work {2}outbox/);
	});

	test('v, Tab and $ do here what they do in a mailbox, for all', async () => {
		const [work, home] = [account('work', 50, 30), account('home', 40)];
		const mailbox = home.mailbox(inbox);
		home.fill(inbox, [{...mailbox.rows[0]!, flags: new Set<string>()}]);
		const screen = await show([work, home]);
		await screen.press('U', 'Tab', 'v');
		assert.match(screen.lines()[0] ?? '', /Parts of: .*home 40|Parts of:/);
		await screen.press('q');
		for (const session of [work, home]) session.spent();
		await screen.press('$', 'S', 'm');
		for (const session of [work, home]) assert.deepEqual(session.spent(), ['look', 'chooseBudget metered']);
	});

	test('q goes back to where one was, and the list is kept as it was', async () => {
		const screen = await show([account('work', 50, 30), account('home', 40)]);
		await screen.press('k', 'U', 'k', 'q');
		assert.match(screen.lines()[0] ?? '', /work\/INBOX .*1 of 2/);
		await screen.press('Y', 'j', 'U');
		assert.match(screen.lines()[0] ?? '', /Inboxes .*2 of 3/);
		await screen.press('q', 'q');
		assert.equal(screen.quits(), 1);
	});

	for (const [columns, rows] of [
		[80, 24],
		[40, 6],
		[66, 10],
		[120, 40],
	] as const) {
		test(`fills ${columns}x${rows} exactly`, async () => {
			const screen = await show([account('work', ...every(500, 50, 10)), account('home', 40)], {columns, rows});
			await screen.press('U');
			assert.equal(screen.lines().length, rows);
			for (const line of screen.lines()) assert.ok(line.length <= columns, line);
			assert.deepEqual(screen.crashes, []);
		});
	}
});
