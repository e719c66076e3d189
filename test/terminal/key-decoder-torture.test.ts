/**
 * Whatever a line does to what a terminal sends: cut anywhere, joined, late. The seeds are fixed; `SEED=n` tries another.
 */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {createKeyDecoder, type Key} from '../../source/terminal/key-decoder.ts';

const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** What a terminal may send, one character an octet, and the keys it is. */
const sent: readonly (readonly [sequence: string, ...keys: readonly string[]])[] = [
	['jjj\r', 'j', 'j', 'j', 'Enter'],
	['\x1b[A', 'Up'],
	['\x1bOB', 'Down'],
	['\x1b[1;5C', 'Ctrl+Right'],
	['\x1b[6~', 'PageDown'],
	['\x1b[15;2~', 'Shift+F5'],
	['\x1b[[C', 'F3'],
	['\x1bx', 'Alt+x'],
	[utf8('é漢🎉'), 'é', '漢', '🎉'],
	['\x03', 'Ctrl+c'],
	['\x1b[200~d\rq\x1b[A\x1b[201~', 'Paste'],
	['\x1b[200~\x1b[20\x1b[201~', 'Paste'],
	['\x1b[<0;10;20M'],
	['\x1b[<0;10;20m'],
	['\x1b[M !"'],
	['\x1b[M#\x7f\xff'],
	['\x1b[32;10;20M'],
	['\x1b[I'],
	['\x1b[O'],
	['\x1b[97:65:97;2:1;65u', 'A'],
	['\x1b[97;5:2u', 'Ctrl+a'],
	['\x1b[97;1:3u'],
	['\x1b[1;1:3A'],
	['\x1b[57358u'],
	['\x1b[57417u', 'Left'],
	['\x1b[57400;129u', '1'],
	['\x1b[100;9u', 'Alt+d'],
	['\x1b[99~'],
	['\x1b[?64;1;2;28c', 'report'],
	['\x1b[0n', 'report'],
	['\x1b[24;80R', 'report'],
	['\x1b[?2026;2$y', 'report'],
	['\x1bP>|XTerm(379)\x1b\\', 'report'],
	['\x1b]11;rgb:0000/0000/0000\x07', 'report'],
	['\x1b]11;rgb:0000/0000/0000\x1b\\', 'report'],
];

/** Keys by name, and `report` where one was handed over, in their order. */
function heardFrom(packets: readonly string[], flushAfter: (at: number) => boolean = () => false): string[] {
	const heard: string[] = [];
	const decoder = createKeyDecoder({onReport: () => heard.push('report')});
	const hear = (keys: readonly Key[]): void => {
		for (const {name, text} of keys) heard.push(name === 'Paste' ? `Paste ${text}` : name);
	};
	for (const [at, packet] of packets.entries()) {
		// Reports are heard while a packet is read: one octet at a time keeps their place among the keys.
		for (const octet of octets(packet)) hear(decoder.write(Uint8Array.of(octet)));
		if (flushAfter(at)) hear(decoder.flush());
	}
	hear(decoder.flush());
	return heard;
}

/** As they come, without taking them apart; reports after the keys of their packet. */
function heardInPackets(packets: readonly string[]): {keys: string[]; reports: string[]} {
	const reports: string[] = [];
	const decoder = createKeyDecoder({onReport: report => reports.push(report)});
	const keys = packets.flatMap(packet => decoder.write(octets(packet)));
	return {keys: [...keys, ...decoder.flush()].map(({name, text}) => `${name} ${text}`), reports};
}

function randomFrom(seed: number): (below: number) => number {
	let state = seed;
	return below => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}

const cutAnywhere = (stream: string, random: (below: number) => number): string[] => {
	const packets: string[] = [];
	for (let at = 0; at < stream.length; ) {
		const length = 1 + random(random(3) === 0 ? 30 : 4);
		packets.push(stream.slice(at, at + length));
		at += length;
	}
	return packets;
};

const seed = Number(process.env.SEED ?? 1733);
const withoutText = (name: string): string => name.replace(/^Paste .*/s, 'Paste');

describe('what a terminal sends', () => {
	for (const [sequence, ...keys] of sent) {
		test(`${JSON.stringify(sequence)} is ${keys.join(', ') || 'nothing'}`, () => {
			assert.deepEqual(heardFrom([sequence]).map(withoutText), keys);
		});
	}

	test('what kitty says of a key is what it writes', () => {
		const written = (sequence: string): Key[] => createKeyDecoder().write(octets(sequence));
		assert.deepEqual(written('\x1b[97:65:97;2:1;65u'), [{name: 'A', text: 'A'}]);
		assert.deepEqual(written('\x1b[97;2u'), [{name: 'A', text: 'A'}]);
		assert.deepEqual(written('\x1b[49:33;2u'), [{name: '!', text: '!'}]);
		assert.deepEqual(written('\x1b[101;;233u'), [{name: 'é', text: 'é'}]);
		assert.deepEqual(written('\x1b[97;65u'), [{name: 'a', text: 'a'}]);
		assert.deepEqual(written('\x1b[13;5u'), [{name: 'Ctrl+Enter', text: ''}]);
		assert.deepEqual(written('\x1b[55296u\x1b[133u'), [], 'no half characters, no controls');
	});
});

test(`cut and joined anywhere, the same keys and answers come in the same order (seed ${seed})`, t => {
	t.diagnostic(`SEED=${seed}`);
	const random = randomFrom(seed);
	for (let round = 0; round < 2000; round++) {
		const chosen = Array.from({length: 1 + random(12)}, () => sent[random(sent.length)] ?? sent[0]!);
		const stream = chosen.map(([sequence]) => sequence).join('');
		const packets = cutAnywhere(stream, random);
		const words = `SEED=${seed} round ${round} ${JSON.stringify(packets)}`;
		assert.deepEqual(heardInPackets(packets), heardInPackets([stream]), words);
		const expected = chosen.flatMap(([, ...keys]) => keys);
		assert.deepEqual(heardFrom(packets).map(withoutText), expected, words);
	}
});

test(`noise cut anywhere is the same noise, and afterwards a key is a key (seed ${seed})`, t => {
	t.diagnostic(`SEED=${seed}`);
	const random = randomFrom(seed + 1);
	const likely = '\x1b\x1b\x1b[[OP];:?<>~MRu0123456789\\\x07\x03 $jA\xc3\xa9\xe2\x82\xac\xf0';
	for (let round = 0; round < 5000; round++) {
		const octet = (): string =>
			random(4) === 0 ? String.fromCharCode(random(256)) : (likely[random(likely.length)] ?? '\x1b');
		const stream = Array.from({length: 1 + random(random(20) === 0 ? 400 : 40)}, octet).join('');
		const packets = cutAnywhere(stream, random);
		const words = `SEED=${seed} round ${round} ${JSON.stringify(packets)}`;
		assert.deepEqual(heardInPackets(packets), heardInPackets([stream]), words);
		const decoder = createKeyDecoder();
		for (const packet of packets) {
			decoder.write(octets(packet));
			if (random(3) === 0) decoder.flush();
		}
		decoder.flush();
		decoder.write(octets('\x03'));
		decoder.flush();
		assert.deepEqual(decoder.write(octets('j')), [{name: 'j', text: 'j'}], words);
	}
});

describe('late', () => {
	/** What may be heard of a sequence whose rest was not waited for. */
	const beginnings = /^(Escape|Alt\+[[OP\]])$/;

	for (const [sequence, ...keys] of sent.filter(([each]) => each.startsWith('\x1b') && each !== '\x1bx')) {
		test(`the rest of ${JSON.stringify(sequence)} is still its rest, wherever it was cut`, () => {
			for (let at = 1; at < sequence.length; at++) {
				const heard = heardInPackets([]);
				const decoder = createKeyDecoder({onReport: () => heard.keys.push('report')});
				for (const packet of [sequence.slice(0, at), sequence.slice(at)]) {
					heard.keys.push(...decoder.write(octets(packet)).map(({name}) => name));
					heard.keys.push(...decoder.flush().map(({name}) => name));
				}
				const rest = heard.keys.filter((key, index) => index > 0 || !beginnings.test(key));
				assert.deepEqual(rest, keys, `cut at ${at}`);
			}
		});
	}

	test('half a character is waited for', () => {
		const euro = utf8('€');
		assert.deepEqual(
			heardFrom([euro.slice(0, 1), euro.slice(1, 2), euro.slice(2)], () => true),
			['€'],
		);
	});
	test('keys after Escape are keys, however fast', () => {
		for (const typed of ['j', 'q', 'O', '[', 'P', 'X', '5', 'dd', 'Op', ']x'])
			assert.deepEqual(heardInPackets(['\x1b']).keys.length, 1, typed);
		const after = (typed: string): string[] => heardFrom(['\x1b', ...typed], () => true);
		for (const typed of ['j', 'O', '[', '[A', 'OA', 'P', 'X', ']x'])
			assert.deepEqual(after(typed), ['Escape', ...typed], JSON.stringify(typed));
	});
	test('the sequence is over when it was given up and something else came', () => {
		assert.deepEqual(
			heardFrom(['\x1b[1;', 'j'], () => true),
			['j'],
		);
		assert.deepEqual(
			heardFrom(['\x1b[1;', '\x1b[A'], () => true),
			['Up'],
		);
	});
});

test('no more is kept than is needed, however long a sequence, an answer or a paste', () => {
	for (const beginning of ['\x1b[', '\x1bO', '\x1b]', '\x1b[200~']) {
		const decoder = createKeyDecoder();
		const many = octets(`${'1'.repeat(64 * 1024)}`);
		decoder.write(octets(beginning));
		for (let time = 0; time < 40; time++) decoder.write(many);
		const end = {'\x1b[': 'A', '\x1bO': 'A', '\x1b]': '\x07', '\x1b[200~': '\x1b[201~'}[beginning] ?? '';
		const keys = decoder.write(octets(`${end}j`));
		assert.deepEqual(keys, [...(end === '\x1b[201~' ? [{name: 'Paste', text: ''}] : []), {name: 'j', text: 'j'}]);
	}
});
