/**
 * Real tmux, GNU screen and xterm with a program in them. tmux and screen are run in a pty themselves, on xterm.js, so
 * that what they made of the program's output can be seen cell by cell; xterm runs on a display of its own (Xvfb) and
 * tells about its cells itself.
 *
 * Where one is not installed its tests skip and say so, unless BONSAI_TEST_TERMINALS=required (as in .ci/run): then they
 * fail.
 */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {type Bonsai, type Home, openBonsai, ownHome} from './screen.ts';

const isRequired = process.env.BONSAI_TEST_TERMINALS === 'required';

/** For the `skip` of a test: false, or why it is skipped. */
export function without(...programs: readonly string[]): string | false {
	const missing = programs.filter(program => spawnSync('which', [program]).status !== 0);
	return missing.length === 0 || isRequired ? false : `there is no ${missing.join(', no ')} here`;
}

export type Multiplexer = 'tmux' | 'screen';

/** A program in tmux or screen, seen from the terminal they run on. Closing ends their server too. */
export function openIn(multiplexer: Multiplexer, command: readonly string[]): Bonsai {
	const home = ownHome();
	const {start, end, environment} = (multiplexer === 'tmux' ? tmux : screen)(home);
	const bonsai = openBonsai({home, command: [...start, ...command], env: environment});
	const close = bonsai.close.bind(bonsai);
	bonsai.close = async () => {
		spawnSync(end[0]!, end.slice(1), {env: {...process.env, ...environment}, stdio: 'ignore'});
		await close();
	};
	return bonsai;
}

type Started = {
	readonly start: readonly string[];
	readonly end: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
};

function tmux(home: Home): Started {
	const configuration = join(home.path, 'tmux.conf');
	writeFileSync(configuration, 'set -g status off\nset -g default-terminal tmux-256color\nset -s escape-time 0\n');
	const server = ['tmux', '-u', '-S', join(home.path, 'tmux'), '-f', configuration];
	return {start: [...server, 'new-session'], end: [...server, 'kill-server'], environment: {}};
}

function screen(home: Home): Started {
	// It wants a folder for its sockets that is nobody else's.
	const sockets = join(home.path, 'sockets');
	mkdirSync(sockets, {mode: 0o700});
	const configuration = join(home.path, 'screenrc');
	writeFileSync(configuration, 'startup_message off\ndefutf8 on\nvbell off\n');
	const server = ['screen', '-c', configuration, '-S', 'bonsai'];
	return {
		start: [...server, '-U', '-T', 'screen'],
		end: [...server, '-X', 'quit'],
		environment: {SCREENDIR: sockets, SHELL: '/bin/sh'},
	};
}

/** xterm as a VT420, allowed to tell about its cells (DECRQCRA). */
export async function openXterm(
	command: readonly string[],
	columns: number,
	rows: number,
): Promise<{readonly close: () => Promise<void>}> {
	const home = ownHome();
	const display = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
		stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
	});
	const [number] = (await once(display.stdio[3] as NodeJS.ReadableStream, 'data')) as [Buffer];
	const allowed = ['-xrm', '*allowWindowOps: true', '-xrm', '*disallowedWindowOps: 20,21'];
	const child = spawn('xterm', ['-ti', '420', '-u8', '-geometry', `${columns}x${rows}`, ...allowed, '-e', ...command], {
		stdio: 'ignore',
		env: {...process.env, ...home.environment, LC_ALL: 'C.UTF-8', DISPLAY: `:${number.toString().trim()}`},
	});
	return {
		async close() {
			await ended(child);
			await ended(display);
			home.remove();
		},
	};
}

async function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	child.kill();
	await once(child, 'exit');
}
