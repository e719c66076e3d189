/** What to send next, as a table: a pure function of the log and of what is known of the server. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import type {Change, Operation, OperationId, Target} from '../../source/model/operation.ts';
import {nextStep} from '../../source/session/replay-plan.ts';
import {noMessageId, type Surroundings} from '../../source/session/replay-step.ts';
import {loggedOperation, loggedTarget} from '../helpers/logged.ts';

const archive = mailboxPath('Archive');
const trash = mailboxPath('Trash');
const seen: Change = {kind: 'flag', flag: '\\Seen', isSet: true};
const move: Change = {kind: 'move', to: {path: archive}};
const copy: Change = {kind: 'copy', to: {path: archive}};
const toTrash: Change = {kind: 'move', to: {use: 'trash'}};

const target = (uid: number, over: Partial<Target> & {mailbox?: MailboxPath; uidValidity?: number} = {}): Target => {
	const {mailbox = inbox, uidValidity = 7, ...rest} = over;
	return loggedTarget(uid, {place: {mailbox, uidValidity, uid}, ...rest});
};
const operation = (id: number, change: Change, ...targets: readonly Target[]): Operation =>
	loggedOperation(id, {change, targets});
const around = (over: Partial<Surroundings> = {}): Surroundings => ({
	has: () => true,
	special: use => (use === 'trash' ? trash : archive),
	uidValidityOf: () => 7,
	isReadOnly: () => false,
	isUnderWay: () => false,
	selected: inbox,
	isAlone: () => false,
	...over,
});
const without = (...names: readonly string[]) => around({has: name => !names.includes(name)});
const plan = (operations: readonly Operation[], surroundings = around()) => {
	const step = nextStep(operations, surroundings);
	if (step === undefined) return 'nothing';
	const what = step.batches.map(
		batch => `${batch.operation.id}:${batch.targets.map(each => each.place.uid).join(',')}`,
	);
	return `${step.do} ${what.join(' ')}${step.do === 'refuse' ? ` ${step.because}` : ` in ${step.mailbox}`}`;
};

const rows: readonly (readonly [promise: string, operations: readonly Operation[], around: Surroundings, RegExp])[] = [
	['nothing decided is nothing sent', [], around(), /^nothing$/],
	['a flag is stored', [operation(1, seen, target(3))], around(), /^store 1:3 in INBOX$/],
	[
		'what was drained goes from where it was drained, and not from where it was moved since',
		[
			operation(
				1,
				{kind: 'remove', isDrained: true},
				target(3, {mailbox: archive, from: target(8).place}),
				target(0, {mailbox: archive, from: target(9).place}),
			),
		],
		around(),
		/^settle 1:3,0 in undefined$/,
	],
	[
		'the same flag decided again leaves with it',
		[operation(1, seen, target(3)), operation(2, seen, target(4), target(5))],
		around(),
		/^store 1:3 2:4,5 in INBOX$/,
	],
	[
		'but not past another decision about the same message',
		[operation(1, seen, target(3)), operation(2, {...seen, isSet: false}, target(4)), operation(3, seen, target(4))],
		around(),
		/^store 1:3 in INBOX$/,
	],
	[
		'and not in another mailbox',
		[operation(1, seen, target(3)), operation(2, seen, target(4, {mailbox: archive}))],
		around(),
		/^store 1:3 in INBOX$/,
	],
	[
		'flags that do not concern each other leave in whatever order',
		[
			operation(1, seen, target(3)),
			operation(2, {...seen, flag: '\\Flagged'}, target(3)),
			operation(3, seen, target(3)),
		],
		around(),
		/^store 1:3 3:3 in INBOX$/,
	],
	[
		'moves to one mailbox are one command, and not another’s',
		[operation(1, move, target(3)), operation(2, toTrash, target(4)), operation(3, move, target(5))],
		around(),
		/^move 1:3 3:5 in INBOX$/,
	],
	[
		'deleting is moving to the Trash, by its name or by its use',
		[operation(1, toTrash, target(3)), operation(2, {kind: 'move', to: {path: trash}}, target(4))],
		around(),
		/^move 1:3 2:4 in INBOX$/,
	],
	[
		'copies are one command, and so are removals',
		[operation(1, copy, target(3)), operation(2, copy, target(4))],
		around(),
		/^copy 1:3 2:4 in INBOX$/,
	],
	[
		'a copy is not joined by the copy that a move begins with',
		[operation(1, copy, target(3)), operation(2, move, target(4))],
		without('MOVE'),
		/^copy 1:3 in INBOX$/,
	],
	[
		'removals are one command',
		[operation(1, {kind: 'remove'}, target(3)), operation(2, {kind: 'remove'}, target(4))],
		around(),
		/^remove 1:3 2:4 in INBOX$/,
	],
	[
		'a mailbox is not left while something can be done in it',
		[operation(1, seen, target(3, {mailbox: archive})), operation(2, move, target(4))],
		around(),
		/^move 2:4 in INBOX$/,
	],
	[
		'and else the oldest operation says where to go',
		[operation(1, seen, target(3, {mailbox: archive})), operation(2, seen, target(4, {mailbox: trash}))],
		around(),
		/^store 1:3 in Archive$/,
	],
	[
		'what was refused together is tried one by one',
		[operation(1, seen, target(3)), operation(2, seen, target(4))],
		around({isAlone: () => true}),
		/^store 1:3 in INBOX$/,
	],
	[
		'the name of what is moved is asked first when something was decided behind it',
		[operation(1, move, target(3)), operation(2, seen, target(3))],
		around(),
		/^name 1:3 in INBOX$/,
	],
	[
		'once it is known, it is moved, and the other waits',
		[operation(1, move, target(3, {messageId: '<a@b>'})), operation(2, seen, target(3, {messageId: '<a@b>'}))],
		around(),
		/^move 1:3 in INBOX$/,
	],
	[
		'what is held waits, and what depends on it; nothing else does',
		[{...operation(1, move, target(3)), isHeld: true}, operation(2, toTrash, target(3)), operation(3, seen, target(4))],
		around(),
		/^store 3:4 in INBOX$/,
	],
	[
		'what counts on a refused one waits',
		[{...operation(2, toTrash, target(3)), waitsFor: 1 as OperationId}, operation(3, seen, target(4))],
		around(),
		/^store 3:4 in INBOX$/,
	],
	[
		'which mailbox the Trash is, is asked once for all',
		[operation(1, toTrash, target(3)), operation(2, toTrash, target(4))],
		around({special: () => undefined}),
		/^list 1:3 2:4 in undefined$/,
	],
	['a move by MOVE', [operation(1, move, target(3))], around(), /^move 1:3 in INBOX$/],
	['a move without MOVE begins with a copy', [operation(1, move, target(3))], without('MOVE'), /^copy 1:3 in INBOX$/],
	[
		'and goes on with the removal of the original',
		[operation(1, move, target(3, {state: 'copied'}))],
		without('MOVE'),
		/^remove 1:3 in INBOX$/,
	],
	[
		'targets that have come equally far go together',
		[operation(1, move, target(3, {state: 'copied'}), target(4), target(5, {state: 'copied'}))],
		without('MOVE'),
		/^remove 1:3,5 in INBOX$/,
	],
	[
		'a lost answer to MOVE is looked up in the source',
		[operation(1, move, target(3, {state: 'sending'}))],
		around(),
		/^look 1:3 in INBOX$/,
	],
	[
		'a lost answer to COPY needs a name first',
		[operation(1, copy, target(3, {state: 'sending'}))],
		around(),
		/^name 1:3 in INBOX$/,
	],
	[
		'and is then looked up in the target',
		[operation(1, copy, target(3, {state: 'sending', messageId: '<a@b>'}))],
		around(),
		/^find-copies 1:3 in Archive$/,
	],
	[
		'what is under way holds back what is about the same message, and nothing else',
		[operation(1, move, target(3)), operation(2, seen, target(3)), operation(3, seen, target(4))],
		around({isUnderWay: ({id}) => id === 1}),
		/^store 3:4 in INBOX$/,
	],
	[
		'Trash is asked for when nobody knows which it is',
		[operation(1, toTrash, target(3))],
		around({special: () => undefined}),
		/^list 1:3 in undefined$/,
	],
	[
		'and without one the message stays',
		[operation(1, toTrash, target(3))],
		around({special: () => ''}),
		/^refuse 1:3 this account has no Trash/,
	],
	[
		'a message that another client has moved there already is done',
		[operation(1, toTrash, target(3, {mailbox: trash, from: {mailbox: inbox, uidValidity: 7, uid: 9}}))],
		around(),
		/^settle 1:3 in undefined$/,
	],
	[
		'a message that is in the Trash is not moved there',
		[operation(1, toTrash, target(3, {mailbox: trash}))],
		around(),
		/^refuse 1:3 it is in Trash already/,
	],
	[
		'one that is to go where it is by now, since what took it away was struck, is done',
		[operation(1, {kind: 'move', to: {path: inbox}}, target(3))],
		around(),
		/^settle 1:3 in undefined$/,
	],
	[
		'what of a refused move never left is not moved back, and holds up nothing that is',
		[{...operation(2, {kind: 'move', to: {path: inbox}}, target(3)), undoes: 1 as OperationId}],
		around(),
		/^settle 2:3 in undefined$/,
	],
	[
		'UIDs of another UIDVALIDITY are nobody’s',
		[operation(1, toTrash, target(3, {uidValidity: 6}))],
		around(),
		/^refuse 1:3 the server has renumbered INBOX/,
	],
	[
		'unless the mailbox is not open, when nobody knows',
		[operation(1, move, target(3, {uidValidity: 6}))],
		around({uidValidityOf: () => undefined}),
		/^move 1:3 in INBOX$/,
	],
	[
		'a read-only mailbox gives copies only',
		[operation(1, seen, target(3)), operation(2, copy, target(4))],
		around({isReadOnly: () => true}),
		/^refuse 1:3 the mailbox INBOX is read-only/,
	],
	['and those it gives', [operation(2, copy, target(4))], around({isReadOnly: () => true}), /^copy 2:4 in INBOX$/],
	[
		'a message without a known UID is found by its Message-ID',
		[operation(1, move, target(0, {messageId: '<a@b>'}))],
		around(),
		/^find 1:0 in INBOX$/,
	],
	[
		'and without one by nobody',
		[operation(1, move, target(0, {messageId: noMessageId}))],
		around(),
		/^refuse 1:0 nobody knows which message/,
	],
	['what is over is not sent', [{...operation(1, seen, target(3)), state: 'refused'}], around(), /^nothing$/],
	[
		'what is done of an operation is not sent',
		[operation(1, move, target(3, {state: 'done'}), target(4))],
		around(),
		/^move 1:4/,
	],
];

for (const [promise, operations, surroundings, wanted] of rows) {
	test(promise, () => assert.match(plan(operations, surroundings), wanted));
}
