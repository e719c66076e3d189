/**
 * `"keys"` of the configuration, `{"preset": "mutt", "bind": {"delete": ["d", "Ctrl+k"], "messages.archive": ["y"]}}`,
 * as a keymap, or a sentence that says what is wrong and what to do. Pure.
 */
import type {BindingName, Bindings} from './bindings.ts';
import {commands} from './commands.ts';
import {readKey} from './key-spelling.ts';
import {type Keymap, keymapOf} from './keymap.ts';
import {keymapProblem} from './keymap-problem.ts';
import {listed} from './listed.ts';
import {nearest} from './nearest.ts';
import {type PresetName, presetNames} from './presets.ts';
import {screens} from './screens.ts';

type ReadKeymap = {readonly keymap: Keymap} | {readonly problem: string};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export function readKeymap(value: unknown): ReadKeymap {
	if (value === undefined) return {keymap: keymapOf()};
	if (!isObject(value)) return {problem: '"keys" must be an object: {"preset": "mutt", "bind": {"delete": ["d"]}}'};
	const stray = Object.keys(value).find(name => name !== 'preset' && name !== 'bind');
	if (stray !== undefined) return {problem: `"keys" has "preset" and "bind", and no "${stray}"`};
	const {preset = 'default', bind = {}} = value;
	if (!isPreset(preset)) return {problem: `"preset" of "keys" must be ${listed(presetNames, 'or')}`};
	if (!isObject(bind)) return {problem: '"bind" of "keys" must be an object: {"delete": ["d", "Ctrl+k"]}'};
	const own: {-readonly [Name in BindingName]?: readonly string[]} = {};
	for (const [name, keys] of Object.entries(bind)) {
		const problem = nameProblem(name);
		if (problem !== undefined) return {problem: `"bind" of "keys": ${problem}`};
		const read = readKeys(keys);
		if (typeof read === 'string') return {problem: `"bind" of "keys": "${name}": ${read}`};
		own[name as BindingName] = read;
	}
	// The presets themselves are proven by a test.
	const problem = Object.keys(own).length === 0 ? undefined : keymapProblem(preset, own as Bindings);
	return problem === undefined
		? {keymap: keymapOf(preset, own as Bindings)}
		: {problem: `"bind" of "keys": ${problem}`};
}

const isPreset = (value: unknown): value is PresetName => presetNames.some(name => name === value);

function nameProblem(name: string): string | undefined {
	const dot = name.indexOf('.');
	const screen = dot < 0 ? undefined : name.slice(0, dot);
	const command = name.slice(dot + 1);
	if (screen !== undefined && !screens.some(each => each === screen))
		return `there is no screen "${screen}"; there are ${listed(screens, 'and')}`;
	const found = commands.filter(each => each.name === command);
	if (found.length === 0) return `there is no command "${command}"${meant(command)}; docs/keys.md lists them`;
	const where = found.flatMap(each => each.screens);
	if (screen !== undefined && !where.some(each => each === screen))
		return `"${command}" is no command of the screen ${screen}, but of ${listed(where, 'and')}`;
	return undefined;
}

/** By its name, or by the word one types for it. */
function meant(word: string): string {
	const typed = commands.find(each => each.typed === word);
	const name = typed?.name ?? nearest(word, [...new Set(commands.map(each => each.name))]);
	return name === undefined ? '' : ` (did you mean "${name}"?)`;
}

/** A sentence when it cannot be read. */
function readKeys(value: unknown): readonly string[] | string {
	if (!Array.isArray(value)) return 'its keys stand in brackets: ["d", "Ctrl+k"], or [] for none';
	const keys: string[] = [];
	for (const each of value) {
		if (typeof each !== 'string') return `${JSON.stringify(each)} is no key: put it in quotes`;
		const read = readKey(each);
		if ('problem' in read) return read.problem;
		keys.push(read.key);
	}
	return keys;
}
