/**
 * What a command is: its name, its words, the screens it is of. Which keys it has is the keymap's (keymap.ts).
 */
import type {ScreenName} from './screens.ts';

export type CommandShape = {
	/** As the configuration names it. */
	readonly name: string;
	/** For the help. */
	readonly words: string;
	/** What a letter among its keys does besides; an arrow, Escape or a sign does not. */
	readonly letterWords?: string;
	/** In a word, among what may follow a first key; else `words`. */
	readonly after?: string;
	/** For the key menu, one word or two; what has none is not in the menu. */
	readonly short?: string;
	/** In the key menu only while the screen has something for it. */
	readonly isOffered?: boolean;
	/** Another word for it on a screen where it means something of its own. */
	readonly shortOn?: Partial<Record<ScreenName, string>>;
	readonly screens: readonly ScreenName[];
	/** What one types after `:`, if anything. */
	readonly typed?: string;
	/** Why it can be pressed in vain. */
	readonly whyNot?: string;
};
