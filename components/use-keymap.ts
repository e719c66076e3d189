/**
 * The keys as they are bound: a value the whole program has in common, set once when it starts.
 */
import {createContext, useContext} from 'react';
import {type Keymap, keymapOf} from '../source/keys/keymap.ts';
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import type {ScreenName} from '../source/keys/screens.ts';

export const KeymapContext = createContext<Keymap>(keymapOf());

export const useKeymap = (): Keymap => useContext(KeymapContext);

export const useKeys = (screen: ScreenName): ScreenKeys => useKeymap().on(screen);
