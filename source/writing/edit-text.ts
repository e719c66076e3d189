/**
 * The user's own editor on a file: `$VISUAL`, else `$EDITOR`, or what the configuration says. It has the terminal until it
 * ends; whoever calls has given it up.
 */
import {spawn} from 'node:child_process';
import {type SafeText, safeLine} from '../model/safe-text.ts';

/** The word for the editor that is built in. */
const builtIn = 'built-in';

/** '' where there is none, or the built-in one is wanted. */
export function editorOf(preferred: string, env: Readonly<Record<string, string | undefined>>): string {
	const command = preferred || env.VISUAL || env.EDITOR || '';
	return command.trim() === builtIn ? '' : command.trim();
}

/** Resolves with a sentence when it did not end well; what it has written then is still there. */
export const runEditor = (command: string, file: string): Promise<SafeText | undefined> =>
	new Promise(resolve => {
		// As git has it: the command may have words of its own, and the file's name any character.
		const child = spawn('/bin/sh', ['-c', `${command} "$@"`, command, file], {stdio: 'inherit'});
		child.on('error', error => resolve(safeLine(`${command} cannot be run: ${error.message}`)));
		child.on('close', (code, signal) => {
			if (code === 0) resolve(undefined);
			else if (code === 127)
				resolve(safeLine(`${command} was not found. Set EDITOR to one that is there, or to ${builtIn}`));
			else resolve(safeLine(`${command} ended with ${signal ?? code}; what it saved was taken`));
		});
	});
