/**
 * A wish as a sentence: `the newest 500, text up to 16 kB, PDF up to 200 kB`. Pure.
 */
import {bytesOf} from './amounts.ts';
import {mediaKinds} from './media-kinds.ts';
import {ours, type SafeText, safeJoin, safeLine} from './safe-text.ts';
import type {PartWish, Wish} from './wish.ts';

export function wishWords(wish: Wish): SafeText {
	if (wish.summaries === 'none') return ours('nothing');
	const words = [
		summariesWords(wish.summaries),
		ours(wish.textBytes === 0 ? 'no text' : `text up to ${bytesOf(wish.textBytes)}`),
		...byKind(wish.parts).map(({words: kind, mostBytes}) => ours(`${kind} up to ${bytesOf(mostBytes)}`)),
		...(wish.hasPreviews ? [ours('previews')] : []),
	];
	return safeJoin(words, ours(', '));
}

function summariesWords(summaries: Exclude<Wish['summaries'], 'none'>): SafeText {
	if (summaries === 'all') return ours('all');
	if ('last' in summaries) return ours(`the newest ${summaries.last}`);
	if ('since' in summaries) return safeLine(`since ${summaries.since}`);
	return ours(summaries.sinceDays === 1 ? 'the last day' : `the last ${summaries.sinceDays} days`);
}

type KindWish = {readonly name: string; readonly words: string; readonly mostBytes: number};

/** The types that make up a kind, when all of them are wished for up to one size, are that kind. */
export function byKind(parts: readonly PartWish[]): readonly KindWish[] {
	const done = new Set<PartWish>();
	return parts.flatMap(part => {
		if (done.has(part)) return [];
		const {type, mostBytes} = part;
		const kind = mediaKinds.find(({types}) => types.includes(type));
		const all = kind?.types.map(each => parts.find(other => other.type === each && other.mostBytes === mostBytes));
		const isKind = all?.every(each => each !== undefined) === true;
		for (const each of isKind ? all : [part]) if (each) done.add(each);
		return [{name: isKind ? (kind?.names[0] ?? type) : type, words: isKind ? (kind?.words ?? type) : type, mostBytes}];
	});
}
