/** The operation log: on disk when it returns, one process drains, nothing is confused with anything else. */
import assert from 'node:assert/strict';
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {accountName, inbox, mailboxPath} from '../../source/model/ids.ts';
import type {Change, Operation, Place} from '../../source/model/operation.ts';
import {countOf, doneWords, sentenceOf} from '../../source/model/operation-words.ts';
import {ours} from '../../source/model/safe-text.ts';
import {OperationLog} from '../../source/store/log.ts';
import {ownFolder} from '../helpers/own-folder.ts';

const place = (uid: number, mailbox = inbox): Place => ({mailbox, uidValidity: 7, uid});
const target = (uid: number, wasSet?: boolean) => ({message: place(uid), wasSet});
const seen: Change = {kind: 'flag', flag: '\\Seen', isSet: true};
const move: Change = {kind: 'move', to: {path: mailboxPath('Archive')}};

function open(context: TestContext, where: string | undefined = undefined): OperationLog {
	const log = new OperationLog(where);
	context.after(() => {
		try {
			log.close();
		} catch {
			// The test closed it.
		}
	});
	return log;
}

/** The answer to a move: each message is in the archive, under the UID + 100. */
const moved = (operation: Operation) =>
	new Map(
		operation.targets.map(({message, place: {uid}}) => [message, place(uid + 100, mailboxPath('Archive'))] as const),
	);
const messagesOf = (operation: Operation) => operation.targets.map(({message}) => message);
const only = (log: OperationLog): Operation => log.operations()[0]!;

test('what was recorded is there when the log is opened again, with the former state', context => {
	const where = ownFolder(context);
	const log = open(context, where);
	log.record(seen, [target(3, false), target(1)], {madeAt: 12});
	log.close();
	const operation = only(open(context, where));
	assert.deepEqual([operation.change, operation.madeAt, operation.state], [seen, 12, 'waiting']);
	assert.deepEqual(
		operation.targets.map(each => [each.place.uid, each.wasSet, each.state]),
		[
			[1, undefined, 'waiting'],
			[3, false, 'waiting'],
		],
	);
});

test('a message keeps its place in the log through a move, for the operation behind it', context => {
	const log = open(context);
	const first = log.record(move, [target(5)], {madeAt: 1});
	log.record(seen, [target(5)], {madeAt: 2});
	log.settle(first, messagesOf(only(log)), moved(only(log)));
	const [, behind] = log.operations();
	assert.deepEqual(behind!.targets[0]!.place, place(105, mailboxPath('Archive')));
	assert.deepEqual(behind!.targets[0]!.from, place(5));
});

test('an operation is done when all of its targets are', context => {
	const log = open(context);
	const id = log.record(move, [target(1), target(2)], {madeAt: 1});
	const [one, two] = messagesOf(only(log));
	log.settle(id, [one!]);
	assert.equal(only(log).state, 'waiting');
	log.settle(id, [two!]);
	assert.equal(only(log).state, 'done');
});

test('only what nothing was sent of can be struck', context => {
	const log = open(context);
	const struck = log.record(seen, [target(1)], {madeAt: 1});
	assert.ok(log.strike(struck));
	assert.deepEqual(log.operations(), []);
	const sent = log.record(move, [target(1)], {madeAt: 1});
	log.mark(sent, messagesOf(only(log)), 'sending');
	assert.ok(!log.strike(sent));
	assert.equal(log.operations().length, 1);
});

test('when a copy is struck the removal of its original is held, and nothing else is', context => {
	const log = open(context);
	const copy = log.record({kind: 'copy', to: {path: mailboxPath('Archive')}}, [target(1)], {madeAt: 1});
	const ids = [
		log.record({kind: 'remove'}, [target(1), target(2)], {madeAt: 2}),
		log.record(move, [target(1)], {madeAt: 3}),
		log.record({kind: 'remove'}, [target(2)], {madeAt: 4}),
	];
	assert.ok(log.strike(copy));
	assert.deepEqual(
		log.operations().map(({id, isHeld}) => [id, isHeld]),
		ids.map((id, index) => [id, index === 0]),
	);
});

test('what is taken back is undone, and stands again when taking it back is struck or refused', context => {
	const log = open(context);
	const id = log.record(seen, [target(1)], {madeAt: 1});
	log.settle(id, messagesOf(only(log)));
	const takingBack = () => log.record({...seen, isSet: false}, [target(1)], {madeAt: 2, undoes: id});
	const first = takingBack();
	assert.equal(only(log).state, 'undone');
	log.strike(first);
	assert.equal(only(log).state, 'done');
	log.refuse(takingBack(), ours('No'));
	assert.equal(only(log).state, 'done');
});

test('a copy that nobody can name is not taken for its original', context => {
	const log = open(context);
	const archive = mailboxPath('Archive');
	const id = log.record({kind: 'copy', to: {path: archive}}, [target(1), target(2)], {madeAt: 1});
	const unknown: Place = {mailbox: archive, uidValidity: 0, uid: 0};
	log.settle(id, messagesOf(only(log)), new Map(messagesOf(only(log)).map(message => [message, unknown])), {
		isCopy: true,
	});
	assert.equal(only(log).targets.length, 2);
	assert.ok(only(log).targets.every(each => each.place.mailbox === archive && each.place.uid === 0));
});

test('what is over is remembered for a while and no longer; what waits always', context => {
	const log = open(context);
	log.record(seen, [target(1)], {madeAt: 0});
	for (let index = 0; index < 60; index++) {
		const id = log.record(seen, [target(index + 2)], {madeAt: index});
		log.settle(id, messagesOf(log.operations().at(-1)!));
	}
	const all = log.operations();
	assert.equal(all.length, 51);
	assert.equal(all[0]!.state, 'waiting');
});

test('what was refused stays until somebody has said what becomes of it, however much is done since', context => {
	const log = open(context);
	const refused = log.record(move, [target(1)], {madeAt: 0});
	log.refuse(refused, ours('not today'));
	for (let index = 0; index < 60; index++) {
		const id = log.record(seen, [target(index + 2)], {madeAt: index});
		log.settle(id, messagesOf(log.operations().at(-1)!));
	}
	assert.deepEqual([only(log).id, only(log).state], [refused, 'refused']);
	log.retry(refused);
	assert.equal(only(log).state, 'waiting');
	log.refuse(refused, ours('not today'));
	log.dismiss(refused);
	assert.equal(log.operations().length, 50);
});

test('one process drains; another sees what was written, and takes over when the first is gone', context => {
	const where = ownFolder(context);
	const [one, two] = [open(context, where), open(context, where)];
	assert.ok(one.hold());
	assert.ok(!two.hold());
	assert.ok(!two.hasChanged());
	one.record(seen, [target(1)], {madeAt: 1});
	assert.ok(two.hasChanged());
	assert.ok(!two.hasChanged());
	assert.equal(only(two).state, 'waiting');
	one.close();
	assert.ok(two.hold());
});

test('the lock of a process that was killed is free at once', {timeout: 30_000}, async context => {
	const where = ownFolder(context);
	const source = fileURLToPath(new URL('../../source/store/log.ts', import.meta.url));
	const program = `
		const {OperationLog} = await import(${JSON.stringify(source)});
		const log = new OperationLog(${JSON.stringify(where)});
		if (!log.hold()) throw new Error('it is held');
		log.record(${JSON.stringify(seen)}, [{message: ${JSON.stringify(place(1))}, wasSet: false}], {madeAt: 1});
		console.log('held');
		// A log that nobody knows any more is collected, and its lock with it.
		setInterval(() => log.hold(), 1000);
	`;
	const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	await once(child.stdout!, 'data');
	const log = open(context, where);
	assert.ok(!log.hold());
	child.kill('SIGKILL');
	await once(child, 'exit');
	assert.ok(log.hold());
	assert.equal(only(log).targets[0]!.place.uid, 1);
});

test('the folder is made, and nobody else may read it', context => {
	const where = path.join(ownFolder(context), 'accounts', 'work');
	open(context, where).record(seen, [target(1)], {madeAt: 1});
	assert.equal(fs.statSync(where).mode & 0o777, 0o700);
});

test('sentences say what, how many, from where and to where', () => {
	const target = (mailbox = inbox) => ({from: place(1, mailbox)}) as Operation['targets'][number];
	const sentence = (change: Change, ...targets: Operation['targets']) => sentenceOf({change, targets});
	assert.equal(sentence(move, target(), target()), 'Move 2 messages from INBOX to Archive');
	assert.equal(sentence({kind: 'move', to: {use: 'trash'}}, target()), 'Delete 1 message from INBOX');
	assert.equal(sentence({kind: 'move', to: {use: 'archive'}}, target()), 'Move 1 message from INBOX to the archive');
	assert.equal(sentence(seen, target(), target(mailboxPath('Lists'))), 'Mark as read 2 messages in 2 mailboxes');
	assert.equal(sentence({kind: 'flag', flag: '$Work', isSet: false}, target()), 'Take $Work from 1 message in INBOX');
	assert.equal(
		sentence({kind: 'copy', to: {path: mailboxPath('a\u001bb')}}, target()),
		'Copy 1 message from INBOX to a␛b',
	);
	assert.equal(doneWords(move, 3), '3 messages moved to Archive');
	assert.equal(doneWords(seen, 1), '1 message marked as read');
	assert.equal(countOf(10_000), '10,000 messages');
});

test('what is done is not sent again by an answer that comes late', context => {
	const log = open(context);
	const id = log.record(move, [target(1), target(2)], {madeAt: 0});
	const operation = only(log);
	const messages = messagesOf(operation);
	log.mark(id, messages, 'sending');
	log.settle(id, messages.slice(0, 1), moved(operation));
	log.messages.rememberCopies(id, new Map([[messages[1]!, place(102, mailboxPath('Archive'))]]));
	log.mark(id, messages, 'waiting');
	assert.deepEqual(
		only(log).targets.map(({state}) => state),
		['done', 'copied'],
	);
});

test('what is held stays so on disk, and only what was not begun can be', context => {
	const where = ownFolder(context);
	const log = open(context, where);
	const id = log.record(move, [target(1)], {madeAt: 0});
	assert.ok(log.setHeld(id, true));
	log.close();
	const again = open(context, where);
	assert.ok(only(again).isHeld);
	assert.ok(again.setHeld(id, false));
	again.mark(id, messagesOf(only(again)), 'sending');
	assert.ok(!again.setHeld(id, true));
	assert.ok(!only(again).isHeld);
});

test('what had begun when a refusal before it was cleared is held, and can be let go', context => {
	const log = open(context);
	const first = log.record(move, [target(1)], {madeAt: 0});
	log.refuse(first, ours('no'));
	const later = log.record({kind: 'remove'}, [target(1)], {madeAt: 0});
	const begun = (): Operation => log.operations().find(({id}) => id === later)!;
	log.mark(later, messagesOf(begun()), 'sending');
	log.retry(first);
	log.refuse(first, ours('no'));
	log.dismiss(first);
	assert.ok(begun().isHeld);
	assert.ok(log.setHeld(later, false));
	assert.ok(!begun().isHeld);
});

test('a refusal keeps back what counts on it, and what is decided later it does not', context => {
	const log = open(context);
	const first = log.record(move, [target(1)], {madeAt: 0});
	const behind = log.record({kind: 'remove'}, [target(1)], {madeAt: 0});
	const flag = log.record(seen, [target(1)], {madeAt: 0});
	const other = log.record(move, [target(2)], {madeAt: 0});
	log.refuse(first, ours('no'));
	const later = log.record({kind: 'remove'}, [target(1)], {madeAt: 0});
	const waits = (): (number | undefined)[] => log.operations().map(({waitsFor}) => waitsFor);
	assert.deepEqual(waits(), [undefined, first, undefined, undefined, undefined], `${behind} ${flag} ${other} ${later}`);
	log.retry(first);
	assert.deepEqual(waits(), [undefined, undefined, undefined, undefined, undefined]);
	log.refuse(first, ours('no'));
	log.dismiss(first);
	assert.deepEqual(
		log.operations().map(({isHeld}) => isHeld),
		[true, false, false, true],
	);
});

test('a removal that was refused, and is tried again, is not of what the user has moved since', context => {
	const log = open(context);
	const removal = log.record({kind: 'remove'}, [target(1), target(2)], {madeAt: 0});
	log.refuse(removal, ours('not today'));
	const moving = log.record(move, [target(1)], {madeAt: 1});
	const [, after] = log.operations();
	const message = messagesOf(after!)[0]!;
	log.settle(moving, [message], moved(after!));
	log.retry(removal);
	assert.deepEqual(
		only(log).targets.map(({place: {uid}, isRefused}) => [uid, isRefused]),
		[
			[101, true],
			[2, false],
		],
	);
	assert.equal(only(log).state, 'waiting');
	log.settle(removal, [only(log).targets[1]!.message]);
	const behind = log.record({kind: 'copy', to: {path: mailboxPath('Lists')}}, [{message, wasSet: undefined}], {
		madeAt: 2,
	});
	const before = new Map(log.operations().map(each => [each.id, each]));
	log.retry(removal);
	const again = log.operations(before);
	assert.deepEqual(
		[again[0]!.state, again[0]!.refusal],
		['refused', 'you have moved it since: remove it where it is now'],
	);
	assert.equal(again.find(({id}) => id === behind)!.waitsFor, undefined, 'nothing new is kept back');
});

test('what is decided about a message that another client moved goes on where it is now', context => {
	const log = open(context);
	const there = {mailbox: mailboxPath('Lists'), uidValidity: 3, uid: 40};
	const flag = log.record(seen, [target(1), target(2)], {madeAt: 0});
	const gone = log.record(move, [target(1)], {madeAt: 0});
	const no = log.record({kind: 'copy', to: {path: mailboxPath('Archive')}}, [target(1)], {madeAt: 0});
	log.refuse(gone, ours('it is not there any more'), {isGone: true});
	log.refuse(no, ours('the shelf is full'));
	assert.ok(!log.follow(place(9), there), 'nothing was decided about that one');
	assert.ok(log.follow(place(1), there));
	const [first, second, third] = log.operations();
	assert.deepEqual(
		first!.targets.map(each => each.place),
		[there, place(2)],
	);
	assert.deepEqual([first!.id, second!.id, second!.state, third!.state], [flag, gone, 'waiting', 'refused']);
	assert.deepEqual(second!.targets[0]!.place, there);
});

test('and keeps its order with what was decided about it there', context => {
	const log = open(context);
	const there = {mailbox: mailboxPath('Lists'), uidValidity: 3, uid: 40};
	log.record(seen, [target(1)], {madeAt: 0});
	log.record({kind: 'remove'}, [{message: there, wasSet: undefined}], {madeAt: 0});
	log.follow(place(1), there);
	const [first, second] = log.operations();
	assert.equal(first!.targets[0]!.message, second!.targets[0]!.message);
});

test('and what is on its way to another account goes on by the number that it has there', context => {
	const across: Change = {kind: 'move', to: {account: accountName('home'), mailbox: inbox}};
	const there = {mailbox: mailboxPath('Lists'), uidValidity: 3, uid: 40};
	for (const isThere of [false, true]) {
		const log = open(context);
		const decided = [target(1), {message: there, wasSet: undefined}];
		const id = log.record(across, isThere ? decided.slice(1) : decided.slice(0, 1), {madeAt: 0});
		log.record(seen, isThere ? decided.slice(0, 1) : decided.slice(1), {madeAt: 0});
		const [message] = messagesOf(only(log));
		log.setTargets(id, [message!], 'handed');
		log.follow(place(1), there);
		assert.deepEqual(
			log.operations().map(({targets}) => [targets[0]!.message, targets[0]!.place]),
			[
				[message, there],
				[message, there],
			],
		);
	}
});

test('a copy that turns up where half of a move had put it is all of that move, and what is decided of it goes on there', context => {
	const trash = mailboxPath('Trash');
	const copy = {mailbox: trash, uidValidity: 8, uid: 3};
	for (const known of [copy, {mailbox: trash, uidValidity: 0, uid: 0}]) {
		const log = open(context);
		const first = log.record(move, [target(5)], {madeAt: 0});
		log.refuse(first, ours('not today'));
		const half = log.record({kind: 'move', to: {path: trash}}, [target(5)], {madeAt: 1});
		const message = messagesOf(only(log))[0]!;
		log.messages.rememberCopies(half, new Map([[message, known]]));
		// Its original went, and the answer was lost.
		log.retry(first);
		log.refuse(first, ours('it is not there any more'), {isGone: true, messages: [message]});
		log.follow(place(5), copy);
		assert.deepEqual(
			log.operations().map(({id, state, targets}) => [id, state, targets[0]!.place]),
			[
				[first, 'waiting', copy],
				[half, 'done', copy],
			],
		);
	}
});

test('and where its original could only be marked, nothing is left of it to be tried again', context => {
	const log = open(context);
	const copy = {mailbox: mailboxPath('Archive'), uidValidity: 9, uid: 4};
	const half = log.record(move, [target(5)], {madeAt: 0});
	const messages = messagesOf(only(log));
	log.messages.rememberCopies(half, new Map([[messages[0]!, copy]]));
	log.refuse(half, ours('the original is marked as deleted'), {messages});
	log.follow(place(5), {...copy, mailbox: mailboxPath('Lists')});
	assert.equal(only(log).state, 'refused', 'the original went elsewhere');
	log.follow({...copy, mailbox: mailboxPath('Lists')}, copy);
	assert.deepEqual([only(log).state, only(log).targets[0]!.place], ['done', copy]);
});

test('what took it back while it was refused, and found nothing to do, does it then', context => {
	const log = open(context);
	const copy = {mailbox: mailboxPath('Archive'), uidValidity: 9, uid: 4};
	const half = log.record(move, [target(5)], {madeAt: 0});
	const [message] = messagesOf(only(log));
	log.messages.rememberCopies(half, new Map([[message!, copy]]));
	const back = log.record({kind: 'move', to: {path: inbox}}, [{message: message!, wasSet: undefined}], {
		madeAt: 1,
		undoes: half,
	});
	log.refuse(half, ours('not today'));
	log.settle(back, [message!]);
	log.follow(place(5), copy);
	assert.deepEqual(
		log.operations().map(({id, state, targets}) => [id, state, targets[0]!.state, targets[0]!.place]),
		[
			[half, 'undone', 'done', copy],
			[back, 'waiting', 'waiting', copy],
		],
	);
});

test('elsewhere it is looked up again before anything of it is removed: of a move to another account too', context => {
	const log = open(context);
	const across = log.record({kind: 'move', to: {account: accountName('home'), mailbox: inbox}}, [target(5)], {
		madeAt: 0,
	});
	const half = log.record(move, [target(5)], {madeAt: 1});
	const [message] = messagesOf(only(log));
	log.setTargets(across, [message!], 'copied');
	log.messages.rememberCopies(half, new Map([[message!, place(105, mailboxPath('Archive'))]]));
	log.follow(place(5), place(9, mailboxPath('Lists')));
	assert.deepEqual(
		log.operations().map(({targets}) => targets[0]!.state),
		['sending', 'sending'],
	);
});

test('a copy goes by the new name of its mailbox, while its original has still to go', context => {
	const log = open(context);
	const half = log.record(move, [target(5)], {madeAt: 0});
	const messages = messagesOf(only(log));
	log.messages.rememberCopies(half, new Map([[messages[0]!, place(105, mailboxPath('Archive'))]]));
	log.rename(mailboxPath('Archive'), mailboxPath('Old'), '/');
	log.settle(half, messages, log.messages.copiesOf(half));
	assert.deepEqual(only(log).targets[0]!.place, place(105, mailboxPath('Old')));
});

const handedOver = (number: number, mayBeThere = false) => ({
	key: `100-1-${number}`,
	flags: ['\\Seen'],
	date: 5000 + number,
	name: {messageId: `<m${number}@x>`, sizeBytes: 10 * number},
	mayBeThere,
});
const fromLocal = {kind: 'append', from: accountName('Local'), to: {path: mailboxPath('INBOX')}, key: '100-1'} as const;

test('what another account hands over of one decision is one operation, in whatever pieces and however often', () => {
	const log = new OperationLog(undefined);
	log.recordAppends(fromLocal, [handedOver(1), handedOver(2, true)], 100);
	log.recordAppends(fromLocal, [handedOver(2, true), handedOver(3)], 100);
	const [operation, ...others] = log.operations();
	assert.deepEqual(others, []);
	assert.deepEqual(
		operation?.targets.map(({state, handed, sizeBytes}) => [state, handed?.key, handed?.date, sizeBytes]),
		[
			['waiting', '100-1-1', 5001, 10],
			['sending', '100-1-2', 5002, 20],
			['waiting', '100-1-3', 5003, 30],
		],
	);
	// All that was here is done; more of it comes.
	log.settle(
		operation!.id,
		operation!.targets.map(({message}) => message),
	);
	assert.equal(log.operations()[0]?.state, 'done');
	log.recordAppends(fromLocal, [handedOver(4)], 100);
	assert.deepEqual(
		log.operations().map(({state, targets}) => `${state} ${targets.length}`),
		['waiting 4'],
	);
	assert.deepEqual(
		log.appends.from(accountName('Local')).map(({key, state}) => `${key} ${state}`),
		['100-1-1 done', '100-1-2 done', '100-1-3 done', '100-1-4 waiting'],
	);
	assert.deepEqual(log.appends.from(accountName('other')), []);
});

test('of what was handed over that is taken back which was not sent, and the account it comes from is told of each', () => {
	const log = new OperationLog(undefined);
	log.recordAppends(fromLocal, [handedOver(1), handedOver(2, true), handedOver(3)], 100);
	const [operation] = log.operations();
	assert.equal(log.strike(operation!.id), true);
	const outcomes = (): string[] => log.appends.from(accountName('Local')).map(({key, state}) => `${key} ${state}`);
	assert.deepEqual(outcomes(), ['100-1-1 refused', '100-1-2 waiting', '100-1-3 refused']);
	log.appends.noted(log.appends.from(accountName('Local')).filter(({state}) => state === 'refused'));
	assert.deepEqual(outcomes(), ['100-1-2 waiting']);
	assert.equal(log.strike(operation!.id), false, 'what was sent cannot be taken back');
	// It is tried again over there: as new.
	log.recordAppends(fromLocal, [handedOver(1)], 100);
	assert.deepEqual(outcomes().sort(), ['100-1-1 waiting', '100-1-2 waiting']);
	for (const {message} of log.operations()[0]!.targets) log.settle(operation!.id, [message]);
	log.appends.noted(log.appends.from(accountName('Local')));
	assert.deepEqual([outcomes(), log.operations().map(({state, refusal}) => [state, refusal])], [[], [['done', '']]]);
	log.close();
});
