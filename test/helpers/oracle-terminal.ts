/**
 * A terminal whose cells can be compared: xterm.js with rectangles, and a list of what it was sent that the terminal it
 * stands for does not know (vocabulary.ts).
 *
 * Two cells are alike when nobody could tell them apart: of a space only what shows of a space counts.
 */
import {Unicode11Addon} from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import {addRectangleAttributes} from './rectangle-attributes.ts';

export type OracleTerminal = {
	readonly terminal: InstanceType<typeof xterm.Terminal>;
	readonly write: (text: string | Uint8Array) => Promise<void>;
	readonly resize: (columns: number, rows: number) => void;
	/** Row by row, cell by cell: the character, its width and how it looks. The right half of a wide one is ''. */
	readonly cells: () => string[][];
	readonly cursor: () => {readonly row: number; readonly column: number};
	readonly text: () => string[];
	readonly dispose: () => void;
};

export function openOracle(columns: number, rows: number, unicode: '6' | '11' = '11'): OracleTerminal {
	// Node leaves ONLCR on in raw mode: a line feed reaches the terminal as CR LF.
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0, convertEol: true});
	terminal.loadAddon(new Unicode11Addon());
	terminal.unicode.activeVersion = unicode;
	addRectangleAttributes(terminal);
	// Its other screen is moved about by xterm.js when the window changes.
	terminal.write('\x1b[?1049h');
	return {
		terminal,
		write: text => new Promise(resolve => terminal.write(text, resolve)),
		resize: (columns, rows) => terminal.resize(columns, rows),
		cells: () => cellsOf(terminal),
		cursor() {
			const {cursorX, cursorY} = terminal.buffer.active;
			return {row: cursorY, column: cursorX};
		},
		text: () =>
			Array.from({length: terminal.rows}, (_, row) => {
				const {active} = terminal.buffer;
				return active.getLine(active.baseY + row)?.translateToString(true, 0, terminal.cols) ?? '';
			}),
		dispose: () => terminal.dispose(),
	};
}

type Cell = ReturnType<InstanceType<typeof xterm.Terminal>['buffer']['active']['getNullCell']>;

export function cellsOf(terminal: InstanceType<typeof xterm.Terminal>): string[][] {
	const {active} = terminal.buffer;
	const cell = active.getNullCell();
	return Array.from({length: terminal.rows}, (_, row) => {
		const line = active.getLine(active.baseY + row);
		return Array.from({length: terminal.cols}, (__, column) => {
			const found = line?.getCell(column, cell);
			return found ? looksOf(found) : 'none';
		});
	});
}

/** `é2 bold inverse fg=16777216,1`, with what does not show left out. */
function looksOf(cell: Cell): string {
	const width = cell.getWidth();
	if (width === 0) return '';
	const character = cell.getChars() || ' ';
	const isSpace = character === ' ';
	const isInverse = Boolean(cell.isInverse());
	const hasLine = Boolean(cell.isUnderline() || cell.isStrikethrough());
	const words = [
		isInverse && 'inverse',
		cell.isUnderline() && 'underline',
		cell.isStrikethrough() && 'strike',
		cell.isDim() && (!isSpace || isInverse) && 'dim',
		!isSpace && cell.isBold() && 'bold',
		!isSpace && cell.isItalic() && 'italic',
		!isSpace && cell.isBlink() && 'blink',
		!isSpace && cell.isInvisible() && 'hidden',
		(!isSpace || isInverse || hasLine) && !cell.isFgDefault() && `fg=${cell.getFgColorMode()},${cell.getFgColor()}`,
		!cell.isBgDefault() && `bg=${cell.getBgColorMode()},${cell.getBgColor()}`,
	].filter(Boolean);
	return [`${character}${width}`, ...words].join(' ');
}
