/** In real tmux, GNU screen and xterm everything looks as it does on the emulator all other tests look at. */
import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {maskOf} from '../../screenshots/screens.ts';
import {type EncodedFrame, encodedFrames} from '../helpers/encoded-frames.ts';
import {cellsOf, type OracleTerminal, openOracle} from '../helpers/oracle-terminal.ts';
import {type Multiplexer, openIn, openXterm, without} from '../helpers/real-terminals.ts';
import {openRelay} from '../helpers/relay-in-terminal.ts';
import {type Bonsai, eventually, openBonsai, program} from '../helpers/screen.ts';
import {wholeScreen} from '../helpers/screen-text.ts';

const asItIs = {style: (style: string) => style, character: (character: string) => character};
/** As far as GNU screen and its eight colours go. */
const inScreen = {
	...asItIs,
	style: (style: string) =>
		style
			.split(';')
			.filter(parameter => parameter !== '3' && parameter !== '9')
			.map(parameter => parameter.replace(/^9(\d)$/, '3$1'))
			.join(';'),
};
const multiplexers = {
	tmux: {term: 'tmux-256color', hasDeepColours: true, shown: asItIs},
	screen: {term: 'screen', hasDeepColours: false, shown: inScreen},
} as const;

/** What is pressed, and what is to be seen after it. */
const tour: readonly (readonly [keys: readonly string[], seen: string | RegExp])[] = [
	[[], 'Line up until 19:00'],
	[['k', 'k', 'k'], '1197 of 1200'],
	[['PageUp'], /11[67]\d of 1200/],
	[['1182', 'Enter'], '1182 of 1200'],
	[['Enter'], 'day   1 12:00'],
	[['j', 'j', 'j'], 'day   1 15:00'],
	[['Space'], 'day   2 02:00'],
	// All that is fetched at once is here: only then does the message count as read.
	[['End'], '+ brings more'],
	[['q'], '1182 of 1200'],
	[[':', 'r', 'e', 'a', 'd'], '\n:read'],
	[['Escape'], /^(?![\s\S]*\n:read)/],
	[['y'], /日本 +2 +14/],
	[['?'], 'Keys in'],
];

describe('a real terminal', {timeout: 120_000}, () => {
	for (const name of ['tmux', 'screen'] as const) {
		test(`${name} shows the program as the emulator does`, {skip: without(name)}, async t => {
			// Behind a screen that is full already, as a shell’s is.
			const there = openIn(name, ['sh', '-c', 'seq 1000 1100; exec "$@"', 'sh', process.execPath, program, 'demo']);
			const here = openBonsai({args: ['demo'], env: {TERM: multiplexers[name].term}});
			t.after(() => Promise.all([there.close(), here.close()]));
			for (const [keys, seen] of tour) {
				for (const bonsai of [there, here]) bonsai.press(...keys);
				for (const bonsai of [there, here]) await bonsai.sees(seen);
				await eventually(
					() => maskOf(there.text) === maskOf(here.text),
					`${name} shows after ${keys.join(' ')}\n${there.text}\ninstead of\n${here.text}`,
				);
			}
		});

		test(`${name} shows frames at random cell by cell`, {skip: without(name)}, async t => {
			const {term, hasDeepColours, shown} = multiplexers[name];
			const {terminal, play} = await playerIn(t, name);
			const wanted = openOracle(80, 24);
			const frames = encodedFrames({term, attributes: '\x1b[?1;2c', seed: 1733, count: 60, hasDeepColours});
			for await (const frame of frames) {
				await play(frame);
				await wanted.write(wholeScreen(frame.screen, shown));
				await eventually(
					() => differenceOf(cellsOf(terminal), wanted.cells()) === undefined,
					`${name}: ${differenceOf(cellsOf(terminal), wanted.cells())} after ${JSON.stringify(frame.text)}`,
				);
			}
		});
	}

	test('xterm reverses rectangles as our emulator of it does', {skip: without('xterm', 'Xvfb')}, async t => {
		const [columns, rows] = [60, 12];
		const relay = await openRelay();
		const xterm = await openXterm(relay.command, columns, rows);
		t.after(async () => {
			relay.close();
			await xterm.close();
		});
		const attributes = await relay.say('\x1b[c');
		assert.match(attributes, /;28/, 'it offers rectangles');
		const emulator = openOracle(columns, rows);
		const script = {term: 'xterm-256color', attributes, seed: 1733, count: 40, hasDeepColours: true, isAscii: true};
		let reversals = 0;
		for await (const {text} of encodedFrames({...script, columns, rows})) {
			reversals += text.match(/\x1b\[[\d;]*\$t/g)?.length ?? 0;
			await relay.say(text);
			await emulator.write(text);
			assert.equal(differenceOf(await sumsOfXterm(relay.say, columns, rows), sumsOf(emulator.terminal)), undefined);
		}
		assert.ok(reversals > 10, `only ${reversals} rectangles were reversed`);
		// DECCARA, from the middle of one row to the middle of another, and over blank cells.
		for (const text of [
			'\x1b[2;9;4;20;1;4$r',
			'\x1b[3;1;3;40;7$r',
			'\x1b[3;1;3;20;24;22$r',
			'\x1b[2;9;5;20;7$t',
			'\x1b[9;;9;;0$r',
		]) {
			await relay.say(text);
			await emulator.write(text);
			assert.equal(
				differenceOf(await sumsOfXterm(relay.say, columns, rows), sumsOf(emulator.terminal)),
				undefined,
				JSON.stringify(text),
			);
		}
	});
});

async function playerIn(
	t: TestContext,
	name: Multiplexer,
): Promise<{readonly terminal: Bonsai['terminal']; readonly play: (frame: EncodedFrame) => Promise<void>}> {
	const relay = await openRelay();
	const bonsai = openIn(name, relay.command);
	t.after(async () => {
		relay.close();
		await bonsai.close();
	});
	return {terminal: bonsai.terminal, play: async ({text}) => void (await relay.say(text))};
}

/** The checksum of each cell alone (DECRQCRA), as xterm says it: 0x10000 less the character and its attributes. */
async function sumsOfXterm(say: (text: string) => Promise<string>, columns: number, rows: number): Promise<string[][]> {
	const sums: string[][] = [];
	for (let row = 1; row <= rows; row++) {
		const questions = Array.from({length: columns}, (_, column) => {
			const place = `${row};${column + 1}`;
			return `\x1b[1;1;${place};${place}*y`;
		});
		const answers = (await say(questions.join(''))).matchAll(/!~([\dA-F]{4})/g);
		sums.push([...answers].map(([, sum]) => sum!));
	}
	return sums;
}

/** The same of our emulator of it. */
function sumsOf(terminal: OracleTerminal['terminal']): string[][] {
	const {active} = terminal.buffer;
	return Array.from({length: terminal.rows}, (_, row) =>
		Array.from({length: terminal.cols}, (__, column) => {
			const cell = active.getLine(active.baseY + row)?.getCell(column);
			assert.ok(cell);
			const sum =
				(cell.getCode() || 0x20) +
				(cell.isBold() ? 0x80 : 0) +
				(cell.isBlink() ? 0x40 : 0) +
				(cell.isInverse() ? 0x20 : 0) +
				(cell.isUnderline() ? 0x10 : 0);
			return (0x10000 - sum).toString(16).toUpperCase();
		}),
	);
}

function differenceOf(shown: readonly string[][], wanted: readonly string[][]): string | undefined {
	for (const [row, cells] of wanted.entries()) {
		for (const [column, cell] of cells.entries()) {
			if (shown[row]?.[column] !== cell)
				return `row ${row + 1}, column ${column + 1} is ${JSON.stringify(shown[row]?.[column])} instead of ${JSON.stringify(cell)}`;
		}
	}
	return undefined;
}
