/** From one account to another in the real program: the keys, the outbox, and the command. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inboxOf, keepAccounts, letter} from '../helpers/bonsai-on.ts';
import {runBonsai} from '../helpers/run-bonsai.ts';
import {eventually, type Home, openBonsai, ownHome} from '../helpers/screen.ts';

const mailboxes =
	(...subjects: readonly string[]) =>
	() => [...inboxOf(...subjects.map(subject => letter({subject})))(), {name: 'Archive', state: new MailboxState(5)}];
const countIn = (server: DemoServer, name: string): number => server.mailbox(name)!.uids.count;

async function twoAccounts(t: {
	after: (work: () => unknown) => void;
}): Promise<{home: Home; mine: DemoServer; theirs: DemoServer}> {
	const mine = await startDemoServer({mailboxes: mailboxes('one', 'two', 'three')});
	const theirs = await startDemoServer({mailboxes: mailboxes()});
	const home = ownHome();
	t.after(() => Promise.all([mine.close(), theirs.close()]));
	t.after(() => home.remove());
	keepAccounts(home, {mine: {port: mine.port, user: 'demo'}, theirs: {port: theirs.port, user: 'demo'}});
	return {home, mine, theirs};
}

describe('across accounts', {timeout: 120_000}, () => {
	test('s theirs/Archive moves it there; the row goes at once', async t => {
		const {home, mine, theirs} = await twoAccounts(t);
		const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'demo'}});
		t.after(() => bonsai.close());
		await bonsai.sees('three');
		bonsai.press('s');
		await bonsai.sees('Move 1 message to mailbox');
		bonsai.press(...'theirs/Archive', 'Enter');
		await bonsai.sees('1 message moved to theirs/Archive');
		await bonsai.seesNoMore('three');
		await eventually(() => countIn(theirs, 'Archive') === 1 && countIn(mine, 'INBOX') === 2, 'it has moved');
		bonsai.press('X');
		await bonsai.sees(/done .*Move 1 message from INBOX to theirs\/Archive/);
	});

	test('bonsai move … --to-account waits until it is there and gone from here', async t => {
		const {home, mine, theirs} = await twoAccounts(t);
		const run = (words: string) => runBonsai(words.split(' '), {home});
		const moved = await run('move INBOX 1:2 Archive --account mine --to-account theirs');
		assert.deepEqual(
			[moved.code, moved.stdout, moved.stderr],
			[0, 'Done: Move 2 messages from INBOX to theirs/Archive\n', ''],
		);
		assert.deepEqual([countIn(mine, 'INBOX'), countIn(theirs, 'Archive')], [1, 2]);
		const nowhere = await run('copy INBOX 3 Archive --account mine --to-account nobody');
		assert.deepEqual([nowhere.code, nowhere.stderr], [1, 'bonsai: There is no account nobody: nothing was changed\n']);
		await theirs.close();
		const queued = await run('copy INBOX 3 Archive --account mine --to-account theirs');
		assert.equal(queued.code, 1);
		assert.match(queued.stderr, /^bonsai: Queued, not sent yet: Copy 1 message from INBOX to theirs\/Archive/);
	});
});
