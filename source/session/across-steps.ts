/**
 * What a message that goes to another account needs next, in the log of either account. Pure.
 *
 * The account it leaves: weigh it, carry it over, and when it has arrived (session/across-accounts.ts) let the original go.
 * The account it goes to: append it, and see that it is there, whole.
 */
import type {MailboxPath} from '../model/ids.ts';
import {
	type AcrossChange,
	type AppendChange,
	type FileChange,
	isAcross,
	type Operation,
	type Target,
	type TargetState,
} from '../model/operation.ts';
import type {Step} from './replay-step.ts';

/** So much is carried over at once, or one message that is longer: a question that can be weighed, in few turns. */
const mostCarriedBytes = 256 * 1024;

/** Of those of one mailbox and one state. */
export function leavingStep(
	operation: Operation,
	change: AcrossChange,
	mailbox: MailboxPath,
	targets: readonly Target[],
): Step {
	if (targets.some(({state}) => state === 'copied'))
		return {do: 'remove', mailbox, batches: [{operation, targets}], to: undefined};
	const unknown = targets.filter(({sizeBytes}) => sizeBytes === 0);
	if (unknown.length > 0) return {do: 'weigh', mailbox, batches: [{operation, targets: unknown}]};
	const some = within(targets, mostCarriedBytes);
	return {do: 'carry', mailbox, batches: [{operation, targets: some}], account: change.to.account};
}

/** How many are appended before it is looked whether they are there, so that originals go in time. */
const mostUnseen = 200;

/** What was lost is looked for first; else more of it is sent, and looked at together. */
export function arrivingStep(operation: Operation, change: AppendChange, targets: readonly Target[]): Step {
	const of = (wanted: TargetState): readonly Target[] => targets.filter(({state}) => state === wanted);
	const [lost, waiting, sent] = [of('sending'), of('waiting'), of('copied')];
	const to = change.to.path;
	const batches = (some: readonly Target[]) => [
		{operation, targets: within(some, mostCarriedBytes).slice(0, mostUnseen)},
	];
	if (lost.length > 0) return {do: 'find-append', mailbox: to, batches: batches(lost), to, change};
	if (waiting.length > 0 && sent.length < mostUnseen)
		return {do: 'append', mailbox: undefined, batches: batches(waiting), to, change};
	return {do: 'verify', mailbox: to, batches: [{operation, targets: sent}], to, change};
}

/** The first of them that are together no more than that; one at least. */
function within(targets: readonly Target[], mostBytes: number): readonly Target[] {
	let bytes = 0;
	return targets.filter(({sizeBytes}, index) => {
		bytes += sizeBytes;
		return index === 0 || bytes <= mostBytes;
	});
}

/** Of a copy of what was sent its answer is enough: nothing else is let go for it, and nobody else gives it that name. */
export function filingStep(operation: Operation, change: FileChange, target: Target, to: MailboxPath): Step {
	const batches = [{operation, targets: [target]}];
	if (target.state === 'waiting') return {do: 'append', mailbox: undefined, batches, to, change};
	return {do: 'find-append', mailbox: to, batches, to, change};
}

/** Octets that go over the line of this account for it, at most. */
export const carriedBytes = ({change, targets}: Operation): number => {
	if (change.kind === 'draft') return targets.some(({state}) => state === 'waiting') ? change.sizeBytes + 1000 : 1000;
	if (change.kind !== 'append' && change.kind !== 'file' && !isAcross(change)) return 0;
	const left = targets.filter(({state}) => state === 'waiting' || state === 'sending');
	return left.reduce((bytes, {sizeBytes}) => bytes + Math.ceil(sizeBytes * 1.02) + 1000, 0);
};
