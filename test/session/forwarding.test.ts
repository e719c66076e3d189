/** Mail of which parts lie in the mailboxes: lent to the submission server, and filed, without crossing the line. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import type {Fault} from '../../source/demo/faults.ts';
import {fullCapabilities} from '../../source/demo/server.ts';
import type {Attachment, Draft} from '../../source/model/draft.ts';
import {inbox, mailboxPath, partNumber} from '../../source/model/ids.ts';
import type {PartOnServer} from '../../source/model/piece.ts';
import {Drafts} from '../../source/store/drafts.ts';
import {noise} from '../helpers/noise.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {draft, isOver, letterOf, type PostingWorld, post, postingWorld, stands, work} from '../helpers/posting.ts';
import {newest, type Opened} from '../helpers/session.ts';
import {offersOfPieces, type SmtpScript} from '../helpers/smtp-server.ts';
import {until} from '../helpers/waiting.ts';

const day = 24 * 3600_000;
const video = `${noise(300_000).toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`;
const message = [
	'From: bob@example.org',
	'Message-ID: <video@example.org>',
	'Subject: The video',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary=b',
	'',
	'--b',
	'',
	'See.',
	'--b',
	'Content-Type: video/mp4',
	'Content-Transfer-Encoding: base64',
	'',
	`${video}`,
	'--b--',
	'',
].join('\r\n');

type World = PostingWorld & {readonly at: PartOnServer; readonly draft: Draft};

async function world(context: TestContext, script: SmtpScript = {}, capabilities?: readonly string[]): Promise<World> {
	const made = await postingWorld(context, capabilities ? {capabilities} : {});
	const uid = made.imap.append('INBOX', message);
	const fetches = (url: string) => made.imap.fetchedBy('ada', url)?.toString('latin1');
	made.smtp.script = {offers: offersOfPieces, fetches, ...script};
	const place = {account: work, mailbox: inbox, uidValidity: 7, uid};
	const at: PartOnServer = {...place, part: partNumber('2'), sizeBytes: video.length, encoding: 'base64'};
	const attachment: Attachment = {name: 'video.mp4', type: 'video/mp4', sizeBytes: 300_000, at};
	return {
		...made,
		at,
		draft: {...draft, attachments: [attachment]},
		get now() {
			return made.now;
		},
		set now(now: number) {
			made.now = now;
		},
	};
}

/** What arrived, or was filed, holds the video as it lies in the mailbox. */
const holdsVideo = (octets: string): boolean =>
	octets.includes(`base64\r\nContent-Disposition: attachment; filename=video.mp4\r\n\r\n${video}\r\n--`);

test('a part that lies in the mailbox is sent and filed from there: it arrives whole, and nothing of it crosses a line', async context => {
	const {imap, smtp, held, draft: forward, open} = await world(context);
	const opened = await open();
	opened.session.dial();
	opened.spent();
	const id = await post(opened, {draft: forward});
	await stands(opened, id, isOver);
	await opened.session.settled();
	assert.equal(smtp.taken.length, 1);
	assert.ok(holdsVideo(smtp.taken[0]!.octets));
	assert.equal(held('Sent')[0]!.octets, smtp.taken[0]!.octets, 'the copy is what was sent');
	assert.equal(letterOf(opened, id)!.letter.sizeBytes, smtp.taken[0]!.octets.length);
	assert.ok(opened.session.usage.get().upBytes + opened.session.usage.get().downBytes < 8000);
	assert.ok(smtp.heardBytes() < 2000);
	assert.ok(imap.transcript.some(({text}) => text.includes('GENURLAUTH') && text.includes('URLAUTH=submit+ada')));
	assert.ok(!imap.transcript.some(({by, text}) => by === 'client' && /BODY|BINARY/.test(text)), 'nothing was fetched');
});

test('what was moved meanwhile is sent from where it is now, and filed from there', async context => {
	const {smtp, held, draft: forward, open} = await world(context);
	const opened = await open({account: {model: 'disconnected'}, undoSendSeconds: 0});
	const {session} = opened;
	const id = await post(opened, {draft: forward});
	session.dial();
	const rows = await newest(session.mailbox(inbox), 10);
	const [{id: moved}] = rows.filter(({subject}) => subject === 'The video') as [(typeof rows)[number]];
	session.hangUp();
	session.mailbox(inbox).decide([moved], {kind: 'move', to: {path: mailboxPath('Archive')}});
	session.dial();
	await until(session.operations, all => all.length > 0 && all.every(({state}) => state !== 'waiting'));
	await stands(opened, id, isOver);
	assert.ok(holdsVideo(smtp.taken[0]!.octets));
	assert.ok(holdsVideo(held('Sent')[0]!.octets));
});

for (const [what, change] of [
	['is gone', ({imap, at}: World) => imap.expunge('INBOX', at.uid)],
	['has another UIDVALIDITY', ({imap}: World) => imap.setUidValidity('INBOX', 99)],
] as const) {
	test(`when the message ${what} the letter is refused, nothing is sent, and it can be a draft again`, async context => {
		const made = await world(context);
		const opened = await made.open();
		change(made);
		opened.session.dial();
		const id = await post(opened, {draft: made.draft});
		await stands(opened, id, ({state}) => state === 'refused');
		assert.match(
			letterOf(opened, id)!.because,
			/^What lies in the mailboxes cannot be lent to the submission server: Invalid URL: .*\. Take it back, fetch the attachments, and send it then$/,
		);
		assert.deepEqual(made.smtp.taken, []);
		assert.deepEqual(made.held('Sent'), []);
		opened.session.post.takeBack(id);
		assert.equal(letterOf(opened, id), undefined);
		const files = fs.readdirSync(`${made.folderOf(work)}/drafts`);
		assert.match(fs.readFileSync(`${made.folderOf(work)}/drafts/${files[0]}`, 'utf8'), /"part":"2"/);
	});
}

test('without a line to the mailboxes it waits, and leaves when there is one', async context => {
	const {smtp, draft: forward, open} = await world(context);
	const opened = await open({account: {model: 'disconnected'}});
	const id = await post(opened, {draft: forward});
	assert.equal(letterOf(opened, id)?.state, 'waiting');
	assert.equal(smtp.heard.length, 0);
	opened.session.dial();
	await stands(opened, id, isOver);
	assert.equal(smtp.taken.length, 1);
});

test('in a call it is lent on the line of the call, and its copy is filed in it', async context => {
	const {smtp, held, draft: forward, open} = await world(context);
	const opened = await open({account: {model: 'disconnected'}});
	const {session} = opened;
	const id = await post(opened, {draft: forward});
	session.planCall();
	await until(session.call, call => call?.state === 'planned');
	session.goCall();
	await until(session.call, call => call?.state === 'done');
	assert.ok(isOver(letterOf(opened, id)!));
	assert.equal(held('Sent')[0]!.octets, smtp.taken[0]!.octets);
});

test('where the mail server puts no messages together nothing stays there, and a copy that is stuck is said, not lost', async context => {
	const pieces = {isTaken: () => true, learn: () => {}, ask: async () => true};
	const {
		smtp,
		draft: forward,
		open,
	} = await world(
		context,
		{},
		fullCapabilities.filter(each => each !== 'CATENATE'),
	);
	const opened = await open({pieces});
	opened.session.dial();
	await until(opened.session.link, ({state}) => state === 'up');
	assert.equal(opened.session.post.staying.get(), 'no');
	const id = await post(opened, {draft: forward});
	const all = await until(opened.session.operations, now => now.some(({state}) => state === 'refused'));
	assert.match(all[0]!.refusal, /CATENATE/);
	assert.equal(smtp.taken.length, 1, 'it was sent');
	assert.equal(letterOf(opened, id)?.sequelState, 'recorded', 'and its octets stay until the copy is given up');
	opened.session.discard(all[0]!.id);
	await stands(opened, id, isOver);
});

test('whether parts may stay is known of both servers, and asked once where it is not', async context => {
	const {open} = await world(context);
	let taken: boolean | undefined;
	let asked = 0;
	const pieces = {
		isTaken: () => taken,
		learn: () => {},
		async ask() {
			asked++;
			taken = true;
			return true;
		},
	};
	const opened = await open({pieces});
	const {staying} = opened.session.post;
	assert.equal(staying.get(), 'unknown');
	opened.session.dial();
	await until(opened.session.link, ({state}) => state === 'up');
	opened.session.post.ensureStaying();
	opened.session.post.ensureStaying();
	await until(staying, now => now === 'yes');
	assert.equal(asked, 1);
	for (const disabled of ['BURL', 'URLAUTH'])
		assert.equal((await open({pieces, account: {disabledCapabilities: [disabled]}})).session.post.staying.get(), 'no');
});

test('a submission server that cannot be asked is one that takes nothing, until there is another line', async context => {
	const {open} = await world(context);
	const pieces = {isTaken: () => undefined, learn: () => {}, ask: () => Promise.reject(new Error('down'))};
	const opened = await open({pieces});
	opened.session.dial();
	await until(opened.session.link, ({state}) => state === 'up');
	opened.session.post.ensureStaying();
	await until(opened.session.post.staying, now => now === 'no');
});

async function atRest(opened: Opened): Promise<void> {
	const {post: mail, operations} = opened.session;
	await until(mail.letters, letters =>
		letters.every(each => isOver(each) || each.state === 'refused' || each.state === 'unknown'),
	);
	await until(operations, all => all.every(({state}) => state !== 'waiting'));
}

async function sendThrough(
	context: TestContext,
	{fault, script, told}: {fault?: Fault; script?: SmtpScript; told: string},
) {
	const made = await world(context, script);
	if (fault) made.imap.faults.add(fault);
	const opened = await made.open();
	opened.session.dial();
	const id = await post(opened, {draft: made.draft});
	const hasMet = ({attempts, state, because}: NonNullable<ReturnType<typeof letterOf>>): boolean =>
		attempts > 0 || state === 'refused' || state === 'unknown' || because !== '' || state === 'sent';
	await stands(opened, id, hasMet);
	made.smtp.script = {offers: offersOfPieces, fetches: url => made.imap.fetchedBy('ada', url)?.toString('latin1')};
	made.now += day;
	opened.session.look();
	await atRest(opened);
	const {state} = letterOf(opened, id) ?? {};
	const [taken, filed] = [made.smtp.taken, made.held('Sent')];
	if (state === 'sent') {
		assert.deepEqual([taken.length, filed.length], [1, 1], told);
		assert.equal(filed[0]!.octets, taken[0]!.octets, told);
	} else if (state === 'unknown') assert.ok(taken.length <= 1 && filed.length === 0, `${told}: ${taken.length} taken`);
	else assert.deepEqual([state, taken.length, filed.length], ['refused', 0, 0], told);
	for (const {octets} of taken) assert.ok(holdsVideo(octets), `${told}: something is missing`);
	await opened.session.close();
	return state;
}

for (const step of ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'BDAT', 'BURL', 'BDAT LAST', 'QUIT']) {
	test(`${step}: cut before or after it is heard, put off, refused or answered with nonsense, it is sent whole and once, or it is said`, async context => {
		const wrong = ['421 4.3.0 going down', '451 4.3.0 later', '554 5.6.6 no', 'what?', '250'];
		const ends = await Promise.all([
			...[true, false].map(isUnheard =>
				sendThrough(context, {script: {cutAt: {step, isUnheard}}, told: `${step} ${isUnheard}`}),
			),
			...wrong.map(said =>
				sendThrough(context, {
					script: {answers: at => (at === step ? said : undefined)},
					told: `${step} answered ${said}`,
				}),
			),
		]);
		assert.ok(ends.includes('sent') || step === 'BDAT LAST', String(ends));
		assert.equal(ends.includes('unknown'), step === 'BDAT LAST', String(ends));
	});
}

test('the mail server hangs up before, after and within lending: it is sent whole and once all the same', async context => {
	const faults: Fault[] = [
		{kind: 'cut-before', command: /^GENURLAUTH/, times: 1},
		{kind: 'cut-after', command: /^GENURLAUTH/, times: 1},
		{kind: 'bye', command: /^GENURLAUTH/, times: 1},
		...[0, 3, 20, 90, 180].map(
			(afterBytes): Fault => ({kind: 'cut-within', command: /^GENURLAUTH/, afterBytes, times: 1}),
		),
		{kind: 'cut-before', command: /^APPEND/, times: 1},
		{kind: 'cut-after', command: /^APPEND/, times: 1},
	];
	const ends = await Promise.all(faults.map(fault => sendThrough(context, {fault, told: JSON.stringify(fault)})));
	assert.deepEqual([...new Set(ends)], ['sent']);
});

/** All of them take minutes: BONSAI_EVERY_OCTET=1. */
const octetsApart = process.env.BONSAI_EVERY_OCTET ? 1 : 41;

for (const side of ['cutAfterHeard', 'cutAfterSaid'] as const) {
	test(`the dialogue is cut ${side === 'cutAfterHeard' ? 'after octets the server has heard' : 'after octets it has said'}: it is sent whole and once, or it is said`, async context => {
		const whole = await world(context);
		const opened = await whole.open();
		opened.session.dial();
		await stands(opened, await post(opened, {draft: whole.draft}), ({state}) => state === 'sent');
		await whole.smtp.quiet();
		const octets = side === 'cutAfterHeard' ? whole.smtp.heardBytes() : whole.smtp.saidBytes();
		const cuts = Array.from({length: Math.ceil(octets / octetsApart)}, (_, n) => 1 + n * octetsApart);
		const ends = new Map<string | undefined, number>();
		for (let from = 0; from < cuts.length; from += 12) {
			const some = cuts.slice(from, from + 12);
			for (const end of await Promise.all(
				some.map(at => sendThrough(context, {script: {[side]: at}, told: `${side} ${at}`})),
			))
				ends.set(end, (ends.get(end) ?? 0) + 1);
		}
		context.diagnostic(`${cuts.length} cuts: ${[...ends].map(([end, count]) => `${count} ${end}`).join(', ')}`);
		assert.ok((ends.get('sent') ?? 0) > 2);
	});
}

for (const isDiscarded of [false, true])
	test(`what lies in the draft’s own copy is there for those who are put off, until ${isDiscarded ? 'they are not to get it any more' : 'they have it'}`, async context => {
		const {imap, smtp, held, open, at, ...made} = await world(context);
		const uid = imap.append('Drafts', message, ['\\Draft']);
		const place = {mailbox: mailboxPath('Drafts'), uidValidity: 10, uid};
		const opened = await open();
		opened.session.dial();
		const of = {...place, part: at.part};
		const part = {part: at.part, sizeBytes: at.sizeBytes, encoding: at.encoding, of};
		const copy = {
			savedAt: 0,
			version: '',
			messageId: '<video@example.org>',
			sizeBytes: 1,
			isOfPieces: false,
			parts: [part],
		};
		opened.session.post.adoptDraft('one', place, copy);
		const attachments = made.draft.attachments.map(each => ({...each, file: undefined, at: {...at, ...place}}));
		const to = ['bob', 'eve'].map(name => ({name: '', address: `${name}@example.org`}));
		smtp.script = {
			...smtp.script,
			answers: (step, line) => (step === 'RCPT' && line.includes('eve') ? '450 4.2.1 later' : undefined),
		};
		const id = await post(opened, {draft: {...made.draft, to, attachments}, draftId: 'one'});
		await stands(opened, id, ({state, attempts}) => state === 'waiting' && attempts === 1);
		await until(opened.session.operations, all => all.length > 0 && all.every(({state}) => state !== 'waiting'));
		await opened.session.settled();
		assert.deepEqual([held('Sent').length, held('Drafts').length], [1, 1]);
		smtp.script = {...smtp.script, answers: undefined} as never;
		if (isDiscarded) {
			opened.session.post.discard(id);
			assert.equal(letterOf(opened, id), undefined);
		} else {
			opened.session.post.sendAgain(id);
			await stands(opened, id, isOver);
		}
		assert.deepEqual(
			smtp.taken.map(({to: recipients}) => recipients),
			isDiscarded ? [['bob@example.org']] : [['bob@example.org'], ['eve@example.org']],
		);
		assert.ok(smtp.taken.every(({octets}) => holdsVideo(octets)));
		await until(opened.session.operations, all => all.every(({state}) => state !== 'waiting'));
		assert.deepEqual([held('Sent').length, held('Drafts').length], [1, 0]);
	});

/** A message with the video lies among the drafts and is gone on with here; what is attached stays there. */
async function adopted(context: TestContext) {
	const {imap, at, ...made} = await world(context);
	const place = {mailbox: mailboxPath('Drafts'), uidValidity: 10, uid: imap.append('Drafts', message, ['\\Draft'])};
	const opened = await made.open();
	opened.session.dial();
	const part = {part: at.part, sizeBytes: at.sizeBytes, encoding: at.encoding, of: {...place, part: at.part}};
	const copy = {savedAt: 0, version: '', messageId: '<video@example.org>', sizeBytes: 1, isOfPieces: false};
	opened.session.post.adoptDraft('one', place, {...copy, parts: [part]});
	const [attachment] = made.draft.attachments;
	const there = {...at, ...place};
	const written = {...made.draft, attachments: [{...attachment!, file: undefined, at: there}]};
	const save = (text: string): void => {
		made.now += 1000;
		new Drafts(made.folderOf(work)!).save({...written, text}, {id: 'one', savedAt: made.now});
		opened.session.post.keepDraft('one');
	};
	const atRest = (): Promise<unknown> =>
		until(opened.session.operations, all => all.every(({state}) => state !== 'waiting'));
	return {...made, imap, opened, there, written, save, atRest};
}

test('what is attached to a draft that was gone on with can be fetched after that was saved, and is in another message', async context => {
	const {held, opened, there, save, atRest} = await adopted(context);
	save('Once.\n');
	await atRest();
	save('');
	await atRest();
	assert.equal(held('Drafts').length, 1);
	const file = path.join(ownFolder(context), 'video.mp4');
	opened.session.bring(there, 'video/mp4', file);
	await until(opened.session.transfers, all => all.some(({state}) => state === 'done' || state === 'failed'));
	assert.deepEqual(fs.readFileSync(file), noise(300_000));
});

test('a draft that is sent while nobody knows whether its last state was saved has what is attached to it', async context => {
	const {imap, smtp, held, opened, written, save, atRest} = await adopted(context);
	save('Once.\n');
	await atRest();
	imap.faults.add({kind: 'cut-after', command: /^APPEND/, times: 1});
	save('');
	await until(opened.session.link, ({state}) => state !== 'up');
	opened.session.hangUp();
	const id = await post(opened, {draft: {...written, text: ''}, draftId: 'one'});
	opened.session.post.hold(id, true);
	opened.session.dial();
	await until(opened.session.link, ({state}) => state === 'up');
	await atRest();
	opened.session.post.hold(id, false);
	await stands(
		opened,
		id,
		({state, sequelState}) => state === 'refused' || (state === 'sent' && sequelState === 'over'),
	);
	assert.equal(letterOf(opened, id)?.because, '');
	await atRest();
	assert.ok(holdsVideo(smtp.taken[0]!.octets));
	assert.deepEqual([smtp.taken.length, held('Sent').length, held('Drafts').length], [1, 1, 0]);
});
