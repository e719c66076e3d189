/**
 * Puts the real cursor somewhere, for screen readers and for typing: on the selected row, or in the text field,
 * which goes first. Ink takes the position of whichever component rendered last, so each sets the one that counts.
 */
import {useCursor} from 'ink';
import {createContext, useContext} from 'react';

type Place = {readonly x: number; readonly y: number};

type Cursors = {screen?: Place | undefined; text?: Place | undefined};

export const CursorsContext = createContext<Cursors>({});

export function useCursorAt(owner: keyof Cursors, place: Place | undefined): void {
	const cursors = useContext(CursorsContext);
	const {setCursorPosition} = useCursor();
	cursors[owner] = place;
	setCursorPosition(cursors.text ?? cursors.screen);
}
