/** Addresses as one types them. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readTyped, typedAddresses} from '../../source/writing/typed-addresses.ts';

const ada = {name: 'Ada', address: 'ada@x.org'};
const bob = {name: 'Bob', address: 'bob@x.org'};

test('where a comma was forgotten nobody is left out', () => {
	assert.deepEqual(readTyped('Ada <ada@x.org> Bob <bob@x.org>'), [ada, bob]);
	assert.deepEqual(readTyped('<ada@x.org><bob@x.org>, Ada <ada@x.org>'), [{...ada, name: ''}, {...bob, name: ''}, ada]);
	assert.deepEqual(readTyped('Ada <ada@x.org> bob@x.org'), [ada, {...bob, name: ''}]);
	assert.deepEqual(readTyped('ada@x.org bob@x.org'), [{name: '', address: 'ada@x.org bob@x.org'}], 'to be mended');
	assert.deepEqual(readTyped('<ada@x.org> Ada'), [ada], 'as old mailers wrote it');
});

test('what is shown of them is read as the same', () => {
	for (const name of [
		'',
		'Ada',
		'Byron, Ada',
		'Ada "the" B',
		'a@b',
		'back\\slash',
		'Ada (home)',
		'O’Neil; x',
		'Dr. B',
	]) {
		const all = [{...ada, name}, bob];
		assert.deepEqual(readTyped(typedAddresses(all)), all, name);
	}
});
