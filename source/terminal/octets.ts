/** Octets of a text as UTF-8. Most of what goes to a terminal is ASCII. Pure. */
export function octetsOf(text: string): number {
	for (let index = 0; index < text.length; index++) {
		if (text.charCodeAt(index) > 0x7f) return Buffer.byteLength(text);
	}
	return text.length;
}
