import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import stringWidth from 'string-width';
import {safeLine} from '../../source/model/safe-text.ts';
import {fit, graphemes, headOf, widthOf, widthOfCodePoint} from '../../source/model/width.ts';

describe('widthOf', () => {
	it('counts what a terminal shows', () => {
		const widths: [string, number][] = [
			['', 0],
			['plain', 5],
			['naïve', 5],
			['e\u0301', 1],
			['漢字', 4],
			['ｆｕｌｌ', 8],
			['😀', 2],
			['🇩🇪', 2],
			['👩‍💻', 2],
			['👍🏽', 2],
			['❤️', 2],
			['❤', 1],
			['한국', 4],
			['한'.normalize('NFD'), 2],
			['กำ', 2],
			['שלום', 4],
			['…–│◐', 4],
			['\u200b\u00ad', 0],
		];
		for (const [text, width] of widths) assert.equal(widthOf(text), width, JSON.stringify(text));
	});

	it('agrees with string-width about every code point, Hangul parts apart', () => {
		const different: string[] = [];
		for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
			const isHangulPart = /[\u1160-\u11ff\ud7b0-\ud7fb]/.test(String.fromCodePoint(codePoint));
			if (codePoint === 0x40000) codePoint = 0xe0000; // nothing is assigned between
			if (isHangulPart) continue; // drawn into the cell before; string-width counts one that stands alone
			const character = String.fromCodePoint(codePoint);
			if (widthOf(character) !== stringWidth(character, {countAnsiEscapeCodes: true}))
				different.push(codePoint.toString(16));
		}
		assert.deepEqual(different, []);
	});

	it('agrees with string-width about every emoji in Unicode, whole or as SafeText', () => {
		const sequences = ['👨‍👩‍👧‍👦', '🏳️‍🌈', '🏴‍☠️', '👩🏽‍🚀', '1️⃣', '🇫🇷', '☺️', '👁️‍🗨️', '🧑🏿‍🤝‍🧑🏻'];
		for (let codePoint = 0x2000; codePoint < 0x20000; codePoint++) {
			const character = String.fromCodePoint(codePoint);
			if (/[\p{Emoji}--\p{Emoji_Modifier}]/v.test(character))
				sequences.push(character, `${character}\ufe0f`, `a${character}b`);
		}
		for (const text of sequences) {
			assert.equal(widthOf(text), stringWidth(text), JSON.stringify(text));
			assert.equal(widthOf(safeLine(text)), stringWidth(safeLine(text)), JSON.stringify(text));
		}
	});
});

describe('fit', () => {
	it('gives exactly as many columns as asked, whatever the text', () => {
		const texts = [
			'',
			'a',
			'plain words',
			'漢字かな',
			'a漢b字',
			'👩‍💻👍🏽❤️',
			'e\u0301e\u0301e\u0301',
			'กำกำกำ',
			'क्षत्रिय',
			'한국어'.normalize('NFD'),
		];
		for (const text of texts) {
			for (let columns = 0; columns < 14; columns++) {
				for (const align of ['left', 'right'] as const)
					assert.equal(widthOf(fit(text, columns, {align})), columns, text);
			}
		}
	});

	it('pads, or cuts and says so', () => {
		assert.equal(fit('ab', 4), 'ab  ');
		assert.equal(fit('ab', 4, {align: 'right'}), '  ab');
		assert.equal(fit('abcdef', 4), 'abc…');
		assert.equal(fit('abcd', 4), 'abcd');
		assert.equal(fit('漢字か', 4), '漢… ');
		assert.equal(fit('漢字か', 5), '漢字…');
		assert.equal(fit('abc', 1), '…');
		assert.equal(fit('abc', 0), '');
	});

	it('never splits a grapheme', () => {
		assert.equal(fit('👩‍💻👩‍💻👩‍💻', 4), '👩‍💻… ');
		assert.equal(fit('e\u0301'.repeat(5), 3), 'e\u0301e\u0301…');
	});

	it('reads of a long text only what it shows', () => {
		const long = '漢'.repeat(5_000_000);
		const started = performance.now();
		for (let round = 0; round < 100; round++) fit(long, 20);
		assert.ok(performance.now() - started < 2_000);
	});
});

describe('graphemes', () => {
	it('are what a reader calls characters', () => {
		assert.deepEqual(graphemes('abc'), ['a', 'b', 'c']);
		assert.deepEqual(graphemes('e\u0301👩‍💻🇩🇪x'), ['e\u0301', '👩‍💻', '🇩🇪', 'x']);
	});

	it('are not split by headOf', () => {
		assert.deepEqual(headOf('漢字', 3), {head: '漢', width: 2});
		assert.deepEqual(headOf('ae\u0301', 2), {head: 'ae\u0301', width: 2});
	});
});

describe('graphemes', () => {
	it('are those of the segmenter, where the shortcut takes each code point for one', () => {
		const segmenter = new Intl.Segmenter('en', {granularity: 'grapheme'});
		const different: string[] = [];
		for (let first = 0x20; first <= 0x2ffff; first += 64) {
			const text = String.fromCodePoint(...Array.from({length: 64}, (_, index) => first + index).filter(isCharacter));
			for (const each of text) {
				// Beside itself and beside others.
				const pair = `${each}${each}a${each}é${each}漢`;
				if (graphemes(pair).join('|') !== Array.from(segmenter.segment(pair), ({segment}) => segment).join('|'))
					different.push(each.codePointAt(0)?.toString(16) ?? '');
			}
		}
		assert.deepEqual(different, []);
	});
});

const isCharacter = (codePoint: number): boolean => codePoint < 0xd800 || codePoint > 0xdfff;

it('what is simple is one column and one grapheme for each code unit, wherever it stands', () => {
	const codes = Array.from({length: 0x2600}, (_, code) => String.fromCharCode(code));
	// Each between letters: what joined a neighbour, or was wider or narrower, would change the sum.
	const segmenter = new Intl.Segmenter('en', {granularity: 'grapheme'});
	for (const character of codes) {
		const text = `a${character}b`;
		const expected = [...segmenter.segment(text)].map(({segment}) => segment);
		assert.deepEqual(graphemes(text), expected, JSON.stringify(text));
		if (/[\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u25ff]/.test(character))
			assert.equal(widthOfCodePoint(character.charCodeAt(0)), 1, JSON.stringify(character));
	}
});
