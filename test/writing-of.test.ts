/** Writing, put together: by which account what is written leaves. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {emptyDraft} from '../source/model/draft.ts';
import {accountName, demoName} from '../source/model/ids.ts';
import {noSending} from '../source/model/sending.ts';
import {Drafts} from '../source/store/drafts.ts';
import {OutgoingMail} from '../source/store/outgoing.ts';
import {othersThatSend, writingIn} from '../source/writing-of.ts';
import {ownFolder} from './helpers/own-folder.ts';
import {plainAccount} from './helpers/plain-account.ts';

test('what is written in the demo leaves by no other account, and no mail of others by the demo', () => {
	const sending = {...noSending, command: 'sendmail'};
	const [work, home, demo, silent] = [
		plainAccount(1, {name: accountName('work'), sending}),
		plainAccount(1, {name: accountName('home'), sending}),
		plainAccount(1, {name: demoName, sending}),
		plainAccount(1, {name: accountName('silent')}),
	];
	const all = [work, home, demo, silent];
	assert.deepEqual(othersThatSend(all, work.name), [home]);
	assert.deepEqual(othersThatSend(all, silent.name), [work, home]);
	assert.deepEqual(othersThatSend(all, demoName), []);
});

for (const where of ['a letter', 'a draft', 'nothing'])
	test(`what came to be attached in one account ${where === 'nothing' ? 'goes when nothing is made of it' : `stays as long as ${where} of another is made of it`}`, context => {
		const root = ownFolder(context);
		const accounts = ['work', 'home'].map(name => plainAccount(1, {name: accountName(name)}));
		const accountFolder = (name: string): string => path.join(root, name);
		const folder = new Drafts(accountFolder('work')).folderFor('one');
		const file = path.join(folder, 'plate.jpg');
		fs.writeFileSync(file, 'abc');
		fs.utimesSync(folder, 1, 1);
		const draft = {
			...emptyDraft({name: '', address: 'ada@example.org'}),
			attachments: [{name: 'plate.jpg', type: '', sizeBytes: 3, file}],
		};
		if (where === 'a draft') new Drafts(accountFolder('home')).save(draft, {savedAt: 1});
		if (where === 'a letter')
			new OutgoingMail(accountFolder('home')).begin().commit(
				{
					envelope: {from: '', to: []},
					isEightBit: false,
					needsUtf8: false,
					messageId: '',
					madeAt: 1,
					notBefore: 0,
				},
				draft,
			);
		const {writingOf} = writingIn({
			config: {accounts, accountFolder, preferences: {editor: '', queryCommand: '', addressBook: ''}} as never,
			terminal: {} as never,
			accounts: () => accounts,
			sessions: () => [{account: accountName('work')} as never],
			mayRunEditor: false,
		});
		assert.ok(writingOf(accountName('work')));
		assert.equal(fs.existsSync(file), where !== 'nothing');
	});
