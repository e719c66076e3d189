/** The disconnected model with the line down: how old it is, and what is not here says how it comes, once. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {asOfWords} from '../../components/format.ts';
import {placeWords} from '../../components/messages-words.ts';
import {threeColumns} from '../../components/title-words.ts';
import {inbox, messageId} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {type FakeSession, linkUp, noContent, noText} from './fake-session.ts';
import {show} from './show.tsx';
import {withMail} from './with-mail.ts';

const atNoon = new Date(2026, 10, 24, 12, 0).getTime();
const hungUp = {...linkUp, state: 'hung-up'} as const;

function disconnected(): FakeSession {
	const session = withMail();
	session.models.set({account: 'disconnected', mailboxes: {}});
	session.link.set(hungUp);
	return session;
}

describe('how old it is', () => {
	test('is a moment that does not tick', () => {
		const moment = new Date(2026, 10, 24, 9, 5).getTime();
		assert.equal(asOfWords(moment, atNoon), 'as of 09:05');
		assert.equal(asOfWords(moment, new Date(2026, 10, 26).getTime()), 'as of Nov 24 09:05');
		assert.equal(asOfWords(moment, new Date(2027, 0, 2).getTime()), 'as of 2026-11-24');
	});

	test('stands in the title, and gives way to where one is', () => {
		const state = {count: 100_000, state: 'open', because: ours(''), tagged: 12, asOf: atNoon - 1e8} as const;
		const words = placeWords(state, 99_999, atNoon);
		const title = (columns: number) => threeColumns(ours('work/INBOX'), words, ours('disconnected'), columns);
		assert.match(title(90), /99999 of 100000, 12 tagged, as of Nov 23 08:13 +disconnected/);
		assert.match(title(72), /99999 of 100000, 12 tagged +disconnected/);
		assert.match(title(50), /^ work\/INBOX +disconnected/);
	});

	test('is said of a list from the disk, and not of one the server has just told', async () => {
		const session = disconnected();
		const mailbox = session.mailbox(inbox);
		mailbox.state.set({...mailbox.state.get(), asOf: 0});
		session.mailboxes.set({...session.mailboxes.get(), asOf: 0});
		const screen = await show(session);
		assert.match(screen.lines()[0] ?? '', /30 of 30, as of 1970-01-01 +disconnected$/);
		await screen.press('y');
		assert.match(screen.lines()[0] ?? '', /1 of \d+, as of 1970-01-01 +disconnected$/);
		session.mailboxes.set({...session.mailboxes.get(), asOf: undefined});
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /1 of \d+ +disconnected$/);
	});
});

describe('what is not here, with the line down', () => {
	test('of a list is said once, beside what is here; on a line that is up it may come', async () => {
		const session = disconnected();
		const mailbox = session.mailbox(inbox);
		for (let index = 0; index < 15; index++) mailbox.rows[index] = undefined;
		const screen = await show(session);
		const rows = (): string[] => screen.lines().slice(1, 21);
		assert.deepEqual(
			rows().flatMap((row, index) => (row.includes('not here: $ calls, :dial opens the line') ? [index] : [])),
			[4],
		);
		session.link.set(linkUp);
		await screen.settled();
		assert.doesNotMatch(screen.text(), /not here/);
	});

	test('of a message says what each way brings, and nothing is said to be on its way', async () => {
		const session = disconnected();
		const screen = await show(session);
		await screen.press('Enter');
		const message = session.message(messageId(30));
		message.content.set({...noContent, state: 'asking'});
		await screen.settled();
		assert.match(
			screen.text().replace(/\s+/g, ' '),
			/The text of this message is not here: \$ calls and brings what is wished for, :dial opens the line and brings it now\./,
		);
		const text = {
			...noText,
			kind: 'plain',
			isAsking: true,
			isWhole: false,
			heldBytes: 4096,
			totalBytes: 40_960,
		} as const;
		message.content.set({...noContent, state: 'known', text});
		await screen.settled();
		assert.match(screen.text(), /4\.1 kB of 41 kB here, the rest is not here: \$ calls, :dial opens the line/);
		assert.doesNotMatch(screen.text(), /on its way/);
	});

	test('of the mailboxes is said', async () => {
		const session = disconnected();
		session.mailboxes.set({state: 'asking', mailboxes: []});
		const screen = await show(session);
		await screen.press('y');
		assert.match(screen.text(), /The list is not here: \$ calls, :dial opens the line\./);
	});

	test('of the inboxes is said, where nobody dials by itself', async () => {
		const session = disconnected();
		const mailbox = session.mailbox(inbox);
		mailbox.rows = [];
		mailbox.state.set({...mailbox.state.get(), state: 'closed', count: undefined});
		const screen = await show(session);
		await screen.press('U');
		assert.match(screen.text(), /The inboxes are not here: \$ calls, :dial opens the line\./);
		session.models.set({account: 'online', mailboxes: {}});
		await screen.press('j');
		assert.match(screen.text(), /The inboxes are on their way…/);
	});

	test('of an account that is not dialled, the list of accounts says its model', async () => {
		const session = disconnected();
		const screen = await show(session);
		await screen.press('Y');
		assert.match(screen.text(), /demo +disconnected/);
	});
});
