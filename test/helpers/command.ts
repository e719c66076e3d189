/** A command of source/commands/ in the test's own process, on a session of a test, and what it printed. */
import type {TestContext} from 'node:test';
import type {Around} from '../../source/commands/command.ts';
import {watchLine} from '../../source/commands/line.ts';
import {createOutput} from '../../source/commands/output.ts';
import {Undone} from '../../source/commands/undone.ts';
import type {CommandSession} from '../../source/session/session.ts';
import {type OpenOptions, openSession} from './session.ts';

type Printed = {
	readonly stdout: string;
	readonly stderr: string;
	/** Why it was left undone; undefined when it was done. */
	readonly undone: string | undefined;
};

export type PrintOptions = {
	readonly isJson?: boolean;
	/** Of the terminal it prints to; undefined for a pipe. */
	readonly columns?: number | undefined;
	readonly isAscii?: boolean;
	/** Whether standard error is a terminal. */
	readonly isWatched?: boolean;
};

/** Runs a command on a session that is there. */
export async function printedOn(
	session: CommandSession,
	command: (around: Around) => Promise<void>,
	{isJson = false, columns, isAscii = false, isWatched = false}: PrintOptions = {},
): Promise<Printed> {
	const written = {stdout: '', stderr: ''};
	const into = (name: 'stdout' | 'stderr') =>
		({
			on: () => {},
			write(text: string | Uint8Array, done?: () => void) {
				written[name] += String(text);
				done?.();
				return true;
			},
		}) as unknown as NodeJS.WritableStream;
	const output = createOutput({
		stdout: into('stdout'),
		stderr: into('stderr'),
		columns,
		isWatched,
		isAscii,
		toAscii: text => text.replaceAll(/[^\x20-\x7e\n\t]/g, '?'),
	});
	const line = watchLine(session);
	let undone: string | undefined;
	try {
		await command({session, line, output, isJson});
	} catch (error) {
		if (!(error instanceof Undone)) throw error;
		undone = error.message;
	} finally {
		line.stop();
	}
	return {...written, undone};
}

/** Runs a command as on a server never met. */
export async function printed(
	context: TestContext,
	open: OpenOptions,
	command: (around: Around) => Promise<void>,
	options: PrintOptions = {},
): Promise<Printed> {
	const {session} = await openSession(context, {...open, waitsForNews: false});
	return printedOn(session, command, options);
}
