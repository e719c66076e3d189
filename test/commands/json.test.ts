/** The shape of --json is a promise to scripts: fields are added, never renamed or taken away (docs/commands.md). */
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {decide} from '../../source/commands/decide.ts';
import {list} from '../../source/commands/list.ts';
import {mailboxes} from '../../source/commands/mailboxes.ts';
import {outbox} from '../../source/commands/outbox.ts';
import {parts} from '../../source/commands/parts.ts';
import {read} from '../../source/commands/read.ts';
import {type DemoServer, startDemoServer} from '../../source/demo/server.ts';
import {inbox, partNumber} from '../../source/model/ids.ts';
import {inboxOf, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {printed, printedOn} from '../helpers/command.ts';
import {eventOf} from '../helpers/invitations.ts';
import {openSession} from '../helpers/session.ts';

const isJson = true;
const named = {mailbox: inbox, uid: 2, uidValidity: undefined};
const reading = {...named, part: undefined, hasAllHeaders: false, isWhole: false};

const withFiles = letter({
	subject: 'Files',
	mime: mimeWithFiles('See below.', [
		['a.bin', Buffer.alloc(3000, 1)],
		['n.txt', 'A note.'],
	]),
});

describe('the JSON of', () => {
	let server: DemoServer;
	before(async () => {
		const bare = 'Content-Type: text/plain\r\n\r\nNo header to speak of.\r\n';
		server = await startDemoServer({mailboxes: inboxOf(bare, withFiles)});
	});
	after(() => server.close());

	test('mailboxes', async t => {
		const {stdout} = await printed(t, {port: server.port}, mailboxes, {isJson});
		assert.deepEqual(JSON.parse(stdout), {
			account: 'test',
			mailboxes: [{mailbox: 'INBOX', specialUse: 'inbox', isSelectable: true, messages: 2, unseen: 2}],
		});
	});

	test('list, in which what a message does not have is null, never empty', async t => {
		const {stdout} = await printed(t, {port: server.port}, around => list(around, {mailbox: inbox, limit: 20}), {
			isJson,
		});
		assert.deepEqual(JSON.parse(stdout), {
			account: 'test',
			mailbox: 'INBOX',
			uidValidity: 1733,
			count: 2,
			messages: [
				{uid: 1, date: null, from: null, subject: null, sizeBytes: 52, flags: []},
				{
					uid: 2,
					date: '2026-11-20T12:00:00.000Z',
					from: 'Ada Lind',
					subject: 'Files',
					sizeBytes: withFiles.length,
					flags: [],
				},
			],
		});
	});

	test('read', async t => {
		const {stdout} = await printed(t, {port: server.port}, around => read(around, reading), {isJson});
		const {parts: beside, headers, ...answer} = JSON.parse(stdout);
		assert.deepEqual(answer, {
			account: 'test',
			mailbox: 'INBOX',
			uidValidity: 1733,
			uid: 2,
			part: null,
			date: '2026-11-20T12:00:00.000Z',
			from: 'Ada Lind',
			subject: 'Files',
			sizeBytes: withFiles.length,
			flags: [],
			text: 'See below.',
			textKind: 'plain',
			textHeldBytes: 10,
			textTotalBytes: 10,
			isTextWhole: true,
			remark: null,
			invitation: null,
			links: [],
		});
		assert.deepEqual(
			headers.map(({name}: {name: string}) => name),
			['Date', 'From', 'To', 'Subject'],
		);
		assert.deepEqual(Object.keys(headers[0]), ['name', 'value']);
		assert.deepEqual(
			beside.map(({name}: {name: string}) => name),
			['a.bin', 'n.txt'],
		);
	});

	test('read of an invitation, and what a terminal is told of it', async t => {
		const calendar = Buffer.from(
			eventOf({SUMMARY: ':Budget\\; part 1', DTEND: ';VALUE=DATE:20261202', DTSTART: ';VALUE=DATE:20261201'}),
		);
		const inviting = letter({subject: 'Come', mime: mimeWithFiles('Come.', [['invite.ics', calendar]])});
		const own = await startDemoServer({mailboxes: inboxOf(inviting)});
		t.after(() => own.close());
		const first = {...reading, uid: 1};
		const {stdout} = await printed(t, {port: own.port}, around => read(around, first), {isJson});
		assert.deepEqual(JSON.parse(stdout).invitation, {
			method: 'request',
			kind: 'event',
			uid: 'event-1@example.org',
			sequence: 0,
			isCancelled: false,
			isOccurrence: false,
			summary: 'Budget; part 1',
			start: '2026-12-01',
			end: '2026-12-02',
			repeats: null,
			where: null,
			page: null,
			organiser: {name: 'Ada Byron', address: 'ada@example.org'},
			invited: [
				{name: 'Robin', address: 'robin@ship.example', answer: 'needs-action', isOptional: false, isRoom: false},
			],
			comment: null,
			description: null,
		});
		const told = await printed(t, {port: own.port}, around => read(around, first));
		assert.match(
			told.stdout,
			/\n\nAn invitation from Ada Byron\nWhat: Budget; part 1\nWhen: Tue, 1 Dec 2026, all day\nBy: Ada Byron <ada@example\.org>\nInvited: no answer: Robin\n\nCome\.\n/,
		);
	});

	test('read of a part, which has the same fields', async t => {
		const {stdout} = await printed(
			t,
			{port: server.port},
			around => read(around, {...reading, part: partNumber('3')}),
			{isJson},
		);
		const whole = await printed(t, {port: server.port}, around => read(around, reading), {isJson});
		const answer = JSON.parse(stdout);
		assert.deepEqual([answer.part, answer.text, answer.isTextWhole], ['3', 'A note.', true]);
		assert.deepEqual(Object.keys(answer).toSorted(), Object.keys(JSON.parse(whole.stdout)).toSorted());
	});

	test('parts', async t => {
		const {stdout} = await printed(t, {port: server.port}, around => parts(around, named), {isJson});
		const answer = JSON.parse(stdout);
		assert.deepEqual(Object.keys(answer), ['account', 'mailbox', 'uidValidity', 'uid', 'parts']);
		assert.deepEqual(
			answer.parts.map(({number, depth, type, name}: Record<string, unknown>) => [number, depth, type, name]),
			[
				[null, 0, 'multipart/mixed', null],
				['1', 1, 'text/plain', null],
				['2', 1, 'application/octet-stream', 'a.bin'],
				['3', 1, 'text/plain', 'n.txt'],
			],
		);
		const [root, , file] = answer.parts;
		assert.deepEqual([root.encoding, root.sizeBytes, root.priceBytes, root.priceSeconds], [null, null, null, null]);
		assert.deepEqual([root.priceIsAtMost, typeof file.priceIsAtMost], [null, 'boolean']);
		assert.deepEqual([file.encoding, file.disposition, file.sizeBytes], ['base64', 'attachment', 4104]);
		assert.ok(file.priceBytes >= 3000, 'what travels, decoded where the server can');
	});

	test('flag, move, copy and delete', async t => {
		const {session} = await openSession(t, {port: server.port, waitsForNews: false});
		const options = {
			mailbox: inbox,
			uids: [1, 99],
			named: [1, 99],
			uidValidity: undefined,
			changes: [{kind: 'flag' as const, flag: '$Json', isSet: true}],
			mayWait: true,
		};
		const {stdout, undone} = await printedOn(session, around => decide(around, options), {isJson});
		assert.deepEqual(JSON.parse(stdout), {
			account: 'test',
			mailbox: 'INBOX',
			uidValidity: 1733,
			uids: [1],
			missing: [99],
			state: 'done',
			because: null,
		});
		assert.match(undone ?? '', /no message of UID 99/);
	});

	test('outbox', async t => {
		const {session} = await openSession(t, {port: 1, waitsForNews: false});
		session.decideByUid(inbox, 1733, [1, 2], {kind: 'move', to: {use: 'trash'}});
		const {stdout} = await printedOn(session, outbox, {isJson});
		const {operations, ...rest} = JSON.parse(stdout);
		assert.deepEqual(rest, {account: 'test', letters: []});
		const [{id, madeAt, ...operation}] = operations;
		assert.equal(typeof id, 'number');
		assert.match(madeAt, /^\d{4}-\d\d-\d\dT.*Z$/);
		assert.deepEqual(operation, {
			state: 'waiting',
			isHeld: false,
			sentence: 'Delete 2 messages from INBOX',
			because: null,
			messages: [1, 2].map(uid => ({mailbox: 'INBOX', uidValidity: 1733, uid})),
		});
	});
});
