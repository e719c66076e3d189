import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mailboxPath} from '../../source/model/ids.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import {callSentence, newsOf} from '../../source/session/call-news.ts';

const held = {
	uidValidity: 7,
	uidNext: 101,
	count: 100,
	wholeFrom: 1,
	highestModseq: '9',
	syncedAt: 0,
	isReadOnly: false,
	wishDone: undefined,
};
const all: Wish = {...noWish, summaries: 'all'};
const last = (count: number): Wish => ({...noWish, summaries: {last: count}});

const table: readonly (readonly [string, Wish, {size: number; messages: number; uidNext?: number}, string])[] = [
	['five came, none went', all, {size: 100, messages: 105, uidNext: 106}, 'about 5 messages'],
	['five came, five went', all, {size: 100, messages: 100, uidNext: 106}, 'up to 5 messages'],
	['one came, or three and two went', all, {size: 100, messages: 101, uidNext: 104}, 'up to 3 messages'],
	['five went, none came', all, {size: 100, messages: 95, uidNext: 101}, 'what changed'],
	['a server that tells no UIDNEXT', all, {size: 100, messages: 100}, 'what changed'],
	['of 20 that are wished for 5 came', last(20), {size: 20, messages: 100, uidNext: 106}, 'up to 5 messages'],
	['30 came, of which 20 are wished for', last(20), {size: 20, messages: 130, uidNext: 131}, 'about 20 messages'],
	[
		'none came, 50 are wished for',
		last(50),
		{size: 20, messages: 100, uidNext: 101},
		'what changed, 30 messages as wished',
	],
	[
		'two came, 50 are wished for',
		last(50),
		{size: 20, messages: 102, uidNext: 103},
		'about 2 messages, 28 messages as wished',
	],
];

for (const [title, wish, {size, messages, uidNext}, words] of table) {
	test(`a line of the plan: ${title}`, () => {
		const news = newsOf(wish, {held, size, messages, uidNext});
		assert.equal(callSentence(mailboxPath('INBOX'), 'changes', {...news, coming: 0}), `INBOX: ${words}`);
	});
}
