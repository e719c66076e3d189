/**
 * An invitation as lines above the text of its message: a sentence, then what, when, where and who; or why none of that is
 * there. Pure.
 */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import type {Invitation} from '../source/model/invitation.ts';
import {type InvitationRow, type IsOwn, invitationRows, invitationSentence} from '../source/model/invitation-words.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import type {OpenMessage, ShownCalendar} from '../source/session/session.ts';
import {bytesOf, priceWords} from './format.ts';
import {asWaiting, type Line} from './lines.tsx';
import {safe, spaces} from './safe.ts';
import type {Theme} from './theme.ts';
import {wrap} from './wrap.ts';

type Look = {
	readonly columns: number;
	readonly theme: Theme;
	readonly keys: ScreenKeys;
	readonly isOwn: IsOwn;
	/** The message has been answered, in whatever way. */
	readonly isAnswered: boolean;
	/** Why what is not here does not come by itself. */
	readonly lack: SafeText | undefined;
};

/** As wide as the names of a message's header. */
const nameColumns = 9;

const words = (text: SafeText, columns: number, style: Line['style']): Line[] =>
	text === '' ? [] : wrap(text, columns).map(line => ({text: line, ...(style ? {style} : {})}));

/** With an empty line behind it; none where there is no invitation. */
export function invitationLines(
	calendar: ShownCalendar | undefined,
	message: Pick<OpenMessage, 'calendarLines' | 'price'>,
	look: Look,
): readonly Line[] {
	if (calendar === undefined) return [];
	const {columns, theme, keys, lack} = look;
	const {state, reading, sizeBytes, part, isToldByText} = calendar;
	const blank: Line = {text: ours('')};
	if (state === 'asking') return [asWaiting({text: safe`The invitation is ${lack ?? ours('on its way…')}`}), blank];
	if (state === 'offered') {
		const brings = keys.hint('moreText', 'brings it');
		const how = brings === '' ? ours('') : safe`: ${brings}, ${priceWords(message.price([part]))}`;
		return [...words(safe`The invitation (${bytesOf(sizeBytes)}) did not come${how}`, columns, theme.quiet), blank];
	}
	if (reading === undefined) return [];
	const atLength = message.calendarLines(columns).map(line => ({text: line.text, style: theme.textLine(line)}));
	const further = isToldByText || atLength.length === 0 ? [] : [blank, ...atLength];
	if (reading.is === 'text') return [...words(reading.because, columns, theme.quiet), ...further, blank];
	const {invitation} = reading;
	return [
		...words(invitationSentence(invitation, look.isOwn), columns, theme.strong),
		...rowLines([...invitationRows(invitation, look.isOwn), ...answerRow(invitation, look)], look),
		...further,
		blank,
	];
}

function rowLines(rows: readonly InvitationRow[], {columns, theme}: Look): Line[] {
	return rows.flatMap(({name, values}) =>
		values
			.flatMap(value => wrap(value, Math.max(10, columns - nameColumns)))
			.map((text, at) => ({
				text: ours(''),
				rest: [
					{text: at === 0 ? fit(safe`${name}:`, nameColumns) : spaces(nameColumns), style: theme.quiet},
					{text, style: name === 'What' ? theme.strong : {}},
				],
			})),
	);
}

/** How the user may answer; none where nobody waits for it. */
function answerRow(invitation: Invitation, {keys, isOwn, isAnswered}: Look): readonly InvitationRow[] {
	if (!isAsked(invitation, isOwn)) return [];
	const hints = keys.hints(['accept', 'accepts'], ['tentative', 'says perhaps'], ['decline', 'declines']);
	const value = isAnswered ? safe`the message is marked as answered; ${hints}` : hints;
	return hints === '' ? [] : [{name: ours('Answer'), values: [value]}];
}

/** Whether somebody waits for the user's answer. */
export function isAsked({method, isCancelled, organiser, attendees}: Invitation, isOwn: IsOwn): boolean {
	if (method !== 'request' || isCancelled || organiser === undefined || isOwn(organiser.address)) return false;
	return attendees.some(({address}) => isOwn(address));
}
