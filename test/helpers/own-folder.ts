/** A folder of a test's own, gone when the test is over. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';

export function ownFolder(context: TestContext): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-test-'));
	context.after(() => fs.rmSync(folder, {recursive: true, force: true, maxRetries: 5}));
	return folder;
}
