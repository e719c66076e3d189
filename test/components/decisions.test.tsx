/** The keys of decisions: what they ask of the session, and what they ask the user first. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {accountName, inbox, mailboxPath, messageId} from '../../source/model/ids.ts';
import type {LogMessageId, OperationId} from '../../source/model/operation.ts';
import {ours, safeLine} from '../../source/model/safe-text.ts';
import {renumberedWords} from '../../source/model/try-again.ts';
import {type FakeSession, fakeOperation, linkUp} from './fake-session.ts';
import {type Shown, show} from './show.tsx';
import {withMail} from './with-mail.ts';

async function pressed(...keys: readonly string[]): Promise<{session: FakeSession; text: () => string}> {
	const session = withMail();
	const screen = await show(session);
	session.spent();
	for (const key of keys) await screen.press(key);
	return {session, text: () => screen.lines().join('\n')};
}
/** At the command line. */
async function command(screen: Shown, words: string): Promise<void> {
	await screen.press(':');
	await screen.type(words);
	await screen.press('Enter');
}
const decided = (session: FakeSession): string[] =>
	session.spent().filter(call => /^(decide|tag|undo|untag)/.test(call));

test('d, a, F and N decide about the message under the cursor', async () => {
	const {session} = await pressed('d', 'a', 'F', 'N');
	assert.deepEqual(decided(session), [
		'decide INBOX 30 {"kind":"move","to":{"use":"trash"}}',
		'decide INBOX 30 {"kind":"move","to":{"use":"archive"}}',
		'decide INBOX 30 {"kind":"flag","flag":"\\\\Flagged","isSet":true}',
		'decide INBOX 30 {"kind":"flag","flag":"\\\\Seen","isSet":false}',
	]);
});

test('any keyword is a flag: :flag sets it, :unflag takes it off, of one or of what is tagged', async () => {
	const session = withMail();
	const screen = await show(session);
	session.spent();
	await command(screen, 'flag $Forwarded');
	await command(screen, 'unflag Later');
	await command(screen, 'flag no(good');
	assert.match(screen.lines().join('\n'), /no\(good is no flag/);
	const {state} = session.mailbox(inbox);
	state.set({...state.get(), tagged: 3});
	await command(screen, 'flag-tagged seen');
	await command(screen, 'unflag-tagged Later');
	assert.deepEqual(decided(session), [
		'decide INBOX 30 {"kind":"flag","flag":"$Forwarded","isSet":true}',
		'decide INBOX 30 {"kind":"flag","flag":"Later","isSet":false}',
		'decide INBOX tagged {"kind":"flag","flag":"\\\\Seen","isSet":true}',
		'decide INBOX tagged {"kind":"flag","flag":"Later","isSet":false}',
	]);
});

test(':mailbox create, rename and delete decide about mailboxes; what goes for good is asked, with how much goes', async () => {
	const session = withMail();
	const screen = await show(session);
	session.spent();
	await command(screen, 'mailbox create Letters from home');
	await command(screen, 'mailbox create lists/bonsai');
	assert.match(screen.lines().join('\n'), /there is a mailbox Lists\/bonsai already/);
	await command(screen, 'mailbox rename Lists/bonsai "Tree mail"');
	await command(screen, 'mailbox rename Lists/bonsai');
	assert.match(
		screen.lines().join('\n'),
		/:mailbox create NAME, rename OLD NEW, delete NAME; a name with blanks in "…"$/m,
	);
	await command(screen, 'mailbox delete inbox');
	assert.match(screen.lines().join('\n'), /the INBOX is where mail arrives: it stays/);
	await command(screen, 'mailbox delete bonsai');
	assert.match(screen.lines().join('\n'), /there is no mailbox bonsai/);
	await command(screen, 'mailbox delete Lists/bonsai');
	assert.match(screen.lines().join('\n'), /Delete Lists\/bonsai, with \d+ messages, for good\?/);
	await screen.press('n');
	await command(screen, 'mailbox delete Lists/bonsai');
	await screen.press('y');
	assert.deepEqual(
		session.spent().filter(call => call.startsWith('decide')),
		[
			'decide {"kind":"create","mailbox":"Letters from home"}',
			'decide {"kind":"rename","mailbox":"Lists/bonsai","to":"Tree mail"}',
			'decide {"kind":"delete","mailbox":"Lists/bonsai"}',
		],
	);
});

test('s and C ask where to, and complete the name', async () => {
	const {session, text} = await pressed('s', 'l', 'i', 's', 't', 's', '/', 'Tab');
	assert.match(text(), /Move 1 message to mailbox: Lists\/bonsai/);
	assert.deepEqual(decided(session), []);
	const screen = await pressed('C', 'b', 'o', 'n', 's', 'Enter');
	assert.deepEqual(decided(screen.session), ['decide INBOX 30 {"kind":"copy","to":{"path":"Lists/bonsai"}}']);
});

test('s and C to another account say what it costs, and Tab completes its mailboxes', async () => {
	const [session, other] = [withMail('home'), withMail('work')];
	const screen = await show([session, other]);
	session.spent();
	const text = () => screen.lines().join('\n');
	for (const key of ['s', ...'work/bons', 'Enter']) await screen.press(key);
	assert.match(text(), /Move 1 message to work\/Lists\/bonsai, .*70/);
	assert.deepEqual(decided(session), []);
	await screen.press('n');
	for (const key of ['C', ...'WORK/l', 'Tab', ...'/b', 'Tab', 'Enter', 'y']) await screen.press(key);
	assert.deepEqual(decided(session), [
		'decide INBOX 30 {"kind":"copy","to":{"account":"work","mailbox":"Lists/bonsai"}}',
	]);
});

test('what another account has to send is said in the outbox, and is not called held back', async () => {
	const session = withMail();
	const to = {account: accountName('work'), mailbox: mailboxPath('Archive')};
	const {targets} = fakeOperation(1, {});
	const handed = targets.map(target => ({...target, state: 'handed' as const}));
	session.operations.set([fakeOperation(1, {change: {kind: 'move', to}, targets: handed})]);
	const screen = await show(session);
	await screen.press('X');
	const text = screen.lines().join('\n');
	assert.match(text, /1 waits/);
	assert.match(text, /sending .*Move 1 message from INBOX to work\/Archive/);
	assert.match(text, /It waits in the outbox of work to be sent there/);
});

test('with the line down nothing is on its way: what was cut off is looked up, or goes on', async () => {
	const session = withMail();
	const {targets} = fakeOperation(1, {});
	const as = (state: 'sending' | 'done' | 'waiting') => targets.map(target => ({...target, state}));
	session.operations.set([fakeOperation(1, {targets: as('sending')})]);
	const screen = await show(session);
	await screen.press('X');
	const text = (): string => screen.lines().join('\n').replaceAll(/\s+/g, ' ');
	session.link.set(linkUp);
	await screen.settled();
	assert.match(text(), /It is on its way\. u sends the opposite/);
	session.link.set({...linkUp, state: 'hung-up'});
	await screen.settled();
	assert.match(text(), /It was cut off: whether it was done is looked up when the line is back\. u sends the opposite/);
	session.models.set({...session.models.get(), account: 'disconnected'});
	await screen.settled();
	assert.match(text(), /It was cut off: whether it was done is looked up in the next call\./);
	session.operations.set([fakeOperation(1, {targets: [...as('done'), ...as('waiting')]})]);
	await screen.settled();
	assert.match(text(), /It was cut off, and goes on in the next call\./);
});

test('what was decided by UIDs that are no more can be cleared, and is not offered to be sent again', async () => {
	const session = withMail();
	const refusal = renumberedWords(inbox);
	session.operations.set([fakeOperation(1, {state: 'refused', refusal})]);
	const screen = await show(session);
	await screen.press('X');
	session.spent();
	assert.match(screen.text().replaceAll(/\s+/g, ' '), /which message was meant\. d clears it from the list\./);
	await screen.press('r');
	assert.deepEqual(session.spent(), []);
	session.operations.set([fakeOperation(1, {state: 'refused', refusal: safeLine(`${refusal}; it is read-only`)})]);
	await screen.settled();
	assert.match(screen.text().replaceAll(/\s+/g, ' '), /r sends it again, d clears it/);
});

test('a mailbox that is not there is told before anything is decided', async () => {
	const {session, text} = await pressed('s', 'x', 'y', 'z', 'Enter');
	assert.match(text(), /there is no mailbox xyz/);
	assert.deepEqual(decided(session), []);
});

test('what cannot be taken back is asked first', async () => {
	const session = withMail();
	session.special = () => inbox;
	const screen = await show(session);
	session.spent();
	await screen.press('d');
	assert.match(screen.lines().join('\n'), /Remove 1 message for good\?/);
	await screen.press('n');
	assert.deepEqual(decided(session), []);
	await screen.press('d');
	await screen.press('y');
	assert.deepEqual(decided(session), ['decide INBOX 30 {"kind":"remove"}']);
});

test('where there is no Trash, deleting says so and asks', async () => {
	const session = withMail();
	session.special = () => '';
	const screen = await show(session);
	await screen.press('d');
	assert.match(screen.lines().join('\n'), /There is no Trash here that is known\. Remove 1 message for good\?/);
});

test('t tags and goes on; ; and a key decide about what is tagged', async () => {
	const session = withMail();
	const screen = await show(session);
	session.spent();
	await screen.press('Home');
	await screen.press('t');
	assert.deepEqual(decided(session), ['tag INBOX 1 true']);
	await screen.press(';');
	await screen.press('d');
	assert.match(screen.lines().join('\n'), /nothing is tagged/);
	const {state} = session.mailbox(inbox);
	state.set({...state.get(), tagged: 3});
	await screen.settled();
	assert.match(screen.lines()[0] ?? '', /3 tagged/);
	for (const key of ['d', 'N', 'U', 'F', 'a', 't']) {
		await screen.press(';');
		await screen.press(key);
	}
	assert.deepEqual(decided(session), [
		'decide INBOX tagged {"kind":"move","to":{"use":"trash"}}',
		'decide INBOX tagged {"kind":"flag","flag":"\\\\Seen","isSet":true}',
		'decide INBOX tagged {"kind":"flag","flag":"\\\\Seen","isSet":false}',
		'decide INBOX tagged {"kind":"flag","flag":"\\\\Flagged","isSet":true}',
		'decide INBOX tagged {"kind":"move","to":{"use":"archive"}}',
		'untagAll INBOX',
	]);
});

test(':tag takes a range, all, unread, flagged and none, and says what it does not take', async () => {
	const session = withMail();
	const screen = await show(session);
	session.spent();
	for (const words of ['tag 5-2', 'tag all', 'tag unread', 'tag flagged', 'tag 7']) await command(screen, words);
	assert.deepEqual(
		session.spent().filter(call => call.startsWith('ensureTagged')),
		[
			'ensureTagged INBOX {"what":"range","first":2,"last":5}',
			'ensureTagged INBOX {"what":"all"}',
			'ensureTagged INBOX {"what":"unread"}',
			'ensureTagged INBOX {"what":"flagged"}',
			'ensureTagged INBOX {"what":"range","first":7,"last":7}',
		],
	);
	await command(screen, 'tag 1-99');
	assert.match(screen.lines().join('\n'), /there are 30 messages here/);
	await command(screen, 'tag some');
	assert.match(screen.lines().join('\n'), /tag what\?/);
});

test('the outbox shows the log as sentences, and why something was refused; what waits is in the title', async () => {
	const session = withMail();
	session.operations.set([
		fakeOperation(1, {state: 'done'}),
		fakeOperation(2, {state: 'refused', refusal: ours('your shelf is full')}),
		fakeOperation(3, {}),
	]);
	session.link.set({...linkUp, state: 'hung-up'});
	const screen = await show(session);
	assert.match(screen.lines()[0] ?? '', /↑1 /);
	session.link.set(linkUp);
	await screen.press('X');
	assert.doesNotMatch(screen.lines()[0] ?? '', /↑1 /, 'on a line it takes a moment until it is called waiting');
	const text = () => screen.lines().join('\n');
	assert.match(text(), /done .*Move 1 message from INBOX to Archive/);
	assert.match(text(), /waiting .*Move 1 message/);
	assert.match(text(), /It leaves as soon as there is a line/);
	session.models.set({account: 'disconnected', mailboxes: {}});
	session.link.set({...linkUp, state: 'hung-up'});
	await screen.settled();
	assert.match(text(), /It leaves in the next call/);
	session.models.set({account: 'online', mailboxes: {}});
	await screen.press('k', 'k');
	assert.match(text(), /The server has confirmed it/);
	session.link.set({...linkUp, isLocal: true});
	await screen.settled();
	assert.match(text(), / {2}It is done\./);
	session.link.set(linkUp);
	await screen.press('j');
	assert.match(text(), /Refused: your shelf is full/);
	session.spent();
	await screen.press('r');
	await screen.press('d');
	assert.deepEqual(session.spent(), ['retry 2', 'discard 2']);
});

test('the outbox keeps back what is held, says what waits behind it or behind a refusal, and undoes the one chosen', async () => {
	const session = withMail();
	const target = (message: number) =>
		fakeOperation(0, {}).targets.map(each => ({...each, message: message as LogMessageId}));
	session.operations.set([
		fakeOperation(1, {targets: target(1), isHeld: true}),
		fakeOperation(2, {targets: target(1), change: {kind: 'remove'}}),
		fakeOperation(3, {targets: target(2), state: 'refused', refusal: ours('your shelf is full.')}),
		fakeOperation(4, {targets: target(2), waitsFor: 3 as OperationId}),
		fakeOperation(5, {targets: target(3)}),
	]);
	const screen = await show(session);
	await screen.press('X');
	const text = () => screen.lines().join('\n');
	assert.match(screen.lines()[0] ?? '', /1 waits, 3 held back/);
	assert.match(text(), /held .*Move 1 message from INBOX to Archive/);
	assert.match(text(), /behind .*Remove for good 1 message/);
	session.spent();
	await screen.press('h');
	await screen.press('u');
	await screen.press('k');
	assert.match(text(), /It waits behind “Move 1 message from INBOX to Archive”, which\s+was refused/);
	await screen.press('k');
	assert.match(text(), /Refused: your shelf is full\..*One more waits\s+behind it/s);
	await screen.press('h');
	assert.match(text(), /only what was not sent can be held/);
	await screen.press('Home');
	assert.match(text(), /Held: it is not sent\..*One\s+more\s+waits\s+behind\s+it/s);
	await screen.press('h');
	await screen.press('Delete');
	assert.deepEqual(session.spent(), ['hold 5 true', 'undo 5', 'hold 1 false', 'discard 1']);
});

test('u takes back, everywhere mail is', async () => {
	const {session} = await pressed('u', 'Enter', 'u', 'q', 'X', 'u');
	assert.deepEqual(decided(session), ['undo', 'undo', 'undo']);
});

test('in a message d decides and reads on', async () => {
	const session = withMail();
	const screen = await show(session);
	await screen.press('k');
	await screen.press('Enter');
	session.spent();
	await screen.press('d');
	assert.deepEqual(decided(session), ['decide INBOX 29 {"kind":"move","to":{"use":"trash"}}']);
	assert.match(screen.lines()[0] ?? '', /30 of 30/);
	assert.equal(session.message(messageId(30)).id, messageId(30));
});
