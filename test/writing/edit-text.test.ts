/** Which editor one writes with, and what becomes of it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {editorOf, runEditor} from '../../source/writing/edit-text.ts';
import {ownFolder} from '../helpers/own-folder.ts';

test('what the configuration says goes before VISUAL, and that before EDITOR; without any it is the built-in one', () => {
	const env = {VISUAL: 'code -w', EDITOR: 'vi'};
	assert.equal(editorOf('nano', env), 'nano');
	assert.equal(editorOf('', env), 'code -w');
	assert.equal(editorOf('', {EDITOR: 'vi'}), 'vi');
	for (const built of [editorOf('', {}), editorOf('built-in', env), editorOf('', {EDITOR: ' '})])
		assert.equal(built, '');
});
test('an editor may have words of its own, and its file any name; how it ended is said', async context => {
	const file = path.join(ownFolder(context), `it's "a" $file.eml`);
	fs.writeFileSync(file, 'one\n');
	assert.equal(await runEditor(`sh -c 'echo "$1" >> "$2"' own 'two words'`, file), undefined);
	assert.equal(fs.readFileSync(file, 'utf8'), 'one\ntwo words\n');
	assert.match((await runEditor('false', file)) ?? '', /false ended with 1; what it saved was taken/);
	assert.match((await runEditor('no-such-editor-at-all 2>/dev/null', file)) ?? '', /was not found\. Set EDITOR/);
});
