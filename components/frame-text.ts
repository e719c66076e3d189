/**
 * A frame as what a terminal understands, as Ink would write it. Pure.
 */
import {fit, widthOf} from '../source/model/width.ts';
import type {Frame} from './first-frame.ts';
import type {Line} from './lines.tsx';
import type {Style} from './theme.ts';

const enterAlternate = '\x1b[?1049h';
const attributes = {bold: '1', dimColor: '2', inverse: '7'} as const;

/** Colours never are in a first frame, nor lines of several pieces that are too long. */
export function frameText({lines, cursor}: Frame, columns: number): string {
	const styled = (text: string, style: Style = {}): string => {
		const codes = Object.entries(attributes).flatMap(([name, code]) => (style[name as keyof Style] ? [code] : []));
		return text === '' || codes.length === 0 ? text : `\x1b[${codes.join(';')}m${text}\x1b[m`;
	};
	const lineText = ({text, style, rest = []}: Line): string =>
		styled(widthOf(text) > columns ? fit(text, columns) : text, style) +
		rest.map(piece => styled(piece.text, {...style, ...piece.style})).join('');
	const place = cursor === undefined ? '\x1b[?25l' : `\x1b[${cursor.y + 1};${cursor.x + 1}H`;
	const rows = lines.map((line, row) => `\x1b[${row + 1}H${lineText(line)}`);
	return `${enterAlternate}${rows.join('')}${place}`;
}
