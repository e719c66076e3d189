/** The promises of the key decoder. Every sequence is also fed octet by octet: a packet's edges mean nothing. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {createKeyDecoder} from '../../source/terminal/key-decoder.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

function names(text: string): string[] {
	const decoder = createKeyDecoder();
	return [...decoder.write(bytes(text)), ...decoder.flush()].map(key => key.name);
}

function namesByOctet(text: string): string[] {
	const decoder = createKeyDecoder();
	const keys = [...bytes(text)].flatMap(octet => decoder.write(Uint8Array.of(octet)));
	return [...keys, ...decoder.flush()].map(key => key.name);
}

function isKey(input: string, ...expected: string[]): void {
	assert.deepEqual(names(input), expected, JSON.stringify(input));
	assert.deepEqual(namesByOctet(input), expected, `${JSON.stringify(input)} octet by octet`);
}

const sequences: Readonly<Record<string, readonly string[]>> = {
	Up: ['\x1b[A', '\x1bOA', '\x1b[1A'],
	Down: ['\x1b[B', '\x1bOB'],
	Right: ['\x1b[C', '\x1bOC'],
	Left: ['\x1b[D', '\x1bOD'],
	Home: ['\x1b[H', '\x1bOH', '\x1b[1~', '\x1b[7~'],
	End: ['\x1b[F', '\x1bOF', '\x1b[4~', '\x1b[8~'],
	Insert: ['\x1b[2~'],
	Delete: ['\x1b[3~'],
	PageUp: ['\x1b[5~'],
	PageDown: ['\x1b[6~'],
	F1: ['\x1bOP', '\x1b[11~', '\x1b[[A', '\x1b[P'],
	F2: ['\x1bOQ', '\x1b[12~', '\x1b[[B'],
	F3: ['\x1bOR', '\x1b[13~', '\x1b[[C'],
	F4: ['\x1bOS', '\x1b[14~', '\x1b[[D'],
	F5: ['\x1b[15~', '\x1b[[E'],
	F6: ['\x1b[17~'],
	F7: ['\x1b[18~'],
	F8: ['\x1b[19~'],
	F9: ['\x1b[20~'],
	F10: ['\x1b[21~'],
	F11: ['\x1b[23~'],
	F12: ['\x1b[24~'],
	'Shift+Tab': ['\x1b[Z'],
	'Shift+Up': ['\x1b[1;2A', '\x1b[a'],
	'Alt+Up': ['\x1b[1;3A'],
	'Ctrl+Up': ['\x1b[1;5A', '\x1bO5A', '\x1bO1;5A'],
	'Ctrl+Shift+End': ['\x1b[1;6F', '\x1b[8@'],
	'Ctrl+PageUp': ['\x1b[5;5~', '\x1b[5^'],
	'Shift+F3': ['\x1b[1;2R'],
	Enter: ['\r', '\n', '\x1bOM', '\x1b[13u'],
	Tab: ['\t'],
	Backspace: ['\x7f', '\b'],
	Escape: ['\x1b', '\x1b[27u'],
	Space: [' '],
	'Ctrl+Space': ['\0', '\x1b[32;5u'],
	'Ctrl+a': ['\x01', '\x1b[97;5u', '\x1b[27;5;97~'],
	'Ctrl+z': ['\x1a'],
	'Ctrl+\\': ['\x1c'],
	'Ctrl+_': ['\x1f'],
	'Ctrl+Tab': ['\x1b[27;5;9~', '\x1b[9;5u'],
	'Alt+x': ['\x1bx', '\x1b[120;3u'],
	'Alt+X': ['\x1bX'],
	'Alt+é': ['\x1bé'],
	'Alt+Enter': ['\x1b\r'],
	'Alt+Backspace': ['\x1b\x7f'],
	'Alt+[': ['\x1b['],
	'Alt+O': ['\x1bO'],
	'Alt+]': ['\x1b]'],
	'Alt+Space': ['\x1b '],
	'Ctrl+Alt+x': ['\x1b\x18', '\x1b[120;7u'],
	'5': ['5', '\x1bOu'],
	'+': ['+', '\x1bOk'],
};

describe('keys by name', () => {
	for (const [name, inputs] of Object.entries(sequences)) {
		for (const input of inputs) test(`${JSON.stringify(input)} is ${name}`, () => isKey(input, name));
	}
});

describe('several keys in one packet', () => {
	test('three letters are three keys', () => isKey('jjj', 'j', 'j', 'j'));
	test('a letter, Enter and a letter are three keys', () => isKey('j\rq', 'j', 'Enter', 'q'));
	test('arrows between letters stay arrows', () => isKey('a\x1b[Ab\x1bOBc', 'a', 'Up', 'b', 'Down', 'c'));
	test('Escape and then an arrow are two keys', () => isKey('\x1b\x1b[A', 'Escape', 'Up'));
	test('two Escapes are two keys', () => isKey('\x1b\x1b', 'Escape', 'Escape'));
});

describe('sequences cut by packets', () => {
	test('ESC waits for what follows, and is Escape only when nothing does', () => {
		const decoder = createKeyDecoder();
		assert.deepEqual(decoder.write(bytes('\x1b')), []);
		assert.equal(decoder.isPending, true);
		assert.deepEqual(decoder.write(bytes('[A')), [{name: 'Up', text: ''}]);
		assert.equal(decoder.isPending, false);
		decoder.write(bytes('\x1b'));
		assert.deepEqual(decoder.flush(), [{name: 'Escape', text: ''}]);
	});

	test('half a sequence that is never finished is swallowed', () => {
		const decoder = createKeyDecoder();
		assert.deepEqual(decoder.write(bytes('\x1b[1;')), []);
		assert.deepEqual(decoder.flush(), []);
		assert.deepEqual(decoder.write(bytes('j')), [{name: 'j', text: 'j'}]);
	});

	test('a character of several octets waits for its last', () => {
		const decoder = createKeyDecoder();
		const [first, ...rest] = bytes('€');
		assert.deepEqual(decoder.write(Uint8Array.of(first ?? 0)), []);
		assert.deepEqual(decoder.write(Uint8Array.from(rest)), [{name: '€', text: '€'}]);
	});
});

describe('text', () => {
	test('a printable character is its own name and text', () => {
		const decoder = createKeyDecoder();
		assert.deepEqual(decoder.write(bytes('é漢')), [
			{name: 'é', text: 'é'},
			{name: '漢', text: '漢'},
		]);
	});
	test('a combining accent is a key of its own, in one packet as in two', () => isKey('e\u0301', 'e', '\u0301'));
	test('octets that are no UTF-8 write nothing', () => {
		const decoder = createKeyDecoder();
		assert.deepEqual(decoder.write(Uint8Array.of(0xff, 0x6a)), [{name: 'j', text: 'j'}]);
	});
	test('without UTF-8 an octet is a character', () => {
		const decoder = createKeyDecoder({isUtf8: false});
		assert.deepEqual(decoder.write(Uint8Array.of(0xe9)), [{name: 'é', text: 'é'}]);
	});
});

describe('paste', () => {
	const pasted = '\x1b[200~d\rq\x1b[A €\x1b[201~';

	test('a bracketed paste is one key, with escapes in it as text', () => {
		const decoder = createKeyDecoder();
		assert.deepEqual(decoder.write(bytes(`${pasted}j`)), [
			{name: 'Paste', text: 'd\rq\x1b[A €'},
			{name: 'j', text: 'j'},
		]);
	});
	test('a paste cut anywhere is still one key', () => {
		for (let at = 1; at < pasted.length; at++) {
			const decoder = createKeyDecoder();
			const keys = [...decoder.write(bytes(pasted.slice(0, at))), ...decoder.write(bytes(pasted.slice(at)))];
			assert.deepEqual(
				keys.map(key => key.name),
				['Paste'],
				`cut at ${at}`,
			);
		}
	});
	test('silence in the middle of a paste does not turn the rest into commands', () => {
		const decoder = createKeyDecoder();
		assert.deepEqual(decoder.write(bytes('\x1b[200~dd')), []);
		assert.deepEqual(decoder.flush(), []);
		assert.deepEqual(decoder.write(bytes('dd\x1b[201~')), [{name: 'Paste', text: 'dddd'}]);
	});
	test('^C ends a paste whose end got lost', () => {
		assert.deepEqual(names('\x1b[200~dd\x03j'), ['Ctrl+c', 'j']);
	});
	test('a paste larger than a mebibyte is dropped, and what follows is read again', () => {
		const decoder = createKeyDecoder();
		assert.deepEqual(decoder.write(bytes(`\x1b[200~${'d'.repeat(1024 * 1024 + 1)}`)), []);
		const keys = decoder.write(bytes('\x1b[201~j'));
		assert.deepEqual(
			keys.map(key => key.name),
			['Paste', 'j'],
		);
		assert.ok((keys[0]?.text.length ?? 0) < 100);
	});
});

describe('what the terminal answers', () => {
	const answers: Readonly<Record<string, string>> = {
		'device attributes': '\x1b[?64;1;2;28c',
		'secondary device attributes': '\x1b[>0;276;0c',
		'that all is well': '\x1b[0n',
		'where the cursor is': '\x1b[24;80R',
		'where the cursor is in the first row, far out': '\x1b[1;80R',
		'a mode': '\x1b[?2026;2$y',
		'the size of its window': '\x1b[8;24;80t',
		'its version': '\x1bP>|XTerm(379)\x1b\\',
		'a colour, ended by BEL': '\x1b]11;rgb:0000/0000/0000\x07',
		'a colour, ended by ST': '\x1b]11;rgb:0000/0000/0000\x1b\\',
		'the flags of kitty’s protocol': '\x1b[?1u',
	};
	const heard = (packets: readonly string[]): {reports: string[]; keys: string[]} => {
		const reports: string[] = [];
		const decoder = createKeyDecoder({onReport: report => reports.push(report)});
		const keys = packets.flatMap(packet => decoder.write(bytes(packet)));
		return {reports, keys: [...keys, ...decoder.flush()].map(key => key.name)};
	};
	for (const [title, answer] of Object.entries(answers)) {
		test(`${title} is handed over whole, between keys, cut anywhere`, () => {
			const input = `j${answer}k`;
			for (let at = 1; at < input.length; at++) {
				const {reports, keys} = heard([input.slice(0, at), input.slice(at)]);
				assert.deepEqual([reports, keys], [[answer], ['j', 'k']], `cut at ${at}`);
			}
		});
	}
	test('several in one packet come one by one', () => {
		assert.deepEqual(heard(['\x1b[0n\x1b[?2026;1$y']).reports, ['\x1b[0n', '\x1b[?2026;1$y']);
	});
	test('keys, the mouse and focus are no answers', () => {
		for (const input of ['\x1b[1;2R', '\x1b[A', '\x1b[<0;1;1M', '\x1b[M !!', '\x1b[I', '\x1b[97;5u', '\x1b[32;10;20M'])
			assert.deepEqual(heard([input]).reports, [], JSON.stringify(input));
	});
	test('an answer that was broken off is none', () => {
		assert.deepEqual(heard(['\x1bP>|XTe\x03', '\x1b[?64;1', '\x1b[A']).reports, []);
	});
});

describe('what is no key is swallowed', () => {
	const swallowed: Readonly<Record<string, string>> = {
		'an X10 mouse report': '\x1b[M !!',
		'an SGR mouse report': '\x1b[<0;10;20M\x1b[<0;10;20m',
		'a urxvt mouse report': '\x1b[32;10;20M',
		'focus in and out': '\x1b[I\x1b[O',
		'a cursor position report': '\x1b[24;80R',
		'device attributes': '\x1b[?64;1;28c\x1b[>0;276;0c',
		'a mode report': '\x1b[?2026;1$y',
		'a colour report ended by BEL': '\x1b]11;rgb:0000/0000/0000\x07',
		'a colour report ended by ST': '\x1b]11;rgb:0000/0000/0000\x1b\\',
		'a terminal version report': '\x1bP>|tmux 3.4\x1b\\',
		'a function key nobody has': '\x1b[99~',
		'a key release': '\x1b[97;1:3u',
		'the release of an arrow': '\x1b[1;1:3A',
		'the release of PageDown': '\x1b[6;1:3~',
		'Caps Lock': '\x1b[57358u',
	};
	for (const [title, input] of Object.entries(swallowed)) test(title, () => isKey(`${input}j`, 'j'));

	test('a control character inside a sequence ends it and counts', () => isKey('\x1b[1\x03', 'Ctrl+c'));
	test('an answer that never ends is ended by Enter, Escape and ^C, and none of it is text', () => {
		for (const [octets, name] of [
			['\r', 'Enter'],
			['\x1b', 'Escape'],
			['\x03', 'Ctrl+c'],
		] as const) {
			const decoder = createKeyDecoder();
			decoder.write(bytes(`\x1b]${'x'.repeat(10_000)}`));
			assert.deepEqual(decoder.flush(), []);
			const keys = [...decoder.write(bytes(octets)), ...decoder.flush(), ...decoder.write(bytes('j'))];
			assert.deepEqual(
				keys.map(key => key.name),
				[name, 'j'],
			);
		}
	});
	test('no octets of any kind make it throw or wait for ever (seed 1733)', () => {
		let seed = 1733;
		const random = () => {
			seed = (seed * 1103515245 + 12345) & 0x7fffffff;
			return seed / 0x7fffffff;
		};
		for (let round = 0; round < 500; round++) {
			const decoder = createKeyDecoder();
			const noise = Uint8Array.from({length: 40}, () => (random() < 0.3 ? 0x1b : Math.floor(random() * 256)));
			for (const octet of noise) decoder.write(Uint8Array.of(octet));
			decoder.flush();
			decoder.write(bytes('\x03'));
			decoder.flush();
			assert.deepEqual(decoder.write(bytes('j')), [{name: 'j', text: 'j'}], `round ${round}`);
		}
	});
});
