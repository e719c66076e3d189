/** What the user is writing, on the disk. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {type Draft, emptyDraft} from '../../source/model/draft.ts';
import {Drafts} from '../../source/store/drafts.ts';

function account(context: TestContext): string {
	const folder = fs.mkdtempSync(path.join(tmpdir(), 'bonsai-drafts-'));
	context.after(() => fs.rmSync(folder, {recursive: true}));
	return folder;
}

const draft: Draft = {
	...emptyDraft({name: 'Ädä', address: 'ada@example.org'}),
	to: [{name: '', address: 'bo@example.net'}],
	bcc: [{name: '', address: 'eve@example.com'}],
	subject: 'half a \u2028 thought',
	text: 'one\n\n-- \nAda',
	attachments: [{name: 'a.pdf', type: 'application/pdf', sizeBytes: 9, file: '/home/ada/a.pdf'}],
};

test('a draft is as it was saved, for another program too, and for its user only', context => {
	const folder = account(context);
	assert.deepEqual(new Drafts(folder).all(), []);
	assert.deepEqual(fs.readdirSync(folder), [], 'looking makes nothing');
	const id = new Drafts(folder).save(draft, {savedAt: 5});
	const other = new Drafts(folder).save({...draft, subject: 'two'}, {savedAt: 6});
	assert.deepEqual(new Drafts(folder).all(), [
		{id, savedAt: 5, draft},
		{id: other, savedAt: 6, draft: {...draft, subject: 'two'}},
	]);
	for (const name of fs.readdirSync(path.join(folder, 'drafts')))
		assert.equal(fs.statSync(path.join(folder, 'drafts', name)).mode & 0o077, 0);
});

test('saved again it takes the place of what was there; removed it is gone', context => {
	const drafts = new Drafts(account(context));
	const id = drafts.save(draft, {savedAt: 1});
	assert.equal(drafts.save({...draft, text: 'more'}, {id, savedAt: 2}), id);
	assert.deepEqual(
		drafts.all().map(each => [each.savedAt, each.draft.text]),
		[[2, 'more']],
	);
	assert.equal(drafts.remove(id), true);
	assert.equal(drafts.remove(id), false);
	assert.deepEqual(drafts.all(), []);
});

test('what cannot be written leaves what was saved before, and what cannot be read is left alone', context => {
	const folder = account(context);
	const drafts = new Drafts(folder);
	const id = drafts.save(draft, {savedAt: 1});
	fs.mkdirSync(path.join(folder, 'drafts', `${id}.new`));
	assert.throws(() => drafts.save({...draft, text: 'lost'}, {id, savedAt: 2}));
	assert.equal(drafts.find(id)?.draft.text, draft.text);
	for (const [name, text] of [
		['torn', '{"savedAt": 3, "dra'],
		['strange', '{"savedAt": 3}'],
	] as const)
		fs.writeFileSync(path.join(folder, 'drafts', `${name}.json`), text);
	assert.deepEqual(
		drafts.all().map(each => each.id),
		[id],
	);
	assert.ok(fs.existsSync(path.join(folder, 'drafts', 'torn.json')));
});

test('kill -9 while it is saved again and again loses nothing that was said to be saved', {
	timeout: 60_000,
}, async context => {
	for (const versions of [1, 7, 40]) {
		const folder = account(context);
		const script = fileURLToPath(new URL('../helpers/saving-drafts.ts', import.meta.url));
		const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {stdio: ['ignore', 'pipe', 'inherit']});
		let said = '';
		const dead = new Promise(resolve => child.once('close', resolve));
		child.stdout.on('data', piece => {
			said += piece;
			if (said.split('\n').length > versions) child.kill('SIGKILL');
		});
		await dead;
		const last = Number(said.trim().split('\n').at(-1));
		const [saved, ...others] = new Drafts(folder).all();
		assert.deepEqual(others, []);
		assert.ok(saved && saved.savedAt >= last, `${saved?.savedAt} is there, ${last} was said`);
		assert.equal(saved.draft.subject, String(saved.savedAt), 'it is of one piece');
		assert.equal(saved.draft.text.split('\n').length - 1, 200 + saved.savedAt);
	}
});

test('what came for a draft stays while it is sent, goes when nobody can want it any more, and with a draft that is thrown away', context => {
	const folder = account(context);
	const drafts = new Drafts(folder);
	const withPart = (id: string): Draft => {
		const file = path.join(drafts.folderFor(id), 'plate.jpg');
		fs.writeFileSync(file, 'abc');
		const attached = {...draft, attachments: [{name: 'plate.jpg', type: '', sizeBytes: 3, file}]};
		drafts.save(attached, {id, savedAt: 1});
		return attached;
	};
	const isThere = (each: Draft): boolean => fs.existsSync(each.attachments[0]?.file ?? '');
	const [sent, kept, thrown] = [withPart('sent'), withPart('kept'), withPart('thrown')];
	drafts.remove('sent');
	drafts.remove('thrown');
	drafts.removeParts('thrown');
	const later = {now: Date.now() + 7_200_000, olderThanMs: 3_600_000};
	drafts.sweepParts([sent], later);
	assert.deepEqual([sent, kept, thrown].map(isThere), [true, true, false]);
	drafts.sweepParts([], {...later, now: Date.now()});
	assert.ok(isThere(sent));
	drafts.sweepParts([], later);
	assert.deepEqual([isThere(sent), isThere(kept)], [false, true]);
});
