/** UIDs as ranges, for a column: `1:50000,50002:50003`. */
export function asRanges(uids: readonly number[]): string {
	let ranges = '';
	for (let from = 0, to = 0; from < uids.length; from = to) {
		for (to = from + 1; uids[to] === uids[to - 1]! + 1; ) to += 1;
		ranges += `${from > 0 ? ',' : ''}${uids[from]}:${uids[to - 1]}`;
	}
	return ranges;
}

export function fromRanges(ranges: string): number[] {
	const uids: number[] = [];
	for (const range of ranges === '' ? [] : ranges.split(',')) {
		const [first = 0, last = 0] = range.split(':').map(Number);
		for (let uid = first; uid <= last; uid++) uids.push(uid);
	}
	return uids;
}
