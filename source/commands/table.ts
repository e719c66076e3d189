/**
 * Rows of fields as lines: aligned for a person, separated by tabs for a program. Pure.
 */
import {type SafeText, safeLine} from '../model/safe-text.ts';
import {fit, widthOf} from '../model/width.ts';

type Column = {
	readonly align?: 'left' | 'right';
	/** For a person: what is wider is cut. The last column is never padded and never cut. */
	readonly mostColumns?: number;
};

/** A field that has nothing to say: an empty one would shift the columns of who splits at blanks. */
const nothing = '-';

export function table(
	rows: readonly (readonly string[])[],
	columns: readonly Column[],
	{isTerminal}: {readonly isTerminal: boolean},
): string[] {
	const fields = rows.map(row => row.map(field => safeLine(field === '' ? nothing : field)));
	if (!isTerminal) return fields.map(row => row.join('\t'));
	const widths = columns.map(({mostColumns = Number.POSITIVE_INFINITY}, at) =>
		Math.min(mostColumns, Math.max(0, ...fields.map(row => widthOf(row[at] ?? '')))),
	);
	const shown = (field: SafeText, at: number, isLast: boolean): SafeText =>
		isLast && columns[at]?.align !== 'right'
			? field
			: fit(field, widths[at] ?? 0, {align: columns[at]?.align ?? 'left'});
	return fields.map(row => row.map((field, at) => shown(field, at, at === row.length - 1)).join('  '));
}
