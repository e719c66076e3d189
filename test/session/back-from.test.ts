/** What takes a decision back, where an earlier one was refused of some of its messages and done of the others. Pure. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import type {Change, Operation, Target} from '../../source/model/operation.ts';
import {backFrom} from '../../source/session/back-from.ts';
import {loggedOperation, loggedTarget} from '../helpers/logged.ts';

const [archive, trash] = [mailboxPath('Archive'), mailboxPath('Trash')];
const at = (mailbox: MailboxPath, uid: number) => ({mailbox, uidValidity: 7, uid});
const target = (uid: number, over: Partial<Target>): Target => loggedTarget(uid, {state: 'done', ...over});
const operation = (id: number, state: Operation['state'], change: Change, ...targets: readonly Target[]): Operation =>
	loggedOperation(id, {state, change, targets});
const refused = {state: 'waiting', isRefused: true} as const;

for (const [title, state, wanted] of [
	['goes back to where the earlier move has brought it', 'done', archive],
	['goes back to where it lay when the earlier move of it was refused', 'waiting', inbox],
] as const)
	test(`a message that was moved twice ${title}`, () => {
		const first = {place: at(trash, 4), from: at(inbox, 1), state};
		const earlier = operation(
			1,
			'refused',
			{kind: 'move', to: {path: archive}},
			target(1, {...first, isRefused: state === 'waiting'}),
			target(2, refused),
		);
		const later = operation(
			2,
			'done',
			{kind: 'move', to: {path: trash}},
			target(1, {...first, state: 'done', behind: earlier.id}),
		);
		const back = backFrom(later, [earlier, later]);
		assert.ok(!('because' in back));
		assert.deepEqual(
			back.map(({change}) => change),
			[{kind: 'move', to: {path: wanted}}],
		);
	});

test('a copy is all there is when its original was removed, whatever else of that was refused', () => {
	const copy = operation(
		1,
		'done',
		{kind: 'copy', to: {path: archive}},
		target(1, {place: at(archive, 9), from: at(inbox, 1)}),
	);
	const removal = (...targets: readonly Target[]) => operation(2, 'refused', {kind: 'remove'}, ...targets);
	const original = {place: at(inbox, 1), from: at(inbox, 1)};
	const isThere = (...targets: readonly Target[]) => !('because' in backFrom(copy, [copy, removal(...targets)]));
	assert.equal(isThere(target(2, original), target(3, refused)), false);
	assert.equal(isThere(target(2, {...original, ...refused}), target(3, {})), true);
});
