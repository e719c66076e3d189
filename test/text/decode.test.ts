import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import iconv from 'iconv-lite';
import {createTransferDecoder, decodeCharset, decodePart} from '../../source/text/text.ts';

const decodeWhole = (encoding: string, text: string): string => {
	const decoder = createTransferDecoder(encoding);
	return Buffer.concat([decoder.write(Buffer.from(text, 'latin1')), decoder.end()]).toString('latin1');
};

describe('a transfer decoder', () => {
	const cases: [string, string, string, string][] = [
		['quoted-printable', 'reads bytes and soft breaks', 'a=C3=BC=\r\nb=\nc', 'a\xc3\xbcbc'],
		['quoted-printable', 'drops blanks that were added at line ends', 'a \t\r\nb=20\r\n c  ', 'a\r\nb \r\n c'],
		['quoted-printable', 'takes blanks after a soft break for padding', 'a= \t\r\nb', 'ab'],
		['quoted-printable', 'keeps what is no encoding', 'a=b =ZZ 1=1 =\rx =3', 'a=b =ZZ 1=1 =\rx =3'],
		['quoted-printable', 'reads lower case', '=c3=bC', '\xc3\xbc'],
		['quoted-printable', 'ends in a soft break', 'a=', 'a'],
		['base64', 'reads lines', 'aGVs\r\nbG8=\r\n', 'hello'],
		['base64', 'skips garbage', 'aG*Vs-b\0G8 =', 'hello'],
		['base64', 'ends at its padding: what a mailing list put behind it is no part of it', 'aGk=\r\n____\r\nlist', 'hi'],
		['base64', 'takes padding that completes nothing for garbage', '=a=G=k=x', 'hi'],
		['base64', 'ends without padding', 'aGk', 'hi'],
		['BASE64', 'is known in any case', 'aGk=', 'hi'],
		['x-uuencode', 'reads lines between begin and end', 'x\nbegin 644 a\n#0V%T\n`\nend\ny', 'Cat'],
		['uue', 'reads the first of two files', 'begin 644 a\n#0V%T\nend\nbegin 644 b\n#0V%T\nend\n', 'Cat'],
		['x-uuencode', 'passes what nothing begins', 'begin with\na line\n', 'begin with\na line\n'],
		['7bit', 'passes text', 'a=20', 'a=20'],
		['x-unheard-of', 'passes what nobody knows', 'a=20', 'a=20'],
	];
	for (const [encoding, promise, encoded, decoded] of cases) {
		it(`for ${encoding} ${promise}, however it is cut`, () => {
			assert.equal(decodeWhole(encoding, encoded), decoded);
			for (let size = 1; size <= 5; size++) {
				const decoder = createTransferDecoder(encoding);
				const out: Buffer[] = [];
				for (let at = 0; at < encoded.length; at += size)
					out.push(decoder.write(Buffer.from(encoded.slice(at, at + size), 'latin1')));
				out.push(decoder.end());
				assert.equal(Buffer.concat(out).toString('latin1'), decoded, `in pieces of ${size}`);
			}
		});
	}

	it('says when it does not know the encoding', () => {
		assert.equal(createTransferDecoder('x-unheard-of').isKnown, false);
		assert.equal(createTransferDecoder('8Bit').isKnown, true);
	});

	it('gives the same for random bytes in random pieces', () => {
		const seed = 4711;
		console.log(`seed ${seed}`);
		let state = seed;
		const random = (below: number) => {
			state = (Math.imul(state, 1103515245) + 12345) >>> 0;
			return (state >>> 16) % below;
		};
		const alphabet = '= \t\r\nA3fz/+=\0';
		for (let round = 0; round < 3_000; round++) {
			const isLong = round % 50 === 0;
			const unit = Array.from({length: random(40)}, () => alphabet[random(alphabet.length)]).join('');
			const text = isLong ? `${unit}${' '.repeat(random(3_000))}${unit}` : unit;
			for (const encoding of ['quoted-printable', 'base64', 'x-uuencode']) {
				const whole = decodeWhole(encoding, text);
				const decoder = createTransferDecoder(encoding);
				const out: Buffer[] = [];
				for (let at = 0; at < text.length; ) {
					const size = 1 + random(isLong ? 900 : 6);
					out.push(decoder.write(Buffer.from(text.slice(at, at + size), 'latin1')));
					at += size;
				}
				out.push(decoder.end());
				assert.equal(Buffer.concat(out).toString('latin1'), whole, `${encoding} ${JSON.stringify(text)}`);
			}
		}
	});

	it('takes time in proportion to the input', () => {
		const started = performance.now();
		for (const encoding of ['quoted-printable', 'base64', 'x-uuencode']) {
			const decoder = createTransferDecoder(encoding);
			for (const unit of ['=', ' ', '=3', '\r', '= ', 'begin \n']) {
				for (let round = 0; round < 100; round++) decoder.write(Buffer.from(unit.repeat(5_000)));
			}
		}
		assert.ok(performance.now() - started < 8_000);
	});
});

describe('decodeCharset', () => {
	const sample = 'Grüße – “x”';
	const cases: [string, string][] = [
		['utf-8', sample],
		['windows-1252', sample],
		['iso-8859-1', 'Grüße'],
		['iso-8859-15', 'Grüße €'],
		['windows-1251', 'Привет'],
		['koi8-r', 'Привет'],
		['shift_jis', '漢字かな'],
		['euc-jp', '漢字かな'],
		['gb18030', '汉字'],
		['gbk', '汉字'],
		['big5', '漢字'],
		['euc-kr', '한국'],
		['utf-7', 'Grüße + 漢'],
		['cp437', 'Ä│ñ'],
		['cp850', 'Äñõ'],
		['macintosh', 'Grüße'],
		['utf-16le', sample],
		['utf-16be', sample],
	];
	for (const [charset, text] of cases) {
		it(`reads ${charset}`, () => {
			const decoded = decodeCharset(iconv.encode(text, charset), charset);
			assert.deepEqual(
				{text: decoded.text, isGuess: decoded.isGuess, remark: decoded.remark},
				{text, isGuess: false, remark: ''},
			);
		});
	}

	it('reads ISO-2022-JP, also with shifts that shift nothing', () => {
		const bytes = Buffer.from('\x1b$B4A\x1b(B\x1b$B;z\x1b(B!', 'latin1');
		assert.equal(decodeCharset(bytes, 'iso-2022-jp').text, '漢字!');
	});

	it('reads HZ and ISO-2022-KR', () => {
		assert.equal(decodeCharset(Buffer.from('a~{::WV~}~~b'), 'hz-gb-2312').text, 'a汉字~b');
		assert.equal(decodeCharset(Buffer.from('\x1b$)C\x0eGQ19\x0f ok', 'latin1'), 'iso-2022-kr').text, '한국 ok');
	});

	it('reads UTF-16 in either order, with a mark or without', () => {
		assert.equal(decodeCharset(Buffer.from('\ufeffhallo', 'utf16le'), 'utf-16').text, 'hallo');
		assert.equal(decodeCharset(Buffer.from('\ufeffhallo', 'utf16le').swap16(), 'utf-16').text, 'hallo');
		assert.equal(decodeCharset(Buffer.from('hallo', 'utf16le').swap16(), 'utf-16').text, 'hallo');
	});

	it('reads a missing or unknown charset as UTF-8 when it is, else windows-1252, and says so', () => {
		assert.deepEqual(decodeCharset(Buffer.from('ü'), 'x-nobody'), {
			text: 'ü',
			charset: 'utf-8',
			isGuess: true,
			remark: 'The charset x-nobody is unknown; read as utf-8.',
		});
		assert.equal(decodeCharset(Buffer.from('\xfc', 'latin1'), '').text, 'ü');
		assert.equal(
			decodeCharset(Buffer.from('\xfc', 'latin1'), 'us-ascii').remark,
			'This is not us-ascii as it says; read as windows-1252.',
		);
		assert.equal(decodeCharset(Buffer.from('plain'), '').isGuess, false);
		assert.equal(
			decodeCharset(Buffer.from('plain'), '\x1b]0;x\x07').remark,
			'The charset 0x is unknown; read as utf-8.',
		);
	});

	it('reads Latin that calls itself UTF-8, and keeps a few damaged characters damaged', () => {
		assert.equal(decodeCharset(Buffer.from('Gr\xfc\xdfe', 'latin1'), 'utf-8').text, 'Grüße');
		const damaged = Buffer.concat([Buffer.from('Grüße aus Köln '), Buffer.from([0xff])]);
		assert.equal(decodeCharset(damaged, 'utf-8').text, 'Grüße aus Köln \ufffd');
	});

	it('leaves out a character that the end of a window cut', () => {
		for (const charset of ['utf-8', 'shift_jis', 'gb18030', 'big5', 'euc-jp', 'utf-16le']) {
			const bytes = iconv.encode('a漢字', charset);
			const cut = decodeCharset(bytes.subarray(0, bytes.length - 1), charset, {isWhole: false});
			assert.equal(cut.text, 'a漢', charset);
		}
		assert.equal(decodeCharset(Buffer.from([0x61, 0xe6, 0xbc]), 'x-nobody', {isWhole: false}).charset, 'utf-8');
	});
});

describe('decodePart', () => {
	it('only ever adds as a window grows', () => {
		const text = 'Grüße, 漢字 und — so weiter =)\r\n'.repeat(5);
		const quoted = Buffer.from(text)
			.toString('latin1')
			.replace(/[=\x80-\xff]/g, c => `=${c.charCodeAt(0).toString(16).toUpperCase()}`);
		const encoded = {
			base64: Buffer.from(Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n')),
			'quoted-printable': Buffer.from(quoted.replace(/(=..){5}/g, '$&=\r\n')),
		};
		for (const [encoding, bytes] of Object.entries(encoded)) {
			for (let length = 0; length < bytes.length; length++) {
				const part = decodePart(bytes.subarray(0, length), {encoding, charset: 'utf-8', isWhole: false});
				assert.ok(text.startsWith(part.text), `${encoding} of ${length}: ${JSON.stringify(part.text.slice(-20))}`);
			}
			assert.equal(decodePart(bytes, {encoding, charset: 'utf-8', isWhole: true}).text, text);
		}
	});

	it('says what it could not know', () => {
		const part = decodePart(Buffer.from('a=20'), {encoding: 'x-rot', charset: 'utf-8', isWhole: true});
		assert.deepEqual([part.text, part.isEncodingKnown], ['a=20', false]);
	});

	it('shows a text as it came when it only says that it is base64', () => {
		const prose = decodePart(Buffer.from('Dear reader, this is prose.\r\n'), {
			encoding: 'base64',
			charset: '',
			isWhole: true,
		});
		assert.deepEqual([prose.text, prose.isEncodingTrue], ['Dear reader, this is prose.\r\n', false]);
		const damaged = decodePart(Buffer.from('aGVs*bG8gdGhlcmU=\r\n'), {encoding: 'base64', charset: '', isWhole: true});
		assert.deepEqual([damaged.text, damaged.isEncodingTrue], ['hello there', true]);
	});
});
