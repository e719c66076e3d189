import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {themeFor} from '../../components/theme.ts';
import {barChart} from '../../components/usage-lines.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {noUsage, plus, type Spent, type Usage} from '../../source/model/usage.ts';
import {widthOf} from '../../source/model/width.ts';
import {type FakeSession, fakeMessage, fakeSession, linkUp, noLedger} from './fake-session.ts';
import {type Shown, show} from './show.tsx';

const spend = (...all: readonly [Spent['purpose'], Spent['mailbox'], number][]): Usage =>
	all
		.map(([purpose, mailbox, downBytes]) => ({purpose, mailbox, downBytes, upBytes: 100, turns: 1}))
		.reduce(plus, noUsage);

const connection = spend(['connect', '', 1100], ['rows', inbox, 2600]);
const today = spend(['connect', '', 2200], ['rows', inbox, 12_000], ['parts', mailboxPath('Sent'), 400_000]);
const ever = spend(['connect', '', 90_000], ['rows', inbox, 700_000], ['parts', mailboxPath('Sent'), 3_400_000]);
const ledger = {
	connection,
	today,
	ever,
	lastHours: [...noLedger.lastHours.slice(2), 200_000, 414_500],
	lastDays: [...noLedger.lastDays.slice(1), 900_000],
};

async function opened(over: Parameters<typeof show>[1] = {}): Promise<{session: FakeSession; screen: Shown}> {
	const session = fakeSession();
	session.fill(inbox, [fakeMessage(1)]);
	session.ledger.set(ledger);
	const screen = await show(session, over);
	session.spent();
	await screen.press('I');
	return {session, screen};
}

describe('the usage screen', () => {
	test('says what the line does, and what was spent on this connection, today and ever', async () => {
		const {session, screen} = await opened({rows: 40});
		const text = screen.text();
		assert.match(text, /3\.1 kB\/s down, round trip 600 ms, encrypted, compressed/);
		assert.match(text, /The last 24 hours: at most 415 kB an hour/);
		assert.match(text, /Bytes +connection +today +ever/);
		assert.match(text, /all +3\.9k +415k +4\.2M/);
		assert.match(text, /round trips +2 +3 +3/);
		assert.match(text, /connecting and leaving +1\.2k +2\.3k +90k/);
		assert.match(text, /^ {2}Sent +0 +400k +3\.4M/m);
		assert.match(text, /^ {2}about no mailbox +1\.2k/m);
		assert.deepEqual(session.spent(), [], 'looking costs nothing');
	});

	test('fits 80x24 with its chart in sight, scrolls, and goes back', async () => {
		const {screen} = await opened();
		assert.equal(screen.lines().length, 24);
		assert.match(screen.text(), /█/);
		assert.match(screen.text(), /24 hours ago +now/);
		await screen.press('End');
		assert.match(screen.text(), /about no mailbox/);
		await screen.press('q');
		assert.match(screen.text(), /Subject 1/);
	});

	test('Tab shows days, and hours again', async () => {
		const {screen} = await opened();
		await screen.press('Tab');
		assert.match(screen.text(), /The last 30 days: at most 900 kB a day/);
		assert.match(screen.text(), /30 days ago +now/);
		await screen.press('Tab');
		assert.match(screen.text(), /The last 24 hours/);
	});

	test('says more when more was spent', async () => {
		const {session, screen} = await opened();
		session.ledger.set({...ledger, connection: today});
		await screen.settled();
		assert.match(screen.text(), /all +415k +415k/);
	});

	test('is :usage too, and there with no line', async () => {
		const {session, screen} = await opened();
		await screen.press('q', ':');
		await screen.type('usage');
		session.link.set({...linkUp, state: 'hung-up'});
		await screen.press('Enter');
		assert.match(screen.text(), /There is no line now/);
		assert.match(screen.text(), /all +3\.9k/);
	});

	for (const [columns, rows] of [
		[40, 12],
		[80, 24],
		[120, 40],
	] as const) {
		test(`is drawn within ${columns}x${rows}, in ASCII too`, async () => {
			for (const isUtf8 of [true, false]) {
				const {screen} = await opened({columns, rows, isUtf8, hasStyles: false});
				for (const line of screen.lines()) assert.ok(widthOf(line) <= columns, line);
				assert.equal(screen.lines().length, rows);
				if (!isUtf8) assert.doesNotMatch(screen.text(), /[▁-█]/);
			}
		});
	}
});

describe('a chart', () => {
	const utf8 = themeFor({
		isUtf8: true,
		hasColour: false,
		hasStyles: true,
		hasBars: true,
		selection: 'bar',
		isSlow: false,
	});
	const ascii = themeFor({
		isUtf8: false,
		hasColour: false,
		hasStyles: true,
		hasBars: true,
		selection: 'bar',
		isSlow: false,
	});

	test('has the most at full height, nothing at none, and little at a little', () => {
		assert.deepEqual(barChart([0, 1, 500, 1000], 8, utf8), ['      █ ', '      █ ', '    █ █ ', '  ▁ █ █ ']);
		assert.deepEqual(barChart([0, 1, 500, 1000], 8, ascii), ['      # ', '      # ', '    # # ', '  . # # ']);
	});

	test('of nothing is empty', () => {
		assert.deepEqual(barChart([0, 0], 4, utf8), ['    ', '    ', '    ', '    ']);
	});
});
