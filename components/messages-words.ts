/**
 * What the list of messages says beside its rows: whose it is, and why there are none. Pure.
 */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import type {AccountName} from '../source/model/ids.ts';
import type {Link} from '../source/model/link.ts';
import type {MailboxState} from '../source/model/mailbox.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {statePlaceMark} from '../source/model/state-words.ts';
import {asOfWords} from './format.ts';
import type {Line} from './lines.tsx';
import {longLackOf} from './link-words.ts';
import {ended, safe} from './safe.ts';
import type {Theme} from './theme.ts';
import {wrap} from './wrap.ts';

type State = MailboxState['state'];

export function mailboxTitle(
	account: AccountName,
	mailbox: SafeText,
	{isReadOnly, statePlace}: Pick<MailboxState, 'isReadOnly' | 'statePlace'>,
): SafeText {
	const mark = statePlaceMark(statePlace) || (isReadOnly ? ours('read-only') : ours(''));
	return safe`${safeLine(account)}/${mailbox}${mark === '' ? ours('') : safe` (${mark})`}`;
}

/** `418 of 420, 3 tagged, as of 18:02`, and the same in fewer words where there is less room. */
export function placeWords(
	{count, state, because, tagged, asOf}: Pick<MailboxState, 'count' | 'state' | 'because' | 'tagged' | 'asOf'>,
	position: number | undefined,
	now: number,
): readonly SafeText[] {
	const place = countWords(position, count, state, because);
	const words = tagged === 0 ? place : safe`${place}, ${tagged} tagged`;
	return agedWords(words, asOf, now);
}

/** With how old it is, where there is room for it. */
export const agedWords = (words: SafeText, asOf: number | undefined, now: number): readonly SafeText[] =>
	asOf === undefined || words === '' ? [words] : [safe`${words}, ${asOfWords(asOf, now)}`, words];

/** `418 of 420`. What is not known is not claimed. */
function countWords(
	position: number | undefined,
	count: number | undefined,
	state: State,
	because: SafeText,
): SafeText {
	if (count === undefined) return ours('');
	const words = count === 0 ? ours('no messages') : safe`${position ?? count} of ${count}`;
	return state === 'refused' && because !== '' ? safe`${words}, as last seen` : words;
}

export function emptyWords(state: State, because: SafeText, link: Link, keys: ScreenKeys): SafeText {
	if (state === 'refused') return because;
	if (state === 'open') return ours('No messages.');
	// The status line has one line; here is room for what to do.
	if (link.because !== '') return ended(link.because);
	// The title says it already.
	if (link.state === 'dialling') return ours('');
	return link.state === 'up'
		? ours('Opening the mailbox…')
		: safe`This mailbox is ${longLackOf(link, keys) ?? ours('not here')}.`;
}

/** Of an offline mailbox, in local mail. */
export const nothingCame = (keys: ScreenKeys): SafeText =>
	safe`Nothing of it has come into your local mail yet. ${keys.hints(['look', 'calls and takes what is there'], ['left', 'shows what is on the server'])}.`;

/** Of an offline mailbox, on the server. */
export const nothingLeft = ours('Nothing is left on the server: all of it came into your local mail.');

export const emptyLines = (words: SafeText, columns: number, theme: Theme): Line[] => [
	{text: ours('')},
	...wrap(words, Math.min(columns - 4, 76)).map(text => ({text: safe`  ${text}`, style: theme.quiet})),
];
