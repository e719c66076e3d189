/**
 * A message as it is in a file and as it is on a line. In a file its lines end in LF, as all programs on a Maildir expect;
 * where that could not be undone exactly (a bare LF, a CR before CRLF), the file is the message octet for octet.
 *
 * Law: what was stored comes back octet for octet.
 */

const [cr, lf] = [13, 10];

export type Stored = {readonly octets: Buffer; readonly isAsSent: boolean};

export function storedForm(sent: Buffer): Stored {
	const octets = Buffer.allocUnsafe(sent.length);
	let [to, from] = [0, 0];
	for (let feed = sent.indexOf(lf); feed >= 0; feed = sent.indexOf(lf, feed + 1)) {
		if (sent[feed - 1] !== cr || sent[feed - 2] === cr) return {octets: sent, isAsSent: true};
		to += sent.copy(octets, to, from, feed - 1);
		from = feed;
	}
	to += sent.copy(octets, to, from);
	return {octets: octets.subarray(0, to), isAsSent: false};
}

/** A bare LF becomes CRLF, as every server does with a file. */
export function sentForm({octets, isAsSent}: Stored): Buffer {
	const bare = isAsSent ? 0 : bareFeeds(octets);
	if (bare === 0) return octets;
	const sent = Buffer.allocUnsafe(octets.length + bare);
	let [to, from] = [0, 0];
	for (let feed = octets.indexOf(lf); feed >= 0; feed = octets.indexOf(lf, feed + 1)) {
		if (octets[feed - 1] === cr) continue;
		to += octets.copy(sent, to, from, feed);
		sent[to++] = cr;
		from = feed;
	}
	octets.copy(sent, to, from);
	return sent;
}

function bareFeeds(octets: Buffer): number {
	let count = 0;
	for (let feed = octets.indexOf(lf); feed >= 0; feed = octets.indexOf(lf, feed + 1))
		if (octets[feed - 1] !== cr) count += 1;
	return count;
}
