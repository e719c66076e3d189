/** Chance that is the same at each start (mulberry32). */
export type Random = {
	/** 0 ≤ n < below. */
	readonly below: (below: number) => number;
	readonly pick: <T>(from: readonly T[]) => T;
	/** So many different ones, in their order. */
	readonly some: <T>(from: readonly T[], count: number) => T[];
	readonly isOneIn: (n: number) => boolean;
};

export const random = (seed: number): Random => {
	let state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) | 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
	const below = (n: number): number => Math.floor(next() * n);
	return {
		below,
		pick: from => from[below(from.length)]!,
		some(from, count) {
			const kept = new Set<number>();
			while (kept.size < Math.min(count, from.length)) kept.add(below(from.length));
			return [...kept].sort((a, b) => a - b).map(index => from[index]!);
		},
		isOneIn: n => below(n) === 0,
	};
};
