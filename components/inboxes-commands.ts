/**
 * What one can do in the list of all inboxes to more than one account at once.
 */
import {ours} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {taggedCommands} from './decisions.ts';
import {openCall} from './look-command.ts';
import type {Inbox} from './merged-inboxes.ts';
import type {Program} from './places.ts';
import {safe} from './safe.ts';
import type {Handlers} from './use-commands.ts';

/** What is said to the server of one account is said to those of all. */
export function commandsForAll(sessions: readonly Session[], current: Session | undefined, program: Program): Handlers {
	const all = (work: (session: Session) => void) => (): void => {
		for (const session of sessions) work(session);
	};
	return {
		look() {
			for (const session of sessions) if (session.models.get().account === 'online') session.look();
			// One plan at a time: that of the account one is at.
			if (current !== undefined && current.models.get().account !== 'online') openCall(current, program);
		},
		dial: all(session => session.dial()),
		hangUp: all(session => session.hangUp()),
		budgetMetered: all(session => session.chooseBudget('metered')),
		budgetFree: all(session => session.chooseBudget('free')),
		undo() {
			const last = lastToDecide(sessions);
			if (last) last.undo();
			else if (current) current.undo();
			else program.say(ours('there is nothing to take back'));
		},
	};
}

/** The account of which something was decided last, of what can still be taken back. */
function lastToDecide(sessions: readonly Session[]): Session | undefined {
	let last: {readonly session: Session; readonly madeAt: number} | undefined;
	for (const session of sessions) {
		const decided = session.operations
			.get()
			.findLast(({state, undoes}) => undoes === undefined && (state === 'waiting' || state === 'done'));
		if (decided && (!last || decided.madeAt > last.madeAt)) last = {session, madeAt: decided.madeAt};
	}
	return last?.session;
}

/** Each account's tagged messages are that account's; a mailbox to move them to is of one account only. */
export function taggedInAll(inboxes: readonly Inbox[], sessions: readonly Session[], program: Program): Handlers {
	const tagged = inboxes.filter(({mailbox}) => mailbox.state.get().tagged > 0);
	const [first, ...others] = tagged;
	const of = (inbox: Inbox): Handlers => taggedCommands({...inbox, sessions, program, message: undefined});
	if (first === undefined) return inboxes[0] ? of(inboxes[0]) : {};
	if (others.length === 0) return of(first);
	const each = (name: keyof Handlers) => (argument: string) => {
		for (const inbox of tagged) of(inbox)[name]?.(argument);
	};
	const oneOnly = (): void =>
		program.say(safe`messages of ${tagged.length} accounts are tagged: move or copy those of one at a time`);
	return {
		deleteTagged: each('deleteTagged'),
		archiveTagged: each('archiveTagged'),
		flagTagged: each('flagTagged'),
		readTagged: each('readTagged'),
		unreadTagged: each('unreadTagged'),
		untagAll: each('untagAll'),
		moveTagged: oneOnly,
		copyTagged: oneOnly,
	};
}
