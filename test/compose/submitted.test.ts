/** A message that another program has written, as it leaves. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readSubmitted, type Submitting, writerOf} from '../../source/compose/submitted.ts';
import {wireLines} from '../../source/compose/wire-lines.ts';

const submitting: Submitting = {
	from: undefined,
	recipients: [],
	takesRecipients: true,
	writer: {name: 'Ädä', address: 'ada@example.org'},
	newMessageId: sender => `<new.${sender}>`,
	date: 'Thu, 01 Jan 1970 00:00:00 +0000',
};

/** In pieces of that many octets. */
function through(
	text: string,
	{pieces = 1e6, endsAtDot = false} = {},
): {header: string; body: string; isEightBit: boolean} {
	const lines = wireLines({endsAtDot});
	const octets = Buffer.from(text, 'latin1');
	const body: Buffer[] = [];
	for (let at = 0; at < octets.length; at += pieces) body.push(lines.write(octets.subarray(at, at + pieces)));
	body.push(lines.end());
	return {header: lines.header ?? 'none', body: Buffer.concat(body).toString('latin1'), isEightBit: lines.isEightBit};
}

test('lines end in CRLF however they came, in whatever pieces', () => {
	for (let pieces = 1; pieces < 12; pieces++) {
		const {header, body} = through('Subject: a\n  b\nTo: c\n\none\rtwo\r\nthree\n\nfour', {pieces});
		assert.equal(header, 'Subject: a\n  b\nTo: c', `${pieces}`);
		assert.equal(body, 'one\r\ntwo\r\nthree\r\n\r\nfour\r\n', `${pieces}`);
	}
});

test('what is no field ends the header, and nothing of it is lost', () => {
	assert.deepEqual(through('just a body\n\nmore\n'), {
		header: '',
		body: 'just a body\r\n\r\nmore\r\n',
		isEightBit: false,
	});
	assert.deepEqual(through('To: a\nno field\nrest'), {
		header: 'To: a',
		body: 'no field\r\nrest\r\n',
		isEightBit: false,
	});
	assert.deepEqual(through('\nbody\n'), {header: '', body: 'body\r\n', isEightBit: false});
	assert.deepEqual(through('To: a'), {header: 'To: a', body: '', isEightBit: false});
	assert.deepEqual(through('To: a\n'), {header: 'To: a', body: '', isEightBit: false});
	assert.deepEqual(through('To: a\n\nf\xfcr\n'), {header: 'To: a', body: 'f\xfcr\r\n', isEightBit: true});
});

test('a dot alone ends it only where sendmail would have it so', () => {
	for (let pieces = 1; pieces < 9; pieces++) {
		assert.equal(through('To: a\n\n..\n.\nlost\n', {pieces, endsAtDot: true}).body, '..\r\n');
		assert.equal(through('To: a\n\n..\n.\nkept\n', {pieces}).body, '..\r\n.\r\nkept\r\n');
	}
});

test('a line that does not end goes on its way all the same, and what follows it is no line of its own', () => {
	const lines = wireLines({endsAtDot: true});
	lines.write(Buffer.from('To: a\n\n'));
	const long = Buffer.alloc(300_000, 'x');
	assert.equal(lines.write(long).length, long.length);
	assert.equal(lines.write(Buffer.from('.\nnext\n')).toString(), '.\r\nnext\r\n');
	assert.equal(lines.write(Buffer.concat([long, Buffer.from('\r')])).length, long.length);
	assert.equal(lines.end().toString(), '\r\n');
	const cut = wireLines({endsAtDot: false});
	cut.write(Buffer.from('To: a\n\n'));
	cut.write(long);
	assert.equal(cut.end().toString(), '\r\n', 'the last line ends');
});

test('Bcc and the traces of a delivery go, what is missing comes, and nothing else is touched', () => {
	const header =
		'From a@b Mon\nReturn-Path: <x@y>\nTo: Bo <bo@example.net>,\n  c@example.net\nBcc: eve@example.com\nsubject:   odd  \nX-Y: \xfc';
	const read = readSubmitted(header, submitting);
	assert.ok('header' in read);
	assert.equal(
		read.header.toString('latin1'),
		'To: Bo <bo@example.net>,\r\n  c@example.net\r\nsubject:   odd  \r\nX-Y: \xfc\r\n' +
			'From: =?UTF-8?B?w4Rkw6Q=?= <ada@example.org>\r\nDate: Thu, 01 Jan 1970 00:00:00 +0000\r\nMessage-ID: <new.ada@example.org>\r\n\r\n',
	);
	assert.deepEqual(read.envelope, {
		from: 'ada@example.org',
		to: ['bo@example.net', 'c@example.net', 'eve@example.com'],
	});
});

test('a message that has all it needs leaves as it came', () => {
	const header = 'From: me@example.org\nDate: today\nMessage-Id: <a@b>\nTo: x@y.example';
	const read = readSubmitted(header, {
		...submitting,
		takesRecipients: false,
		recipients: ['z@bücher.example'],
		from: '',
	});
	assert.ok('header' in read);
	assert.equal(read.header.toString(), `${header.replaceAll('\n', '\r\n')}\r\n\r\n`);
	assert.deepEqual(read.envelope, {from: '', to: ['z@xn--bcher-kva.example']});
	assert.deepEqual([read.messageId, read.needsUtf8], ['<a@b>', false]);
	assert.equal(writerOf(header), 'me@example.org');
});

test('a message that was resent goes to whom it is resent', () => {
	const read = readSubmitted(
		'Resent-From: me@example.org\nResent-To: new@example.org\nTo: old@example.org\nFrom: them@example.org',
		submitting,
	);
	assert.ok('envelope' in read);
	assert.deepEqual(read.envelope, {from: 'me@example.org', to: ['new@example.org']});
});

test('nobody to go to, and addresses that are none, are said', () => {
	const problem = (header: string, parts: Partial<Submitting> = {}): string => {
		const read = readSubmitted(header, {...submitting, ...parts});
		return 'problem' in read ? read.problem : '';
	};
	assert.match(problem('Subject: x'), /goes to nobody/);
	assert.match(problem('To: a@b.example', {takesRecipients: false}), /goes to nobody/);
	assert.match(problem('', {recipients: ['root']}), /root is no address/);
	assert.match(problem('', {recipients: ['a@b\r\nDATA']}), /is no address/);
});
