/** Where the state of messages lives, in sentences. Pure. */
import type {MailboxPath} from './ids.ts';
import {type Change, isAcross} from './operation.ts';
import {countOf} from './operation-words.ts';
import {hidden} from './own-record.ts';
import {ours, type SafeText, safeLine} from './safe-text.ts';
import {type StatePlace, spellShared} from './state-place.ts';

/** What it means, when it was just chosen. */
export function statePlaceWords(mailbox: MailboxPath, place: StatePlace): SafeText {
	switch (place.with) {
		case 'server':
			return safeLine(`${mailbox}: marks are the server's flags`);
		case 'client':
			return safeLine(`${mailbox}: marks are kept here, not told to the server; delete hides`);
		case 'shared':
			return safeLine(`${mailbox}: marks are kept here and shared in ${spellShared(place.place)}; delete hides`);
	}
}

/** In few words, for a title. */
export const statePlaceMark = ({with: place}: StatePlace): SafeText =>
	place === 'server' ? ours('') : place === 'client' ? ours('own state') : ours('shared state');

/** What was decided about messages whose state is ours. */
export function ownDecisionWords(what: string, isSet: boolean, count: number): SafeText {
	const messages = countOf(count);
	switch (what.toLowerCase()) {
		case hidden.toLowerCase():
			return safeLine(`${messages} ${isSet ? 'hidden from you' : 'shown again'}`);
		case '\\seen':
			return safeLine(`${messages} marked as ${isSet ? 'read' : 'unread'}, for you`);
		default:
			return safeLine(
				`${messages} ${isSet ? 'marked' : 'no longer marked'} ${what.replace(/^\\/, '').toLowerCase()}, for you`,
			);
	}
}

/** Why a change cannot be had where the messages are not ours to change; undefined: it can. */
export function whyNotHere(change: Change): SafeText | undefined {
	if (change.kind !== 'move') return undefined;
	if (!isAcross(change) && 'use' in change.to && change.to.use === 'trash') return undefined;
	return ours('These messages are not ours to move: copy them, or hide them here with delete');
}
