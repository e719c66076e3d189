/**
 * Mail leaves in the running client: when, how often, and what the user can do about it meanwhile; and what follows: the
 * copy with what was sent, the mark on what was answered.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {Drafts} from '../../source/store/drafts.ts';
import {call} from '../helpers/disconnected.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {
	draft,
	home,
	isOver,
	letterOf,
	original,
	type PostingWorld,
	post,
	postingWorld,
	stands,
	work,
} from '../helpers/posting.ts';
import {until} from '../helpers/waiting.ts';

const minute = 60_000;
const tries = ({smtp}: PostingWorld): number => smtp.heard.filter(each => /^EHLO/.test(each)).length;
const appends = ({imap}: PostingWorld): number =>
	imap.transcript.filter(each => each.by === 'client' && /^\S+ APPEND/.test(each.text)).length;

test('what is sent leaves when it cannot be taken back any more, and is filed and marked as answered', async context => {
	const world = await postingWorld(context);
	const opened = await world.open({undoSendSeconds: 10});
	opened.session.dial();
	const id = await post(opened, {answers: [original]});
	await stands(opened, id, ({state}) => state === 'waiting');
	assert.equal(world.smtp.heard.length, 0, 'it may be taken back for ten seconds');
	world.now += 10_000;
	await stands(opened, id, isOver);
	assert.equal(world.smtp.taken.length, 1);
	assert.equal(appends(world), 1);
	const [copy, ...more] = world.held('Sent');
	assert.deepEqual(more, []);
	assert.deepEqual(copy, {flags: ['\\Seen'], octets: world.smtp.taken[0]!.octets});
	await until(opened.session.operations, all => all.length > 0 && all.every(({state}) => state === 'done'));
	assert.deepEqual(world.held('INBOX')[0]!.flags, ['\\Answered']);
	assert.deepEqual([world.files('.octets'), world.files('.draft')], [[], []], 'nothing of it stays here');
	assert.match(opened.session.notice.get()?.text ?? '', /Sent: “Tea at four\?” \(\d/);
});

test('undo takes back what was sent last, as a draft, until it has left', async context => {
	const world = await postingWorld(context);
	const opened = await world.open({undoSendSeconds: 10});
	const drafts = new Drafts(world.folderOf(work)!);
	const draftId = drafts.save(draft, {savedAt: 1});
	const first = await post(opened, {draftId});
	assert.equal(drafts.all().length, 0);
	opened.session.undo();
	assert.equal(letterOf(opened, first), undefined);
	assert.deepEqual(
		drafts.all().map(each => each.draft.subject),
		['Tea at four?'],
	);
	assert.equal(opened.session.notice.get()?.text, 'Taken back, and a draft again: Tea at four?');
	const second = await post(opened);
	world.now += 10_000;
	await stands(opened, second, isOver);
	opened.session.post.takeBack(second);
	assert.equal(world.smtp.taken.length, 1);
	assert.equal(drafts.all().length, 1);
});

test('what is to be sent at a time waits for it, and what is held until it is let go', async context => {
	const world = await postingWorld(context);
	const opened = await world.open();
	const later = await post(opened, {notBefore: world.now + 60 * minute});
	const held = await post(opened, {notBefore: world.now + minute});
	opened.session.post.hold(held, true);
	world.now += 2 * minute;
	const third = await post(opened);
	await stands(opened, third, isOver);
	assert.deepEqual([letterOf(opened, later)?.state, letterOf(opened, held)?.state], ['waiting', 'waiting']);
	opened.session.post.hold(held, false);
	await stands(opened, held, isOver);
	world.now += 60 * minute;
	await stands(opened, later, isOver);
	assert.equal(world.smtp.taken.length, 3);
});

test('what the server puts off is tried again later and later; what it refuses is shown, and sent again when asked', async context => {
	const world = await postingWorld(context, {
		smtp: {answers: step => (step === 'message' ? '452 4.2.2 mailbox full' : undefined)},
	});
	const opened = await world.open();
	const id = await post(opened);
	await stands(opened, id, ({attempts}) => attempts === 1);
	assert.match(opened.session.notice.get()?.text ?? '', /mailbox full.*tried again later/);
	opened.session.post.hold(await post(opened), true);
	assert.equal(tries(world), 1, 'not before its time');
	world.now += minute;
	await stands(opened, id, ({attempts}) => attempts === 2);
	world.smtp.script = {answers: step => (step === 'message' ? '552 5.2.2 over quota' : undefined)};
	world.now += 5 * minute;
	await stands(opened, id, ({state}) => state === 'refused');
	assert.match(letterOf(opened, id)?.because ?? '', /552 5\.2\.2 over quota/);
	assert.match(opened.session.notice.get()?.text ?? '', /over quota.*in the outbox/);
	assert.deepEqual(world.held('Sent'), [], 'nobody has it, so there is no copy');
	world.smtp.script = {};
	opened.session.post.sendAgain(id);
	await stands(opened, id, isOver);
	assert.equal(world.smtp.taken.length, 1);
	assert.equal(world.held('Sent').length, 1);
});

test('a sender the server does not let write is refused, in its words', async context => {
	const answers = (step: string) => (step === 'MAIL' ? '553 5.7.1 not your address' : undefined);
	const world = await postingWorld(context, {smtp: {answers}});
	const opened = await world.open();
	const id = await post(opened);
	await stands(opened, id, ({state}) => state === 'refused');
	assert.match(letterOf(opened, id)?.because ?? '', /553 5\.7\.1 not your address/);
	opened.session.post.discard(id);
	await until(opened.session.post.letters, letters => letters.length === 0);
	assert.deepEqual(world.files('.octets'), []);
});

test('a password that was revoked is said once, and not tried again before the user asks', async context => {
	const answers = (step: string) => (step === 'AUTH' ? '535 5.7.8 revoked' : undefined);
	const world = await postingWorld(context, {smtp: {answers}});
	const opened = await world.open();
	const id = await post(opened);
	await stands(opened, id, ({because}) => /revoked/.test(because));
	world.now += 24 * 60 * minute;
	opened.session.post.hold(await post(opened), true);
	assert.equal(tries(world), 1);
	world.smtp.script = {};
	opened.session.look();
	await stands(opened, id, isOver);
});

test('what nobody knows of is never sent again by itself: the user says that it arrived, or has it sent again', async context => {
	const world = await postingWorld(context, {smtp: {cutAt: {step: 'message', isUnheard: false}}});
	const opened = await world.open();
	opened.session.dial();
	const arrived = await post(opened, {answers: [original]});
	await stands(opened, arrived, ({state}) => state === 'unknown');
	world.smtp.script = {cutAt: {step: 'message', isUnheard: true}};
	const lost = await post(opened);
	await stands(opened, lost, ({state}) => state === 'unknown');
	assert.match(opened.session.notice.get()?.text ?? '', /Whether “Tea at four\?” was sent is not known/);
	world.smtp.script = {};
	world.now += 24 * 60 * minute;
	opened.session.look();
	const third = await post(opened);
	await stands(opened, third, isOver);
	assert.deepEqual([world.smtp.taken.length, world.held('Sent').length], [2, 1], 'neither went again');
	opened.session.post.arrived(arrived);
	opened.session.post.sendAgain(lost);
	for (const id of [arrived, lost]) await stands(opened, id, isOver);
	assert.deepEqual([world.smtp.taken.length, world.held('Sent').length], [3, 3]);
	await until(opened.session.operations, all => all.every(({state}) => state === 'done'));
	assert.deepEqual(world.held('INBOX')[0]!.flags, ['\\Answered']);
});

test('where the server files what it was handed, nothing is appended, and what is not known is looked up there', async context => {
	const world = await postingWorld(context, {smtp: {cutAt: {step: 'message', isUnheard: false}}});
	const opened = await world.open({sending: {sentCopies: 'server'}});
	const id = await post(opened);
	await stands(opened, id, ({state}) => state === 'unknown');
	world.imap.append('Sent', world.smtp.taken[0]!.octets);
	world.smtp.script = {cutAt: {step: 'message', isUnheard: true}};
	const lost = await post(opened);
	await stands(opened, lost, ({state}) => state === 'unknown');
	opened.session.dial();
	await stands(opened, id, isOver);
	await opened.session.settled();
	assert.equal(letterOf(opened, lost)?.state, 'unknown', 'it is not there, so the user is asked');
	assert.equal(world.held('Sent').length, 1);
	assert.equal(appends(world), 0);
});

test('in the disconnected model it waits for the call, which shows its price, and sends it if it is not struck', async context => {
	const world = await postingWorld(context);
	const opened = await world.open({account: {model: 'disconnected'}});
	const id = await post(opened, {answers: [original]});
	world.now += minute;
	opened.session.planCall();
	const planned = await until(opened.session.call, now => now?.state === 'planned');
	const line = planned?.lines.find(({kind}) => kind === 'mail');
	assert.match(line?.sentence ?? '', /^Send mail to bob@example\.org: Tea at four\? \(\d+\)$/);
	assert.ok(line!.bytes > letterOf(opened, id)!.letter.sizeBytes);
	opened.session.strike('mail', true);
	opened.session.goCall();
	await until(opened.session.call, now => now?.state === 'done');
	assert.equal(world.smtp.heard.length, 0);
	const {over} = await call(opened.session);
	assert.equal(over?.lines.find(({kind}) => kind === 'mail')?.state, 'done');
	await stands(opened, id, isOver);
	assert.equal(world.smtp.taken.length, 1);
	assert.deepEqual(world.held('INBOX')[0]!.flags, ['\\Answered']);
	assert.equal(world.held('Sent').length, 1);
	assert.equal(opened.session.link.get().state, 'hung-up');
});

test('with a line that the user has dialled the disconnected model sends at once', async context => {
	const world = await postingWorld(context);
	const opened = await world.open({account: {model: 'disconnected'}});
	opened.session.dial();
	await until(opened.session.link, ({state}) => state === 'up');
	const id = await post(opened);
	await stands(opened, id, isOver);
	assert.equal(world.smtp.taken.length, 1);
});

test('a reply by another account is filed there, and marked here, where the message was', async context => {
	const world = await postingWorld(context);
	const here = await world.open();
	const there = await world.open({name: home});
	here.session.dial();
	there.session.dial();
	const id = await post(here, {account: home, answers: [original], forwards: [original]});
	await stands(there, id, isOver);
	assert.deepEqual(here.session.post.letters.get(), []);
	await until(here.session.operations, all => all.length === 2 && all.every(({state}) => state === 'done'));
	assert.deepEqual(world.held('INBOX')[0]!.flags.toSorted(), ['$Forwarded', '\\Answered']);
});

test('what another account is to send can be taken back where it was written', async context => {
	const world = await postingWorld(context);
	const here = await world.open();
	const there = await world.open({name: home, undoSendSeconds: 10});
	const drafts = new Drafts(world.folderOf(work)!);
	const id = await post(here, {account: home, notBefore: world.now + minute});
	await stands(there, id, ({state}) => state === 'waiting');
	assert.equal(here.session.notice.get()?.text, 'It is in the outbox of home, which sends it');
	here.session.undo();
	await until(there.session.post.letters, letters => letters.length === 0);
	assert.equal(drafts.all().length, 1);
	assert.equal(world.smtp.heard.length, 0);
});

test('where it is to be sent it is taken back to where it was written, which knows its copy on the server', async context => {
	const world = await postingWorld(context);
	const here = await world.open();
	const there = await world.open({name: home, undoSendSeconds: 10});
	const id = await post(here, {account: home, draftId: 'one', notBefore: world.now + minute});
	await stands(there, id, ({state}) => state === 'waiting');
	there.session.post.takeBack(id);
	assert.equal(there.session.notice.get()?.text, 'Taken back, and a draft of work again: Tea at four?');
	assert.ok(new Drafts(world.folderOf(work)!).find('one'));
	assert.deepEqual(new Drafts(world.folderOf(home)!).all(), []);
});

test('a message that was moved while the answer waited is marked where it is by then', async context => {
	const world = await postingWorld(context);
	const opened = await world.open({undoSendSeconds: 10});
	opened.session.dial();
	const id = await post(opened, {answers: [original]});
	opened.session.decideByUid(inbox, 7, [1], {kind: 'move', to: {path: mailboxPath('Archive')}});
	await until(opened.session.operations, all => all.length === 1 && all[0]!.state === 'done');
	world.now += 10_000;
	await stands(opened, id, isOver);
	await until(opened.session.operations, all => all.every(({state}) => state === 'done'));
	assert.deepEqual(world.held('Archive')[0]!.flags, ['\\Answered']);
});

test('what was answered and is gone by then is no news, and undo is for what the user decided', async context => {
	const world = await postingWorld(context);
	const opened = await world.open();
	opened.session.dial();
	opened.session.decideByUid(inbox, 7, [1], {kind: 'flag', flag: '\\Flagged', isSet: true});
	const id = await post(opened, {answers: [original]});
	await stands(opened, id, isOver);
	await until(opened.session.operations, all => all.every(({state}) => state === 'done'));
	opened.session.undo();
	await until(opened.session.operations, all => all.every(({state}) => state !== 'waiting'));
	assert.deepEqual(world.held('INBOX')[0]!.flags, ['\\Answered'], 'the flag is taken back, not the answer');
	const of = {...original, uidValidity: 6};
	const second = await post(opened, {answers: [of]});
	await stands(opened, second, isOver);
	await until(opened.session.operations, all => all.every(({state}) => state !== 'waiting'));
	assert.deepEqual(
		opened.session.operations.get().filter(({state}) => state === 'refused'),
		[],
	);
});

test('two programs on one account send a letter once', async context => {
	const world = await postingWorld(context);
	const [one, other] = [await world.open(), await world.open()];
	const ids = await Promise.all([post(one), post(other), post(one), post(other)]);
	for (const id of ids) for (const opened of [one, other]) await stands(opened, id, isOver);
	assert.equal(world.smtp.taken.length, 4);
	assert.equal(world.held('Sent').length, 4);
});

test('a session budget that does not cover it keeps it here, and says so', async context => {
	const world = await postingWorld(context);
	const opened = await world.open();
	opened.session.limitSession(1000);
	const id = await post(opened);
	await until(opened.session.notice, now => /Not sent: it could cost/.test(now?.text ?? ''));
	assert.equal(world.smtp.heard.length, 0);
	opened.session.limitSession(undefined);
	await stands(opened, id, isOver);
});

test('who leaves while a message is put into the outbox has it sent', async context => {
	const world = await postingWorld(context);
	const opened = await world.open({undoSendSeconds: 10});
	const file = path.join(ownFolder(context), 'film');
	fs.writeFileSync(file, Buffer.alloc(3_000_000));
	const attachments = [{name: 'film', type: '', sizeBytes: 3_000_000, file}];
	const posted = opened.session.post.send({draft: {...draft, attachments}});
	await opened.session.close();
	assert.equal(world.smtp.taken.length, 1);
	assert.ok('id' in (await posted));
});

for (const [what, savedAfter, text, stays] of [
	['goes: it would be sent once more', -1000, draft.text, false],
	['stays when it was saved since, as one that is taken back is', 1000, draft.text, true],
	['stays when it says something else', -1000, 'Bring two dogs.\n', true],
] as const)
	test(`a draft that a kill has left beside its letter ${what}`, async context => {
		const world = await postingWorld(context);
		const first = await world.open({account: {model: 'disconnected'}});
		await post(first, {draftId: 'one'});
		await first.session.close();
		const drafts = new Drafts(world.folderOf(work)!);
		drafts.save({...draft, text}, {id: 'one', savedAt: world.now + savedAfter});
		await world.open({account: {model: 'disconnected'}});
		assert.equal(drafts.find('one') !== undefined, stays);
		assert.equal(world.mail.all().length, 1);
	});
