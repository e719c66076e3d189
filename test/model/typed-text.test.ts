/** What an editor has left in a file. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {typedText} from '../../source/model/typed-text.ts';

test('what an editor of another locale has typed is read, beside what was there', () => {
	const octets = Buffer.concat([
		Buffer.from('> Grüße, 李\n'),
		Buffer.from('Ça coûte 5 \x80\n', 'latin1'),
		Buffer.from('— gut\n'),
	]);
	assert.equal(typedText(octets), '> Grüße, 李\nÇa coûte 5 €\n— gut\n');
});
test('line ends of other systems and a mark of the order of octets are none of the text', () => {
	assert.equal(typedText(Buffer.from('\ufeffa\r\nb\rc\n\n')), 'a\nb\nc\n\n');
	assert.equal(typedText(Buffer.alloc(0)), '');
});
