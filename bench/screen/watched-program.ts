/**
 * A program in a pty whose every octet is counted: how many a key causes, what `ssh -C` would make of them, when the
 * last came. It is answered as its terminal would (answers.ts), and what it shows can be waited for.
 */
import pty from '@lydell/node-pty';
import {Unicode11Addon} from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import {type Answers, createAnswerer} from './answers.ts';
import {createSshBytes} from './ssh-bytes.ts';

type WatchedOptions = {
	readonly command: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	/** Where it runs. */
	readonly folder: string;
	readonly columns: number;
	readonly rows: number;
	readonly answers: Answers;
};

export type Cost = {readonly bytes: number; readonly sshBytes: number; readonly lastMs: number};

const deadlineMs = 30_000;

export class WatchedProgram {
	readonly exited: Promise<void>;
	readonly #terminal: InstanceType<typeof xterm.Terminal>;
	readonly #child: ReturnType<typeof pty.spawn>;
	readonly #ssh = createSshBytes();
	#bytes = 0;
	#counted = 0;
	#sshCounted = 0;
	#lastAt = performance.now();
	#pressedAt = performance.now();
	#hasExited = false;
	#pieces: Buffer[] = [];

	constructor({command, environment, folder, columns, rows, answers}: WatchedOptions) {
		const [file = '', ...words] = command;
		this.#terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0});
		this.#terminal.loadAddon(new Unicode11Addon());
		this.#terminal.unicode.activeVersion = '11';
		const answer = createAnswerer(answers);
		this.#child = pty.spawn(file, words, {
			name: environment.TERM ?? 'dumb',
			cols: columns,
			rows,
			cwd: folder,
			env: environment,
			encoding: null,
		});
		// With `encoding: null` they are bytes, whatever the type says.
		this.#child.onData(data => {
			const burst = data as unknown as Buffer;
			this.#lastAt = performance.now();
			this.#bytes += burst.length;
			this.#pieces.push(burst);
			const said = answer(burst.toString('latin1'));
			if (said !== '') this.#child.write(said);
			this.#ssh.write(burst);
			this.#terminal.write(burst);
		});
		this.exited = new Promise(resolve =>
			this.#child.onExit(() => {
				this.#hasExited = true;
				resolve();
			}),
		);
	}

	/** What is on the screen, row by row. */
	get screen(): string[] {
		const {rows, buffer} = this.#terminal;
		return Array.from({length: rows}, (_, row) =>
			(buffer.active.getLine(buffer.active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
		);
	}

	press(keys: string): void {
		this.#pressedAt = performance.now();
		this.#child.write(keys);
	}

	/** The row the cursor stands on. */
	get cursorRow(): string {
		return this.screen[this.#terminal.buffer.active.cursorY] ?? '';
	}

	async until(isSo: () => boolean, words: string): Promise<void> {
		const end = performance.now() + deadlineMs;
		while (!isSo()) {
			if (this.#hasExited || performance.now() > end)
				throw new Error(`did not come true: ${words}\n${this.screen.join('\n')}`);
			await pause(15);
		}
	}

	/** Until nothing came for so long: late frames count too. */
	async quiet(ms: number): Promise<void> {
		while (!this.#hasExited && performance.now() - Math.max(this.#lastAt, this.#pressedAt) < ms) await pause(10);
		await new Promise<void>(resolve => this.#terminal.write('', resolve));
	}

	/** What was written since this was last asked. */
	async cost(): Promise<Cost> {
		const sshTotal = await this.#ssh.total();
		const cost = {
			bytes: this.#bytes - this.#counted,
			sshBytes: sshTotal - this.#sshCounted,
			lastMs: this.#lastAt - this.#pressedAt,
		};
		[this.#counted, this.#sshCounted] = [this.#bytes, sshTotal];
		return cost;
	}

	/** The octets themselves since this was last asked, to look into. */
	takeOutput(): Buffer {
		const output = Buffer.concat(this.#pieces);
		this.#pieces = [];
		return output;
	}

	async end(): Promise<void> {
		if (!this.#hasExited) process.kill(this.#child.pid, 'SIGKILL');
		await this.exited;
		this.#terminal.dispose();
	}
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
