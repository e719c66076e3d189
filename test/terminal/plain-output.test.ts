/** Lines that are only ever appended. The terminal here takes what it is given, as slowly as the test wants. */
import assert from 'node:assert/strict';
import {Writable} from 'node:stream';
import {describe, test} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import type {WriteStream} from 'node:tty';
import {type PlainOptions, PlainOutput} from '../../source/terminal/plain-output.ts';

/** Each turn of the event loop asks again. */
async function until(isSo: () => boolean): Promise<void> {
	while (!isSo()) await setImmediate();
}

function opened(options: Partial<PlainOptions> = {}) {
	const pieces: string[] = [];
	const waiting: (() => void)[] = [];
	let isStuck = false;
	const tty = new Writable({
		decodeStrings: false,
		write(piece: string | Buffer, _encoding, done) {
			pieces.push(String(piece));
			if (isStuck) waiting.push(done);
			else done();
		},
	});
	const output = new PlainOutput(tty as unknown as WriteStream, {isUtf8: true, echoesLines: false, ...options});
	const settled = () => until(() => output.isSettled);
	return {
		output,
		heard: () => pieces.join(''),
		settled,
		async shows(...lines: readonly string[]) {
			output.write(lines.join('\n'));
			await settled();
		},
		stuck() {
			isStuck = true;
		},
		free() {
			isStuck = false;
			for (const done of waiting.splice(0)) done();
		},
	};
}

describe('the plain output', {timeout: 20_000}, () => {
	test('appends what is new of each screen', async () => {
		const {shows, heard} = opened();
		await shows('screen :1: work/INBOX', 'selected 1 Ada');
		await shows('screen :1: work/INBOX', 'row 1 Ada', 'selected 2 Bo');
		await shows('screen :1: work/INBOX', 'row 1 Ada', 'selected 2 Bo');
		assert.equal(heard(), 'work/INBOX\nAda\nBo\n');
	});

	test('lets no escape sequence through, whoever writes it', async () => {
		const {output, shows, heard} = opened();
		output.write('\x1b[?1049h\x1b[2J\x1b[H');
		output.control('\x1b[?2004h');
		await shows('screen :1: x');
		output.leave();
		assert.equal(heard(), 'x\n');
	});

	test('of screens that follow at once only the last one is said', async () => {
		const {output, shows, heard} = opened();
		output.write('screen :1: x\nselected 1 a');
		output.write('screen :1: x\nselected 2 b');
		await shows('screen :1: x', 'selected 3 c');
		assert.equal(heard(), 'x\nc\n');
	});

	test('a terminal that is busy is told about the newest screen, once it has room', async () => {
		const {output, heard, settled, stuck, free} = opened();
		stuck();
		output.write('screen :1: x\nselected 1 a');
		await until(() => heard() !== '');
		output.write('screen :1: x\nselected 2 b');
		output.write('screen :1: x\nselected 3 c');
		free();
		await settled();
		assert.equal(heard(), 'x\na\nc\n');
	});

	test('a question stands at the end of the output, and what is typed behind it', async () => {
		const {shows, heard} = opened();
		const screen = ['screen :1: x', 'selected 1 a'];
		await shows(...screen);
		await shows(...screen, 'question q1 Command:', 'typed q1 ');
		await shows(...screen, 'question q1 Command:', 'typed q1 tag ');
		await shows('screen :1: x', 'selected 2 b', 'question q1 Command:', 'typed q1 tag all');
		assert.equal(heard(), 'x\na\nCommand: tag all');
		await shows('screen :1: x', 'selected 2 b', 'status s 9 tagged');
		assert.equal(heard(), 'x\na\nCommand: tag all\n9 tagged\nb\n', 'what happened meanwhile is said after it');
	});

	test('what is taken back of a line is the line once more', async () => {
		const {shows, heard} = opened();
		await shows('screen :1: x', 'question q1 Go to:', 'typed q1 12');
		await shows('screen :1: x', 'question q1 Go to:', 'typed q1 1');
		assert.equal(heard(), 'x\nGo to: 12\n1');
	});

	test('where the terminal shows itself what is typed, it is not said', async () => {
		const {shows, heard} = opened({echoesLines: true});
		await shows('screen :1: x', 'question q1 Go to:', 'typed q1 ');
		await shows('screen :1: x', 'question q1 Go to:', 'typed q1 12');
		await shows('screen :1: x', 'selected 12 twelve');
		assert.equal(heard(), 'x\nGo to: \ntwelve\n');
	});

	test('a child that has the terminal is left in peace, and then the screen is said again', async () => {
		const {output, shows, heard} = opened();
		await shows('screen :1: x', 'selected 1 a', 'question q1 Go to:', 'typed q1 1');
		output.leave();
		output.isSilent = true;
		await shows('screen :1: x', 'selected 2 b');
		assert.equal(heard(), 'x\na\nGo to: 1\n');
		output.isSilent = false;
		await shows('screen :1: x', 'selected 2 b');
		assert.equal(heard(), 'x\na\nGo to: 1\nx\nb\n');
	});

	test('without UTF-8 it is ASCII', async () => {
		const {shows, heard} = opened({isUtf8: false});
		await shows('screen :1: Tomás – Entwürfe…');
		assert.equal(heard(), 'Tomas - Entwurfe...\n');
	});
});
