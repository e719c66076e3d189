/**
 * From the offline model to another one: what was drained is here and no more there, so it is offered to go back, as a move
 * from local mail to the server, with flags and dates. It never goes by itself.
 */
import {inbox, type MailboxPath} from '../source/model/ids.ts';
import type {ModelName} from '../source/model/model.ts';
import {transferTo} from '../source/model/operation.ts';
import {safeLine} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {localOf} from './offline-place.ts';
import type {Question} from './prompt.tsx';
import {safe} from './safe.ts';

/** Without a mailbox it is the account's model, and what is offered is its inbox. */
export function chooseOtherModel(
	session: Session,
	name: Exclude<ModelName, 'offline'>,
	mailbox: MailboxPath | undefined,
	{sessions, ask}: {readonly sessions: readonly Session[]; ask(question: Question): void},
): void {
	const path = mailbox ?? inbox;
	const wasOffline = session.isOffline(path);
	session.chooseModel(name, mailbox);
	const local = localOf(sessions);
	if (!wasOffline || session.isOffline(path) || local === undefined) return;
	const from = session.localOf(path);
	ask({
		kind: 'yes-or-no',
		label: safe`Move all of Local ${safeLine(from)} back to ${safeLine(session.account)}/${safeLine(path)}?`,
		onYes: () => moveBack(local, from, session, path),
	});
}

/** All of them are tagged first, which costs nothing on this disk. */
function moveBack(local: Session, from: MailboxPath, session: Session, path: MailboxPath): void {
	const mailbox = local.mailbox(from);
	let isDone = false;
	const look = (): void => {
		const {tagged, count, state} = mailbox.state.get();
		if (isDone || state !== 'open' || count === undefined || tagged < count) return;
		isDone = true;
		stop();
		if (count > 0) mailbox.decide('tagged', transferTo('move', {account: session.account, mailbox: path}));
	};
	const stop = mailbox.state.subscribe(look);
	mailbox.ensureNewest(1);
	mailbox.ensureTagged({what: 'all'});
}
