/**
 * The online model over the whole house below the screens: session, worker, wire, against the demo server.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {
	demoMailboxes,
	MailboxState,
	type NamedMailbox,
	startDemoServer,
	virtualMailbox,
} from '../../source/demo/server.ts';
import {inbox, mailboxPath, partNumber} from '../../source/model/ids.ts';
import type {Message} from '../../source/model/message.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import type {OpenMessage} from '../../source/session/session.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest, type OpenOptions, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

type Setup = {
	readonly mailboxes?: () => NamedMailbox[];
	readonly letters?: readonly string[];
	readonly capabilities?: readonly string[];
};

const letter = (subject: string, body = `Text of ${subject}.`, head = ''): string =>
	`From: Ada <ada@example.org>\r\nTo: robin@example.org\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n${head}\r\n${body}\r\n`;

async function open(context: TestContext, setup: Setup = {}, options: Partial<OpenOptions> = {}) {
	const empty = () => [{name: 'INBOX', state: new MailboxState(7)}];
	const server = await startDemoServer({
		mailboxes: setup.mailboxes ?? empty,
		...(setup.capabilities ? {capabilities: setup.capabilities} : {}),
		isRecording: true,
	});
	context.after(() => server.close());
	for (const each of setup.letters ?? []) server.append('INBOX', each);
	const opened = await openSession(context, {port: server.port, ...options});
	const said = () => server.transcript.filter(({by}) => by === 'client').map(({text}) => text);
	return {server, said, ...opened, view: opened.session.mailbox(inbox)};
}

async function read(session: AccountSession, message: Message | undefined): Promise<OpenMessage> {
	assert.ok(message);
	const opened = session.message(message.id);
	opened.ensureContent();
	await until(opened.content, ({state, text}) => state !== 'unknown' && state !== 'asking' && !text.isAsking);
	return opened;
}

const textOf = (message: OpenMessage): string =>
	message
		.lines(72)
		.map(line => line.text)
		.join('\n');

test('the newest rows are there after one look, in order, and cost nothing the second time', async context => {
	const {session, view, spent} = await open(context, {
		letters: ['one', 'two', 'three', 'four'].map(each => letter(each)),
	});
	const rows = await newest(view, 3);
	assert.deepEqual(
		rows.map(row => row.subject),
		['two', 'three', 'four'],
	);
	assert.equal(rows[0]?.from, 'Ada');
	assert.equal(rows[0]?.date, Date.UTC(2026, 10, 20, 10));
	await session.settled();
	spent();
	view.ensureRows(2, 4);
	view.ensureRows(2, 4);
	await session.settled();
	assert.equal(spent().total, 0);
});

test('a million messages cost what is seen of them', async context => {
	const {session, view, spent} = await open(context, {mailboxes: () => [{name: 'INBOX', state: virtualMailbox()}]});
	const rows = await newest(view, 20);
	assert.equal(rows.length, 20);
	assert.equal(view.state.get().count, 1_000_000);
	assert.ok(spent().total < 3200);
	view.ensureRows(500_000, 500_019);
	await until(view.state, () => view.row(500_010) !== undefined);
	await session.settled();
	assert.ok(spent().total < 1500);
	assert.equal(view.row(400_000), undefined);
});

test('a mailbox is left and another opened over the same line', async context => {
	const second = mailboxPath('日本');
	const {session, server, view} = await open(context, {
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: '日本', state: new MailboxState(8)},
		],
	});
	server.append('INBOX', letter('here'));
	server.append('日本', letter('there'));
	assert.equal((await newest(view, 5))[0]?.subject, 'here');
	assert.equal((await newest(session.mailbox(second), 5))[0]?.subject, 'there');
	assert.equal((await newest(view, 5))[0]?.subject, 'here');
	assert.equal(server.connections, 1);
});

test('a text is there after one turn, decoded, with To and Cc, and is not paid for twice', async context => {
	const head =
		'Cc: =?utf-8?q?Andr=C3=A9?= <andre@example.org>\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n';
	const {session, view, spent} = await open(context, {
		letters: [letter('caf', 'Un caf=E9, s=\r\nil vous pla=EEt.', head)],
	});
	const [row] = await newest(view, 5);
	await session.settled();
	spent();
	const message = await read(session, row);
	assert.equal(textOf(message).trim(), 'Un café, sil vous plaît.');
	assert.deepEqual(
		message.content
			.get()
			.headers.map(({name, value}) => `${name}: ${value}`)
			.slice(1),
		['From: Ada <ada@example.org>', 'To: robin@example.org', 'Cc: André <andre@example.org>', 'Subject: caf'],
	);
	assert.equal(spent().turns, 1);
	session.message(row?.id ?? message.id).ensureContent();
	await session.settled();
	assert.equal(spent().total, 0);
	assert.equal(view.row(1)?.held, 'whole');
});

test('a long text comes in windows of the budget, more of it when asked', async context => {
	const body = Array.from({length: 4000}, (_, index) => `Line ${index} of a long text.`).join('\r\n');
	const {session, view, spent} = await open(context, {letters: [letter('long', body)]}, {account: {budget: 'metered'}});
	const message = await read(session, (await newest(view, 5))[0]);
	const first = message.content.get().text;
	assert.equal(first.heldBytes, 4096);
	assert.equal(first.isWhole, false);
	assert.match(textOf(message), /^Line 0 of a long text\.\n/);
	await session.settled();
	spent();
	message.ensureMoreText();
	await until(message.content, ({text}) => text.heldBytes === 8192);
	await session.settled();
	assert.ok(spent().total < 4096 + 300);
	session.chooseBudget('free');
	message.ensureMoreText();
	message.ensureMoreText();
	await until(message.content, ({text}) => text.heldBytes >= 8192 + 65_536 || text.isWhole);
});

test('the video beside the text is neither fetched nor forgotten', async context => {
	const {session, view, spent, said} = await open(context, {mailboxes: () => demo()});
	const rows = await newest(view, 20);
	await session.settled();
	spent();
	const message = await read(
		session,
		rows.find(row => row.subject.startsWith('Lecture recording')),
	);
	await session.settled();
	const {total, turns} = spent();
	assert.ok(total <= 1850, `${total} bytes`);
	assert.equal(turns, 1);
	const video = message.content.get().structure?.children[1];
	assert.equal(`${video?.type}/${video?.subtype}`, 'video/mp4');
	assert.ok((video?.sizeBytes ?? 0) > 54_000_000);
	assert.equal(message.summary.get()?.held, 'text');
	// The server has BINARY: what is 54 MB in base64 travels as 40 MB.
	const {bytes} = message.price([partNumber('2')]);
	assert.ok(bytes > 40_000_000 && bytes < 44_000_000, `${bytes}`);
	assert.ok(
		!said().some(line => /BODY(\.PEEK)?\[\]|BODY\.PEEK\[[\d.]+\](?!<)/.test(line)),
		'a part was asked for without a range',
	);
});

const demo = (): NamedMailbox[] => [...demoMailboxes()];

test('HTML is made readable where there is no plain text, with its links numbered; T switches', async context => {
	const html = '<p>Dear <b>Robin</b>, see <a href="https://example.org/x">our page</a>.</p><script>alert(1)</script>';
	const alternative = `--b\r\nContent-Type: text/plain\r\n\r\nPlain.\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}\r\n--b--`;
	const {session, view} = await open(context, {
		letters: [
			letter('only', html, 'Content-Type: text/html; charset=utf-8\r\n'),
			letter('both', alternative, 'Content-Type: multipart/alternative; boundary=b\r\n'),
		],
	});
	const [only, both] = await newest(view, 5);
	const first = await read(session, only);
	await until(first.content, ({links}) => links.length > 0);
	assert.match(textOf(first), /Dear Robin, see our page/);
	assert.doesNotMatch(textOf(first), /alert/);
	assert.deepEqual(first.content.get().links, ['https://example.org/x']);
	assert.match(first.content.get().text.remark, /only HTML/);
	const second = await read(session, both);
	assert.equal(textOf(second).trim(), 'Plain.');
	assert.ok(second.content.get().text.hasAlternative);
	second.chooseHtml(true);
	await until(second.content, ({links}) => links.length > 0);
	assert.match(textOf(second), /Dear Robin/);
	second.chooseHtml(false);
	await until(second.content, ({text}) => text.kind === 'plain');
	assert.equal(textOf(second).trim(), 'Plain.');
});

test('an attached message opens as a message, with its own headers and text', async context => {
	const inner = letter('inside', 'Inner text.').replaceAll('ada@', 'inner@');
	const outer = `--o\r\n\r\nSee below.\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n${inner}\r\n--o--`;
	const {session, view} = await open(context, {
		letters: [letter('outer', outer, 'Content-Type: multipart/mixed; boundary=o\r\n')],
	});
	const [row] = await newest(view, 5);
	await read(session, row);
	assert.ok(row);
	const attached = session.message(row.id, partNumber('2'));
	attached.ensureContent();
	await until(attached.content, ({text}) => text.isWhole && text.heldBytes > 0);
	assert.equal(textOf(attached).trim(), 'Inner text.');
	assert.ok(attached.content.get().headers.some(({name, value}) => name === 'Subject' && value === 'inside'));
	attached.ensureAllHeaders();
	await until(attached.content, ({allHeaders}) => allHeaders !== undefined);
	assert.ok(
		attached.content.get().allHeaders?.some(({name, value}) => name === 'From' && value.includes('inner@example.org')),
	);
});

test('what an answer needs is known in part from the row, and whole once all headers came; what flows is one line', async context => {
	const {session, view} = await open(context, {
		letters: [
			letter(
				'flows',
				'One \r\nline.\r\nTwo.',
				'Reply-To: list@example.org\r\nContent-Type: text/plain; format=flowed\r\n',
			),
		],
	});
	const [row] = await newest(view, 1);
	const message = await read(session, row);
	const before = message.written();
	assert.equal(before.isHeaderHere, false);
	assert.match(before.header.toString(), /^From: .*ada@example\.org.*$/m);
	assert.doesNotMatch(before.header.toString(), /Reply-To/);
	assert.deepEqual([before.isTextHere, before.text.trim()], [true, 'One line.\nTwo.']);
	message.ensureForAnswer();
	await until(message.content, () => message.written().isHeaderHere);
	const after = message.written();
	assert.equal(after.isHeaderHere, true);
	assert.match(after.header.toString(), /^Reply-To: list@example\.org\r$/m);
});

test('what an answer needs comes whole, however many readers there are, and of what is longer than all no half of a field', async context => {
	const readers = (count: number): string =>
		Array.from({length: count}, (_, at) => ` Reader ${at} <reader-${at}@example.org>`).join(',\r\n');
	const fields = (count: number): string => `Cc:\r\n${readers(count)}\r\nReply-To: list@example.org\r\n`;
	const {session, view} = await open(context, {
		letters: [letter('many', 'Text.', fields(1000)), letter('too many', 'Text.', fields(10_000))],
	});
	const rows = await newest(view, 2);
	const answerOf = async (row: (typeof rows)[number] | undefined): Promise<string> => {
		const message = await read(session, row);
		message.ensureForAnswer();
		await until(message.content, () => message.written().isHeaderHere);
		return message.written().header.toString();
	};
	const whole = await answerOf(rows.find(({subject}) => subject === 'many'));
	assert.match(whole, /Reader 999 <reader-999@example\.org>\r\nReply-To: list@example\.org\r\n/);
	const cut = await answerOf(rows.find(({subject}) => subject === 'too many'));
	assert.match(cut, /^From: /m);
	assert.doesNotMatch(cut, /Reader/);
});

test('who goes on with a text has the tabs, joiners and marks of direction that are not shown', async context => {
	const text = 'a\tb \u0645\u06cc\u200c\u062e \u{1f469}\u200d\u{1f680} \u05d0\u200f';
	const octets = Buffer.from(text).toString('base64');
	const fields = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n';
	const {session, view} = await open(context, {letters: [letter('draft', octets, fields)]});
	const [row] = await newest(view, 1);
	const message = await read(session, row);
	assert.equal(message.written().written?.trim(), text);
	assert.doesNotMatch(message.written().text, /\t|\u200f/);
});

test('how one leaves the list of a message comes when it is asked for, once, and not with what an answer needs', async context => {
	const {session, view} = await open(context, {
		letters: [letter('weekly', 'Tides.', 'List-Unsubscribe: <mailto:leave@l.example>\r\nList-Id: <l.example>\r\n')],
	});
	const message = await read(session, (await newest(view, 1))[0]);
	message.ensureForAnswer();
	const fields = message.ensureListFields();
	await until(message.content, () => message.written().isHeaderHere);
	const known = await until(fields, each => each.state === 'known');
	const header = known?.state === 'known' ? known.header.toString() : '';
	assert.match(header, /^List-Unsubscribe: <mailto:leave@l\.example>\r$/im);
	assert.match(header, /^List-Id: /im);
	assert.doesNotMatch(header, /^Subject:/im);
	assert.match(message.written().header.toString(), /^Subject:/im);
	assert.doesNotMatch(message.written().header.toString(), /^List-Unsubscribe:/im);
	session.hangUp();
	assert.equal(message.ensureListFields().get().state, 'known');
});

test('encrypted mail is said to be encrypted and can be piped to a command', async context => {
	const body =
		'--e\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--e\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n--e--';
	const {session, view} = await open(context, {
		letters: [
			letter('secret', body, 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=e\r\n'),
		],
	});
	const message = await read(session, (await newest(view, 5))[0]);
	assert.match(message.content.get().text.remark, /encrypted \(OpenPGP\)/);
	message.pipe(partNumber('2'), 'cat; printf "\\033[2J"; exit 3');
	const output = await until(message.pipeOutput, each => each?.state === 'done');
	assert.match(output?.output ?? '', /-----BEGIN PGP MESSAGE-----/);
	assert.doesNotMatch(output?.output ?? '', /\x1b/);
	assert.equal(output?.exitCode, 3);
});

test('new mail appears by itself, and not in a metered budget until one looks', async context => {
	for (const budget of ['free', 'metered'] as const) {
		const {session, server, view, said} = await open(context, {letters: [letter('first')]}, {account: {budget}});
		await newest(view, 5);
		await session.settled();
		server.append('INBOX', letter('second'));
		if (budget === 'metered') {
			assert.ok(!said().some(line => / IDLE/.test(line)));
			session.look();
		}
		await until(view.state, () => view.row(2)?.subject === 'second');
		assert.match(session.notice.get()?.text ?? '', /1 new message/);
	}
});

test('rows come ahead in a free budget only', async context => {
	const letters = Array.from({length: 30}, (_, index) => letter(`number ${index + 1}`));
	for (const [budget, isAhead] of [
		['free', true],
		['metered', false],
	] as const) {
		const {session, view} = await open(context, {letters}, {account: {budget}});
		await newest(view, 5);
		view.ensureAhead(16, 25);
		await session.settled();
		assert.equal(view.row(20) !== undefined, isAhead);
	}
});

test('messages removed and flagged by another client change the rows and nothing else', async context => {
	const {server, view} = await open(context, {letters: ['one', 'two', 'three'].map(each => letter(each))});
	const [, two, three] = await newest(view, 5);
	assert.ok(two && three);
	server.expunge('INBOX', two.uid);
	await until(view.state, ({count}) => count === 2);
	assert.equal(view.positionOf(three.id), 2);
	assert.equal(view.row(2)?.subject, 'three');
	assert.equal(view.positionOf(two.id), undefined);
	server.setFlags('INBOX', three.uid, ['\\Flagged']);
	await until(view.state, () => view.row(2)?.flags.has('\\Flagged') === true);
});

test('a message removed while it is read says so and keeps its text', async context => {
	const {session, server, view} = await open(context, {letters: [letter('short-lived')]});
	const [row] = await newest(view, 5);
	const message = await read(session, row);
	server.expunge('INBOX', row?.uid ?? 0);
	await until(message.content, ({state}) => state === 'gone');
	assert.match(message.content.get().because, /removed on the server/);
	assert.match(textOf(message), /Text of short-lived/);
});

test('a cut line: what was on the screen stays, it dials again by itself, and rows and text go on', async context => {
	const {session, server, view, line} = await open(context, {letters: ['one', 'two'].map(each => letter(each))});
	const [, two] = await newest(view, 5);
	await session.settled();
	const waits: string[] = [];
	session.link.subscribe(() => waits.push(session.link.get().state));
	line.cut();
	await until(session.link, ({state}) => state !== 'up');
	assert.equal(view.row(2)?.subject, 'two');
	server.append('INBOX', letter('three'));
	await until(session.link, ({state}) => state === 'up');
	await until(view.state, () => view.row(3)?.subject === 'three');
	assert.match(textOf(await read(session, two)), /Text of two/);
	assert.ok(waits.includes('waiting'));
});

test('a text whose line is cut in the middle is fetched on from where it stopped', async context => {
	const body = 'All work and no play. '.repeat(3000);
	const {session, server, view, said} = await open(
		context,
		{letters: [letter('long', body)]},
		{account: {disabledCapabilities: ['COMPRESS=DEFLATE']}},
	);
	// Of the connection that is made now.
	server.faults.add({kind: 'cut', afterBytes: 30_000, times: 1});
	const [row] = await newest(view, 5);
	assert.ok(row);
	const message = session.message(row.id);
	message.ensureContent();
	await until(message.content, ({text}) => text.heldBytes >= 65_536);
	const first = said().filter(line => line.includes('BODY.PEEK[1]<0.'));
	assert.equal(first.length, 1, 'the beginning was fetched twice');
	assert.equal(new Set(server.transcript.map(({connection}) => connection)).size, 2);
});

test('renumbered messages (UIDVALIDITY) are forgotten and fetched anew, and the user is told', async context => {
	const {session, server, view} = await open(context, {letters: ['one', 'two'].map(each => letter(each))});
	const [one] = await newest(view, 5);
	server.setUidValidity('INBOX', 99);
	await until(view.state, ({uidValidity}) => uidValidity === 99);
	assert.match(session.notice.get()?.text ?? '', /renumbered/);
	const again = await newest(view, 5);
	assert.notEqual(again[0]?.id, one?.id);
	assert.match(textOf(await read(session, again[1])), /Text of two/);
});

test('a row that cannot be read is asked again once, shown as what it is, and spoils no other', async context => {
	const {session, server, view} = await open(context, {letters: ['one', 'two', 'three'].map(each => letter(each))});
	server.faults.add({kind: 'malformed-row', uid: 2});
	const rows = await newest(view, 5);
	assert.deepEqual(
		rows.map(row => row.subject),
		['one', '(the server’s answer about this message cannot be read)', 'three'],
	);
	await session.settled();
	assert.match(session.notice.get()?.text ?? '', /cannot be read/);
});

test('a message whose structure cannot be read still opens', async context => {
	const {session, server, view} = await open(context, {letters: [letter('odd', 'Still readable.')]});
	const [row] = await newest(view, 5);
	server.faults.add({kind: 'malformed-structure', uid: row?.uid ?? 0});
	const message = await read(session, row);
	await until(message.content, () => textOf(message) !== '');
	assert.match(textOf(message), /Still readable/);
	assert.match(message.content.get().because, /description of this message cannot be read/);
});

test('more octets than asked for end the connection, fail that message, and no other', async context => {
	const {session, server, view} = await open(
		context,
		{letters: [letter('lying', 'x'.repeat(9000)), letter('honest')]},
		{account: {budget: 'metered'}},
	);
	const [lying, honest] = await newest(view, 5);
	server.faults.add({kind: 'long-literal', extraBytes: 5000, uid: lying?.uid ?? 0});
	const message = await read(session, lying);
	assert.equal(message.content.get().state, 'failed');
	assert.match(message.content.get().because, /octets where/);
	assert.match(textOf(await read(session, honest)), /Text of honest/);
});

test('NO to one request is said in the server’s words and the rest goes on', async context => {
	const {session, server, view} = await open(context, {letters: [letter('one')]});
	const [row] = await newest(view, 5);
	server.faults.add({kind: 'refuse', command: /^UID FETCH/, answer: 'NO', text: 'The tape is being rewound', times: 1});
	const message = await read(session, row);
	assert.equal(message.content.get().state, 'failed');
	assert.match(message.content.get().because, /The tape is being rewound/);
	assert.match(textOf(await read(session, row)), /Text of one/);
});

test('a server that hangs up at login is tried again; one that refuses the password is not', async context => {
	const {session, server, view} = await open(context, {letters: [letter('one')]});
	server.faults.add({kind: 'bye', command: /^AUTHENTICATE/, text: 'Too many of you', times: 2});
	view.ensureNewest(5);
	const waiting = await until(session.link, ({state}) => state === 'waiting');
	assert.match(waiting.because, /Too many of you/);
	await until(session.link, ({state}) => state === 'up');

	const wrong = await open(context, {}, {password: 'wrong'});
	wrong.view.ensureNewest(5);
	const denied = await until(wrong.session.link, ({state, because}) => state === 'hung-up' && because !== '');
	assert.match(denied.because, /refuses the user name or the password/);
	assert.equal(wrong.said().filter(line => /AUTHENTICATE/.test(line)).length, 1);
});

test('silence is noticed and the line is dialled again', async context => {
	const {session, server, view} = await open(context, {letters: [letter('one')]}, {silenceMs: 60});
	const [row] = await newest(view, 5);
	server.faults.add({kind: 'silence', command: /^UID FETCH/, times: 1});
	assert.match(textOf(await read(session, row)), /Text of one/);
});

test('silence is noticed during the login too', async context => {
	for (const command of [/^AUTHENTICATE/, /^SELECT/]) {
		const {session, server, view} = await open(context, {letters: [letter('one')]}, {silenceMs: 60});
		server.faults.add({kind: 'silence', command, times: 1});
		view.ensureNewest(5);
		const waiting = await until(session.link, ({state}) => state === 'waiting');
		assert.match(waiting.because, /gone silent/);
		await until(view.state, () => view.row(1)?.subject === 'one');
	}
});

test('who turns to metered waits for no more news, and the wait is not taken up again', async context => {
	const {session, view, said} = await open(context, {letters: [letter('one')]});
	await newest(view, 5);
	await session.settled();
	const ends = () => said().filter(line => line === 'DONE').length;
	session.chooseBudget('metered');
	session.look();
	await session.settled();
	assert.equal(ends(), 1);
	assert.equal(said().filter(line => / IDLE/.test(line)).length, 1);
});

test('rows whose numbers are no more, since messages were removed on the way, are asked for again', async context => {
	const {server, session, view} = await open(context, {
		mailboxes: () => [{name: 'INBOX', state: virtualMailbox({count: 60})}],
	});
	await newest(view, 5);
	await session.settled();
	const uids = [58, 59, 60].map(sequence => server.mailbox('INBOX')?.uids.uidAt(sequence) ?? 0);
	server.expunge('INBOX', ...uids);
	view.ensureRows(41, 60);
	await until(view.state, () => view.row(57) !== undefined && view.row(45) !== undefined);
	await session.settled();
	assert.equal(session.notice.get(), undefined);
	assert.equal(view.state.get().count, 57);
});

test('hanging up stays hung up until one dials, and the rows stay', async context => {
	const {session, server, view} = await open(context, {letters: [letter('one')]});
	await newest(view, 5);
	session.hangUp();
	await until(session.link, ({state, because}) => state === 'hung-up' && because !== '');
	server.append('INBOX', letter('two'));
	view.ensureNewest(5);
	await session.settled();
	assert.equal(view.row(1)?.subject, 'one');
	assert.equal(view.row(2), undefined);
	session.dial();
	await until(view.state, () => view.row(2)?.subject === 'two');
});

test('a part is saved whole, decoded, beside no partial file, and never over another unasked', async context => {
	const folder = ownFolder(context);
	const octets = Buffer.from(Array.from({length: 90_000}, (_, index) => (index * 7919) % 256));
	const encoded = octets.toString('base64').replaceAll(/(.{76})/g, '$1\r\n');
	const body = `--m\r\n\r\nText.\r\n--m\r\nContent-Type: application/octet-stream; name="../../evil.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n--m--`;
	const {session, view} = await open(context, {
		letters: [letter('file', body, 'Content-Type: multipart/mixed; boundary=m\r\n')],
	});
	const message = await read(session, (await newest(view, 5))[0]);
	const part = partNumber('2');
	const name = message.suggestedFile(part);
	assert.equal(path.basename(name), name);
	assert.doesNotMatch(name, /^\./);
	const file = path.join(folder, name);
	message.save(part, file);
	await until(session.transfers, all => all.some(each => each.state === 'done'));
	assert.deepEqual(fs.readFileSync(file), octets);
	assert.deepEqual(fs.readdirSync(folder), [name]);

	fs.writeFileSync(file, 'mine');
	message.save(part, file);
	await session.settled();
	assert.equal(fs.readFileSync(file, 'utf8'), 'mine');
	assert.match(session.notice.get()?.text ?? '', /is there already/);
	message.save(part, file, {mayReplace: true});
	await until(session.transfers, all => all.filter(each => each.state === 'done').length === 2);
	assert.deepEqual(fs.readFileSync(file), octets);

	message.save(part, path.join(folder, 'cancelled'));
	session.cancel(session.transfers.get().at(-1)?.id ?? 0);
	await session.settled();
	assert.deepEqual(fs.readdirSync(folder), [name]);

	message.save(part, path.join(folder, 'no', 'such', 'folder'));
	await until(session.notice, notice => /folder does not exist/.test(notice?.text ?? ''));
});

test('chosen parts come into memory and a text part can be looked at', async context => {
	const body =
		'--m\r\n\r\nText.\r\n--m\r\nContent-Type: text/x-log; name=log.txt\r\nContent-Disposition: attachment\r\n\r\nline of the log\r\n--m--';
	const {session, view} = await open(context, {
		letters: [letter('log', body, 'Content-Type: multipart/mixed; boundary=m\r\n')],
	});
	const message = await read(session, (await newest(view, 5))[0]);
	const part = partNumber('2');
	assert.equal(message.partLines(part, 72), undefined);
	message.choose([part]);
	await until(session.transfers, all => all[0]?.state === 'done');
	assert.equal(message.partLines(part, 72)?.[0]?.text, 'line of the log');
	assert.equal(message.price([part]).bytes, 0);
});

test('the same session works on a server with nothing but IMAP4rev1', async context => {
	const {session, view, said} = await open(context, {
		letters: [letter('plain old')],
		capabilities: ['IMAP4rev1', 'AUTH=PLAIN'],
	});
	const message = await read(session, (await newest(view, 5))[0]);
	assert.match(textOf(message), /Text of plain old/);
	session.ensureMailboxes();
	const list = await until(session.mailboxes, ({mailboxes}) => mailboxes[0]?.messages !== undefined);
	assert.equal(list.mailboxes[0]?.path, 'INBOX');
	assert.ok(!said().some(line => /IDLE|COMPRESS|RETURN|ENABLE/.test(line)));
});

test('the list of mailboxes: special use first, then a tree by name', async context => {
	const {session} = await open(context, {mailboxes: () => demo()});
	session.ensureMailboxes();
	const {mailboxes} = await until(session.mailboxes, ({state}) => state === 'known');
	assert.deepEqual(
		mailboxes.slice(0, 6).map(each => each.specialUse),
		['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'],
	);
	const lists = mailboxes.findIndex(each => each.name === 'Lists');
	assert.equal(mailboxes[lists]?.isSelectable, false);
	assert.deepEqual([mailboxes[lists + 1]?.leaf, mailboxes[lists + 1]?.depth], ['imap-protocol', 1]);
	assert.ok(mailboxes.some(each => each.name === '日本' && (each.messages ?? 0) > 0));
});

test('the list of mailboxes is asked anew by who looks when there was news, and not otherwise', async context => {
	const {session, server, view, said} = await open(context, {
		letters: [letter('first')],
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Other', state: new MailboxState(8)},
		],
	});
	const lists = () => said().filter(line => line.includes('LIST "" "*"')).length;
	const look = async (): Promise<number | undefined> => {
		session.ensureMailboxes({withCounts: true});
		const {mailboxes} = await until(session.mailboxes, ({state}) => state === 'known');
		await session.settled();
		return mailboxes.length === 0 ? undefined : session.mailboxes.get().mailboxes[0]?.messages;
	};
	await newest(view, 5);
	assert.equal(await look(), 1);
	await newest(session.mailbox(mailboxPath('Other')), 5);
	await newest(view, 5);
	await look();
	assert.equal(lists(), 1);
	server.append('INBOX', letter('second'));
	await until(view.state, ({count}) => count === 2);
	assert.equal(await look(), 2);
	assert.equal(lists(), 2);
	session.chooseBudget('metered');
	server.append('INBOX', letter('third'));
	session.look();
	await until(view.state, ({count}) => count === 3);
	assert.equal(await look(), 2);
	assert.equal(lists(), 2);
});

test('who turns to another mailbox does not wait for the one before', async context => {
	const second = mailboxPath('Other');
	const {session, server, view, said} = await open(context, {
		mailboxes: () => [
			{name: 'INBOX', state: virtualMailbox({count: 1000})},
			{name: 'Other', state: new MailboxState(8)},
		],
	});
	server.append('Other', letter('there'));
	await newest(view, 20);
	await session.settled();
	view.ensureRows(1, 20);
	view.ensureAhead(21, 40);
	const [row] = await newest(session.mailbox(second), 5);
	assert.equal(row?.subject, 'there');
	await session.settled();
	const lines = said();
	const other = lines.findIndex(line => line.includes('SELECT Other'));
	assert.ok(other > 0);
	// The rows that were wished for first are brought afterwards, those nobody asked for never.
	assert.ok(!lines.some(line => line.includes('FETCH 21:40')));
});

test('a part of a mailbox that was left is fetched, and the one that is looked at is gone back to for its news', async context => {
	const second = mailboxPath('Other');
	const body = `--m\r\n\r\nText.\r\n--m\r\nContent-Type: text/plain; name=big.txt\r\n\r\n${'x'.repeat(30_000)}\r\n--m--`;
	const {session, server, view} = await open(context, {
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Other', state: new MailboxState(8)},
		],
	});
	server.append('INBOX', letter('with a file', body, 'Content-Type: multipart/mixed; boundary=m\r\n'));
	const message = await read(session, (await newest(view, 5))[0]);
	const other = session.mailbox(second);
	await newest(other, 5);
	message.choose([partNumber('2')]);
	await until(session.transfers, all => all[0]?.state === 'done');
	server.append('Other', letter('news'));
	await until(other.state, () => other.row(1)?.subject === 'news');
});

test('who leaves a message buys no more of its text, and who comes back goes on where it stopped', async context => {
	const body = Array.from(
		{length: 9000},
		(_, index) => `${(index * 7919) % 100_003} of a text that hardly compresses`,
	).join('\r\n');
	const account = {disabledCapabilities: ['COMPRESS=DEFLATE']};
	const {session, view, said, server} = await open(context, {letters: [letter('long', body)]}, {account});
	const [row] = await newest(view, 5);
	assert.ok(row);
	server.faults.add({kind: 'delay', command: /^UID FETCH \d+ BODY.PEEK\[1\]/, ms: 20});
	const message = session.message(row.id);
	message.ensureContent();
	await until(message.content, ({text}) => text.heldBytes > 0);
	message.leave();
	await session.settled();
	const held = message.content.get().text.heldBytes;
	assert.ok(held < 65_536);
	message.ensureContent();
	await until(message.content, ({text}) => text.heldBytes >= 65_536);
	assert.equal(said().filter(line => line.includes('BODY.PEEK[1]<0.')).length, 1);
});

test('a header of any length costs a row what a row may cost, and the message opens', async context => {
	const words = Array.from({length: 40_000}, (_, index) => (index * 7919).toString(36)).join(' ');
	const {session, view, spent} = await open(context, {letters: [letter('before'), letter(words), letter('after')]});
	const rows = await newest(view, 5);
	assert.equal(rows.length, 3);
	assert.equal(rows[2]?.subject, 'after');
	assert.ok(spent().total < 5000);
	assert.match(textOf(await read(session, rows[1])), /Text of/);
});

test('a message in which the server sees no text is shown as it was sent', async context => {
	const {session, view} = await open(context, {
		letters: [letter('no boundary', 'Still to be read.', 'Content-Type: multipart/mixed; boundary=nowhere\r\n')],
	});
	const message = await read(session, (await newest(view, 5))[0]);
	await until(message.content, () => textOf(message) !== '');
	assert.match(textOf(message), /Still to be read/);
});

test('a command that a part was fed to ends with the session', async context => {
	const {session, view} = await open(context, {letters: [letter('one')]});
	const message = await read(session, (await newest(view, 5))[0]);
	message.pipe(partNumber('1'), 'cat > /dev/null; echo pid $$; sleep 300');
	const running = await until(message.pipeOutput, each => /pid \d+/.test(each?.output ?? ''));
	assert.equal(running?.state, 'running');
	await session.close();
	const ended = await until(message.pipeOutput, each => each?.state === 'done');
	assert.notEqual(ended?.exitCode, 0);
});

test('who turns to another mailbox while a redial is waited for is not made to wait', async context => {
	const {session, server, line} = await open(
		context,
		{
			mailboxes: () => [
				{name: 'INBOX', state: new MailboxState(7)},
				{name: 'Other', state: new MailboxState(8)},
			],
		},
		{retryMs: 60_000},
	);
	server.append('INBOX', letter('here'));
	server.append('Other', letter('there'));
	await newest(session.mailbox(inbox), 5);
	await session.settled();
	line.cut();
	await until(session.link, ({state}) => state === 'waiting');
	assert.equal((await newest(session.mailbox(mailboxPath('Other')), 5))[0]?.subject, 'there');
});

test('a text of nothing but blanks is not shown where there is another; where there is none it is said', async context => {
	const parts = (texts: readonly [type: string, body: string][], subtype: string): [string, string] => [
		`Content-Type: multipart/${subtype}; boundary=b\r\n`,
		`${texts.map(([type, body]) => `--b\r\nContent-Type: text/${type}\r\n\r\n${body}\r\n`).join('')}--b--`,
	];
	const [alternative, bodyOfIt] = parts(
		[
			['plain', ' \r\n \r\n'],
			['html', '<p>Here</p>'],
		],
		'alternative',
	);
	const [mixed, bodyOfThat] = parts(
		[
			['plain', ''],
			['plain', 'Here too'],
		],
		'mixed',
	);
	const letters = [
		letter('Blank beside HTML', bodyOfIt, alternative),
		letter('Blank before text', bodyOfThat, mixed),
		letter('Blank', ' \r\n\r\n'),
	];
	const {session, view} = await open(context, {letters});
	const [first, second, third] = await newest(view, 3);
	const opened = await read(session, first);
	await until(opened.content, ({text}) => text.kind === 'html' && opened.lines(72).length > 0);
	assert.equal(textOf(opened), 'Here');
	assert.equal(textOf(await read(session, second)), 'Here too');
	const blank = await read(session, third);
	const {remark, advice} = blank.content.get().text;
	assert.deepEqual([remark, advice], ['The text of this message is empty', 'see-parts']);
});

test('a long text that begins with nothing says that more of it may be asked for', async context => {
	const letters = [letter('Long blank', `${' '.repeat(100_000)}\r\nHere`)];
	const {session, view} = await open(context, {letters});
	const [row] = await newest(view, 1);
	const opened = await read(session, row);
	assert.match(opened.content.get().text.remark, /nothing to read in what came of this text so far/);
	opened.ensureMoreText();
	await until(opened.content, ({text}) => text.isWhole && text.remark === '');
	assert.match(textOf(opened), /Here$/);
});
