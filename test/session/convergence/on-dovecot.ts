/**
 * Seeds on a real Dovecot (dovecot-world.ts), which is started for all of them and stopped again. With `convergence` of the
 * bench: `run-seeds.ts FIRST LAST dovecot`.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {startDovecot} from '../../helpers/dovecot.ts';
import {startDovecotWorld} from './dovecot-world.ts';
import {type Ran, runSeed} from './run-seed.ts';

type Play = (seed: number, count: number) => Promise<Ran>;

export async function onDovecot(play: (play: Play) => Promise<void>): Promise<void> {
	const dovecot = await startDovecot();
	try {
		await play((seed, count) => {
			const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-maildir-'));
			return runSeed(seed, count, () => startDovecotWorld(dovecot, seed, folder));
		});
	} finally {
		await dovecot.stop();
	}
}
