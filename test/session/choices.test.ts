/** Models and wishes hold at once, and whoever cannot keep them says so. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {modelOf} from '../../source/model/model.ts';
import {withClient} from '../../source/model/state-place.ts';
import {noWish, type Wish, wishOf} from '../../source/model/wish.ts';
import {Choices, type Keep} from '../../source/session/choices.ts';
import {plainAccount} from '../helpers/plain-account.ts';

const news = mailboxPath('News');
const wish: Wish = {...noWish, summaries: {last: 20}};

function choose(keep?: Keep) {
	const told: string[] = [];
	return {choices: new Choices(plainAccount(1), keep, (kind, text) => told.push(`${kind}: ${text}`)), told};
}

test('a wish holds at once, is kept, and is said', () => {
	const kept: unknown[] = [];
	const {choices, told} = choose({
		wish: (...words) => kept.push(words),
		model: () => {},
		statePlace: () => {},
		draining: () => {},
	});
	choices.setWish(news, wish);
	choices.setWish(undefined, wish);
	choices.setWish(news, undefined);
	assert.deepEqual(wishOf(choices.wishes.get(), news), wish);
	assert.deepEqual(kept, [
		[news, wish],
		[undefined, wish],
		[news, undefined],
	]);
	assert.equal(told[0], 'done: News: the newest 20, no text');
	assert.equal(told[1], 'done: All without a wish of their own: the newest 20, no text');
});

test('a mailbox keeps its model when that of the account changes, and has none of its own when they are the same', () => {
	const kept: unknown[] = [];
	const {choices, told} = choose({
		wish: () => {},
		model: (...words) => kept.push(words),
		statePlace: () => {},
		draining: () => {},
	});
	choices.chooseModel('disconnected', news);
	assert.deepEqual(
		[news, inbox].map(path => modelOf(choices.models.get(), path)),
		['disconnected', 'online'],
	);
	choices.chooseModel('disconnected');
	choices.chooseModel('online', inbox);
	choices.chooseModel('disconnected', inbox);
	assert.deepEqual(choices.models.get(), {account: 'disconnected', mailboxes: {News: 'disconnected'}});
	assert.deepEqual(kept[0], ['disconnected', news]);
	assert.deepEqual(told.slice(0, 2), ['done: News is disconnected now', 'done: This account is disconnected now']);
});

test('where the state of messages lives holds at once, is kept, and is said with what it means', () => {
	const kept: unknown[] = [];
	const {choices, told} = choose({
		wish: () => {},
		model: () => {},
		draining: () => {},
		statePlace: (...words) => kept.push(words),
	});
	choices.chooseStatePlace(news, withClient);
	assert.deepEqual(choices.statePlaces.get(), {News: withClient});
	assert.deepEqual(kept, [[news, withClient]]);
	assert.deepEqual(told, ['done: News: marks are kept here, not told to the server; delete hides']);
});

test('what cannot be kept holds until the program ends, and that is said', () => {
	const cannot = () => {
		throw new Error('config.json cannot be written: the disk is full');
	};
	const {choices, told} = choose({wish: cannot, model: cannot, statePlace: cannot, draining: cannot});
	choices.setWish(news, wish);
	choices.chooseModel('disconnected');
	assert.deepEqual(wishOf(choices.wishes.get(), news), wish);
	assert.equal(choices.models.get().account, 'disconnected');
	const words = 'problem: Only until you quit: config.json cannot be written: the disk is full';
	assert.deepEqual(told, [words, words]);
});
