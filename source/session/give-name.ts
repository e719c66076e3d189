/**
 * Gives a finished file its name, without ever taking another file's away unasked.
 */
import fs from 'node:fs';
import path from 'node:path';

const hasNoLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK']);

/** Throws what the file system throws; EEXIST where a file of that name appeared meanwhile. */
export function giveName(partial: string, target: string, mayReplace: boolean): void {
	if (mayReplace) fs.renameSync(partial, target);
	else link(partial, target);
	syncFolder(path.dirname(target));
}

/** A link is refused where a file of that name is; a rename would replace it. */
function link(partial: string, target: string): void {
	try {
		if (!isSameFile(partial, target)) fs.linkSync(partial, target);
		fs.unlinkSync(partial);
	} catch (error) {
		if (!hasNoLinks.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
		// Sticks and some network disks have no links: the name is taken first, which also fails where it is taken.
		fs.closeSync(fs.openSync(target, 'wx', 0o600));
		fs.renameSync(partial, target);
	}
}

/** We were ended between the two steps. */
function isSameFile(one: string, other: string): boolean {
	const [first, second] = [one, other].map(name => fs.statSync(name, {throwIfNoEntry: false}));
	return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}

/** The name is on the disk too. Some systems cannot sync a folder, and the file is there all the same. */
function syncFolder(folder: string): void {
	try {
		const file = fs.openSync(folder, 'r');
		fs.fsyncSync(file);
		fs.closeSync(file);
	} catch {
		// As said.
	}
}
