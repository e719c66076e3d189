import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {inbox, messageId} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {type FakeSession, fakeMessage, fakePart, fakeSession, noContent, noText} from './fake-session.ts';
import {type Shown, show} from './show.tsx';
import {robin, type Wrote, withWriting} from './with-writing.ts';

type Opened = {readonly session: FakeSession; readonly screen: Shown; readonly wrote: Wrote};

async function opened(context: TestContext, options: Parameters<typeof withWriting>[2] = {}): Promise<Opened> {
	const session = fakeSession('work');
	session.fill(inbox, [fakeMessage(1, {subject: ours('Tea at four?')})]);
	session.mailbox(inbox).state.set({...session.mailbox(inbox).state.get(), uidValidity: 7});
	const wrote = withWriting(context, session, options);
	const screen = await show(session, {writingOf: wrote.writingOf});
	session.spent();
	return {session, screen, wrote};
}

const row = (screen: Shown, label: string): string =>
	screen
		.lines()
		.find(line => line.slice(1).startsWith(label))
		?.slice(11)
		.trim() ?? '';

describe('a new message', () => {
	test('begins in To, goes on to the subject and to the text, and is sent with what was typed', async context => {
		const {session, screen} = await opened(context);
		await screen.press('m');
		await screen.type('Ada <ada@example.org>');
		await screen.press('Enter');
		await screen.type('A walk');
		await screen.press('Enter');
		assert.equal(row(screen, 'To'), 'Ada <ada@example.org>');
		assert.equal(row(screen, 'From'), 'Robin <robin@ship.example>');
		await screen.press('Enter');
		await screen.type('Shall we?');
		await screen.press('Escape', 'y');
		assert.match(session.spent().join(), /send A walk \S+ work/);
		assert.match(screen.text(), /It is on its way/);
		assert.match(screen.lines()[0] ?? '', /work\/INBOX/);
	});
	test('is on the disk after a pause, and as it is when one leaves it; one without a word of the user’s is not', async context => {
		const {screen, wrote} = await opened(context);
		await screen.press('m', 'Escape', 'q');
		assert.deepEqual(wrote.drafts.all(), []);
		await screen.press('m');
		await screen.type('ada@example.org');
		await screen.press('Enter');
		wrote.pause();
		assert.equal(wrote.drafts.all()[0]?.draft.to[0]?.address, 'ada@example.org');
		await screen.type('Sea');
		await screen.press('Enter', 'q');
		assert.equal(wrote.drafts.all()[0]?.draft.subject, 'Sea');
		assert.match(screen.text(), /kept as a draft/);
	});
	test('is on the disk after a pause in the middle of a field, and Escape puts it back as it was', async context => {
		const {screen, wrote} = await opened(context);
		await screen.press('m');
		await screen.type('Ada <ada@exam');
		assert.deepEqual(wrote.drafts.all(), []);
		wrote.pause();
		assert.deepEqual(wrote.drafts.all()[0]?.draft.to, [{name: 'Ada', address: 'ada@exam'}]);
		await screen.press('Escape', 'q');
		assert.deepEqual(wrote.drafts.all(), []);
		await screen.press('m', 'Enter');
		await screen.type('One');
		await screen.press('Enter', 's');
		await screen.type(' two');
		wrote.pause();
		assert.equal(wrote.drafts.all()[0]?.draft.subject, 'One two');
		await screen.press('Escape');
		assert.equal(row(screen, 'Subject'), 'One');
		wrote.pause();
		assert.equal(wrote.drafts.all()[0]?.draft.subject, 'One');
	});
	test('has fields of its own, which are changed and taken off as others are', async context => {
		const {screen, wrote} = await opened(context);
		await screen.press('m', 'Escape', 'h');
		await screen.type('X-Ship: Aurelia');
		await screen.press('Enter', ':');
		await screen.type('header X-Sea: Ross');
		await screen.press('Enter', 'Up', 'Enter', 'Ctrl+u');
		await screen.type('X-Port: Tromso');
		await screen.press('Enter');
		const headers = () => wrote.desk.drafts.get()[0]?.draft.headers.map(({name, value}) => `${name}: ${value}`);
		wrote.pause();
		assert.deepEqual(headers(), ['X-Port: Tromso', 'X-Sea: Ross']);
		await screen.press('d');
		wrote.pause();
		assert.deepEqual(headers(), ['X-Sea: Ross']);
		await screen.press('h');
		await screen.type('nonsense');
		await screen.press('Enter');
		assert.match(screen.text(), /a header field looks like/);
	});
	test('that cannot be sent says why and stays', async context => {
		const {session, screen} = await opened(context);
		await screen.press('m', 'Escape', 'y');
		assert.match(screen.text(), /It goes to nobody/);
		await screen.press('t');
		await screen.type('ada');
		await screen.press('Enter', 'y');
		assert.match(screen.text(), /ada is no address/);
		assert.deepEqual(session.spent(), []);
	});
	test('without a subject, or with a file that was forgotten, is asked about first', async context => {
		const {session, screen} = await opened(context);
		await screen.press('m');
		await screen.type('ada@example.org');
		await screen.press('Enter', 'Enter', 'Enter');
		await screen.type('see the attachment');
		await screen.press('Escape', 'y');
		assert.match(screen.text(), /No subject\. You write “attachment”, no file is attached\. Send\?/);
		await screen.press('n');
		assert.deepEqual(session.spent(), []);
		await screen.press('y', 'y');
		assert.match(session.spent().join(), /^send/);
	});
	test('is written in the user’s editor where there is one, and comes back with what was written there', async context => {
		const {screen, wrote} = await opened(context, {runEditor: text => `${text}Out at sea.\n`});
		await screen.press('m', 'Escape', 'e');
		await screen.settled();
		assert.match(screen.text(), /Out at sea\./);
		assert.equal(wrote.drafts.all()[0]?.draft.text, 'Out at sea.\n');
	});
	test('can be sent later', async context => {
		const {screen} = await opened(context);
		await screen.press('m');
		await screen.type('ada@example.org');
		await screen.press('Enter');
		await screen.type('Sea');
		await screen.press('Enter', 'Enter', 'a', 'Escape', ':');
		await screen.type('later yesterday');
		await screen.press('Enter');
		assert.match(screen.text(), /when\? :later 18:30/);
		await screen.press(':');
		await screen.type('later +2h');
		await screen.press('Enter');
		assert.match(screen.text(), /It is on its way/);
	});
});

describe('addresses', () => {
	const inMail = () => [
		{from: 'Ada Lovelace <ada@example.org>', to: 'robin@ship.example', cc: ''},
		{from: 'Robin <robin@ship.example>', to: 'Adam Smith <adam@example.org>', cc: ''},
	];
	const people = {inMail, own: new Set(['robin@ship.example'])};
	test('are completed by Tab, those one has written to first, and chosen among by Tab and the arrows', async context => {
		const {screen} = await opened(context, {people});
		await screen.press('m', 'a', 'd', 'Tab');
		assert.equal(row(screen, 'To'), 'Adam Smith <adam@example.org>');
		assert.match(screen.text(), /Ada Lovelace/);
		await screen.press('Tab');
		assert.equal(row(screen, 'To'), 'Ada Lovelace <ada@example.org>');
		await screen.press('Up', 'Enter');
		assert.doesNotMatch(screen.text(), /Ada Lovelace/);
		await screen.type(', love');
		await screen.press('Tab', 'Enter');
		assert.equal(row(screen, 'To'), 'Adam Smith <adam@example.org>, Ada Lovelace <ada@example.org>');
	});
	test('of nobody who is known are said to be that, and Escape gives back what was typed', async context => {
		const {screen} = await opened(context, {people});
		await screen.press('m', 'z', 'Tab');
		assert.match(screen.text(), /nobody is known as z/);
		await screen.press('Backspace', 'a', 'd', 'Tab', 'Escape');
		assert.equal(row(screen, 'To'), 'ad');
	});
});

describe('an answer', () => {
	test('waits for the header and the text of the message, and quotes it', async context => {
		const {session, screen} = await opened(context);
		const message = session.message(messageId(1));
		message.wrote = {...message.wrote, isHeaderHere: false};
		await screen.press('r');
		assert.match(screen.text(), /The message is on its way/);
		assert.deepEqual(session.spent(), ['ensureContent 1', 'ensureForAnswer 1']);
		message.wrote = {...message.wrote, isHeaderHere: true};
		message.content.set({...message.content.get()});
		await screen.settled();
		assert.equal(row(screen, 'To'), 'Ada <ada@example.org>');
		assert.equal(row(screen, 'Subject'), 'Re: Hello');
		assert.match(screen.text(), /Ada wrote:\n> Good morning/);
		await screen.press('y', 'y');
		assert.match(session.spent().join(), /send Re: Hello/);
	});
	test('whose text was asked for while the message was on its way opens it as soon as it is here', async context => {
		const {session, screen} = await opened(context);
		const message = session.message(messageId(1));
		message.wrote = {...message.wrote, isHeaderHere: false};
		await screen.press('r', 'e');
		assert.match(screen.text(), /opened when the message is here/);
		message.wrote = {...message.wrote, isHeaderHere: true};
		message.content.set({...message.content.get()});
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /Escape ends the text/);
		await screen.type('Yes. ');
		await screen.press('Escape', 'Down', 'Down');
		assert.match(screen.text(), /Yes\. Ada wrote:/);
	});
	test('without a line is begun by what is here, and says what is not known', async context => {
		const {session, screen} = await opened(context);
		const message = session.message(messageId(1));
		message.wrote = {...message.wrote, isHeaderHere: false};
		session.link.set({...session.link.get(), state: 'hung-up'});
		await screen.settled();
		await screen.press('r');
		assert.equal(row(screen, 'To'), 'Ada <ada@example.org>');
		assert.match(screen.text(), /not known whether it asks for answers elsewhere/);
	});
	test('to a list that is none says so and goes back', async context => {
		const {screen} = await opened(context);
		await screen.press('L');
		assert.match(screen.text(), /did not come through a mailing list/);
		assert.match(screen.lines()[0] ?? '', /work\/INBOX/);
	});
	test('is written as whom the message was to, and as another of one’s identities with f', async context => {
		const other = {...robin, name: 'Me', address: 'me@example.org'};
		const {screen} = await opened(context, {identities: [robin, other]});
		await screen.press('r');
		assert.equal(row(screen, 'From'), 'Me <me@example.org>');
		await screen.press('f');
		assert.equal(row(screen, 'From'), 'Robin <robin@ship.example>');
	});
});

describe('what is attached', () => {
	test('is a file with its size and its time on this line, and is taken off with d', async context => {
		const {session, screen} = await opened(context);
		const file = path.join(ownFolder(context), 'plate.jpg');
		fs.writeFileSync(file, Buffer.alloc(300_000));
		session.link.set({...session.link.get(), bytesPerSecond: 4000});
		await screen.press('m', 'Escape', ':');
		await screen.type(`attach ${file}`);
		await screen.press('Enter');
		assert.match(row(screen, 'Attached'), /^plate\.jpg, image\/jpeg, 300k, ~2 min$/);
		assert.match(screen.lines()[0] ?? '', /~411 kB, ~2 min/);
		await screen.press('d');
		assert.equal(row(screen, 'Attached'), '');
	});
	test('that is not there is said to be that', async context => {
		const {screen} = await opened(context);
		await screen.press('m', 'Escape', 'a');
		await screen.type('/nowhere/at/all');
		await screen.press('Enter');
		assert.match(screen.text(), /\/nowhere\/at\/all is not there/);
	});
});

test('in a window of six rows, with more fields than fit, one sees where one is', async context => {
	const session = fakeSession('work');
	session.fill(inbox, [fakeMessage(1)]);
	const wrote = withWriting(context, session);
	const screen = await show(session, {writingOf: wrote.writingOf, columns: 40, rows: 6});
	await screen.press('m', 'Escape', 's');
	await screen.type('Narrow');
	await screen.press('Enter');
	assert.equal(screen.lines().length, 6);
	assert.equal(row(screen, 'Subject'), 'Narrow');
	await screen.press('Home');
	assert.match(row(screen, 'From'), /^Robin <robin@/);
	await screen.press('End');
	assert.equal(row(screen, 'Text'), 'empty');
});

describe('drafts', () => {
	test('are listed, gone on with, and thrown away for good after a question', async context => {
		const {screen, wrote} = await opened(context);
		for (const subject of ['One', 'Two']) {
			await screen.press('m', 'Escape', 's');
			await screen.type(subject);
			await screen.press('Enter', 'q');
		}
		await screen.press(':');
		await screen.type('drafts');
		await screen.press('Enter');
		assert.match(screen.text(), /to nobody yet +One\n.*to nobody yet +Two/);
		await screen.press('Enter');
		assert.equal(row(screen, 'Subject'), 'Two');
		await screen.press('q', 'd', 'y');
		assert.deepEqual(
			wrote.drafts.all().map(({draft}) => draft.subject),
			['One'],
		);
		assert.doesNotMatch(screen.text(), /Two$/m);
	});
});

describe('what comes from messages', () => {
	const structure = fakePart('', 'multipart/mixed', {
		children: [
			fakePart('1', 'text/plain'),
			fakePart('2', 'image/jpeg', {name: ours('plate.jpg'), sizeBytes: 780_000, encoding: ours('base64')}),
			fakePart('3', 'application/pdf', {name: ours('menu.pdf'), sizeBytes: 900}),
		],
	});
	async function withParts(context: TestContext): Promise<Opened> {
		const found = await opened(context);
		found.session
			.message(messageId(1))
			.content.set({...noContent, state: 'known', structure, text: {...noText, kind: 'plain'}});
		return found;
	}
	test('is offered with its price when a message is sent on, and left behind by a no', async context => {
		const {session, screen} = await withParts(context);
		await screen.press('f');
		assert.match(screen.text(), /Attach 2 other parts\? a: all, 813 kB, ~\d min {2}c: choose {2}else: text only/);
		await screen.press('n');
		assert.equal(row(screen, 'Attached'), '');
		assert.match(screen.text(), /Forwarded message/);
		assert.doesNotMatch(session.spent().join(), /save/);
	});
	test('comes into the draft when it is wanted, and the message waits for it', async context => {
		const {session, screen} = await withParts(context);
		await screen.press('f', 'a');
		assert.match(row(screen, 'Attached'), /^plate\.jpg, image\/jpeg, 570k/);
		assert.match(session.spent().join(), /save 1 2 .*\/plate\.jpg.*,save 1 3 .*\/menu\.pdf/);
		await screen.type('bob@example.org');
		await screen.press('Enter', 'y', 'y');
		assert.match(screen.text(), /plate\.jpg is not here/);
	});
	test('is chosen among the parts, and attached to the message that is written', async context => {
		const {session, screen} = await withParts(context);
		await screen.press('f', 'c');
		assert.match(screen.text(), /mark what is to come along/);
		await screen.press('End', 'a');
		assert.match(screen.text(), /Attach menu\.pdf to “Fwd: .*”\?/);
		await screen.press('y');
		assert.match(row(screen, 'Attached'), /^menu\.pdf/);
		assert.match(screen.text(), /Forwarded message/);
		assert.deepEqual(session.spent().filter(call => call.startsWith('save')).length, 1);
	});
	test('stays on the server where it can be sent from there, unasked, and says so; what cannot be sent as it lies comes', async context => {
		const {session, screen} = await withParts(context);
		session.post.staying.set('yes');
		await screen.press('f');
		assert.match(row(screen, 'Attached'), /^plate\.jpg, image\/jpeg, on the server, 570k, nothing to send/);
		assert.match(screen.text(), /menu\.pdf, application\/pdf, on the server, 900, nothing to send/);
		assert.match(screen.text(), /its 2 other parts stay on the server: nothing to send/);
		assert.doesNotMatch(session.spent().join(), /save|bring/);
		await screen.press('Escape', 'End', 'Up', 'Up', ':');
		await screen.type('fetch');
		await screen.press('Enter');
		assert.match(screen.text(), /Fetch plate\.jpg, 780 kB\?/);
		await screen.press('y');
		assert.match(session.spent().join(), /bring 2 image\/jpeg .*\/plate\.jpg/);
		assert.match(row(screen, 'Attached'), /^plate\.jpg, image\/jpeg, 570k/);
		assert.match(screen.text(), /menu\.pdf, application\/pdf, on the server/);
	});
	test('left on the server it is nothing of the user’s own: who leaves at once keeps no draft', async context => {
		const {session, screen, wrote} = await withParts(context);
		session.post.staying.set('yes');
		await screen.press('f', 'Escape', 'q');
		assert.deepEqual(wrote.drafts.all(), []);
	});
	test('sent in binary it has to come: it is asked about with its price', async context => {
		const {session, screen} = await opened(context);
		const binary = fakePart('2', 'image/jpeg', {name: ours('plate.jpg'), sizeBytes: 780_000, encoding: ours('binary')});
		const of = fakePart('', 'multipart/mixed', {children: [fakePart('1', 'text/plain'), binary]});
		session
			.message(messageId(1))
			.content.set({...noContent, state: 'known', structure: of, text: {...noText, kind: 'plain'}});
		session.post.staying.set('yes');
		await screen.press('f');
		assert.match(screen.text(), /Attach plate\.jpg too, [\d.]+ [kM]B/);
	});
	test('as the whole message it stays too, and one that is sent on as it is when its header is here', async context => {
		const {session, screen} = await withParts(context);
		session.post.staying.set('yes');
		await screen.press(':');
		await screen.type('forward whole');
		await screen.press('Enter');
		assert.match(row(screen, 'Attached'), /\.eml, message\/rfc822, on the server, [\d.]+k, nothing/);
		await screen.press('Escape', 'D', 'b');
		const message = session.message(messageId(1));
		message.content.set({...message.content.get(), allHeaders: []});
		await screen.settled();
		assert.match(screen.text(), /It stays on the server: nothing to send/);
		assert.doesNotMatch(session.spent().join(), /save|bring/);
	});
	test('as the whole message, is asked about where it is over the budget, before anything is fetched', async context => {
		const {session, screen} = await opened(context);
		session.message(messageId(1)).price = () => ({bytes: 3_000_000, seconds: 900, isAtMost: false});
		await screen.press(':');
		await screen.type('forward whole');
		await screen.press('Enter');
		assert.match(screen.text(), /Fetch all of it to send it on, 3\.0 MB, ~15 min\?/);
		await screen.press('n');
		assert.match(screen.lines()[0] ?? '', /work\/INBOX/);
		assert.doesNotMatch(session.spent().join(), /save|ensureContent/);
		await screen.press('b', 'y');
		assert.match(screen.text(), /The message goes as it is/);
		assert.match(session.spent().join(), /save 1 /);
	});
	test('is attached from the screen of parts: to the last draft by a yes, to a new message by its word', async context => {
		const {session, screen} = await withParts(context);
		await screen.press('m', 'Escape', 's');
		await screen.type('Photos');
		await screen.press('Enter', 'q', 'v', 'End', 'a');
		assert.match(screen.text(), /Attach menu\.pdf to “Photos”\?/);
		await screen.press('y');
		assert.equal(row(screen, 'Subject'), 'Photos');
		assert.match(row(screen, 'Attached'), /^menu\.pdf/);
		await screen.press('q', ':');
		await screen.type('attach new');
		await screen.press('Enter');
		assert.equal(row(screen, 'Subject'), '');
		assert.equal(session.spent().filter(call => call.startsWith('save')).length, 2);
	});
});

test('sent on as it is: only to whom is asked, and the price of what is not here', async context => {
	const {session, screen} = await opened(context);
	await screen.press('b');
	assert.equal(row(screen, 'Resent by'), 'Robin <robin@ship.example>');
	await screen.type('bob@example.org');
	await screen.press('Enter');
	assert.match(screen.text(), /The message goes as it is/);
	await screen.press('e');
	assert.match(screen.text(), /only to whom can be changed/);
	assert.match(session.spent().join(), /save 1 .*\.parts\/message\.eml/);
});
