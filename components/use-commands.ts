/**
 * How keys reach a component: as commands of source/keys, or as text while something is typed.
 *
 * Three places are asked in turn: the text field, if there is one; the screen; the program. A handler that is
 * there but `undefined` is a command that makes no sense now: the user is told the table's `whyNot`.
 */
import {createContext, useContext, useLayoutEffect} from 'react';
import type {CommandName} from '../source/keys/commands.ts';
import type {ScreenName} from '../source/keys/screens.ts';
import type {Key} from './key-source.ts';

/** Gets what was typed after the command's name, or the key that was pressed (`d`, `; d`). */
type Handler = (argument: string, key?: string) => void;
export type Handlers = {readonly [Name in CommandName]?: Handler | undefined};

/** Who hears keys now. Mutable: read when a key comes, never while rendering. */
export type Listeners = {
	text: ((key: Key) => void) | undefined;
	screen: {readonly name: ScreenName; readonly handlers: Handlers} | undefined;
	program: Handlers;
	/** Gives a key to one of them; without it there is nothing but text fields. */
	dispatch: ((key: Key) => void) | undefined;
	/** Told when somebody has come to hear. */
	onHearing(): void;
};

export const noListeners = (): Listeners => ({
	text: undefined,
	screen: undefined,
	program: {},
	dispatch: undefined,
	onHearing() {},
});

export const ListenersContext = createContext<Listeners>(noListeners());

/** The commands of the screen that is shown. */
export function useCommands(name: ScreenName, handlers: Handlers): void {
	const listeners = useContext(ListenersContext);
	useLayoutEffect(() => {
		const mine = {name, handlers};
		listeners.screen = mine;
		listeners.onHearing();
		return () => {
			if (listeners.screen === mine) listeners.screen = undefined;
		};
	});
}

/** Every key, for as long as the component is there and has a handler: for text fields and questions. */
export function useTextKeys(handler: ((key: Key) => void) | undefined): void {
	const listeners = useContext(ListenersContext);
	useLayoutEffect(() => {
		if (!handler) return;
		listeners.text = handler;
		listeners.onHearing();
		return () => {
			if (listeners.text === handler) listeners.text = undefined;
		};
	});
}
