/**
 * A disk that is soon full: a tmpfs of our own, which takes root. Where it cannot be had, a test skips and says why.
 */
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestContext} from 'node:test';

/** For the `skip` of a test: false, or why it is skipped. */
export const withoutSmallDisks: string | false = (() => {
	if (process.getuid?.() !== 0) return 'only root may mount a small disk';
	const folder = mkdtempSync(join(tmpdir(), 'bonsai-disk-'));
	const {status} = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], {stdio: 'ignore'});
	if (status === 0) execFileSync('umount', [folder]);
	rmSync(folder, {recursive: true, force: true});
	return status === 0 ? false : 'no small disk can be mounted here';
})();

/** An empty disk of that many kilobytes, gone with the test. */
export function smallDisk(context: TestContext, kilobytes: number): string {
	const folder = mkdtempSync(join(tmpdir(), 'bonsai-disk-'));
	execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder]);
	context.after(() => {
		execFileSync('umount', ['-l', folder]);
		rmSync(folder, {recursive: true, force: true});
	});
	return folder;
}
