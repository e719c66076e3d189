/** What wishes would cost: a table, and what is not known is said to be. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {noWish, type Wish} from '../../source/model/wish.ts';
import {costOfWish, costWords, nothingHeld, shortCostWords, sumOfCosts} from '../../source/model/wish-cost.ts';
import {fakePart} from '../components/fake-session.ts';

const line = {bytesPerSecond: 3000, roundTripMs: 600, isEncrypted: false, isCompressed: true, hasBinary: true};
const wish = (over: Partial<Wish>): Wish => ({...noWish, summaries: 'all', ...over});
const held = (count: number) => ({...nothingHeld, summaries: count, structures: count, texts: count});

describe('what a wish would cost', () => {
	test('summaries cost what Dovecot takes for them, those that are here nothing', () => {
		const mailbox = {messages: 1200, held: {...nothingHeld, summaries: 200}};
		const cost = costOfWish(mailbox, wish({}), line);
		assert.deepEqual(
			{...cost, seconds: Math.round(cost.seconds ?? 0)},
			{messages: 1000, bytes: 90_000, seconds: 31, isAtMost: false, hasUnknownParts: false},
		);
		assert.equal(costWords(cost), 'about 90 kB, ~31 s, for 1000 messages');
	});
	test('the line decides: without compression five times as much', () => {
		const mailbox = {messages: 1000, held: nothingHeld};
		assert.equal(costOfWish(mailbox, wish({}), {...line, isCompressed: false}).bytes, 500_000);
	});
	test('before the line was ever up it is a bound, without seconds', () => {
		const cost = costOfWish({messages: 1000, held: nothingHeld}, wish({}), undefined);
		assert.equal(costWords(cost), 'at most 504 kB for 1000 messages');
		assert.equal(shortCostWords(cost), '<504 kB');
	});
	test('a text costs more the more of it is wished for, up to what texts are long', () => {
		const costs = [0, 500, 4000, 16_000, 64_000, 1e6].map(
			textBytes => costOfWish({messages: 100, held: nothingHeld}, wish({textBytes}), line).bytes ?? 0,
		);
		assert.deepEqual(
			costs,
			[...costs].sort((a, b) => a - b),
		);
		// Measured: a call for 500 of the bench's messages took 1,710 bytes each more with their texts up to 16 kB.
		const each = ((costs[3] ?? 0) - (costs[0] ?? 0)) / 100 - 65;
		assert.ok(each > 1400 && each < 1700, `${each}`);
		assert.ok((costs[5] ?? 0) < (costs[3] ?? 0) * 1.06);
	});
	test('the texts of messages that are here are bought when text is wished for later', () => {
		const mailbox = {messages: 100, held: {...nothingHeld, summaries: 100}};
		const cost = costOfWish(mailbox, wish({textBytes: 4000}), line);
		assert.equal(cost.messages, 100);
		assert.ok((cost.bytes ?? 0) > 0);
		assert.equal(costOfWish({...mailbox, held: held(100)}, wish({textBytes: 4000}), line).bytes, 0);
	});
	test('of the newest no more come than there are, and a date is a bound', () => {
		const mailbox = {messages: 30, held: nothingHeld};
		assert.equal(costOfWish(mailbox, wish({summaries: {last: 500}}), line).messages, 30);
		const since = costOfWish(mailbox, wish({summaries: {sinceDays: 7}}), line);
		assert.equal(costWords(since), 'at most 2.7 kB, ~2 s, for 30 messages');
	});
	test('where nobody knows how many messages there are, only a number of them has a price', () => {
		const mailbox = {messages: undefined, held: nothingHeld};
		assert.equal(shortCostWords(costOfWish(mailbox, wish({}), line)), '?');
		assert.match(costWords(costOfWish(mailbox, wish({summaries: {sinceDays: 7}}), line)), /^not known/);
		assert.match(costWords(costOfWish(mailbox, wish({summaries: {last: 10}}), line)), /^at most .* for 10 messages/);
	});
	test('parts are said to come besides, and no wish costs nothing', () => {
		const parts = [{type: 'application/pdf', mostBytes: 9000}];
		const cost = costOfWish({messages: 10, held: nothingHeld}, wish({parts}), line);
		assert.match(costWords(cost), /for 10 messages; parts come besides, their sizes are not known before$/);
		assert.equal(costOfWish({messages: undefined, held: nothingHeld}, noWish, line).bytes, 0);
		assert.equal(costWords(costOfWish({messages: 5, held: held(5)}, wish({}), line)), 'nothing, all of it is here');
	});
	test('where structures are here, parts and texts cost what those say, and what is here of them nothing', () => {
		const structure = fakePart('', 'multipart/mixed', {
			children: [
				fakePart('1', 'text/plain', {sizeBytes: 1000}),
				fakePart('2', 'application/pdf', {sizeBytes: 100_000, encoding: 'base64'}),
			],
		});
		const without = fakePart('1', 'text/plain', {sizeBytes: 3000});
		const texts = (part: string) => (part === '1' ? 5000 : 0);
		const counts = {summaries: 50, structures: 50, texts: 50};
		const sample = [
			{structure, heldBytes: texts},
			{structure: without, heldBytes: texts},
		];
		const mailbox = {messages: 50, held: {...counts, sample}};
		const both = wish({textBytes: 16_000, parts: [{type: 'application/pdf', mostBytes: 200_000}]});
		// Each other message has a PDF, which travels decoded.
		const cost = costOfWish(mailbox, both, line);
		assert.equal(cost.bytes, 25 * (76_000 + 15));
		assert.equal(cost.hasUnknownParts, false);
		assert.match(costWords(cost), /^about 1\.9 MB, ~11 min, for 50 messages$/);
		assert.equal(costOfWish(mailbox, wish({textBytes: 16_000}), line).messages, 0);
		// Ten more, of which nothing is here: summary, structure, the mean text, and half a PDF each.
		const more = costOfWish({...mailbox, messages: 60}, both, line);
		assert.equal(more.bytes, 25 * 76_015 + 10 * (90 + 65 + (300 + 15 + 900 + 15 + 76_015) / 2));
		const slower = costOfWish(mailbox, both, {...line, isCompressed: false, hasBinary: false});
		assert.equal(slower.bytes, 25 * (100_000 + 45));
	});
	test('what arrives costs by its own structure where that is here, else as another, and nothing of what comes along', () => {
		const structure = fakePart('', 'multipart/mixed', {
			children: [
				fakePart('1', 'text/plain', {sizeBytes: 1000}),
				fakePart('2', 'application/pdf', {sizeBytes: 100_000, encoding: 'base64'}),
			],
		});
		const known = {structure, heldBytes: (part: string) => (part === '1' ? 1000 : 0)};
		const [moved, copied, unknown] = [
			{known, isSame: true, hasPreview: false},
			{known, isSame: false, hasPreview: false},
			{known: undefined, isSame: false, hasPreview: false},
		];
		const both = wish({textBytes: 16_000, parts: [{type: 'application/pdf', mostBytes: 200_000}]});
		const empty = {messages: 0, held: nothingHeld};
		const of = (over: Partial<Wish>, ...coming: readonly (typeof moved | typeof unknown)[]) => {
			const {messages, bytes, hasUnknownParts} = costOfWish({...empty, coming}, {...both, ...over}, line);
			return {messages, bytes, hasUnknownParts};
		};
		assert.deepEqual(of({}), {messages: 0, bytes: 0, hasUnknownParts: false});
		assert.deepEqual(of({}, moved), {messages: 1, bytes: 90 + 76_015, hasUnknownParts: false});
		assert.deepEqual(of({}, copied), {messages: 1, bytes: 90 + 65 + 315 + 76_015, hasUnknownParts: false});
		assert.deepEqual(of({parts: []}, moved), {messages: 1, bytes: 90, hasUnknownParts: false});
		assert.deepEqual([of({}, moved, unknown).messages, of({}, moved, unknown).hasUnknownParts], [2, true]);
		assert.deepEqual(of({summaries: {last: 1}}, copied, moved), of({}, moved));
		assert.deepEqual(of({summaries: 'none'}, moved), {messages: 0, bytes: 0, hasUnknownParts: false});
		const sampled = {...empty, held: {...nothingHeld, sample: [known]}, coming: [unknown]};
		assert.equal(costOfWish(sampled, both, line).hasUnknownParts, false);
		assert.equal(costOfWish(sampled, both, line).bytes, of({}, copied).bytes);
	});
	test('a sum knows only what all of it is known of', () => {
		const known = costOfWish({messages: 10, held: nothingHeld}, wish({}), line);
		const unknown = costOfWish({messages: undefined, held: nothingHeld}, wish({}), line);
		assert.equal(sumOfCosts([known, known]).bytes, 1800);
		assert.equal(sumOfCosts([known, unknown]).bytes, undefined);
		assert.equal(sumOfCosts([]).bytes, 0);
	});
});
