import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mailboxPath} from '../../source/model/ids.ts';
import type {Operation} from '../../source/model/operation.ts';
import {massRemoval} from '../../source/session/mass-removal.ts';

const inbox = mailboxPath('INBOX');
const removing = (count: number, change: Operation['change'] = {kind: 'remove'}, isHeld = false): Operation =>
	({
		change,
		isHeld,
		targets: Array.from({length: count}, (_, index) => ({
			place: {mailbox: inbox, uidValidity: 7, uid: index + 1},
			state: 'waiting',
		})),
	}) as unknown as Operation;

const cases: readonly (readonly [string, readonly Operation[], number | undefined, number | undefined])[] = [
	['nothing waits', [], 100, undefined],
	['a fifth and no more', [removing(200)], 1000, undefined],
	['more than a fifth', [removing(201)], 1000, 201],
	['together more than a fifth', [removing(150), removing(60)], 1000, 210],
	['few, though all of it', [removing(20)], 20, undefined],
	['many, of nobody knows how many', [removing(21)], undefined, 21],
	['moves can be undone', [removing(500, {kind: 'move', to: {use: 'trash'}})], 1000, undefined],
	['what is held is not sent', [removing(500, {kind: 'remove'}, true)], 1000, undefined],
	['a mailbox with all that is in it', [removing(0, {kind: 'delete', mailbox: inbox})], 300, 300],
];

for (const [title, waiting, messages, removed] of cases) {
	test(`${title}: ${removed === undefined ? 'no question' : `asks about ${removed}`}`, () => {
		assert.equal(massRemoval(waiting, () => messages)?.removed, removed);
	});
}
