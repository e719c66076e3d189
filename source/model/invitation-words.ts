/**
 * An invitation in words: a sentence that says what somebody wants with it, and below it what, when, where and who. Pure.
 */
import type {Attendee, Invitation, Participation, Person} from './invitation.ts';
import {ours, type SafeText, safeJoin, safeLine} from './safe-text.ts';

export type InvitationRow = {readonly name: SafeText; readonly values: readonly SafeText[]};

/** Whether an address is one of the user's. */
export type IsOwn = (address: string) => boolean;

export const nobody: IsOwn = () => false;

/** Behind “Ann has” or “You have”. */
const answered: Record<Participation, string> = {
	accepted: 'accepted',
	tentative: 'accepted tentatively',
	declined: 'declined',
	delegated: 'handed it on to somebody else',
	'needs-action': 'not decided yet',
};

/** What it is, in a sentence without a full stop. */
export function invitationSentence(
	{method, kind, organiser, attendees, isCancelled, sequence, isOccurrence}: Invitation,
	isOwn: IsOwn,
): SafeText {
	const [somebody] = attendees;
	const isYou = somebody !== undefined && isOwn(somebody.address);
	const who = isYou ? 'You' : (somebody?.name ?? 'Somebody');
	if (method === 'reply')
		return safeLine(`${who} ${isYou ? 'have' : 'has'} ${answered[somebody?.participation ?? 'needs-action']}`);
	if (method === 'counter') return safeLine(`${who} propose${isYou ? '' : 's'} another time or place`);
	if (method === 'refresh') return safeLine(`${who} ask${isYou ? '' : 's'} to be told of it anew`);
	const leader = organiser === undefined ? '' : isOwn(organiser.address) ? 'you' : organiser.name;
	const of = isOccurrence ? ' for one occurrence of a series' : '';
	const by = leader === '' ? '' : ` by ${leader}`;
	if (method === 'declinecounter')
		return safeLine(`What was planned stays as it was${leader === '' ? '' : `, says ${leader}`}`);
	if (isCancelled) return safeLine(`This ${isOccurrence ? 'occurrence of a series' : kind} was cancelled${by}`);
	if (method === 'add') return safeLine(`More occurrences of a series${by}`);
	if (method !== 'request') return ours(`This ${kind} is sent for information: nobody waits for an answer`);
	const what = kind === 'event' ? 'An invitation' : `A ${kind}`;
	const from = leader === '' ? '' : ` from ${leader}`;
	// Some programs count their own drafts too.
	return safeLine(`${what}${from}${of}${sequence > 0 ? ', changed since it was first made' : ''}`);
}

const groups: readonly (readonly [Participation, string])[] = [
	['accepted', 'accepted'],
	['tentative', 'tentative'],
	['declined', 'declined'],
	['delegated', 'handed on'],
	['needs-action', 'no answer'],
];

/** More names are a wall. */
const mostNames = 8;

function groupWords(word: string, people: readonly Attendee[], isOwn: IsOwn): SafeText {
	// Whoever reads looks for themselves.
	const sorted = [...people].sort((a, b) => Number(isOwn(b.address)) - Number(isOwn(a.address)));
	const names = sorted.slice(0, mostNames).map(({name, address, isOptional, isThing}) => {
		const who = isOwn(address) ? ours('you') : name;
		return isThing ? safeLine(`${who} (room)`) : isOptional ? safeLine(`${who} (optional)`) : who;
	});
	const more = sorted.length - names.length;
	const all = more > 0 ? [...names, ours(`${more} more`)] : names;
	const count = more > 0 ? ` (${sorted.length})` : '';
	return safeLine(`${word}${count}: ${safeJoin(all, ours(', '))}`);
}

const personWords = ({name, address}: Person, isOwn: IsOwn): SafeText =>
	isOwn(address) ? ours('you') : safeLine(address === '' || address === name ? name : `${name} <${address}>`);

/** Those that say something. */
export function invitationRows(invitation: Invitation, isOwn: IsOwn): readonly InvitationRow[] {
	const {method, summary, when, repeats, besides, where, url, organiser, attendees, comment} = invitation;
	const isTold = method === 'reply' || method === 'refresh' || method === 'counter';
	const invited = isTold
		? []
		: groups.flatMap(([participation, word]) => {
				const people = attendees.filter(each => each.participation === participation);
				return people.length === 0 ? [] : [groupWords(word, people, isOwn)];
			});
	const rows: (readonly [name: string, values: readonly SafeText[]])[] = [
		['Says', [comment]],
		['What', [summary || ours('without a title')]],
		['When', when.length === 0 && method !== 'reply' ? [ours('it does not say when')] : when],
		['Repeats', [repeats]],
		['Also', besides],
		['Where', [where]],
		['Page', [url]],
		['By', organiser === undefined ? [] : [personWords(organiser, isOwn)]],
		['Invited', invited],
	];
	return rows.flatMap(([name, values]) => {
		const said = values.filter(value => value !== '');
		return said.length === 0 ? [] : [{name: ours(name), values: said}];
	});
}

/** All of it, as text to quote. Lines end in `\n`. */
export function invitationText(invitation: Invitation): SafeText {
	const rows = invitationRows(invitation, nobody).flatMap(({name, values}) =>
		values.map((value, at) => safeLine(at === 0 ? `${name}: ${value}` : `  ${value}`)),
	);
	const {description} = invitation;
	return safeJoin([...rows, ...(description === '' ? [] : [ours(''), description])], ours('\n'));
}
