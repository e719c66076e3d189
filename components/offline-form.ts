/**
 * What the offline model will do, said before it is chosen, and the three numbers that bound it. Pure.
 */
import type {MailboxPath} from '../source/model/ids.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {
	type DrainingField,
	drainingFields,
	drainingHints,
	drainingLabels,
	readTypedDraining,
	type TypedDraining,
} from '../source/model/typed-draining.ts';
import {fit, widthOf} from '../source/model/width.ts';
import type {Key} from './key-source.ts';
import {type EditedLine, edited, editLine, textOf} from './line-editor.ts';
import type {Line} from './lines.tsx';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';
import {wrap} from './wrap.ts';

export type OfflineFormState = {
	readonly field: DrainingField;
	readonly typed: TypedDraining;
	readonly line: EditedLine;
	readonly isRefused: boolean;
};

export const offlineForm = (typed: TypedDraining): OfflineFormState => ({
	field: 'leave',
	typed,
	line: editLine(typed.leave),
	isRefused: false,
});

export function moved({field, typed}: OfflineFormState, by: number): OfflineFormState {
	const index = Math.max(0, Math.min(drainingFields.length - 1, drainingFields.indexOf(field) + by));
	const next = drainingFields[index] ?? field;
	return {field: next, typed, line: editLine(typed[next]), isRefused: false};
}

const typedInto = (state: OfflineFormState, line: EditedLine): OfflineFormState => ({
	...state,
	line,
	typed: {...state.typed, [state.field]: textOf(line)},
	isRefused: false,
});

export function withKey(state: OfflineFormState, key: Key): OfflineFormState {
	switch (key.name) {
		case 'Tab':
		case 'Down':
		case 'EndOfLine':
			return moved(state, 1);
		case 'Shift+Tab':
		case 'Up':
			return moved(state, -1);
		case 'StartOfLine':
			return typedInto(state, editLine(''));
		default:
			return typedInto(state, edited(state.line, key) ?? state.line);
	}
}

/** In sentences, each a paragraph. `mailbox`: undefined is all of the account. */
export function offlineWords(mailbox: MailboxPath | undefined, local: MailboxPath): readonly SafeText[] {
	const whose = mailbox === undefined ? ours('every mailbox but Drafts, Junk and Trash') : safeLine(mailbox);
	return [
		safe`Offline: with each call the messages of ${whose} leave the server. They come whole into your local mail, as ${safeLine(local)} of the account Local: a folder of files on this disk, which other programs can read.`,
		ours(
			'Each is removed from the server only when it is on the disk, read back and of the right size. From then on this disk has the only copy: other clients, and your phone, do not see it any more.',
		),
		ours(
			'What is left on the server by these numbers stays, and is shown as a list by :left. Nothing happens before the next call.',
		),
	];
}

const labelColumns = 15;

/** Where there is not room for all of it, the end of the words is left out: what one agrees to is always there. */
export function offlineFormLines(
	{field, typed, line, isRefused}: OfflineFormState,
	words: readonly SafeText[],
	{columns, rows, theme}: {readonly columns: number; readonly rows: number; readonly theme: Theme},
): {readonly lines: readonly Line[]; readonly cursor: {readonly x: number; readonly y: number}} {
	const room = columns - labelColumns - 1;
	const paragraph = (text: SafeText, style: Line['style'] = {}): Line[] => [
		{text: ours('')},
		...wrap(text, columns - 4).map(each => ({text: safe`  ${each}`, style})),
	];
	const before = safeLine(line.before.join(''));
	const fields = drainingFields.map((each): Line => {
		const isHere = each === field;
		const text = isHere ? safe`${before}${safeLine(line.after.join(''))}` : safeLine(typed[each]);
		const unit = each === 'size' ? ours('') : ours(' days');
		const label = fit(safe`${isHere ? theme.pointer : ours(' ')} ${drainingLabels[each]}`, labelColumns);
		return {text: label, rest: [{text: fit(safe`${text}${unit}`, room)}]};
	});
	const read = readTypedDraining(typed);
	const form = [
		...fields,
		...('problem' in read
			? paragraph(read.problem, isRefused ? theme.problem : theme.quiet)
			: paragraph(drainingHints[field], theme.quiet)),
		...paragraph(ours('Enter  agree     Tab  next number     Esc  leave everything as it is'), theme.quiet),
	];
	const explained = [...words.flatMap(each => paragraph(each)), {text: ours('')}];
	const said = explained.slice(0, Math.max(0, rows - form.length));
	const cursor = {x: labelColumns + widthOf(before), y: said.length + drainingFields.indexOf(field)};
	return {lines: [...said, ...form], cursor};
}
