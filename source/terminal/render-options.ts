/**
 * How to call Ink's `render` so that everything passes through the terminal. Each line is a trap once fallen into.
 */
import type {Terminal} from './terminal.ts';

export type InkOptions = {
	readonly stdout: NodeJS.WritableStream;
	readonly stdin: NodeJS.ReadableStream;
	readonly interactive: true;
	readonly alternateScreen: true;
	readonly patchConsole: false;
	readonly exitOnCtrlC: false;
	readonly maxFps: number;
};

export function renderOptions(terminal: Pick<Terminal, 'stdout' | 'stdin'>): InkOptions {
	return {
		stdout: terminal.stdout,
		stdin: terminal.stdin,
		// Any CI variable, even empty, would make Ink write nothing until the end.
		interactive: true,
		alternateScreen: true,
		patchConsole: false,
		exitOnCtrlC: false,
		// The terminal drops the frames it has no room for; a key is not to wait for a clock.
		maxFps: 1000,
	};
}
