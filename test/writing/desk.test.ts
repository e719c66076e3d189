/** What a draft begins as, when it is on the disk, and by whom it is sent. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {accountName, inbox, partNumber} from '../../source/model/ids.ts';
import type {Posting} from '../../source/model/outgoing.ts';
import {ours, type SafeText} from '../../source/model/safe-text.ts';
import {noSending} from '../../source/model/sending.ts';
import type {Post, WrittenMessage} from '../../source/session/session.ts';
import type {DeskOptions} from '../../source/writing/desk.ts';
import type {Beginning, OpenDraft} from '../../source/writing/writing.ts';
import {accountOf, robin, withWriting} from '../components/with-writing.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {until} from '../helpers/waiting.ts';

const session = (post: Partial<DeskOptions['post']> = {}) => ({
	account: accountName('work'),
	post: {
		maySend: true,
		keepDraft() {},
		adoptDraft: (id: string) => id,
		dropDraft() {},
		send: async ({account}: Posting) => ({id: '1', account: account ?? accountName('work')}),
		...post,
	},
});
const letter = (over: Partial<WrittenMessage> = {}, ...fields: string[]): WrittenMessage => ({
	header: Buffer.from(
		[
			'From: Ada <ada@example.org>',
			'To: Robin <robin@ship.example>',
			'Subject: Tea',
			'Message-ID: <1@x>',
			...fields,
			'',
			'',
		].join('\r\n'),
	),
	isHeaderHere: true,
	text: ours('Good morning'),
	isTextHere: true,
	isTextWhole: true,
	...over,
});
const begun = (found: OpenDraft | {readonly problem: unknown}): OpenDraft => {
	assert.ok('id' in found, JSON.stringify(found));
	return found;
};
const at = {account: accountName('work'), mailbox: inbox, uidValidity: 7, uid: 3};
const answer = (original = letter()): Beginning => ({what: 'answer', manner: 'sender', mailbox: 'INBOX', original, at});

describe('a draft that begins', () => {
	test('as an answer quotes, belongs to its thread and knows what it answers', context => {
		const {desk} = withWriting(context, session());
		const draft = begun(desk.begin(answer())).draft.get();
		assert.deepEqual(draft.to, [{name: 'Ada', address: 'ada@example.org'}]);
		assert.deepEqual([draft.subject, draft.inReplyTo, draft.answers], ['Re: Tea', ['<1@x>'], [at]]);
		assert.match(draft.text, /^Ada wrote:\n> Good morning\n/);
	});
	test('has the signature of its identity, and another with another', context => {
		const folder = ownFolder(context);
		const signature = (name: string): string => {
			fs.writeFileSync(path.join(folder, name), `${name}\n`);
			return path.join(folder, name);
		};
		const identities = [
			{...robin, signatureFile: signature('robin')},
			{...robin, address: 'home@x.org', signatureFile: signature('home'), mailboxes: ['Family']},
		];
		const {desk} = withWriting(context, session(), {identities});
		const draft = begun(desk.begin({what: 'new', mailbox: 'INBOX'}));
		assert.match(draft.draft.get().text, /\n-- \nrobin\n$/);
		assert.equal(begun(desk.begin({what: 'new', mailbox: 'Family'})).draft.get().from.address, 'home@x.org');
		draft.change({text: `Dear\n${draft.draft.get().text}`});
		draft.writeAs(identities[1]!);
		assert.equal(draft.draft.get().from.address, 'home@x.org');
		assert.match(draft.draft.get().text, /^Dear\n[\s\S]*-- \nhome\n$/);
		draft.change({text: `Dear\n\n-- \nmy own\n`});
		draft.writeAs(identities[0]!);
		assert.match(draft.draft.get().text, /my own\n$/);
	});
	test('as a mailto: URL takes what is harmless and names what it left out', context => {
		const {desk} = withWriting(context, session());
		const draft = begun(desk.begin({what: 'mailto', url: 'mailto:a@x.org?subject=Hi&attach=/etc/passwd'}));
		assert.deepEqual([draft.draft.get().subject, draft.draft.get().attachments], ['Hi', []]);
		assert.match(draft.remark, /asked for attach, which was left out/);
		assert.ok('problem' in desk.begin({what: 'mailto', url: 'http://x.org'}));
	});
	test('on the server, by whatever program, is gone on with as it was written, and it is said that formatting is lost', context => {
		const {desk} = withWriting(context, session());
		const original = letter({text: ours('a       b'), written: 'a\tb'});
		const resumed = {what: 'resume', original, at, mailbox: 'Drafts', sizeBytes: 9, attachments: []} as const;
		const draft = begun(desk.begin({...resumed, isFormatted: false}));
		assert.deepEqual([draft.draft.get().text, draft.remark], ['a\tb', '']);
		assert.match(
			begun(desk.begin({...resumed, isFormatted: true})).remark,
			/plain text: saved, it has lost its formatting/,
		);
	});
	test('by what is here of a message says what is not known', context => {
		const {desk} = withWriting(context, session());
		assert.match(
			begun(desk.begin(answer(letter({isHeaderHere: false})))).remark,
			/not known whether it asks for answers elsewhere/,
		);
		assert.match(begun(desk.begin(answer(letter({isTextHere: false, text: ours('')})))).remark, /not quoted/);
		assert.match(begun(desk.begin(answer(letter({isTextWhole: false})))).remark, /only what came is quoted/);
	});
});

describe('a draft is on the disk', () => {
	test('after a pause, with all that was typed until then, and never before anything was', context => {
		const {desk, drafts, pause} = withWriting(context, session());
		const draft = begun(desk.begin(answer()));
		assert.equal(draft.keep(), false);
		draft.change({subject: 'R'});
		draft.change({subject: 'Re'});
		assert.deepEqual(drafts.all(), []);
		pause();
		assert.deepEqual(
			drafts.all().map(each => [each.id, each.draft.subject, each.draft.answers]),
			[[draft.id, 'Re', [at]]],
		);
	});
	test('at the latest ten seconds after the first change, if somebody types on and on', context => {
		const waits: number[] = [];
		const wrote = withWriting(context, session());
		const draft = begun(wrote.desk.begin(answer()));
		for (let second = 0; second < 12; second++) {
			draft.change({subject: String(second)});
			wrote.now += 1000;
			waits.push(wrote.lastWait);
		}
		assert.deepEqual(
			waits.slice(0, 9),
			Array.from({length: 9}, () => 2000),
		);
		assert.deepEqual(waits.slice(9), [1000, 0, 0]);
	});
	test('before an editor gets its text; what the editor had written when all was killed is there', context => {
		const {desk, drafts} = withWriting(context, session(), {runEditor: text => text});
		const draft = begun(desk.begin(answer()));
		draft.change({subject: 'Re: Tea'});
		draft.keep();
		fs.writeFileSync(drafts.lendText(draft.id, ''), 'half a wor');
		assert.equal(drafts.find(draft.id)?.draft.text, 'half a wor');
		drafts.returnText(draft.id);
		assert.match(drafts.find(draft.id)?.draft.text ?? '', /Good morning/);
	});
	test('with what an editor had left, as soon as it is gone on with: that does not come back over what is written then', context => {
		const {desk, drafts, pause} = withWriting(context, session());
		drafts.save(begun(desk.begin(answer())).draft.get(), {id: 'one', savedAt: 1});
		drafts.lendText('one', 'left by an editor');
		const draft = desk.open('one');
		assert.equal(draft?.draft.get().text, 'left by an editor');
		draft?.change({text: 'and gone on with'});
		pause();
		assert.equal(drafts.find('one')?.draft.text, 'and gone on with');
	});
	test('without what was typed into a field and taken back, and with what was attached meanwhile', context => {
		const {desk, drafts} = withWriting(context, session());
		const draft = begun(desk.begin(answer()));
		const {to} = draft.draft.get();
		const typed = [{name: '', address: 'bob@x.org'}];
		const putBack = draft.mark('to');
		draft.change({to: typed});
		putBack();
		assert.deepEqual([draft.isTouched, draft.draft.get().to], [false, to]);
		const putBackAgain = draft.mark('to');
		const attachments = [{name: 'plate.jpg', type: '', sizeBytes: 3, file: '/plate.jpg'}];
		draft.change({attachments});
		draft.change({to: typed});
		putBackAgain();
		draft.keep();
		assert.deepEqual(
			drafts.all().map(each => [each.draft.to, each.draft.attachments]),
			[[to, attachments]],
		);
	});
	test('until it is sent; then it is gone, and what is typed after that is not kept', async context => {
		const posted: Posting[] = [];
		const send: Post['send'] = async posting => {
			posted.push(posting);
			assert.equal(wrote.drafts.all().length, 1);
			wrote.drafts.remove(posting.draftId ?? '');
			return {id: '1', account: accountName('work')};
		};
		const wrote = withWriting(context, session({send}));
		const draft = begun(wrote.desk.begin(answer()));
		draft.send();
		await until(draft.sending, ({state}) => state === 'queued');
		assert.deepEqual([posted.length, posted[0]?.answers, posted[0]?.draftId], [1, [at], draft.id]);
		draft.change({subject: 'too late'});
		wrote.pause();
		draft.send();
		assert.deepEqual([posted.length, wrote.drafts.all()], [1, []]);
	});
	test('as it is put into the outbox: what is typed while that is made is in neither, and nobody throws it away', async context => {
		const made = Promise.withResolvers<{because: SafeText}>();
		const runEditor = () => assert.fail('an editor has it');
		const {desk, drafts} = withWriting(context, session({send: () => made.promise}), {runEditor});
		const draft = begun(desk.begin(answer()));
		draft.change({subject: 'Tea'});
		draft.send();
		draft.change({subject: 'too late'});
		assert.match((await draft.edit()) ?? '', /being put into the outbox/);
		assert.match(draft.discard() ?? '', /being put into the outbox/);
		assert.deepEqual([draft.draft.get().subject, drafts.find(draft.id)?.draft.subject], ['Tea', 'Tea']);
		made.resolve({because: ours('the disk is full')});
		await until(draft.sending, ({state}) => state === 'failed');
		draft.change({subject: 'Tea at five'});
		assert.equal(draft.draft.get().subject, 'Tea at five');
		assert.equal(draft.discard(), undefined);
	});
	test('when sending fails, which says why', async context => {
		const {desk, drafts} = withWriting(context, session({send: async () => ({because: ours('the disk is full')})}));
		const draft = begun(desk.begin(answer()));
		draft.send();
		await until(draft.sending, ({state}) => state === 'failed');
		assert.equal(drafts.all().length, 1);
	});
});

describe('a draft another Bonsai goes on with', () => {
	function goneOnWith(context: TestContext, post: Partial<DeskOptions['post']> = {}) {
		const wrote = withWriting(context, session(post));
		const draft = begun(wrote.desk.begin(answer()));
		draft.change({subject: 'Tea'});
		draft.keep();
		wrote.now += 60_000;
		wrote.drafts.save({...draft.draft.get(), text: 'theirs'}, {id: draft.id, savedAt: wrote.now});
		wrote.now += 60_000;
		return {...wrote, draft};
	}
	test('is opened as that has left it', context => {
		const {desk, draft} = goneOnWith(context);
		assert.equal(desk.open(draft.id)?.draft.get().text, 'theirs');
	});
	test('is not written over by who has it open: both are there', context => {
		const {draft, drafts} = goneOnWith(context);
		draft.change({text: 'ours'});
		assert.equal(draft.keep(), true);
		assert.deepEqual(
			drafts
				.all()
				.map(each => each.draft.text)
				.sort(),
			['ours', 'theirs'],
		);
		assert.equal(drafts.find(draft.id)?.draft.text, 'ours');
		assert.match(draft.trouble.get(), /that is a draft of its own now/);
		draft.change({text: 'ours, too'});
		draft.keep();
		assert.equal(drafts.all().length, 2, 'once');
	});
	test('keeps what came to be attached when the other of the two is thrown away', context => {
		const {draft, drafts, now} = goneOnWith(context);
		const file = draft.fileFor('plate.jpg');
		fs.writeFileSync(file, 'abc');
		const attachments = [{name: 'plate.jpg', type: '', sizeBytes: 3, file}];
		drafts.save({...draft.draft.get(), attachments}, {id: draft.id, savedAt: now});
		draft.change({text: 'ours', attachments});
		draft.keep();
		draft.discard();
		assert.deepEqual(
			drafts.all().map(each => each.draft.attachments),
			[attachments],
		);
		assert.ok(fs.existsSync(file));
		for (const {id} of drafts.all()) drafts.remove(id);
		drafts.removeParts(draft.id);
		assert.ok(!fs.existsSync(file));
	});
	test('is not sent as it was before', context => {
		const {draft, drafts} = goneOnWith(context, {send: () => assert.fail('sent')});
		draft.send();
		assert.match(JSON.stringify(draft.sending.get()), /gone on with it: leave it and open it again/);
		assert.equal(drafts.find(draft.id)?.draft.text, 'theirs');
	});
	test('and has sent is not sent again, unless it is written anew', async context => {
		const {draft, drafts} = goneOnWith(context);
		drafts.remove(draft.id);
		draft.send();
		assert.match(JSON.stringify(draft.sending.get()), /has sent it, or thrown it away/);
		draft.change({text: 'once more'});
		draft.send();
		await until(draft.sending, ({state}) => state === 'queued');
	});
});

describe('a message leaves', () => {
	test('by the account whose identity writes it; of mail on this disk by one that sends', async context => {
		const accounts: unknown[] = [];
		const send: Post['send'] = async ({account}) => {
			accounts.push(account);
			return {id: '1', account: account ?? accountName('work')};
		};
		const home = accountOf('home', [{...robin, address: 'home@x.org'}]);
		const local = {account: accountName('Local'), post: session({maySend: false, send}).post};
		const {desk} = withWriting(context, local, {
			identities: [],
			account: {user: '', sending: noSending},
			others: [home],
		});
		assert.deepEqual(
			desk.identities.map(({address}) => address),
			['home@x.org'],
		);
		assert.equal(desk.whyNoSending, '');
		const draft = begun(desk.begin(answer()));
		assert.equal(draft.draft.get().from.address, 'home@x.org');
		draft.send();
		await until(draft.sending, ({state}) => state === 'queued');
		assert.deepEqual(accounts, ['home']);
	});
	test('of an account without a way to send not at all, and it is said what to do', context => {
		const {desk} = withWriting(context, session({maySend: false}));
		assert.match(desk.whyNoSending, /does not send.*--smtp/);
	});
	test('with what stays on the server only by the account that has it there; by another it is to be fetched first', context => {
		const home = accountOf('home', [{...robin, address: 'home@x.org'}]);
		const {desk} = withWriting(context, session(), {others: [home]});
		const draft = begun(desk.begin(answer()));
		const place = {...at, part: partNumber('2'), sizeBytes: 9, encoding: 'base64'};
		draft.change({attachments: [{name: 'plate.jpg', type: '', sizeBytes: 3, at: place}]});
		assert.deepEqual(draft.problems(), []);
		draft.change({from: {name: '', address: 'home@x.org'}});
		assert.match(
			draft.problems().join(),
			/plate\.jpg stays on the server of work, and this goes by home: fetch it first \(:fetch\)/,
		);
	});
	test('with a message in which a Bcc stands only when its sender is asked about that', context => {
		const {desk} = withWriting(context, session());
		const draft = begun(desk.begin(answer()));
		draft.change({text: 'See there.\n'});
		const attached = (name: string, octets: string) => {
			const file = draft.fileFor(name);
			fs.writeFileSync(file, octets);
			draft.change({attachments: [{name, type: 'message/rfc822', sizeBytes: 1, file}]});
			return draft.doubts();
		};
		assert.deepEqual(attached('sent.eml', 'To: a@x\r\nBcc: c@x\r\n\r\nHello\r\n'), [
			'“sent.eml” says who got it in secret (Bcc)',
		]);
		assert.deepEqual(attached('empty.eml', 'Bcc: \r\nTo: a@x\r\n\r\nBcc: c@x\r\n'), []);
	});
	test('not before all that is attached is here', context => {
		const {desk} = withWriting(context, session());
		const draft = begun(desk.begin(answer()));
		const file = draft.fileFor('../plate.jpg');
		assert.equal(path.basename(file), 'plate.jpg');
		draft.change({attachments: [{name: 'plate.jpg', type: '', sizeBytes: 3, file}]});
		assert.match(draft.problems().join(), /plate\.jpg is not here/);
		assert.notEqual(draft.fileFor('plate.jpg'), file);
		fs.writeFileSync(file, 'abc');
		assert.deepEqual(draft.problems(), []);
		const long = draft.fileFor(`${'議'.repeat(200)}.pdf`);
		fs.writeFileSync(`${long}.part.json`, 'its name is none too long for a disk');
		assert.equal(path.extname(long), '.pdf');
	});
});
