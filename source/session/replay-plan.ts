/**
 * What to send next of the log: a pure function of the operations and of what is known of the server, so that it can be
 * tested as a table.
 *
 * Laws: of what is about one message the earlier decision is done before the later one leaves, and one that is held keeps
 * the later ones back; nothing else waits for anything. What comes to the same command in the same mailbox is one
 * command, and a mailbox is not left while something can be done in it: how many turns it takes does not depend on how
 * many operations there are.
 */
import {Earlier, notDone} from '../model/dependence.ts';
import {isElsewhere, type LogMessageId, type Operation, type Target} from '../model/operation.ts';
import {type Step, type Surroundings, stepOf} from './replay-step.ts';

/** The next thing to send; undefined when everything is sent, held, or waits for answers. */
export function nextStep(operations: readonly Operation[], around: Surroundings): Step | undefined {
	const steps = freeSteps(operations, around);
	// What was refused for want of a mailbox may be tried again behind its making.
	const made = steps.find(step => step.do === 'mailbox' && step.change.kind === 'create');
	const here = made ?? steps.find(({mailbox}) => mailbox === undefined || mailbox === around.selected);
	const first = here ?? steps[0];
	return first && withMore(first, steps, around);
}

/** Of each operation that may go on, what it needs next; oldest first. */
export function freeSteps(operations: readonly Operation[], around: Surroundings): Step[] {
	const lastAbout = new Map<LogMessageId, Operation>();
	for (const operation of operations)
		if (operation.state === 'waiting') for (const {message} of operation.targets) lastAbout.set(message, operation);
	return [...freeOperations(operations, around)].flatMap(({operation, left}) => {
		const isFollowed = left.some(({message}) => lastAbout.get(message) !== operation);
		return stepOf(operation, left, around, isFollowed) ?? [];
	});
}

type Free = {readonly operation: Operation; readonly left: readonly Target[]};

/** Those that wait for nothing, not for another account either, whatever the server is like. */
export function* freeOperations(
	operations: readonly Operation[],
	{isUnderWay, isLeftOut}: Pick<Surroundings, 'isUnderWay' | 'isLeftOut'>,
): Generator<Free, undefined> {
	const earlier = new Earlier();
	for (const operation of operations) {
		if (operation.state !== 'waiting') continue;
		const left = notDone(operation);
		const isStill =
			operation.isHeld ||
			isLeftOut?.(operation) === true ||
			operation.waitsFor !== undefined ||
			isElsewhere(operation) ||
			earlier.before(operation) !== undefined;
		const isAsked = isUnderWay(operation) || left.some(({message}) => isUnderWay(operation, message));
		if (!isStill && !isAsked) yield {operation, left};
		earlier.add(operation);
	}
	return undefined;
}

/** What comes to the same command leaves as one; what was refused together is tried one by one. */
function withMore(step: Step, steps: readonly Step[], around: Surroundings): Step {
	if (!mayJoin(step, around)) return step;
	const command = commandOf(step);
	const same = steps.filter(each => mayJoin(each, around) && commandOf(each) === command);
	return {...step, batches: same.flatMap(({batches}) => batches)};
}

const alone: readonly Step['do'][] = [
	'refuse',
	'settle',
	'mailbox',
	'look-mailboxes',
	'carry',
	'append',
	'find-append',
	'verify',
	'save-draft',
	'exchange-draft',
	'find-draft',
	'look-draft',
	'replace-draft',
	'settle-draft',
	'withdraw-draft',
];

const mayJoin = ({do: what, batches}: Step, {isAlone}: Surroundings): boolean =>
	!alone.includes(what) && !batches.some(({operation}) => isAlone(operation));

function commandOf(step: Step): string {
	const {do: what, mailbox = '', batches} = step;
	const [uidValidity, change] = [batches[0]?.targets[0]?.place.uidValidity, batches[0]?.operation.change.kind];
	const rest = step.do === 'store' ? [step.flag, step.isSet] : 'to' in step ? [step.to] : [];
	// A move by COPY and a copy are the same command, but not the same to what comes after it.
	return JSON.stringify([what, mailbox, what === 'list' ? '' : uidValidity, step.do === 'list' ? '' : change, ...rest]);
}
