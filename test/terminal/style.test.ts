/** Styles and colours, both ways. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type ColourDepth, colourAtDepth} from '../../source/terminal/colour.ts';
import {
	afterSgr,
	allAttributes,
	lookOfSpace,
	plainStyle,
	type StyleId,
	sgrBetween,
} from '../../source/terminal/style.ts';

const full = {attributes: allAttributes, colours: 16_777_216 as ColourDepth};
const style = (parameters: string): StyleId => afterSgr(plainStyle, parameters, full);
const some = ['', '1', '2', '1;2', '7', '1;7', '4', '31', '1;31', '97', '44', '7;38;5;200', '38;2;1;2;3;48;5;17'];

describe('styles', () => {
	test('the sequence between any two of them makes the one of the other', () => {
		for (const from of some) {
			for (const to of some) {
				for (const hasOff of [true, false]) {
					const sequence = sgrBetween(style(from), style(to), {hasOff});
					const parameters = /^\x1b\[([\d;]*)m$/.exec(sequence)?.[1];
					const reached = sequence === '' ? style(from) : afterSgr(style(from), parameters ?? 'none', full);
					assert.equal(reached, style(to), `${from} to ${to}: ${JSON.stringify(sequence)}`);
					if (!hasOff) assert.doesNotMatch(sequence, /[;[]2\d\b/, 'a VT100 knows no 22 to 29');
				}
			}
		}
	});

	test('a space looks the same whatever its letters would look like', () => {
		assert.equal(lookOfSpace(style('1;31')), plainStyle);
		assert.equal(lookOfSpace(style('1;7')), style('7'));
		assert.notEqual(lookOfSpace(style('44')), plainStyle);
		assert.notEqual(lookOfSpace(style('4')), plainStyle);
	});

	test('attributes a terminal does not have are left out', () => {
		assert.equal(afterSgr(plainStyle, '2', {attributes: 1, colours: 1}), plainStyle);
		assert.equal(afterSgr(plainStyle, '31;1', {attributes: 1, colours: 1}), style('1'));
	});
});

describe('colours', () => {
	test('are the nearest there is', () => {
		const cases: readonly (readonly [string, ColourDepth, string])[] = [
			['31', 1, ''],
			['38;2;255;0;0', 1, ''],
			['91', 8, '31'],
			['91', 16, '91'],
			['38;5;9', 16, '91'],
			['38;5;9', 8, '31'],
			['38;5;196', 16, '91'],
			['38;5;196', 256, '38;5;196'],
			['38;2;255;0;0', 256, '38;5;196'],
			['48;2;0;0;0', 16, '40'],
			['38;2;128;128;128', 256, '38;5;244'],
			['38;2;1;2;3', 16_777_216, '38;2;1;2;3'],
		];
		for (const [colour, depth, nearest] of cases)
			assert.equal(colourAtDepth(colour, depth), nearest, `${colour} ${depth}`);
	});
});
