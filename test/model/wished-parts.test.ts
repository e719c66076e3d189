/** What of a message a wish wants: a table over structures. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ours} from '../../source/model/safe-text.ts';
import {noWish, type PartWish} from '../../source/model/wish.ts';
import {wishedParts} from '../../source/model/wished-parts.ts';
import {fakePart} from '../components/fake-session.ts';

const text = (number: string, sizeBytes: number) => fakePart(number, 'text/plain', {sizeBytes});
const html = (number: string, sizeBytes: number) => fakePart(number, 'text/html', {sizeBytes});
const pdf = (number: string, sizeBytes: number) => fakePart(number, 'application/pdf', {sizeBytes});
const file = (number: string, name: string) =>
	fakePart(number, 'application/octet-stream', {sizeBytes: 900, name: ours(name), disposition: 'attachment'});
const tree = (subtype: string, ...children: ReturnType<typeof fakePart>[]) =>
	fakePart('', `multipart/${subtype}`, {children});
const forwarded = fakePart('2', 'message/rfc822', {
	sizeBytes: 9000,
	children: [fakePart('2', 'multipart/mixed', {children: [text('2.1', 300), pdf('2.2', 8000)]})],
});

const pdfs: PartWish = {type: 'application/pdf', mostBytes: 10_000};
const messages: PartWish = {type: 'message/rfc822', mostBytes: 10_000};
const anything: PartWish = {type: '*/*', mostBytes: 10_000};

describe('what a wish wants of a message', () => {
	const table: readonly (readonly [
		string,
		ReturnType<typeof fakePart>,
		number,
		readonly PartWish[],
		readonly string[],
	])[] = [
		['a text, whole when it is short', text('1', 500), 1000, [], ['1:500']],
		['of a longer text its beginning', text('1', 5000), 1000, [], ['1:1000']],
		['no text when none is wished for', text('1', 5000), 0, [], []],
		['the plain text of two', tree('alternative', text('1', 500), html('2', 900)), 2000, [], ['1:500']],
		['the HTML where there is no other', tree('mixed', html('1', 900), pdf('2', 20_000)), 500, [pdfs], ['1:500']],
		['the HTML beside an empty plain text', tree('alternative', text('1', 2), html('2', 900)), 2000, [], ['2:900']],
		['an attached text is a part', tree('mixed', text('1', 9), pdf('2', 10)), 99, [], ['1:9']],
		['parts by type and size', tree('mixed', text('1', 9), pdf('2', 10_000), pdf('3', 10_001)), 0, [pdfs], ['2:10000']],
		['files by their names', tree('mixed', file('1', 'a.PDF'), file('2', 'a.exe')), 0, [pdfs], ['1:900']],
		['what is inside a forwarded message', tree('mixed', text('1', 9), forwarded), 50, [pdfs], ['1:9', '2.2:8000']],
		[
			'what is inside a whole one comes with it',
			tree('mixed', text('1', 9), forwarded),
			0,
			[messages, pdfs],
			['2:9000'],
		],
		[
			'everything, and the text once',
			tree('mixed', text('1', 9000), pdf('2', 80)),
			100,
			[anything],
			['1:9000', '2:80'],
		],
		['nothing of no octets', tree('mixed', text('1', 0), pdf('2', 0)), 100, [anything], []],
		['no multipart by itself', tree('mixed', text('1', 5)), 0, [{...anything, mostBytes: 1}], []],
	];
	for (const [title, structure, textBytes, parts, wanted] of table)
		test(title, () => {
			const found = wishedParts(structure, {...noWish, summaries: 'all', textBytes, parts});
			assert.deepEqual(
				found.map(({part, octets}) => `${part.number}:${octets}`),
				wanted,
			);
		});
});
