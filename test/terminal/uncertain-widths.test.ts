/** Terminals disagree about how wide an emoji is. What stands behind one is in its place all the same. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {WriteStream} from 'node:tty';
import {capabilitiesOf} from '../../source/terminal/capabilities.ts';
import {ScreenOutput} from '../../source/terminal/screen-output.ts';
import {FakeTty} from '../helpers/fake-tty.ts';
import {openOracle} from '../helpers/oracle-terminal.ts';

const columns = 60;
/** An emoji is two columns in Unicode 9 and later, and one before. */
const unicodes = ['6', '11'] as const;

describe('a character of uncertain width', () => {
	for (const unicode of unicodes) {
		for (const term of ['xterm-256color', 'tmux-256color', 'linux', 'vt100']) {
			test(`leaves what is behind it in its place, on ${term} of Unicode ${unicode}`, async () => {
				const terminal = openOracle(columns, 6, unicode);
				const tty = new FakeTty({columns, rows: 6}, 1e6, report => output.answered(report));
				const output = new ScreenOutput(tty as unknown as WriteStream, {
					...capabilitiesOf({TERM: term, LC_ALL: 'C.UTF-8'}),
					now: () => tty.now,
				});
				const show = async (...rows: readonly string[]): Promise<string[]> => {
					output.write(`\x1b[2J\x1b[H${rows.join('\n')}\x1b[1;1H`);
					while (!output.isSettled) await new Promise(resolve => setImmediate(resolve));
					await terminal.write(tty.take());
					return terminal.text();
				};
				/** The column where words begin, each cell one character. */
				const columnOf = (row: number, words: string): number =>
					(terminal.cells()[row] ?? [])
						.map(cell => (cell === '' || cell > '\x7f' ? '_' : cell[0]))
						.join('')
						.indexOf(words);
				output.write('\x1b[?1049h');
				await show('x'.repeat(40), 'x'.repeat(40));
				await show('1183 Priya 🌱    687 🎉 We moved', '\x1b[7m🎉🎉 ok\x1b[0m');
				assert.deepEqual([columnOf(0, '687'), columnOf(0, 'We moved'), columnOf(1, 'ok')], [17, 24, 5]);
				assert.equal(columnOf(0, 'x') + columnOf(1, 'x'), -2, 'nothing stays from before');
				const after = await show('1183 Priya and 687 now We moved', 'ok');
				assert.deepEqual(
					after.slice(0, 3).map(row => row.trimEnd()),
					['1183 Priya and 687 now We moved', 'ok', ''],
				);
			});
		}
	}
});
