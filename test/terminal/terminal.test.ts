/** The terminal in a real pty: what the user is left with, whatever happens. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {after, describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {type IPty, spawn} from '@lydell/node-pty';
import {ownFolder} from '../helpers/own-folder.ts';
import {eventually} from '../helpers/screen.ts';

const program = fileURLToPath(new URL('program.ts', import.meta.url));
const running = new Set<IPty>();
after(() => {
	for (const pty of running) pty.kill('SIGKILL');
});

type Program = {
	readonly pty: IPty;
	output(): string;
	/** Resolves when the program has said it; nothing here waits for time. */
	said(text: string): Promise<void>;
	readonly exited: Promise<number>;
};

function start(env: Readonly<Record<string, string>> = {}, errorsTo = '/dev/tty'): Program {
	const pty = spawn('/bin/sh', ['-c', `exec "$0" --import tsx "$1" 2>"$2"`, process.execPath, program, errorsTo], {
		name: 'xterm-256color',
		cols: 80,
		rows: 24,
		env: {PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env},
	});
	running.add(pty);
	let output = '';
	const waiting = new Set<() => void>();
	const exited = new Promise<number>(resolve => {
		pty.onExit(({exitCode, signal}) => {
			running.delete(pty);
			resolve(signal ? 128 + signal : exitCode);
			for (const check of waiting) check();
		});
	});
	pty.onData(data => {
		output += data;
		for (const check of [...waiting]) check();
	});
	return {
		pty,
		output: () => output,
		exited,
		said: text =>
			new Promise((resolve, reject) => {
				const check = (): void => {
					if (output.includes(text)) resolve();
					else if (!running.has(pty)) reject(new Error(`it ended without saying ${text}: ${output}`));
					else return;
					waiting.delete(check);
				};
				waiting.add(check);
				check();
			}),
	};
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** What the terminal has to be told last, so that the shell finds it as it was. */
function isRestored(output: string): void {
	const end = output.lastIndexOf('\x1b[?1049l');
	assert.ok(end > output.lastIndexOf('\x1b[?1049h'), 'the alternate screen is left');
	assert.ok(output.lastIndexOf('\x1b[?25h') > output.lastIndexOf('\x1b[?25l'), 'the cursor is shown');
	assert.ok(output.lastIndexOf('\x1b[?2004l') > output.lastIndexOf('\x1b[?2004h'), 'pasting is as it was');
}

describe('the terminal', {timeout: 60_000}, () => {
	test('homes the cursor on the alternate screen', async () => {
		const {pty, said, output, exited} = start();
		await said('<ready>');
		assert.match(output(), /\x1b\[\?1049h\x1b\[H/);
		pty.write('q');
		await exited;
	});

	test('tells Escape from an arrow that comes in two packets', async () => {
		const {pty, said, output, exited} = start({SSH_CONNECTION: 'far away'});
		await said('<ready>');
		pty.write('\x1b');
		pty.write('[A');
		await said('<Up>');
		assert.doesNotMatch(output(), /<Escape>/);
		pty.write('\x1b');
		await said('<Escape>');
		pty.write('q');
		await exited;
	});

	test('keys typed before anybody listened are not lost', async () => {
		const {pty, said, exited} = start();
		pty.write('ab');
		await said('<b>');
		pty.write('q');
		await exited;
	});

	test('is restored after quitting, and what comes then is on the shell', async () => {
		const {pty, said, output, exited} = start();
		await said('<ready>');
		pty.write('q');
		assert.equal(await exited, 0);
		isRestored(output());
		assert.ok(output().indexOf('<bye>') > output().lastIndexOf('\x1b[?1049l'));
	});

	test('is restored after a bug, before the bug is printed', async () => {
		const {pty, said, output, exited} = start();
		await said('<ready>');
		pty.write('x');
		assert.notEqual(await exited, 0);
		isRestored(output());
		assert.ok(output().lastIndexOf('a bug of ours') > output().lastIndexOf('\x1b[?1049l'));
	});

	for (const [signal, code] of [
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const) {
		test(`is restored after ${signal}, and the exit code says so`, async () => {
			const {pty, said, output, exited} = start();
			await said('<ready>');
			process.kill(pty.pid, signal);
			assert.equal(await exited, code);
			isRestored(output());
		});
	}

	test('one that is gone, with its window or its SSH line, is left without a word', async t => {
		const errors = path.join(ownFolder(t), 'errors');
		const {pty, said} = start({}, errors);
		await said('<ready>');
		(pty as IPty & {destroy: () => void}).destroy();
		await eventually(() => !isAlive(pty.pid), 'it has ended');
		assert.equal(fs.readFileSync(errors, 'utf8'), '');
	});

	test('a child that is given the terminal gets every key, and nobody draws over it', async () => {
		const {pty, said, output, exited} = start();
		await said('<ready>');
		pty.write('c');
		await said('<child>');
		pty.write('z\r');
		await said('<child got z>');
		await said('<mine again>');
		assert.doesNotMatch(output(), /<noise>.*<child got z>|<z>/s);
		pty.write('k');
		await said('<k>');
		pty.write('q');
		await exited;
	});

	test('a new size is told', async () => {
		const {pty, said, exited} = start();
		await said('<ready>');
		pty.resize(100, 30);
		await said('<100x30>');
		pty.write('q');
		await exited;
	});
});
