/** What a session lets the user do about where the state of messages lives, and with what of it is ours. */
import type {MailboxPath} from '../model/ids.ts';
import {hidden} from '../model/own-record.ts';
import {safeLine} from '../model/safe-text.ts';
import {whyNotHere} from '../model/state-words.ts';
import type {Choices} from './choices.ts';
import type {OwnMarks} from './own-marks.ts';
import type {CommandSession, Tell} from './session.ts';

type StateVerbs = Pick<
	CommandSession,
	'statePlaces' | 'chooseStatePlace' | 'statePlace' | 'decideHere' | 'exportState' | 'importState'
>;

type StateSurroundings = {
	readonly choices: Choices;
	readonly marks: OwnMarks;
	readonly uidValidityOf: (mailbox: MailboxPath) => number | undefined;
	readonly tell: Tell;
	/** Another place was chosen for this mailbox. */
	readonly onPlace: (mailbox: MailboxPath) => void;
};

export const stateVerbs = ({choices, marks, uidValidityOf, tell, onPlace}: StateSurroundings): StateVerbs => ({
	statePlaces: choices.statePlaces,
	statePlace: mailbox => marks.placeOf(mailbox),
	chooseStatePlace(mailbox, place) {
		choices.chooseStatePlace(mailbox, place);
		marks.share(mailbox, place);
		onPlace(mailbox);
	},
	decideHere(mailbox, uidValidity, uids, change) {
		const because = whyNotHere(change);
		if (because !== undefined) tell('problem', because);
		const [what, isSet] = change.kind === 'flag' ? ([change.flag, change.isSet] as const) : ([hidden, true] as const);
		return because === undefined && marks.decide(mailbox, uidValidity, uids, what, isSet);
	},
	exportState: mailbox => marks.exported(mailbox, uidValidityOf(mailbox)),
	importState(mailbox, text) {
		if (marks.isOurs(mailbox)) return marks.imported(mailbox, uidValidityOf(mailbox), text);
		return {because: safeLine(`Not imported: the state of ${mailbox} is the server's. bonsai state set changes that`)};
	},
});
