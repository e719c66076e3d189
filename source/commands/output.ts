/**
 * Where a command says things: results on standard output, everything else on standard error.
 *
 * Law: nothing from outside gets past here unless it can do no harm to a terminal (law 9). Lines are made safe here
 * once more, whoever made them; JSON spells every control character and every invisible one as an escape.
 */
import {safeLine} from '../model/safe-text.ts';

export type Output = {
	/** Whether a person reads it: columns are aligned and sizes are in words. */
	readonly isTerminal: boolean;
	/** Whether standard error is a terminal, where progress is worth a word. */
	readonly isWatched: boolean;
	/** To wrap text at; Infinity where nobody asked for wrapping. */
	readonly columns: number;
	lines(lines: readonly string[]): void;
	json(value: unknown): void;
	/** Octets as they are: a part that was asked for on standard output. Rejects when nobody reads any more. */
	raw(octets: Buffer): Promise<void>;
	/** Whether who read standard output has left. */
	isLeft(): boolean;
	/** On standard error. */
	say(sentence: string): void;
};

type OutputOptions = {
	readonly stdout: NodeJS.WritableStream;
	readonly stderr: NodeJS.WritableStream;
	/** Columns of the terminal; undefined when standard output is none. */
	readonly columns: number | undefined;
	readonly isWatched: boolean;
	/** Whether the terminal shows more than ASCII. Files and pipes always get UTF-8. */
	readonly isAscii: boolean;
	readonly toAscii: (text: string) => string;
};

export function createOutput({stdout, stderr, columns, isWatched, isAscii, toAscii}: OutputOptions): Output {
	const isTerminal = columns !== undefined;
	const spell = (text: string, isShown: boolean): string => (isAscii && isShown ? toAscii(text) : text);
	let isLeft = false;
	stdout.on('error', error => {
		isLeft ||= (error as NodeJS.ErrnoException).code === 'EPIPE';
	});
	return {
		isTerminal,
		isWatched,
		columns: columns ?? Number.POSITIVE_INFINITY,
		lines(lines) {
			if (lines.length > 0) stdout.write(lines.map(line => `${spell(safeField(line), isTerminal)}\n`).join(''));
		},
		json: value => void stdout.write(`${jsonOf(value, isAscii && isTerminal)}\n`),
		raw: octets =>
			new Promise((resolve, reject) => {
				stdout.write(octets, error => (error ? reject(error) : resolve()));
			}),
		isLeft: () => isLeft,
		say: sentence => void stderr.write(`${spell(safeLine(`bonsai: ${sentence}`), isWatched)}\n`),
	};
}

/** A tab of our own separates fields; one from outside has become a blank by now. */
const safeField = (line: string): string => line.split('\t').map(safeLine).join('\t');

const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
const notAscii = /[^\x20-\x7e]/gu;

/** One line of JSON. What JSON.stringify leaves as it is but a terminal would obey is spelled as an escape. */
export function jsonOf(value: unknown, isAscii = false): string {
	return JSON.stringify(value).replace(isAscii ? notAscii : invisible, character =>
		character
			.split('')
			.map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
			.join(''),
	);
}
