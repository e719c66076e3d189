/**
 * Of some words the one that was probably meant. Pure.
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
	const wanted = word.toLowerCase();
	let best: {readonly word: string; readonly distance: number} | undefined;
	for (const each of words) {
		const distance = distanceOf(wanted, each.toLowerCase());
		if (best === undefined || distance < best.distance) best = {word: each, distance};
	}
	// Further than that it is another word.
	return best && best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.word : undefined;
}

/** Letters to change, to put in and to leave out (Levenshtein). */
function distanceOf(from: string, to: string): number {
	let row = Array.from({length: to.length + 1}, (_, index) => index);
	for (const [index, letter] of [...from].entries()) {
		const next = [index + 1];
		for (let at = 1; at <= to.length; at++) {
			const replaced = (row[at - 1] ?? 0) + (to[at - 1] === letter ? 0 : 1);
			next.push(Math.min(replaced, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row.at(-1) ?? 0;
}
