/**
 * How to call Ink's `render` so that everything passes through the terminal. Each line is a trap once fallen into.
 */
import type {Terminal} from './terminal.ts';

type InkOptions = {
	readonly stdout: NodeJS.WritableStream;
	readonly stdin: NodeJS.ReadableStream;
	readonly interactive: boolean;
	readonly alternateScreen: boolean;
	readonly patchConsole: false;
	readonly exitOnCtrlC: false;
	readonly maxFps: number;
	readonly isScreenReaderEnabled: boolean;
	readonly debug: boolean;
};

export function renderOptions({stdout, stdin, plain}: Pick<Terminal, 'stdout' | 'stdin' | 'plain'>): InkOptions {
	const isPlain = plain !== undefined;
	return {
		stdout,
		stdin,
		// Any CI variable, even empty, would make Ink write nothing until the end.
		interactive: !isPlain,
		alternateScreen: !isPlain,
		patchConsole: false,
		exitOnCtrlC: false,
		// The terminal drops the frames it has no room for; a key is not to wait for a clock.
		maxFps: 1000,
		// Said here, since Ink would ask the environment.
		isScreenReaderEnabled: isPlain,
		// Each screen in one write, with nothing that erases the one before.
		debug: isPlain,
	};
}
