/**
 * The rows of a list of messages that are on the screen. Pure, and the same in the first frame, before there is a session.
 */
import {hasFlag, type Message} from '../source/model/message.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import type {Line} from './lines.tsx';
import {messageRow, rowWidths, unknownRow} from './message-row.ts';
import type {Theme} from './theme.ts';

type RowsWindow = {
	/** Positions, both included. */
	readonly first: number;
	readonly last: number;
	readonly selected: number | undefined;
	/** Undefined: it is not known. */
	readonly at: (position: number) => Message | undefined;
};

export type RowsLook = {
	readonly columns: number;
	/** Messages in the mailbox. */
	readonly count: number;
	readonly theme: Theme;
	readonly now: number;
	readonly showsPending: boolean;
	/** Why rows that are not here do not come by themselves. */
	readonly lack: SafeText | undefined;
};

export function rowLines({first, last, selected, at}: RowsWindow, look: RowsLook): Line[] {
	const {theme, lack} = look;
	const widths = rowWidths(look.columns, look.count);
	const lines: Line[] = [];
	for (let position = first; position <= last; position++) {
		const message = at(position);
		// Said once, at the row that is nearest to what is here.
		const isNearest = message === undefined && (position === last || at(position + 1) !== undefined);
		const lacking = isNearest ? (lack ?? theme.unknown) : theme.unknown;
		const row = message ? messageRow(message, position, widths, look) : unknownRow(position, widths, lacking);
		lines.push(lineOf(row, message, position === selected, theme));
	}
	return lines;
}

function lineOf(row: SafeText, message: Message | undefined, isSelected: boolean, theme: Theme): Line {
	const isUnread = message !== undefined && !hasFlag(message, '\\Seen');
	const selected = isSelected ? theme.selected : {};
	return {
		text: isSelected ? theme.pointer : ours(' '),
		...(isSelected ? {style: theme.selected} : {}),
		// The arrow alone moves: a style of its own would be sent with it.
		rest: [{text: row, style: {...(isUnread ? theme.unread : {}), ...(message ? {} : theme.quiet), ...selected}}],
	};
}
