import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {startDemoServer} from '../../source/demo/server.ts';
import {makeLetter} from '../../source/make-letter.ts';
import {type Draft, emptyDraft} from '../../source/model/draft.ts';
import {accountName, inbox} from '../../source/model/ids.ts';
import {noSending, type Sending} from '../../source/model/sending.ts';
import type {MakeLetter} from '../../source/session/session-options.ts';
import {Drafts} from '../../source/store/drafts.ts';
import {OutgoingMail} from '../../source/store/outgoing.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {openSession} from '../helpers/session.ts';

const ada = {name: 'Ada', address: 'ada@example.org'};
const draft: Draft = {
	...emptyDraft(ada),
	to: [{name: '', address: 'bob@example.org'}],
	subject: 'Tea at four?',
	text: 'Bring the dog.\n',
};
const sending: Sending = {...noSending, command: 'false'};

async function withPost(context: TestContext, {make = makeLetter as MakeLetter, sends = sending} = {}) {
	const server = await startDemoServer();
	context.after(() => server.close());
	const [folder, other] = [ownFolder(context), ownFolder(context)];
	const {session} = await openSession(context, {
		port: server.port,
		account: {sending: sends},
		folder,
		folderOf: name => (name === 'other' ? other : undefined),
		makeLetter: make,
	});
	return {
		post: session.post,
		drafts: new Drafts(folder),
		mail: new OutgoingMail(folder),
		other: new OutgoingMail(other),
	};
}

test('a draft that is sent is a letter on the disk, whole, and no draft any more', async context => {
	const {post, drafts, mail} = await withPost(context);
	const draftId = drafts.save(draft, {savedAt: 1});
	const original = {account: accountName('work'), mailbox: inbox, uidValidity: 7, uid: 42};
	const posted = await post.send({draft, draftId, answers: [original]});
	assert.ok('id' in posted, JSON.stringify(posted));
	assert.deepEqual(drafts.all(), []);
	const [letter, ...others] = mail.all();
	assert.deepEqual(others, []);
	assert.equal(letter?.id, posted.id);
	assert.equal(letter.state, 'waiting');
	assert.deepEqual(letter.letter.envelope, {from: 'ada@example.org', to: ['bob@example.org']});
	const draftThere = {account: 'test', id: draftId};
	assert.deepEqual(letter.sequel, {isFiled: true, answers: [original], forwards: [], draft: draftThere});
	const octets = fs.readFileSync(letter.letter.file, 'latin1');
	assert.equal(octets.length, letter.letter.sizeBytes);
	assert.match(octets, /Subject: Tea at four\?\r\n[\s\S]*\r\n\r\nBring the dog\.\r\n$/);
	assert.ok(octets.includes(letter.messageId));
});

test('another account may send it: the letter is in its queue, and the draft is gone here', async context => {
	const {post, drafts, mail, other} = await withPost(context);
	const draftId = drafts.save(draft, {savedAt: 1});
	const account = accountName('other');
	const posted = await post.send({draft, draftId, account});
	assert.ok('id' in posted && posted.account === account);
	assert.deepEqual([mail.all().length, other.all().length, drafts.all().length], [0, 1, 0]);
});

test('what cannot be sent stays a draft, nothing of it is in the queue, and it is said why', async context => {
	const cases: readonly {draft?: Draft; sends?: Sending; account?: string; why: RegExp}[] = [
		{draft: {...draft, to: []}, why: /It goes to nobody/},
		{
			draft: {
				...draft,
				attachments: [{name: 'gone.pdf', type: '', sizeBytes: 3, file: path.join(ownFolder(context), 'gone.pdf')}],
			},
			why: /gone\.pdf/,
		},
		{sends: noSending, why: /has no way to send\. Say how: bonsai account add/},
		{account: 'nobody', why: /nobody keeps nothing on the disk/},
	];
	for (const {draft: wanted = draft, sends = sending, account, why} of cases) {
		const {post, drafts, mail} = await withPost(context, {sends});
		const draftId = drafts.save(wanted, {savedAt: 1});
		const posted = await post.send({draft: wanted, draftId, ...(account ? {account: accountName(account)} : {})});
		assert.match('because' in posted ? posted.because : '', why);
		assert.equal(drafts.all().length, 1);
		assert.deepEqual(mail.all(), []);
		assert.deepEqual(fs.existsSync(mail.folder) ? fs.readdirSync(mail.folder) : [], []);
	}
});

test('what fails in the middle of its octets leaves nothing in the queue', async context => {
	const broken: MakeLetter = async (...words) => ({
		...(await makeLetter(...words)),
		pieces: (async function* () {
			yield Buffer.from('Subject: half\r\n');
			throw new Error('the stick was pulled out');
		})(),
	});
	const {post, drafts, mail} = await withPost(context, {make: broken});
	const draftId = drafts.save(draft, {savedAt: 1});
	const posted = await post.send({draft, draftId});
	assert.match('because' in posted ? posted.because : '', /the stick was pulled out/);
	assert.equal(drafts.all().length, 1);
	assert.deepEqual(fs.readdirSync(mail.folder), []);
});
