/**
 * Disks that take no more, or nothing at all: one download fails with a sentence that says what to do, and goes on when
 * there is room. On small disks of their own, which only root may mount.
 */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {partNumber} from '../../source/model/ids.ts';
import {ended, noise, saved, withFiles} from '../helpers/with-files.ts';

const second = partNumber('2');

/** A disk of so many bytes; undefined, and the test skipped, where mounting is refused. */
function ownDisk(context: TestContext, options: string): string | undefined {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-disk-'));
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], {stdio: 'pipe'});
	} catch (error) {
		fs.rmdirSync(folder);
		context.skip(`no disk can be mounted here: ${(error as Error).message.split('\n').at(-2)}`);
		return undefined;
	}
	context.after(() => {
		execFileSync('umount', ['-l', folder]);
		fs.rmdirSync(folder);
	});
	return folder;
}

test('a full disk is said, nothing short stands under the name, and it goes on when there is room', async context => {
	const disk = ownDisk(context, 'size=512k');
	if (disk === undefined) return;
	const octets = noise(400_000);
	const {session, message, spent} = await withFiles(context, [octets]);
	fs.writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(300_000));
	const file = path.join(disk, 'a.bin');
	const failed = await saved(session, message, second, file);
	assert.equal(failed.state, 'failed');
	assert.match(failed.because, /a\.bin was not saved: the disk is full\. What came is in .*a\.bin\.part\. Make room/);
	assert.equal(session.notice.get()?.kind, 'problem');
	await session.settled();
	assert.equal(fs.existsSync(file), false);
	const held = fs.statSync(`${file}.part`).size;
	assert.ok(held > 0);
	fs.rmSync(path.join(disk, 'ballast'));
	spent();
	session.resume(failed.id);
	assert.equal((await ended(session, failed.id)).state, 'done');
	assert.deepEqual(fs.readFileSync(file), octets);
	assert.deepEqual(fs.readdirSync(disk), ['a.bin']);
	assert.ok(spent().total < 420_000);
});

test('a full disk that takes not even the first octet fails that save alone', async context => {
	const disk = ownDisk(context, 'size=64k');
	if (disk === undefined) return;
	const {session, message, folder} = await withFiles(context, [noise(100_000)]);
	fs.writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(64 * 1024));
	const failed = await saved(session, message, second, path.join(disk, 'a.bin'));
	assert.equal(failed.state, 'failed');
	assert.match(failed.because, /a\.bin was not saved: the disk is full/);
	await session.settled();
	assert.deepEqual(fs.readdirSync(disk), ['ballast']);
	assert.equal((await saved(session, message, second, path.join(folder, 'a.bin'))).state, 'done');
});

test('a folder that cannot be written to is said before anything is asked for', async context => {
	const disk = ownDisk(context, 'size=64k,ro');
	if (disk === undefined) return;
	const {session, message, spent} = await withFiles(context, [noise(50_000)]);
	await session.settled();
	spent();
	const failed = await saved(session, message, second, path.join(disk, 'a.bin'));
	assert.equal(failed.state, 'failed');
	assert.match(failed.because, /a\.bin was not saved: the disk is read-only\. Choose another place$/);
	await session.settled();
	assert.equal(spent().total, 0);
});

test('a folder that is not there, a file for a folder, and a name that is too long are said', async context => {
	const {session, message, folder} = await withFiles(context, [noise(5000)]);
	fs.writeFileSync(path.join(folder, 'file'), '');
	const cases = [
		[path.join(folder, 'no', 'a.bin'), /the folder does not exist/],
		[path.join(folder, 'file', 'a.bin'), /the folder does not exist/],
		[path.join(folder, 'x'.repeat(252)), /the name is too long/],
	] as const;
	for (const [file, words] of cases) {
		const {state, because} = await saved(session, message, second, file);
		assert.equal(state, 'failed');
		assert.match(because, words);
		assert.match(because, /Choose another place$/);
	}
	message.saveAll([second], path.join(folder, 'no'));
	assert.match(session.notice.get()?.text ?? '', /is no folder: nothing was saved/);
	assert.deepEqual(fs.readdirSync(folder), ['file']);
});

test('downloads that cannot be remembered are said to be so, and come all the same', async context => {
	const disk = ownDisk(context, 'size=64k,ro');
	if (disk === undefined) return;
	const {session, message, folder} = await withFiles(context, [noise(5000)], {folder: disk});
	const notices: string[] = [];
	session.notice.subscribe(() => notices.push(session.notice.get()?.text ?? ''));
	assert.equal((await saved(session, message, second, path.join(folder, 'a.bin'))).state, 'done');
	await session.settled();
	assert.deepEqual(fs.readFileSync(path.join(folder, 'a.bin')), noise(5000));
});
