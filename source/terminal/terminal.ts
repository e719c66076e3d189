/**
 * The terminal: the second slow link. The first file to read of this folder.
 *
 * Keys come in through `onKey`, output goes out through `stdout`, and whatever happens (quit, crash, SIGTERM,
 * a cut line) the user gets the shell back as it was. Nothing here knows React, Ink or mail.
 *
 * How the program starts Ink, so that Ink never reads keys, never believes it is in a CI, and never
 * writes past us:
 *
 *     const terminal = openTerminal({stdin: process.stdin, stdout: process.stdout, env: process.env});
 *     const screen = render(<App … />, renderOptions(terminal));
 *     await screen.waitUntilExit();
 *     terminal.restore();
 */
import process from 'node:process';
import {Readable} from 'node:stream';
import type {ReadStream, WriteStream} from 'node:tty';
import {type Capabilities, capabilitiesOf, type Environment} from './capabilities.ts';
import {releaseInput, takeInput} from './hand-over.ts';
import {createKeyDecoder, type Key} from './key-decoder.ts';
import {ScreenOutput} from './screen-output.ts';

export type Size = {readonly columns: number; readonly rows: number};

export type Terminal = Capabilities & {
	/** For Ink's `stdout`. */
	readonly stdout: ScreenOutput;
	/** For Ink's `stdin`: says nothing, so that Ink never touches the real one. */
	readonly stdin: Readable;
	/** Keys one by one, in order; those typed before anybody listened come first. */
	onKey(listener: (key: Key) => void): () => void;
	readonly size: {get(): Size; subscribe(listener: () => void): () => void};
	readonly bytesWritten: number;
	/** Gives the terminal to a child until `work` is done. Redrawing is the caller's. */
	handOver<T>(work: () => Promise<T>): Promise<T>;
	/** ^Z: the shell has the terminal until `fg`. Redrawing is the caller's. */
	suspend(): Promise<void>;
	/** The shell as it was before. At any time, any number of times. */
	restore(): void;
};

export type TerminalOptions = {
	readonly stdin: ReadStream;
	readonly stdout: WriteStream;
	readonly env: Environment;
	/** Longer where the line is slow, so that ESC and `[A` are one key. */
	readonly escapeTimeoutMs?: number;
	/** The user's terminal is gone or we are told to end. The terminal is restored already. */
	readonly onEnd?: (exitCode: number) => void;
};

const pasteOn = '\x1b[?2004h';
const pasteOff = '\x1b[?2004l';
const plainAndVisible = '\x1b[0m\x1b[?25h';
const leaveAlternate = '\x1b[?1049l';
const endings = {SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143} as const;

export function openTerminal({stdin, stdout: tty, env, ...options}: TerminalOptions): Terminal {
	const capabilities = capabilitiesOf(env);
	const escapeTimeoutMs = options.escapeTimeoutMs ?? capabilities.escapeTimeoutMs;
	const end = options.onEnd ?? (code => process.exit(code));
	const output = new ScreenOutput(tty, capabilities.isUtf8);
	const decoder = createKeyDecoder({isUtf8: capabilities.isUtf8});
	const keyListeners = new Set<(key: Key) => void>();
	const sizeListeners = new Set<() => void>();
	let typedAhead: Key[] = [];
	let escapeTimer: NodeJS.Timeout | undefined;
	let size: Size = {columns: output.columns, rows: output.rows};
	let isOurs = false;

	const tell = (keys: readonly Key[]): void => {
		for (const key of keys) {
			if (keyListeners.size === 0) typedAhead.push(key);
			for (const listener of [...keyListeners]) listener(key);
		}
	};
	const onBytes = (bytes: Buffer): void => {
		clearTimeout(escapeTimer);
		tell(decoder.write(bytes));
		if (decoder.isPending) escapeTimer = setTimeout(() => tell(decoder.flush()), escapeTimeoutMs);
	};
	const onResize = (): void => {
		size = {columns: output.columns, rows: output.rows};
		for (const listener of [...sizeListeners]) listener();
		// Ink repaints what React has laid out for the new size, so React goes first.
		setImmediate(() => output.emit('resize'));
	};
	const take = (): void => {
		if (isOurs) return;
		isOurs = true;
		output.isSilent = false;
		stdin.setRawMode?.(true);
		takeInput(stdin);
		output.writeNow(pasteOn);
	};
	const giveBack = (): void => {
		if (!isOurs) return;
		isOurs = false;
		output.writeNow(pasteOff + plainAndVisible + (output.isAlternate ? leaveAlternate : ''));
		output.isSilent = true;
		stdin.setRawMode?.(false);
	};
	const restore = (): void => {
		giveBack();
		clearTimeout(escapeTimer);
		stdin.off('data', onBytes);
		stdin.off('end', onHangUp);
		stdin.pause();
		tty.off('resize', onResize);
		process.off('exit', restore);
		process.off('SIGCONT', onContinue);
		for (const signal of Object.keys(endings)) process.off(signal, onSignal);
	};
	const leave = (exitCode: number): void => {
		restore();
		end(exitCode);
	};
	const onSignal = (signal: NodeJS.Signals): void => leave(endings[signal as keyof typeof endings]);
	const onHangUp = (): void => leave(endings.SIGHUP);
	// Stopped and continued by somebody else: the shell has changed the modes and the screen.
	const onContinue = (): void => {
		if (!isOurs) return;
		stdin.setRawMode?.(true);
		output.writeNow(pasteOn);
		tell([{name: 'Ctrl+l', text: ''}]);
	};

	stdin.on('data', onBytes);
	stdin.on('end', onHangUp);
	tty.on('resize', onResize);
	// A terminal that is gone answers EIO; the signal or the end of the input tells us so.
	tty.on('error', () => {});
	process.on('exit', restore);
	process.on('SIGCONT', onContinue);
	for (const signal of Object.keys(endings)) process.on(signal, onSignal);
	take();

	const handOver = async <T>(work: () => Promise<T>): Promise<T> => {
		const wasAlternate = output.isAlternate;
		giveBack();
		await releaseInput(stdin);
		return work().finally(() => {
			take();
			if (wasAlternate) output.writeNow('\x1b[?1049h');
		});
	};

	return {
		...capabilities,
		stdout: output,
		stdin: new Readable({read() {}}),
		onKey(listener) {
			keyListeners.add(listener);
			const early = typedAhead;
			typedAhead = [];
			for (const key of early) listener(key);
			return () => keyListeners.delete(listener);
		},
		size: {
			get: () => size,
			subscribe(listener) {
				sizeListeners.add(listener);
				return () => sizeListeners.delete(listener);
			},
		},
		get bytesWritten() {
			return output.bytesWritten;
		},
		handOver,
		suspend: () =>
			handOver(async () => {
				process.kill(0, 'SIGTSTP');
				// Runs on after `fg`; at once where there is no shell to stop for. The timer keeps the program alive.
				await new Promise(resolve => setTimeout(resolve, 100));
			}),
		restore,
	};
}
