/**
 * The entry: start here. Reads the command line, answers what needs nothing else and paints the first frame; all the
 * rest is cli.ts, which it loads when it is wanted. Every start reads this file and what it imports, so that is little: no React, no Ink, no conf.
 * Exit codes: 0 done, 1 refused or left undone, 2 bad usage.
 */
import './need-node.ts';
import process from 'node:process';
import {readCommandLine, type Wanted} from './command-line/command-line.ts';
import {usage} from './command-line/usage.ts';
import {UsageProblem} from './command-line/usage-problem.ts';
import {paintFirstScreen} from './first-screen.ts';

async function main(): Promise<number> {
	let wanted: Wanted;
	try {
		wanted = readCommandLine(process.argv.slice(2));
	} catch (error) {
		if (!(error instanceof UsageProblem)) throw error;
		process.stderr.write(`bonsai: ${error.message}\nbonsai --help says more.\n`);
		return error.exitCode;
	}
	if (wanted.command === 'help') {
		process.stdout.write(usage);
		return 0;
	}
	if (wanted.command === 'version') {
		process.stdout.write(`bonsai ${(await import('../package.json', {with: {type: 'json'}})).default.version}\n`);
		return 0;
	}
	// Who writes first sees that.
	const onScreen = wanted.command === 'client' || wanted.command === 'demo' ? wanted : undefined;
	const terminal = onScreen && onScreen.compose === undefined ? paintFirstScreen(onScreen) : undefined;
	try {
		// The frame leaves before this: loading keeps the process busy.
		if (terminal) await painted();
		return await (await import('./cli.ts')).runWanted(wanted, terminal);
	} catch (error) {
		terminal?.restore();
		throw error;
	}
}

const painted = (): Promise<void> => new Promise(resolve => setImmediate(() => setImmediate(resolve)));

void main().then(code => process.exit(code));
