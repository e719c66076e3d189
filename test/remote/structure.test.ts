import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Token} from '../../source/remote/fetched-row.ts';
import {readStructure} from '../../source/remote/structure.ts';

/** `("TEXT" NIL 7)` as imapflow's parser would give it. */
function tokens(text: string): Token {
	let at = 0;
	const read = (): Token => {
		while (text[at] === ' ') at++;
		if (text[at] === '(') {
			at++;
			const list: Token[] = [];
			for (;;) {
				while (text[at] === ' ') at++;
				if (text[at] === ')' || at >= text.length) break;
				list.push(read());
			}
			at++;
			return list;
		}
		if (text[at] === '"') {
			const end = text.indexOf('"', at + 1);
			const value = text.slice(at + 1, end);
			at = end + 1;
			return {type: 'STRING', value};
		}
		const [word = ''] = /^[^ ()]+/.exec(text.slice(at)) ?? [];
		at += word.length;
		return word === 'NIL' ? null : {type: 'ATOM', value: word};
	};
	return read();
}

const leaf = '("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 120 4)';

test('a single part is number 1, a multipart numbers its children, deeper ones below them (RFC 9051 §6.4.5.1)', () => {
	assert.equal(readStructure(tokens(leaf))?.number, '1');
	const mixed = readStructure(tokens(`(${leaf}(${leaf}${leaf} "ALTERNATIVE")${leaf} "MIXED")`));
	assert.deepEqual(
		mixed?.children.map(part => [part.number, ...part.children.map(each => each.number)]),
		[['1'], ['2', '2.1', '2.2'], ['3']],
	);
});

test('disposition and its parameters are found behind the extension fields of text, message and others', () => {
	const disposition = '("ATTACHMENT" ("FILENAME" "a.txt"))';
	const text = readStructure(tokens(`("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12 1 NIL ${disposition} NIL NIL)`));
	const pdf = readStructure(tokens(`("APPLICATION" "PDF" NIL NIL NIL "BASE64" 12 NIL ${disposition} NIL NIL)`));
	const envelope = '(NIL "inside" (("In Ner" NIL "inner" "example.org")) NIL NIL NIL NIL NIL NIL NIL)';
	const message = readStructure(
		tokens(`("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 300 ${envelope} ${leaf} 9 NIL ${disposition} NIL NIL)`),
	);
	for (const part of [text, pdf, message]) assert.equal(part?.dispositionParameters.filename, 'a.txt');
	assert.deepEqual(message?.envelope?.from, [{name: 'In Ner', address: 'inner@example.org'}]);
	assert.equal(message?.children[0]?.number, '1.1');
});

test('what is no structure at all is unknown, not empty', () => {
	for (const text of ['NIL', '()', '(NIL NIL)', '("TEXT")', '(("TEXT"))', 'word', '((()))']) {
		assert.equal(readStructure(tokens(text)), undefined, text);
	}
});

test('a part that makes no sense keeps its place, so that the others keep their numbers', () => {
	const mixed = readStructure(tokens(`(${leaf}(NIL NIL)${leaf} "MIXED")`));
	assert.deepEqual(
		mixed?.children.map(part => `${part.number} ${part.type}`),
		['1 text', '2 application', '3 text'],
	);
});

test('attached messages sixty deep keep all of their parts', () => {
	let text = leaf;
	const envelope = '(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)';
	for (let depth = 0; depth < 60; depth++) text = `("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 120 ${envelope} ${text} 4)`;
	let part = readStructure(tokens(text));
	let depth = 0;
	for (; part?.children[0]; depth++) part = part.children[0];
	assert.deepEqual([depth, part?.type], [60, 'text']);
});

test('a tree without end is cut', () => {
	let text = leaf;
	for (let depth = 0; depth < 500; depth++) text = `(${text} "MIXED")`;
	assert.doesNotThrow(() => readStructure(tokens(text)));
});

test('a parameter named like a member of every object is only a parameter', () => {
	const part = readStructure(tokens('("TEXT" "PLAIN" ("__proto__" "x" "constructor" "y") NIL NIL "7BIT" 1 1)'));
	assert.equal(part?.parameters.constructor, 'y');
	assert.equal(Object.getPrototypeOf({}), Object.prototype);
});
