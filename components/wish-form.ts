/**
 * The form of a wish: four fields, and below them what was understood and what it would cost. Pure.
 */
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {readTypedWish, type TypedWish, typedWish, type WishField, wishHints} from '../source/model/typed-wish.ts';
import {fit, widthOf} from '../source/model/width.ts';
import type {Wish} from '../source/model/wish.ts';
import {wishWords} from '../source/model/wish-words.ts';
import {endOf} from './end-of.ts';
import type {Key} from './key-source.ts';
import {type EditedLine, edited, editLine, textOf} from './line-editor.ts';
import type {Line} from './lines.tsx';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';
import {wrap} from './wrap.ts';

const wishFields = ['summaries', 'text', 'parts', 'previews'] as const satisfies readonly WishField[];

export const wishLabels: Readonly<Record<WishField, SafeText>> = {
	summaries: ours('Messages'),
	text: ours('Text'),
	parts: ours('Parts'),
	previews: ours('Previews'),
};

export type WishFormState = {readonly field: WishField; readonly typed: TypedWish; readonly line: EditedLine};

export function wishForm(wish: Wish): WishFormState {
	const typed = typedWish(wish);
	return {field: 'summaries', typed, line: editLine(typed.summaries)};
}

/** To the field so many further on. */
export function moved({field, typed}: WishFormState, by: number): WishFormState {
	const index = Math.max(0, Math.min(wishFields.length - 1, wishFields.indexOf(field) + by));
	const next = wishFields[index] ?? field;
	return {field: next, typed, line: editLine(typed[next])};
}

export const cleared = (state: WishFormState): WishFormState => typedInto(state, editLine(''));

export const withKey = (state: WishFormState, key: Key): WishFormState =>
	typedInto(state, edited(state.line, key) ?? state.line);

const typedInto = (state: WishFormState, line: EditedLine): WishFormState => ({
	...state,
	line,
	typed: {...state.typed, [state.field]: textOf(line)},
});

/** What it comes to, or what is wrong with it. */
export function understood(typed: TypedWish, costOf: (wish: Wish) => SafeText): SafeText {
	const read = readTypedWish(typed);
	if ('problem' in read) return read.problem;
	return safe`${wishWords(read.wish)}. Would cost now: ${costOf(read.wish)}`;
}

const labelColumns = 13;

export function wishFormLines(
	{field, typed, line}: WishFormState,
	{costOf, columns, theme}: {costOf(wish: Wish): SafeText; readonly columns: number; readonly theme: Theme},
): {readonly lines: readonly Line[]; readonly cursor: {readonly x: number; readonly y: number}} {
	const room = columns - labelColumns - 1;
	const before = endOf(safeLine(line.before.join('')), room);
	const lines: Line[] = [{text: ours('')}];
	for (const each of wishFields) {
		const isHere = each === field;
		const text = isHere ? safe`${before}${safeLine(line.after.join(''))}` : safeLine(typed[each]);
		const label = fit(safe`${isHere ? theme.pointer : ours(' ')} ${wishLabels[each]}`, labelColumns);
		lines.push({text: label, rest: [{text: fit(text, room)}]});
	}
	const paragraph = (words: SafeText, style: Line['style'] = {}): void => {
		lines.push({text: ours('')}, ...wrap(words, columns - 4).map(text => ({text: safe`  ${text}`, style})));
	};
	paragraph(wishHints[field], theme.quiet);
	paragraph(understood(typed, costOf), 'problem' in readTypedWish(typed) ? theme.problem : {});
	paragraph(ours('Tab, down  next     up  back     Enter  keep     Esc  leave it as it was'), theme.quiet);
	return {lines, cursor: {x: labelColumns + widthOf(before), y: 1 + wishFields.indexOf(field)}};
}
