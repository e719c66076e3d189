/** Does something with many at once and tells the results in order: files are slow to open and quick to read. */
const together = 16;

export async function inOrder<T, R>(
	all: readonly T[],
	work: (each: T) => Promise<R>,
	tell: (result: R, each: T) => void,
): Promise<void> {
	for (let from = 0; from < all.length; from += together) {
		const some = all.slice(from, from + together);
		const results = await Promise.all(some.map(work));
		for (const [index, result] of results.entries()) tell(result, some[index]!);
	}
}
