/**
 * From keys to commands: a text field takes every key; else the table says which command the key is on this screen,
 * and the screen or the program does it. A key that does nothing says so.
 */
import {useContext, useRef} from 'react';
import {ours, type SafeText, safeJoin, safeLine} from '../source/model/safe-text.ts';
import type {Key, KeySource} from './key-source.ts';
import {type Command, commandForKey, commandForWords, commandsAfter, keyWords} from './keys.ts';
import {safe} from './safe.ts';
import {ListenersContext} from './use-commands.ts';
import {useKeyQueue} from './use-key-queue.ts';

type Around = {
	say(text: SafeText): void;
	/** Before a key does anything. */
	onKey(): void;
};

/** Returns how to run what was typed after `:`. */
export function useDispatch(source: KeySource, {say, onKey}: Around): (words: string) => void {
	const listeners = useContext(ListenersContext);
	const prefix = useRef<string | undefined>(undefined);

	const run = (command: Command, argument: string, key?: string): void => {
		const handlers = {...listeners.program, ...listeners.screen?.handlers};
		const handler = handlers[command.name];
		if (handler) handler(argument, key);
		else say(ours(command.whyNot ?? 'that does nothing here'));
	};

	useKeyQueue(source, (key: Key) => {
		onKey();
		if (listeners.text) return listeners.text(key);
		const screen = listeners.screen?.name;
		if (!screen) return;
		const name = prefix.current === undefined ? key.name : `${prefix.current} ${key.name}`;
		prefix.current = undefined;
		const found = commandForKey(screen, name);
		if (found === 'prefix') {
			prefix.current = name;
			return say(continuations(name, commandsAfter(screen, name)));
		}
		if (found) return run(found, '', key.name);
		say(
			key.name === 'Paste'
				? ours('pasted text is no command')
				: safe`${keyWordsOf(name)} is no key here: ? shows those that are`,
		);
	});

	return words => {
		const screen = listeners.screen?.name;
		const found = screen && commandForWords(screen, words);
		if (found) run(found.command, found.argument);
		else say(safe`there is no command ${safeLine(words)}: ? shows those there are`);
	};
}

/** Typed keys may be anything. */
const keyWordsOf = (name: string): SafeText => (/^[\x21-\x7e ]+$/.test(name) ? keyWords(name) : safeLine(name));

/** `S: m metered …, f free …`. */
function continuations(prefix: string, commands: readonly Command[]): SafeText {
	const words = commands.map(command => {
		const key = command.keys.find(each => each.startsWith(`${prefix} `))?.slice(prefix.length + 1) ?? '';
		return ours(`${key} ${command.words}`);
	});
	return safe`${ours(prefix)} and then ${safeJoin(words, ours('; '))}`;
}
