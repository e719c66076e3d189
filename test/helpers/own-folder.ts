/** A folder of a test's own, gone when the test is over. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';

const made: string[] = [];
const remove = (folder: string): void => fs.rmSync(folder, {recursive: true, force: true, maxRetries: 5});

/** What is still closing when its test is over makes it anew. */
process.once('exit', () => {
	for (const folder of made) remove(folder);
});

export function ownFolder(context: TestContext): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-test-'));
	made.push(folder);
	context.after(() => remove(folder));
	return folder;
}
