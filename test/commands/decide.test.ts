/** A command that decides beside another process that holds the log. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {decide} from '../../source/commands/decide.ts';
import {startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {inboxOf, letter} from '../helpers/bonsai-on.ts';
import {printedOn} from '../helpers/command.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {openSession} from '../helpers/session.ts';

const options = {
	mailbox: inbox,
	uids: [1],
	named: [1],
	uidValidity: 1733,
	changes: [{kind: 'flag' as const, flag: '\\Flagged', isSet: true}],
	mayWait: true,
};

test('a holder that does not come to it is not waited for without end: it is queued, and said', async t => {
	const folder = ownFolder(t);
	const server = await startDemoServer({mailboxes: inboxOf(letter({}))});
	t.after(() => server.close());
	const holder = await openSession(t, {port: server.port, folder});
	holder.session.hangUp();
	assert.equal(holder.session.isDraining(), true);
	const {session} = await openSession(t, {port: server.port, folder, waitsForNews: false});
	assert.equal(session.isDraining(), false);
	const {undone, stdout} = await printedOn(session, around => decide(around, options, 1));
	assert.match(undone ?? '', /^Queued, not sent yet: Flag 1 message in INBOX \(another Bonsai has this account/);
	assert.equal(stdout, '');
	assert.deepEqual([session.link.get().state, holder.session.link.get().state], ['hung-up', 'hung-up']);
});

test('in the disconnected model a decision waits for the call, also where the line was needed to look which messages are there', async t => {
	const server = await startDemoServer({mailboxes: inboxOf(letter({}), letter({}))});
	t.after(() => server.close());
	const folder = ownFolder(t);
	const account = {model: 'disconnected' as const};
	const {session} = await openSession(t, {port: server.port, folder, account, waitsForNews: false});
	const range = {
		...options,
		uids: [1, 2, 3, 4],
		named: [],
		uidValidity: undefined,
		changes: [{kind: 'remove' as const}],
	};
	const {undone, stdout} = await printedOn(session, around => decide(around, range));
	assert.deepEqual([undone, stdout], [undefined, 'Queued: Remove for good 2 messages from INBOX\n']);
	await session.settled();
	assert.deepEqual(
		session.operations.get().map(({state}) => state),
		['waiting'],
	);
	assert.equal(server.mailbox('INBOX')?.uids.count, 2);
});
