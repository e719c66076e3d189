/**
 * What a server may say while a mailbox is opened, that no server here can be made to say. The rest is held by
 * changes-contract.ts on real ones.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import type {KnownMailbox, Selected} from '../../source/remote/remote.ts';
import {dialTest} from '../helpers/dialling.ts';
import {scriptedServer} from '../helpers/scripted-server.ts';
import {heard} from '../helpers/waiting.ts';

const known: KnownMailbox = {uidValidity: 7, highestModseq: '90060115194045000', uids: {first: 41, last: 211}};
const opened = ['* 170 EXISTS', '* OK [UIDVALIDITY 7] ok', '* OK [UIDNEXT 220] ok'];
const since = '* OK [HIGHESTMODSEQ 90060115205545359] ok';
const done = '$ OK [READ-WRITE] done';
const all = 'ENABLE CONDSTORE QRESYNC';
const remembered = {capabilities: all.split(' ')};

/** A mailbox opened in the login, by a server that answers SELECT so. */
async function open(
	context: TestContext,
	select: (command: string) => readonly string[],
	enabled = '* ENABLED QRESYNC',
) {
	const server = await scriptedServer(context, all, command => {
		if (command.startsWith('ENABLE')) return [enabled, '$ OK enabled'];
		return command.startsWith('SELECT') ? select(command) : ['$ OK done'];
	});
	const vanished = heard<string>();
	const {remote, selected} = await dialTest(context, {
		port: server.port,
		account: {authentication: 'plain'},
		wants: 'changes',
		known,
		remembered,
		events: {onVanished: vanished.tell},
	});
	return {server, remote, selected: selected as Selected, vanished};
}

test('what changed is what vanished, as the shortest set, and the flags by UID, whatever the order of the lines', async context => {
	const {selected, server} = await open(context, () => [
		'* VANISHED (EARLIER) 116,41,43:115',
		'* 49 FETCH (UID 117 FLAGS (\\Seen \\Answered) MODSEQ (90060115194045001))',
		...opened,
		'* VANISHED (EARLIER) 200:202',
		'* 50 FETCH (MODSEQ (90060115194045027) FLAGS () UID 119)',
		since,
		done,
	]);
	assert.deepEqual(selected, {
		path: inbox,
		uidValidity: 7,
		uidNext: 220,
		count: 170,
		isReadOnly: false,
		permanentFlags: undefined,
		highestModseq: '90060115205545359',
		changes: {
			vanished: '41,43:116,200:202',
			flags: [
				{uid: 117, flags: ['\\Seen', '\\Answered']},
				{uid: 119, flags: []},
			],
		},
	});
	assert.deepEqual(server.heard, ['ENABLE QRESYNC', 'SELECT INBOX (QRESYNC (7 90060115194045000 41:211))']);
});

for (const [what, lines] of [
	['a mailbox of another UIDVALIDITY', ['* OK [UIDVALIDITY 8] ok', since, '* VANISHED (EARLIER) 41:211']],
	['a mailbox without change numbers', ['* OK [NOMODSEQ] ok']],
	['a mailbox put back from a backup', ['* OK [HIGHESTMODSEQ 90060115194044999] ok']],
	['a row without its UID', [since, '* 49 FETCH (FLAGS (\\Seen))']],
	['a line that cannot be read', [since, '* 49 FETCH (UID 117 FLAGS (\\Seen']],
] as const) {
	test(`${what} tells nothing of what changed`, async context => {
		const {selected} = await open(context, () => [...opened, ...lines, done]);
		assert.equal(selected.changes, undefined);
		assert.equal(selected.count, 170);
	});
}

test('what is said of the mailbox that is left is not taken for the one that is opened', async context => {
	const {remote, vanished} = await open(context, command =>
		command.startsWith('SELECT INBOX')
			? [...opened, since, done]
			: [
					'* VANISHED 41',
					'* 3 FETCH (UID 44 FLAGS (\\Deleted))',
					'* 171 EXISTS',
					'* OK [CLOSED] closed',
					'* 2 EXISTS',
					'* OK [UIDVALIDITY 7] ok',
					since,
					'* VANISHED (EARLIER) 50',
					done,
				],
	);
	const other = await remote.select(mailboxPath('Other'), known);
	assert.deepEqual(other.changes, {vanished: '50', flags: []});
	assert.equal(other.count, 2);
	assert.deepEqual(vanished.all, []);
});

test('what goes after the count was said counts no more', async context => {
	const {selected} = await open(context, () => [...opened, since, '* VANISHED 60:61', done]);
	assert.equal(selected.count, 168);
	assert.equal(selected.changes?.vanished, '60:61');
});

for (const [what, enabled, refusal] of [
	['does not enable it', '* ENABLED', 'BAD what is that'],
	['does not enable it and says NO', '* ENABLED', 'NO what is that'],
	['enables it and does not understand it', '* ENABLED QRESYNC', 'BAD what is that'],
] as const) {
	test(`a server that announces QRESYNC and ${what} is asked in plainer words`, async context => {
		const {server, selected} = await open(
			context,
			command => {
				if (command === 'SELECT INBOX') return [...opened, since, done];
				return [command.endsWith('(CONDSTORE)') ? '$ BAD what is that' : `$ ${refusal}`];
			},
			enabled,
		);
		assert.deepEqual(server.heard.slice(1), [
			'SELECT INBOX (QRESYNC (7 90060115194045000 41:211))',
			'SELECT INBOX (CONDSTORE)',
			'SELECT INBOX',
		]);
		assert.equal(selected.count, 170);
		assert.equal(selected.changes, undefined);
	});
}

test('keywords that are spelled as none may be are flags all the same', async context => {
	const {selected} = await open(context, () => [
		...opened,
		since,
		'* 49 FETCH (UID 117 FLAGS (\\Seen 50%"off) MODSEQ (90060115194045001))',
		done,
	]);
	assert.deepEqual(selected.changes?.flags, [{uid: 117, flags: ['\\Seen', '50%"off']}]);
});

test('who holds nothing is told that nothing of it changed, without a question about it', async context => {
	const {remote, server} = await open(context, () => [...opened, since, done]);
	const {changes} = await remote.select(mailboxPath('Other'), {...known, uids: undefined});
	assert.deepEqual(changes, {vanished: '', flags: []});
	assert.equal(server.heard.at(-1), 'SELECT Other');
});

test('the flags that can be changed for good are those the server names, none where it names none, and unknown where it does not say', async context => {
	for (const [line, flags] of [
		['* OK [PERMANENTFLAGS (\\Seen $Forwarded \\*)] Flags permitted.', ['\\Seen', '$Forwarded', '\\*']],
		['* OK [PERMANENTFLAGS ()] No permanent flags permitted.', []],
		['* OK [UIDNEXT 9] Predicted next UID', undefined],
	] as const) {
		const {selected} = await open(context, () => [...opened, line, done]);
		assert.deepEqual(selected.permanentFlags, flags);
	}
});
