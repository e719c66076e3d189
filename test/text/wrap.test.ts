import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {safeText} from '../../source/model/safe-text.ts';
import {widthOf} from '../../source/model/width.ts';
import {type WrapOptions, wrapText} from '../../source/text/text.ts';

const shown = (raw: string, options: WrapOptions): string[] => wrapText(safeText(raw), options).map(line => line.text);

describe('wrapText', () => {
	it('breaks at words and keeps lines that fit as they were written', () => {
		assert.deepEqual(shown('the quick brown fox\n  a    b\n\nend\n', {columns: 10}), [
			'the quick',
			'brown fox',
			'  a    b',
			'',
			'end',
		]);
	});

	it('keeps an indent on the first line', () => {
		assert.deepEqual(shown('  one two three', {columns: 9}), ['  one two', 'three']);
	});

	it('repeats the marks of a quote on each of its lines', () => {
		assert.deepEqual(shown('> > one two three\n>>four five six', {columns: 12}), [
			'> > one two',
			'> > three',
			'>> four five',
			'>> six',
		]);
		assert.deepEqual(
			wrapText(safeText('> > a\n>>b\nc'), {columns: 20}).map(line => [line.quoteDepth, line.kind]),
			[
				[2, 'quote'],
				[2, 'quote'],
				[0, 'text'],
			],
		);
	});

	it('leaves room for the words of an absurdly deep quote', () => {
		const lines = wrapText(safeText(`${'>'.repeat(500)} words that wrap`), {columns: 30});
		assert.ok(lines.every(line => widthOf(line.text) <= 30 && line.quoteDepth === 500));
		assert.ok(lines[0]!.text.endsWith('words that wrap'));
	});

	it('breaks a URL only when it is wider than the screen', () => {
		assert.deepEqual(shown('see https://example.com/x now', {columns: 22}), ['see', 'https://example.com/x', 'now']);
		assert.deepEqual(shown('see https://example.com/x', {columns: 12}), ['see', 'https://exam', 'ple.com/x']);
	});

	it('breaks beside wide characters, and puts no full stop at the start of a line', () => {
		assert.deepEqual(shown('日本語の文章です。次', {columns: 8}), ['日本語の', '文章で', 'す。次']);
	});

	it('breaks Latin words inside Chinese as words', () => {
		assert.deepEqual(shown('使用terminal程序', {columns: 12}), ['使用terminal', '程序']);
		assert.deepEqual(shown('使用terminal程序', {columns: 10}), ['使用', 'terminal程', '序']);
	});

	it('marks a signature until the end of the text', () => {
		const kinds = wrapText(safeText('hi\n-- \nme\n> not'), {columns: 20}).map(line => line.kind);
		assert.deepEqual(kinds, ['text', 'signature', 'signature', 'quote']);
	});

	it('shows the same when more text follows', () => {
		const whole = 'one two three four\n> five six seven\n'.repeat(20);
		const lines = shown(whole, {columns: 11});
		const beginning = shown(whole.slice(0, 200), {columns: 11});
		assert.deepEqual(lines.slice(0, beginning.length - 2), beginning.slice(0, -2));
	});

	it('fits any text into any width, and loses nothing but blanks', () => {
		const seed = 99;
		console.log(`seed ${seed}`);
		let state = seed;
		const random = (below: number) => {
			state = (Math.imul(state, 1103515245) + 12345) >>> 0;
			return (state >>> 16) % below;
		};
		const units = [
			'a',
			'word',
			' ',
			'  ',
			'漢',
			'。',
			'e\u0301',
			'\n',
			'> ',
			'>',
			'한',
			'กำ',
			'क्षि',
			'-- ',
			'🇩🇪',
			'😀',
			'https://e.com/',
			'\t',
		];
		for (let round = 0; round < 2_000; round++) {
			const text = safeText(Array.from({length: random(60)}, () => units[random(units.length)]).join(''));
			const columns = 6 + random(30);
			for (const format of ['fixed', 'flowed']) {
				const lines = wrapText(text, {columns, format});
				for (const line of lines) {
					assert.ok(widthOf(line.text) <= columns, JSON.stringify([text, line, columns]));
					assert.equal(line.text, line.text.trimEnd());
					assert.ok(!line.text.includes('\n'));
				}
				const letters = (from: string) => from.replace(/[\s>]/g, '');
				assert.equal(letters(lines.map(line => line.text).join('')), letters(text));
			}
		}
	});

	it('takes time in proportion to the text', () => {
		for (const unit of ['x', '漢', 'e\u0301', ' ', '> ', 'a ', '\n', 'क्ष', '。']) {
			const started = performance.now();
			wrapText(safeText(unit.repeat(200_000 / unit.length)), {columns: 80});
			assert.ok(performance.now() - started < 3_000, unit);
		}
	});
});

describe('format=flowed', () => {
	const flowed = (raw: string, columns = 40, delSp = false) => shown(raw, {columns, format: 'Flowed', delSp});

	it('joins lines that end in a space, and wraps them anew', () => {
		assert.deepEqual(flowed('one two \nthree four \nfive\nsix'), ['one two three four five', 'six']);
		assert.deepEqual(flowed('one two \nthree four \nfive', 10), ['one two', 'three four', 'five']);
	});

	it('takes the space away when DelSp says so', () => {
		assert.deepEqual(flowed('日本 \n語', 40, true), ['日本語']);
	});

	it('undoes space-stuffing', () => {
		assert.deepEqual(flowed(' From here\n > no quote\n  two'), ['From here', '> no quote', ' two']);
	});

	it('joins within a quote, and ends it where the depth changes', () => {
		assert.deepEqual(flowed('> one \n> two\n>> three \n> four\n>five \nsix'), [
			'> one two',
			'>> three',
			'> four',
			'> five',
			'six',
		]);
	});

	it('never lets a signature flow', () => {
		const lines = wrapText(safeText('text \n-- \nme \nyou'), {columns: 40, format: 'flowed'});
		assert.deepEqual(
			lines.map(line => `${line.kind} ${line.text}`),
			['text text', 'signature --', 'signature me you'],
		);
	});
});
