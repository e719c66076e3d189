/** Mail in the outbox: how it stands, in words, and what can be done about each. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {noSequel, type ShownLetter} from '../../source/model/outgoing.ts';
import {ours, safeLine} from '../../source/model/safe-text.ts';
import {type FakeSession, linkUp} from './fake-session.ts';
import {type Shown, show, now as testNow} from './show.tsx';
import {withMail} from './with-mail.ts';

const letter = (id: string, over: Partial<ShownLetter> = {}): ShownLetter => ({
	id,
	state: 'waiting',
	madeAt: testNow - 60_000,
	messageId: `<${id}@example.org>`,
	letter: {
		file: '/nowhere',
		envelope: {from: 'ada@example.org', to: ['bob@example.org']},
		sizeBytes: 2100,
		isEightBit: false,
		needsUtf8: false,
	},
	because: ours(''),
	refusals: [],
	attempts: 0,
	notBefore: 0,
	sendAt: 0,
	isHeld: false,
	sequel: noSequel,
	sequelState: 'to-come',
	takenAt: 0,
	subject: safeLine(`Letter ${id}`),
	hasDraft: true,
	...over,
});

async function outbox(
	...letters: readonly ShownLetter[]
): Promise<{session: FakeSession; screen: Shown; text(): string}> {
	const session = withMail();
	session.link.set(linkUp);
	session.post.letters.set(letters);
	const screen = await show(session);
	await screen.press('X');
	session.spent();
	return {session, screen, text: () => screen.lines().join('\n').replaceAll(/\s+/g, ' ')};
}

test('a letter is a sentence with its state; what waits can be sent now, kept back, be a draft again, or go', async () => {
	const {session, screen, text} = await outbox(letter('a', {notBefore: testNow + 5000, madeAt: testNow - 5000}));
	assert.match(text(), /waiting \S+ Mail to bob@example\.org: Letter a \(2\.1k\)/);
	assert.match(text(), /1 waits/);
	assert.match(
		text(),
		/It leaves 10 s after you sent it\. r sends it now, h keeps it back, u makes it a draft again, d/,
	);
	for (const key of ['r', 'h', 'u', 'd']) await screen.press(key);
	assert.deepEqual(session.spent(), ['sendAgain a', 'holdLetter a true', 'takeBack a']);
	assert.match(text(), /Throw this mail away for good\?/);
	await screen.press('y');
	assert.deepEqual(session.spent(), ['discardLetter a']);
	await screen.press('a');
	assert.match(text(), /only of mail that is unknown/);
});

test('of what is not known the user says that it arrived, or has it sent again, knowing that it may arrive twice', async () => {
	const because = ours('The line was cut after all of it was sent and before the server said whether it took it');
	const {session, screen, text} = await outbox(letter('a', {state: 'unknown', because}));
	assert.match(text(), /unknown \S+ Mail to bob/);
	assert.match(
		text(),
		/before the server said whether it took it\. It is not sent again by itself\. a says that it arrived, r/,
	);
	await screen.press('a');
	await screen.press('r');
	assert.match(text(), /It may arrive twice\. Send it again\?/);
	await screen.press('n');
	assert.deepEqual(session.spent(), ['arrived a']);
	await screen.press('r');
	await screen.press('y');
	assert.deepEqual(session.spent(), ['sendAgain a']);
});

test('what was refused says for whom and why; what was sent, that its copy is still to be filed', async () => {
	const refusals = [{address: 'bob@example.org', because: safeLine('550 5.1.1 nobody here'), isForNow: false}];
	const refused = letter('a', {state: 'refused', because: ours('The server refuses it: 550'), refusals});
	const {screen, text} = await outbox(refused, letter('b', {state: 'sent', sequelState: 'recorded'}));
	assert.match(text(), /The server has taken it\. A copy is still to be filed/);
	await screen.press('k');
	assert.match(text(), /The server refuses it: 550\. Refused: bob@example\.org \(550 5\.1\.1 nobody here\)\. r sends/);
});

test('what is to be sent later, waits for a call, or was put off says so', async () => {
	const soon = testNow + 15 * 60_000;
	const put = letter('c', {because: ours('The server refuses it: 451 busy'), attempts: 1, notBefore: soon});
	const {session, screen, text} = await outbox(letter('a', {sendAt: soon}), letter('b', {isHeld: true}), put);
	assert.match(text(), /Not sent yet: The server refuses it: 451 busy\. It is tried again at \d\d:\d\d\./);
	await screen.press('k');
	assert.match(text(), /Held: it is not sent\. h lets it go, u makes/);
	await screen.press('k');
	assert.match(text(), /later \S+ Mail .* It is to be sent at \d\d:\d\d\./);
	session.models.set({account: 'disconnected', mailboxes: {}});
	session.link.set({...linkUp, state: 'hung-up'});
	await screen.press('End');
	assert.match(text(), /451 busy\. It leaves in the next call\. h keeps/);
});
