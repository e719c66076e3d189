import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inbox, partNumber} from '../../source/model/ids.ts';
import {ours, safeLine} from '../../source/model/safe-text.ts';
import type {Transfer} from '../../source/model/transfer.ts';
import {type FakeSession, fakeMessage, fakeSession} from './fake-session.ts';
import {type Shown, show} from './show.tsx';

const transfer = (id: number, over: Partial<Transfer>): Transfer => ({
	id,
	mailbox: inbox,
	uid: id,
	part: partNumber('2'),
	name: safeLine(`file-${id}.bin`),
	into: 'file',
	file: safeLine(`/home/robin/file-${id}.bin`),
	state: 'coming',
	heldBytes: 370_000,
	totalBytes: 1_000_000,
	bytesPerSecond: 10_000,
	because: ours(''),
	...over,
});

async function opened(...transfers: readonly Transfer[]): Promise<{session: FakeSession; screen: Shown}> {
	const session = fakeSession();
	session.fill(inbox, [fakeMessage(1)]);
	session.transfers.set(transfers);
	const screen = await show(session);
	await screen.press(':');
	await screen.type('downloads');
	await screen.press('Enter');
	session.spent();
	return {session, screen};
}

describe('the downloads', () => {
	test('are rows with state, how far, how fast and how long still, and below them where they go to', async () => {
		const {screen} = await opened(
			transfer(1, {}),
			transfer(2, {state: 'paused', bytesPerSecond: undefined}),
			transfer(3, {state: 'done', heldBytes: 1_000_000, bytesPerSecond: undefined}),
			transfer(4, {into: 'memory', file: ours(''), state: 'done'}),
		);
		const lines = screen.lines();
		assert.match(lines[0] ?? '', /demo {2}downloads +1 on the way/);
		assert.match(lines[2] ?? '', /coming +file-1\.bin +37% of 1\.0M +10 kB\/s +~63 s/);
		assert.match(lines[3] ?? '', /paused +file-2\.bin +37% of 1\.0M *$/);
		assert.match(lines[4] ?? '', /saved +file-3\.bin +100% of 1\.0M *$/);
		assert.doesNotMatch(screen.text(), /file-4/);
		assert.match(screen.text(), /To \/home\/robin\/file-1\.bin/);
	});

	test('are put off and gone on with by one key', async () => {
		const {session, screen} = await opened(
			transfer(1, {}),
			transfer(2, {state: 'paused'}),
			transfer(3, {state: 'failed', because: ours('The disk is full')}),
			transfer(4, {state: 'done'}),
		);
		await screen.press('Space', 'j', 'Space', 'j');
		assert.match(screen.text(), /The disk is full\. Space tries again\./);
		await screen.press('Space', 'j', 'Space');
		assert.match(screen.text(), /it is saved already/);
		assert.deepEqual(session.spent(), ['pause 1', 'resume 2', 'resume 3']);
	});

	test('are given up after a yes where something came, and cleared without one where nothing is lost', async () => {
		const {session, screen} = await opened(transfer(1, {}), transfer(2, {heldBytes: 0}), transfer(3, {state: 'done'}));
		await screen.press('d');
		assert.match(screen.text(), /Throw away the 370 kB that came of file-1\.bin\?/);
		await screen.press('n');
		assert.deepEqual(session.spent(), []);
		await screen.press('x', 'y', 'j', 'd', 'j', 'd');
		assert.deepEqual(session.spent(), ['cancel 1', 'cancel 2', 'cancel 3']);
	});

	test('what is saved is opened by o, what is not says why not, and Enter says where it is', async () => {
		const {session, screen} = await opened(transfer(1, {}), transfer(3, {state: 'done'}));
		await screen.press('o');
		assert.match(screen.text(), /only a file that is whole can be opened/);
		await screen.press('j', 'o', 'Enter');
		assert.match(screen.text(), /\/home\/robin\/file-3\.bin/);
		assert.deepEqual(session.spent(), ['openFile 3']);
	});

	test('of which there are none say so', async () => {
		const {screen} = await opened();
		assert.match(screen.text(), /Nothing is on its way\./);
		await screen.press('Space', 'd');
		assert.match(screen.text(), /there is nothing here/);
	});
});
