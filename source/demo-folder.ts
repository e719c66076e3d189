/** Where what one writes and decides in the demo lies: a folder that goes with the program. Made when it is asked for first. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

let folder: string | undefined;

export function demoFolder(): string {
	if (folder !== undefined) return folder;
	const made = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-demo-'));
	folder = made;
	process.on('exit', () => fs.rmSync(made, {recursive: true, force: true}));
	return made;
}
