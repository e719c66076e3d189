/**
 * Hands one message to a command that is called as sendmail is (`msmtp`, `/usr/sbin/sendmail`): `-oi -f FROM -- TO…`,
 * the message on its standard input, and an exit code of sysexits.h.
 *
 * Laws: it reads from a file and not from us, so that half a message does not look whole to it when we die; it runs in
 * a session of its own and does not end with us; where it ends without a word, nobody knows what it did.
 */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import {Transform} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {Failure} from '../model/failure.ts';
import type {Letter, Outcome} from '../model/outgoing.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import type {Submit} from './submission.ts';

/** It does its own waiting: it may have a queue, a slow line, or a passphrase to ask for. */
const longestSaying = 4096;
const notFound = 127;
const notExecutable = 126;
/** EX_TEMPFAIL of sysexits.h: it is to be tried later. */
const forNow = 75;
/** From EX_USAGE to EX_CONFIG: it did not take it, and says why by this. */
const isOfSysexits = (code: number): boolean => code >= 64 && code <= 78;

export const sendmail =
	(command: string): Submit =>
	async (letter, {signal, beforeTheEnd}) => {
		if (letter.pieces !== undefined) return cannotFetch;
		try {
			signal.throwIfAborted();
			const input = await openAsText(letter.file);
			// All of it lies before the command at once.
			beforeTheEnd();
			return await run(command, letter, input);
		} catch (error) {
			const because = safeLine(`The message cannot be given to ${command}: ${(error as Error).message}`);
			return {state: 'unsent', failure: new Failure('broken', because, error)};
		}
	};

/** A command takes octets, and some of these are on a server. */
const cannotFetch: Outcome = {
	state: 'refused',
	because: ours('A command cannot send what lies on the server. Take it back, fetch the attachments, and send it then'),
	isForNow: false,
	refusals: [],
};

/** With the line ends of this system, which such commands expect; a file that is gone when nobody reads it any more. */
async function openAsText(file: string): Promise<number> {
	const copy = `${file}.text`;
	const withoutReturns = new Transform({
		transform(chunk: Buffer, _, done) {
			done(null, Buffer.from(chunk.toString('latin1').replaceAll('\r', ''), 'latin1'));
		},
	});
	await pipeline(fs.createReadStream(file), withoutReturns, fs.createWriteStream(copy, {mode: 0o600}));
	const opened = fs.openSync(copy, 'r');
	fs.rmSync(copy);
	return opened;
}

function run(command: string, {envelope}: Letter, input: number): Promise<Outcome> {
	const words = ['-oi', '-f', envelope.from, '--', ...envelope.to];
	return new Promise(resolve => {
		// The user's command is the shell's; what is added to it is not, whatever is in an address.
		const child = spawn('/bin/sh', ['-c', `${command} "$@"`, 'sh', ...words], {
			stdio: [input, 'ignore', 'pipe'],
			detached: true,
		});
		let said = '';
		child.stderr?.on('data', (bytes: Buffer) => {
			said = (said + bytes.toString('utf8')).slice(-longestSaying);
		});
		child.once('spawn', () => fs.closeSync(input));
		child.once('error', error => {
			fs.closeSync(input);
			resolve({
				state: 'unsent',
				failure: new Failure('denied', safeLine(`${command} cannot be run: ${error.message}`), error),
			});
		});
		child.once('close', (code, by) => resolve(outcomeOf(command, said, code, by)));
	});
}

function outcomeOf(command: string, said: string, code: number | null, by: NodeJS.Signals | null): Outcome {
	const [words = ''] = said
		.trim()
		.split(/[\r\n]+/)
		.slice(-1);
	const reason = words === '' ? '' : `: ${words}`;
	if (code === 0) return {state: 'sent', refusals: []};
	if (code === null)
		return {
			state: 'unknown',
			because: safeLine(`${command} was ended by ${by} and said nothing of the message${reason}`),
		};
	if (code === notFound || code === notExecutable)
		return {state: 'unsent', failure: new Failure('denied', safeLine(`${command} cannot be run${reason}`))};
	const because = safeLine(`${command} refuses it (exit code ${code})${reason}`);
	if (isOfSysexits(code)) return {state: 'refused', because, isForNow: code === forNow, refusals: []};
	return {
		state: 'unknown',
		because: safeLine(`${command} ended with exit code ${code}, which says nothing of the message${reason}`),
	};
}
