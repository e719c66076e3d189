/** What goes wrong on the way is said once, and not again by the end of the command. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {collectNotices} from '../../source/commands/notices.ts';
import {Undone} from '../../source/commands/undone.ts';
import type {Notice} from '../../source/model/notice.ts';
import {ours, safeLine} from '../../source/model/safe-text.ts';
import {live} from '../../source/session/live.ts';

const said = async (...texts: string[]) => {
	const notice = live<Notice | undefined>(undefined);
	const notices = collectNotices({notice});
	for (const [serial, text] of texts.entries()) {
		notice.set({kind: text.startsWith('Saved') ? 'done' : 'problem', text: safeLine(text), serial});
		await Promise.resolve();
	}
	return notices;
};

test('problems are said in the order they came, without what one does on the screen; what was done is not', async () => {
	const notices = await said(
		'The server says: maintenance at noon',
		'Saved 3 bytes',
		'x was not saved. Make room or mend it and try again in :downloads, or choose another place',
	);
	assert.deepEqual(notices.besides(undefined), [
		'The server says: maintenance at noon',
		'x was not saved. Make room or mend it and run the same command again, or choose another place',
	]);
});

test('what the end says is not said twice, and who ends in silence stays silent', async () => {
	const notices = await said('Not done: it is read-only', 'another');
	assert.deepEqual(notices.besides(new Undone(ours('Not done: it is read-only. Ask its owner'))), ['another']);
	assert.deepEqual(notices.besides(new Undone(ours(''))), []);
});
