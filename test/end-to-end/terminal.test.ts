/** The terminal: given back as it was, and understood whatever it can do. */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {describe, type TestContext, test} from 'node:test';
import {bonsaiDemo} from '../helpers/bonsai-on.ts';
import {coloursIn, forbiddenIn} from '../helpers/escape-sequences.ts';
import {type Bonsai, eventually, openBonsai, program} from '../helpers/screen.ts';

describe('the terminal', {concurrency: 3}, () => {
	function assertGivenBack(bonsai: Bonsai): void {
		const {modes, buffer} = bonsai.terminal;
		assert.equal(buffer.active.type, 'normal', 'the shell has its screen back');
		assert.equal(modes.bracketedPasteMode, false);
		assert.doesNotMatch(bonsai.output.toString('latin1'), /\x1b\[\?25l(?!.*\x1b\[\?25h)/s, 'the cursor shows');
		assert.match(bonsai.output.toString('latin1'), /\x1b\[0?m(?!.*\x1b\[[\d;]+m)/s, 'no style is left');
	}

	test('Q gives the terminal back and exits with 0', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		assert.equal(bonsai.terminal.buffer.active.type, 'alternate');
		bonsai.press('Enter');
		await bonsai.sees('The satellite is above');
		bonsai.press('Q');
		assert.equal(await bonsai.exited, 0);
		assertGivenBack(bonsai);
	});

	test('q at the top quits', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('q');
		assert.equal(await bonsai.exited, 0);
		assertGivenBack(bonsai);
	});

	for (const [signal, code] of [
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130],
	] as const) {
		test(`${signal} gives the terminal back and exits with ${code}`, async t => {
			const bonsai = bonsaiDemo(t);
			await bonsai.standsOn('Line up until 19:00');
			bonsai.signal(signal);
			assert.equal(await bonsai.exited, code);
			assertGivenBack(bonsai);
		});
	}

	test('a window that is closed ends the program', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		const {pid} = bonsai;
		bonsai.closeWindow();
		await eventually(() => {
			try {
				process.kill(pid, 0);
				return false;
			} catch {
				return true;
			}
		}, 'the program has ended');
	});

	const inShell = async (t: TestContext, shell = ['/bin/sh', '-i']): Promise<Bonsai> => {
		const bonsai = openBonsai({command: shell, env: {PS1: 'shell> ', ENV: undefined}});
		t.after(() => bonsai.close());
		await bonsai.sees('shell>');
		bonsai.press(`'${process.execPath}' '${program}' demo`, 'Enter');
		await bonsai.standsOn('Line up until 19:00');
		return bonsai;
	};

	test('^Z gives the shell its screen, fg gives it back to the mail', async t => {
		const bonsai = await inShell(t);
		bonsai.press('k');
		await bonsai.standsOn('Medical stores');
		bonsai.press('Ctrl+z');
		await bonsai.sees(/[Ss]topped/);
		assert.equal(bonsai.terminal.buffer.active.type, 'normal');
		bonsai.press('echo $((6 * 7)) fathoms', 'Enter');
		await bonsai.sees('42 fathoms');
		bonsai.press('fg', 'Enter');
		await bonsai.standsOn('Medical stores');
		assert.equal(bonsai.terminal.buffer.active.type, 'alternate');
		bonsai.press('k');
		await bonsai.standsOn('Lecture recording');
		bonsai.press('Q');
		await bonsai.sees(/shell> $|shell>$/m);
	});

	test('stopped by somebody else, it has the keyboard and the screen again after fg', async t => {
		// A shell that changes the terminal's modes, as most do and dash does not.
		const bonsai = await inShell(t, ['/bin/bash', '--norc', '-i']);
		process.kill(Number(execFileSync('pgrep', ['-P', String(bonsai.pid)])), 'SIGSTOP');
		await bonsai.sees(/[Ss]topped[\s\S]*shell>/);
		// An answer to what was asked before it was stopped is typed into the shell by the terminal: ^U takes it away.
		bonsai.press('Ctrl+u', 'fg', 'Enter');
		await bonsai.seesNoMore(/[Ss]topped/);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('k');
		await bonsai.standsOn('Medical stores');
	});

	test('a window that changed while the shell had it is filled after fg', async t => {
		const bonsai = await inShell(t);
		bonsai.press('Ctrl+z');
		await bonsai.sees(/[Ss]topped/);
		bonsai.resize(100, 30);
		bonsai.press('fg', 'Enter');
		await bonsai.sees('1175');
		await bonsai.sees(/t:Tag +C:Copy/);
		await bonsai.standsOn('Line up until 19:00');
	});

	test('a window of another size is filled, with the cursor on the row where it was', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('k', 'k', 'k');
		await bonsai.standsOn('1197');
		bonsai.resize(120, 40);
		await bonsai.sees('1170');
		await bonsai.standsOn('1197');
		await bonsai.sees('Lecture recording: sound under sea ice');
		bonsai.resize(60, 12);
		await bonsai.seesNoMore('1170');
		await bonsai.standsOn('観測データの件');
		assert.equal(bonsai.screen.length, 12);
	});

	test('^L draws the screen anew after somebody wrote over it', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		await new Promise<void>(resolve => bonsai.terminal.write('\x1b[5;1HBROADCAST MESSAGE\x1b[21;1H', resolve));
		await bonsai.sees('BROADCAST MESSAGE');
		bonsai.press('Ctrl+l');
		await bonsai.seesNoMore('BROADCAST MESSAGE');
		await bonsai.standsOn('Line up until 19:00');
	});

	test('a window that was smaller for a moment is drawn again', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		await new Promise<void>(resolve => bonsai.terminal.write('\x1b[2J\x1b[21;1H', resolve));
		assert.ok(!bonsai.text.includes('Medical stores'), 'what does not fit is lost to the terminal');
		// By the time Node looks, the window is as large as ever.
		bonsai.signal('SIGWINCH');
		await bonsai.sees('Medical stores');
		await bonsai.standsOn('Line up until 19:00');
	});

	const tour = async (bonsai: Bonsai): Promise<void> => {
		bonsai.press('1187', 'Enter');
		await bonsai.standsOn('1187');
		bonsai.press('Enter');
		await bonsai.sees('I would like to repeat the upper 500 metres');
		bonsai.press('v');
		await bonsai.sees('Parts of:');
		bonsai.press('y');
		await bonsai.sees(/Ship log +3 +89/);
		bonsai.press('?');
		await bonsai.sees('Keys in');
	};

	test('NO_COLOR: no colour is ever chosen, and the selection still shows', async t => {
		const bonsai = bonsaiDemo(t, {env: {NO_COLOR: '1'}});
		await bonsai.standsOn('Line up until 19:00');
		assert.match(bonsai.output.toString('latin1'), /\x1b\[7m/, 'the selected row is inverse');
		await tour(bonsai);
		assert.deepEqual(coloursIn(bonsai.output), []);
	});

	test('LC_ALL=C: nothing but ASCII reaches the terminal, and columns stay columns', async t => {
		const bonsai = bonsaiDemo(t, {env: {LC_ALL: 'C'}});
		await bonsai.standsOn('Line up until 19:00');
		assert.match(bonsai.text, /1187 [.] {3}A Nov 19 {2}Tomas Herrera {8}681 Re: CTD cast/);
		await tour(bonsai);
		assert.doesNotMatch(bonsai.output.toString('latin1'), /[\x80-\xff]/);
	});

	test('TERM=vt100 works, without a colour', async t => {
		const bonsai = bonsaiDemo(t, {env: {TERM: 'vt100'}});
		await bonsai.standsOn('Line up until 19:00');
		await tour(bonsai);
		assert.deepEqual(coloursIn(bonsai.output), []);
		assert.deepEqual(forbiddenIn(bonsai.output), []);
	});
});
