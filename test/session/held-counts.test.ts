/** What is kept of a mailbox on the disk, and what a wish for more of it costs. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {knownLine} from '../../source/model/link.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import {costOfWish, nothingHeld} from '../../source/model/wish-cost.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {ownFolder} from '../helpers/own-folder.ts';

const file = 'JVBERi0xLjQK'.repeat(500);
const letter = (subject: string): string =>
	[
		`Subject: ${subject}`,
		'Content-Type: multipart/mixed; boundary=b',
		'',
		'--b',
		'',
		'The text.',
		'--b',
		'Content-Type: application/pdf',
		'Content-Transfer-Encoding: base64',
		'',
		file,
		'--b--',
		'',
	].join('\r\n');

test('what a call brought is counted, and a wish for more of it has its price from what is here', async context => {
	const at = ownFolder(context);
	const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}]});
	context.after(() => server.close());
	for (let index = 1; index <= 4; index++) server.append('INBOX', letter(`m${index}`));
	const wish: Wish = {...noWish, summaries: {last: 3}, textBytes: 4000};
	const wishes = {otherwise: noWish, mailboxes: {INBOX: wish}};
	const {session} = await openDisconnected(context, {port: server.port, at, wishes});
	assert.deepEqual(session.held(inbox), nothingHeld);
	await call(session);

	const held = session.held(inbox);
	const {summaries, structures, texts} = held;
	assert.deepEqual({summaries, structures, texts}, {summaries: 3, structures: 3, texts: 3});
	assert.equal(session.held(mailboxPath('Nothing')).summaries, 0);
	const line = knownLine(session.link.get());
	assert.equal(costOfWish({messages: 4, held}, wish, line).bytes, 0);
	const parts = [{type: 'application/pdf', mostBytes: 100_000}];
	const more = costOfWish({messages: 4, held}, {...wish, parts}, line);
	assert.deepEqual([more.messages, more.hasUnknownParts], [3, false]);
	const each = (more.bytes ?? 0) / 3 / file.length;
	assert.ok(each > 0.7 && each < 1.1, `${each} of its size`);
});
