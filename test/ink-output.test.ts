import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Chalk} from 'chalk';
import InkOutput from '../node_modules/ink/build/output.js';
import {type Random, random} from '../source/demo/random.ts';
import Output from '../source/ink-output.ts';

type Draw = (output: InkOutput | Output) => void;
type Transform = (line: string, index: number) => string;

const pen = new Chalk({level: 3});
const words = [
	' 1198 . NF  Nov 20  Haruka Tanaka',
	'観測データの件',
	'🎉 We moved! 👩‍👩‍👧‍👦',
	'e\u0301\u200b한국',
	`${pen.bold('bold')} and ${pen.red.inverse('red  ')}`,
	'two\nlines',
	`\n${pen.dim('after\n\nan empty one')}`,
	'   ',
	' ',
];
const looks: readonly (() => Transform)[] = [
	() => line => line,
	() => line => pen.bold(line),
	() => line => pen.inverse(pen.green(line)),
	() => (line, index) => `${index}${line}`,
	() => line => line.replaceAll('a', '字'),
];

/** One of Ink's `Text`s: as long as nothing of it changes, its transformer is the same function. */
type Label = {readonly x: number; readonly y: number; readonly text: string; readonly transformers: Transform[]};

const between = (chance: Random, from: number, to: number): number => from + chance.below(to - from + 1);

function label(chance: Random, width: number, height: number): Label {
	const text = Array.from({length: between(chance, 1, 3)}, () => chance.pick(words)).join(chance.pick(['', ' ', '\n']));
	const transformers = Array.from({length: between(chance, 0, 2)}, () => chance.pick(looks)());
	return {x: between(chance, -4, width + 2), y: between(chance, -3, height + 1), text, transformers};
}

function nextLabel(chance: Random, {x, y, text, transformers}: Label, width: number, height: number): Label {
	switch (chance.below(8)) {
		case 0:
			return label(chance, width, height);
		case 1:
			return {x, y: y + between(chance, -2, 2), text, transformers};
		case 2:
			return {x: x + between(chance, -2, 2), y, text, transformers};
		case 3:
			return {x, y, text: chance.pick(words), transformers};
		case 4:
			return {x, y, text, transformers: [...transformers, chance.pick(looks)()]};
		default:
			return {x, y, text, transformers: [...transformers]};
	}
}

/** Labels in boxes that hide what does not fit, one in another now and then. */
function frame(chance: Random, labels: readonly Label[], width: number, height: number): Draw {
	const calls: Draw[] = [];
	let depth = 0;
	for (const {x, y, text, transformers} of labels) {
		if (chance.isOneIn(4)) {
			const [x1, y1] = [between(chance, 0, 6), between(chance, 0, 3)];
			const [x2, y2] = [between(chance, x1 - 1, width), between(chance, y1 - 1, height)];
			const [clipsX, clipsY] = chance.pick([
				[true, true],
				[true, false],
				[false, true],
			] as const);
			const none = undefined;
			calls.push(output =>
				output.clip({x1: clipsX ? x1 : none, x2: clipsX ? x2 : none, y1: clipsY ? y1 : none, y2: clipsY ? y2 : none}),
			);
			depth++;
		}
		calls.push(output => output.write(x, y, text, {transformers}));
		if (depth > 0 && chance.isOneIn(3)) {
			calls.push(output => output.unclip());
			depth--;
		}
	}
	return output => {
		for (const call of calls) call(output);
	};
}

test('frame after frame, it says what Ink says', () => {
	for (let seed = 1; seed <= 40; seed++) {
		const chance = random(seed);
		let [width, height] = [30, 8];
		let labels = Array.from({length: 10}, () => label(chance, width, height));
		for (let turn = 0; turn < 25; turn++) {
			if (chance.isOneIn(10)) [width, height] = [between(chance, 8, 40), between(chance, 0, 10)];
			labels = labels.map(each => nextLabel(chance, each, width, height));
			const draw = frame(chance, labels, width, height);
			const [ours, inks] = [new Output({width, height}), new InkOutput({width, height})];
			draw(ours);
			draw(inks);
			assert.deepEqual(ours.get(), inks.get(), `seed ${seed}, frame ${turn}`);
		}
	}
});

test('a row that is written again as it was is not drawn again, also on another row', () => {
	let drawn = 0;
	const transform = (line: string): string => {
		drawn++;
		return line;
	};
	for (const y of [0, 0, 2, 1]) {
		const output = new Output({width: 20, height: 3});
		output.write(1, y, 'the same', {transformers: [transform]});
		assert.equal(output.get().output.split('\n')[y], ' the same');
	}
	assert.equal(drawn, 1);
});
