/**
 * A wish as it is typed: `500`, `16 kB`, `pdf 200 kB, images 50 kB`, `no`. Pure, and back without loss.
 */
import {bytesIn, bytesOf} from './amounts.ts';
import {mediaKinds, mediaTypesNamed} from './media-kinds.ts';
import {ours, type SafeText, safeLine} from './safe-text.ts';
import {isDay, type PartWish, type Wish} from './wish.ts';
import {byKind} from './wish-words.ts';

export type TypedWish = {
	readonly summaries: string;
	readonly text: string;
	readonly parts: string;
	readonly previews: string;
};
export type WishField = keyof TypedWish;
type WishProblem = {readonly field: WishField; readonly problem: SafeText};

/** What each field takes, for who types. */
export const wishHints: Readonly<Record<WishField, SafeText>> = {
	summaries: ours('which messages: all, none, 500 (the newest), 30 days, since 2026-01-31'),
	text: ours('how much of each text: 16 kB, or none'),
	parts: ours('whole parts by kind and size: pdf 200 kB, images 50 kB, or none'),
	previews: ours('the first words of each message, where the server has them: yes or no'),
};

export function typedWish(wish: Wish): TypedWish {
	const parts = byKind(wish.parts).map(({name, mostBytes}) => `${name} ${amount(mostBytes)}`);
	return {
		summaries: typedSummaries(wish.summaries),
		text: wish.textBytes === 0 ? 'none' : amount(wish.textBytes),
		parts: parts.length === 0 ? 'none' : parts.join(', '),
		previews: wish.hasPreviews ? 'yes' : 'no',
	};
}

/** The wish, or what is wrong with the first field that is. */
export function readTypedWish(typed: TypedWish): {readonly wish: Wish} | WishProblem {
	const summaries = readSummaries(typed.summaries);
	if (summaries === undefined) return wrong('summaries', 'messages are all, none, 500, 30 days, or since 2026-01-31');
	const textBytes = isNone(typed.text) ? 0 : bytesIn(typed.text);
	if (textBytes === undefined) return wrong('text', 'a text is 16 kB, or none');
	const parts = readParts(typed.parts);
	if ('problem' in parts) return {field: 'parts', problem: parts.problem};
	const hasPreviews = readYesOrNo(typed.previews);
	if (hasPreviews === undefined) return wrong('previews', 'previews are yes or no');
	return {wish: {summaries, textBytes, parts: parts.parts, hasPreviews}};
}

const wrong = (field: WishField, words: string): WishProblem => ({field, problem: ours(words)});

/** As short as it can be said without loss. */
function amount(bytes: number): string {
	const short = bytesOf(bytes);
	return bytesIn(short) === bytes ? short : String(bytes);
}

const isNone = (text: string): boolean => /^(|0|no|none|nothing|-)$/i.test(text.trim());

function typedSummaries(summaries: Wish['summaries']): string {
	if (typeof summaries === 'string') return summaries;
	if ('last' in summaries) return String(summaries.last);
	return 'since' in summaries ? `since ${summaries.since}` : `${summaries.sinceDays} days`;
}

const daysIn: Readonly<Record<string, number>> = {d: 1, w: 7, m: 30, y: 365};

function readSummaries(typed: string): Wish['summaries'] | undefined {
	const text = typed.trim().toLowerCase();
	if (isNone(text)) return 'none';
	if (text === 'all') return 'all';
	const newest = /^(?:(?:the )?(?:newest|last) )?([1-9]\d{0,8})$/.exec(text)?.[1];
	if (newest) return {last: Number(newest)};
	const [, count, unit] = /^(?:(?:the )?last )?([1-9]\d{0,4}) ?(d|w|m|y|days?|weeks?|months?|years?)$/.exec(text) ?? [];
	if (count && unit) return {sinceDays: Number(count) * (daysIn[unit.charAt(0)] ?? 1)};
	const day = text.replace(/^since /, '');
	return isDay(day) ? {since: day} : undefined;
}

function readParts(typed: string): {readonly parts: readonly PartWish[]} | {readonly problem: SafeText} {
	if (isNone(typed)) return {parts: []};
	const parts = new Map<string, PartWish>();
	for (const piece of typed.split(',').map(each => each.trim())) {
		const [, name = piece, size] = /^(\S+?)\s+(?:up to\s+)?(\d.*)$/i.exec(piece) ?? [];
		const types = mediaTypesNamed(name);
		const mostBytes = size === undefined ? undefined : bytesIn(size);
		if (types === undefined) return {problem: unknownKind(name)};
		if (mostBytes === undefined) return {problem: safeLine(`${name}: up to which size? Like ${name} 200 kB`)};
		for (const type of types) parts.set(type, {type, mostBytes});
	}
	return {parts: [...parts.values()]};
}

function unknownKind(name: string): SafeText {
	const names = mediaKinds.map(each => each.names[0]).join(', ');
	return safeLine(
		name === '' ? 'a kind and a size are needed: pdf 200 kB' : `${name} is no kind of part: ${names}, image/png`,
	);
}

function readYesOrNo(typed: string): boolean | undefined {
	const text = typed.trim();
	if (isNone(text) || /^n$/i.test(text)) return false;
	return /^(y|yes)$/i.test(text) ? true : undefined;
}
