/**
 * `bonsai outbox`: what waits to be sent, what was refused, and mail of which nobody knows. Looks at the disk and dials
 * nobody.
 */
import type {Operation, OperationId} from '../model/operation.ts';
import {sentenceOf} from '../model/operation-words.ts';
import type {Outgoing} from '../model/outgoing.ts';
import {letterWords} from '../model/outgoing-words.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import {mayTryAgain} from '../model/try-again.ts';
import type {CommandSession} from '../session/session.ts';
import type {Around} from './command.ts';
import {isoMoment, localMoment} from './moment.ts';
import {table} from './table.ts';
import {Undone} from './undone.ts';

export type OutgoingMessage = Outgoing & {readonly subject: SafeText};

type AboutDecision = {
	readonly verb: 'again' | 'undo' | 'arrived' | 'hold' | 'release' | 'discard';
	readonly decision: OperationId;
};

export async function outbox(
	{session, output, isJson}: Around,
	about: AboutDecision | {readonly letter: string} | undefined = undefined,
	letters: () => readonly OutgoingMessage[] = () => [],
): Promise<void> {
	const mail = letters();
	if (about !== undefined && 'decision' in about) doAbout(session, about);
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

/** As the outbox of the mail client does it. What it leaves to be sent goes with the next command that sends. */
function doAbout(session: CommandSession, {verb, decision}: AboutDecision): void {
	const find = (): Operation | undefined => session.operations.get().find(({id}) => id === decision);
	const problem = whyNot(decision, find(), verb);
	const broken = session.brokenLog();
	if (broken !== undefined || problem !== undefined) throw new Undone(broken ?? safeLine(problem ?? ''));
	// What is decided about the log is no reason to dial.
	session.hangUp();
	const before = session.notice.get();
	if (verb === 'again') session.retry(decision);
	else if (verb === 'undo') session.undo(decision);
	else if (verb === 'discard') session.discard(decision);
	else session.hold(decision, verb === 'hold');
	const said = session.notice.get();
	if (said !== before && said?.kind === 'problem')
		throw new Undone(
			said.advice === 'undo'
				? safeLine(`${said.text}. The opposite of it: bonsai outbox --undo ${decision}`)
				: said.text,
		);
	const now = find();
	if (verb === 'again' && now?.state === 'refused') throw new Undone(now.refusal);
}

/** What makes no sense as it stands. */
function whyNot(id: number, operation: Operation | undefined, verb: AboutDecision['verb']): string | undefined {
	if (operation === undefined) return `There is no decision ${id} in the outbox`;
	const {state} = operation;
	if (verb === 'arrived') return `${id} is no mail but a decision: the server says what became of it`;
	if (verb === 'again' && state !== 'refused')
		return `Decision ${id} was not refused, so there is nothing to try again`;
	if (verb === 'again' && !mayTryAgain(operation))
		return `${operation.refusal}: it cannot be tried again. bonsai outbox --discard ${id} clears it`;
	if (verb === 'undo' && state === 'refused')
		return `Decision ${id} was refused, so there is nothing to take back: bonsai outbox --discard ${id} clears it`;
	if ((verb === 'hold' || verb === 'release') && state !== 'waiting') return `Decision ${id} does not wait`;
	return undefined;
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

/** State, when it was decided, what it is, its number, why it was refused. */
const operationLines = (operations: readonly Operation[], look: {readonly isTerminal: boolean}): string[] =>
	table(
		operations.map(({id, state, isHeld, madeAt, change, targets, refusal}) => [
			isHeld && state === 'waiting' ? 'held' : state,
			localMoment(madeAt),
			sentenceOf({change, targets}),
			`${id}`,
			refusal,
		]),
		[{}, {}, {}, {}, {}],
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
