/**
 * Parts that another program opens: only when told, from a folder of our own that is gone when the session is.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {partNumber} from '../../source/model/ids.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {until} from '../helpers/waiting.ts';
import {ended, noise, saved, withFiles} from '../helpers/with-files.ts';

const second = partNumber('2');
const preferences = (openCommand: string) => ({preferences: {markRead: true, openCommand}});

test('a part is opened by the command that is configured, and its file is gone with the session', async context => {
	const seen = path.join(ownFolder(context), 'seen');
	const {session, message} = await withFiles(
		context,
		[noise(9000)],
		preferences(`cp() { command cp "$1" ${seen}.bin; echo "$1" > ${seen}.new; mv ${seen}.new ${seen}; exit 7; }; cp`),
	);
	assert.equal(fs.existsSync(seen), false);
	message.open(second);
	const notice = await until(session.notice, each => each?.kind === 'problem');
	assert.match(notice?.text ?? '', /says it cannot open file-1\.bin \(7\)/);
	const file = fs.readFileSync(seen, 'utf8').trim();
	assert.equal(path.basename(file), 'file-1.bin');
	assert.deepEqual(fs.readFileSync(`${seen}.bin`), noise(9000));
	const folder = path.dirname(path.dirname(file));
	assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
	assert.equal(path.dirname(folder), process.env.XDG_RUNTIME_DIR || os.tmpdir());
	await session.close();
	assert.equal(fs.existsSync(folder), false);
});

test('what is only saved is not opened, and is when told', async context => {
	const seen = path.join(ownFolder(context), 'seen');
	const {session, message, folder} = await withFiles(context, [noise(9000)], preferences(`touch ${seen} && cat`));
	const {id} = await saved(session, message, second, path.join(folder, 'a.bin'));
	await session.settled();
	assert.equal(fs.existsSync(seen), false);
	session.openFile(id);
	await until(session.notice, each => /a\.bin is opened/.test(each?.text ?? ''));
	assert.ok(fs.existsSync(path.join(folder, 'a.bin')));
});

test('without a program that opens files that is said, and nothing is fetched', async context => {
	const {session, message, spent} = await withFiles(context, [noise(9000)]);
	await session.settled();
	spent();
	const {PATH} = process.env;
	process.env.PATH = ownFolder(context);
	try {
		message.open(second);
	} finally {
		process.env.PATH = PATH;
	}
	assert.match(session.notice.get()?.text ?? '', /There is no (xdg-)?open here.*"openCommand"/);
	await session.settled();
	assert.deepEqual(session.transfers.get(), []);
	assert.equal(spent().total, 0);
});

test('what a killed program left to be opened is removed by the next', async context => {
	const above = process.env.XDG_RUNTIME_DIR || os.tmpdir();
	const left = fs.mkdtempSync(path.join(above, 'bonsai-open-'));
	fs.writeFileSync(path.join(left, '.of'), '1 of another time');
	const {session, message} = await withFiles(context, [noise(900)], preferences('true'));
	message.open(second);
	const id = session.transfers.get()[0]?.id ?? 0;
	assert.equal((await ended(session, id)).state, 'done');
	assert.equal(fs.existsSync(left), false);
});
