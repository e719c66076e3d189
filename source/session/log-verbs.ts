/** What a session lets the user do with the log: decide, take back, keep back, send again. A notice says what came of it. */
import type {MailboxPath} from '../model/ids.ts';
import type {Link} from '../model/link.ts';
import {type Destination, isAcross} from '../model/operation.ts';
import {doneWords, sentenceOf} from '../model/operation-words.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import {ownDecisionWords} from '../model/state-words.ts';
import type {Stood} from '../store/stood-rows.ts';
import {type DecidedMailboxes, isToGo} from './decided-mailboxes.ts';
import type {Live} from './live.ts';
import type {Operations} from './operations.ts';
import type {OwnMarks} from './own-marks.ts';
import type {CommandSession, Tell} from './session.ts';

type LogVerbs = Pick<
	CommandSession,
	'operations' | 'undo' | 'discard' | 'retry' | 'hold' | 'decideAboutMailbox' | 'decideByUid' | 'isDraining'
>;

export type LogVerbsAround = {
	readonly operations: Operations;
	readonly decided: DecidedMailboxes;
	readonly marks: OwnMarks;
	readonly link: Live<Link>;
	readonly tell: Tell;
	/** The last letter that may be taken back, and that. */
	readonly lastLetter: () => {readonly id: string; readonly madeAt: number} | undefined;
	readonly takeBack: (letter: string) => void;
	/** The mailbox something is moved to, as far as that is known. */
	readonly resolve: (to: Destination) => MailboxPath | '' | undefined;
	/** As far as is known; undefined: nobody has looked. */
	readonly standingOf: (mailbox: MailboxPath) => Stood | undefined;
};

export const logVerbs = ({
	operations,
	decided,
	marks,
	link,
	tell,
	lastLetter,
	takeBack,
	resolve,
	standingOf,
}: LogVerbsAround): LogVerbs => ({
	operations: operations.all,
	undo(id) {
		const letter = id === undefined ? lastLetter() : undefined;
		const last = id === undefined ? marks.last : undefined;
		if (letter && letter.madeAt >= Math.max(operations.lastStanding()?.madeAt ?? 0, last?.madeAt ?? 0))
			return takeBack(letter.id);
		if (last !== undefined && last.madeAt >= (operations.lastStanding()?.madeAt ?? 0)) {
			if (marks.undo(last)) tell('done', ownDecisionWords(last.what, !last.isSet, last.uids.length));
			return;
		}
		const undone = operations.undo(id);
		if ('because' in undone) tell('problem', undone.because);
		else tell('done', safeLine(`Taken back: ${sentenceOf(undone)}`));
	},
	discard(id) {
		if (!operations.discard(id)) tell('problem', ours('It was sent already'), 'undo');
	},
	retry: id => operations.retry(id),
	hold(id, isHeld) {
		if (!operations.setHeld(id, isHeld)) tell('problem', ours('It was sent already'));
	},
	decideAboutMailbox(change) {
		const because = decided.whyNot(change);
		if (because !== undefined) return tell('problem', because);
		const id = operations.decide(change, [], {
			stood: change.kind === 'delete' ? standingOf(change.mailbox) : undefined,
		});
		if (id === undefined) return;
		const isUp = link.get().state === 'up';
		// What goes for good is on its way now, and there is no way back from there.
		const isTooLate = isUp && change.kind === 'delete';
		const when = isUp ? '' : ', when there is a line';
		tell('done', safeLine(`${doneWords(change, 0)}${when}`), isTooLate ? undefined : 'undo');
	},
	decideByUid(mailbox, uidValidity, uids, change) {
		const isTo = change.kind === 'move' && !isAcross(change) && resolve(change.to) === mailbox;
		// What is moved away and not confirmed can be moved back.
		if (isTo && !uids.some(uid => operations.isGoing({mailbox, uidValidity, uid}))) {
			tell('problem', safeLine(`It is in ${mailbox} already`));
			return undefined;
		}
		if (decided.isToBeDeleted(mailbox)) {
			tell('problem', isToGo);
			return undefined;
		}
		return operations.decide(
			change,
			uids.map(uid => ({message: {mailbox, uidValidity, uid}, wasSet: undefined})),
		);
	},
	isDraining: () => operations.mayDrain,
});
