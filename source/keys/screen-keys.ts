/**
 * The keys of one screen: what a key means there, and how a sentence says which key does something. Whatever the
 * screen says about keys is asked here, so that it names none that is not bound.
 */
import {ours, type SafeText, safeJoin} from '../model/safe-text.ts';
import type {Command, CommandName} from './commands.ts';
import {keyWords} from './key-words.ts';
import type {ScreenName} from './screens.ts';

export type BoundCommand = {readonly command: Command; readonly keys: readonly string[]};

const nothing = ours('');

/** `q`, not `<`, `Left` or `Escape`: who presses a letter means it. */
export const isLetter = (key: string): boolean => /^\p{L}$/u.test(key);

export class ScreenKeys {
	readonly screen: ScreenName;
	/** In the order of the help; also those without a key. */
	readonly bound: readonly BoundCommand[];
	readonly #meanings = new Map<string, Command | 'prefix'>();

	constructor(screen: ScreenName, bound: readonly BoundCommand[]) {
		this.screen = screen;
		this.bound = bound;
		for (const {command, keys} of bound) {
			for (const key of keys) {
				this.#meanings.set(key, command);
				if (key.includes(' ')) this.#meanings.set(key.replace(/ .*/, ''), 'prefix');
			}
		}
	}

	/** What a key means, or two in a row; `prefix` when a second key has to follow. */
	commandFor(key: string): Command | 'prefix' | undefined {
		return this.#meanings.get(key);
	}

	/** What may follow a prefix. */
	after(prefix: string): readonly {readonly key: string; readonly command: Command}[] {
		return this.bound.flatMap(({command, keys}) => {
			const key = keys.find(each => each.startsWith(`${prefix} `));
			return key === undefined ? [] : [{key: key.slice(prefix.length + 1), command}];
		});
	}

	keysOf(name: CommandName): readonly string[] {
		return this.bound.find(({command}) => command.name === name)?.keys ?? [];
	}

	/** `u`, else `:undo`, else '' where it cannot be reached. */
	nameOf(name: CommandName): SafeText {
		const found = this.bound.find(({command}) => command.name === name);
		const [key] = found?.keys ?? [];
		if (key !== undefined) return keyWords(key);
		return found?.command.typed === undefined ? nothing : ours(`:${found.command.typed}`);
	}

	/** `u takes it back`; '' where it cannot be reached. */
	hint(name: CommandName, does: string): SafeText {
		const key = this.nameOf(name);
		return key === '' ? nothing : ours(`${key} ${does}`);
	}

	/** `Enter fetches, s saves`. */
	hints(...pairs: readonly (readonly [name: CommandName, does: string])[]): SafeText {
		const all = pairs.map(([name, does]) => this.hint(name, does));
		return safeJoin(
			all.filter(hint => hint !== ''),
			ours(', '),
		);
	}
}
