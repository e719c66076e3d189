/** Octets that no compression makes smaller; the same at each run, others for another seed. */
export function noise(length: number, seed = 1733): Buffer {
	const octets = Buffer.alloc(length);
	let state = seed;
	for (let at = 0; at < length; at++) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		octets[at] = state >>> 24;
	}
	return octets;
}
