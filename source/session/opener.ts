/**
 * Files for another program to open: in a folder nobody else can read, which is gone when the program ends, and opened
 * only when the user says so (law 10).
 */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {Failure} from '../model/failure.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import {isAlive, ownIdentity} from './process-identity.ts';
import type {Tell} from './session.ts';

const prefix = 'bonsai-open-';
const identityFile = '.of';

/** The system's own, where it has one. */
const systemOpener = process.platform === 'darwin' ? 'open' : 'xdg-open';

export class Opener {
	readonly #command: string;
	readonly #tell: Tell;
	#folder: string | undefined;
	readonly #removeAtExit = () => this.close();

	/** `command` gets the file as its last word; '' is the system's own. */
	constructor(command: string, tell: Tell) {
		this.#command = command;
		this.#tell = tell;
	}

	/** A folder for one file. Throws what the file system throws, and a Failure when nothing here could open it. */
	makeFolder(): string {
		this.#words();
		if (this.#folder === undefined) {
			const above = process.env.XDG_RUNTIME_DIR || os.tmpdir();
			sweep(above);
			this.#folder = fs.mkdtempSync(path.join(above, prefix));
			fs.chmodSync(this.#folder, 0o700);
			fs.writeFileSync(path.join(this.#folder, identityFile), ownIdentity(), {mode: 0o600});
			process.once('exit', this.#removeAtExit);
		}
		return fs.mkdtempSync(path.join(this.#folder, 'file-'));
	}

	open(file: string): void {
		const [program, ...words] = this.#words();
		const child = spawn(program as string, [...words, file], {stdio: 'ignore', detached: true});
		child.unref();
		const name = path.basename(file);
		this.#tell('done', safeLine(`${name} is opened`));
		child.on('error', error => this.#tell('problem', safeLine(`${name} cannot be opened: ${error.message}`)));
		child.on('exit', code => {
			if (code)
				this.#tell('problem', safeLine(`${this.#command || systemOpener} says it cannot open ${name} (${code})`));
		});
	}

	/** A configured command may have words of its own, as in a shell. */
	#words(): string[] {
		if (this.#command !== '') return ['/bin/sh', '-c', `${this.#command} "$1"`, 'sh'];
		const folders = (process.env.PATH ?? '').split(path.delimiter);
		if (folders.some(folder => folder !== '' && fs.existsSync(path.join(folder, systemOpener)))) return [systemOpener];
		throw new Failure(
			'refused',
			ours(`There is no ${systemOpener} here to open files with. Name a program as "openCommand" in the configuration`),
		);
	}

	close(): void {
		process.off('exit', this.#removeAtExit);
		if (this.#folder !== undefined) fs.rmSync(this.#folder, {recursive: true, force: true});
		this.#folder = undefined;
	}
}

/** What a program that was killed has left. */
function sweep(above: string): void {
	for (const name of fs.readdirSync(above)) {
		if (!name.startsWith(prefix)) continue;
		try {
			const folder = path.join(above, name);
			if (!isAlive(fs.readFileSync(path.join(folder, identityFile), 'utf8'))) {
				fs.rmSync(folder, {recursive: true, force: true});
			}
		} catch {
			// Somebody else's, or one that is being made.
		}
	}
}
