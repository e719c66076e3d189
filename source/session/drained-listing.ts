/**
 * What is in a maildrop, against what the receipts know of it: what came since, what went, and what is here already.
 *
 * Law: what came is learned in one step with what of it was recognized, or it would come twice.
 */
import type {ArrivalFact, Remote} from '../remote/remote.ts';
import type {Receipt, ReceiptChange} from '../store/receipts.ts';
import type {DrainedMailboxOptions} from './drained-mailbox.ts';
import {isSameMessage, keyOf} from './letter-names.ts';
import type {LocalPlace} from './local-place.ts';
import {setsOf} from './uid-commands.ts';

type Known = Pick<DrainedMailboxOptions, 'path' | 'account' | 'receipts' | 'gone' | 'clock'>;

/** Rejects with a Failure, and with what the store throws. */
export async function learnMaildrop(
	remote: Remote,
	uidValidity: number,
	place: LocalPlace,
	known: Known,
): Promise<void> {
	const {path, receipts} = known;
	const open = receipts.open(path, uidValidity);
	const arrivals: ArrivalFact[] = [];
	const [there] = await Promise.all([
		existing(remote, open),
		remote.fetchArrivals(`${receipts.lastListed(path, uidValidity) + 1}:*`, fact => arrivals.push(fact)),
	]);
	receipts.change(path, uidValidity, goneOf(open.filter(({uid}) => !there.has(uid))));
	const before = await cameBefore(uidValidity, place, known);
	receipts.learn(path, uidValidity, arrivals, await recognized(remote, arrivals, before));
	await findWritten(uidValidity, open, place, known);
}

export async function existing(
	remote: Remote,
	receipts: readonly {readonly uid: number}[],
): Promise<ReadonlySet<number>> {
	const found = await Promise.all(setsOf(receipts.map(({uid}) => uid)).map(set => remote.fetchExisting(set)));
	return new Set(found.flat());
}

/** No more there: who was here is at its end, and who was not never comes. */
export const goneOf = (receipts: readonly Receipt[]): ReceiptChange[] =>
	receipts.map(({uid, state}) => ({uid, state: state === 'here' || state === 'marked' ? 'removed' : 'gone'}));

/** What is in its place was read back before it came there: only the word of it was cut short. */
async function findWritten(
	uidValidity: number,
	open: readonly Receipt[],
	place: LocalPlace,
	{account, receipts, path, clock}: Known,
): Promise<void> {
	// One that may be the same as another is so only by its octets.
	const isOwn = (receipt: Receipt) => receipt.name === keyOf({account, path, uidValidity}, receipt);
	const begun = open.filter(receipt => receipt.state === 'writing' && isOwn(receipt));
	if (begun.length === 0) return;
	const whole = await wholeOf(begun, place);
	const found = begun.filter(({name}) => whole.has(name));
	receipts.change(
		path,
		uidValidity,
		found.map(({uid}) => ({uid, state: 'here', cameAt: clock()})),
	);
}

/** What came when it was numbered otherwise, or had another name; of what was only begun, what is there. */
async function cameBefore(
	uidValidity: number,
	place: LocalPlace,
	{receipts, path, gone}: Known,
): Promise<readonly Receipt[]> {
	const before = receipts.before(path, uidValidity, gone());
	const begun = before.filter(({state}) => state === 'writing');
	if (begun.length === 0) return before;
	const whole = await wholeOf(begun, place);
	return before.filter(({state, name}) => state !== 'writing' || whole.has(name));
}

const wholeOf = (receipts: readonly Receipt[], place: LocalPlace): Promise<ReadonlySet<string>> =>
	place.whole(new Map(receipts.map(({name, sizeBytes}) => [name, sizeBytes])));

/** A server that numbers its messages anew shows again what is here already. */
async function recognized(
	remote: Remote,
	arrivals: readonly ArrivalFact[],
	before: readonly Receipt[],
): Promise<readonly ReceiptChange[]> {
	const alike = arrivals.filter(arrival => before.some(known => isSameMessage(known, arrival)));
	if (alike.length === 0) return [];
	const names = new Map<number, string>();
	for (const found of await Promise.all(setsOf(alike.map(({uid}) => uid)).map(set => remote.fetchNames(set))))
		for (const [uid, {messageId}] of found) names.set(uid, messageId);
	const taken = new Set<Receipt>();
	const changes: ReceiptChange[] = [];
	for (const arrival of alike) {
		const messageId = names.get(arrival.uid) ?? '';
		const isAlike = (each: Receipt) => !taken.has(each) && isSameMessage(each, arrival);
		const known =
			before.find(each => messageId !== '' && each.messageId === messageId && isAlike(each)) ??
			before.find(each => each.messageId === '' && isAlike(each));
		if (known === undefined) continue;
		taken.add(known);
		// Where its Message-ID is not known only its octets tell.
		if (known.messageId === '') changes.push({uid: arrival.uid, state: 'wanted', name: known.name});
		else changes.push({uid: arrival.uid, state: 'here', name: known.name, messageId, cameAt: known.cameAt});
	}
	return changes;
}
