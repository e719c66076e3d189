/**
 * The text of a calendar as components and their properties (RFC 5545 §3.1). ical.js reads a property; one it cannot read is
 * left out, and the rest stands.
 *
 * Laws: nothing here throws, and time is linear in the text: lines have an end, depth has, and properties nobody asks for are
 * not looked into. What is folded wrongly is joined as well as it can be.
 */
import ICAL from 'ical.js';

/** Characters. A longer property is cut: what is behind that is a description nobody reads on a terminal. */
const longestProperty = 32 * 1024;
const mostDepth = 8;

export type Property = {
	/** Names in lower case. A value that is there several times is a list. */
	readonly parameters: Readonly<Record<string, string | readonly string[]>>;
	readonly values: readonly unknown[];
};

export class Component {
	/** In lower case. */
	readonly name: string;
	readonly children: Component[] = [];
	readonly #lines = new Map<string, string[]>();

	constructor(name: string) {
		this.name = name;
	}

	add(name: string, rest: string): void {
		const lines = this.#lines.get(name);
		if (lines) lines.push(rest);
		else this.#lines.set(name, [rest]);
	}

	/** At most so many of that name (in lower case). */
	all(name: string, most = 1): readonly Property[] {
		return (this.#lines.get(name) ?? []).slice(0, most).flatMap(rest => readProperty(name, rest) ?? []);
	}

	/** Behind the name, as it came, whether it can be read or not; '' for none. */
	asSent(name: string): string {
		return this.#lines.get(name)?.[0] ?? '';
	}

	first(name: string): Property | undefined {
		return this.all(name)[0];
	}

	/** Of the first of that name; '' for none. */
	text(name: string): string {
		const values = this.first(name)?.values ?? [];
		return values.filter(value => typeof value === 'string' || typeof value === 'number').join(',');
	}

	childrenOf(...names: readonly string[]): readonly Component[] {
		return this.children.filter(({name}) => names.includes(name));
	}
}

function readProperty(name: string, rest: string): Property | undefined {
	try {
		const [, parameters, , ...values] = ICAL.parse.property(`${name}${rest}`) as unknown as [
			string,
			Record<string, string | readonly string[]>,
			string,
			...unknown[],
		];
		return {parameters, values};
	} catch {
		return undefined;
	}
}

/** A name, and then a parameter or the value. */
const property = /^([A-Za-z][A-Za-z0-9-]*)(?=[;:])/;
/** A line that is so long was broken for its length, and not by its author. */
const foldedFrom = 70;

/** Each in one piece, whatever it was folded into (§3.1). */
function* unfolded(text: string): Generator<string> {
	let line: string | undefined;
	let before = '';
	for (const raw of text.replace(/^[\ufeff\s]+/, '').split(/\r\n|\n|\r/)) {
		const isFolded = /^[ \t]/.test(raw);
		if (line !== undefined && (isFolded || !property.test(raw))) {
			const more = isFolded ? raw.slice(1) : before.length >= foldedFrom || raw === '' ? raw : `\\n${raw}`;
			if (line.length < longestProperty) line += more.slice(0, longestProperty);
		} else {
			if (line !== undefined) yield line;
			line = raw.slice(0, longestProperty);
		}
		before = raw;
	}
	if (line !== undefined) yield line;
}

/** The first VCALENDAR of a text; undefined when there is none. What is not closed ends with the text. */
export function readComponents(text: string): Component | undefined {
	const stack: Component[] = [];
	let calendar: Component | undefined;
	/** Components that are open and too deep to be kept. */
	let tooDeep = 0;
	for (const line of unfolded(text)) {
		const name = property.exec(line)?.[1]?.toLowerCase();
		if (name === undefined) continue;
		const rest = line.slice(name.length);
		if (name === 'begin') {
			const child = new Component(rest.slice(1).trim().toLowerCase());
			if (calendar === undefined && child.name !== 'vcalendar') continue;
			if (stack.length >= mostDepth) tooDeep++;
			else {
				stack.at(-1)?.children.push(child);
				calendar ??= child;
				stack.push(child);
			}
		} else if (name === 'end') {
			if (tooDeep > 0) tooDeep--;
			else closed(stack, rest.slice(1).trim().toLowerCase());
			if (calendar !== undefined && stack.length === 0) return calendar;
		} else if (tooDeep === 0) stack.at(-1)?.add(name, rest);
	}
	return calendar;
}

/** With it, what was forgotten to be closed inside; an end of nothing is none. */
function closed(stack: Component[], name: string): void {
	const at = stack.findLastIndex(each => each.name === name);
	if (at >= 0) stack.splice(at);
}
