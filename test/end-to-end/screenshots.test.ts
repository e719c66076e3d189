/** No screen changes unseen: what the program shows is what stands in screenshots/. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {describe, test} from 'node:test';
import {maskOf, shots, textOf, visit} from '../../screenshots/screens.ts';

describe('screenshots', {concurrency: 3}, () => {
	for (const shot of shots) {
		test(`the screen "${shot.name}" is as it was when somebody last looked at it`, async () => {
			const file = new URL(`../../screenshots/${shot.name}.txt`, import.meta.url);
			const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
			const bonsai = await visit(shot);
			const now = textOf(bonsai);
			await bonsai.close();
			assert.equal(
				maskOf(now),
				maskOf(before),
				`${shot.words}: this screen has changed. Run: npm run screenshots, look at screenshots/${shot.name}.png, and commit it.\n\n${now}`,
			);
		});
	}
});
