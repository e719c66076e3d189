import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {Failure} from '../../source/model/failure.ts';
import {inbox, mailboxPath, partNumber} from '../../source/model/ids.ts';
import {heard} from '../helpers/waiting.ts';
import {letter, localFixture, rowsOf, subjectOf} from './local-fixture.ts';

const whole = {part: partNumber(''), of: 'content'} as const;
const archive = mailboxPath('Archive');

test('the first use makes the mailboxes everybody has, with their uses', async context => {
	const {dial, root} = localFixture(context);
	const {remote, opened} = await dial(inbox);
	assert.equal(opened.count, 0);
	assert.deepEqual(
		(await remote.fetchMailboxes()).map(each => [each.path, each.specialUse, each.messages]),
		[
			['Archive', 'archive', 0],
			['Drafts', 'drafts', 0],
			['INBOX', 'inbox', 0],
			['Sent', 'sent', 0],
			['Trash', 'trash', 0],
		],
	);
	assert.deepEqual(fs.readdirSync(path.join(root, 'Sent')).sort(), ['cur', 'new', 'tmp']);
});

test('what another program files, marks and removes is told, in the order of a server', async context => {
	const {dial, file} = localFixture(context);
	await dial();
	const first = file('INBOX', 'new/1.a.host', letter('one'));
	file('INBOX', 'cur/2.b.host:2,S', letter('two'));
	const told = heard<string>();
	const {remote, opened} = await dial(inbox, {
		onCount: count => told.tell(`count ${count}`),
		onExpunge: sequence => told.tell(`expunge ${sequence}`),
		onFlags: ({sequence, uid, flags}) => told.tell(`flags ${sequence} ${uid} ${flags}`),
	});
	assert.equal(opened.count, 2);
	assert.deepEqual(
		(await rowsOf(remote)).map(row => [row.uid, subjectOf(row), row.flags.join()]),
		[
			[1, 'one', ''],
			[2, 'two', '\\Seen'],
		],
	);
	remote.idle();
	file('INBOX', 'new/3.c.host', letter('three'));
	await told.next(1);
	// As mutt does: read, it goes to cur.
	fs.renameSync(first, path.join(path.dirname(path.dirname(first)), 'cur', '1.a.host:2,FS'));
	await told.next(2);
	fs.rmSync(path.join(path.dirname(path.dirname(first)), 'cur', '2.b.host:2,S'));
	await told.next(3);
	assert.deepEqual(told.all, ['count 3', 'flags 1 1 \\Flagged,\\Seen', 'expunge 2']);
	assert.deepEqual(
		(await rowsOf(remote)).map(row => [row.sequence, row.uid]),
		[
			[1, 1],
			[2, 3],
		],
	);
});

test('a message keeps its UID over restarts; without the index it is another mailbox, with all its messages', async context => {
	const {dial, file, indexFile} = localFixture(context);
	await dial();
	for (const name of ['one', 'two', 'three']) file('INBOX', `new/${name.length}.${name}.host`, letter(name));
	const before = await dial(inbox);
	await before.remote.storeFlag('2', '\\Deleted', true);
	await before.remote.expunge('2');
	await before.remote.leave();
	file('INBOX', 'new/9.four.host', letter('four'));
	const after = await dial(inbox);
	assert.equal(after.opened.uidValidity, before.opened.uidValidity);
	assert.deepEqual(
		(await rowsOf(after.remote)).map(({uid}) => uid),
		[1, 3, 4],
	);
	await after.remote.leave();
	for (const end of ['', '-wal', '-shm']) fs.rmSync(indexFile + end, {force: true});
	const anew = await dial(inbox);
	assert.notEqual(anew.opened.uidValidity, before.opened.uidValidity);
	assert.deepEqual(
		(await rowsOf(anew.remote)).map(({uid}) => uid),
		[1, 2, 3],
	);
});

test('an index that is broken is made anew', async context => {
	const {dial, file, indexFile} = localFixture(context);
	const {remote} = await dial();
	await remote.leave();
	file('INBOX', 'new/1.a.host', letter('one'));
	for (const end of ['-wal', '-shm']) fs.rmSync(indexFile + end, {force: true});
	fs.writeFileSync(indexFile, 'no database '.repeat(1000));
	assert.equal((await dial(inbox)).opened.count, 1);
});

test('keywords are in the files and in dovecot-keywords, so that they outlive the index', async context => {
	const {dial, file, root, indexFile} = localFixture(context);
	await dial();
	file('INBOX', 'cur/1.a.host:2,S', letter('one'));
	const {remote} = await dial(inbox);
	await remote.storeFlag('1', '$Mine', true);
	await remote.storeFlag('1', '$Forwarded', true);
	assert.deepEqual(fs.readdirSync(path.join(root, 'INBOX/cur')), ['1.a.host:2,PSa']);
	assert.equal(fs.readFileSync(path.join(root, 'INBOX/dovecot-keywords'), 'utf8'), '0 $Mine\n');
	// In another mailbox the letters stand for others.
	fs.writeFileSync(path.join(root, 'Archive/dovecot-keywords'), '0 $Other\n');
	await remote.copy('1', archive);
	assert.match(fs.readdirSync(path.join(root, 'Archive/cur'))[0]!, /:2,PSb$/);
	await remote.leave();
	fs.rmSync(indexFile);
	const {remote: again} = await dial(archive);
	assert.deepEqual((await rowsOf(again))[0]?.flags, ['$Forwarded', '\\Seen', '$Mine']);
});

test('a folder that is gone or was emptied is said to be not there, and nothing counts as deleted', async context => {
	const {dial, file, root} = localFixture(context);
	await dial();
	file('INBOX', 'cur/1.a.host:2,S', letter('one'));
	const {opened, remote} = await dial(inbox);
	assert.equal(opened.count, 1);
	await remote.leave();
	fs.renameSync(root, `${root}.away`);
	const isNotThere = (error: Failure) => error.kind === 'denied' && /is the disk mounted\?/.test(error.sentence);
	await assert.rejects(dial(inbox), isNotThere);
	fs.mkdirSync(root);
	await assert.rejects(dial(inbox), isNotThere);
	assert.deepEqual(fs.readdirSync(root), []);
	fs.rmdirSync(root);
	fs.renameSync(`${root}.away`, root);
	const again = await dial(inbox);
	assert.equal(again.opened.uidValidity, opened.uidValidity);
	assert.deepEqual(
		(await rowsOf(again.remote)).map(({uid}) => uid),
		[1],
	);
});

test('a disk that is taken away while it is open ends the connection, and no message is told to be gone', async context => {
	const {dial, file, root} = localFixture(context);
	await dial();
	file('INBOX', 'cur/1.a.host:2,S', letter('one'));
	const closed = heard<Failure>();
	const {remote} = await dial(inbox, {
		onClosed: closed.tell,
		onExpunge: () => assert.fail('nothing is gone'),
	});
	fs.renameSync(root, `${root}.away`);
	await assert.rejects(remote.look(), Failure);
	await closed.next(1);
	assert.match(closed.all[0]!.sentence, /is the disk mounted\?/);
	fs.renameSync(`${root}.away`, root);
});

test('an empty folder is another matter when it is another one', async context => {
	const {dial, file, indexFile} = localFixture(context);
	await dial();
	file('INBOX', 'cur/1.a.host:2,S', letter('one'));
	await (await dial(inbox)).remote.leave();
	const other = localFixture(context);
	fs.mkdirSync(path.dirname(other.indexFile), {recursive: true});
	for (const end of ['', '-wal', '-shm'])
		if (fs.existsSync(indexFile + end)) fs.copyFileSync(indexFile + end, other.indexFile + end);
	assert.equal((await other.dial(inbox)).opened.count, 0);
});

test('two connections agree, and each is told what the other did', async context => {
	const {dial, file} = localFixture(context);
	await dial();
	for (const name of ['a', 'b', 'c']) file('INBOX', `cur/1.${name}.host:2,`, letter(name));
	const told = heard<string>();
	const {remote: one} = await dial(inbox);
	const {remote: two} = await dial(inbox, {
		onExpunge: sequence => told.tell(`expunge ${sequence}`),
		onFlags: ({uid, flags}) => told.tell(`flags ${uid} ${flags}`),
	});
	await one.storeFlag('3', '\\Flagged', true);
	assert.deepEqual(await one.move('1:2', archive), {
		uidValidity: (await one.fetchStatus(archive))?.uidValidity,
		from: [1, 2],
		to: [1, 2],
	});
	await two.look();
	assert.deepEqual(told.all, ['expunge 2', 'expunge 1', 'flags 3 \\Flagged']);
});

test('numbers mean what was told until a change was told', async context => {
	const {dial, file, root} = localFixture(context);
	await dial();
	for (const name of ['a', 'b', 'c']) file('INBOX', `cur/1.${name}.host:2,`, letter(name));
	const gone = heard<number>();
	const {remote} = await dial(inbox, {onExpunge: gone.tell});
	fs.rmSync(path.join(root, 'INBOX/cur/1.a.host:2,'));
	const looking = remote.look();
	const rows = await rowsOf(remote, '2:3');
	await looking;
	assert.deepEqual(
		rows.map(row => [row.sequence, subjectOf(row)]),
		[
			[2, 'b'],
			[3, 'c'],
		],
	);
	await remote.look();
	assert.deepEqual(gone.all, [1]);
});

test('a file that has another name by the time it is read is found under that one', async context => {
	const {dial, file, root} = localFixture(context);
	await dial();
	const there = file('INBOX', 'new/1.a.host', letter('one'));
	const {remote} = await dial(inbox);
	fs.renameSync(there, path.join(root, 'INBOX/cur/1.a.host,U=7:2,R'));
	const octets = await remote.fetchChunk(1, whole, 0, 1000, 'as-sent', 'parts');
	assert.equal(octets?.toString(), letter('one').replaceAll('\n', '\r\n'));
	await remote.storeFlag('1', '\\Seen', true);
	assert.deepEqual(fs.readdirSync(path.join(root, 'INBOX/cur')), ['1.a.host,U=7:2,RS']);
});

test('a link out of the folder is followed nowhere', async context => {
	const {dial, root, file} = localFixture(context);
	await dial();
	const outside = fs.mkdtempSync(`${root}-outside`);
	fs.mkdirSync(path.join(outside, 'Box/cur'), {recursive: true});
	fs.writeFileSync(path.join(outside, 'secret'), 'secret');
	fs.symlinkSync(path.join(outside, 'Box'), path.join(root, 'Linked'));
	fs.symlinkSync(path.join(outside, 'secret'), path.join(root, 'INBOX/cur/5.link.host:2,'));
	file('INBOX', 'cur/6.b.host:2,', letter('two'));
	const {remote} = await dial(inbox);
	assert.ok(!(await remote.fetchMailboxes()).some(each => each.path === 'Linked'));
	await assert.rejects(remote.select(mailboxPath('Linked')), (error: Failure) => error.kind === 'gone');
	await assert.rejects(remote.select(mailboxPath('../outside')), (error: Failure) => error.kind === 'gone');
	await remote.select(inbox);
	await assert.rejects(remote.fetchChunk(1, whole, 0, 100, 'as-sent', 'parts'), Failure);
	assert.equal((await remote.fetchOpening(2, 10)).answer, 'known');
});

test('a name is a folder and comes back, whatever is in it; what is below a mailbox goes with it', async context => {
	const {dial, root} = localFixture(context);
	const {remote} = await dial();
	const names = ['.hidden', 'cur', 'A/new/B', '100%25', 'Käse & Ω', 'a:2,S', 'x\ny', '%'].map(mailboxPath);
	for (const name of names) await remote.createMailbox(name);
	const listed = (await remote.fetchMailboxes()).filter(each => each.isSelectable).map(each => each.path);
	for (const name of names) assert.ok(listed.includes(name), name);
	assert.ok(fs.existsSync(path.join(root, 'Käse & Ω/cur')));
	await remote.deleteMailbox(mailboxPath('cur'));
	await remote.renameMailbox(mailboxPath('A'), mailboxPath('Z/A'));
	const after = (await remote.fetchMailboxes()).map(each => each.path);
	assert.ok(after.includes(mailboxPath('Z/A/new/B')));
	assert.ok(!after.includes(mailboxPath('cur')));
	await assert.rejects(remote.createMailbox(mailboxPath('x/'.repeat(3))), (error: Failure) => error.kind === 'refused');
});

test('a copy has flags, date and octets of the message, whatever its ends of lines', async context => {
	const {dial, root} = localFixture(context);
	const {remote} = await dial(inbox);
	const date = Date.UTC(2020, 1, 2, 3, 4, 5);
	const messages = [
		'a: b\r\n\r\nplain\r\n',
		'a: b\r\n\r\nbare\nfeed\r\n',
		'a: b\n\nbare\n',
		'a: b\r\n\r\nodd\r\r\n',
	].map(text => Buffer.from(text));
	for (const octets of messages) await remote.append(inbox, octets, {flags: ['\\Seen'], date});
	await remote.look();
	await remote.copy('1:4', archive);
	await remote.select(archive);
	for (const [index, octets] of messages.entries()) {
		const copied = await remote.fetchChunk(index + 1, whole, 0, 1000, 'as-sent', 'parts');
		assert.deepEqual(copied, octets);
	}
	const origins = [...(await remote.fetchOrigins('1:4')).values()];
	assert.deepEqual(
		origins.map(origin => [origin.date, origin.sizeBytes, origin.flags.join()]),
		messages.map(octets => [date, octets.length, '\\Seen']),
	);
	// As other programs expect it.
	const [first] = fs.readdirSync(path.join(root, 'Archive/cur')).sort();
	assert.equal(fs.readFileSync(path.join(root, 'Archive/cur', first!), 'utf8'), 'a: b\n\nplain\n');
});

test('many that are met for the first time are told of now and then and at the end, and taken in in the order they were delivered', async context => {
	const {dial, root} = localFixture(context);
	await dial();
	const count = 10_500;
	for (let number = 0; number < count; number++)
		fs.writeFileSync(path.join(root, 'INBOX/cur', `${1_000_000 + number}.M${count - number}P1.host:2,`), '');
	const told = heard<string>();
	const {remote, opened} = await dial(inbox, {
		onIndexing: (mailbox, done, all) => told.tell(`${mailbox} ${done} ${all}`),
	});
	assert.equal(opened.count, count);
	assert.deepEqual(told.all, ['INBOX 5000 10500', 'INBOX 10000 10500', 'INBOX 10500 10500']);
	fs.writeFileSync(path.join(root, 'INBOX/cur/1009999.M1P1.host:2,FS'), letter('late'));
	await remote.look();
	assert.deepEqual(
		(await rowsOf(remote, `${count}:*`)).map(row => [row.uid, subjectOf(row)]),
		[
			[count, ''],
			[count + 1, 'late'],
		],
	);
	assert.deepEqual(await remote.search({by: 'flag', flag: 'FLAGGED'}), [count + 1]);
});
