/**
 * A program on a terminal, for terminal.test.ts: says each key on the alternate screen, and does what some keys say.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {openTerminal} from '../../source/terminal/terminal.ts';

const terminal = openTerminal({stdin: process.stdin, stdout: process.stdout, env: process.env});
const say = (text: string): void => void terminal.stdout.write(`<${text}>`);
terminal.stdout.write('\x1b[?1049h\x1b[?25l');
say('ready');
terminal.size.subscribe(() => say(`${terminal.size.get().columns}x${terminal.size.get().rows}`));

const child = async (): Promise<void> => {
	const reader = spawn('head', ['-c', '1'], {stdio: ['inherit', 'pipe', 'inherit']});
	process.stdout.write('<child>');
	// What the program says now must not reach the terminal.
	say('noise');
	const [octet] = await once(reader.stdout, 'data');
	await once(reader, 'exit');
	process.stdout.write(`<child got ${String(octet)}>`);
};

terminal.onKey(key => {
	say(key.name);
	if (key.name === 'q') {
		terminal.restore();
		terminal.restore();
		process.stdout.write('<bye>');
	}
	if (key.name === 'x') throw new Error('a bug of ours');
	if (key.name === 'c') void terminal.handOver(child).then(() => say('mine again'));
});
