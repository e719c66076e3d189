/**
 * The text of a file that the user, or an editor of theirs, has written. We write UTF-8; an editor in another locale keeps
 * that as it finds it, and writes what is typed in its own charset, which nothing names: a line that is no UTF-8 is read as
 * Windows-1252, with all of Latin-1 in it, since what nobody could read is lost for good. Pure.
 */
const [utf8, other] = [new TextDecoder('utf-8', {fatal: true}), new TextDecoder('windows-1252')];

/** With `\n` between its lines, and without a mark of the order of octets in front. */
export function typedText(octets: Buffer): string {
	const lines = octets
		.toString('latin1')
		.split(/\r\n|\r|\n/)
		.map(line => Buffer.from(line, 'latin1'));
	return lines.map(decoded).join('\n');
}

function decoded(line: Buffer): string {
	try {
		return utf8.decode(line);
	} catch {
		return other.decode(line);
	}
}
