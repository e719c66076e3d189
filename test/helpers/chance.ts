/** Numbers by chance, the same for the same seed. */
export function chance(seed: number): (below: number) => number {
	let state = seed;
	return below => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 4_294_967_296) * below);
	};
}

export function shuffled<T>(all: readonly T[], below: (n: number) => number): T[] {
	const result = [...all];
	for (let at = result.length - 1; at > 0; at--) {
		const other = below(at + 1);
		[result[at], result[other]] = [result[other] as T, result[at] as T];
	}
	return result;
}
