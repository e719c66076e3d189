import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {Writable} from 'node:stream';
import {type TestContext, test} from 'node:test';
import {readCommandLine} from '../source/command-line/command-line.ts';
import type {WantedImport} from '../source/command-line/import-options.ts';
import {createOutput} from '../source/commands/output.ts';
import {Config} from '../source/config.ts';
import {exportCommand, importCommand} from '../source/import-command.ts';

function setUp(context: TestContext) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-import-'));
	context.after(() => fs.rmSync(folder, {recursive: true, force: true}));
	let heard = '';
	const listening = () =>
		new Writable({
			write(bytes, _encoding, done) {
				heard += String(bytes);
				done();
			},
		});
	const output = createOutput({
		stdout: listening(),
		stderr: listening(),
		columns: undefined,
		isWatched: false,
		isAscii: false,
		toAscii: text => text,
	});
	const config = new Config({BONSAI_HOME: path.join(folder, 'home')});
	const run = async (...words: string[]): Promise<{code: number; said: string}> => {
		heard = '';
		const wanted = readCommandLine(words) as WantedImport;
		const code = await (wanted.command === 'import' ? importCommand : exportCommand)(config, wanted, output);
		return {code, said: heard};
	};
	return {folder, config, run};
}

const mbox = 'From a@b Thu Nov 19 08:00:00 2026\nSubject: one\n\n1\n\nFrom a@b Thu Nov 19 08:00:00 2026\nno header\n\n';

test('an mbox goes into local mail, which is there by itself then; what is no message is said with its lines', async context => {
	const {folder, config, run} = setUp(context);
	const file = path.join(folder, 'old.mbox');
	fs.writeFileSync(file, mbox);
	assert.deepEqual(await run('import', file, 'Archive/Old'), {
		code: 1,
		said: `bonsai: lines 6 to 8 of ${file} left out: no message: it has no header\n1 messages imported into Archive/Old, 1 left out\n`,
	});
	assert.deepEqual(
		config.accounts.map(({name}) => name),
		['Local'],
	);
	const again = await run('import', file, 'Archive/Old', '--json');
	assert.match(again.said, /"imported":\[\{"mailbox":"Archive\/Old","messages":0,"wereThere":1,"leftOut":1\}\]/);
	const back = path.join(folder, 'new.mbox');
	assert.equal((await run('export', 'Archive/Old', back)).code, 0);
	assert.match(
		fs.readFileSync(back, 'utf8'),
		/^From MAILER-DAEMON Thu Nov 19 08:00:00 2026\nSubject: one\nStatus: O\n\n1\n\n$/,
	);
	await assert.rejects(run('export', 'Archive/Old', back), /is there already/);
	await run('export', 'Archive/Old', back, '--replace');
	await run('export', 'Archive/Old', `${folder}/maildir/`);
	await run('import', `${folder}/maildir`, 'Again');
	assert.equal(fs.readdirSync(path.join(config.mailFolder, 'Again/cur')).length, 1);
});

test('nothing is imported into a folder on which a disk is not mounted, nor from or to what is not there', async context => {
	const {folder, config, run} = setUp(context);
	const file = path.join(folder, 'old.mbox');
	fs.writeFileSync(file, mbox);
	await run('import', file, 'INBOX');
	const {dialLocal} = await import('../source/local/local-remote.ts');
	const {plainDialling} = await import('./helpers/dialling.ts');
	const index = path.join(config.accountFolder(config.accounts[0]!.name), 'maildir.sqlite');
	const dialled = await dialLocal(index)(
		plainDialling({port: 1, account: {folder: config.mailFolder}}),
		new AbortController().signal,
	);
	await dialled.remote.leave();
	fs.renameSync(config.mailFolder, `${config.mailFolder}.away`);
	fs.mkdirSync(config.mailFolder);
	await assert.rejects(run('import', file, 'INBOX'), /is the disk mounted\?/);
	assert.deepEqual(fs.readdirSync(config.mailFolder), []);
	await assert.rejects(run('import', path.join(folder, 'nothing'), 'INBOX'), /there is no /);
	await assert.rejects(run('import', folder, 'INBOX'), /is the disk mounted\?|without a Maildir/);
	await assert.rejects(run('import', file, 'INBOX', '--account', 'nobody'), /there is no account nobody/);
	await assert.rejects(run('export', 'INBOX', file), /is the disk mounted\?/);
	assert.throws(() => readCommandLine(['import', file]), /into which mailbox/);
});

test('what cannot be a file or a mailbox is refused in a sentence that says why', async context => {
	const {folder, run} = setUp(context);
	const mbox = path.join(folder, 'old.mbox');
	fs.writeFileSync(mbox, 'From a@b Mon Nov 30 03:00:00 2026\nSubject: one\n\nText\n');
	assert.equal((await run('import', mbox, 'Old')).code, 0);
	await assert.rejects(run('export', 'Old', '-'), /name a file, or a folder\/: bonsai export Old old\.mbox/);
	const saidOf = async (...words: string[]): Promise<string> =>
		run(...words).then(
			({said}) => said,
			(error: Error) => error.message,
		);
	assert.match(await saidOf('export', 'Old', path.join(folder, 'nowhere/x')), /there is no such file or folder/);
	assert.match(await saidOf('export', 'Old', path.join(mbox, 'x')), /there is a file where a folder should be/);
	assert.match(await saidOf('import', mbox, 'a//b'), /“a\/\/b” cannot be a mailbox: a name in it is empty/);
	assert.match(await saidOf('import', mbox, 'n'.repeat(300)), /cannot be a mailbox: a name in it is too long/);
});
