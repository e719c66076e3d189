/**
 * UIDs as ranges, as IMAP spells them (`3:5,9`) and as newsrc files do (`3-5,9`). Pure. What is read comes from files and
 * mail of others: a range that would be more messages than a mailbox has in practice is not believed.
 */
const mostUids = 2_000_000;
/** RFC 9051 §9, nz-number. */
const highestUid = 2 ** 32 - 1;

/** The shortest list of these, which need not ascend. */
export function spellUids(uids: Iterable<number>, between: ':' | '-' = ':'): string {
	const spelled: string[] = [];
	let [first, last] = [0, 0];
	const end = (): void => {
		if (first > 0) spelled.push(first === last ? `${first}` : `${first}${between}${last}`);
	};
	for (const uid of [...new Set(uids)].sort((a, b) => a - b)) {
		if (uid !== last + 1 || first === 0) {
			end();
			first = uid;
		}
		last = uid;
	}
	end();
	return spelled.join(',');
}

/** In the order they are written; undefined: it is no list of UIDs. */
export function readUids(text: string, between: ':' | '-' = ':'): number[] | undefined {
	const uids: number[] = [];
	for (const range of text.split(',')) {
		const [first = Number.NaN, last = first, ...more] = range
			.split(between)
			.map(number => (/^[1-9]\d{0,9}$/.test(number) ? Number(number) : Number.NaN));
		if (more.length > 0 || !(first <= last) || last > highestUid || uids.length + last - first >= mostUids)
			return undefined;
		for (let uid = first; uid <= last; uid++) uids.push(uid);
	}
	return uids;
}
