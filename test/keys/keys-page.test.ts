import assert from 'node:assert/strict';
import fs from 'node:fs';
import {test} from 'node:test';
import {keysPage, keysPageFile} from '../../docs/keys-page.ts';
import {readKeymap} from '../../source/keys/read-keymap.ts';

test('docs/keys.md is what the tables say (npm run keys-page writes it)', () => {
	assert.equal(fs.readFileSync(keysPageFile, 'utf8'), keysPage());
});

test('what docs/keys.md and the readme show as an example can be used', () => {
	for (const file of [keysPageFile, 'readme.md']) {
		const [, example = ''] = /^ {4}"keys": (\{[\s\S]*?\}\s*\})$/m.exec(fs.readFileSync(file, 'utf8')) ?? [];
		const read = readKeymap(JSON.parse(example));
		assert.ok('keymap' in read, `${file}: ${'problem' in read ? read.problem : ''}`);
	}
});
