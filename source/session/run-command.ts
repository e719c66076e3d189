/**
 * Feeds octets to a command the user typed, and takes what it prints as text from outside like any other.
 * What still runs when the program ends is ended with it.
 */
import {type ChildProcess, spawn} from 'node:child_process';
import {safeLine, safeText} from '../model/safe-text.ts';
import type {LiveSource} from './live.ts';
import type {PipeOutput} from './session.ts';

/** What a command prints is looked at on a screen; more than this is for a file. */
const longestOutput = 1024 * 1024;

const running = new Set<ChildProcess>();

export function runCommand(command: string, input: Buffer, output: LiveSource<PipeOutput | undefined>): void {
	const shown = safeLine(command);
	const pieces: Buffer[] = [];
	let length = 0;
	const show = (state: PipeOutput['state'], exitCode: number | undefined): void => {
		const cut = length > longestOutput ? `\n[${length - longestOutput} bytes more are not shown]` : '';
		const text = Buffer.concat(pieces).subarray(0, longestOutput).toString('utf8');
		output.set({command: shown, state, exitCode, output: safeText(text + cut)});
	};
	const take = (bytes: Buffer): void => {
		if (length < longestOutput) pieces.push(bytes);
		length += bytes.length;
		if (length <= longestOutput) show('running', undefined);
	};
	show('running', undefined);
	// A group of its own, so that the shell's children end with it.
	const child = spawn(command, {shell: true, stdio: ['pipe', 'pipe', 'pipe'], detached: true});
	running.add(child);
	child.stdout.on('data', take);
	child.stderr.on('data', take);
	// A command that does not want all of its input closes it; that is no error of ours.
	child.stdin.on('error', () => {});
	child.stdin.end(input);
	child.on('error', error => {
		running.delete(child);
		pieces.push(Buffer.from(error.message));
		show('done', 127);
	});
	child.on('close', code => {
		running.delete(child);
		show('done', code ?? 1);
	});
}

export function endCommands(): void {
	for (const {pid} of running) {
		try {
			if (pid !== undefined) process.kill(-pid, 'SIGTERM');
		} catch {
			// It ended by itself a moment ago.
		}
	}
	running.clear();
}
