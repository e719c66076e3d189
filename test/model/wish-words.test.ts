/** Wishes as sentences, and as what is typed: tables. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {isOfType} from '../../source/model/media-kinds.ts';
import {safeLine} from '../../source/model/safe-text.ts';
import {readTypedWish, type TypedWish, typedWish} from '../../source/model/typed-wish.ts';
import {
	defaultWishes,
	hasOwnWish,
	noWish,
	type Wish,
	type Wishes,
	wishedSince,
	wishOf,
	withWish,
} from '../../source/model/wish.ts';
import {wishWords} from '../../source/model/wish-words.ts';

const wish = (over: Partial<Wish>): Wish => ({...noWish, summaries: 'all', ...over});
const word = ['application/msword', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'];

describe('a wish in words', () => {
	const table: readonly (readonly [Wish, string])[] = [
		[noWish, 'nothing'],
		[wish({summaries: 'none', textBytes: 9000}), 'nothing'],
		[wish({}), 'all, no text'],
		[wish({summaries: {last: 500}, textBytes: 16_000}), 'the newest 500, text up to 16 kB'],
		[wish({summaries: {sinceDays: 30}, textBytes: 500}), 'the last 30 days, text up to 500 bytes'],
		[wish({summaries: {sinceDays: 1}}), 'the last day, no text'],
		[wish({summaries: {since: '2026-01-31'}}), 'since 2026-01-31, no text'],
		[wish({hasPreviews: true}), 'all, no text, previews'],
		[
			wish({
				textBytes: 16_000,
				parts: [
					{type: 'application/pdf', mostBytes: 200_000},
					{type: 'image/*', mostBytes: 50_000},
					{type: 'image/png', mostBytes: 90_000},
				],
			}),
			'all, text up to 16 kB, PDF up to 200 kB, images up to 50 kB, image/png up to 90 kB',
		],
		[wish({parts: word.map(type => ({type, mostBytes: 1000}))}), 'all, no text, Word up to 1.0 kB'],
		[
			wish({parts: word.map((type, index) => ({type, mostBytes: 1000 + index * 1000}))}),
			`all, no text, ${word[0]} up to 1.0 kB, ${word[1]} up to 2.0 kB`,
		],
	];
	for (const [one, words] of table) test(words, () => assert.equal(wishWords(one), words));
});

describe('what is typed', () => {
	const empty: TypedWish = {summaries: 'all', text: 'none', parts: 'none', previews: 'no'};
	const good: readonly (readonly [Partial<TypedWish>, Partial<Wish>])[] = [
		[{summaries: 'ALL'}, {summaries: 'all'}],
		[{summaries: 'none'}, {summaries: 'none'}],
		[{summaries: ''}, {summaries: 'none'}],
		[{summaries: '500'}, {summaries: {last: 500}}],
		[{summaries: 'the newest 500'}, {summaries: {last: 500}}],
		[{summaries: 'last 20'}, {summaries: {last: 20}}],
		[{summaries: '30 days'}, {summaries: {sinceDays: 30}}],
		[{summaries: '2w'}, {summaries: {sinceDays: 14}}],
		[{summaries: 'last 3 months'}, {summaries: {sinceDays: 90}}],
		[{summaries: '1 year'}, {summaries: {sinceDays: 365}}],
		[{summaries: 'since 2026-01-31'}, {summaries: {since: '2026-01-31'}}],
		[{summaries: '2024-02-29'}, {summaries: {since: '2024-02-29'}}],
		[{text: '16 kB'}, {textBytes: 16_000}],
		[{text: '1.5M'}, {textBytes: 1_500_000}],
		[{text: 'no'}, {textBytes: 0}],
		[{parts: 'pdf 200 kB'}, {parts: [{type: 'application/pdf', mostBytes: 200_000}]}],
		[
			{parts: 'PDF up to 200kB, image/* 50 kB'},
			{
				parts: [
					{type: 'application/pdf', mostBytes: 200_000},
					{type: 'image/*', mostBytes: 50_000},
				],
			},
		],
		[{parts: 'word 1M'}, {parts: word.map(type => ({type, mostBytes: 1_000_000}))}],
		[{parts: 'any 9k'}, {parts: [{type: '*/*', mostBytes: 9000}]}],
		[{parts: 'pdf 1k, pdf 2k'}, {parts: [{type: 'application/pdf', mostBytes: 2000}]}],
		[{previews: 'yes'}, {hasPreviews: true}],
		[{previews: 'N'}, {hasPreviews: false}],
	];
	for (const [typed, read] of good)
		test(`is understood: ${JSON.stringify(typed)}`, () =>
			assert.deepEqual(readTypedWish({...empty, ...typed}), {wish: wish(read)}));

	const bad: readonly (readonly [Partial<TypedWish>, keyof TypedWish, RegExp])[] = [
		[{summaries: 'some'}, 'summaries', /^messages are all, none, 500, 30 days, or since 2026-01-31$/],
		[{summaries: '-5'}, 'summaries', /500/],
		[{summaries: '5.5'}, 'summaries', /500/],
		[{summaries: 'since 2026-02-30'}, 'summaries', /since/],
		[{text: 'much'}, 'text', /16 kB/],
		[{text: '-1'}, 'text', /16 kB/],
		[{parts: 'pdf'}, 'parts', /^pdf: up to which size\? Like pdf 200 kB$/],
		[{parts: 'pdf 2 kB,'}, 'parts', /a kind and a size are needed/],
		[{parts: 'pfd 2 kB'}, 'parts', /^pfd is no kind of part: pdf, images, /],
		[{parts: '\u001b[2J 2 kB'}, 'parts', /^[^\u001b]* is no kind of part/],
		[{previews: 'maybe'}, 'previews', /yes or no/],
	];
	for (const [typed, field, problem] of bad)
		test(`is refused with what would be right: ${JSON.stringify(typed)}`, () => {
			const read = readTypedWish({...empty, ...typed});
			assert.ok('problem' in read);
			assert.equal(read.field, field);
			assert.match(read.problem, problem);
		});

	test('every wish is what is read from how it is shown in the fields', () => {
		const summaries: readonly Wish['summaries'][] = [
			'all',
			'none',
			{last: 1},
			{last: 123_456},
			{sinceDays: 400},
			{since: '2020-12-01'},
		];
		const parts = [{type: 'image/*', mostBytes: 65_536}, ...word.map(type => ({type, mostBytes: 12_345}))];
		for (const each of summaries)
			for (const textBytes of [0, 1, 16_384, 16_000, 1_234_567])
				for (const hasPreviews of [true, false])
					for (const some of [[], parts.slice(0, 1), parts.slice(0, 2), parts]) {
						const one: Wish = {summaries: each, textBytes, parts: some, hasPreviews};
						assert.deepEqual(readTypedWish(typedWish(one)), {wish: one});
					}
	});
});

test('a file of no type in particular is what its name says; another type is not', () => {
	const part = (type: string, name: string) => {
		const [main = '', subtype = ''] = type.split('/');
		return {type: main, subtype, name: safeLine(name)};
	};
	assert.equal(isOfType(part('application/octet-stream', 'Invoice.PDF'), 'application/pdf'), true);
	assert.equal(isOfType(part('application/octet-stream', 'a.b.jpeg'), 'image/*'), true);
	assert.equal(isOfType(part('application/octet-stream', 'pdf'), 'image/*'), false);
	assert.equal(isOfType(part('text/plain', 'a.pdf'), 'application/pdf'), false);
	assert.equal(isOfType(part('image/png', ''), 'image/*'), true);
	assert.equal(isOfType(part('image/png', ''), 'image/jpeg'), false);
	assert.equal(isOfType(part('application/zip', ''), '*/*'), true);
});

test('a mailbox has its own wish or that of all others, whatever it is called', () => {
	const own = wish({summaries: {last: 3}});
	let wishes: Wishes = {otherwise: noWish, mailboxes: {}};
	for (const name of ['INBOX', '__proto__', 'constructor']) {
		assert.equal(hasOwnWish(wishes, name), false);
		assert.deepEqual(wishOf(wishes, name), noWish);
		wishes = withWish(wishes, name, own);
		assert.deepEqual(wishOf(wishes, name), own);
	}
	const other = withWish(withWish(wishes, 'INBOX', undefined), undefined, wish({}));
	assert.deepEqual(wishOf(other, 'INBOX'), wish({}));
	assert.deepEqual(wishOf(other, '__proto__'), own);
	assert.deepEqual(withWish(defaultWishes, undefined, undefined), defaultWishes);
});

test('since when messages are wished for', () => {
	const now = new Date(2026, 10, 20, 18, 5).getTime();
	assert.equal(wishedSince(wish({}), now), undefined);
	assert.equal(wishedSince(wish({summaries: {last: 3}}), now), undefined);
	assert.equal(wishedSince(wish({summaries: {sinceDays: 2}}), now), now - 48 * 3600_000);
	assert.equal(wishedSince(wish({summaries: {since: '2026-01-31'}}), now), Date.UTC(2026, 0, 31));
});
