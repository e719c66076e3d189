/**
 * The pair of a `.part` and its sidecar: whole or to be gone on with at every instant, and never somebody else's file.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {OtherOctets} from '../../source/session/download.ts';
import {PartFile, type PartFileOptions} from '../../source/session/part-file.ts';
import {type PartOrigin, readSidecar} from '../../source/session/part-sidecar.ts';
import {ownFolder} from '../helpers/own-folder.ts';

const content = Buffer.from(Array.from({length: 6000}, (_, index) => (index * 7919) % 256));
const sent = Buffer.from(content.toString('base64').replaceAll(/.{76}/g, '$&\r\n'));

const origin: PartOrigin = {
	account: 'work',
	mailbox: 'INBOX',
	uidValidity: 7,
	uid: 12,
	part: '2',
	sizeBytes: sent.length,
	encoding: 'base64',
};

function target(context: TestContext): string {
	const folder = ownFolder(context);
	return path.join(folder, 'a.pdf');
}

const openAt = (file: string, change: Partial<PartFileOptions> = {}): PartFile =>
	new PartFile({
		target: file,
		origin,
		form: 'as-sent',
		onRoom: () => {},
		onFailure: error => {
			throw error;
		},
		...change,
	});

test('octets in any order become the decoded file, under its name only when it is whole', async context => {
	const file = target(context);
	const part = openAt(file);
	part.keep(4000, sent.subarray(4000));
	assert.equal(part.heldBytes(), 0);
	assert.equal(fs.existsSync(file), false);
	part.keep(0, sent.subarray(0, 4000));
	assert.equal(part.heldBytes(), sent.length);
	await part.finish(false);
	assert.deepEqual(fs.readFileSync(file), content);
	assert.deepEqual(fs.readdirSync(path.dirname(file)), ['a.pdf']);
});

test('what was cut anywhere is gone on with, whatever the encoding holds back there', async context => {
	for (const cut of [0, 1, 2, 3, 77, 78, 79, 513, 4001, sent.length - 1]) {
		const file = target(context);
		const first = openAt(file);
		first.keep(0, sent.subarray(0, cut));
		await first.close();
		const second = openAt(file);
		assert.equal(second.resumedBytes, cut);
		// The last octets come once more.
		assert.equal(second.heldBytes(), Math.max(0, cut - 512));
		second.keep(second.heldBytes(), sent.subarray(second.heldBytes()));
		await second.finish(false);
		assert.deepEqual(fs.readFileSync(file), content, `cut at ${cut}`);
		assert.deepEqual(fs.readdirSync(path.dirname(file)), ['a.pdf']);
	}
});

test('what is in the .part beyond what its sidecar vouches for is written again', async context => {
	const file = target(context);
	const first = openAt(file);
	first.keep(0, sent.subarray(0, 3000));
	await first.close();
	fs.appendFileSync(`${file}.part`, Buffer.alloc(9000, '!'));
	const second = openAt(file);
	assert.equal(second.resumedBytes, 3000);
	second.keep(second.heldBytes(), sent.subarray(second.heldBytes()));
	await second.finish(false);
	assert.deepEqual(fs.readFileSync(file), content);
});

test('a .part that holds less than its sidecar vouches for is begun anew', async context => {
	const file = target(context);
	const first = openAt(file);
	first.keep(0, sent.subarray(0, 3000));
	await first.close();
	fs.truncateSync(`${file}.part`, 100);
	const second = openAt(file);
	assert.equal(second.resumedBytes, 0);
	second.keep(0, sent);
	await second.finish(false);
	assert.deepEqual(fs.readFileSync(file), content);
});

test('other octets the second time are noticed before one is added', async context => {
	const file = target(context);
	const first = openAt(file);
	first.keep(0, sent.subarray(0, 3000));
	await first.close();
	const second = openAt(file);
	const other = Buffer.from(sent.subarray(second.heldBytes(), 4000));
	other[17] = 0x21;
	assert.throws(() => second.keep(second.heldBytes(), other), OtherOctets);
	await second.close();
	assert.equal(readSidecar(`${file}.part`)?.mark.sentBytes, 3000);
});

test('the .part of another part, message or numbering is left alone, and the next name taken', async context => {
	const others: Partial<PartOrigin>[] = [
		{account: 'home'},
		{mailbox: 'Archive'},
		{uidValidity: 8},
		{uid: 13},
		{part: '3'},
		{sizeBytes: 9},
		{encoding: '7bit'},
	];
	for (const other of others) {
		const file = target(context);
		const first = openAt(file, {origin: {...origin, ...other}});
		first.keep(0, Buffer.from('U29tZWJvZHkgZWxzZQ=='));
		await first.close();
		const before = fs.readFileSync(`${file}.part`);
		const second = openAt(file);
		assert.equal(second.resumedBytes, 0);
		assert.deepEqual(second.foreign, [`${file}.part`]);
		second.keep(0, sent);
		await second.finish(false);
		assert.deepEqual(fs.readFileSync(file), content);
		assert.deepEqual(fs.readFileSync(`${file}.part`), before);
	}
});

test('a file that is somebody’s is neither written to nor removed, whatever its name', async context => {
	const file = target(context);
	fs.writeFileSync(`${file}.part`, 'mine');
	const part = openAt(file);
	part.keep(0, sent);
	fs.writeFileSync(file, 'mine too');
	await assert.rejects(part.finish(false), {code: 'EEXIST'});
	await part.close();
	assert.equal(fs.readFileSync(file, 'utf8'), 'mine too');
	assert.equal(fs.readFileSync(`${file}.part`, 'utf8'), 'mine');
	assert.deepEqual(fs.readFileSync(`${file}.2.part`), content);
});

test('two saves to one name at a time are two files', async context => {
	const file = target(context);
	const [one, two] = [openAt(file), openAt(file)];
	assert.notEqual(one.partialFile, two.partialFile);
	assert.deepEqual(two.held, [one.partialFile]);
	await Promise.all([one.abandon(), two.abandon()]);
	assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
});

test('a part that came decoded goes on decoded, and one that comes otherwise begins anew in the same file', async context => {
	const file = target(context);
	const first = openAt(file, {form: 'decoded'});
	first.keep(0, content.subarray(0, 3000));
	await first.close();
	const second = openAt(file, {form: 'as-sent'});
	assert.equal(second.form, 'decoded');
	assert.equal(second.resumedBytes, 3000);
	await second.restart('as-sent');
	assert.equal(second.heldBytes(), 0);
	second.keep(0, sent);
	await second.finish(false);
	assert.deepEqual(fs.readFileSync(file), content);
	assert.deepEqual(fs.readdirSync(path.dirname(file)), ['a.pdf']);
});

test('what waits for the disk is bounded, and there is room again when it is written', async context => {
	const file = target(context);
	const {promise, resolve} = Promise.withResolvers<void>();
	const part = openAt(file, {onRoom: resolve, origin: {...origin, encoding: 'binary'}});
	const before = part.roomBytes();
	part.keep(0, Buffer.alloc(before));
	assert.equal(part.roomBytes(), 0);
	await promise;
	assert.equal(part.roomBytes(), before);
	await part.abandon();
});

test('one that was whole when the program was ended is finished without another octet', async context => {
	const file = target(context);
	const first = openAt(file);
	first.keep(0, sent);
	fs.mkdirSync(file);
	await assert.rejects(first.finish(false));
	await first.close();
	fs.rmdirSync(file);
	const second = openAt(file);
	assert.ok(second.isWhole);
	await second.finish(false);
	assert.deepEqual(fs.readFileSync(file), content);
	assert.deepEqual(fs.readdirSync(path.dirname(file)), ['a.pdf']);
});
