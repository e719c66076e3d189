/**
 * A message that is written, as lines: its fields, what is attached with what it will cost, and the text as far as there is
 * room. Pure.
 */
import type {Attachment, Draft} from '../source/model/draft.ts';
import type {TextLine} from '../source/model/message.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {isUnderWay, type Transfer} from '../source/model/transfer.ts';
import {fit, widthOf} from '../source/model/width.ts';
import {phrases} from './aloud.ts';
import {type Field, labelOf, typedValue} from './compose-fields.ts';
import {endOf} from './end-of.ts';
import {durationOf, priceWords, progressOf, sizeOf} from './format.ts';
import type {EditedLine} from './line-editor.ts';
import {heardRow, type Line} from './lines.tsx';
import {clampView} from './list-view.ts';
import {safe, spaces} from './safe.ts';
import {type Scroll, scrollWords} from './scroll.ts';
import type {Theme} from './theme.ts';
import {wrap} from './wrap.ts';

export const labelColumns = 11;

/** Of what stays on the server only its head goes up, and its URL is asked for and passed on. */
const bytesToName = 900;

/** Base64 in lines of 76 (RFC 2045 §6.8), and the head of its part; a message goes as it is. */
const travelBytes = ({sizeBytes, type, at}: Attachment): number =>
	at !== undefined ? bytesToName : 200 + (/^message\//.test(type) ? sizeBytes : Math.ceil(sizeBytes / 57) * 78);

/** About what it will cost to send: its text, what is attached, and a header. */
function priceOfDraft({text, alternative, attachments, resends}: Draft, bytesPerSecond: number | undefined) {
	const all = [...attachments, ...(resends ? [resends] : [])];
	const other = alternative ? 300 + Buffer.byteLength(alternative.text) : 0;
	const bytes = 600 + Buffer.byteLength(text) + other + all.reduce((sum, each) => sum + travelBytes(each), 0);
	return {bytes, seconds: bytesPerSecond === undefined ? undefined : bytes / bytesPerSecond, isAtMost: false};
}

export type Look = {
	readonly draft: Draft;
	readonly columns: number;
	readonly theme: Theme;
	readonly bytesPerSecond: number | undefined;
	readonly transfers: readonly Transfer[];
	isHere(attachment: Attachment): boolean;
	typed(addresses: Draft['to']): string;
};

/** How far it has come, where it is on its way here. */
function arrivalOf(attachment: Attachment, {transfers, isHere}: Look): SafeText {
	if (isHere(attachment)) return ours('');
	const arriving = safeLine(attachment.file ?? '');
	const transfer = transfers.findLast(({file}) => file === arriving);
	if (transfer?.state === 'coming') return progressOf(transfer.heldBytes, transfer.totalBytes);
	if (transfer !== undefined && isUnderWay(transfer)) return ours('comes');
	return ours(transfer?.state === 'paused' ? 'put off' : 'not here');
}

function attachmentWords(attachment: Attachment, look: Look): SafeText {
	const {bytesPerSecond} = look;
	if (attachment.at !== undefined)
		return phrases(
			safeLine(attachment.name),
			safeLine(attachment.type),
			safe`on the server, ${sizeOf(attachment.sizeBytes)}, nothing to send`,
		);
	const time = bytesPerSecond === undefined ? ours('') : durationOf(travelBytes(attachment) / bytesPerSecond);
	return phrases(
		safeLine(attachment.name),
		safeLine(attachment.type),
		sizeOf(attachment.sizeBytes),
		time,
		arrivalOf(attachment, look),
	);
}

/** @param line What is typed into it now. */
export function fieldLine(each: Field, isSelected: boolean, look: Look, line?: EditedLine): Line {
	const {draft, columns, theme} = look;
	const label = fit(safe`${isSelected ? theme.pointer : ours(' ')}${labelOf(each, draft)}`, labelColumns);
	const room = columns - labelColumns - 1;
	const attachment = each.field === 'attachment' ? draft.attachments[each.index] : undefined;
	const value = attachment ? attachmentWords(attachment, look) : safeLine(typedValue(each, draft, look.typed));
	const shown = line ? shownLine(line, room).text : value;
	const id = 'index' in each ? `${each.field}-${each.index}` : each.field;
	return {
		text: label,
		rest: [{text: fit(shown, room)}],
		style: isSelected && line === undefined ? theme.selected : {},
		heard: () => heardRow(id, isSelected, safe`${labelOf(each, draft)}: ${value || ours('empty')}`),
	};
}

/** What of a line that is typed is in sight, and where the cursor stands in it. */
export function shownLine(line: EditedLine, room: number): {readonly text: SafeText; readonly column: number} {
	const before = endOf(safeLine(line.before.join('')), room);
	return {text: safe`${before}${safeLine(line.after.join(''))}`, column: widthOf(before)};
}

/** The text as it will be read, with its quotes. */
export function textLines(text: string, columns: number, theme: Theme): Line[] {
	const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
	const signature = lines.lastIndexOf('-- ');
	return lines.flatMap((raw, index) => {
		const quoteDepth = /^>[> ]*/.exec(raw)?.[0].replaceAll(' ', '').length ?? 0;
		const isSignature = signature !== -1 && index >= signature;
		const kind: TextLine['kind'] = quoteDepth > 0 ? 'quote' : isSignature ? 'signature' : 'text';
		return wrap(safeLine(raw), columns).map(shown => ({
			text: shown,
			style: theme.textLine({text: shown, quoteDepth, kind}),
		}));
	});
}

/** `4 lines, ~1.2 kB to send, ~3 s`. */
export const costWords = (draft: Draft, bytesPerSecond: number | undefined): SafeText =>
	safe`~${priceWords(priceOfDraft(draft, bytesPerSecond))}`;

/** `4 lines, top`. */
export function aboutText(text: string, scroll: Scroll): SafeText {
	if (text.trim() === '') return ours('empty');
	const lines = text.replace(/\n$/, '').split('\n').length;
	const place = scrollWords(scroll);
	const count = lines === 1 ? ours('1 line') : safe`${lines} lines`;
	return phrases(count, place === 'all' ? ours('') : ours(place));
}

/** Who may be meant, with the one that is in the line. */
export function peopleLines(people: Draft['to'], chosen: number, rows: number, {theme, columns, typed}: Look): Line[] {
	const {top} = clampView({row: chosen, top: Math.max(0, chosen - Math.floor(rows / 2))}, people.length, rows);
	return people.slice(top, top + rows).map((person, index) => {
		const isSelected = top + index === chosen;
		const pointer = isSelected ? theme.pointer : ours(' ');
		return {
			text: fit(safe`${pointer}${spaces(labelColumns - 1)}${safeLine(typed([person]))}`, columns - 1),
			style: isSelected ? theme.selected : {},
		};
	});
}
