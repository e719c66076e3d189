/**
 * `bonsai outbox`: what waits to be sent, what was refused, and mail of which nobody knows. Looks at the disk and dials
 * nobody.
 */
import type {Operation} from '../model/operation.ts';
import {sentenceOf} from '../model/operation-words.ts';
import type {Outgoing} from '../model/outgoing.ts';
import {letterWords} from '../model/outgoing-words.ts';
import type {SafeText} from '../model/safe-text.ts';
import type {Around} from './command.ts';
import {isoMoment, localMoment} from './moment.ts';
import {table} from './table.ts';
import {Undone} from './undone.ts';

export type OutgoingMessage = Outgoing & {readonly subject: SafeText};

export async function outbox(
	{session, output, isJson}: Around,
	letters: () => readonly OutgoingMessage[] = () => [],
): Promise<void> {
	const mail = letters();
	// A log that cannot be read is not an empty one; of one that cannot be written what is in it is shown.
	const broken = session.brokenLog();
	if (broken !== undefined && session.operations.get().length + mail.length === 0) throw new Undone(broken);
	const operations = session.operations.get().filter(({state}) => state === 'waiting' || state === 'refused');
	if (isJson)
		output.json({account: session.account, operations: operations.map(operationJson), letters: mail.map(letterJson)});
	else {
		output.lines(operationLines(operations, output));
		output.lines(letterLines(mail, output));
	}
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

const letterJson = ({
	id,
	state,
	isHeld,
	sendAt,
	madeAt,
	messageId,
	subject,
	letter,
	because,
	refusals,
}: OutgoingMessage) => ({
	id,
	state,
	isHeld,
	sendAt: sendAt === 0 ? null : isoMoment(sendAt),
	madeAt: isoMoment(madeAt),
	messageId,
	subject: subject === '' ? null : subject,
	to: letter.envelope.to,
	sizeBytes: letter.sizeBytes,
	because: because === '' ? null : because,
	refused: refusals.map(each => ({address: each.address, because: each.because})),
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

/** State, when it was written, what it is, its number, why it is not sent. */
const letterLines = (letters: readonly OutgoingMessage[], look: {readonly isTerminal: boolean}): string[] =>
	table(
		letters.map(each => [
			each.isHeld ? 'held' : each.state,
			localMoment(each.madeAt),
			letterWords(each),
			each.id,
			each.because || (each.sendAt > Date.now() ? `not before ${localMoment(each.sendAt)}` : ''),
		]),
		[{}, {}, {}, {}, {}],
		look,
	);
