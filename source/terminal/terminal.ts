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
import {setTimeout as startTimer, clearTimeout as stopTimer} from 'node:timers';
import {setTimeout} from 'node:timers/promises';
import type {ReadStream, WriteStream} from 'node:tty';
import {type Capabilities, capabilitiesOf, type Environment} from './capabilities.ts';
import {releaseInput, takeInput} from './hand-over.ts';
import {createKeyDecoder, type Key} from './key-decoder.ts';
import {createLineInput} from './line-input.ts';
import {type Looks, looksOf} from './looks.ts';
import {PlainOutput} from './plain-output.ts';
import {isPlainTerminal, sendsLines} from './plain-terminal.ts';
import {ScreenOutput} from './screen-output.ts';

type Size = {readonly columns: number; readonly rows: number};
type Live<T> = {get(): T; subscribe(listener: () => void): () => void};

export type Terminal = Capabilities & {
	/** For Ink's `stdout`. */
	readonly stdout: ScreenOutput | PlainOutput;
	/** For Ink's `stdin`: says nothing, so that Ink never touches the real one. */
	readonly stdin: Readable;
	/** Keys one by one, in order; those typed before anybody listened come first. */
	onKey(listener: (key: Key) => void): () => void;
	readonly size: Live<Size>;
	/** What the terminal and its line are fit for; changes as they answer. */
	readonly looks: Live<Looks>;
	readonly bytesWritten: number;
	/** How the screen is said again, in the plain mode and only there. */
	readonly plain: Pick<PlainOutput, 'sayAgain'> | undefined;
	/** What is drawn now is unfinished and will be drawn over: it may wait a moment. */
	hold(isUnfinished: boolean): void;
	/** Gives the terminal to a child until `work` is done. Redrawing is the caller's. */
	handOver<T>(work: () => Promise<T>): Promise<T>;
	/** ^Z: the shell has the terminal until `fg`. Redrawing is the caller's. */
	suspend(): Promise<void>;
	/** As `restore`, after what was written and asked has come and gone, or a moment: for a quit in peace. */
	close(): Promise<void>;
	/** The shell as it was before. At any time, any number of times. */
	restore(): void;
};

type TerminalOptions = {
	readonly stdin: ReadStream;
	readonly stdout: WriteStream;
	readonly env: Environment;
	/** The user says the terminal is slow, whatever it measures. */
	readonly isSlow?: boolean;
	/** Lines that are only ever appended, for braille and speech; by itself where the terminal is dumb. */
	readonly isPlain?: boolean;
	/** The user's terminal is gone or we are told to end. The terminal is restored already. */
	readonly onEnd?: (exitCode: number) => void;
};

const pasteOn = '\x1b[?2004h';
const pasteOff = '\x1b[?2004l';
const endings = {SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143} as const;

export function openTerminal({stdin, stdout: tty, env, isSlow = false, ...options}: TerminalOptions): Terminal {
	const capabilities = capabilitiesOf(env);
	const {abilities} = capabilities;
	const end = options.onEnd ?? (code => process.exit(code));
	const isPlain = options.isPlain || isPlainTerminal(env);
	const isInLines = isPlain && (!stdin.isTTY || sendsLines(env));
	const {isUtf8} = capabilities;
	const plain = isPlain ? new PlainOutput(tty, {isUtf8, echoesLines: isInLines}) : undefined;
	const output = plain ?? new ScreenOutput(tty, {...capabilities, isSlow, onMeasured: () => measured()});
	const decoder = createKeyDecoder({isUtf8, onReport: report => output.answered(report)});
	const inLines = isInLines ? createLineInput() : (keys: readonly Key[]) => keys;
	const keyListeners = new Set<(key: Key) => void>();
	const size = live<Size>({columns: output.columns, rows: output.rows});
	// Each change of a screen is a line to be heard, so the plain mode is as calm as a slow terminal.
	const {escapeTimeoutMs} = capabilities;
	const looksNow = (): Looks =>
		output instanceof PlainOutput ? {selection: 'arrow', isSlow: true, escapeTimeoutMs} : looksOf(capabilities, output);
	const looks = live(looksNow());
	const measured = (): void => looks.set(looksNow());
	let typedAhead: Key[] = [];
	let escapeTimer: NodeJS.Timeout | undefined;
	let isOurs = false;

	const tell = (keys: readonly Key[]): void => {
		for (const key of keys) {
			if (keyListeners.size === 0) typedAhead.push(key);
			for (const listener of [...keyListeners]) listener(key);
		}
	};
	const setRaw = (isRaw: boolean): void => {
		if (!isInLines) stdin.setRawMode?.(isRaw);
	};
	const onBytes = (bytes: Buffer): void => {
		stopTimer(escapeTimer);
		tell(inLines(decoder.write(bytes)));
		if (decoder.isPending) escapeTimer = startTimer(() => tell(inLines(decoder.flush())), looks.get().escapeTimeoutMs);
	};
	let hasResized = false;
	const onResize = (): void => {
		hasResized = true;
		output.resized();
		size.set({columns: output.columns, rows: output.rows});
		// Ink draws what React has laid out for the new size, so React goes first; what Ink drew of that already it
		// does not draw again.
		if (!plain) setImmediate(() => output.emit('resize'));
	};
	/** A window that was smaller for a moment has lost what it showed, and Node sees no other size. */
	const onWindow = (): void => {
		if (!hasResized && !plain) output.repaint();
		hasResized = false;
	};
	const take = (): void => {
		if (isOurs) return;
		isOurs = true;
		output.isSilent = false;
		setRaw(true);
		takeInput(stdin);
		if (abilities.marksPaste) output.control(pasteOn);
	};
	const giveBack = (isLast = false): void => {
		if (!isOurs) return;
		isOurs = false;
		output.leave(isLast ? 'last' : 'now', abilities.marksPaste ? pasteOff : '');
		output.isSilent = true;
		setRaw(false);
	};
	const restore = (): void => {
		giveBack(true);
		stopTimer(escapeTimer);
		stdin.off('data', onBytes);
		stdin.off('end', onHangUp);
		stdin.pause();
		tty.off('resize', onResize);
		process.off('SIGWINCH', onWindow);
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
		// It is no longer raw, but Node believes it is.
		setRaw(false);
		setRaw(true);
		if (abilities.marksPaste) output.control(pasteOn);
		noticeSize();
		plain?.sayAgain();
	};
	/** Of a window that changed while the shell had the terminal nobody tells us. */
	const noticeSize = (): void => void process.emit('SIGWINCH', 'SIGWINCH');
	/** An answer on its way, or half a frame, must not meet the shell or a child. */
	const settled = async (): Promise<void> => {
		const end = performance.now() + output.farewellMs;
		while (isOurs && !output.isSettled && performance.now() < end) await setTimeout(5);
	};

	stdin.on('data', onBytes);
	stdin.on('end', onHangUp);
	tty.on('resize', onResize);
	// Node looks at the size at the same signal, and before us.
	process.on('SIGWINCH', onWindow);
	// A terminal that is gone answers EIO; the signal or the end of the input tells us so.
	for (const stream of [tty, stdin]) stream.on('error', () => {});
	process.on('exit', restore);
	process.on('SIGCONT', onContinue);
	for (const signal of Object.keys(endings)) process.on(signal, onSignal);
	take();
	output.ask();

	const handOver = async <T>(work: () => Promise<T>): Promise<T> => {
		const wasAlternate = output.isAlternate;
		await settled();
		giveBack();
		await releaseInput(stdin);
		return work().finally(() => {
			noticeSize();
			take();
			if (wasAlternate) output.enterAgain();
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
		size,
		looks,
		get bytesWritten() {
			return output.bytesWritten;
		},
		plain,
		hold: isUnfinished => output.hold(isUnfinished),
		handOver,
		suspend: () =>
			handOver(async () => {
				process.kill(0, 'SIGTSTP');
				// Runs on after `fg`; at once where there is no shell to stop for. The timer keeps the program alive.
				await setTimeout(100);
			}),
		async close() {
			await settled();
			restore();
		},
		restore,
	};
}

function live<T extends object>(initial: T): Live<T> & {set(next: T): void} {
	const listeners = new Set<() => void>();
	let value = initial;
	return {
		get: () => value,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		set(next) {
			const isSame = Object.entries(next).every(([name, each]) => value[name as keyof T] === each);
			if (isSame) return;
			value = next;
			for (const listener of [...listeners]) listener();
		},
	};
}
