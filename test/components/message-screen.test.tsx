import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inbox, messageId, partNumber} from '../../source/model/ids.ts';
import {ours, safeLine} from '../../source/model/safe-text.ts';
import type {MessageContent} from '../../source/session/session.ts';
import {type FakeSession, fakeMessage, fakePart, fakeSession, noContent, noText, textLine} from './fake-session.ts';
import {type Shown, show} from './show.tsx';

const pdf = fakePart('2', 'application/pdf', {
	name: ours('report.pdf'),
	sizeBytes: 1_300_000,
	disposition: 'attachment',
});
const structure = fakePart('', 'multipart/mixed', {children: [fakePart('1', 'text/plain'), pdf]});
const content = (over: Partial<MessageContent> = {}): MessageContent => ({
	...noContent,
	state: 'known',
	headers: [
		{name: ours('From'), value: ours('Ada Lovelace <ada@example.org>')},
		{name: ours('Subject'), value: ours('Notes')},
	],
	structure,
	text: {...noText, kind: 'plain', heldBytes: 1000, totalBytes: 1000},
	...over,
});

async function opened(
	over: Partial<MessageContent> = {},
	text: readonly string[] = ['Hello Charles,'],
): Promise<{session: FakeSession; screen: Shown}> {
	const session = fakeSession();
	session.fill(inbox, [fakeMessage(1), fakeMessage(2), fakeMessage(3, {flags: new Set()})]);
	const screen = await show(session);
	await screen.press('k', 'Enter');
	const message = session.message(messageId(2));
	message.text = text.map(textLine);
	message.content.set(content(over));
	await screen.settled();
	return {session, screen};
}

const many = Array.from({length: 100}, (_, index) => `line ${index + 1}`);

describe('a message', () => {
	test('shows what the list knew while the rest is on its way', async () => {
		const session = fakeSession();
		session.fill(inbox, [fakeMessage(1)]);
		const screen = await show(session);
		session.spent();
		await screen.press('Enter');
		assert.deepEqual(session.spent(), ['ensureContent 1']);
		assert.match(screen.text(), /^From: +Sender 1\nSubject: Subject 1$/m);
		assert.match(screen.text(), /The message is on its way…/);
	});

	test('shows headers, text, and the parts that did not come with their size and price', async () => {
		const {screen} = await opened();
		assert.match(screen.text(), /From: +Ada Lovelace <ada@example.org>/);
		assert.match(screen.text(), /Hello Charles,/);
		assert.match(screen.text(), /1 more part/);
		assert.match(screen.text(), /2 +application\/pdf +report\.pdf +1\.3M {2}1\.4 MB, ~7 min/);
	});

	test('asks for its content once, however often it is drawn', async () => {
		const {session, screen} = await opened();
		session.spent();
		await screen.rerender();
		await screen.press('j', 'k');
		session.message(messageId(2)).content.set(content({links: [ours('https://example.org')]}));
		await screen.settled();
		assert.deepEqual(session.spent(), []);
	});

	test('scrolls by lines and pages, and never past its end', async () => {
		const {screen} = await opened({structure: undefined}, many);
		await screen.press('Space');
		assert.match(screen.lines()[1] ?? '', /^line 17/);
		await screen.press('k');
		assert.match(screen.lines()[1] ?? '', /^line 16/);
		await screen.press('End', 'PageDown', 'j');
		assert.match(screen.lines()[20] ?? '', /^line 100/);
		assert.match(screen.lines()[0] ?? '', / end /);
	});

	test('the rest of a long text has a price, and + brings more', async () => {
		const text = {...noText, kind: 'plain' as const, isWhole: false, heldBytes: 4000, totalBytes: 54_000};
		const {session, screen} = await opened({text});
		assert.match(screen.text(), /4\.0 kB of 54 kB here: \+ brings more \(all of it: at most 52 kB, ~17 s\)/);
		session.spent();
		await screen.press('+');
		assert.deepEqual(session.spent(), ['ensureMoreText 2']);
	});

	test('scrolling past the end of a long text brings more, scrolling before it does not', async () => {
		const text = {...noText, kind: 'plain' as const, isWhole: false, heldBytes: 4000, totalBytes: 54_000};
		const {session, screen} = await opened({text}, many);
		session.spent();
		await screen.press('j', 'PageDown', 'End');
		assert.deepEqual(session.spent(), []);
		await screen.press('j');
		assert.deepEqual(session.spent(), ['ensureMoreText 2']);
	});

	test('a key that makes no sense says why', async () => {
		const {session, screen} = await opened();
		session.spent();
		await screen.press('+');
		assert.match(screen.text(), /all of the text is here/);
		await screen.press('T');
		assert.match(screen.text(), /there is only one text/);
		assert.deepEqual(session.spent(), []);
	});

	test('H brings all headers and H again hides them', async () => {
		const {session, screen} = await opened();
		session.spent();
		await screen.press('H');
		assert.deepEqual(session.spent(), ['ensureAllHeaders 2']);
		assert.match(screen.text(), /all headers are on their way/);
		session
			.message(messageId(2))
			.content.set(content({allHeaders: [{name: ours('Received'), value: ours('from afar')}]}));
		await screen.settled();
		assert.match(screen.text(), /Received: from afar/);
		await screen.press('H');
		assert.doesNotMatch(screen.text(), /Received/);
		assert.deepEqual(session.spent(), []);
	});

	test('a To of two hundred does not bury the text', async () => {
		const headers = [{name: ours('To'), value: safeLine('someone@example.org, '.repeat(200))}];
		const {screen} = await opened({headers});
		assert.match(screen.text(), /… \(H: all\)/);
		assert.match(screen.text(), /Hello Charles,/);
	});

	test('a remark stands above the text, a failure in its place', async () => {
		const {session, screen} = await opened({
			text: {...noText, kind: 'html', remark: ours('this message has only HTML')},
		});
		assert.match(screen.text(), /this message has only HTML/);
		session
			.message(messageId(2))
			.content.set({...noContent, state: 'failed', because: ours('the server cannot find it')});
		await screen.settled();
		assert.match(screen.text(), /the server cannot find it/);
	});

	test('J and K read on, and the cursor of the list follows', async () => {
		const {session, screen} = await opened();
		session.spent();
		await screen.press('J');
		assert.deepEqual(session.spent(), ['ensureContent 3']);
		assert.match(screen.lines()[0] ?? '', /3 of 3/);
		await screen.press('J');
		assert.match(screen.text(), /this is the last message/);
		await screen.press('q');
		assert.match(screen.lines()[0] ?? '', /3 of 3/);
	});

	test('Tab reads the next unread', async () => {
		const {screen} = await opened();
		await screen.press('Tab');
		assert.match(screen.lines()[0] ?? '', /3 of 3/);
	});

	test('a message deep in the text is there again after a look at its parts', async () => {
		const {screen} = await opened({}, many);
		await screen.press('Space', 'v', 'q');
		assert.match(screen.lines()[1] ?? '', /^line 17/);
	});

	test('an attached message opens as a message', async () => {
		const inner = fakePart('2', 'message/rfc822', {children: [fakePart('2.1', 'text/plain')]});
		const {session, screen} = await opened({
			structure: fakePart('', 'multipart/mixed', {children: [fakePart('1', 'text/plain'), inner]}),
		});
		session.spent();
		await screen.press('v', 'j', 'Enter');
		assert.deepEqual(session.spent().at(-1), 'ensureContent 2/2');
		assert.match(screen.lines()[0] ?? '', /attached message/);
		assert.equal(session.message(messageId(2), partNumber('2')).part, '2');
	});
});
