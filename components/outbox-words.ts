/**
 * What the outbox says of an operation besides its sentence: how it stands, and why, and what can be done about it. Pure.
 */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import {isAcross, isElsewhere, type Operation, type OperationId} from '../source/model/operation.ts';
import {countOf, sentenceOf} from '../source/model/operation-words.ts';
import {ours, type SafeText, safeJoin, safeLine} from '../source/model/safe-text.ts';
import {mayTryAgain} from '../source/model/try-again.ts';
import {safe} from './safe.ts';

export type OperationAround = {
	readonly keys: ScreenKeys;
	/** Whether it leaves by itself, without a call. */
	readonly isSentAtOnce: boolean;
	/** Whether the line is up: without one nothing is on its way. */
	readonly isUp: boolean;
	/** Of mail on this disk. */
	readonly isLocal: boolean;
};

/** Something of it was sent, so that it is too late to keep it back. */
export const hasBegun = ({isSent, targets}: Operation): boolean =>
	isSent || targets.some(({state}) => state !== 'waiting');

/** `behind`: the operation that it stands still behind, itself when it is held (model/dependence.ts). */
export function stateOf(operation: Operation, behind: Operation | undefined): SafeText {
	if (operation.state !== 'waiting') return ours(operation.state);
	if (operation.isHeld) return ours('held');
	if (isElsewhere(operation)) return ours('sending');
	if (behind) return ours('behind');
	return ours(hasBegun(operation) ? 'sending' : 'waiting');
}

/** `2 wait, 1 held back`; held back is also what stands behind what is held or was refused. */
export function waitingWords(waiting: number, still: number): SafeText {
	const going = waiting - still;
	const words = [
		...(going > 0 ? [going === 1 ? ours('1 waits') : safe`${going} wait`] : []),
		...(still > 0 ? [safe`${still} held back`] : []),
	];
	return words.length === 0 ? ours('nothing waits') : safeJoin(words, ours(', '));
}

/** A server ends its sentences as it likes. */
const withoutStop = (text: SafeText): SafeText => ours(text.replace(/\.$/, ''));

export function reasonOf(
	operation: Operation | undefined,
	standing: ReadonlyMap<OperationId, Operation>,
	around: OperationAround,
): SafeText {
	const {keys} = around;
	switch (operation?.state) {
		case undefined:
			return ours('');
		case 'refused':
			return safe`Refused: ${withoutStop(operation.refusal)}. ${keys.hints(...(mayTryAgain(operation) ? [['retry', 'sends it again'] as const] : []), ['discard', 'clears it from the list'])}.${behindWords(operation, standing)}`;
		case 'waiting':
			return whyWaiting(operation, standing, around);
		case 'undone':
			return ours('It was done, and taken back.');
		case 'done':
			return ours(around.isLocal ? 'It is done.' : 'The server has confirmed it.');
	}
}

function whyWaiting(
	operation: Operation,
	standing: ReadonlyMap<OperationId, Operation>,
	{keys, isSentAtOnce, isUp}: OperationAround,
): SafeText {
	const behind = standing.get(operation.id);
	if (operation.isHeld)
		return safe`Held: it is not sent. ${keys.hints(['hold', 'lets it go'], ['discard', 'takes it back'])}.${behindWords(operation, standing)}`;
	if (isAcross(operation.change) && isElsewhere(operation))
		return safe`It waits in the outbox of ${safeLine(operation.change.to.account)} to be sent there. Until it is seen there it stays here.${progressWords(operation)}`;
	if (behind) {
		const how = isElsewhere(behind)
			? ours('waits in another account')
			: behind.state === 'refused'
				? ours('was refused')
				: behind.isHeld
					? ours('is held')
					: ours('waits itself');
		return safe`It waits behind “${sentenceOf(behind)}”, which ${how}. ${keys.hint('discard', 'takes it back')}.`;
	}
	if (hasBegun(operation))
		return safe`${isUp ? ours('It is on its way.') : cutWords(operation, isSentAtOnce)}${progressWords(operation)} ${keys.hint('undo', 'sends the opposite behind it')}.`;
	const when = ours(isSentAtOnce ? 'It leaves as soon as there is a line.' : 'It leaves in the next call.');
	return safe`${when} ${keys.hints(['hold', 'keeps it back'], ['discard', 'takes it back'])}.`;
}

/** Of what has lost its answer nobody knows whether it was done. */
function cutWords({isSent, targets}: Operation, isSentAtOnce: boolean): SafeText {
	const when = ours(isSentAtOnce ? 'when the line is back' : 'in the next call');
	return isSent || targets.some(({state}) => state === 'sending')
		? safe`It was cut off: whether it was done is looked up ${when}.`
		: safe`It was cut off, and goes on ${when}.`;
}

/** ` 120 of 624 messages are there.` */
function progressWords({change, targets}: Operation): SafeText {
	if (change.kind !== 'append' && !isAcross(change)) return ours('');
	const there = targets.filter(({state}) => state === 'done' || state === 'copied').length;
	return there === 0 || targets.length < 2 ? ours('') : safe` ${there} of ${countOf(targets.length)} are there.`;
}

/** How many stand still behind this one, at whatever distance. */
function behindWords({id}: Operation, standing: ReadonlyMap<OperationId, Operation>): SafeText {
	const waits = (each: OperationId): boolean => {
		const behind = standing.get(each);
		return behind !== undefined && behind.id !== each && (behind.id === id || waits(behind.id));
	};
	const count = [...standing.keys()].filter(waits).length;
	if (count === 0) return ours('');
	return count === 1 ? ours(' One more waits behind it.') : safe` ${count} more wait behind it.`;
}
