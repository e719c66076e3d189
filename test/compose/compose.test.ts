/** What the laws of compose/ promise beyond a message that reads back as it was written. */
import assert from 'node:assert/strict';
import {Readable} from 'node:stream';
import {test} from 'node:test';
import {simpleParser} from 'mailparser';
import {
	addressProblem,
	composeMessage,
	DraftProblem,
	dateField,
	draftProblems,
	newMessageId,
	readMessageIds,
	resentFields,
} from '../../source/compose/compose.ts';
import {flow} from '../../source/compose/flow.ts';
import {accountName, inbox, partNumber} from '../../source/model/ids.ts';
import type {PartOnServer} from '../../source/model/piece.ts';
import {noise} from '../helpers/noise.ts';
import {attach, composed, draftOf, saysWhatItSays, sender, someone} from '../helpers/written-mail.ts';

const original = {account: accountName('work'), mailbox: inbox, uidValidity: 7, uid: 12};

test('a Message-ID is of the sender’s domain, in ASCII, and never the same twice', () => {
	const ids = Array.from({length: 100}, () => newMessageId('ada@bücher.example', 1_800_000_000_000));
	for (const id of ids) assert.match(id, /^<[a-z0-9.]+@xn--bcher-kva\.example>$/);
	assert.equal(new Set(ids).size, 100);
	assert.match(newMessageId('"a@b"@[192.0.2.1]', 0), /@\[192\.0\.2\.1\]>$/);
});

test('a Date is in the sender’s zone, east and west of Greenwich, and on the right day', () => {
	const at = Date.UTC(2026, 11, 31, 23, 30, 5);
	assert.equal(dateField(at, 330), 'Fri, 01 Jan 2027 05:00:05 +0530');
	assert.equal(dateField(at, -210), 'Thu, 31 Dec 2026 20:00:05 -0330');
	assert.equal(dateField(at, 0), 'Thu, 31 Dec 2026 23:30:05 +0000');
});

test('of a References field all ids are taken, each once, and nothing else', () => {
	assert.deepEqual(readMessageIds('<a@b>\r\n <c@d> junk <a@b> <no id> <é@x> <e@f>'), ['<a@b>', '<c@d>', '<e@f>']);
	assert.deepEqual(readMessageIds(`<${'x'.repeat(400)}@y>`), []);
});

test('an address that nobody can have is refused with what is wrong about it', () => {
	for (const good of [
		'a@b.example',
		'"a b"@c.example',
		'a@[192.0.2.1]',
		'ü@bücher.example',
		'a+b=c@d.example',
		'root@localhost',
	])
		assert.equal(addressProblem(good), undefined, good);
	const wrong = [
		'',
		'a',
		'@b',
		'a@',
		'a b@c',
		'a@b c',
		'a..b@c',
		'.a@b',
		'a.@b',
		'a@b..c',
		'a@.b',
		'a<b@c',
		'a@b>',
		'a,b@c',
	];
	const more = [
		'a@b\r\nRCPT TO:<e@f>',
		'"a"b"@c',
		`${'x'.repeat(65)}@b`,
		`a@${'b.'.repeat(130)}c`,
		'a@[b c]',
		'a\0@b',
		'\ud83d@b',
	];
	for (const bad of [...wrong, ...more]) assert.ok(addressProblem(bad), JSON.stringify(bad));
});

test('a draft that goes to nobody, or from nowhere, is no message', () => {
	assert.deepEqual(draftProblems(draftOf({to: []})), ['It goes to nobody. Write an address into To']);
	const composing = {messageId: '<a@b>', date: '', open: () => []};
	assert.throws(() => composeMessage(draftOf({from: {name: 'Ada', address: ''}}), composing), DraftProblem);
});

test('a field of one’s own writes nothing that Bonsai writes, and no second field', () => {
	const problems = (name: string, value = 'x'): number => draftProblems(draftOf({headers: [{name, value}]})).length;
	for (const name of ['Bcc', 'Resent-Bcc', 'from', 'Content-Type', 'MIME-Version', 'X Y', 'X:Y', '', 'X\r\nY', 'Müll'])
		assert.equal(problems(name), 1, name);
	assert.equal(problems('X-Y', 'a\r\nBcc: eve@example.com'), 1);
	assert.equal(problems('X-Y'), 0);
});

test('in fields that hold addresses only names are encoded', async () => {
	const {raw} = await composed(
		draftOf({headers: [{name: 'Mail-Followup-To', value: 'Ünal <list@example.org>, b@example.org'}]}),
	);
	assert.match(raw.toString(), /^Mail-Followup-To: =\?UTF-8\?[BQ]\?\S+\?= <list@example\.org>,\r?\n? b@example\.org/m);
});

test('text is flowed: it is broken where a space says that it goes on, and nothing else ends in one', () => {
	const words = 'word '.repeat(20).trim();
	assert.equal(flow(words), `${'word '.repeat(14)}\n${'word '.repeat(6).trim()}`);
	assert.equal(flow(`> ${words}`), `> ${'word '.repeat(14)}\n> ${'word '.repeat(6).trim()}`);
	assert.equal(flow('short  \n-- \n--  \n> \n'), 'short\n-- \n--\n>\n');
	assert.equal(flow(`${'a'.repeat(71)} > b`), `${'a'.repeat(71)} \n > b`);
});

test('an attached message is left as it is, and says so when it has octets over 127', async () => {
	const original = Buffer.from('From: a@example.org\r\nSubject: =?x\r\n\r\nf\xfcr dich\r\n', 'latin1');
	const attached = {...attach('original.eml', original, 'message/rfc822'), isEightBit: true};
	const {raw, isEightBit} = await composed(draftOf({text: 'see\n', attachments: [attached]}));
	assert.equal(isEightBit, true);
	assert.ok(raw.includes(original));
	assert.equal(raw.toString('latin1').match(/^Content-Transfer-Encoding: 8bit/gm)?.length, 2);
	await saysWhatItSays(
		draftOf({text: 'see\n', attachments: [attach('x.eml', Buffer.from('From: a@b\r\n\r\nhi\r\n'), 'message/rfc822')]}),
	);
});

test('an attached message has line ends of the wire, whatever those of its file are and wherever that is cut', async () => {
	const file = 'From: a@b\n\none\rtwo\r\nthree\r\rfour\r';
	const sent = 'From: a@b\r\n\r\none\r\ntwo\r\nthree\r\n\r\nfour\r\n';
	const attached = attach('x.eml', Buffer.from(file), 'message/rfc822');
	const {pieces} = composeMessage(draftOf({text: 'see\n', attachments: [attached]}), {
		messageId: '<a@b>',
		date: dateField(0, 0),
		open: () => [...file].map(each => Buffer.from(each)),
	});
	const raw = Buffer.concat((await Readable.from(pieces).toArray()) as Buffer[]).toString('latin1');
	assert.ok(raw.includes(sent), JSON.stringify(raw.slice(-200)));
	assert.doesNotMatch(raw, /\r(?!\n)/);
});

test('what lies on a server is named where its octets would stand, under the encoding it was sent in', async () => {
	const octets = noise(1000);
	const asSent = `${octets.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}`;
	const sent = [
		{encoding: 'base64', type: 'video/mp4', content: asSent},
		{encoding: 'quoted-printable', type: 'text/html', content: 'a=3Db\r\n'},
		{encoding: '7bit', type: 'message/rfc822', content: 'From: a@b\r\n\r\nhi\r\n'},
		{encoding: '8bit', type: 'text/plain; charset=iso-8859-1', content: 'caf\xe9\r\n'},
	];
	const attachments = sent.map(({encoding, type, content}, index) => ({
		name: `größe ${index}`,
		type,
		sizeBytes: content.length,
		at: {...original, part: partNumber(`${index + 1}`), sizeBytes: content.length, encoding},
	}));
	const {pieces, isEightBit} = composeMessage(draftOf({text: 'see\n', attachments}), {
		messageId: '<a@b>',
		date: dateField(0, 0),
		open: () => assert.fail('nothing of it is here'),
	});
	assert.ok(isEightBit);
	const all: (Buffer | PartOnServer)[] = await Readable.from(pieces).toArray();
	const places = all.filter(each => !Buffer.isBuffer(each));
	assert.deepEqual(
		places,
		attachments.map(({at}) => at),
	);
	const raw = all.map(each => (Buffer.isBuffer(each) ? each.toString('latin1') : sent[Number(each.part) - 1]!.content));
	const read = await simpleParser(Buffer.from(raw.join(''), 'latin1'));
	assert.deepEqual(
		read.attachments.map(({filename, content}) => [filename, content.toString('latin1')]),
		[
			['größe 0', octets.toString('latin1')],
			['größe 1', 'a=b\r\n'],
			['größe 2', 'From: a@b\r\n\r\nhi\r\n'],
			['größe 3', 'caf\xe9\r\n'],
		],
	);
	for (const {encoding} of sent)
		if (encoding !== '7bit') assert.match(raw.join(''), new RegExp(`^Content-Transfer-Encoding: ${encoding}`, 'm'));
});

test('what was sent in binary, or in a form nobody knows, is not sent on as it lies', () => {
	for (const encoding of ['binary', 'x-uuencode'])
		assert.throws(
			() =>
				composeMessage(
					draftOf({
						attachments: [
							{name: 'a', type: '', sizeBytes: 1, at: {...original, part: partNumber('1'), sizeBytes: 1, encoding}},
						],
					}),
					{messageId: '<a@b>', date: '', open: () => []},
				),
			/a cannot travel as it lies on the server: fetch it first/,
		);
});

test('what is sent on has Resent fields in front, and no other is touched', () => {
	const fields = resentFields({
		from: sender,
		to: [someone, {name: 'Ü', address: 'u@ü.example'}],
		messageId: '<1@example.org>',
		date: dateField(0, 0),
	});
	assert.equal(
		fields.toString(),
		'Resent-Date: Thu, 01 Jan 1970 00:00:00 +0000\r\nResent-From: Ada Byron <ada@example.org>\r\n' +
			'Resent-To: Bo <bo@example.net>, =?UTF-8?B?w5w=?= <u@xn--tda.example>\r\nResent-Message-ID: <1@example.org>\r\n',
	);
});

test('an attachment that cannot be read to its end fails the message, which then has no end', async () => {
	const {pieces} = composeMessage(draftOf({attachments: [attach('a', Buffer.from('a'))]}), {
		messageId: '<a@b>',
		date: dateField(0, 0),
		async *open() {
			yield Buffer.from('half of');
			throw new Error('the disk is gone');
		},
	});
	const read: Buffer[] = [];
	await assert.rejects(async () => {
		for await (const chunk of pieces) read.push(chunk as Buffer);
	}, /the disk is gone/);
	assert.doesNotMatch(Buffer.concat(read).toString(), /Part_1--/);
});

test('an attachment of 200 MB streams: it is opened when its turn comes and never in memory as a whole', async () => {
	const chunk = Buffer.alloc(65_536, 'bonsai');
	let given = 0;
	let read = 0;
	let furthestAhead = 0;
	const {pieces} = composeMessage(draftOf({attachments: [attach('big', Buffer.alloc(0))]}), {
		messageId: '<a@b>',
		date: dateField(0, 0),
		*open() {
			for (; given < 3200; given++) yield chunk;
		},
	});
	for await (const piece of pieces as AsyncIterable<Buffer>) {
		read += piece.length;
		furthestAhead = Math.max(furthestAhead, given * chunk.length - (read * 3) / 4);
	}
	assert.ok(read > 3200 * chunk.length * (4 / 3));
	assert.ok(furthestAhead < 2_000_000, `${furthestAhead} octets were ahead of the reader`);
});

test('what is said to a program once more stands behind the text, as what it is, with and without attachments', async () => {
	const alternative = {
		type: 'text/calendar; method=REPLY; charset=utf-8',
		text: 'BEGIN:VCALENDAR\r\nSUMMARY:Café\nEND:VCALENDAR\n',
		words: 'accepted',
	};
	for (const attachments of [[], [attach('a.txt', Buffer.from('a'))]]) {
		const {raw, isEightBit} = await composed(draftOf({text: 'I will come.\n', alternative, attachments}));
		assert.equal(isEightBit, false);
		const text = raw.toString('latin1');
		assert.equal(text.replaceAll('\r\n', '').match(/[\r\n]/), null);
		const kinds = [...text.matchAll(/^Content-Type: ([^;\r\n]+)/gm)].map(([, kind]) => kind);
		const all = ['multipart/alternative', 'text/plain', 'text/calendar'];
		assert.deepEqual(kinds, attachments.length === 0 ? all : ['multipart/mixed', ...all, 'application/octet-stream']);
		assert.match(text, /^Content-Type: text\/calendar; method=REPLY; charset=utf-8\r\n/m);
		const read = await simpleParser(raw);
		assert.equal(read.text?.trim(), 'I will come.');
		const calendar = read.attachments.find(({contentType}) => contentType === 'text/calendar');
		assert.equal(calendar?.content.toString(), 'BEGIN:VCALENDAR\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n');
	}
});
