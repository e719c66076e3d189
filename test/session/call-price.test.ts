/**
 * What a plan says of its price: parts come besides as long as nobody knows how large they are, and are in the sum from
 * then on.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sync} from '../../source/commands/sync.ts';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {noWish} from '../../source/model/wish.ts';
import {letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {printedOn} from '../helpers/command.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {noise} from '../helpers/noise.ts';
import {ownFolder} from '../helpers/own-folder.ts';

const octets = {type: 'application/octet-stream', mostBytes: 200_000};

test('parts are said to come besides until structures tell their sizes, and are counted then', async context => {
	const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}]});
	context.after(() => server.close());
	const arrive = (): void => {
		for (const name of ['a', 'b', 'c'])
			server.append('INBOX', letter({subject: name, mime: mimeWithFiles('Here.', [[`${name}.bin`, noise(30_000)]])}));
	};
	arrive();
	const wishes = {otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries: 'all', parts: [octets]} as const}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	const isDryRun = {isDryRun: true, mayRemoveMany: false};
	const {stdout: dryRun} = await printedOn(session, around => sync(around, isDryRun));
	assert.match(dryRun, /about 3 messages\tabout .* and parts$/m);
	assert.match(dryRun, /^In all about .*; parts come besides, their sizes are not known before$/m);
	const first = await call(session);
	assert.deepEqual(
		first.planned?.lines.map(({hasUnknownParts}) => hasUnknownParts),
		[true],
	);
	arrive();
	const {planned, over} = await call(session);
	const [line] = planned?.lines ?? [];
	assert.equal(line?.hasUnknownParts, false);
	const spent = (over?.spent.upBytes ?? 0) + (over?.spent.downBytes ?? 0);
	const planBytes = planned?.bytes ?? 0;
	assert.ok(planBytes > 0.8 * spent && planBytes < 1.25 * spent, `planned ${planBytes}, spent ${spent}`);
});
