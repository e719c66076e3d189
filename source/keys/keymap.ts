/**
 * A keymap: a preset with the user's own bindings over it. What is said of one screen goes before what is said of all,
 * and what the user says before what the preset does.
 *
 * Law: Ctrl+c quits, whatever is bound. Whether a keymap makes sense is asked of keymap-problem.ts, before.
 */
import type {BindingName, Bindings} from './bindings.ts';
import {type CommandName, commandsOn} from './commands.ts';
import {type PresetName, presets} from './presets.ts';
import {ScreenKeys} from './screen-keys.ts';
import type {ScreenName} from './screens.ts';

export type Keymap = {
	readonly preset: PresetName;
	on(screen: ScreenName): ScreenKeys;
};

export const surelyQuits = 'Ctrl+c';

/** Where a command's keys on a screen come from. */
export type Bound = {readonly keys: readonly string[]; readonly by: BindingName; readonly isOwn: boolean};

export function boundOn(screen: ScreenName, name: CommandName, preset: PresetName, own: Bindings): Bound {
	const here = `${screen}.${name}` as const;
	const by = [here, name] as const;
	const ownName = by.find(each => own[each] !== undefined);
	const bindings = ownName ? own : presets[preset];
	const found = ownName ?? by.find(each => bindings[each] !== undefined) ?? name;
	const keys = new Set(bindings[found]);
	if (name === 'quit') keys.add(surelyQuits);
	return {keys: [...keys], by: found, isOwn: ownName !== undefined};
}

export function keymapOf(preset: PresetName = 'default', own: Bindings = {}): Keymap {
	const made = new Map<ScreenName, ScreenKeys>();
	return {
		preset,
		on(screen) {
			const before = made.get(screen);
			if (before) return before;
			const bound = commandsOn(screen).map(command => ({
				command,
				keys: boundOn(screen, command.name, preset, own).keys,
			}));
			const keys = new ScreenKeys(screen, bound);
			made.set(screen, keys);
			return keys;
		},
	};
}
