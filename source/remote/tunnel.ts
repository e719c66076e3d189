/**
 * A line that is a command's pipes (`ssh host /usr/lib/dovecot/imap`) instead of a socket. What is counted is what
 * goes through the pipes; what the command makes of it on the real line is the command's.
 *
 * Laws: the command has a session of its own, so that ^C on the terminal does not reach it and it cannot ask anything
 * on our screen; it ends with the connection (SIGTERM, then SIGKILL) and does not outlive the program; what it says
 * on its standard error is only ever the reason why it ended.
 */
import {type ChildProcessByStdio, spawn} from 'node:child_process';
import {Duplex, type Readable, type Writable} from 'node:stream';
import {Failure} from '../model/failure.ts';
import {safeLine} from '../model/safe-text.ts';
import type {Meter} from './meter.ts';

/** How long a command that was told to end may take. */
const patienceMs = 1000;
/** For what it and the server said last to be read. A child of the command may hold its pipes open for much longer. */
const lastWordsMs = 250;
const longestSaying = 4096;

type Exit = {readonly code: number | null; readonly by: NodeJS.Signals | null};
type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const running = new Set<Child>();

process.on('exit', () => {
	for (const child of running) signal(child, 'SIGKILL');
});

/** To the command and its children. */
function signal({pid}: Child, name: NodeJS.Signals): void {
	try {
		if (pid !== undefined) process.kill(-pid, name);
	} catch {
		// All of them had ended.
	}
}

export class Tunnel extends Duplex {
	readonly #child: Child;
	readonly #meter: Meter;
	#said = '';
	#exit: Exit | undefined;
	#isEnding = false;

	/** `onOpen` is told when the command runs. */
	constructor(command: string, meter: Meter, onOpen: () => void) {
		super({allowHalfOpen: false});
		this.#meter = meter;
		const child = spawn(command, {shell: true, stdio: ['pipe', 'pipe', 'pipe'], detached: true});
		this.#child = child;
		running.add(child);
		child.once('spawn', onOpen);
		child.once('error', error => this.destroy(notStarted(error)));
		child.stdout.on('data', (bytes: Buffer) => {
			meter.down(bytes.length);
			if (!this.push(bytes)) child.stdout.pause();
		});
		child.stderr.on('data', (bytes: Buffer) => {
			this.#said = (this.#said + bytes.toString('utf8')).slice(-longestSaying);
		});
		// That it reads no more is told by its end.
		child.stdin.on('error', () => {});
		child.stdout.once('end', () => this.#ending());
		child.once('exit', (code, by) => {
			this.#exit = {code, by};
			this.#ending();
		});
	}

	/** What came before the end is still being taken in; the exit code and the last words are on their way. */
	#ending(): void {
		if (this.#isEnding) return;
		this.#isEnding = true;
		setTimeout(() => this.destroy(tunnelFailure(this.#said, this.#exit)), lastWordsMs).unref();
	}

	override _read(): void {
		this.#child.stdout.resume();
	}

	override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
		this.#meter.up(bytes.length);
		this.#child.stdin.write(bytes, () => done());
	}

	/** What was corked together leaves together: one turn. */
	override _writev(chunks: {chunk: Buffer}[], done: (error?: Error | null) => void): void {
		this._write(Buffer.concat(chunks.map(each => each.chunk)), '', done);
	}

	override _final(done: () => void): void {
		this.#child.stdin.end();
		done();
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		const child = this.#child;
		for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
		signal(child, 'SIGTERM');
		setTimeout(() => {
			signal(child, 'SIGKILL');
			running.delete(child);
		}, patienceMs).unref();
		done(error);
	}
}

const notStarted = (error: Error): Failure =>
	new Failure('denied', safeLine(`The tunnel cannot be started: ${error.message}`), error);

/** Not found, not to be run, or not let in: trying again by itself would change nothing. */
const isHopeless = (said: string, code: number | null | undefined): boolean =>
	code === 126 || code === 127 || /permission denied|host key verification failed/i.test(said);

function tunnelFailure(said: string, exit: Exit | undefined): Failure {
	const lastWords =
		said
			.trim()
			.split(/[\r\n]+/)
			.at(-1) ?? '';
	const reason = lastWords === '' ? '' : `: ${lastWords.replace(/\.$/, '')}`;
	const how = exit === undefined ? '' : exit.code === null ? `, by ${exit.by}` : `, exit code ${exit.code}`;
	const kind = isHopeless(said, exit?.code) ? 'denied' : 'offline';
	return new Failure(kind, safeLine(`The tunnel ended${reason}${how}. Try the command by hand`));
}
