/**
 * The wishes of an account as the configuration has them: what is missing is as the program would have it, what cannot be
 * meant is a problem that says what would be right.
 */
import {isMediaType} from './model/media-kinds.ts';
import {defaultWishes, isDay, noWish, type PartWish, type Wish, type Wishes} from './model/wish.ts';

type Problem = {readonly problem: string};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export function readWishes(stored: unknown): {readonly wishes: Wishes} | Problem {
	if (stored === undefined) return {wishes: defaultWishes};
	if (!isRecord(stored)) return {problem: 'an object with "otherwise" and "mailboxes"'};
	const {otherwise = noWish, mailboxes = {}} = stored;
	if (!isRecord(mailboxes)) return {problem: '"mailboxes" by their names'};
	const fallback = readWish(otherwise);
	if ('problem' in fallback) return fallback;
	const read: [string, Wish][] = [];
	for (const [path, wish] of Object.entries(mailboxes)) {
		const known = readWish(wish);
		if ('problem' in known) return {problem: `${path}: ${known.problem}`};
		read.push([path, known.wish]);
	}
	return {wishes: {otherwise: fallback.wish, mailboxes: Object.fromEntries(read)}};
}

function readWish(stored: unknown): {readonly wish: Wish} | Problem {
	if (!isRecord(stored)) return {problem: 'an object with "summaries", "textBytes", "parts" and "hasPreviews"'};
	const {summaries = 'none', textBytes = 0, parts = [], hasPreviews = false} = stored;
	if (!isSummaries(summaries))
		return {problem: '"summaries" is "all", "none", {"last": 500}, {"sinceDays": 30} or {"since": "2026-01-31"}'};
	if (!isCount(textBytes)) return {problem: '"textBytes" is a number of bytes'};
	if (!Array.isArray(parts) || !parts.every(isPartWish))
		return {problem: '"parts" are like {"type": "application/pdf", "mostBytes": 200000}'};
	if (typeof hasPreviews !== 'boolean') return {problem: '"hasPreviews" is true or false'};
	return {wish: {summaries, textBytes, parts, hasPreviews}};
}

const isSummaries = (value: unknown): value is Wish['summaries'] =>
	value === 'all' ||
	value === 'none' ||
	(isRecord(value) &&
		Object.keys(value).length === 1 &&
		(isCount(value.last) || isCount(value.sinceDays) || (typeof value.since === 'string' && isDay(value.since))));

const isPartWish = (value: unknown): value is PartWish =>
	isRecord(value) && typeof value.type === 'string' && isMediaType(value.type) && isCount(value.mostBytes);
