/**
 * An account as a line. Pure: reads what is known, asks for nothing.
 *
 *     work           online  3.1 kB/s         12     31k       2  me@mail.example:993
 */
import {inbox} from '../source/model/ids.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import type {Session} from '../source/session/session.ts';
import {aloud, phrases} from './aloud.ts';
import {bytesOf, sizeOf} from './format.ts';
import {linkTitle, stateOf} from './link-words.ts';
import {localOf} from './offline-place.ts';
import {safe} from './safe.ts';

const nameColumns = 12;
const lineColumns = 21;
const countColumns = 8;

const columnsOf = (
	columns: number,
	[name, line, unread, spent, waiting, where]: readonly [SafeText, SafeText, SafeText, SafeText, SafeText, SafeText],
): SafeText => {
	const count = (text: SafeText): SafeText => fit(text, countColumns, {align: 'right'});
	const left = safe`${fit(name, nameColumns - 1)} ${fit(line, lineColumns)}`;
	const room = columns - nameColumns - lineColumns - 1;
	// In a narrow window the line matters more than what it has cost.
	if (room < 3 * countColumns) return fit(safe`${left}${count(unread)}`, columns - 1);
	return fit(safe`${left}${count(unread)}${count(spent)}${count(waiting)}  ${where}`, columns - 1);
};

export const accountsHeading = (columns: number): SafeText =>
	safe` ${columnsOf(columns, [ours('Account'), ours('Line'), ours('unread'), ours('bytes'), ours('waiting'), ours('Where')])}`;

export function accountLine(session: Session, columns: number, sessions: readonly Session[] = []): SafeText {
	const {upBytes, downBytes} = session.usage.get();
	const unread = unreadOf(session, sessions);
	return columnsOf(columns, [
		safeLine(session.account),
		isUntouched(session) && session.models.get().account === 'online' && !session.link.get().isLocal
			? ours('not dialled yet')
			: linkTitle(session.link.get(), session.budget.get(), session.models.get().account),
		unread === undefined ? ours('?') : ours(String(unread)),
		sizeOf(upBytes + downBytes),
		waitingOf(session),
		session.address,
	]);
}

/** What of it changes, and is worth a word then: not what it has cost. */
export function accountState(session: Session, sessions: readonly Session[] = []): SafeText {
	const unread = unreadOf(session, sessions);
	const waiting = waitingOf(session);
	return phrases(
		isUntouched(session) && !session.link.get().isLocal ? ours('not dialled yet') : aloud(stateOf(session.link.get())),
		unread === undefined ? ours('') : safe`${unread} unread`,
		waiting === '' ? ours('') : safe`${waiting} not sent yet`,
	);
}

export function accountAloud(session: Session, sessions: readonly Session[] = []): SafeText {
	const {upBytes, downBytes} = session.usage.get();
	const spent = safe`${bytesOf(upBytes + downBytes)} spent`;
	return phrases(safeLine(session.account), accountState(session, sessions), spent, session.address);
}

/** In its inbox; of an offline one in what came here. */
function unreadOf(session: Session, sessions: readonly Session[]): number | undefined {
	const local = session.isOffline(inbox) ? localOf(sessions)?.mailboxes.get() : undefined;
	if (local === undefined)
		return session.mailboxes.get().mailboxes.find(({specialUse}) => specialUse === 'inbox')?.unseen;
	const found = local.mailboxes.find(({path}) => path === session.localOf(inbox));
	return found === undefined && local.state === 'known' ? 0 : found?.unseen;
}

/** Who was never dialled has not hung up. */
export function isUntouched({link, usage}: Session): boolean {
	const {state, because} = link.get();
	const {upBytes, downBytes} = usage.get();
	return state === 'hung-up' && because === '' && upBytes + downBytes === 0;
}

/** Decisions that have not reached the server. */
function waitingOf({operations}: Session): SafeText {
	const waiting = operations.get().filter(({state}) => state === 'waiting').length;
	return waiting === 0 ? ours('') : ours(String(waiting));
}
