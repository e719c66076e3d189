import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {Failure} from '../../source/model/failure.ts';
import {partNumber} from '../../source/model/ids.ts';
import type {Part} from '../../source/model/part.ts';
import {ours} from '../../source/model/safe-text.ts';
import {FileSink} from '../../source/session/file-sink.ts';

const part: Part = {
	number: partNumber('2'),
	type: 'application',
	subtype: 'pdf',
	parameters: {},
	encoding: 'base64',
	sizeBytes: 8,
	disposition: 'attachment',
	name: ours('a.pdf'),
	description: ours(''),
	children: [],
	envelope: undefined,
};

function target(context: TestContext): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-sink-'));
	context.after(() => fs.rmSync(folder, {recursive: true}));
	return path.join(folder, 'a.pdf');
}

test('octets in any order become the decoded file, under its name only when it is whole', context => {
	const file = target(context);
	const sink = new FileSink(file, part);
	sink.keep(4, Buffer.from('IQ=='));
	assert.equal(sink.heldBytes(), 0);
	assert.equal(fs.existsSync(file), false);
	sink.keep(0, Buffer.from('SGkg'));
	assert.equal(sink.heldBytes(), 8);
	sink.finish(false);
	assert.equal(fs.readFileSync(file, 'utf8'), 'Hi !');
	assert.deepEqual(fs.readdirSync(path.dirname(file)), ['a.pdf']);
});

test('a file that is somebody’s is neither written to nor removed, whatever its name', context => {
	const file = target(context);
	fs.writeFileSync(`${file}.part`, 'mine');
	const sink = new FileSink(file, part);
	sink.keep(0, Buffer.from('SGkhIQ=='));
	fs.writeFileSync(file, 'mine too');
	assert.throws(() => sink.finish(false), {code: 'EEXIST'});
	assert.equal(fs.readFileSync(file, 'utf8'), 'mine too');
	assert.equal(fs.readFileSync(`${file}.part`, 'utf8'), 'mine');
});

test('a disk that takes no more fails this one file, with a sentence', context => {
	const file = target(context);
	const sink = new FileSink(file, part);
	// As good as full: the file cannot be written to any more.
	sink.close();
	assert.throws(
		() => sink.keep(0, Buffer.from('SGkhIQ==')),
		(error: Failure) =>
			error instanceof Failure &&
			/was not saved: the disk says EBADF.*Choose|choose another place/.test(error.sentence),
	);
});

test('two saves to one name at a time are two files', context => {
	const file = target(context);
	const [one, two] = [new FileSink(file, part), new FileSink(file, part)];
	assert.notEqual(one.partialFile, two.partialFile);
	one.abandon();
	two.abandon();
	assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
});
