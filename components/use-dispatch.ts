/**
 * From keys to commands: a text field takes every key; else the keymap says which command the key is on this screen,
 * and the screen or the program does it. A key that does nothing says so.
 */
import {useContext, useLayoutEffect, useRef} from 'react';
import {type Command, commandForWords} from '../source/keys/commands.ts';
import {keyWords} from '../source/keys/key-words.ts';
import {surelyQuits} from '../source/keys/keymap.ts';
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import {ours, type SafeText, safeJoin, safeLine} from '../source/model/safe-text.ts';
import type {Key} from './key-source.ts';
import {safe} from './safe.ts';
import {ListenersContext} from './use-commands.ts';
import {useKeymap} from './use-keymap.ts';

type Around = {
	say(text: SafeText): void;
	/** Before a key does anything. */
	onKey(): void;
};

/** Returns how to run what was typed after `:`. */
export function useDispatch({say, onKey}: Around): (words: string) => void {
	const listeners = useContext(ListenersContext);
	const keymap = useKeymap();
	const prefix = useRef<string | undefined>(undefined);

	const run = (command: Command, argument: string, key?: string): void => {
		const handlers = {...listeners.program, ...listeners.screen?.handlers};
		const handler = handlers[command.name];
		if (handler) handler(argument, key);
		else say(ours(command.whyNot ?? 'that does nothing here'));
	};

	const dispatch = (key: Key) => {
		// They say where a line begins and ends, to whom a line is typed.
		if (key.name === 'StartOfLine' || key.name === 'EndOfLine') return listeners.text?.(key);
		onKey();
		if (listeners.text) return listeners.text(key);
		const screen = listeners.screen?.name;
		if (!screen) return;
		// Quitting needs no first key to be right.
		const first = key.name === surelyQuits ? undefined : prefix.current;
		const name = first === undefined ? key.name : `${first} ${key.name}`;
		prefix.current = undefined;
		const keys = keymap.on(screen);
		const found = keys.commandFor(name);
		if (found === 'prefix') {
			prefix.current = name;
			return say(continuations(keys, name));
		}
		if (found) return run(found, '', name);
		say(
			key.name === 'Paste'
				? ours('pasted text is no command')
				: safe`${keyWordsOf(name)} is no key here: ${keys.hint('help', 'shows those that are')}`,
		);
	};
	useLayoutEffect(() => {
		listeners.dispatch = dispatch;
		listeners.onHearing();
		return () => {
			if (listeners.dispatch === dispatch) listeners.dispatch = undefined;
		};
	});

	return words => {
		const screen = listeners.screen?.name;
		const found = screen && commandForWords(screen, words);
		if (found) run(found.command, found.argument);
		else if (screen)
			say(safe`there is no command ${safeLine(words)}: ${keymap.on(screen).hint('help', 'shows those there are')}`);
	};
}

/** Typed keys may be anything. */
const keyWordsOf = (name: string): SafeText => (/^[\x21-\x7e ]+$/.test(name) ? keyWords(name) : safeLine(name));

/** `S: m metered; f free`; keys of the same words together, so that it fits into a line: `D N here`. */
function continuations(keys: ScreenKeys, prefix: string): SafeText {
	const keysOf = new Map<string, SafeText[]>();
	for (const {key, command} of keys.after(prefix)) {
		const words = command.after ?? command.words;
		const before = keysOf.get(words) ?? [];
		keysOf.delete(words);
		keysOf.set(words, [...before, keyWords(key)]);
	}
	const said = [...keysOf].map(([words, some]) => safe`${safeJoin(some, ours(' '))} ${safeLine(words)}`);
	return safe`${keyWords(prefix)}: ${safeJoin(said, ours('; '))}`;
}
