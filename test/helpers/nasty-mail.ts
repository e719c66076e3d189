/**
 * Mail as no honest program writes it, made from nothing: what each is, is its name. Those that take chance come in
 * several shapes, the same for the same seed.
 */
import {type Random, random} from '../../source/demo/random.ts';
import {damaged, encoded, head, inBase64, multipart, text} from './mail-pieces.ts';
import type {Letter} from './try-mail.ts';

function nested(depth: number, subtype: string): string {
	let body = text('the innermost text\r\n');
	for (let level = depth; level > 0; level--) body = multipart([body], `level${level}`, subtype);
	return body;
}

function attached(depth: number): string {
	let message = head(text('the innermost message\r\n'));
	for (let level = 0; level < depth; level++) message = head(`Content-Type: message/rfc822\r\n\r\n${message}`);
	return message;
}

const bytes = (chance: Random, length: number): string =>
	Buffer.from(Array.from({length}, () => chance.below(256))).toString('latin1');

/** Each is a whole message; those that take a random number come in several shapes. */
const made: Readonly<Record<string, (chance: Random) => string>> = {
	'100 multiparts in each other': () => head(nested(100, 'mixed')),
	'35 multiparts in each other': () => head(nested(35, 'alternative')),
	'60 messages in each other': () => attached(60),
	'10,000 parts': () => head(multipart(Array.from({length: 10_000}, (_, number) => text(`part ${number}`)))),
	'10,000 empty parts': () => head(multipart(Array.from({length: 10_000}, () => ''))),
	'3,000 texts to choose from': () =>
		head(
			multipart(
				Array.from({length: 3000}, (_, number) => text(`version ${number}`)),
				'b',
				'alternative',
			),
		),
	'a header of 1 MB': () => `X-Long: ${'x'.repeat(1 << 20)}\r\n${head(text('behind it\r\n'))}`,
	'a subject of 1 MB': () => `Subject: ${'=?utf-8?q?=C3=A9?= '.repeat(60_000)}\r\n${head(text('behind it\r\n'))}`,
	'20,000 headers': () =>
		`${Array.from({length: 20_000}, (_, number) => `X-${number}: ${number}\r\n`).join('')}${head(text('behind them\r\n'))}`,
	'a header folded 20,000 times': () => `X-Folded: a\r\n${' b\r\n'.repeat(20_000)}${head(text('behind it\r\n'))}`,
	'an address bomb': () =>
		`Cc: ${Array.from({length: 30_000}, (_, n) => `"N, ${n}" <n${n}@example.org>`).join(',\r\n ')}\r\n${head(text('x\r\n'))}`,
	'a bomb of brackets in addresses': () => `Cc: ${'('.repeat(200_000)}\r\n${head(text('x\r\n'))}`,
	'a bomb of groups': () => `Cc: ${'a:'.repeat(50_000)}${';'.repeat(50_000)}\r\n${head(text('x\r\n'))}`,
	'a bomb of quotes': () => `Cc: ${'"\\'.repeat(100_000)}\r\n${head(text('x\r\n'))}`,
	'5 MB of text': () => head(text('All work and no play makes a mailbox dull.\r\n'.repeat(120_000))),
	'a line of 5 MB': () => head(text(`${'word '.repeat(1 << 20)}\r\n`)),
	'a word of 5 MB': () => head(text(`${'w'.repeat(5 << 20)}\r\n`)),
	'5 MB of line ends': () => head(text('\r\n'.repeat(5 << 19))),
	'1 MB of quotes': () => head(text(`${'> '.repeat(1 << 19)}\r\n${`${'>'.repeat(76)}\r\n`.repeat(10_000)}`)),
	'1 MB of flowed lines': () => head(text('a b c \r\n'.repeat(130_000)).replace('plain', 'plain; format=flowed')),
	'1 MB of combining characters': () =>
		head(text(`e${'\xcc\x81'.repeat(1 << 19)}\r\n`).replace('plain', 'plain; charset=utf-8')),
	'1 MB of wide characters': () =>
		head(text(`${'\xe6\xbc\xa2'.repeat(350_000)}\r\n`).replace('plain', 'plain; charset=utf-8')),
	'1 MB of joined emoji': () =>
		head(text(`${'\xf0\x9f\x91\xa9\xe2\x80\x8d'.repeat(150_000)}\r\n`).replace('plain', 'plain; charset=utf-8')),
	'1 MB of right-to-left marks': () =>
		head(text(`${'\xe2\x80\xae'.repeat(350_000)}\r\n`).replace('plain', 'plain; charset=utf-8')),
	'1 MB of escapes': () => head(text('\x1b[31m\x1b]8;;x\x07'.repeat(80_000))),
	'1 MB of shift sequences': () =>
		head(text('\x1b$B\x1b(B'.repeat(170_000)).replace('plain', 'plain; charset=iso-2022-jp')),
	'1 MB of utf-7': () => head(text('+AGE-+'.repeat(170_000)).replace('plain', 'plain; charset=utf-7')),
	'1 MB of tabs': () => head(text(`${'\t'.repeat(1 << 20)}\r\n`)),
	'1 MB of tabs and marks': () =>
		head(text(`${'\t\xcc\x81'.repeat(350_000)}\r\n`).replace('plain', 'plain; charset=utf-8')),
	'1 MB of HTML tags': () => head(text('<b><i><u>'.repeat(120_000)).replace('plain', 'html')),
	'1 MB of nested tables': () => head(text('<table><tr><td>'.repeat(70_000)).replace('plain', 'html')),
	'1 MB of <': () => head(text('<'.repeat(1 << 20)).replace('plain', 'html')),
	'1 MB of <!--': () => head(text('<!--'.repeat(1 << 18)).replace('plain', 'html')),
	'1 MB of &': () => head(text('&'.repeat(1 << 20)).replace('plain', 'html')),
	'1 MB of one attribute': () => head(text(`<a href="${'x'.repeat(1 << 20)}">here</a>`).replace('plain', 'html')),
	'1 MB of attributes': () => head(text(`<a ${'x=y '.repeat(1 << 18)}>here</a>`).replace('plain', 'html')),
	'1 MB of style': () => head(text(`<style>${'a{b:c}'.repeat(170_000)}</style>x`).replace('plain', 'html')),
	'1 MB of style in an attribute': () =>
		head(text(`<p style="${'display:none;'.repeat(80_000)}">x</p>`).replace('plain', 'html')),
	'100,000 links': () =>
		head(
			text(Array.from({length: 100_000}, (_, n) => `<a href="http://e.org/${n}">l${n}</a>`).join('')).replace(
				'plain',
				'html',
			),
		),
	'a list 3,000 deep': () => head(text(`${'<ul><li>x'.repeat(3000)}`).replace('plain', 'html')),
	'a quote 3,000 deep': () => head(text(`${'<blockquote>x'.repeat(3000)}`).replace('plain', 'html')),
	'1 MB of blanks in HTML': () => head(text(`<p>a${' \xa0\t'.repeat(350_000)}b</p>`).replace('plain', 'html')),
	'1 MB of quoted-printable blanks': () => head(encoded('quoted-printable', `${' '.repeat(1 << 20)}x\r\n`)),
	'1 MB of =': () => head(encoded('quoted-printable', '='.repeat(1 << 20))),
	'1 MB of soft breaks': () => head(encoded('quoted-printable', '=\r\n'.repeat(350_000))),
	'1 MB of base64 padding': () => head(encoded('base64', '='.repeat(1 << 20))),
	'1 MB that only says it is uuencoded': () => head(encoded('x-uuencode', 'begin begin \r\n'.repeat(75_000))),
	'a message in base64': () => head(encoded('base64', inBase64(head(text('inside\r\n'))), 'message/rfc822')),
	'a message in quoted-printable': () =>
		head(encoded('quoted-printable', head(text('in=73ide\r\n')), 'message/rfc822')),
	'a multipart in base64': () =>
		head(`Content-Transfer-Encoding: base64\r\n${multipart([text('inside\r\n'), encoded('base64', inBase64('x'))])}`),
	'no header': () => 'just a line\r\n',
	'nothing but a line end': () => '\r\n',
	'a header and no empty line': () => 'From: nasty@example.org\r\nSubject: no end',
	'a body without an empty line before it': () =>
		head(`Content-Type: multipart/mixed; boundary=b\r\n--b\r\n${text('inside\r\n')}\r\n--b--\r\n`),
	'the same part number of headers twice': () =>
		head(
			`Content-Type: text/html\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n<p>which?</p>`,
		),
	'a boundary of 5,000 characters': () => head(multipart([text('inside\r\n')], 'x'.repeat(5000))),
	'an empty boundary': () => head(multipart([text('inside\r\n')], '')),
	'boundaries that begin alike': () => head(multipart([multipart([text('one\r\n')], 'bb'), text('two\r\n')], 'b')),
	'a boundary inside a base64 part': () => head(multipart([encoded('base64', `aGVs\r\n--b\r\nbG8=\r\n`)])),
	'no closing boundary': () => head(multipart([text('one\r\n'), text('two\r\n')]).replace('--b--', '')),
	'a file name from RFC 2231 hell': chance =>
		head(
			multipart([
				`Content-Type: application/pdf; ${Array.from({length: 2000}, (_, n) => `name*${n}*=${chance.pick(["utf-8''", '%', '%ff', '%zz', '"', "'"])}`).join('; ')}\r\nContent-Disposition: attachment; filename*=bogus'';filename*0*=;filename*1="../../etc/passwd";filename=\r\n\r\nx`,
			]),
		),
	'50,000 parameters': () =>
		head(`Content-Type: text/plain; ${Array.from({length: 50_000}, (_, n) => `p${n}=${n}`).join('; ')}\r\n\r\nx\r\n`),
	'parameters without ends': () => head(`Content-Type: text/plain; name="${'\\"'.repeat(20_000)}\r\n\r\nx\r\n`),
	'a date from nowhere': chance =>
		head(text('x\r\n')).replace(
			/Date: .*/,
			`Date: ${chance.pick(['Fri, 99 Foo 99999 99:99:99 +9999', '0', '-', bytes(chance, 40).replaceAll(/[\r\n\0]/g, ''), `${'('.repeat(5000)}`, '9'.repeat(5000), 'Thu, 1 Jan 1970', '2026-11-20T10:00Z'])}`,
		),
	'a charset that is none': chance =>
		head(
			text(bytes(chance, 400).replaceAll('\0', '')).replace(
				'plain',
				`plain; charset=${chance.pick(['utf-8', 'utf-16', 'utf-32', 'x-none', '', '"', 'big5', 'euc-kr', 'iso-2022-kr', 'hz-gb-2312', 'cp1252', 'unicode-1-1-utf-7', 'ebcdic'])}`,
			),
		),
	'8-bit headers': chance =>
		`Subject: ${bytes(chance, 200).replaceAll(/[\r\n\0]/g, '')}\r\nFrom: ${bytes(chance, 60).replaceAll(/[\r\n\0]/g, '')} <x@example.org>\r\n${head(text('x\r\n'))}`,
	'encoded words that are none': chance =>
		`Subject: ${Array.from({length: 300}, () => chance.pick(['=?', '?=', '?q?', '?b?', 'utf-8', '=?utf-8?b?', '=ff', ' ', '=?x?q?=?=', '=?utf-8*en?q?a?='])).join('')}\r\n${head(text('x\r\n'))}`,
	'base64 with junk': chance =>
		head(
			multipart([
				encoded(
					'base64',
					damaged(chance, inBase64(bytes(chance, 3000)), '=-_*\0 \r\n\xff'),
					'application/octet-stream',
				),
			]),
		),
	'base64 cut short': chance =>
		head(multipart([encoded('base64', inBase64(bytes(chance, 900)).slice(0, 600 + chance.below(600)), 'image/png')])),
	'base64 padded line by line': chance =>
		head(
			multipart([encoded('base64', Array.from({length: 9}, () => inBase64(bytes(chance, 10))).join(''), 'image/png')]),
		),
	'base64 and a footer': chance =>
		head(multipart([encoded('base64', `${inBase64(bytes(chance, 100))}\r\n____\r\nlist footer here\r\n`)])),
	'quoted-printable with bad escapes': chance =>
		head(
			multipart([
				encoded(
					'quoted-printable',
					Array.from({length: 300}, () =>
						chance.pick([
							'=',
							'==',
							'=4',
							'=41',
							'=e9',
							'=G1',
							'= \r\n',
							'=\r\n',
							'=\t\r\n',
							' \r\n',
							'\t',
							'word',
							'\r\n',
							'=\n',
							'=3D',
						]),
					).join(''),
				),
			]),
		),
	'uuencode that is none': chance =>
		head(
			multipart([
				encoded(
					chance.pick(['x-uuencode', 'uuencode', 'x-uue', 'uue']),
					chance.pick([
						'no beginning\r\n',
						'begin 644 a\r\n#0V%T\r\n`\r\n',
						'begin 644 a\r\n#0V%T\r\n\r\nend\r\n',
						'begin 644 a\r\n#0V%T\r\n`\r\nend\r\nbegin 644 b\r\n#0V%T\r\nend\r\n',
						'begin x a\r\n#0V%T\r\nend\r\n',
						'begin 644 a\r\n#0V\r\nend\r\n',
						'begin 644 a\r\nM\x80\xff\r\nend\r\n',
					]),
					'application/octet-stream',
				),
			]),
		),
	'an encoding that is none': chance =>
		head(
			encoded(
				chance.pick([
					'x-none',
					'7bits',
					'base64 (of course)',
					'quoted-printable;',
					'BASE64 ',
					'gzip',
					'8BIT',
					'base-64',
				]),
				'aGVsbG8=\r\n',
			),
		),
	'types that are none': chance =>
		head(
			multipart(
				Array.from(
					{length: 5},
					() =>
						`Content-Type: ${chance.pick(['', '/', 'text', 'text/', '/plain', 'text/plain/x', 'TEXT/PLAIN', 'multipart/mixed', 'message/rfc822', 'text/html; charset', '"text/plain"', 'text/plain;;;', bytes(chance, 12).replaceAll(/[\r\n\0]/g, '')])}\r\n\r\n<b>x</b>\r\n`,
				),
			),
		),
};

const shapes = 6;

export function nastyMail(seed: number): Letter[] {
	const chance = random(seed);
	return Object.entries(made).flatMap(([name, make]) =>
		Array.from({length: make.length > 0 ? shapes : 1}, (_, index) => ({
			name: make.length > 0 ? `${name} (${index + 1})` : name,
			octets: Buffer.from(make(chance), 'latin1'),
		})),
	);
}
