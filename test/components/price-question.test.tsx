import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inbox, messageId} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {
	type FakeSession,
	fakeMessage,
	fakePart,
	fakeSession,
	linkUp,
	noContent,
	noText,
	textLine,
} from './fake-session.ts';
import {type Shown, show} from './show.tsx';

const structure = fakePart('', 'multipart/mixed', {
	children: [
		fakePart('1', 'text/plain', {sizeBytes: 3000}),
		fakePart('2', 'image/jpeg', {name: ours('plate.jpg'), sizeBytes: 2_500_000}),
		fakePart('3', 'image/jpeg', {name: ours('map.jpg'), sizeBytes: 1_400_000}),
	],
});

async function opened(...keys: readonly string[]): Promise<{session: FakeSession; screen: Shown}> {
	const session = fakeSession();
	session.link.set({...linkUp, bytesPerSecond: 25_000, isCompressed: false});
	session.fill(inbox, [fakeMessage(1)]);
	const message = session.message(messageId(1));
	message.text = [textLine('Hello')];
	const text = {...noText, kind: 'plain' as const, isWhole: false, heldBytes: 65_000, totalBytes: 200_000};
	message.content.set({...noContent, state: 'known', structure, text});
	const screen = await show(session);
	await screen.press(...keys);
	session.spent();
	return {session, screen};
}

describe('what is over the budget', () => {
	test('is asked about with its price before it is fetched, and a no spends nothing', async () => {
		const {session, screen} = await opened('v', 'j', 'Space', 'Space', 'Enter');
		assert.match(screen.text(), /Fetch 2 parts, 4\.1 MB, ~3 min\? \(y for yes/);
		assert.deepEqual(session.spent(), []);
		await screen.press('n');
		assert.deepEqual(session.spent(), []);
		assert.match(screen.text(), /2 marked/);
		await screen.press('Enter', 'y');
		assert.deepEqual(session.spent(), ['choose 1 2,3']);
		assert.doesNotMatch(screen.text(), /marked/);
	});

	test('one part is asked about by its name', async () => {
		const {session, screen} = await opened('v', 'j', 'Enter');
		assert.match(screen.text(), /Fetch plate\.jpg, 2\.6 MB, ~2 min\?/);
		await screen.press('y');
		assert.deepEqual(session.spent(), ['choose 1 2']);
	});

	test('is asked about when it is saved or piped by a command with a name', async () => {
		const {session, screen} = await opened('v', 'j', ':');
		await screen.type('save a.jpg');
		await screen.press('Enter');
		assert.match(screen.text(), /Save to a\.jpg, 2\.6 MB, ~2 min\?/);
		await screen.press('y', ':');
		assert.deepEqual(session.spent(), ['save 1 2 a.jpg']);
		await screen.type('pipe wc');
		await screen.press('Enter');
		assert.match(screen.text(), /Feed it to wc, 2\.6 MB, ~2 min\?/);
		await screen.press('n');
		assert.deepEqual(session.spent(), []);
	});

	test('more of a long text is asked about, and + again is a yes', async () => {
		const {session, screen} = await opened('Enter', '+');
		assert.match(screen.text(), /Fetch more of this text, 6\d kB, ~3 s\?/);
		assert.deepEqual(session.spent(), []);
		await screen.press('+');
		assert.deepEqual(session.spent(), ['ensureMoreText 1']);
	});
});

describe('what is within the budget', () => {
	test('comes without a question', async () => {
		const {session, screen} = await opened('v');
		await screen.press('Enter');
		assert.deepEqual(session.spent(), ['choose 1 1']);
	});

	test('is less when metered', async () => {
		const {session, screen} = await opened('v');
		session.message(messageId(1)).content.set({
			...noContent,
			state: 'known',
			structure: fakePart('1', 'text/plain', {sizeBytes: 5000}),
		});
		session.chooseBudget('metered');
		session.spent();
		await screen.settled();
		await screen.press('Enter');
		assert.match(screen.text(), /Fetch part 1, 5\.4 kB, <1 s\?/);
		assert.deepEqual(session.spent(), []);
	});
});
