/** What FETCH may ask for (RFC 3501 §6.4.5, RFC 3516, RFC 7162, RFC 8970), read from a command. */
import {BadSyntax, type Cursor} from './syntax.ts';

export type Partial = {readonly from: number; readonly count: number};

export type Section = {
	readonly path: readonly number[];
	readonly text: '' | 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME';
	readonly fields: readonly string[];
};

export type Wanted =
	| {readonly kind: 'FLAGS' | 'UID' | 'INTERNALDATE' | 'RFC822.SIZE' | 'ENVELOPE' | 'BODY' | 'BODYSTRUCTURE' | 'MODSEQ'}
	| {readonly kind: 'PREVIEW'; readonly isLazy: boolean}
	| {
			readonly kind: 'section' | 'binary';
			readonly label: string;
			readonly section: Section;
			readonly partial: Partial | undefined;
			readonly isPeek: boolean;
	  }
	| {readonly kind: 'binary-size'; readonly label: string; readonly section: Section};

const simple = ['FLAGS', 'UID', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE', 'MODSEQ'] as const;
const whole: Section = {path: [], text: '', fields: []};

const old = (label: string, text: Section['text'], isPeek: boolean): Wanted => ({
	kind: 'section',
	label,
	section: {path: [], text, fields: []},
	partial: undefined,
	isPeek,
});

const macros: Readonly<Record<string, readonly Wanted[]>> = {
	FAST: [{kind: 'FLAGS'}, {kind: 'INTERNALDATE'}, {kind: 'RFC822.SIZE'}],
	ALL: [{kind: 'FLAGS'}, {kind: 'INTERNALDATE'}, {kind: 'RFC822.SIZE'}, {kind: 'ENVELOPE'}],
	FULL: [{kind: 'FLAGS'}, {kind: 'INTERNALDATE'}, {kind: 'RFC822.SIZE'}, {kind: 'ENVELOPE'}, {kind: 'BODY'}],
};

export const parseWanted = (cursor: Cursor): Wanted[] => {
	if (cursor.peek('(')) return cursor.list(() => parseOne(cursor));
	for (const [name, wanted] of Object.entries(macros)) {
		const after = cursor.text[cursor.at + name.length];
		if (cursor.peek(name) && (after === undefined || after === ' ')) {
			cursor.expect(name);
			return [...wanted];
		}
	}
	return [parseOne(cursor)];
};

const parseOne = (cursor: Cursor): Wanted => {
	const name = cursor.run(/[A-Za-z0-9.]/, 'something to fetch').toUpperCase();
	const kind = simple.find(known => known === name);
	if (kind !== undefined) return {kind};
	if (name === 'PREVIEW') {
		const isLazy = cursor.take(' (LAZY)');
		return {kind: 'PREVIEW', isLazy};
	}
	if (name === 'RFC822') return old(name, '', false);
	if (name === 'RFC822.HEADER') return old(name, 'HEADER', true);
	if (name === 'RFC822.TEXT') return old(name, 'TEXT', false);
	if (name === 'BODY' && !cursor.peek('[')) return {kind: 'BODY'};
	if (name === 'BODY' || name === 'BODY.PEEK') {
		const section = parseSection(cursor);
		const partial = parsePartial(cursor);
		const label = `BODY[${writeSection(section)}]${partial === undefined ? '' : `<${partial.from}>`}`;
		return {kind: 'section', label, section, partial, isPeek: name !== 'BODY'};
	}
	if (name === 'BINARY' || name === 'BINARY.PEEK' || name === 'BINARY.SIZE') {
		const section = parseSection(cursor);
		if (section.text !== '') throw new BadSyntax('BINARY takes a part number only');
		if (name === 'BINARY.SIZE') return {kind: 'binary-size', label: `${name}[${writeSection(section)}]`, section};
		const partial = parsePartial(cursor);
		const label = `BINARY[${writeSection(section)}]${partial === undefined ? '' : `<${partial.from}>`}`;
		return {kind: 'binary', label, section, partial, isPeek: name !== 'BINARY'};
	}
	throw new BadSyntax(`Unknown fetch item ${name}`);
};

export const parseSection = (cursor: Cursor): Section => {
	cursor.expect('[');
	if (cursor.take(']')) return whole;
	const path: number[] = [];
	let text: Section['text'] = '';
	let fields: string[] = [];
	do {
		if (/[0-9]/.test(cursor.text[cursor.at] ?? '')) {
			const n = cursor.number();
			if (n === 0) throw new BadSyntax('Parts start at 1');
			path.push(n);
			continue;
		}
		const word = cursor.run(/[A-Za-z.]/, 'a section').toUpperCase();
		if (word === 'HEADER' || word === 'TEXT' || (word === 'MIME' && path.length > 0)) text = word;
		else if (word === 'HEADER.FIELDS' || word === 'HEADER.FIELDS.NOT') {
			text = word;
			cursor.space();
			fields = cursor.list(() => cursor.astring());
			if (fields.length === 0) throw new BadSyntax('No field names');
		} else throw new BadSyntax(`Unknown section ${word}`);
		break;
	} while (cursor.take('.'));
	cursor.expect(']');
	return {path, text, fields};
};

const parsePartial = (cursor: Cursor): Partial | undefined => {
	if (!cursor.take('<')) return undefined;
	const from = cursor.number();
	cursor.expect('.');
	const count = cursor.number();
	cursor.expect('>');
	return {from, count};
};

const writeSection = (section: Section): string => {
	const names = [...section.path.map(String), ...(section.text === '' ? [] : [section.text])].join('.');
	return section.fields.length === 0 ? names : `${names} (${section.fields.map(name => name.toUpperCase()).join(' ')})`;
};
