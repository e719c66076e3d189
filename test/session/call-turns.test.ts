/** Of a call that is under way only what has its turn is said to be going. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {noWish} from '../../source/model/wish.ts';
import {letter} from '../helpers/bonsai-on.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {ownFolder} from '../helpers/own-folder.ts';

test('what is sent goes first, then one mailbox after the other; what waits is planned', async context => {
	const names = ['INBOX', 'Lists', 'Plans'];
	const server = await startDemoServer({
		mailboxes: () => names.map((name, index) => ({name, state: new MailboxState(7 + index)})),
	});
	context.after(() => server.close());
	const arrive = (): void => {
		for (const name of names) server.append(name, letter({subject: name}));
	};
	arrive();
	const wishes = {otherwise: {...noWish, summaries: 'all', textBytes: 4000} as const, mailboxes: {}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	await call(session);
	session.decideByUid(inbox, 7, [1], {kind: 'flag', flag: '\\Flagged', isSet: true});
	arrive();
	const seen: string[][] = [];
	session.call.subscribe(() => {
		const {state, lines = []} = session.call.get() ?? {};
		if (state === 'going') seen.push(lines.filter(line => line.state === 'going').map(({key}) => key));
	});
	const {over} = await call(session);
	assert.deepEqual(
		over?.lines.map(({key, state}) => `${key} ${state}`),
		['send done', ...names.map(name => `${name} done`)],
	);
	assert.ok(
		seen.every(keys => keys.length < 2),
		JSON.stringify(seen),
	);
	const turns = seen.flat().filter((key, index, all) => key !== all[index - 1]);
	assert.deepEqual(turns, ['send', ...names]);
});
