/** The laws of the presets, over all of them and all screens. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {CommandName} from '../../source/keys/commands.ts';
import {readKey} from '../../source/keys/key-spelling.ts';
import {keymapOf} from '../../source/keys/keymap.ts';
import {keymapProblem} from '../../source/keys/keymap-problem.ts';
import {type PresetName, presetNames, presets} from '../../source/keys/presets.ts';
import {type ScreenName, screens} from '../../source/keys/screens.ts';

const means = (preset: PresetName, screen: ScreenName, key: string): string | undefined => {
	const found = keymapOf(preset).on(screen).commandFor(key);
	return typeof found === 'object' ? found.name : found;
};

for (const preset of presetNames) {
	describe(`the preset ${preset}`, () => {
		test('gives a key one meaning on a screen, and leaves a way to quit and to the command line', () => {
			assert.equal(keymapProblem(preset, {}), undefined);
			for (const screen of screens) {
				assert.equal(means(preset, screen, 'Ctrl+c'), 'quit');
				assert.equal(means(preset, screen, ':'), 'commandLine');
				assert.equal(means(preset, screen, '?'), 'help');
			}
		});
		test('reaches whatever has a key in default, by a key or by its word', () => {
			for (const screen of screens) {
				for (const {command, keys} of keymapOf().on(screen).bound) {
					if (keys.length > 0)
						assert.notEqual(keymapOf(preset).on(screen).nameOf(command.name), '', `${screen} ${command.name}`);
				}
			}
		});
		test('binds only what is there, to keys that can arrive', () => {
			const known = new Set<string>();
			for (const screen of screens) {
				for (const {command} of keymapOf(preset).on(screen).bound)
					known.add(command.name).add(`${screen}.${command.name}`);
			}
			for (const [name, keys] of Object.entries(presets[preset])) {
				// What `on` says of a group of screens holds where the command is.
				assert.ok(known.has(name) || known.has(name.replace(/^\w+\./, '')), name);
				for (const key of keys) assert.deepEqual(readKey(key), {key});
			}
		});
		test('moves down and up by the arrows in every list', () => {
			for (const screen of ['messages', 'inboxes', 'mailboxes', 'parts', 'accounts', 'outbox', 'downloads'] as const)
				assert.deepEqual([means(preset, screen, 'Down'), means(preset, screen, 'Up')], ['down', 'up']);
		});
	});
}

describe('what the hands know', () => {
	type Known = readonly [screen: ScreenName, key: string, name: CommandName | 'prefix' | undefined];
	const known: Readonly<Record<Exclude<PresetName, 'default'>, readonly Known[]>> = {
		mutt: [
			['messages', 'j', 'down'],
			['messages', 'd', 'delete'],
			['messages', 'u', 'undo'],
			['messages', 's', 'move'],
			['messages', 'z', 'pageDown'],
			['messages', '*', 'last'],
			['messages', 'v', 'parts'],
			['messages', '$', 'look'],
			['messages', ';', 'prefix'],
			['messages', 'x', undefined],
			['messages', 'a', undefined],
			['messages', 'Ctrl+d', undefined],
			['message', 'j', 'nextMessage'],
			['message', 'Enter', 'down'],
			['message', 'Backspace', 'up'],
			['message', '-', 'pageUp'],
			['message', 'x', 'back'],
			['message', 'h', 'allHeaders'],
			['message', 'T', undefined],
			['parts', 't', 'mark'],
			['parts', 'm', 'openPart'],
			['messages', 'm', 'compose'],
			['message', 'g', 'replyAll'],
			['message', 'L', 'replyList'],
			['compose', 'y', 'sendDraft'],
			['compose', 'a', 'attach'],
			['compose', 'Escape', undefined],
		],
		alpine: [
			['messages', 'n', 'down'],
			['messages', 'N', 'down'],
			['messages', 'D', 'delete'],
			['messages', 'U', 'undo'],
			['messages', '<', 'listMailboxes'],
			['messages', '>', 'open'],
			['messages', '-', 'pageUp'],
			['messages', 'a d', 'deleteTagged'],
			['messages', '$', undefined],
			['messages', 'x', undefined],
			['messages', 'r', 'reply'],
			['messages', 'C', 'compose'],
			['compose', 'Ctrl+x', 'sendDraft'],
			['message', 'n', 'nextMessage'],
			['message', '<', 'back'],
			['message', 'i', 'back'],
			['messages', '.', 'open'],
			['message', '>', 'parts'],
			['message', 'e', 'save'],
			['parts', 's', 'save'],
			['parts', 'q', 'quit'],
			['mailboxes', 'g', 'goToMailbox'],
		],
		aerc: [
			['messages', 'Ctrl+d', 'halfDown'],
			['messages', 'g', 'first'],
			['messages', 'v', 'tag'],
			['messages', 'A', 'archive'],
			['messages', 'J', undefined],
			['messages', '$', undefined],
			['messages', 'r q', 'replyAll'],
			['messages', 'f', 'forward'],
			['message', 'D', 'delete'],
			['message', 'd', 'halfDown'],
			['message', 'J', 'nextMessage'],
			['message', 'Ctrl+l', undefined],
			['mailboxes', 'H', 'fold'],
			['parts', 'O', 'openPart'],
		],
	};
	for (const preset of ['mutt', 'alpine', 'aerc'] as const) {
		test(`of ${preset} means the same here, or nothing`, () => {
			for (const [screen, key, name] of known[preset])
				assert.equal(means(preset, screen, key), name, `${key} in ${screen}`);
		});
	}
});
