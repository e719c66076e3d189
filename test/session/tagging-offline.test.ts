/** Many are tagged while there is no line: what is on the disk answers. */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {noWish} from '../../source/model/wish.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest} from '../helpers/session.ts';

/** Six messages, of which the call has brought the newest four. */
async function withoutLine(context: TestContext) {
	const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}]});
	context.after(() => server.close());
	for (let n = 1; n <= 6; n++) server.append('INBOX', `From: ada@example.org\r\nSubject: m${n}\r\n\r\nText.\r\n`);
	server.mailbox('INBOX')!.setFlags(4, ['\\Seen']);
	const wishes = {otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries: {last: 4}}}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	await call(session);
	session.hangUp();
	const mailbox = session.mailbox(inbox);
	await newest(mailbox, 1);
	const tagged = async (): Promise<string[]> =>
		(await newest(mailbox, 4)).filter(({isTagged}) => isTagged).map(({subject}) => subject);
	return {session, mailbox, tagged, said: () => session.notice.get()?.text};
}

test('without a line all that are here are tagged, and how many are not here is said', async context => {
	const {session, mailbox, tagged, said} = await withoutLine(context);
	mailbox.ensureTagged({what: 'all'});
	assert.deepEqual(await tagged(), ['m3', 'm4', 'm5', 'm6']);
	assert.equal(said(), '4 messages tagged; 2 messages not here, and not looked at');
	assert.ok(mailbox.decide('tagged', {kind: 'remove'}));
	assert.deepEqual(
		session.operations.get().map(({targets}) => targets.length),
		[4],
	);
});

test('without a line a range that is here is tagged, whatever was on the screen', async context => {
	const {mailbox, tagged, said} = await withoutLine(context);
	mailbox.ensureTagged({what: 'range', first: 3, last: 4});
	assert.deepEqual(await tagged(), ['m3', 'm4']);
	assert.equal(said(), '2 messages tagged');
});

test('without a line those are tagged that are unread or flagged by now, with what was decided and not yet sent', async context => {
	const {mailbox, tagged} = await withoutLine(context);
	const [, , fifth, sixth] = await newest(mailbox, 4);
	mailbox.decide([fifth!.id], {kind: 'flag', flag: '\\Seen', isSet: true});
	mailbox.decide([sixth!.id], {kind: 'flag', flag: '\\Flagged', isSet: true});
	mailbox.ensureTagged({what: 'unread'});
	assert.deepEqual(await tagged(), ['m3', 'm6']);
	mailbox.untagAll();
	mailbox.ensureTagged({what: 'flagged'});
	assert.deepEqual(await tagged(), ['m6']);
});
