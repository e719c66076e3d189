/** Messages that invite, over the whole house below the screens: what comes of them unasked, in which budget, and what is shown. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {dialLocal} from '../../source/local/local-remote.ts';
import {localAccount} from '../../source/model/account.ts';
import {inbox, localName, partNumber} from '../../source/model/ids.ts';
import type {Invitation} from '../../source/model/invitation.ts';
import {noWish} from '../../source/model/wish.ts';
import {type AccountSession, createSession} from '../../source/session/account-session.ts';
import type {OpenMessage} from '../../source/session/session.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {eventOf, google, outlook} from '../helpers/invitations.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const head = (type: string): string =>
	`From: Ada <ada@example.org>\r\nTo: robin@ship.example\r\nMessage-ID: <i@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: Budget\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\n`;

const calendarType = 'text/calendar; charset=utf-8; method=REQUEST';

/** As Google and Outlook send it: a text, HTML, and the same for a program. */
const threefold = (text: string, calendar = google): string =>
	`${head('multipart/alternative; boundary=b')}\r\n--b\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Budget\r\n--b\r\nContent-Type: ${calendarType}\r\n\r\n${calendar}\r\n--b--\r\n`;

const alone = (calendar: string, type = calendarType, encoding = '8bit'): string =>
	`${head(type)}Content-Transfer-Encoding: ${encoding}\r\n\r\n${calendar}\r\n`;

async function serverWith(context: TestContext, letters: readonly string[]) {
	const server = await startDemoServer({
		mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
		isRecording: true,
	});
	context.after(() => server.close());
	for (const each of letters) server.append('INBOX', Buffer.from(each));
	const fetched = (): string[] =>
		server.transcript
			.filter(({by, text}) => by === 'client' && /UID FETCH/.test(text))
			.flatMap(({text}) => text.match(/BODY\.PEEK\[[\d.]+\]<\d+\.\d+>/g) ?? []);
	return {server, fetched};
}

async function open(context: TestContext, letter: string) {
	const {server, fetched} = await serverWith(context, [letter]);
	const opened = await openSession(context, {port: server.port});
	const message = await newestOf(opened.session);
	return {server, fetched, ...opened, message};
}

async function newestOf(session: AccountSession): Promise<OpenMessage> {
	const [row] = await newest(session.mailbox(inbox), 1);
	assert.ok(row);
	return session.message(row.id);
}

async function read(message: OpenMessage): Promise<Invitation> {
	message.ensureContent();
	await until(message.content, ({calendar, text}) => calendar?.state === 'known' && !text.isAsking);
	const reading = message.content.get().calendar?.reading;
	assert.equal(reading?.is, 'invitation');
	return (reading as Extract<typeof reading, {is: 'invitation'}>).invitation;
}

const textOf = (message: OpenMessage): string =>
	message
		.lines(80)
		.map(({text}) => text)
		.join('\n');

test('an invitation beside a text comes with it, for one question more, and both are to be read', async context => {
	const {fetched, message} = await open(context, threefold('Come and look at the figures.'));
	const invitation = await read(message);
	assert.equal(invitation.summary, 'Budget – Überblick ⏰');
	assert.equal(textOf(message), 'Come and look at the figures.');
	assert.equal(message.content.get().calendar?.isToldByText, true);
	assert.deepEqual(
		fetched().map(each => /\[(.*)\]/.exec(each)?.[1]),
		['1', '3'],
	);
});

test('in the metered budget it comes when the text has left room for it, and else when it is asked for, before more text', async context => {
	const long = `${'All work and no play makes a mailbox dull.\r\n'.repeat(80)}`;
	const large = eventOf({DESCRIPTION: `:${'Bring the figures. '.repeat(150)}`});
	const {session, message, fetched} = await open(context, threefold(long, large));
	session.chooseBudget('metered');
	message.ensureContent();
	const content = await until(message.content, ({state, text}) => state === 'known' && !text.isAsking);
	assert.equal(content?.calendar?.state, 'offered');
	assert.deepEqual(
		fetched().filter(each => each.includes('[3]')),
		[],
	);
	assert.ok(message.priceOfMoreText().bytes > 1000);
	message.ensureMoreText();
	assert.equal((await read(message)).summary, 'Budget');
	assert.equal(fetched().filter(each => each.includes('[3]')).length, 1);
});

test('in the metered budget an invitation beside a short text comes unasked', async context => {
	const {session, message} = await open(context, threefold('Come.'));
	session.chooseBudget('metered');
	assert.equal((await read(message)).summary, 'Budget – Überblick ⏰');
});

test('text and invitation are together no more than the budget', async context => {
	const {session, message, fetched} = await open(
		context,
		`${head('multipart/mixed; boundary=m')}\r\n--m\r\nContent-Type: text/plain\r\n\r\n${'A line of text.\r\n'.repeat(900)}\r\n--m\r\nContent-Type: ${calendarType}\r\n\r\n${eventOf()}\r\n--m--\r\n`,
	);
	session.chooseBudget('metered');
	message.ensureContent();
	const content = await until(message.content, ({state, text}) => state === 'known' && !text.isAsking);
	assert.equal(content?.text.isWhole, false);
	const asked = fetched().map(each => Number(/\.(\d+)>/.exec(each)?.[1]));
	assert.ok(asked.reduce((sum, each) => sum + each, 0) <= session.budget.get().textBytes + 256, asked.join());
});

test('a message that is an invitation and nothing else has its words for a text, also to be quoted', async context => {
	const {message} = await open(context, alone(outlook));
	await read(message);
	const {text, calendar} = message.content.get();
	assert.deepEqual([text.kind, text.remark, calendar?.isToldByText], ['none', '', false]);
	assert.equal(
		message
			.calendarLines(80)
			.map(line => line.text)
			.join('\n'),
		'Please read before.',
	);
	message.ensureForAnswer();
	const {isTextHere, text: quoted} = message.written();
	assert.equal(isTextHere, true);
	assert.match(quoted, /^What: Kick-off; part 1\nWhen: /);
});

test('a description that some program has written in HTML is made readable', async context => {
	const html = ':<p>Bring <b>figures</b>.</p><br>See <a href="https://example.org/a">the agenda</a>\\nand cake.';
	const {message} = await open(context, alone(eventOf({DESCRIPTION: html})));
	await read(message);
	const lines = message.calendarLines(80).map(line => line.text);
	assert.match(lines.join('\n'), /^Bring figures\.\n\s*See the agenda.*\n *and cake\./);
	assert.doesNotMatch(lines.join('\n'), /<\/?(p|b|a)\b/);
});

test('whatever it is encoded in, and whichever charset, it is the same', async context => {
	const summary = 'Überblick';
	const event = eventOf({SUMMARY: `:${summary}`});
	const latin1 = Buffer.from(event, 'latin1').toString('base64').replaceAll(/.{76}/g, '$&\r\n');
	const quoted = event.replaceAll('=', '=3D').replaceAll('Ü', '=C3=9C');
	const letters = [
		alone(latin1, 'text/calendar; charset=iso-8859-1; method=REQUEST', 'base64'),
		alone(quoted, calendarType, 'quoted-printable'),
		alone(event, 'text/calendar; method=REQUEST'),
		`${head('multipart/mixed; boundary=m')}\r\n--m\r\n\r\nSee the file.\r\n--m\r\nContent-Type: application/ics; name=invite.ics\r\nContent-Disposition: attachment; filename=invite.ics\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(event).toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n--m--\r\n`,
		`${head('multipart/mixed; boundary=m')}\r\n--m\r\n\r\nSee the file.\r\n--m\r\nContent-Type: application/octet-stream; name=invite.ICS\r\n\r\n${event}\r\n--m--\r\n`,
	];
	const {server} = await serverWith(context, letters);
	const {session} = await openSession(context, {port: server.port});
	const rows = await newest(session.mailbox(inbox), letters.length);
	for (const row of rows) {
		assert.ok(row);
		assert.equal((await read(session.message(row.id))).summary, summary);
	}
});

test('what is no calendar is shown as it was sent, and says why', async context => {
	const {message} = await open(context, alone('Come tomorrow at ten.'));
	message.ensureContent();
	const content = await until(message.content, ({calendar}) => calendar?.state === 'known');
	const reading = content?.calendar?.reading;
	assert.match(reading?.is === 'text' ? reading.because : '', /is no calendar: shown as it was sent/);
	assert.equal(message.calendarLines(80)[0]?.text, 'Come tomorrow at ten.');
});

test('a calendar of years is a text like any other, which comes within the budget', async context => {
	const {message} = await open(context, alone(`${google}${'X-A:b\r\n'.repeat(60_000)}`));
	message.ensureContent();
	const content = await until(message.content, ({state, text}) => state === 'known' && !text.isAsking);
	assert.equal(content?.calendar, undefined);
	assert.deepEqual([content?.text.kind, content?.text.isWhole], ['plain', false]);
});

test('an invitation inside an attached message is that message’s, and is shown when it is opened', async context => {
	const {session, message} = await open(
		context,
		`${head('multipart/mixed; boundary=m')}\r\n--m\r\n\r\nLook what came.\r\n--m\r\nContent-Type: message/rfc822\r\n\r\n${threefold('Come.')}\r\n--m--\r\n`,
	);
	message.ensureContent();
	await until(message.content, ({state, text}) => state === 'known' && !text.isAsking);
	assert.equal(message.content.get().calendar, undefined);
	assert.equal((await read(session.message(message.id, partNumber('2')))).summary, 'Budget – Überblick ⏰');
});

test('a line that is cut on the way to it costs no more than it: it is asked for again', async context => {
	const {server, message} = await open(context, threefold('Come.'));
	server.faults.add({kind: 'cut-within', command: /BODY\.PEEK\[3\]/, afterBytes: 300, times: 1});
	assert.equal((await read(message)).summary, 'Budget – Überblick ⏰');
});

test('in the disconnected model it comes in the call, with the text, and is read without a line', async context => {
	const {server} = await serverWith(context, [threefold('Come.')]);
	const wishes = {otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries: 'all' as const, textBytes: 16_000}}};
	const {session, line} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	await call(session);
	await line.close();
	const message = await newestOf(session);
	assert.equal((await read(message)).summary, 'Budget – Überblick ⏰');
	assert.equal(textOf(message), 'Come.');
});

test('in mail on this disk it is read as on a server', async context => {
	const at = ownFolder(context);
	const root = path.join(at, 'Mail');
	fs.mkdirSync(path.join(root, 'INBOX', 'cur'), {recursive: true});
	fs.writeFileSync(path.join(root, 'INBOX', 'cur', '1.M1P1.host:2,'), threefold('Come.').replaceAll('\r\n', '\n'));
	const session = createSession({
		account: localAccount(localName, root),
		secret: async () => '',
		dial: dialLocal(path.join(at, 'maildir.sqlite')),
		remembered: {get: () => undefined, set: () => {}},
		folder: at,
		folderOf: () => at,
	});
	context.after(() => session.close());
	assert.equal((await read(await newestOf(session))).summary, 'Budget – Überblick ⏰');
});
