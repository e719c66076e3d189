import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, describe, test} from 'node:test';
import type {Failure} from '../../source/model/failure.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {letter, localFixture, rowsOf} from './local-fixture.ts';

/** A disk of 256 kB, where this may be done. */
const disk = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-small-disk-'));
const isMounted = ((): boolean => {
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', disk], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
})();
const skip = isMounted ? false : 'a small disk can only be mounted by root';

describe('a disk that is full', {skip}, () => {
	after(() => {
		execFileSync('umount', [disk]);
		fs.rmdirSync(disk);
	});

	const filesIn = (root: string, mailbox: string): string[] =>
		['cur', 'new', 'tmp'].flatMap(name =>
			fs.readdirSync(path.join(root, mailbox, name)).map(file => `${name}/${file}`),
		);
	const isFull = (error: Failure) => error.kind === 'refused' && /disk is full/.test(error.sentence);

	test('refuses a message, of which nothing is left then; what was there stays, and with room it goes on', async context => {
		const {dial, root} = localFixture(context, path.join(disk, 'Mail'));
		const {remote} = await dial(inbox);
		await remote.append(inbox, Buffer.from(letter('small')), {flags: [], date: 0});
		const large = Buffer.from(`${letter('large')}${'x'.repeat(300_000)}`);
		await assert.rejects(remote.append(inbox, large, {flags: [], date: 0}), isFull);
		assert.equal(filesIn(root, 'INBOX').length, 1);
		await remote.look();
		assert.equal((await rowsOf(remote)).length, 1);
		const fitting = Buffer.from(`${letter('fitting')}${'x'.repeat(100_000)}`);
		await remote.append(inbox, fitting, {flags: [], date: 0});
		await remote.look();
		assert.equal((await rowsOf(remote)).length, 2);
	});

	test('copies a message all the same, since it is the same file', async context => {
		const {dial, root} = localFixture(context, path.join(disk, 'Mail'));
		const {remote} = await dial(inbox);
		fs.writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(1000));
		try {
			fs.appendFileSync(path.join(disk, 'ballast'), Buffer.alloc(400_000));
		} catch {
			// It is full now.
		}
		assert.equal((await remote.copy('1:2', mailboxPath('Archive')))?.to.length, 2);
		assert.equal(filesIn(root, 'Archive').length, 2);
	});
});
