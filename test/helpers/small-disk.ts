/**
 * A disk that is soon full: a tmpfs of our own, which takes root. Where it cannot be had, a test skips and says why.
 */
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** For the `skip` of a test: false, or why it is skipped. */
export const withoutSmallDisks: string | false = (() => {
	if (process.getuid?.() !== 0) return 'only root may mount a small disk';
	const folder = mkdtempSync(join(tmpdir(), 'bonsai-disk-'));
	const {status} = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], {stdio: 'ignore'});
	if (status === 0) execFileSync('umount', [folder]);
	rmSync(folder, {recursive: true, force: true});
	return status === 0 ? false : 'no small disk can be mounted here';
})();

/** An empty disk of that many kilobytes, gone with the test, or with what else says when it is over. */
export function smallDisk(context: {after(over: () => void): void}, kilobytes: number): string {
	const folder = mkdtempSync(join(tmpdir(), 'bonsai-disk-'));
	execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder]);
	context.after(() => {
		execFileSync('umount', ['-l', folder]);
		rmSync(folder, {recursive: true, force: true});
	});
	return folder;
}

/** The same disk, with what is on it, is that large from now on. */
export const growDisk = (folder: string, kilobytes: number): void =>
	void execFileSync('mount', ['-o', `remount,size=${kilobytes}k`, folder]);
