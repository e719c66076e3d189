/**
 * A message that is named by mailbox and UID before anything of the mailbox is known: how commands name it.
 *
 * One turn brings its row, its structure and, when wanted, the beginning of its text; no other row. Where another
 * UIDVALIDITY was meant nothing is asked: that UID is another message by now.
 */
import type {Budget} from '../model/budget.ts';
import type {MailboxPath, MessageId} from '../model/ids.ts';
import {ours} from '../model/safe-text.ts';
import type {Opening, RowFact} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import {describe, readSummary} from './describe.ts';
import {type Live, live} from './live.ts';
import {fittingProbeBytes, mostToOpenBytes, probeBytes} from './probe.ts';
import type {NamedMessage} from './session.ts';
import type {Worker} from './worker.ts';

export type MessageName = {
	readonly mailbox: MailboxPath;
	readonly uid: number;
	readonly uidValidity: number | undefined;
	readonly withText: boolean;
};

type NamingSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly budget: () => Budget;
	/** Of the mailbox, once it is open on this connection. */
	readonly uidValidityOf: (mailbox: MailboxPath) => number | undefined;
};

const gone = ours('The mailbox has no message of that UID');
const renumbered = ours(
	'The server has renumbered this mailbox (UIDVALIDITY): the UID is that of another message by now, and nothing was done',
);

export function nameMessage(name: MessageName, around: NamingSurroundings): Live<NamedMessage> {
	const {worker} = around;
	const {mailbox, uid, uidValidity, withText} = name;
	const held = heldNamed(name, around.facts);
	if (held !== undefined) return live<NamedMessage>({state: 'known', id: held});
	const named = live<NamedMessage>({state: 'asking'});
	let isAsked = false;
	const isRenumbered = () => uidValidity !== undefined && around.uidValidityOf(mailbox) !== uidValidity;
	worker.need({
		key: `named:${mailbox}:${uid}`,
		urgency: 'looking-at',
		mailbox,
		isDone: () => named.get().state !== 'asking',
		isAllAsked: () => isAsked,
		lost: () => {
			isAsked = false;
		},
		fail: failure => named.set({state: 'failed', because: failure.sentence}),
		cost: () => ({
			what: ours('Open this message'),
			mostBytes: mostToOpenBytes(withText ? fittingProbeBytes(probeBytes(around.budget(), worker.line), 0) : 0),
		}),
		next: (_room, mostBytes) => {
			if (isAsked || worker.selected !== mailbox) return undefined;
			isAsked = true;
			if (isRenumbered()) {
				named.set({state: 'renumbered', because: renumbered});
				return undefined;
			}
			const length = withText ? fittingProbeBytes(probeBytes(around.budget(), worker.line), mostBytes) : 0;
			return {
				expectedBytes: length + 1300,
				mostBytes: mostToOpenBytes(length),
				ask: async remote => {
					const {row, ...opening} = await remote.fetchOpening(uid, length, {withRow: true});
					if (row === undefined) named.set({state: 'gone', because: gone});
					else named.set({state: 'known', id: learn(around.facts, name, row, opening)});
				},
			};
		},
	});
	return named;
}

/** One that is kept on the disk, with its structure and some text: there is nothing to ask. */
function heldNamed({mailbox, uid, uidValidity, withText}: MessageName, facts: Facts): MessageId | undefined {
	const held = facts.held(mailbox);
	if (held === undefined || (uidValidity !== undefined && uidValidity !== held.uidValidity)) return undefined;
	const id = facts.idOf(mailbox, uid);
	if (id === undefined || facts.structure(id) === undefined) return undefined;
	return withText && !facts.hasChunks(id) ? undefined : id;
}

function learn(facts: Facts, {mailbox, uid}: MessageName, row: RowFact, opening: Omit<Opening, 'row'>): MessageId {
	const {flags, sizeBytes, header} = row;
	const unread = ours('(this message’s header cannot be read)');
	const summary = header
		? readSummary(header)
		: {sender: ours(''), fromField: ours(''), subject: unread, date: undefined};
	const id = facts.learnSummary({mailbox, uid, flags: new Set(flags), sizeBytes, ...summary});
	if (opening.structure === undefined) return id;
	facts.learnStructure(id, JSON.stringify(describe(opening.structure, opening.header)));
	if (opening.probe.length > 0) facts.learnChunk(id, '1', 0, opening.probe);
	return id;
}
