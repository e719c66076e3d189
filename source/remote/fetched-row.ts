/**
 * One untagged FETCH line as the values it carries (RFC 9051 §7.5.2). Reads the raw items itself, since
 * imapflow drops those it does not know. What a line does not carry is undefined: unknown, never empty (law 17).
 */

/** A node of imapflow's parse tree, and of what its compiler takes. */
export type Token =
	| null
	| string
	| {
			readonly type: string;
			readonly value?: string | Buffer;
			readonly section?: readonly Token[];
			readonly partial?: readonly number[];
			readonly sensitive?: boolean;
	  }
	| readonly Token[];

export type Response = {
	readonly tag: string;
	readonly command: string;
	readonly attributes?: readonly Token[];
	/** Of a SEARCH line that is nothing but numbers, which imapflow reads at once. */
	readonly numbers?: readonly number[];
};

export type FetchedRow = {
	/** The message sequence number, valid at the moment of this line only. */
	readonly sequence: number;
	readonly uid: number | undefined;
	readonly flags: readonly string[] | undefined;
	readonly sizeBytes: number | undefined;
	readonly bodyStructure: Token | undefined;
	/**
	 * Octets by section: `BODY[1]<0>`, `BINARY[2]<4096>`, `BODY[HEADER.FIELDS]`, `BODY[1.HEADER]<0>`. The list of
	 * field names is left out of the key, since servers spell it in their own way. NIL is an empty buffer.
	 */
	readonly sections: ReadonlyMap<string, Buffer>;
};

export const textOf = (token: Token | undefined): string | undefined => {
	if (token === null || token === undefined || Array.isArray(token)) return undefined;
	if (typeof token === 'string') return token;
	const value = (token as {value?: string | Buffer}).value;
	return Buffer.isBuffer(value) ? value.toString('utf8') : value;
};

const numberOf = (token: Token | undefined): number | undefined => {
	const text = textOf(token);
	return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
};

export function bytesOf(token: Token | undefined): Buffer {
	if (token === null || token === undefined || Array.isArray(token)) return Buffer.alloc(0);
	const value = typeof token === 'string' ? token : (token as {value?: string | Buffer}).value;
	return Buffer.isBuffer(value) ? value : Buffer.from(value ?? '');
}

function keyOf(token: Token | undefined): string {
	if (token === null || token === undefined || typeof token === 'string' || Array.isArray(token)) return '';
	const item = token as {value?: string | Buffer; section?: readonly Token[]; partial?: readonly number[]};
	const name = String(item.value ?? '').toUpperCase();
	if (item.section === undefined) return name;
	const section = (textOf(item.section[0]) ?? '').toUpperCase();
	return `${name}[${section}]${item.partial ? `<${item.partial[0]}>` : ''}`;
}

export function readRow(response: Response): FetchedRow {
	const items = response.attributes?.[1];
	const list = Array.isArray(items) ? (items as readonly Token[]) : [];
	const sections = new Map<string, Buffer>();
	const values = new Map<string, Token>();
	for (let index = 0; index + 1 < list.length; index += 2) {
		const key = keyOf(list[index]);
		const value = list[index + 1] as Token;
		if (key.includes('[')) sections.set(key, bytesOf(value));
		else values.set(key, value);
	}
	const flags = values.get('FLAGS');
	return {
		sequence: Number(response.command),
		uid: numberOf(values.get('UID')),
		flags: Array.isArray(flags)
			? (flags as readonly Token[]).map(flag => textOf(flag) ?? '').filter(Boolean)
			: undefined,
		sizeBytes: numberOf(values.get('RFC822.SIZE')),
		bodyStructure: values.get('BODYSTRUCTURE') ?? undefined,
		sections,
	};
}
