/**
 * What a session lets the user choose for mailboxes: models, wishes, and what leaves the server. With another model what is
 * held goes to where that keeps it, and the line is dialled or left.
 */
import {ours} from '../model/safe-text.ts';
import type {Facts} from '../store/facts.ts';
import type {CallOfSession} from './call.ts';
import type {Choices} from './choices.ts';
import type {GuardDisk} from './guard-disk.ts';
import type {MailboxViews} from './mailbox-views.ts';
import type {CommandSession, Tell} from './session.ts';
import type {Worker} from './worker.ts';

type ChoiceVerbs = Pick<
	CommandSession,
	'wishes' | 'models' | 'drainings' | 'setWish' | 'setDraining' | 'chooseModel' | 'dialsByItself'
>;

type ChoiceSurroundings = {
	readonly isLocal: boolean;
	/** Whether there is anywhere for what is taken from the server. */
	readonly isDrainable: boolean;
	readonly choices: Choices;
	readonly facts: Facts;
	readonly views: MailboxViews;
	readonly guarded: GuardDisk;
	readonly worker: Worker;
	readonly call: CallOfSession;
	readonly tell: Tell;
};

export const choiceVerbs = ({
	isLocal,
	isDrainable,
	choices,
	facts,
	views,
	guarded,
	worker,
	call,
	tell,
}: ChoiceSurroundings): ChoiceVerbs => ({
	wishes: choices.wishes,
	models: choices.models,
	drainings: choices.drainings,
	setWish: (mailbox, wish) => choices.setWish(mailbox, wish),
	setDraining: (mailbox, draining) => choices.setDraining(mailbox, draining),
	chooseModel(name, mailbox) {
		if (isLocal) return tell('problem', ours('This mail is on your disk already: no other model makes sense for it'));
		if (name === 'offline' && !isDrainable)
			return tell('problem', ours('The demo keeps nothing on the disk, so nothing can be taken from its server'));
		const places = new Map(facts.paths.map(each => [each, facts.isKept(each)]));
		choices.chooseModel(name, mailbox);
		guarded(() => {
			for (const [each, wasKept] of places) {
				if (facts.isKept(each) === wasKept) continue;
				facts.move(each);
				views.moved(each);
			}
			facts.keepOnlyKept(choices.isAnyOnDisk);
		});
		// What waited for a call may be wanted at once now.
		worker.reconsider();
		if (choices.model(mailbox).dialsByItself) worker.line.dial();
		else
			void worker
				.settled()
				.then(() => (choices.model().dialsByItself || call.isCalling ? undefined : worker.line.rest()));
	},
	dialsByItself: mailbox => choices.model(mailbox).dialsByItself,
});
