/**
 * From one screen to the next, what has to be said. Pure.
 *
 * Laws: what did not change is not said again; of a list only the selected row is said, of a text only the lines that
 * are new; what the user asks to hear again is said whole.
 */
import type {SpokenKind, SpokenLine} from '../model/spoken.ts';

export type Frame = readonly SpokenLine[];

const of = (frame: Frame, ...kinds: readonly SpokenKind[]): SpokenLine[] =>
	frame.filter(({kind}) => kinds.includes(kind));
const has = (frame: Frame, line: SpokenLine): boolean =>
	frame.some(({kind, id, words}) => kind === line.kind && id === line.id && words === line.words);
const wordsOf = (lines: Frame): string[] => lines.map(({words}) => words);

export function whatToSay(before: Frame, now: Frame): string[] {
	const [screen] = of(now, 'screen');
	const isOpened = screen?.id !== of(before, 'screen')[0]?.id;
	// A screen that was left has nothing in common with this one but what happened meanwhile.
	const known = isOpened ? of(before, 'status') : before;
	return [
		...titleOf(known, now, isOpened),
		...wordsOf(of(now, 'more', 'status').filter(line => !has(known, line))),
		...selectedOf(known, now),
		...newLines(of(known, 'line'), of(now, 'line')),
		...wordsOf(of(now, 'note').filter(line => !has(known, line))),
	];
}

/** The screen as if it had just opened, with all the rows of a list when they are wanted. */
export function wholeScreen(now: Frame, {hasAllRows}: {readonly hasAllRows: boolean}): string[] {
	const kinds: readonly SpokenKind[] = hasAllRows ? ['row', 'selected'] : ['selected'];
	return [
		wordsOf(of(now, 'screen', 'place', 'about', 'more')).join(', '),
		...wordsOf(of(now, ...kinds, 'line', 'waiting')),
		...wordsOf(of(now, 'note')),
	].filter(words => words !== '');
}

/** Where one is, once: when the screen opens, or as soon as it is known. */
function titleOf(known: Frame, now: Frame, isOpened: boolean): string[] {
	const isPlaced = of(known, 'place').length > 0;
	const title = [...(isOpened ? of(now, 'screen') : []), ...(isPlaced ? [] : of(now, 'place'))];
	return title.length === 0 ? [] : [wordsOf(title).join(', ')];
}

function selectedOf(known: Frame, now: Frame): string[] {
	const [row] = of(now, 'selected');
	if (!row) return [];
	if (of(known, 'selected')[0]?.id !== row.id) return [row.words];
	return wordsOf(of(now, 'state').filter(line => line.id === row.id && !has(known, line)));
}

/** Those scrolled to, and those of the page before that read differently now. */
function newLines(before: Frame, now: Frame): string[] {
	const numbers = new Set(before.map(({id}) => id));
	const stayed = now.filter(({id}) => numbers.has(id));
	const old = new Set(common(wordsOf(before), wordsOf(stayed)));
	let place = -1;
	return now.flatMap(line => {
		if (numbers.has(line.id)) place++;
		return numbers.has(line.id) && old.has(place) ? [] : [line.words];
	});
}

/** The places in `after` of a longest common subsequence: what was inserted above does not make the rest new. */
function common(before: readonly string[], after: readonly string[]): number[] {
	const lengths = Array.from({length: before.length + 1}, () => new Array<number>(after.length + 1).fill(0));
	const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
	for (let i = before.length - 1; i >= 0; i--)
		for (let j = after.length - 1; j >= 0; j--)
			lengths[i]![j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
	const places: number[] = [];
	for (let i = 0, j = 0; i < before.length && j < after.length; ) {
		if (before[i] === after[j]) {
			places.push(j);
			i++;
			j++;
		} else if (at(i + 1, j) >= at(i, j + 1)) i++;
		else j++;
	}
	return places;
}
