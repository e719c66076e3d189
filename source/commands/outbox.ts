/** `bonsai outbox`: what waits to be sent, and what was refused. Looks at the log on disk and dials nobody. */
import type {Operation} from '../model/operation.ts';
import {sentenceOf} from '../model/operation-words.ts';
import type {Around} from './command.ts';
import {isoMoment, localMoment} from './moment.ts';
import {table} from './table.ts';
import {Undone} from './undone.ts';

export async function outbox({session, output, isJson}: Around): Promise<void> {
	// A log that cannot be read is not an empty one; of one that cannot be written what is in it is shown.
	const broken = session.brokenLog();
	if (broken !== undefined && session.operations.get().length === 0) throw new Undone(broken);
	const operations = session.operations.get().filter(({state}) => state === 'waiting' || state === 'refused');
	if (isJson) output.json({account: session.account, operations: operations.map(operationJson)});
	else output.lines(operationLines(operations, output));
	if (broken !== undefined) throw new Undone(broken);
}

const operationJson = ({id, state, isHeld, madeAt, change, targets, refusal}: Operation) => ({
	id,
	state,
	isHeld,
	madeAt: isoMoment(madeAt),
	sentence: sentenceOf({change, targets}),
	because: refusal === '' ? null : refusal,
	messages: targets.map(({from}) => ({mailbox: from.mailbox, uidValidity: from.uidValidity, uid: from.uid})),
});

/** State, when it was decided, what it is, why it was refused. */
const operationLines = (operations: readonly Operation[], look: {readonly isTerminal: boolean}): string[] =>
	table(
		operations.map(({state, isHeld, madeAt, change, targets, refusal}) => [
			isHeld && state === 'waiting' ? 'held' : state,
			localMoment(madeAt),
			sentenceOf({change, targets}),
			refusal,
		]),
		[{}, {}, {}, {}],
		look,
	);
