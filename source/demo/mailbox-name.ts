/**
 * Mailbox names on the wire: modified UTF-7 (RFC 3501 §5.1.3), and the patterns of LIST.
 */
export const encodeName = (name: string): string =>
	name.replace(/&|[^\x20-\x7e]+/g, run => {
		if (run === '&') return '&-';
		const utf16 = Buffer.from(run, 'utf16le').swap16();
		return `&${utf16.toString('base64').replace(/=+$/, '').replace(/\//g, ',')}-`;
	});

export const decodeName = (name: string): string =>
	name.replace(/&([^-]*)-/g, (_, run: string) => {
		if (run === '') return '&';
		const bytes = Buffer.from(run.replace(/,/g, '/'), 'base64');
		return bytes
			.subarray(0, bytes.length & ~1)
			.swap16()
			.toString('utf16le');
	});

/** `*` is anything, `%` is anything within one level. */
export const namePattern = (pattern: string): RegExp => {
	const source = pattern
		.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
		.replace(/\*+/g, '.*')
		.replace(/%+/g, '[^/]*');
	return new RegExp(`^${source}$`, /^inbox/i.test(pattern) ? 'isu' : 'su');
};
