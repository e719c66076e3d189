import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inbox} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {type FakeSession, fakeMessage, fakeSession} from './fake-session.ts';
import {type Shown, show} from './show.tsx';

async function opened(): Promise<{session: FakeSession; screen: Shown}> {
	const session = fakeSession();
	session.fill(inbox, [fakeMessage(1), fakeMessage(2)]);
	const screen = await show(session);
	session.spent();
	return {session, screen};
}

const over = {what: ours('Open this message'), mostBytes: 14_600, leftBytes: 9200};

describe('the session budget', () => {
	test('is set by :budget with an amount, asked for without one, and taken away by off', async () => {
		const {session, screen} = await opened();
		await screen.press(':');
		await screen.type('budget 200k');
		await screen.press('Enter', ':');
		await screen.type('budget');
		await screen.press('Enter');
		assert.match(screen.text(), /Session budget \(200 kB, 2 MB, off\):/);
		await screen.type('1.5 MB');
		await screen.press('Enter', ':');
		await screen.type('budget off');
		await screen.press('Enter');
		assert.deepEqual(session.spent(), ['limitSession 200000', 'limitSession 1500000', 'limitSession off']);
	});

	test('of no amount is said so', async () => {
		const {session, screen} = await opened();
		await screen.press(':');
		await screen.type('budget much');
		await screen.press('Enter');
		assert.match(screen.text(), /a budget is written like 200 kB, 2 MB or off/);
		assert.deepEqual(session.spent(), []);
	});

	test('says in the title what is left', async () => {
		const {session, screen} = await opened();
		session.budgetLeft.set(12_000);
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /online {2}3\.1 kB\/s {2}12 kB left/);
	});

	test('asks about what it does not cover; a key that was meant for something else is no answer', async () => {
		const {session, screen} = await opened();
		session.overBudget.set(over);
		await screen.settled();
		assert.match(screen.text(), /Open this message, at most 15 kB\? The budget leaves 9\.2 kB \(y or n\)/);
		await screen.press('j', 'Enter');
		assert.deepEqual(session.spent(), []);
		await screen.press('y');
		assert.deepEqual(session.spent(), ['answerOverBudget true']);
		assert.doesNotMatch(screen.text(), /at most 15 kB/);
		session.overBudget.set(over);
		await screen.settled();
		await screen.press('n');
		assert.deepEqual(session.spent(), ['answerOverBudget false']);
	});

	test('does not ask into what the user is typing', async () => {
		const {session, screen} = await opened();
		await screen.press(':');
		await screen.type('ma');
		session.overBudget.set(over);
		await screen.settled();
		assert.match(screen.text(), /^:ma/m);
		await screen.press('Escape');
		assert.match(screen.text(), /Open this message, at most/);
	});
});
