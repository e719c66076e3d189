/**
 * A message as lines: headers above the text, and below it what did not come, each part with its price. Pure.
 */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import type {Price} from '../source/model/budget.ts';
import type {HeaderLine, Message, MessageText} from '../source/model/message.ts';
import type {Part} from '../source/model/part.ts';
import {otherParts, partName, typeOf} from '../source/model/part-words.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {fit, headOf, widthOf} from '../source/model/width.ts';
import type {MessageContent, OpenMessage} from '../source/session/session.ts';
import {phrases} from './aloud.ts';
import {bytesOf, momentOf, priceWords, shortPriceWords, sizeOf} from './format.ts';
import {heardWaiting, type Line} from './lines.tsx';
import {safe, spaces} from './safe.ts';
import type {Theme} from './theme.ts';
import {wrap} from './wrap.ts';

const nameColumns = 9;
/** Lines one header may take before all headers have to be asked for: a To of two hundred must not bury the text. */
const mostLines = 3;

export function headerLines(
	headers: readonly HeaderLine[],
	columns: number,
	theme: Theme,
	{isShort, keys}: {readonly isShort: boolean; readonly keys: ScreenKeys},
): Line[] {
	const lines: Line[] = [];
	const rest = safe` … (${keys.nameOf('allHeaders')}: all)`;
	for (const {name, value} of headers) {
		const label = fit(safe`${name}:`, Math.max(nameColumns, widthOf(name) + 2));
		const room = Math.max(10, columns - widthOf(label));
		const wrapped = wrap(value, room);
		const shown = isShort ? wrapped.slice(0, mostLines) : wrapped;
		const style = isShort && name.toLowerCase() === 'subject' ? theme.strong : {};
		shown.forEach((text, index) => {
			const isCut = index === mostLines - 1 && shown.length < wrapped.length;
			const piece = isCut ? safe`${headOf(text, room - widthOf(rest)).head}${rest}` : text;
			lines.push({
				text: ours(''),
				rest: [
					{text: index === 0 ? label : spaces(label.length), style: theme.quiet},
					{text: piece, style},
				],
			});
		});
	}
	return lines;
}

/** What the list knew already, until the headers come: free. */
export function headersOf(summary: Message | undefined): HeaderLine[] {
	if (!summary) return [];
	const date = summary.date === undefined ? [] : [{name: ours('Date'), value: momentOf(summary.date)}];
	return [...date, {name: ours('From'), value: summary.from}, {name: ours('Subject'), value: summary.subject}];
}

/** Below the text, which ends with its links: what of it is missing, and the parts. */
export function tailLines(
	content: MessageContent,
	message: Pick<OpenMessage, 'price' | 'priceOfMoreText' | 'isWhole'>,
	look: {
		readonly columns: number;
		readonly theme: Theme;
		readonly keys: ScreenKeys;
		readonly isPlain: boolean;
		/** Why what is not here does not come by itself. */
		readonly lack: SafeText | undefined;
	},
): Line[] {
	const {theme, columns, keys, isPlain} = look;
	const lines: Line[] = [];
	const missing = missingText(content.text, message, look);
	const heard = content.text.isAsking ? () => heardWaiting(missing ?? ours('')) : undefined;
	if (missing) lines.push({text: ours('')}, {text: missing, style: theme.quiet, heard});
	const parts = content.structure ? otherParts(content.structure, content.text, content.calendar?.part) : [];
	if (parts.length > 0) {
		const words = parts.length === 1 ? ours('1 more part') : safe`${parts.length} more parts`;
		lines.push(
			{text: ours('')},
			{text: safe`${words} (${keys.nameOf('parts')}: look, fetch, save)`, style: theme.quiet},
		);
		for (const part of parts) lines.push({text: isPlain ? partWords(part, message) : partLine(part, message, columns)});
	}
	return lines;
}

function missingText(
	text: MessageText,
	message: Pick<OpenMessage, 'priceOfMoreText'>,
	{keys, isPlain, lack}: {readonly keys: ScreenKeys; readonly isPlain: boolean; readonly lack: SafeText | undefined},
): SafeText | undefined {
	if (text.kind === 'none' || text.isWhole) return undefined;
	if (text.isAsking) {
		const total = text.totalBytes === undefined ? ours('') : safe` of ${bytesOf(text.totalBytes)}`;
		return text.heldBytes === 0
			? safe`the text is ${lack ?? ours('on its way…')}`
			: safe`${bytesOf(text.heldBytes)}${total} here, ${lack === undefined ? ours('more is on its way…') : safe`the rest is ${lack}`}`;
	}
	if (text.totalBytes === undefined) return safe`there is more: ${keys.hint('moreText', 'brings it')}`;
	const price = message.priceOfMoreText(text.totalBytes);
	const rest = priceWords(isPlain ? withoutTime(price) : price);
	return safe`${bytesOf(text.heldBytes)} of ${bytesOf(text.totalBytes)} here: ${keys.hint('moreText', 'brings more')} (all of it: ${rest})`;
}

/** The time is another one each moment, and would be heard each time. */
const withoutTime = (price: Price): Price => ({...price, seconds: undefined});

/** `report.pdf, application/pdf, 1.2 MB, costs at most 1.6 MB, part 2`. */
function partWords(part: Part, message: Pick<OpenMessage, 'price' | 'isWhole'>): SafeText {
	const price = message.isWhole(part.number)
		? ours('here')
		: safe`costs ${priceWords(withoutTime(message.price([part.number])))}`;
	const number = part.number === '' ? ours('') : safe`part ${safeLine(part.number)}`;
	return phrases(partName(part), typeOf(part), bytesOf(part.sizeBytes), price, number);
}

function partLine(part: Part, message: Pick<OpenMessage, 'price' | 'isWhole'>, columns: number): SafeText {
	const price = message.isWhole(part.number) ? ours('here') : shortPriceWords(message.price([part.number]));
	const number = fit(part.number === '' ? ours('') : safeLine(part.number), 5);
	const type = fit(typeOf(part), columns >= 70 ? 24 : 16);
	const size = fit(sizeOf(part.sizeBytes), 4, {align: 'right'});
	const room = Math.max(8, columns - widthOf(number) - widthOf(type) - 4 - 18 - 6);
	return safe`  ${number}${type} ${fit(partName(part), room)} ${size}  ${fit(price, 16)}`;
}
