import assert from 'node:assert/strict';
import {basename, resolve, win32} from 'node:path';
import {describe, it} from 'node:test';
import {safeFileName} from '../../source/text/text.ts';

describe('safeFileName', () => {
	const cases: [string, string][] = [
		['report.pdf', 'report.pdf'],
		['Grüße 漢字.txt', 'Grüße 漢字.txt'],
		['../../etc/passwd', '_.._etc_passwd'],
		['..', 'fallback.bin'],
		['/', 'fallback.bin'],
		['', 'fallback.bin'],
		['C:\\Windows\\x.exe', 'C_Windows_x.exe'],
		['.bashrc', 'bashrc'],
		['-rf', 'rf'],
		['~root', 'root'],
		['CON', '_CON'],
		['nul.tar.gz', '_nul.tar.gz'],
		['file.txt:stream', 'file.txt_stream'],
		['a\nb\0c\x1b[2J', 'a b_c_[2J'],
		['invoice\u202efdp.exe', 'invoice_fdp.exe'],
		['trailing. . .', 'trailing'],
		['e\u0301.txt', 'é.txt'],
		['a\u2215b', 'a_b'],
	];
	for (const [name, file] of cases) {
		it(`makes ${JSON.stringify(file)} of ${JSON.stringify(name)}`, () =>
			assert.equal(safeFileName(name, 'fallback.bin'), file));
	}

	it('cuts to 200 bytes and keeps the extension', () => {
		const file = safeFileName(`${'漢'.repeat(500)}.tar.gz`, 'x');
		assert.ok(Buffer.byteLength(file) <= 200 && file.endsWith('.gz'), file);
		assert.ok(Buffer.byteLength(safeFileName(`a.${'b'.repeat(5_000)}`, 'x')) <= 200);
	});

	it('has a name for what has none, even without a fallback', () => {
		assert.equal(safeFileName('...', '../..'), 'attachment');
		assert.equal(safeFileName('\u202e', ''), 'attachment');
	});

	it('never leaves the folder, on any system, and settles at once', () => {
		const seed = 31337;
		console.log(`seed ${seed}`);
		let state = seed;
		const random = (below: number) => {
			state = (Math.imul(state, 1103515245) + 12345) >>> 0;
			return (state >>> 16) % below;
		};
		const units = [
			'.',
			'..',
			'/',
			'\\',
			'-',
			' ',
			'~',
			':',
			'con',
			'CON',
			'com1',
			'a',
			'.txt',
			'\0',
			'\x1b',
			'\u202e',
			'漢',
			'e\u0301',
			'\u0301',
			'_',
			'?',
			'\t',
			'\ud800',
			'한'.normalize('NFD'),
			'x'.repeat(90),
			'\u{1f600}',
			'\u2024',
			'\uff0e',
		];
		const folder = resolve('/somewhere/safe');
		for (let round = 0; round < 20_000; round++) {
			const raw = Array.from({length: random(12)}, () => units[random(units.length)]).join('');
			const file = safeFileName(raw, '');
			const context = `${JSON.stringify(raw)} became ${JSON.stringify(file)}`;
			assert.equal(resolve(folder, file), `${folder}/${basename(file)}`, context);
			assert.equal(win32.basename(file), file, context);
			assert.ok(Buffer.byteLength(file) <= 200 && file !== '', context);
			assert.match(file, /^[^.\-\s~]/, context);
			assert.match(file, /[^.\s]$/, context);
			assert.ok(!/[\p{Cc}\p{Cf}\p{Cs}]/u.test(file), context);
			assert.ok(!/^(con|prn|aux|nul|com\d|lpt\d)\s*(\.|$)/i.test(file), context);
			assert.equal(safeFileName(file, ''), file, context);
			assert.equal(file.normalize('NFC'), file, context);
		}
	});
});
