/** A small file that is there whole or as it was before, whatever happens, and only this user's to read. */
import fs from 'node:fs';
import path from 'node:path';

/** On the disk (fsync of file and folder) when it returns. Throws what the file system throws. */
export function writeWhole(file: string, text: string): void {
	const beside = file.replace(/\.[^./\\]*$/, '.new');
	const opened = fs.openSync(beside, 'w', 0o600);
	try {
		fs.writeFileSync(opened, text);
		fs.fsyncSync(opened);
	} finally {
		fs.closeSync(opened);
	}
	fs.renameSync(beside, file);
	syncFolder(path.dirname(file));
}

/** A name that is not on the disk is not there after a crash. */
export function syncFolder(folder: string): void {
	if (process.platform === 'win32') return;
	const opened = fs.openSync(folder, 'r');
	fs.fsyncSync(opened);
	fs.closeSync(opened);
}
