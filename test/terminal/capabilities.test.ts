import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {asciiOf} from '../../source/terminal/ascii.ts';
import {capabilitiesOf} from '../../source/terminal/capabilities.ts';

describe('what a terminal can do', () => {
	test('the first locale variable that is set decides about UTF-8', () => {
		assert.equal(capabilitiesOf({TERM: 'xterm', LANG: 'de_DE.UTF-8'}).isUtf8, true);
		assert.equal(capabilitiesOf({TERM: 'xterm', LC_ALL: 'C', LANG: 'de_DE.UTF-8'}).isUtf8, false);
		assert.equal(capabilitiesOf({TERM: 'xterm', LC_ALL: '', LC_CTYPE: 'C.utf8'}).isUtf8, true);
		assert.equal(capabilitiesOf({TERM: 'xterm'}).isUtf8, false);
	});
	test('NO_COLOR takes the colours and leaves the styles', () => {
		const {hasColour, hasStyles} = capabilitiesOf({TERM: 'xterm-256color', NO_COLOR: '1'});
		assert.deepEqual([hasColour, hasStyles], [false, true]);
	});
	test('a VT100 has styles but no colours, a dumb terminal has neither', () => {
		const vt100 = capabilitiesOf({TERM: 'vt100'});
		assert.deepEqual([vt100.hasColour, vt100.hasStyles], [false, true]);
		const dumb = capabilitiesOf({TERM: 'dumb'});
		assert.deepEqual([dumb.hasColour, dumb.hasStyles], [false, false]);
	});
	test('characters are repeated only where that is known to be understood', () => {
		const repeats = (term: string): boolean => capabilitiesOf({TERM: term}).abilities.repeats;
		for (const term of ['xterm-256color', 'tmux-256color', 'alacritty', 'foot', 'xterm-kitty', 'st-256color'])
			assert.equal(repeats(term), true, term);
		for (const term of ['rxvt', 'eterm-color', 'stterm', 'screen-256color', 'linux', 'vt220', 'ansi', 'hp2392'])
			assert.equal(repeats(term), false, term);
	});
	test('over SSH the rest of a key may take longer', () => {
		const far = capabilitiesOf({TERM: 'xterm', SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22'});
		assert.ok(far.escapeTimeoutMs > capabilitiesOf({TERM: 'xterm'}).escapeTimeoutMs);
	});
});

describe('text in ASCII', () => {
	test('letters lose their accents and nothing else', () => assert.equal(asciiOf('Łukasz Żółć'), 'Lukasz Zolc'));
	test('columns stay aligned: a wide character is two question marks', () =>
		assert.equal(asciiOf('|漢|🌲|'), '|??|??|'));
	test('punctuation becomes plain', () => assert.equal(asciiOf('“so – on…”'), '"so - on~"'));
	test('escape sequences pass unchanged', () => assert.equal(asciiOf('\x1b[7mé\x1b[0m'), '\x1b[7me\x1b[0m'));
});
