/**
 * Header fields of the demo server's messages: lines, parameters (RFC 2045, RFC 2231) and addresses (RFC 5322).
 * Text is latin1: one character is one byte, so nothing is decoded and nothing is lost.
 *
 * This is the server's own reader. It must not share code with the client, or the two would share bugs.
 */
export type Field = {readonly name: string; readonly raw: string; readonly value: string};

export type Parameter = readonly [name: string, value: string];

export type Address = {
	readonly name: string | undefined;
	readonly route: string | undefined;
	readonly mailbox: string | undefined;
	readonly host: string | undefined;
};

/** Fields of a header block; `raw` holds each one's lines as they came, line ends included. */
export const parseFields = (block: string): Field[] => {
	const fields: Field[] = [];
	for (const match of block.matchAll(/[^\r\n][^\n]*(?:\n[ \t][^\n]*)*(?:\n|$)/g)) {
		const raw = match[0];
		const colon = raw.indexOf(':');
		if (colon < 1) continue;
		const value = raw
			.slice(colon + 1)
			.replace(/\r?\n(?=[ \t])/g, '')
			.replace(/\r?\n$/, '')
			.replace(/^[ \t]+/, '');
		fields.push({name: raw.slice(0, colon).trimEnd(), raw, value});
	}
	return fields;
};

/** The field of that name, unfolded; the last one, when mail breaks the rule that there is one. */
export const fieldOf = (fields: readonly Field[], name: string): string | undefined =>
	fields.findLast(field => field.name.toLowerCase() === name)?.value;

type Token = {readonly kind: 'word' | 'quoted' | 'comment' | 'literal' | 'special'; readonly text: string};

const tokenize = (text: string, specials: string): Token[] => {
	const tokens: Token[] = [];
	let at = 0;
	while (at < text.length) {
		const c = text[at]!;
		if (/[ \t\r\n]/.test(c)) {
			at++;
		} else if (c === '"' || c === '(' || c === '[') {
			const [inner, end] = enclosed(text, at);
			tokens.push({kind: c === '"' ? 'quoted' : c === '(' ? 'comment' : 'literal', text: inner});
			at = end;
		} else if (specials.includes(c)) {
			tokens.push({kind: 'special', text: c});
			at++;
		} else {
			const start = at;
			while (at < text.length && !/[ \t\r\n"([]/.test(text[at]!) && !specials.includes(text[at]!)) at++;
			tokens.push({kind: 'word', text: text.slice(start, at)});
		}
	}
	return tokens;
};

/** What stands between a quote, parenthesis or bracket and its end, escapes undone, and the place after it. */
const enclosed = (text: string, start: number): [string, number] => {
	const open = text[start]!;
	const close = open === '(' ? ')' : open === '[' ? ']' : '"';
	let depth = 0;
	let inner = '';
	let at = start;
	for (; at < text.length; at++) {
		const c = text[at]!;
		if (c === '\\' && at + 1 < text.length) {
			inner += text[++at];
		} else if (c === '(' && open === '(') {
			if (depth++ > 0) inner += c;
		} else if (at > start && c === close) {
			if (open !== '(' || --depth === 0) return [inner, at + 1];
			inner += c;
		} else if (at > start) {
			inner += c;
		}
	}
	return [inner, at];
};

/** `text/plain; charset="utf-8"` as its value and its parameters, continuations joined (RFC 2231). */
export const parseParameterized = (text: string): {value: string; parameters: Parameter[]} => {
	const tokens = tokenize(text, ';=').filter(token => token.kind !== 'comment');
	let value = '';
	let at = 0;
	while (at < tokens.length && tokens[at]!.text !== ';') value += tokens[at++]!.text;
	const parameters: Parameter[] = [];
	while (at < tokens.length) {
		const name = tokens[++at];
		if (name?.kind === 'word' && tokens[at + 1]?.kind === 'special' && tokens[at + 1]!.text === '=') {
			at += 2;
			let joinedValue = '';
			while (at < tokens.length && !(tokens[at]!.kind === 'special' && tokens[at]!.text === ';')) {
				joinedValue += tokens[at++]!.text;
			}
			parameters.push([name.text, joinedValue]);
		} else {
			while (at < tokens.length && !(tokens[at]!.kind === 'special' && tokens[at]!.text === ';')) at++;
		}
	}
	return {value, parameters: joinContinuations(parameters)};
};

const joinContinuations = (parameters: readonly Parameter[]): Parameter[] => {
	const plain: Parameter[] = [];
	const extended: Parameter[] = [];
	const split = new Map<string, {index: number; text: string; isExtended: boolean}[]>();
	for (const [name, text] of parameters) {
		const match = /^(.+)\*(\d+)(\*?)$/.exec(name);
		if (match === null) (name.endsWith('*') ? extended : plain).push([name, text]);
		else {
			const pieces = split.get(match[1]!) ?? [];
			pieces.push({index: Number(match[2]), text, isExtended: match[3] === '*'});
			split.set(match[1]!, pieces);
		}
	}
	for (const [name, pieces] of split) {
		pieces.sort((a, b) => a.index - b.index);
		const isExtended = pieces.some(piece => piece.isExtended);
		const text = pieces.map(piece => (isExtended && !piece.isExtended ? percent(piece.text) : piece.text)).join('');
		extended.push([isExtended ? `${name}*` : name, text]);
	}
	return [...plain, ...extended];
};

const percent = (text: string): string =>
	text.replace(/[^A-Za-z0-9!#$&+.^_`{|}~-]/g, c => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** An address list; a group is a start (mailbox, no host), its members, and an end (neither), as in RFC 3501 §7.4.2. */
export const parseAddresses = (text: string): Address[] => {
	const found: Address[] = [];
	let words: Token[] = [];
	const flush = () => {
		if (words.some(token => token.kind !== 'comment')) found.push(addressOf(words));
		words = [];
	};
	let isInGroup = false;
	let isInAngle = false;
	for (const token of tokenize(text, '<>@,;:\\')) {
		const special = token.kind === 'special' ? token.text : '';
		if (special === '<') isInAngle = true;
		if (special === '>') isInAngle = false;
		if (special === ':' && !isInAngle && !isInGroup) {
			found.push({name: undefined, route: undefined, mailbox: phrase(words), host: undefined});
			words = [];
			isInGroup = true;
		} else if (special === ';' && isInGroup && !isInAngle) {
			flush();
			found.push({name: undefined, route: undefined, mailbox: undefined, host: undefined});
			isInGroup = false;
		} else if (special === ',' && !isInAngle) flush();
		else words.push(token);
	}
	flush();
	if (isInGroup) found.push({name: undefined, route: undefined, mailbox: undefined, host: undefined});
	return found;
};

const phrase = (tokens: readonly Token[]): string =>
	tokens
		.filter(token => token.kind !== 'comment')
		.map(token => token.text)
		.join(' ');

const addressOf = (tokens: readonly Token[]): Address => {
	const open = tokens.findIndex(token => token.kind === 'special' && token.text === '<');
	const comment = tokens.findLast(token => token.kind === 'comment')?.text;
	if (open < 0) return {...splitAddress(tokens), name: comment};
	const close = tokens.findIndex(token => token.kind === 'special' && token.text === '>');
	const name = phrase(tokens.slice(0, open));
	const inside = tokens.slice(open + 1, close < 0 ? tokens.length : close);
	return {...splitAddress(inside), name: name === '' ? comment : name};
};

const splitAddress = (all: readonly Token[]): Address => {
	const tokens = all.filter(token => token.kind !== 'comment');
	const routeEnd = tokens.findIndex(token => token.kind === 'special' && token.text === ':');
	const route =
		routeEnd < 0
			? undefined
			: tokens
					.slice(0, routeEnd)
					.map(token => token.text)
					.join('');
	const address = tokens.slice(routeEnd + 1);
	const at = address.findLastIndex(token => token.kind === 'special' && token.text === '@');
	const text = (part: readonly Token[]) =>
		part.map(token => (token.kind === 'literal' ? `[${token.text}]` : token.text)).join('');
	const mailbox = text(at < 0 ? address : address.slice(0, at));
	const host = at < 0 ? '' : text(address.slice(at + 1));
	// NIL would mean a group, so what is missing is named as Dovecot names it.
	return {name: undefined, route, mailbox: mailbox || 'MISSING_MAILBOX', host: host || 'MISSING_DOMAIN'};
};
