import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {exportToMaildir, exportToMbox} from '../../source/local/export-mail.ts';
import {importInto, importsOf} from '../../source/local/import-mail.ts';
import {deliver, makeMaildir, readMessage} from '../../source/local/maildir.ts';
import {byDelivery, readName} from '../../source/local/maildir-name.ts';
import {asMbox, type Read, readMbox} from '../../source/local/mbox.ts';
import {mailboxPath} from '../../source/model/ids.ts';

function folderOf(context: TestContext): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-mbox-'));
	context.after(() => fs.rmSync(folder, {recursive: true, force: true}));
	return folder;
}

async function read(context: TestContext, text: string): Promise<Read[]> {
	const file = path.join(folderOf(context), 'mbox');
	fs.writeFileSync(file, text);
	const all: Read[] = [];
	for await (const each of readMbox(file)) all.push(each);
	return all;
}

const octetsOf = (read: Read | undefined): string =>
	read?.is === 'message' ? read.octets.toString('latin1') : 'a problem';

test('messages of an mbox come with their flags and the moment they came, and without what only the file is about', async context => {
	const all = await read(
		context,
		'From a@b Thu Nov 19 08:00:00 2026\nFrom: a@b\nStatus: RO\nX-Status: FA\nSubject: one\n\nText.\n>From here\n>>From there\nFrom nobody special\n\nFrom c@d Fri Nov 20 09:10:11 +0100 2026\nSubject: two\n\nlast',
	);
	assert.deepEqual(
		all.map(each => (each.is === 'message' ? [each.flags.join(), each.date] : each)),
		[
			['\\Seen,\\Answered,\\Flagged', Date.UTC(2026, 10, 19, 8)],
			['', Date.UTC(2026, 10, 20, 9, 10, 11)],
		],
	);
	assert.equal(
		octetsOf(all[0]),
		'From: a@b\r\nSubject: one\r\n\r\nText.\r\nFrom here\r\n>From there\r\nFrom nobody special\r\n',
	);
	assert.equal(octetsOf(all[1]), 'Subject: two\r\n\r\nlast');
});

test('a line of a text that only begins like one between messages is part of the text', async context => {
	const all = await read(
		context,
		'From a@b Thu Nov 19 08:00:00 2026\nSubject: one\n\nDear all,\n\nFrom now on we meet at 8.\nBye\n\nFrom a@b Thu Nov 19 08:00:00 2026\nSubject: two\n\n.\n',
	);
	assert.equal(all.length, 2);
	assert.match(octetsOf(all[0]), /From now on we meet/);
});

test('what is no message is told with its lines, and nothing stops at it', async context => {
	const all = await read(
		context,
		'garbage\nmore of it\n\nFrom a@b Thu Nov 19 08:00:00 2026\nSubject: one\n\n1\n\nFrom a@b Thu Nov 19 08:00:00 2026\n\x00\x01 no header\n\nFrom c@d\nSubject: two\n\n2\n',
	);
	assert.deepEqual(
		all.map(each => (each.is === 'problem' ? each.where : each.is)),
		['lines 1 to 3', 'message', 'lines 9 to 11', 'message'],
	);
	assert.deepEqual(await read(context, ''), []);
});

test('a message is one though the empty line before it is missing, behind what is none too', async context => {
	const all = await read(
		context,
		'garbage\nFrom a@b\nSubject: one\n\n1\nFrom a@b Thu Nov 19 08:00:00 2026\nSubject: two\n\nWe heard\nFrom a@b\nTo: it\nFrom now on Thu Nov 19 08:00:00 2026\nas said\n',
	);
	assert.deepEqual(
		all.map(each => (each.is === 'problem' ? each.where : octetsOf(each).split('\r\n')[0])),
		['line 1', 'Subject: one', 'Subject: two'],
	);
	assert.match(octetsOf(all[2]), /From a@b\r\nTo: it\r\nFrom now on .*\r\nas said/, 'what only looks like one is text');
});

test('messages of one second stay in the order they have in the file', async context => {
	const folder = folderOf(context);
	const file = path.join(folder, 'mbox');
	const target = path.join(folder, 'Mail');
	await makeMaildir(target);
	const letters = Array.from({length: 150}, (_, n) => `From a@b Thu Nov 19 08:00:00 2026\nSubject: n${n}\n\n.\n\n`);
	fs.writeFileSync(file, letters.join(''));
	const [found] = await importsOf(file, mailboxPath('Old'));
	await importInto(
		target,
		found!,
		() => {},
		() => assert.fail('a problem'),
	);
	const names = byDelivery(fs.readdirSync(path.join(target, 'cur')), name => readName(name).key);
	assert.deepEqual(
		names.map(name => /Subject: (\S+)/.exec(fs.readFileSync(path.join(target, 'cur', name), 'utf8'))![1]),
		letters.map((_, n) => `n${n}`),
	);
});

test('what is written as an mbox is read as it was, octet for octet, whatever is in it', async context => {
	const message =
		'From: a@b\nSubject: x\n\nText\n\nFrom x@y Thu Nov 19 08:00:00 2026\nSubject: inner\n\n>From z\n\xff\n';
	const date = Date.UTC(2026, 10, 9, 1, 2, 3);
	const flags = ['\\Seen', '\\Flagged', '\\Draft'];
	const written = Buffer.concat([
		asMbox(Buffer.from(message, 'latin1'), flags, date),
		asMbox(Buffer.from('A: b\n\n'), [], 0),
	]);
	const [first, second, ...others] = await read(context, written.toString('latin1'));
	// As UTF-8 the last octet is another one; all of the test is in ASCII otherwise.
	assert.equal(octetsOf(first).replace('\xc3\xbf', '\xff'), message.replaceAll('\n', '\r\n'));
	assert.ok(first?.is === 'message' && second?.is === 'message');
	assert.deepEqual([first.flags, first.date], [flags, date]);
	assert.equal(octetsOf(second), 'A: b\r\n\r\n');
	assert.deepEqual(others, []);
});

test('an import that is run again passes by what is there, and goes on with what is not', async context => {
	const folder = folderOf(context);
	const file = path.join(folder, 'mbox');
	const target = path.join(folder, 'Mail');
	await makeMaildir(target);
	const one = 'From a@b Thu Nov 19 08:00:00 2026\nSubject: one\n\n1\n\n';
	fs.writeFileSync(file, one + one + one.replaceAll('one', 'two'));
	const run = async () => {
		const [found] = await importsOf(file, mailboxPath('Old'));
		return importInto(
			target,
			found!,
			() => {},
			() => assert.fail('a problem'),
		);
	};
	const size = fs.statSync(file).size;
	assert.deepEqual(await run(), {messages: 3, wereThere: 0, problems: 0, done: size, all: size});
	fs.rmSync(path.join(target, 'cur', fs.readdirSync(path.join(target, 'cur'))[0]!));
	assert.deepEqual((await run()).messages, 1);
	assert.deepEqual((await run()).wereThere, 3);
});

test('a Maildir is imported with those below it, and one that was exported is that again', async context => {
	const folder = folderOf(context);
	const [source, copy] = [path.join(folder, 'a'), path.join(folder, 'b')];
	await makeMaildir(path.join(source, 'deep'));
	await makeMaildir(source);
	fs.writeFileSync(path.join(source, 'dovecot-keywords'), '0 $Mine\n');
	const octets = Buffer.from('Subject: x\r\n\r\nText\r\n');
	await deliver(source, {octets, letters: 'Sa', date: 5000});
	fs.writeFileSync(path.join(source, 'new/9999999999.x.host'), 'not a message at all');
	assert.deepEqual(
		(await importsOf(source, mailboxPath('In'))).map(each => each.mailbox),
		['In', 'In/deep'],
	);
	const [found] = await importsOf(source, mailboxPath('In'));
	const all: Read[] = [];
	for await (const each of found!.read) all.push(each);
	assert.deepEqual(
		all.map(each => (each.is === 'message' ? [each.flags, each.date] : each.because)),
		[[['\\Seen', '$Mine'], 5000], 'no message: it has no header'],
	);
	assert.equal((await exportToMaildir(source, copy, () => {})).messages, 2);
	assert.equal((await exportToMaildir(source, copy, () => {})).wereThere, 2);
	const [name] = fs.readdirSync(path.join(copy, 'cur')).filter(each => each.includes('W='));
	assert.match(name!, /:2,Sa$/);
	assert.deepEqual(await readMessage(path.join(copy, 'cur', name!)), {octets, date: 5000});
	const mbox = path.join(folder, 'mbox');
	assert.equal((await exportToMbox(source, mbox, () => {})).messages, 2);
	assert.deepEqual(fs.readdirSync(folder).sort(), ['a', 'b', 'mbox']);
});
