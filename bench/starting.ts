/**
 * How a start is measured: a program in a pty until it shows something, and the memory it takes.
 */
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import pty from '@lydell/node-pty';
import {demoMailboxes} from '../source/demo/server.ts';
import {type Home, openBonsai, program} from '../test/helpers/screen.ts';

export type Start = {
	readonly name: string;
	readonly command: readonly string[];
	readonly shows: string;
	/** Pressed when that is there; then it shows something else. */
	readonly key?: {readonly sends: string; readonly shows: string};
};

/** Milliseconds from exec. */
export function timeTo(
	{command: [file = '', ...words], shows, key}: Start,
	env: Record<string, string>,
): Promise<number> {
	return new Promise((resolve, reject) => {
		const startedAt = performance.now();
		const child = pty.spawn(file, words, {cols: 80, rows: 24, env: {...env, LC_ALL: 'C.UTF-8'}});
		const giveUp = setTimeout(() => {
			child.kill('SIGKILL');
			reject(new Error(`${file} did not show ${shows}`));
		}, 20_000);
		let output = '';
		let isPressed = key === undefined;
		child.onData(data => {
			output += data;
			if (!output.includes(isPressed ? (key?.shows ?? shows) : shows)) return;
			if (!isPressed) {
				isPressed = true;
				output = '';
				if (key) child.write(key.sends);
				return;
			}
			clearTimeout(giveUp);
			resolve(performance.now() - startedAt);
			child.kill('SIGKILL');
		});
	});
}

export const medianOf = (all: readonly number[]): number =>
	[...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

/** As much of each message as a list has to read. */
export function demoMessages(): string[] {
	const inbox = demoMailboxes().find(({name}) => name === 'INBOX')!.state;
	return Array.from({length: inbox.uids.count}, (_, index) => {
		const {bytes} = inbox.letter(inbox.uids.uidAt(index + 1)!).message;
		return bytes.read(0, Math.min(bytes.sizeBytes, 4000)).toString('latin1').replaceAll('\r\n', '\n');
	});
}

export function maildir(folder: string, name: string, messages: readonly string[]): string {
	const path = join(folder, name);
	for (const each of ['cur', 'new', 'tmp']) mkdirSync(join(path, each), {recursive: true});
	messages.forEach((message, index) => {
		writeFileSync(join(path, 'cur', `${1_700_000_000 + index}.${index}.bench:2,S`), message, 'latin1');
	});
	return path;
}

/** Of the entry alone: what it would load next waits for ever, so that nothing of it is counted. */
export async function paintedMb(home: Home, shows = 'dialling'): Promise<number> {
	const entry = join(home.path, 'entry');
	mkdirSync(entry, {recursive: true});
	for (const name of ['bonsai.js', 'package.json']) copyFileSync(join(dirname(program), name), join(entry, name));
	writeFileSync(
		join(entry, 'cli.mjs'),
		'export const runWanted = () => new Promise(() => setInterval(() => {}, 1000));\n',
	);
	const bonsai = openBonsai({home, command: [process.execPath, join(entry, 'bonsai.js')]});
	await bonsai.sees(shows);
	const painted = residentMb(bonsai.pid);
	bonsai.kill();
	await bonsai.exited;
	return painted;
}

/** As ps and top count: of 1,048,576 octets. */
export function residentMb(pid: number): number {
	const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return Number(kilobytes) / 1024;
}
