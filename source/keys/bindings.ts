/**
 * Which keys mean which command: a preset is written in these words, and so is what the user puts over it. A command
 * alone is meant on all of its screens; `messages.archive` on one, which goes before. No keys: it has none.
 */
import type {CommandName} from './commands.ts';
import type {ScreenName} from './screens.ts';

export type BindingName = CommandName | `${ScreenName}.${CommandName}`;

/** A key as key-spelling.ts has it, or two in a row: `S m`. The first is the one that is shown. */
export type Bindings = {readonly [Name in BindingName]?: readonly string[]};

/** The same for several screens. */
export function on(
	screens: readonly ScreenName[],
	bindings: {readonly [Name in CommandName]?: readonly string[]},
): Bindings {
	return Object.fromEntries(
		screens.flatMap(screen => Object.entries(bindings).map(([name, keys]) => [`${screen}.${name}`, keys])),
	);
}
