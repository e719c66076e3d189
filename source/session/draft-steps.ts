/** What a draft needs next on its way into the mailbox of drafts. Pure. */
import type {DraftChange, Operation, Target} from '../model/operation.ts';
import type {Step, Surroundings} from './replay-step.ts';

/** Without a mailbox of drafts they stay here, which is nobody's fault. */
export function draftStep(operation: Operation, change: DraftChange, target: Target, around: Surroundings): Step {
	const batches = [{operation, targets: [target]}];
	const to = around.special(change.to.use);
	if (to === undefined) return {do: 'list', mailbox: undefined, batches};
	const {place, state} = target;
	const isOlderKnown = place.uid > 0;
	if (state === 'copied') {
		const known = around.uidValidityOf(place.mailbox);
		const isRenumbered = known !== undefined && known !== place.uidValidity;
		const mayRemove = isOlderKnown && !isRenumbered && !around.isReadOnly(place.mailbox);
		if (!mayRemove) return {do: 'settle-draft', mailbox: undefined, batches};
		return {do: 'replace-draft', mailbox: place.mailbox, batches, change};
	}
	if (to === '') return {do: 'withdraw-draft', mailbox: undefined, batches};
	if (state === 'sending') return {do: 'find-draft', mailbox: to, batches, to, change};
	if (change.isUnsure && isOlderKnown) return {do: 'look-draft', mailbox: place.mailbox, batches, change};
	const known = around.uidValidityOf(to);
	const isOlderThere = isOlderKnown && place.mailbox === to && (known ?? place.uidValidity) === place.uidValidity;
	if (around.has('REPLACE') && isOlderThere && !around.isReadOnly(to))
		return {do: 'exchange-draft', mailbox: to, batches, to, change};
	return {do: 'save-draft', mailbox: undefined, batches, to, change};
}
