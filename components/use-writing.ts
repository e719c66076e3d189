/** What the user writes, by account: a value the whole program has in common. */
import {createContext, useContext} from 'react';
import type {AccountName} from '../source/model/ids.ts';
import type {Writing} from '../source/writing/writing.ts';

/** Undefined where nothing can be kept. */
export type WritingOf = (account: AccountName) => Writing | undefined;

export const WritingContext = createContext<WritingOf>(() => undefined);

export const useWriting = (account: AccountName): Writing | undefined => useContext(WritingContext)(account);
