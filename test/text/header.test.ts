import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {
	decodeParameter,
	decodeWords,
	fieldText,
	findField,
	parseAddresses,
	parseDate,
	parseHeader,
	parseParameters,
	readSummary,
	senderName,
} from '../../source/text/text.ts';

const header = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'latin1');

describe('parseHeader', () => {
	it('unfolds fields and stops at the empty line', () => {
		const fields = parseHeader(header('Subject: one', ' two', '\tthree', 'X-Empty:', 'To : a@b', '', 'Not: a field'));
		assert.deepEqual(fields, [
			{name: 'Subject', rawValue: 'one two\tthree'},
			{name: 'X-Empty', rawValue: ''},
			{name: 'To', rawValue: 'a@b'},
		]);
		assert.equal(findField(fields, 'SUBJECT'), 'one two\tthree');
	});

	it('reads line ends of any kind, and skips what is no field', () => {
		const fields = parseHeader(Buffer.from('From mbox Mon Jan 1\nA: 1\r\n garbage without colon\n\rB: 2\n'));
		assert.equal(fields[0]?.rawValue, '1 garbage without colon');
	});

	it('takes 8-bit fields for UTF-8, else windows-1252, and shifted ones for Japanese', () => {
		const fields = parseHeader(
			Buffer.concat([
				Buffer.from('A: Grüße\r\n'),
				Buffer.from('B: Gr\xfc\xdfe \x80\r\n', 'latin1'),
				Buffer.from('C: \x1b$B4A;z\x1b(B\r\n', 'latin1'),
			]),
		);
		assert.deepEqual(
			fields.map(field => field.rawValue),
			['Grüße', 'Grüße €', '漢字'],
		);
	});
});

describe('encoded words', () => {
	const cases: [string, string, string][] = [
		[
			'are decoded in base64 and quoted-printable',
			'=?utf-8?B?R3LDvMOfZQ==?= =?iso-8859-1?q?_f=FCr?= dich',
			'Grüße für dich',
		],
		['keep white space next to other text', 'a =?utf-8?q?b?= c', 'a b c'],
		['are joined when adjacent, also across a fold', '=?utf-8?q?a?=\t =?utf-8?q?b?=', 'ab'],
		['may cut a character in two', '=?utf-8?B?4pg=?= =?utf-8?B?ug==?=', '☺'],
		['may cut a character in two and change the encoding', '=?utf-8?q?=E2=98?= =?UTF-8?B?ug==?=', '☺'],
		['of ISO-2022-JP may each shift back', '=?ISO-2022-JP?B?GyRCNEEbKEI=?= =?ISO-2022-JP?B?GyRCO3obKEI=?=', '漢字'],
		['may name a language (RFC 2231)', '=?us-ascii*en?q?hi?=', 'hi'],
		['of an unknown charset are still read', '=?x-nobody?q?Gr=FC=DFe?=', 'Grüße'],
		['of an unknown charset are UTF-8 when they can be', '=?x-nobody?q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
		['that are broken stay as they are', '=?utf-8?x?abc?= =?utf-8?q?abc =?= ?==', '=?utf-8?x?abc?= abc = ?=='],
		['with blanks inside are read all the same', '=?utf-8?q?a b?=', 'a b'],
		['without padding are read', '=?utf-8?B?R3LDvMOfZQ?=', 'Grüße'],
		[
			'of other charsets are decoded one by one',
			'=?shift_jis?B?ir+Omg==?= =?gb2312?B?uro=?= =?koi8-r?B?8NLJ18XU?=',
			'漢字汉Привет',
		],
		['of UTF-7', '=?utf-7?q?Gr+APwA3w-e?=', 'Grüße'],
	];
	for (const [promise, raw, text] of cases) it(promise, () => assert.equal(decodeWords(raw), text));

	it('cannot smuggle a line end or an escape into a row', () => {
		assert.equal(fieldText('=?utf-8?q?a=0D=0AFrom:_b=1B[2J?='), 'a From: b␛[2J');
	});

	it('take time in proportion to the field', () => {
		const started = performance.now();
		for (const unit of ['=?', '=?utf-8?q?a?= ', '=?utf-8?q?', ' ', '?=', '=?a?q?=?']) decodeWords(unit.repeat(100_000));
		assert.ok(performance.now() - started < 5_000);
	});
});

describe('parseAddresses', () => {
	const cases: [string, string][] = [
		['Ann <ann@example.org>', 'Ann|ann@example.org'],
		['ann@example.org', '|ann@example.org'],
		['"Doe, John" <john@example.org>, Bo <bo@b.c>', 'Doe, John|john@example.org;Bo|bo@b.c'],
		['ann@example.org (Ann (the first) B)', 'Ann (the first) B|ann@example.org'],
		['"a \\"quoted\\" name" <a@b.c>', 'a "quoted" name|a@b.c'],
		['=?utf-8?q?M=C3=BCller=2C_J=C3=BCrgen?= <j@b.c>', 'Müller, Jürgen|j@b.c'],
		['"=?utf-8?b?TcO8bGxlcg==?=" <j@b.c>', 'Müller|j@b.c'],
		['=?utf-8?q?Doe,_John?= <j@b.c>', 'Doe, John|j@b.c'],
		['Friends: a@b.c, Bo <bo@b.c>; d@e.f', '|a@b.c;Bo|bo@b.c;|d@e.f'],
		['undisclosed-recipients:;', 'undisclosed-recipients|'],
		['Old <@relay.a,@relay.b:user@host.c>', 'Old|user@host.c'],
		['pete(his account) @ silly . test', 'his account|pete@silly.test'],
		['"john doe"@example.org', '|"john doe"@example.org'],
		['Bo <bo@b.c', 'Bo|bo@b.c'],
		['Bo <<bo@b.c>>', 'Bo|bo@b.c'],
		['<>', ''],
		['just a name', 'just a name|'],
		[',,a@b.c,,', '|a@b.c'],
		['MAILER-DAEMON', 'MAILER-DAEMON|'],
		['"unclosed <a@b.c>', 'unclosed <a@b.c>|'],
		['', ''],
	];
	for (const [raw, expected] of cases) {
		it(`reads ${JSON.stringify(raw)}`, () => {
			const shown = parseAddresses(raw).map(({name, address}) => `${name}|${address}`);
			assert.equal(shown.join(';'), expected);
		});
	}

	it('names the sender by the name, unless it pretends to be another address', () => {
		const nameOf = (raw: string) => senderName(parseAddresses(raw)[0]);
		assert.equal(nameOf('Ann <ann@example.org>'), 'Ann');
		assert.equal(nameOf('ann@example.org'), 'ann@example.org');
		assert.equal(nameOf('"support@bank.example" <x@evil.example>'), 'x@evil.example');
		assert.equal(nameOf('"ann@example.org" <ann@example.org>'), 'ann@example.org');
		assert.equal(nameOf(''), '');
	});

	it('takes time in proportion to the field', () => {
		const started = performance.now();
		for (const unit of ['(', '"', '<', 'a@b.c,', ':', '\\', '=?', '@', ' . ']) parseAddresses(unit.repeat(100_000));
		assert.ok(performance.now() - started < 5_000);
	});
});

describe('parseDate', () => {
	const cases: [string, string | undefined][] = [
		['Fri, 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06Z'],
		['1 Jul 2003 10:52 +0200', '2003-07-01T08:52:00Z'],
		['Thu, 13\r\n Feb 1969 23:32 -0330 (Newfoundland (Time))', '1969-02-14T03:02:00Z'],
		['21 Nov 97 09:55:06 GMT', '1997-11-21T09:55:06Z'],
		['Fri, 21 Nov 1997 09(comment): 55 : 06 -0600', '1997-11-21T15:55:06Z'],
		['Tue, 01 Jan 08 00:00:00 EST', '2008-01-01T05:00:00Z'],
		['1 Jan 102 00:00:00 Z', '2002-01-01T00:00:00Z'],
		['Mon, 1 Jan 2024 00:00:00 +0530 (IST)', '2023-12-31T18:30:00Z'],
		['Mon, 1 Jan 2024 00:00:00 GMT+0100', '2023-12-31T23:00:00Z'],
		['Mon, 1 Jan 2024 00:00:00', '2024-01-01T00:00:00Z'],
		['Mon Jan  1 10:52:37 2024', '2024-01-01T10:52:37Z'],
		['2024-02-29T12:00:00Z', '2024-02-29T12:00:00Z'],
		['29 Feb 2023 12:00:00 +0000', undefined],
		['31 Dec 2016 23:59:60 +0000', '2017-01-01T00:00:00Z'],
		['32 Jan 2024 00:00:00 +0000', undefined],
		['1 Foo 2024 00:00:00 +0000', undefined],
		['1 Jan 2024 25:00:00 +0000', undefined],
		['1 Jan 2024 10:00:00 +9999', undefined],
		['yesterday', undefined],
		['', undefined],
	];
	for (const [raw, expected] of cases) {
		it(`reads ${JSON.stringify(raw)} as ${expected ?? 'no date'}`, () => {
			assert.equal(parseDate(raw), expected === undefined ? undefined : Date.parse(expected));
		});
	}
});

describe('parameters', () => {
	it('are read with and without quotes', () => {
		const {value, parameters} = parseParameters('Text/Plain; charset="utf-8"; format=flowed; name="a \\"b\\"; c"');
		assert.equal(value, 'text/plain');
		assert.deepEqual({...parameters}, {charset: 'utf-8', format: 'flowed', name: 'a "b"; c'});
	});

	it('are decoded with continuations, charsets and languages (RFC 2231)', () => {
		const {parameters} = parseParameters(
			"x; a*=utf-8'en'%e2%82%ac%20rates; b*0*=iso-8859-1''%A3; b*1*=%20and; b*2=\" plain\"; c*0=long; c*1=name.txt",
		);
		assert.equal(decodeParameter(parameters, 'a'), '€ rates');
		assert.equal(decodeParameter(parameters, 'b'), '£ and plain');
		assert.equal(decodeParameter(parameters, 'c'), 'longname.txt');
		assert.equal(decodeParameter(parameters, 'd'), undefined);
	});

	it('may hold encoded words, because mailers put them there', () => {
		assert.equal(decodeParameter({name: '=?utf-8?q?=C3=BC.txt?='}, 'name'), 'ü.txt');
	});
});

describe('readSummary', () => {
	it('reads a row', () => {
		const row = readSummary(
			header('DATE: Fri, 21 Nov 1997 09:55:06 -0600', 'From: =?utf-8?q?J=C3=BCrgen?= <j@b.c>', 'SUBJECT: Hi', '', ''),
		);
		assert.deepEqual(row, {sender: 'Jürgen', subject: 'Hi', date: Date.parse('1997-11-21T15:55:06Z')});
	});

	it('reads a row in which everything is missing', () => {
		assert.deepEqual(readSummary(Buffer.from('\r\n')), {sender: '', subject: '', date: undefined});
	});
});
