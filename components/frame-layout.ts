/**
 * How the window is divided: a title line, the screen below it, the status line, the key menu. Pure.
 */

export const leastColumns = 40;
export const leastRows = 6;
export const keyMenuRows = 2;
/** In a lower window the key menu would take the room of the mail. */
const leastRowsWithMenu = 12;

export const isTooSmall = (columns: number, rows: number): boolean => columns < leastColumns || rows < leastRows;

/** The rows of the menu, and those of the screen with its title line. */
export function layoutOf(rows: number, {hasMenu}: {readonly hasMenu: boolean}): {menuRows: number; screenRows: number} {
	const menuRows = hasMenu && rows >= leastRowsWithMenu ? keyMenuRows : 0;
	return {menuRows, screenRows: rows - 1 - menuRows};
}

/** The rows of a list below its title line, in a window that has just been opened. */
export const firstListRows = (rows: number): number => layoutOf(rows, {hasMenu: true}).screenRows - 1;
