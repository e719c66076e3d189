/** Keys that come by the line. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Key} from '../../source/terminal/key-decoder.ts';
import {createKeyDecoder} from '../../source/terminal/key-decoder.ts';
import {createLineInput} from '../../source/terminal/line-input.ts';

const names = (...packets: readonly string[]): string => {
	const decoder = createKeyDecoder();
	const inLines = createLineInput();
	return packets
		.flatMap((packet): Key[] => inLines(decoder.write(Buffer.from(packet))))
		.map(({name}) => name)
		.join(' ');
};

test('a line is the keys it holds, between its beginning and its end', () => {
	assert.equal(names(':to\n'), 'StartOfLine : t o EndOfLine');
});

test('Enter alone is Enter', () => {
	assert.equal(names('j\n\n'), 'StartOfLine j EndOfLine Enter');
	assert.equal(names('\n'), 'Enter');
});

test('what one packet splits or joins makes no difference', () => {
	assert.equal(names('1', '2', '\nj\n'), names('12\nj\n'));
});
