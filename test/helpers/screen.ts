/**
 * The real program in a real pseudo-terminal, with a real terminal emulator (xterm.js) to look at: what an end-to-end
 * test presses and sees.
 *
 *     const bonsai = openBonsai({args: ['demo'], home});
 *     await bonsai.sees('Line up until 19:00');
 *     bonsai.press('Enter');
 *     await bonsai.sees('The satellite is above the horizon');
 *     bonsai.kill();
 *
 * Laws: the child's environment is made here and inherits only PATH (a `CI` or `NO_COLOR` of the outer shell must not
 * reach it); waiting is for what is on the screen, with a deadline that shows the screen; no child outlives its test.
 * It is built before: `npm test` does that.
 */
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, dirname, join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import pty from '@lydell/node-pty';
import {Unicode11Addon} from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import {demoNow} from '../../source/demo/server.ts';

/** What `npm run build` makes. */
export const program =
	process.env.BONSAI_TEST_PROGRAM ?? fileURLToPath(new URL('../../dist/bonsai.js', import.meta.url));

/** What a key sends; what is not in here is sent as text. */
const keys: Readonly<Record<string, string>> = {
	Enter: '\r',
	Escape: '\x1b',
	Tab: '\t',
	'Shift+Tab': '\x1b[Z',
	Space: ' ',
	Backspace: '\x7f',
	Up: '\x1b[A',
	Down: '\x1b[B',
	Right: '\x1b[C',
	Left: '\x1b[D',
	Home: '\x1b[H',
	End: '\x1b[F',
	PageUp: '\x1b[5~',
	PageDown: '\x1b[6~',
	F1: '\x1bOP',
	'Ctrl+c': '\x03',
	'Ctrl+d': '\x04',
	'Ctrl+l': '\x0c',
	'Ctrl+u': '\x15',
	'Ctrl+z': '\x1a',
};

export type OpenOptions = {
	readonly args?: readonly string[];
	/** Over what every test has; undefined takes a variable away. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly columns?: number;
	readonly rows?: number;
	/** Of ownHome(); else one of its own, gone with the program. */
	readonly home?: Home;
	/** Instead of Node with Bonsai: a shell, say. */
	readonly command?: readonly string[];
};

/** A folder of one test's own, with everything in it the program may ever write to. */
export type Home = {
	readonly path: string;
	readonly environment: Readonly<Record<string, string>>;
	readonly remove: () => void;
};

export function ownHome(): Home {
	const path = mkdtempSync(join(tmpdir(), 'bonsai-e2e-'));
	const folder = (name: string): string => {
		const made = join(path, name);
		mkdirSync(made, {mode: 0o700});
		return made;
	};
	return {
		path,
		environment: {
			HOME: path,
			BONSAI_HOME: folder('bonsai'),
			TMPDIR: folder('tmp'),
			XDG_CONFIG_HOME: folder('xdg-config'),
			XDG_DATA_HOME: folder('xdg-data'),
			XDG_STATE_HOME: folder('xdg-state'),
			XDG_CACHE_HOME: folder('xdg-cache'),
			XDG_RUNTIME_DIR: folder('xdg-runtime'),
		},
		remove: () => rmSync(path, {recursive: true, force: true, maxRetries: 10, retryDelay: 50}),
	};
}

/** The environment of the program, and nothing of ours. */
export const environmentIn = (home: Home): Record<string, string> => ({
	...home.environment,
	PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
	LC_ALL: 'C.UTF-8',
	TZ: 'UTC',
	TERM: 'xterm-256color',
	BONSAI_CLOCK: String(demoNow),
});

const deadlineMs = 40_000;
const alive = new Set<Bonsai>();
process.on('exit', () => {
	for (const bonsai of alive) bonsai.kill();
});

export const openBonsai = (options: OpenOptions = {}): Bonsai => new Bonsai(options);

export class Bonsai {
	readonly home: Home;
	/** With the exit code, or 128 and the signal. */
	readonly exited: Promise<number>;
	readonly terminal: InstanceType<typeof xterm.Terminal>;
	/** What the terminal was told to be called. A mail client tells it nothing. */
	readonly titles: string[] = [];
	/** What the terminal answered to questions in the output. */
	readonly answers: string[] = [];
	readonly #child: ReturnType<typeof pty.spawn>;
	readonly #pieces: Buffer[] = [];
	readonly #frames: string[] = [];
	readonly #lookers = new Set<() => void>();
	#exitCode: number | undefined;
	/** Between the beginning and the end of a synchronised update the screen is half of one frame and half of another. */
	#isDrawing = false;

	constructor({args = [], env = {}, columns = 80, rows = 24, home = ownHome(), command}: OpenOptions) {
		this.home = home;
		const environment = Object.fromEntries(
			Object.entries({...environmentIn(home), ...env}).filter(([, value]) => value !== undefined),
		);
		this.terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0});
		this.terminal.loadAddon(new Unicode11Addon());
		this.terminal.unicode.activeVersion = '11';
		for (const final of ['h', 'l']) {
			this.terminal.parser.registerCsiHandler({prefix: '?', final}, modes => {
				if (modes.includes(2026)) this.#isDrawing = final === 'h';
				return false;
			});
		}
		this.terminal.onTitleChange(title => this.titles.push(title));
		const [file = process.execPath, ...words] = command ?? [process.execPath, program, ...args];
		this.#child = pty.spawn(file, words, {
			name: environment.TERM ?? 'dumb',
			cols: columns,
			rows,
			cwd: home.path,
			env: environment,
			encoding: null,
		});
		alive.add(this);
		this.terminal.onData(answer => {
			this.answers.push(answer);
			this.#child.write(answer);
		});
		// With `encoding: null` they are bytes, whatever the type says.
		this.#child.onData(data => this.#heard(data as unknown as Buffer));
		this.exited = new Promise(resolve => {
			this.#child.onExit(({exitCode, signal}) => {
				this.#exitCode = signal ? 128 + signal : exitCode;
				alive.delete(this);
				// What it wrote last is parsed before anybody looks.
				this.terminal.write('', () => {
					this.#isDrawing = false;
					this.#look();
					resolve(this.#exitCode ?? 0);
				});
			});
		});
	}

	#heard(bytes: Buffer): void {
		this.#pieces.push(bytes);
		this.terminal.write(bytes, () => this.#look());
	}

	#look(): void {
		if (this.#isDrawing) return;
		const frame = this.text;
		if (frame !== this.#frames.at(-1)) this.#frames.push(frame);
		for (const look of [...this.#lookers]) look();
	}

	get pid(): number {
		return this.#child.pid;
	}

	/** All the program wrote, byte for byte. */
	get output(): Buffer {
		return Buffer.concat(this.#pieces);
	}

	/** The rows of the screen, without the spaces at their ends. */
	get screen(): string[] {
		const {cols, rows, buffer} = this.terminal;
		const {active} = buffer;
		// A line may be longer than the window, after it became narrower.
		return Array.from(
			{length: rows},
			(_, row) => active.getLine(active.baseY + row)?.translateToString(true, 0, cols) ?? '',
		);
	}

	get text(): string {
		return this.screen.join('\n');
	}

	/** From 0. */
	get cursor(): {readonly row: number; readonly column: number} {
		const {cursorX, cursorY} = this.terminal.buffer.active;
		return {row: cursorY, column: cursorX};
	}

	/** The row the cursor stands on, which is the selected one in a list. */
	get cursorRow(): string {
		return this.screen[this.cursor.row] ?? '';
	}

	/** Keys by name, else text that is typed. An Escape is only over when what it does is seen. */
	press(...names: readonly string[]): void {
		for (const name of names) this.#child.write(keys[name] ?? name);
	}

	/** Waits until it is on the screen. */
	async sees(wanted: string | RegExp): Promise<RegExpExecArray | undefined> {
		let match: RegExpExecArray | undefined;
		await this.#until(
			() => {
				if (typeof wanted === 'string') return this.text.includes(wanted);
				match = wanted.exec(this.text) ?? undefined;
				return match !== undefined;
			},
			() => `did not see ${typeof wanted === 'string' ? JSON.stringify(wanted) : wanted}`,
		);
		return match;
	}

	/** Presses a key until it is seen: for an end that moves while more comes. */
	pressUntil(key: string, wanted: string | RegExp): Promise<void> {
		return eventually(() => {
			if (isIn(this.text, wanted)) return true;
			this.press(key);
			return false;
		}, `${key} until ${wanted}`);
	}

	/** Waits until it is no longer on the screen. */
	seesNoMore(unwanted: string | RegExp): Promise<void> {
		return this.#until(
			() => !isIn(this.text, unwanted),
			() => `still sees ${unwanted}`,
		);
	}

	/** Waits until the cursor stands on such a row. */
	standsOn(wanted: string | RegExp): Promise<void> {
		return this.#until(
			() => isIn(this.cursorRow, wanted),
			() => `the cursor does not stand on ${wanted}, but on ${JSON.stringify(this.cursorRow)}`,
		);
	}

	/** Whether it has ever been on the screen. */
	hasShown(text: string | RegExp): boolean {
		return this.#frames.some(frame => isIn(frame, text));
	}

	resize(columns: number, rows: number): void {
		this.terminal.resize(columns, rows);
		this.#child.resize(columns, rows);
	}

	signal(name: NodeJS.Signals): void {
		this.#child.kill(name);
	}

	/** The terminal's window is closed: the program's side of it hangs up. */
	closeWindow(): void {
		(this.#child as unknown as {destroy(): void}).destroy();
	}

	/** At once and without a word, as `kill -9`. */
	kill(): void {
		if (this.#exitCode !== undefined) return;
		try {
			process.kill(this.pid, 'SIGKILL');
		} catch {
			// It was gone already.
		}
	}

	/** Kills it and removes its folder. */
	async close(): Promise<void> {
		this.kill();
		await this.exited;
		this.terminal.dispose();
		this.home.remove();
	}

	#until(isSo: () => boolean, complaint: () => string): Promise<void> {
		return new Promise((resolve, reject) => {
			const settle = (finish: () => void): void => {
				clearTimeout(timer);
				this.#lookers.delete(look);
				finish();
			};
			const fail = (why: string): void => settle(() => reject(new Error(`${complaint()} ${why}\n${this.#portrait()}`)));
			const look = (): void => {
				if (!this.#isDrawing && isSo()) settle(resolve);
				else if (this.#exitCode !== undefined) fail(`and the program has ended (${this.#exitCode})`);
			};
			const timer = setTimeout(() => fail(`within ${deadlineMs / 1000} s`), deadlineMs);
			this.#lookers.add(look);
			look();
		});
	}

	#portrait(): string {
		const line = '-'.repeat(this.terminal.cols);
		const rows = this.screen.map(row => `|${row.padEnd(this.terminal.cols)}|`);
		return [`+${line}+`, ...rows, `+${line}+`, `cursor: row ${this.cursor.row}, column ${this.cursor.column}`].join(
			'\n',
		);
	}
}

const isIn = (text: string, wanted: string | RegExp): boolean =>
	typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);

/** For what cannot be seen on the screen: asks again and again until it is so. */
export async function eventually(isSo: () => boolean | Promise<boolean>, words: string): Promise<void> {
	const end = Date.now() + deadlineMs;
	while (!(await isSo())) {
		if (Date.now() > end) throw new Error(`did not come true within ${deadlineMs / 1000} s: ${words}`);
		await new Promise(resolve => setTimeout(resolve, 20));
	}
}
