/**
 * Where a command of this process says things.
 */
import {createOutput, type Output} from './commands/output.ts';
import {asciiOf} from './terminal/ascii.ts';
import {capabilitiesOf} from './terminal/capabilities.ts';

export function outputOf({stdout, stderr, env}: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>): Output {
	return createOutput({
		stdout,
		stderr,
		columns: stdout.isTTY ? stdout.columns || 80 : undefined,
		isWatched: stderr.isTTY === true,
		isAscii: !capabilitiesOf(env).isUtf8,
		toAscii: asciiOf,
	});
}
