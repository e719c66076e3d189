/** The stand-in for the tty between frames: what is entered, held, cut and given back. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import type {WriteStream} from 'node:tty';
import {capabilitiesOf} from '../../source/terminal/capabilities.ts';
import {Pace} from '../../source/terminal/pace.ts';
import {ScreenOutput} from '../../source/terminal/screen-output.ts';

/** A tty that takes what it is given when it is told to, and a clock that stands. */
class Tty {
	columns = 20;
	rows = 6;
	now = 0;
	written = '';
	takesAll = true;
	write(text: string, done: () => void): boolean {
		this.written += text;
		if (this.takesAll) queueMicrotask(done);
		return true;
	}
}

function outputOn(tty: Tty, term = 'xterm-256color'): ScreenOutput {
	const capabilities = capabilitiesOf({TERM: term, LC_ALL: 'C.UTF-8'});
	return new ScreenOutput(tty as unknown as WriteStream, {...capabilities, now: () => tty.now});
}

const drawn = async (): Promise<void> => {
	for (let turn = 0; turn < 3; turn++) await setImmediate();
};

describe('the screen output', () => {
	test('a window that changes before the first frame still gets a screen of its own', async () => {
		const tty = new Tty();
		const output = outputOn(tty);
		output.write('\x1b[?1049hold');
		tty.columns = 30;
		output.resized();
		output.write('new');
		await drawn();
		assert.match(tty.written, /^\x1b\[\?1049h.*new/s);
		output.leave();
		assert.match(tty.written, /\x1b\[\?1049l/);
	});

	test('an unfinished frame is held once, however many follow it', async () => {
		const tty = new Tty();
		const output = outputOn(tty);
		output.write('\x1b[?1049h');
		await drawn();
		for (const frame of ['one', 'two', 'three']) {
			output.hold(false);
			output.write(`\x1b[H${frame}`);
			output.hold(true);
			await drawn();
			tty.now += 100;
		}
		assert.match(tty.written, /three/);
		output.leave();
	});

	for (const [term, isEntered] of [
		['xterm-256color', true],
		['linux', false],
	] as const) {
		test(`a frame that is cut by the end leaves nothing behind on ${term}`, async () => {
			const tty = new Tty();
			const output = outputOn(tty, term);
			output.write('\x1b[?1049h\x1b[?25l');
			await drawn();
			tty.takesAll = false;
			// The end of it says that all is plain again and the cursor shows; that end will never come.
			output.write('\x1b[2;1H\x1b[7mturned\x1b[27mplain\x1b[?25h');
			await drawn();
			tty.written = '';
			output.leave('last');
			assert.match(tty.written, /\x1b\[r\x1b\[m/);
			assert.match(tty.written, /\x1b\[\?25h$/);
			assert.equal(tty.written.includes('\x1b[?1049l'), isEntered);
		});
	}

	test('the shell goes on in the last row of a GNU screen, which may have no other screen for it', async () => {
		const tty = new Tty();
		const output = outputOn(tty, 'screen-256color');
		output.write('\x1b[?1049hwords');
		await drawn();
		output.leave();
		assert.match(tty.written, /\x1b\[6H\x1b\[K\x1b\[\?1049l$/);
	});

	test('what is written on a screen that was left is waited for by nobody', async () => {
		const output = outputOn(new Tty());
		output.write('\x1b[?1049h');
		await drawn();
		output.write('\x1b[?1049l');
		output.write('\x1b[?25h');
		await drawn();
		assert.equal(output.isSettled, true);
	});

	test('what somebody else did to the cursor is undone by painting again', async () => {
		const tty = new Tty();
		const output = outputOn(tty);
		output.write('\x1b[?1049h\x1b[?25lwords');
		await drawn();
		tty.written = '';
		output.repaint();
		await drawn();
		assert.match(tty.written, /words.*\x1b\[\?25l/s);
	});
});

describe('the pace', () => {
	const start = {answers: true, isSlow: false};

	test('a terminal that says what it can do and not how it is gets everything, once that is clear', () => {
		let now = 0;
		const pace = new Pace({...start, now: () => now});
		pace.asks('attributes');
		pace.answered('attributes');
		for (let frame = 0; frame < 10; frame++) {
			if (pace.sends(2000)) pace.asks('status');
			now += 5000;
			assert.ok(pace.room() > 0, `frame ${frame}`);
		}
		assert.equal(pace.isAwaiting, false);
	});

	test('an answer from far away is waited for, so that the shell does not get it', () => {
		let now = 0;
		const pace = new Pace({...start, now: () => now});
		const unknown = pace.farewellMs;
		pace.asks('attributes');
		now = 2400;
		pace.answered('attributes');
		assert.ok(pace.farewellMs > 2400);
		assert.ok(unknown < 2400, 'of a terminal that has never answered none is expected');
	});

	test('a terminal that answers twice, or not to all, is measured by the right answers', () => {
		let now = 0;
		const pace = new Pace({...start, now: () => now});
		pace.asks('attributes');
		pace.sends(2000);
		pace.asks('status');
		now = 100;
		pace.answered('status');
		assert.equal(pace.isAwaiting, false, 'what was asked before will not be answered');
		pace.sends(2000);
		pace.asks('status');
		pace.answered('attributes');
		pace.answered('attributes');
		assert.equal(pace.isAwaiting, true);
	});
});
