import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import xterm from '@xterm/headless';
import {ours, safeJoin, safeLine, safeText} from '../../source/model/safe-text.ts';

// An oracle that shares nothing with the code: what must never occur, in Unicode's own words.
const forbidden =
	/[\p{Cc}--\n]|[\p{Cf}--[\u200c\u200d]]|\p{Cs}|\p{Co}|\p{Zl}|\p{Zp}|[\p{Zs}--[ \u3000]]|[\p{Default_Ignorable_Code_Point}--[\u200c\u200d]]|\p{Noncharacter_Code_Point}|\p{Emoji_Modifier}|\p{M}\p{Mn}{5}|\u200c\u200c|\u200d\u200d|(?:^|\n)[\p{Mn}\p{Me}]/v;

function assertHarmless(text: string, from: string): void {
	const found = forbidden.exec(text);
	assert.equal(found, null, `${JSON.stringify(found?.[0])} is left of ${JSON.stringify(from.slice(0, 300))}`);
}

/** mulberry32: the same numbers for the same seed, on every machine. */
function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

const hostile = [
	...[
		'\x1b[2J',
		'\x1b]0;owned\x07',
		'\x1b]8;;http://evil\x1b\\',
		'\x1b[?1049h',
		'\x1bP1$r\x1b\\',
		'\x9b31m',
		'\x9d0;x\x9c',
	],
	...[
		'\x1b[6n',
		'\x1bc',
		'\x07',
		'\b\b\b',
		'\r',
		'\r\n',
		'\n',
		'\t',
		'\v',
		'\f',
		'\0',
		'\x7f',
		'\x0e',
		'\x85',
		'\u2028',
	],
	...['\u202e', '\u2066', '\u200f', '\u061c', '\u200b', '\u200c', '\u200d', '\ufeff', '\u00ad', '\u2061', '\u034f'],
	...[
		'\u{e0041}',
		'\ufe0f',
		'\u{e0100}',
		'\u3164',
		'\uffa0',
		'\u115f',
		'\u1160',
		'\ufff9',
		'\ud800',
		'\udc00',
		'\uffff',
	],
	...[
		'\u0301',
		'\u0301\u0302\u0303\u0304\u0305',
		'\u20e3',
		'\u0e33',
		'\u0e49',
		'\u094d',
		'\u0915',
		'\u0930',
		'\u09b0\u200d\u09cd\u09af',
	],
	...[
		'\u1100',
		'\u1161',
		'\u11a8',
		'가',
		'각',
		'漢',
		'字',
		'\u3000',
		'\u00a0',
		'👩‍💻',
		'👍🏽',
		'❤️',
		'🇩🇪',
		'\u{1f3fb}',
		'🏴󠁧󠁢󠁥󠁮󠁧󠁿',
	],
	...['می\u200cخواهم', 'שלום', 'é', 'e', ' ', 'plain words ', '\u0600', '\u{f0000}', '\u{1f1e9}', '\u180e', '\u2800'],
];

function randomText(random: () => number): string {
	let text = '';
	for (let left = Math.floor(random() * 30); left >= 0; left--) {
		text +=
			random() < 0.8
				? hostile[Math.floor(random() * hostile.length)]!
				: String.fromCharCode(Math.floor(random() * (random() < 0.5 ? 0x300 : 0x10000)));
	}
	return text;
}

describe('safeText', () => {
	it('returns plain text as it came', () => {
		const text = 'Dear all,\n\n  see you at 10:30 – Grüße, 東京, שלום עולם, مرحبا, 😀 🇩🇪\n-- \n';
		assert.equal(safeText(text), text);
	});

	it('shows controls as their pictures, so that an attack is seen and does nothing', () => {
		assert.equal(safeText('a\x1b[2Jb\x07\x00\x7f'), 'a␛[2Jb␇␀␡');
		assert.equal(safeText('a\x9b2J'), 'a\ufffd2J');
	});

	it('shows a text behind a bidi override in the order it was written, with a sign that something was there', () => {
		assert.equal(safeLine('invoice\u202efdp.exe'), 'invoice\ufffdfdp.exe');
		assert.equal(safeLine('\u2067שלום\u2069\u200f!'), 'שלום!');
	});

	it('removes what nobody sees', () => {
		assert.equal(safeLine('pay\u200bpal\u00ad\u2062\ufeff\u{e0041}\u3164.com\u034f'), 'paypal.com');
	});

	it('makes one kind of line end of all', () => {
		assert.equal(safeText('a\r\nb\rc\nd\u2028e\u0085f\n\rg'), 'a\nb\nc\nd\ne\nf\n\ng');
		assert.equal(safeLine('a\r\nb\rc\nd'), 'a b c d');
	});

	it('expands tabs to columns of eight, counting wide characters', () => {
		assert.equal(safeText('a\tb\n漢字\tb\n12345678\tb'), 'a       b\n漢字    b\n12345678        b');
		assert.equal(safeLine('a\tb'), 'a b');
	});

	it('keeps joiners where Persian and Indic spelling needs them, and nowhere else', () => {
		for (const word of ['می\u200cخواهم', 'क्\u200dष', 'ന്\u200d', 'র\u200d্যাম', 'ශ්\u200dරී'])
			assert.equal(safeLine(word), word);
		assert.equal(safeLine('pay\u200cpal'), 'paypal');
		assert.equal(safeLine('م\u200c\u200c\u200dی'), 'م\u200dی', 'one at most');
	});

	it('shows the base characters of an emoji sequence, because terminals disagree about its columns', () => {
		assert.equal(safeLine('👩\u200d💻 👍🏽 ❤\ufe0f 1\ufe0f\u20e3'), '👩💻 👍 ❤ 1');
	});

	it('limits the marks on a character and gives one that has none a base', () => {
		assert.equal(safeLine(`Z${'\u0301'.repeat(100)}a`), `Z${'\u0301'.repeat(4)}a`);
		assert.equal(safeText('\u0301a\n\u0301b'), '◌\u0301a\n◌\u0301b');
		const hebrew = 'הָיְתָ֥ה'; // points and accents
		assert.equal(safeLine(hebrew), hebrew);
	});

	it('puts Korean that macOS took apart together again', () => {
		assert.equal(safeLine('한국어'.normalize('NFD')), '한국어');
	});

	it('takes our own literals as they are and refuses what is not safe', () => {
		assert.equal(ours('3 of 10 – ◐'), '3 of 10 – ◐');
		assert.throws(() => ours('\x1b[1m'), TypeError);
		assert.throws(() => ours('a\rb'), TypeError);
		assert.equal(safeJoin([ours('a'), ours('b')], ours(', ')), 'a, b');
	});

	it('is harmless and settled for every code point there is', () => {
		for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
			const character = String.fromCodePoint(codePoint);
			const raw = `${character}a${character}ب${character}ب`;
			const text = safeText(raw);
			if (forbidden.test(text)) assertHarmless(text, `U+${codePoint.toString(16)}`);
			if (safeText(text) !== text) assert.fail(`U+${codePoint.toString(16)} is not settled`);
			if (safeLine(raw).includes('\n')) assert.fail(`U+${codePoint.toString(16)} breaks a line`);
		}
	});

	it('holds its promises for 20,000 random attacks, alone and joined', () => {
		const seed = 20260131;
		console.log(`seed ${seed}`);
		const random = randomFrom(seed);
		let before = safeText('');
		for (let round = 0; round < 20_000; round++) {
			const raw = randomText(random);
			const text = safeText(raw);
			const line = safeLine(raw);
			assertHarmless(text, raw);
			assertHarmless(line, raw);
			assert.ok(!line.includes('\n'));
			assert.equal(safeText(text), text, JSON.stringify(raw));
			assert.equal(safeLine(line), line, JSON.stringify(raw));
			assert.equal(safeText(before + text), before + text, 'safe texts in a row are safe');
			before = text;
		}
	});

	it('takes time in proportion to the text', () => {
		for (const unit of [
			'\u0301',
			'\x1b',
			'\t',
			'\u200d',
			'\n\u0301',
			'a\u200b',
			'\u1161',
			'\ud800',
			'👩‍',
			'm\t',
			'\u094d\u200d',
		]) {
			const started = performance.now();
			safeText(unit.repeat(500_000 / unit.length));
			const elapsed = performance.now() - started;
			// A quadratic pass over half a million characters takes minutes; the limit is generous to a busy machine.
			assert.ok(elapsed < 5_000, `${JSON.stringify(unit)} took ${elapsed} ms`);
		}
	});
});

describe('a terminal that is given a SafeText', () => {
	it('shows its characters and does nothing else', async () => {
		const seed = 77001;
		console.log(`seed ${seed}`);
		const random = randomFrom(seed);
		for (let round = 0; round < 300; round++) {
			const raw = Array.from({length: 5}, () => randomText(random)).join('');
			const lines = safeText(raw).split('\n');
			const terminal = new xterm.Terminal({cols: 2000, rows: 100, scrollback: 5000, allowProposedApi: true});
			const events: string[] = [];
			terminal.onBell(() => events.push('bell'));
			terminal.onTitleChange(title => events.push(`title ${title}`));
			terminal.onData(reply => events.push(`reply ${JSON.stringify(reply)}`));
			const modes = JSON.stringify(terminal.modes);
			await new Promise<void>(resolve => terminal.write(lines.join('\r\n'), resolve));
			const {active} = terminal.buffer;
			assert.deepEqual(events, [], JSON.stringify(raw));
			assert.equal(JSON.stringify(terminal.modes), modes);
			assert.equal(active.type, 'normal');
			assert.equal(active.baseY + active.cursorY, lines.length - 1, JSON.stringify(raw));
			for (const [row, line] of lines.entries()) {
				assert.equal(active.getLine(row)!.translateToString(true).trimEnd(), line.trimEnd(), JSON.stringify(raw));
			}
			terminal.dispose();
		}
	});
});

it('what our own texts are made of is safe as it stands', () => {
	for (let code = 0x20; code < 0x2600; code++) {
		const text = String.fromCharCode(code);
		let isOurs = true;
		try {
			ours(text);
		} catch {
			isOurs = false;
		}
		assert.equal(isOurs, safeText(text) === text, code.toString(16));
	}
});
