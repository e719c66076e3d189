/** The presets in the hands of those who know them, and what becomes of bindings that make no sense. */
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {type PresetName, presetNames} from '../../source/keys/presets.ts';
import {bonsaiDemo} from '../helpers/bonsai-on.ts';
import {type Bonsai, ownHome} from '../helpers/screen.ts';

function demoWith(t: TestContext, keys: unknown): Bonsai {
	const home = ownHome();
	writeFileSync(join(home.environment.BONSAI_HOME ?? '', 'config.json'), JSON.stringify({keys}));
	return bonsaiDemo(t, {home});
}

type Hands = Readonly<
	Record<'open' | 'page' | 'next' | 'back' | 'remove' | 'undo' | 'mailboxes' | 'leave' | 'quit' | 'undoes', string>
>;

const hands: Readonly<Record<PresetName, Hands>> = {
	default: {
		...{open: 'Enter', page: 'Space', next: 'J', back: 'q', remove: 'd', undo: 'u', undoes: 'u takes it back'},
		...{mailboxes: 'y', leave: 'q', quit: 'Q'},
	},
	mutt: {
		...{open: 'Enter', page: 'Space', next: 'j', back: 'i', remove: 'd', undo: 'u', undoes: 'u takes it back'},
		...{mailboxes: 'y', leave: 'q', quit: 'q'},
	},
	alpine: {
		...{open: '>', page: 'Space', next: 'n', back: '<', remove: 'd', undo: 'u', undoes: 'U takes it back'},
		...{mailboxes: '<', leave: '>', quit: 'q'},
	},
	aerc: {
		...{open: 'Enter', page: 'Space', next: 'J', back: 'q', remove: 'D', undo: 'u', undoes: 'u takes it back'},
		...{mailboxes: 'y', leave: 'q', quit: 'q'},
	},
};

describe('keys', {concurrency: 2}, () => {
	for (const preset of presetNames) {
		const {open, page, next, back, remove, undo, undoes, mailboxes, leave, quit} = hands[preset];
		test(`of ${preset}: open, page, read on, go back, delete, undo, look around, quit`, async t => {
			const bonsai = demoWith(t, {preset});
			await bonsai.standsOn('Line up until 19:00');
			bonsai.press('1194', 'Enter');
			await bonsai.standsOn('The Polar Record');
			bonsai.press(open);
			await bonsai.sees(/INBOX {2}1194 of 1200 .*top/);
			bonsai.press(page);
			await bonsai.sees(/INBOX {2}1194 of 1200 .*(%|end)/);
			bonsai.press(next);
			await bonsai.sees('INBOX  1195 of 1200');
			bonsai.press(back);
			await bonsai.standsOn(/^.? *1195 /);
			bonsai.press(remove);
			await bonsai.sees(`1 message deleted; ${undoes}`);
			bonsai.press(undo);
			await bonsai.sees('Taken back: Delete 1 message');
			bonsai.press(mailboxes);
			await bonsai.sees(/demo {2}mailboxes[\s\S]*INBOX +\d+ +1200/);
			bonsai.press(leave);
			await bonsai.sees(/demo\/INBOX .*of 1200/);
			bonsai.press(quit);
			assert.equal(await bonsai.exited, 0);
		});

		test(`of ${preset} in one packet, and some before the first screen is there`, async t => {
			const bonsai = demoWith(t, {preset});
			bonsai.press(`?${back}${mailboxes}`);
			await bonsai.sees(/INBOX +\d+ +1200/);
			bonsai.press(leave);
			await bonsai.standsOn('Line up until 19:00');
			bonsai.press(`\x1b[A${[open, page, next, back, remove, undo].map(asTyped).join('')}`);
			await bonsai.sees('Taken back: Delete 1 message');
			// It was the last one that went and came back, which was read after the one before it.
			await bonsai.standsOn('Medical stores');
			bonsai.press(quit);
			assert.equal(await bonsai.exited, 0);
		});
	}

	test('bound anew are the keys one presses and the keys one sees', async t => {
		const bonsai = demoWith(t, {preset: 'mutt', bind: {archive: ['a', 'Ctrl+k'], 'messages.undo': [', u'], flag: []}});
		await bonsai.standsOn('Line up until 19:00');
		await bonsai.sees(', u:Undo');
		bonsai.press('a');
		await bonsai.sees('1 message archived; , u takes it back');
		bonsai.press(',');
		await bonsai.sees(',: u take back what you decided last');
		bonsai.press('u');
		await bonsai.sees('Taken back');
		bonsai.press('F');
		await bonsai.sees('F is no key here: ? shows those that are');
	});

	test('that clash are said before the screen is taken, with what to do', async t => {
		const bonsai = demoWith(t, {bind: {archive: ['d']}});
		assert.equal(await bonsai.exited, 1);
		const said = bonsai.output.toString().replaceAll(/\s+/g, ' ');
		assert.match(
			said,
			/^bonsai: \S+config\.json: "bind" of "keys": on the screens inboxes, messages and message d is both "archive" \(yours\) and "delete" \(of the preset default\)\. Choose another key, or free this one: "delete": \["Delete"\] $/,
		);
		assert.doesNotMatch(said, /\x1b/);
	});
});

const asTyped = (key: string): string => ({Enter: '\r', Space: ' '})[key] ?? key;
