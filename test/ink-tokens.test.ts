import assert from 'node:assert/strict';
import {test} from 'node:test';
import {tokenize as inkTokens} from '@alcalzone/ansi-tokenize';
import {tokenize} from '../source/ink-tokens.ts';

test('lines are taken apart as Ink takes them apart', () => {
	const lines = [
		'',
		' 1198 . NF  Nov 20  Haruka Tanaka        55M Lecture recording: sound under se…',
		'\x1b[7m\x1b[1m>1200 . N   18:05\x1b[22m\x1b[27m tail',
		'\x1b[1;31mred\x1b[39m 観測データの件 \x1b[2mЛедовая обстановка\x1b[22m',
		'🎉 We moved! 🏡 👩‍👩‍👧‍👦 e\u0301 한국 กำ 🇩🇪 ❤️',
		'\x1b[38;5;200mx\x1b[38;2;1;2;3my\x1b[m',
		'صور من القاهرة ▁▂▃ ◐●↑',
	];
	for (const line of lines) assert.deepEqual(tokenize(line), inkTokens(line), JSON.stringify(line));
});
