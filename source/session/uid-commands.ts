/**
 * Targets of the log as UID sets that fit into a command each, and what was answered as targets again. Pure.
 */
import type {LogMessageId, Target} from '../model/operation.ts';
import {sequenceSet} from './positions.ts';
import type {Batch} from './replay-step.ts';

/** Servers take lines of 8,192 octets (RFC 7162 §4); what is longer leaves as several commands. */
const longestSet = 7500;

export type UidCommand = {readonly set: string; readonly batches: readonly Batch[]};

export const messagesOf = (targets: readonly Target[]): LogMessageId[] => targets.map(({message}) => message);

export const targetsOf = (batches: readonly Batch[]): Target[] => batches.flatMap(({targets}) => targets);

export function uidCommands(batches: readonly Batch[]): UidCommand[] {
	return listsOf(targetsOf(batches).map(({place}) => place.uid)).map(uids => {
		const mine = new Set(uids);
		return {set: sequenceSet(uids), batches: batchesOf(batches, ({place}) => mine.has(place.uid))};
	});
}

/** The targets that are meant, of each operation that has any. */
export const batchesOf = (batches: readonly Batch[], isMeant: (target: Target) => boolean): Batch[] =>
	batches
		.map(({operation, targets}) => ({operation, targets: targets.filter(isMeant)}))
		.filter(({targets}) => targets.length > 0);

/** UIDs as sets that fit into a command each. */
export const setsOf = (uids: readonly number[]): string[] => listsOf(uids).map(sequenceSet);

const listsOf = (uids: readonly number[]): (readonly number[])[] =>
	uids.length === 0 ? [] : inHalves([...new Set(uids)].sort((a, b) => a - b));

function inHalves(uids: readonly number[]): (readonly number[])[] {
	if (sequenceSet(uids).length <= longestSet) return [uids];
	const half = Math.ceil(uids.length / 2);
	return [...inHalves(uids.slice(0, half)), ...inHalves(uids.slice(half))];
}

/** All at once, so that they leave in one packet; the first failure is told when all are answered. */
export async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
	const results = await Promise.allSettled(all.map(work));
	const failed = results.find(result => result.status === 'rejected');
	if (failed) throw failed.reason;
}
