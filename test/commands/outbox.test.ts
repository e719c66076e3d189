/** What `bonsai outbox` does to decisions of the log, by their numbers, as the outbox of the mail client does. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {outbox} from '../../source/commands/outbox.ts';
import {startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import type {OperationId} from '../../source/model/operation.ts';
import {noWish} from '../../source/model/wish.ts';
import {inboxOf, letter} from '../helpers/bonsai-on.ts';
import {printedOn} from '../helpers/command.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {ownFolder} from '../helpers/own-folder.ts';

type Verb = 'again' | 'undo' | 'arrived' | 'hold' | 'release' | 'discard';

test('again, undo, hold, release and discard act on a decision, or say why they do not', async t => {
	const server = await startDemoServer({mailboxes: inboxOf(letter({}), letter({}))});
	t.after(() => server.close());
	const wishes = {otherwise: {...noWish, summaries: 'all'}, mailboxes: {}} as const;
	const {session} = await openDisconnected(t, {port: server.port, at: ownFolder(t), wishes});
	await call(session);
	const flag = (uidValidity: number): OperationId =>
		session.decideByUid(inbox, uidValidity, [1], {kind: 'flag', flag: '\\Flagged', isSet: true})!;
	const about = async (verb: Verb, decision: number): Promise<string | undefined> =>
		(await printedOn(session, around => outbox(around, {verb, decision: decision as OperationId}))).undone;
	const stateOf = (id: OperationId) => session.operations.get().find(each => each.id === id)?.state;

	server.faults.add({kind: 'refuse', command: /^UID STORE/, answer: 'NO', text: 'Not on a Sunday', times: 1});
	const refused = flag(1733);
	assert.match((await about('again', refused)) ?? '', /was not refused/);
	assert.equal(await about('hold', refused), undefined);
	assert.equal(session.operations.get().at(-1)?.isHeld, true);
	assert.equal(await about('release', refused), undefined);
	await call(session);
	assert.equal(stateOf(refused), 'refused');
	const {stdout} = await printedOn(session, around => outbox(around));
	assert.match(stdout, new RegExp(`^refused\t[^\t]+\tFlag 1 message in INBOX\t${refused}\t.*Sunday\n$`));
	assert.match((await about('undo', refused)) ?? '', /nothing to take back: bonsai outbox --discard/);
	assert.match((await about('hold', refused)) ?? '', /does not wait/);
	assert.match((await about('arrived', refused)) ?? '', /is no mail but a decision/);
	assert.match((await about('discard', 99)) ?? '', /There is no decision 99 in the outbox/);

	assert.equal(await about('again', refused), undefined);
	assert.equal(stateOf(refused), 'waiting');
	await call(session);
	assert.equal(stateOf(refused), 'done');
	assert.equal(await about('undo', refused), undefined, 'the opposite is decided');
	const opposite = session.operations.get().at(-1);
	assert.deepEqual([opposite?.undoes, opposite?.state], [refused, 'waiting']);
	assert.equal(await about('discard', opposite!.id), undefined);
	assert.equal(stateOf(opposite!.id), undefined);
	const other = flag(1733);
	assert.equal(await about('undo', other), undefined, 'nothing of it was sent');
	assert.equal(stateOf(other), undefined);

	const renumbered = flag(9);
	await call(session);
	assert.match((await about('again', renumbered)) ?? '', /renumbered INBOX, .*: it cannot be tried again/);
	assert.equal(await about('discard', renumbered), undefined);
	assert.equal(stateOf(renumbered), undefined);
});
