/**
 * One message in a list, as a line of exactly so many columns:
 *
 *      418 ◐ NFA Nov 20     Ada Lovelace       2.1k Notes on the Analytical Engine
 *
 * Pure. The widths are the same for every row of a screen.
 */
import {hasFlag, type Message} from '../source/model/message.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import {phrases} from './aloud.ts';
import {bytesOf, dateOf, sizeOf} from './format.ts';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';

type RowWidths = {
	readonly number: number;
	readonly date: number;
	readonly from: number;
	readonly subject: number;
};

const heldWidth = 1;
const flagsWidth = 3;
const sizeWidth = 4;
const gaps = 8;

export function rowWidths(columns: number, count: number): RowWidths {
	// Under 70 columns the subject needs the columns of the number more, under 100 those of an old message's day.
	const number = columns < 70 ? 0 : Math.max(3, String(count).length);
	const date = columns < 100 ? 7 : 10;
	const room = columns - number - heldWidth - flagsWidth - date - sizeWidth - gaps + (number === 0 ? 1 : 0);
	const from = Math.max(10, Math.min(30, Math.floor(room * 0.36)));
	return {number, date, from, subject: Math.max(1, room - from)};
}

/** Like mutt: New, Flagged, Answered or marked as Deleted. */
function flagLetters(message: Message): SafeText {
	const isNew = !hasFlag(message, '\\Seen');
	const isFlagged = hasFlag(message, '\\Flagged');
	const last = hasFlag(message, '\\Deleted') ? 'D' : hasFlag(message, '\\Answered') ? 'A' : ' ';
	return ours(`${isNew ? 'N' : ' '}${isFlagged ? 'F' : ' '}${last}`);
}

export function messageRow(
	message: Message,
	position: number,
	widths: RowWidths,
	look: {readonly theme: Theme; readonly now: number; readonly showsPending?: boolean},
): SafeText {
	const held = message.isPending && (look.showsPending ?? true) ? look.theme.pending : look.theme.held[message.held];
	const date = fit(shortEnough(dateOf(message.date, look.now), widths.date), widths.date);
	const from = fit(message.from === '' ? ours('(nobody)') : message.from, widths.from);
	const subject = fit(message.subject === '' ? ours('(no subject)') : message.subject, widths.subject);
	const size = fit(sizeOf(message.sizeBytes), sizeWidth, {align: 'right'});
	const tag = message.isTagged ? look.theme.mark : ours(' ');
	return safe`${numberOf(position, widths)}${held}${tag}${flagLetters(message)} ${date} ${from} ${size} ${subject} `;
}

/**
 * The same to be heard, what tells it from the others first: who has heard enough presses the next key.
 *
 *     new, flagged, Ada Lovelace, Notes on the Analytical Engine, Nov 20, 2.1 kB, 418
 */
export function messageAloud(message: Message, position: number, now: number): SafeText {
	const when = (isSo: boolean, words: string): SafeText => ours(isSo ? words : '');
	return phrases(
		when(message.isTagged, 'tagged'),
		when(!hasFlag(message, '\\Seen'), 'new'),
		when(hasFlag(message, '\\Flagged'), 'flagged'),
		when(hasFlag(message, '\\Answered'), 'answered'),
		when(hasFlag(message, '\\Deleted'), 'marked as deleted'),
		message.from === '' ? ours('nobody') : message.from,
		message.subject === '' ? ours('no subject') : message.subject,
		dateOf(message.date, now),
		bytesOf(message.sizeBytes),
		when(message.held !== 'summary', message.held === 'text' ? 'text here' : 'all here'),
		when(message.isPending, 'not sent yet'),
		when(position > 0, String(position)),
	);
}

/** A row that is not known yet: its number, and nothing claimed. */
export function unknownRow(position: number, widths: RowWidths, lacking: SafeText): SafeText {
	const rest = heldWidth + flagsWidth + widths.date + widths.from + sizeWidth + widths.subject + gaps - 2;
	return safe`${numberOf(position, widths)}${fit(lacking, rest)}`;
}

function numberOf(position: number, widths: RowWidths): SafeText {
	if (widths.number === 0) return ours('');
	return safe`${fit(ours(String(position)), widths.number, {align: 'right'})} `;
}

/** A date of another year in seven columns is its year and month. */
const shortEnough = (date: SafeText, columns: number): SafeText =>
	date.length > columns ? ours(date.slice(0, 7)) : date;
