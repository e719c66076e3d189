/** What takes a decision back that was sent, where there is a way. Pure. */
import {
	type AcrossChange,
	type Destination,
	isAcross,
	isSamePlace,
	type Operation,
	type Target,
} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Decision, NewTarget} from '../store/log.ts';

/** Of the other messages of what is refused it is done. */
const isRefused = ({state}: Operation, target: Target): boolean => state === 'refused' && target.state !== 'done';

/**
 * Where a message was shown when a move of it was decided: where an earlier move was to bring it that had not been carried
 * out by then, else in the mailbox it lay in. An earlier move that was struck, refused or undone since does not count, so
 * messages of one move may go back to different mailboxes.
 */
function shownBefore({message, from, behind}: Target, all: readonly Operation[]): Destination {
	for (let next = behind; next !== undefined; ) {
		const earlier = all.find(({id}) => id === next);
		if (earlier?.change.kind !== 'move' || isAcross(earlier.change)) break;
		const target = earlier.targets.find(each => each.message === message);
		if (target && earlier.state !== 'undone' && !isRefused(earlier, target)) return earlier.change.to;
		next = target?.behind;
	}
	return {path: from.mailbox};
}

/** Each message goes back to where it was shown; what never left that place stays in it. */
function movedBack(operation: Operation, all: readonly Operation[]): Decision[] {
	const hasLeft = ({state, place, from}: Target): boolean => state !== 'done' || !isSamePlace(place, from);
	const left = operation.targets.filter(hasLeft);
	const byPlace = new Map<string, {to: Destination; targets: NewTarget[]}>();
	for (const target of left.length > 0 ? left : operation.targets) {
		const to = shownBefore(target, all);
		const key = 'path' in to ? to.path : `\\${to.use}`;
		const back = byPlace.get(key) ?? {to, targets: []};
		back.targets.push({message: target.message, wasSet: undefined});
		byPlace.set(key, back);
	}
	return [...byPlace.values()].map(({to, targets}) => ({change: {kind: 'move', to}, targets}));
}

/** What takes a decision back, or why there is no way. */
export function backFrom(operation: Operation, all: readonly Operation[]): readonly Decision[] | {because: SafeText} {
	const {change, targets} = operation;
	switch (change.kind) {
		case 'flag': {
			// What was so before stays so; what nobody knew is taken back too.
			const changed = targets.filter(({wasSet}) => wasSet !== change.isSet);
			const back = changed.map(({message}) => ({message, wasSet: change.isSet}));
			return [{change: {...change, isSet: !change.isSet}, targets: back}];
		}
		case 'file':
			return {because: ours('it is with what you sent by now: delete it there')};
		case 'draft':
			return {because: ours('a draft is thrown away where it is written')};
		case 'append':
			return {because: safeLine(`it is here by now: move it back to ${change.from}`)};
		case 'move': {
			if (isAcross(change)) return {because: backWords(change)};
			if (targets.length === 0) return {because: ours('there is nothing to undo')};
			return movedBack(operation, all);
		}
		case 'copy': {
			if (isAcross(change)) return {because: backWords(change)};
			const copies = targets.filter(({place, from}) => place.uid > 0 && !isSamePlace(place, from));
			if (copies.length < targets.length)
				return {because: ours('the server did not say which messages the copies are: remove them there by hand')};
			if (isAllThereIs(operation, all))
				return {because: ours('its original was removed for good: the copy is all there is. Delete it there')};
			return [{change: {kind: 'remove'}, targets: targets.map(({message}) => ({message, wasSet: undefined}))}];
		}
		case 'remove':
			return {because: ours('what was removed for good cannot be brought back')};
		case 'create':
			return {
				because: safeLine(`it is there by now: :mailbox delete ${change.mailbox} deletes it, with all that is in it`),
			};
		case 'rename':
			return [{change: {kind: 'rename', mailbox: change.to, to: change.mailbox}, targets: []}];
		case 'delete':
			return {because: ours('a mailbox that was deleted cannot be brought back')};
	}
}

/** The original of a copy was removed for good since, wherever it was by then. */
function isAllThereIs(copy: Operation, all: readonly Operation[]): boolean {
	const isOriginal = ({from}: Target): boolean => copy.targets.some(target => isSamePlace(target.from, from));
	const others = all
		.filter(({change}) => change.kind !== 'copy')
		.map(each => ({...each, targets: each.targets.filter(target => !isRefused(each, target))}));
	const originals = new Set(others.flatMap(({targets}) => targets.filter(isOriginal)).map(({message}) => message));
	return others.some(
		({change, targets}) => change.kind === 'remove' && targets.some(each => originals.has(each.message)),
	);
}

const backWords = ({kind, to}: AcrossChange): SafeText =>
	safeLine(
		kind === 'move'
			? `it is in the hands of ${to.account} by now: when it is in ${to.account}/${to.mailbox}, move it back from there`
			: `it is in the hands of ${to.account} by now: when the copy is in ${to.account}/${to.mailbox}, delete it there`,
	);
