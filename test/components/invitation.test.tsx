/** An invitation on the message screen, and the answer to it in the composer. */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {readCalendar} from '../../source/calendar/calendar.ts';
import {inbox, messageId, partNumber} from '../../source/model/ids.ts';
import type {Posting} from '../../source/model/outgoing.ts';
import {ours} from '../../source/model/safe-text.ts';
import type {ShownCalendar} from '../../source/session/session.ts';
import {eventOf, google, zimbra} from '../helpers/invitations.ts';
import {fakeMessage, fakePart, fakeSession, noContent, noText} from './fake-session.ts';
import {show} from './show.tsx';
import {robin, withWriting} from './with-writing.ts';

const structure = fakePart('', 'multipart/alternative', {
	children: [fakePart('1', 'text/plain'), fakePart('2', 'text/calendar', {sizeBytes: 3000})],
});

const known = (text: string, over: Partial<ShownCalendar> = {}): ShownCalendar => ({
	part: partNumber('2'),
	state: 'known',
	sizeBytes: 3000,
	reading: readCalendar(text, {zone: 'Europe/Berlin'}),
	isToldByText: true,
	...over,
});

async function opened(
	context: TestContext,
	calendar: ShownCalendar | undefined,
	{columns = 80, rows = 24, isOpen = true, identities = [robin]} = {},
) {
	const session = fakeSession('work');
	session.fill(inbox, [fakeMessage(1, {subject: ours('Budget'), from: ours('Ada Byron'), uid: 9})]);
	const message = session.message(messageId(1));
	message.content.set({
		...noContent,
		state: 'known',
		structure,
		text: {...noText, kind: 'plain', heldBytes: 5, isWhole: true},
		calendar,
	});
	message.text = [{text: ours('Come and look at the figures.'), quoteDepth: 0, kind: 'text'}];
	message.wrote = {
		header: Buffer.from('Message-ID: <i@example.org>\r\nSubject: Budget\r\n\r\n'),
		isHeaderHere: true,
		text: ours(''),
		isTextHere: true,
		isTextWhole: true,
	};
	const posted: Posting[] = [];
	const post: typeof session.post = {
		...session.post,
		maySend: true,
		async send(posting) {
			posted.push(posting);
			return {id: '1', account: session.account};
		},
	};
	const wrote = withWriting(context, {account: session.account, post}, {identities});
	const screen = await show(session, {writingOf: wrote.writingOf, columns, rows});
	if (isOpen) await screen.press('Enter');
	return {session, message, screen, wrote, posted};
}

test('an invitation stands above the text: what, when, where, who, and how one answers', async context => {
	const {screen} = await opened(context, known(google));
	const lines = screen.lines().map(line => line.trimEnd());
	const at = lines.indexOf('An invitation from Ada Byron');
	assert.ok(at > 0, screen.text());
	assert.deepEqual(lines.slice(at + 1, at + 13), [
		'What:    Budget – Überblick ⏰',
		'When:    Tue, 1 Dec 2026, 15:00 to 16:00, local time',
		'Repeats: every week on Tuesday until Tue, 22 Dec 2026',
		'Where:   Room 4, second floor',
		'Page:    https://meet.example/abc-defg-hij',
		'By:      Ada Byron <ada@example.org>',
		'Invited: accepted: Ada Byron, Room 4 (room)',
		'         no answer: you',
		'Answer:  i a accepts, i t says perhaps, i d declines',
		'',
		'Come and look at the figures.',
		'',
	]);
	assert.doesNotMatch(screen.text(), /more part|text\/calendar|Figures first/);
	assert.match(screen.text(), /i a:Accept +i t:Perhaps +i d:Decline +u:Undo/);
	await screen.press('q');
	assert.doesNotMatch(screen.text(), /Accept/);
});

test('where the text does not tell of it, what it says at length is there too', async context => {
	const {message, screen} = await opened(context, undefined);
	message.calendarText = [{text: ours('Figures first, then the rest.'), quoteDepth: 0, kind: 'text'}];
	message.content.set({...message.content.get(), calendar: known(google, {isToldByText: false})});
	await screen.settled();
	assert.match(screen.text(), /Answer: [^\n]*\n\s*\n\s*Figures first, then the rest\.\s*\n\s*\n\s*Come and look/);
});

test('what is on its way, did not come, or cannot be read, says so', async context => {
	const {message, screen} = await opened(context, known(google, {state: 'asking', reading: undefined}));
	assert.match(screen.text(), /The invitation is on its way…/);
	const set = async (calendar: ShownCalendar): Promise<void> => {
		message.content.set({...message.content.get(), calendar});
		await screen.settled();
	};
	await set(known(google, {state: 'offered', reading: undefined}));
	assert.match(screen.text(), /The invitation \(3\.0 kB\) did not come: \+ brings it, /);
	await set(known('Come tomorrow.'));
	assert.match(screen.text(), /is no calendar: shown as it was sent/);
});

test('+ brings an invitation that did not come', async context => {
	const {session, screen} = await opened(context, known(google, {state: 'offered', reading: undefined}));
	session.spent();
	await screen.press('+');
	assert.match(session.spent().join(), /ensureMoreText 1/);
});

test('i a, i t and i d open an answer to the organiser, which y sends, and which marks the message as answered', async context => {
	for (const [key, subject, said] of [
		['a', 'Accepted', 'ACCEPTED'],
		['t', 'Tentative', 'TENTATIVE'],
		['d', 'Declined', 'DECLINED'],
	] as const) {
		const {screen, posted} = await opened(context, known(google));
		await screen.press('i', key);
		assert.match(screen.text(), /To +Ada Byron <ada@example\.org>/);
		assert.match(screen.text(), new RegExp(`Subject +${subject}: Budget – Überblick`));
		assert.match(screen.text(), /Answer +(accepts|declines) the invitation/);
		await screen.press('y');
		const [posting] = posted;
		assert.equal(posting?.draft.from.address, robin.address);
		assert.match(posting?.draft.alternative?.type ?? '', /^text\/calendar; charset=utf-8; method=REPLY$/);
		assert.match(
			posting?.draft.alternative?.text ?? '',
			new RegExp(`\\r\\nMETHOD:REPLY\\r\\n[\\s\\S]*PARTSTAT=${said}`),
		);
		assert.deepEqual(posting?.draft.inReplyTo, ['<i@example.org>']);
		assert.deepEqual(
			posting?.answers?.map(({uid}) => uid),
			[9],
		);
	}
});

test('it is sent as the identity that was invited, wherever that stands among one’s own', async context => {
	const first = {...robin, name: 'Aske', address: 'aske@work.example'};
	const {screen, posted} = await opened(context, known(google), {identities: [first, robin]});
	await screen.press('i', 'a', 'y');
	assert.equal(posted[0]?.draft.from.address, robin.address);
});

test('a word of one’s own can be written to it, and the answer for the organiser’s calendar can be left out', async context => {
	const {screen, posted, wrote} = await opened(context, known(google));
	await screen.press('i', 'a');
	await screen.press('Up', 'Enter');
	assert.match(screen.text(), /it is what the organiser’s calendar reads; d leaves it out/);
	await screen.press('d');
	assert.doesNotMatch(screen.text(), /accepts the invitation/);
	assert.equal(wrote.desk.drafts.get().length, 0);
	await screen.press('y');
	assert.equal(posted[0]?.draft.alternative, undefined);
});

test('from a list the invitation comes first, and then the answer', async context => {
	const {message, screen} = await opened(context, undefined, {isOpen: false});
	message.content.set({...message.content.get(), state: 'asking'});
	message.wrote = {...message.wrote, isTextHere: false};
	await screen.press(':');
	await screen.type('decline');
	await screen.press('Enter');
	assert.match(screen.text(), /on its way/);
	message.wrote = {...message.wrote, isTextHere: true};
	message.content.set({...message.content.get(), state: 'known', calendar: known(google)});
	await screen.settled();
	assert.match(screen.text(), /Subject +Declined: Budget/);
});

const unanswerable: readonly (readonly [string, ShownCalendar | undefined, string])[] = [
	['there is none', undefined, 'there is no invitation in it'],
	['it is for information', known(eventOf({}, {method: 'PUBLISH'})), 'nobody waits for an answer to it'],
	['it is cancelled', known(zimbra), 'it is cancelled: there is nothing to answer'],
	['nobody organises it', known(eventOf({ORGANIZER: ''})), 'it does not say who organises it'],
	['the organiser has no address', known(eventOf({ORGANIZER: ':urn:uuid:1'})), 'its organiser gives no mail address'],
	['one organises it oneself', known(eventOf({ORGANIZER: ':mailto:Robin@Ship.example'})), 'you organise it yourself'],
	['one is not invited', known(eventOf({ATTENDEE: ':mailto:bo@example.net'})), 'none of your addresses is among those'],
	['it has no name', known(eventOf({UID: ''})), 'it has no name of its own (UID)'],
	['it cannot be read', known('Come.'), 'the invitation in it cannot be read'],
	['it did not come', known(google, {state: 'offered', reading: undefined}), 'the invitation did not come'],
];
for (const [why, calendar, said] of unanswerable)
	test(`where ${why}, a sentence says that it cannot be answered`, async context => {
		const {screen, posted} = await opened(context, calendar);
		await screen.press('i', 'a');
		assert.ok(screen.text().includes(said), screen.text());
		assert.match(screen.text(), /1 of 1/);
		assert.doesNotMatch(screen.text(), /Subject +Accepted/);
		assert.equal(posted.length, 0);
	});

test('of a message that is marked as answered it says so, and one may answer once more', async context => {
	const {message, screen} = await opened(context, known(google));
	message.summary.set(fakeMessage(1, {flags: new Set(['\\Seen', '\\Answered'])}));
	await screen.settled();
	assert.match(
		screen.text(),
		/Answer: {2}the message is marked as answered; i a accepts, i t says perhaps, i d\s+declines/,
	);
});

test('what cannot be answered is not offered to be', async context => {
	const {screen} = await opened(context, known(eventOf({ORGANIZER: ':mailto:robin@ship.example'})));
	assert.match(screen.text(), /An invitation from/);
	assert.doesNotMatch(screen.text(), /Answer:|i a:/);
});
