/** Drafts on the server: one copy of each, the newest, with what it needs; and only our own ever goes. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {fullCapabilities} from '../../source/demo/server.ts';
import {makeDraft} from '../../source/make-draft.ts';
import type {Draft} from '../../source/model/draft.ts';
import {Drafts} from '../../source/store/drafts.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {noise} from '../helpers/noise.ts';
import {otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {draft, isOver, letterOf, type PostingWorld, post, postingWorld, stands, work} from '../helpers/posting.ts';
import {type Opened, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const without = (...names: string[]): string[] => fullCapabilities.filter(each => !names.includes(each));

/** Saves it as the composer does, and leaves it. */
function save(world: PostingWorld, {session}: Opened, change: Partial<Draft> = {}, id = 'one'): void {
	world.now += 1000;
	new Drafts(world.folderOf(work)!).save({...draft, ...change}, {id, savedAt: world.now});
	session.post.keepDraft(id);
}

const atRest = ({session}: Opened): Promise<unknown> =>
	until(session.operations, all => all.every(({state}) => state !== 'waiting'));

/** What is long waits for a yes. */
function letGo({session}: Opened): void {
	for (const {id, isHeld} of session.operations.get()) if (isHeld) session.hold(id, false);
}

const attached = (file: string) => ({name: path.basename(file), type: '', sizeBytes: fs.statSync(file).size, file});

const subjects = (world: PostingWorld): (string | undefined)[] =>
	world.held('Drafts').map(({octets}) => /^Subject: (.*)\r$/m.exec(octets)?.[1]);

async function begin(context: TestContext, capabilities = fullCapabilities) {
	const world = await postingWorld(context, {capabilities});
	const opened = await world.open();
	opened.session.dial();
	return {world, opened};
}

for (const [name, capabilities] of [
	['all extensions', fullCapabilities],
	['no CATENATE', without('CATENATE')],
	['REPLACE', [...without('CATENATE'), 'REPLACE']],
	['REPLACE and CATENATE', [...fullCapabilities, 'REPLACE']],
	['no ESEARCH, no LITERAL+', without('ESEARCH', 'LITERAL+')],
] as const)
	test(`with ${name} a draft that is saved again is there once, as it is now, with its Bcc and its attachments`, async context => {
		const {world, opened} = await begin(context, [...capabilities]);
		const file = path.join(ownFolder(context), 'map.bin');
		fs.writeFileSync(file, noise(300_000));
		const bcc = [{name: '', address: 'secret@example.org'}];
		save(world, opened, {attachments: [attached(file)], bcc});
		letGo(opened);
		await atRest(opened);
		const [first] = world.held('Drafts');
		assert.deepEqual([...first!.flags].sort(), ['\\Draft', '\\Seen']);
		assert.match(first!.octets, /^Bcc: secret@example.org\r$/m);
		opened.spent();
		save(world, opened, {subject: 'Tea at five?', text: 'Bring two dogs.\n', attachments: [attached(file)], bcc});
		letGo(opened);
		await atRest(opened);
		assert.deepEqual(subjects(world), ['Tea at five?']);
		const [again] = world.held('Drafts');
		const withoutOwn = (octets: string): string =>
			octets.slice(octets.indexOf('Content-Disposition')).replaceAll(/--_.*$/gm, '');
		assert.equal(withoutOwn(again!.octets), withoutOwn(first!.octets));
		assert.equal(opened.spent().up < 5000, capabilities.includes('CATENATE'));
		assert.deepEqual(opened.session.operations.get(), []);
		const said = world.imap.transcript.filter(({by}) => by === 'client').map(({text}) => text);
		const isInOne = capabilities.includes('REPLACE') && !capabilities.includes('CATENATE');
		assert.equal(said.filter(each => / UID REPLACE 1 /.test(each)).length, isInOne ? 1 : 0);
		assert.equal(said.filter(each => / UID EXPUNGE 1$/.test(each)).length, isInOne ? 0 : 1);
	});

test('an attachment whose file has changed goes up anew, and one that has not does not', async context => {
	const {world, opened} = await begin(context);
	const folder = ownFolder(context);
	const [map, log] = [path.join(folder, 'map'), path.join(folder, 'log')];
	fs.writeFileSync(map, noise(60_000));
	fs.writeFileSync(log, Buffer.alloc(60_000, 'old '));
	const both = () => ({attachments: [attached(map), attached(log)]});
	save(world, opened, both());
	await atRest(opened);
	fs.writeFileSync(log, Buffer.concat([Buffer.from('new '), noise(59_996)]));
	fs.utimesSync(log, 1, 1);
	opened.spent();
	save(world, opened, {...both(), text: ''});
	await atRest(opened);
	const {up} = opened.spent();
	assert.ok(up > 55_000 && up < 90_000, `${up} up`);
	const decoded = Buffer.from(world.held('Drafts')[0]!.octets.split('\r\n\r\n').at(-1)!, 'base64').toString('latin1');
	assert.ok(decoded.startsWith('new '));
	// Without a text the parts have other numbers.
	save(world, opened, {...both(), text: 'Words.\n'});
	await atRest(opened);
	assert.ok(opened.spent().up < 4000);
	assert.match(world.held('Drafts')[0]!.octets, /Words/);
});

test('on Dovecot a draft with 20 MB attached is saved again for no more than its text and 3,000 bytes, and read by it as it is here', {
	skip: withoutDovecot,
}, async context => {
	const dovecot = await startDovecot();
	context.after(() => dovecot.stop());
	const other = await otherClient(dovecot.port, 'ada', dovecot.password);
	context.after(() => other.close());
	await other.command('CREATE Drafts');
	const world = await postingWorld(context);
	const opened = await openSession(context, {
		port: dovecot.port,
		account: {name: work, user: 'ada'},
		password: dovecot.password,
		folder: world.folderOf(work)!,
		makeDraft,
		clock: () => world.now,
	});
	const {session} = opened;
	session.dial();
	const file = path.join(ownFolder(context), 'film');
	const film = noise(20_000_000);
	fs.writeFileSync(file, film);
	save(world, opened, {attachments: [attached(file)]});
	letGo(opened);
	await atRest(opened);
	await session.settled();
	opened.spent();
	const text = 'Another text.\n'.repeat(40);
	save(world, opened, {attachments: [attached(file)], text});
	await atRest(opened);
	await session.settled();
	const {total} = opened.spent();
	context.diagnostic(`${total} bytes, text ${text.length}`);
	assert.ok(total <= text.length + 3000, `${total} bytes`);
	await other.command('SELECT Drafts');
	const whole = film.toString('base64').replaceAll(/.{76}(?=.)/g, '$&\r\n');
	const end = whole.length - 900;
	const parts = `BODY.PEEK[1] BODY.PEEK[2]<0.900> BODY.PEEK[2]<${end}.2000>`;
	const said = await other.command(`UID FETCH 1:* (${parts})`);
	assert.equal(said.match(/^\* \d+ FETCH/gm)?.length, 1);
	assert.match(said, /Another text\./);
	assert.ok(said.includes(whole.slice(0, 900)) && said.includes(`{900}\r\n${whole.slice(end)}`), 'from end to end');
});

test('an attached message whose lines end in several ways is a piece of the next copy, of the size it has there', async context => {
	const {world, opened} = await begin(context);
	const file = path.join(ownFolder(context), 'message.eml');
	fs.writeFileSync(file, 'From: a@b\n\none\rtwo\r\nthree\r\rfour\r');
	const attachments = [{...attached(file), type: 'message/rfc822'}];
	for (const subject of ['Once', 'Twice']) {
		save(world, opened, {subject, attachments});
		await atRest(opened);
	}
	assert.deepEqual(subjects(world), ['Twice']);
	assert.equal(world.imap.transcript.filter(({by, text}) => by === 'client' && / APPEND /.test(text)).length, 2);
	assert.ok(world.held('Drafts')[0]!.octets.includes('\r\none\r\ntwo\r\nthree\r\n\r\nfour\r\n'));
});

/** Resolves when a draft is being put together to go up: what is long is written to a file first. */
async function puttingTogether(world: PostingWorld): Promise<void> {
	const {promise, resolve} = Promise.withResolvers<void>();
	const watching = fs.watch(
		path.join(world.folderOf(work)!, 'drafts'),
		(_, name) => name?.endsWith('.up') && resolve(),
	);
	await promise;
	watching.close();
}

for (const [what, then, left] of [
	['saved anew', 'goes up as it is then', ['Twice']],
	['thrown away', 'does not go up', []],
	['sent', 'does not go up', []],
] as const)
	test(`what is ${what} while an earlier state is put together to go up ${then}`, async context => {
		const {world, opened} = await begin(context);
		const file = path.join(ownFolder(context), 'map');
		fs.writeFileSync(file, noise(100_000));
		const attachments = [attached(file)];
		save(world, opened, {subject: 'Once', attachments});
		await puttingTogether(world);
		if (what === 'saved anew') save(world, opened, {subject: 'Twice', attachments});
		if (what === 'thrown away') {
			new Drafts(world.folderOf(work)!).remove('one');
			opened.session.post.dropDraft('one');
		}
		if (what === 'sent') await stands(opened, await post(opened, {draftId: 'one'}), isOver);
		await atRest(opened);
		await opened.session.settled();
		assert.deepEqual(subjects(world), left);
	});

test('ten savings with the line down are one upload', async context => {
	const world = await postingWorld(context);
	const opened = await world.open({account: {model: 'disconnected'}});
	for (let count = 1; count <= 10; count++) save(world, opened, {subject: `Version ${count}`});
	assert.equal(opened.session.operations.get().length, 1);
	opened.session.dial();
	await atRest(opened);
	assert.deepEqual(subjects(world), ['Version 10']);
	assert.equal(world.imap.transcript.filter(({by, text}) => by === 'client' && / APPEND /.test(text)).length, 1);
});

test('in the disconnected model a draft is a line of the next call, with its bytes, which can be left out', async context => {
	const world = await postingWorld(context);
	const opened = await world.open({account: {model: 'disconnected'}});
	const {session} = opened;
	const file = path.join(ownFolder(context), 'film');
	fs.writeFileSync(file, noise(2_000_000));
	save(world, opened, {attachments: [attached(file)]});
	const inbox = session.mailbox('INBOX' as never);
	inbox.ensureNewest(1);
	for (const isLeftOut of [true, false]) {
		session.planCall();
		const planned = await until(session.call, call => call?.state === 'planned');
		const [line] = planned!.lines.filter(({kind}) => kind === 'drafts');
		assert.equal(line?.sentence, 'Save a draft on the server');
		assert.ok(line!.bytes > 2_700_000 && line!.bytes < 2_900_000, `${line!.bytes}`);
		if (isLeftOut) session.strike(line!.key, true);
		session.goCall();
		await until(session.call, call => call?.state === 'done');
		assert.equal(world.held('Drafts').length, isLeftOut ? 0 : 1);
		session.stopCall();
	}
	assert.deepEqual(subjects(world), ['Tea at four?']);
});

test('an incomplete draft is saved all the same', async context => {
	const {world, opened} = await begin(context);
	save(world, opened, {to: [{name: '', address: 'bo'}], subject: '', text: ''});
	await atRest(opened);
	assert.match(world.held('Drafts')[0]!.octets, /^To: <bo>\r$/m);
	save(world, opened, {to: [], subject: '', text: ''}, 'two');
	await atRest(opened);
	assert.equal(world.held('Drafts').length, 2);
});

test('when the letter is sent its copy among the drafts goes, and not before', async context => {
	const {world, opened} = await begin(context);
	save(world, opened);
	await atRest(opened);
	world.smtp.script = {answers: step => (step === 'MAIL' ? '451 4.3.0 later' : undefined)};
	const id = await post(opened, {draftId: 'one'});
	await stands(opened, id, ({attempts}) => attempts > 0);
	assert.equal(world.held('Drafts').length, 1);
	world.smtp.script = {};
	opened.session.post.sendAgain(id);
	await stands(opened, id, isOver);
	await atRest(opened);
	assert.deepEqual([world.held('Drafts').length, world.held('Sent').length, world.smtp.taken.length], [0, 1, 1]);
	assert.doesNotMatch(world.smtp.taken[0]!.octets, /Bcc/);
});

test('a letter that is taken back is the draft it was, with its copy; thrown away, its copy goes', async context => {
	const {world, opened} = await begin(context);
	save(world, opened);
	await atRest(opened);
	for (const isThrownAway of [false, true]) {
		const id = await post(opened, {draftId: 'one', notBefore: world.now + 1e9});
		if (isThrownAway) opened.session.post.discard(id);
		else opened.session.post.takeBack(id);
		assert.equal(letterOf(opened, id), undefined);
		if (isThrownAway) break;
		save(world, opened, {subject: 'Taken back'});
		await atRest(opened);
		assert.deepEqual(subjects(world), ['Taken back']);
	}
	await atRest(opened);
	assert.deepEqual(subjects(world), []);
});

test('a draft that is thrown away goes on the server too; one that never went up leaves nothing to do', async context => {
	const {world, opened} = await begin(context);
	save(world, opened);
	await atRest(opened);
	opened.session.post.dropDraft('one');
	await atRest(opened);
	assert.deepEqual(world.held('Drafts'), []);
	opened.session.hangUp();
	save(world, opened, {}, 'two');
	assert.equal(opened.session.operations.get().filter(({state}) => state === 'waiting').length, 1);
	opened.session.post.dropDraft('two');
	assert.equal(opened.session.operations.get().filter(({state}) => state === 'waiting').length, 0);
});

test('what another client has made of it is not touched, and ours stays too', async context => {
	const {world, opened} = await begin(context);
	save(world, opened);
	await atRest(opened);
	const {uids} = world.imap.mailbox('Drafts')!;
	world.imap.expunge('Drafts', uids.last);
	world.imap.append('Drafts', 'Subject: Written elsewhere\r\n\r\nHello.\r\n', ['\\Draft']);
	save(world, opened, {subject: 'Written here'});
	await atRest(opened);
	assert.deepEqual(subjects(world), ['Written elsewhere', 'Written here']);
	opened.session.post.dropDraft('one');
	await atRest(opened);
	assert.deepEqual(subjects(world), ['Written elsewhere']);
});

test('when the copy that an attachment was to come from is gone, all of it goes up', async context => {
	const {world, opened} = await begin(context);
	const file = path.join(ownFolder(context), 'map');
	fs.writeFileSync(file, noise(60_000));
	save(world, opened, {attachments: [attached(file)]});
	await atRest(opened);
	world.imap.expunge('Drafts', 1);
	save(world, opened, {subject: 'Again', attachments: [attached(file)]});
	await atRest(opened);
	assert.deepEqual(subjects(world), ['Again']);
	assert.ok(world.held('Drafts')[0]!.octets.length > 80_000);
});

test('where there is no mailbox for drafts, or they are to stay here, nothing is sent and nothing said', async context => {
	for (const hasDrafts of [false, true]) {
		const world = await postingWorld(context, {hasDrafts});
		const opened = await world.open({sending: hasDrafts ? {drafts: 'here'} : {}});
		opened.session.dial();
		save(world, opened);
		await atRest(opened);
		assert.deepEqual(opened.session.operations.get(), []);
		assert.equal(opened.session.notice.get(), undefined);
		assert.ok(!world.imap.transcript.some(({text}) => / APPEND /.test(text)));
	}
});

test('a server without room says so in the outbox; the draft is on the disk, and goes up when there is room', async context => {
	const {world, opened} = await begin(context);
	world.imap.faults.add({kind: 'refuse', command: /^APPEND/, answer: 'NO', text: '[OVERQUOTA] Full', times: 1});
	save(world, opened);
	const [refused] = await until(opened.session.operations, all => all.some(({state}) => state === 'refused'));
	assert.match(refused!.refusal, /Full. Make room there/);
	opened.session.retry(refused!.id);
	await atRest(opened);
	assert.deepEqual(subjects(world), ['Tea at four?']);
});

test('a long draft waits for a yes that is asked for with its price; the next one costs only what is new', async context => {
	const {world, opened} = await begin(context);
	const file = path.join(ownFolder(context), 'film');
	fs.writeFileSync(file, Buffer.alloc(20_000_000, 'film'));
	opened.session.chooseBudget('metered');
	save(world, opened, {attachments: [attached(file)]});
	const [held] = opened.session.operations.get();
	assert.equal(held!.isHeld, true);
	assert.match(opened.session.notice.get()?.text ?? '', /kept here: to save it on the server too costs 27 MB/);
	opened.session.hold(held!.id, false);
	await atRest(opened);
	await opened.session.settled();
	opened.spent();
	save(world, opened, {attachments: [attached(file)], text: 'Another text of some words.\n'});
	await atRest(opened);
	await opened.session.settled();
	const {total} = opened.spent();
	context.diagnostic(`${total} bytes`);
	assert.ok(total < 3000 + 28, `${total} bytes`);
	assert.equal(world.held('Drafts').length, 1);
});
