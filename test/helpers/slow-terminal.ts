/**
 * A terminal that takes what it is given octet by octet, only when it is told to: `take(25)` is what a line of 250
 * octets a second brings in a tenth of a second. It answers what it has taken, as terminals do. What it has not taken
 * stays in the kernel, and is the program's problem.
 */
import {readSync} from 'node:fs';
import process from 'node:process';
import pty from '@lydell/node-pty';
import {type OracleTerminal, openOracle} from './oracle-terminal.ts';
import {environmentIn, type Home, program} from './screen.ts';

type Internals = {
	readonly fd: number;
	readonly _socket: {pause(): void; readonly _handle: {reading: boolean; readStop(): void}};
};

export class SlowTerminal {
	/** How many octets it has taken in all. */
	taken = 0;
	readonly #child: ReturnType<typeof pty.spawn>;
	readonly #fd: number;
	readonly #oracle: OracleTerminal;
	readonly #exited: Promise<void>;
	#hasExited = false;

	constructor(home: Home, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
		this.#child = pty.spawn(process.execPath, [program, ...args], {
			name: 'xterm-256color',
			cols: 80,
			rows: 24,
			cwd: home.path,
			env: {...environmentIn(home), ...env},
			encoding: null,
		});
		const {fd, _socket} = this.#child as unknown as Internals;
		this.#fd = fd;
		// node-pty would read all there is, which no slow terminal does.
		const stop = (): void => {
			_socket.pause();
			_socket._handle.reading = false;
			_socket._handle.readStop();
		};
		stop();
		// A resume that node-pty had scheduled reads once more, and what it takes is lost.
		setImmediate(stop);
		this.#oracle = openOracle(80, 24);
		this.#oracle.terminal.onData(answer => this.#child.write(answer));
		this.#exited = new Promise(resolve =>
			this.#child.onExit(() => {
				this.#hasExited = true;
				resolve();
			}),
		);
	}

	get text(): string {
		return this.#oracle.text().join('\n');
	}

	press(...keys: readonly string[]): void {
		for (const key of keys) this.#child.write(key);
	}

	/** Takes at most so many octets of what is there; says how many there were. */
	async take(most: number): Promise<number> {
		const octets = Buffer.alloc(most);
		let count = 0;
		try {
			count = readSync(this.#fd, octets, 0, most, null);
		} catch (error) {
			// Nothing is there.
			if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
		}
		this.taken += count;
		await this.#oracle.write(octets.subarray(0, count));
		return count;
	}

	/** Goes on taking so many octets, a hundred times a second, until this is seen. The test's own time limit ends it. */
	async takesUntil(wanted: string | RegExp, each = 1000): Promise<void> {
		const isSeen = (): boolean => (typeof wanted === 'string' ? this.text.includes(wanted) : wanted.test(this.text));
		while (!isSeen()) {
			if (this.#hasExited) throw new Error(`it ended without showing ${wanted}\n${this.text}`);
			await this.take(each);
			await new Promise(resolve => setTimeout(resolve, 10));
		}
	}

	async close(): Promise<void> {
		if (!this.#hasExited) process.kill(this.#child.pid, 'SIGKILL');
		await this.#exited;
		this.#oracle.dispose();
	}
}
