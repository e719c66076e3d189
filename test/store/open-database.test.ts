import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {mailboxPath} from '../../source/model/ids.ts';
import {Facts, factsFile} from '../../source/store/facts.ts';
import {OperationLog} from '../../source/store/log.ts';

function folder(context: TestContext): string {
	const made = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-modes-'));
	context.after(() => fs.rmSync(made, {recursive: true}));
	return made;
}

/** Of all files in it, those that others may read. */
const open = (at: string): string[] =>
	fs.readdirSync(at).filter(file => (fs.statSync(path.join(at, file)).mode & 0o077) !== 0);

function write(at: string): void {
	const facts = new Facts(path.join(at, factsFile), () => true);
	facts.learnMailbox(mailboxPath('INBOX'), 7);
	const log = new OperationLog(at);
	log.hold();
	log.record({kind: 'create', mailbox: mailboxPath('New')}, [], {madeAt: 0});
}

test('facts and log are for their user alone, whatever the umask and the folder', context => {
	const before = process.umask(0o022);
	context.after(() => process.umask(before));
	const at = folder(context);
	fs.chmodSync(at, 0o755);
	write(at);
	assert.ok(fs.readdirSync(at).length >= 5, 'with their journals');
	assert.deepEqual(open(at), []);
});

test('files of an earlier version that others may read are closed to them', context => {
	const at = folder(context);
	for (const file of [factsFile, 'log.sqlite', 'drain.lock']) {
		fs.writeFileSync(path.join(at, file), '');
		fs.chmodSync(path.join(at, file), 0o644);
	}
	write(at);
	assert.deepEqual(open(at), []);
});
