/**
 * The tree of parts as rows, the way the server describes it: number, tree and type, name, size, what is here, price.
 * Pure.
 */
import type {PartNumber} from '../source/model/ids.ts';
import {isMultipart, type Part} from '../source/model/part.ts';
import {partName, typeOf} from '../source/model/part-words.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {Transfer} from '../source/model/transfer.ts';
import {fit, widthOf} from '../source/model/width.ts';
import type {OpenMessage} from '../source/session/session.ts';
import {aloud, phrases} from './aloud.ts';
import {bytesOf, durationOf, priceWords, progressOf, sizeOf} from './format.ts';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';

export type PartRow = {readonly part: Part; readonly tree: SafeText};

export function partRows(root: Part, theme: Theme): PartRow[] {
	const rows: PartRow[] = [];
	const add = (part: Part, own: SafeText, below: SafeText): void => {
		rows.push({part, tree: own});
		part.children.forEach((child, index) => {
			const isLast = index === part.children.length - 1;
			const branch = isLast ? theme.branch.last : theme.branch.inner;
			add(child, safe`${below}${branch}`, safe`${below}${isLast ? ours('  ') : theme.branch.beside}`);
		});
	};
	add(root, ours(''), ours(''));
	return rows;
}

/** What of a part is here: a mark, or how far it has come. */
function heldWords(part: Part, message: OpenMessage, transfer: Transfer | undefined, theme: Theme): SafeText {
	if (isMultipart(part)) return ours('');
	const heldBytes = message.heldBytes(part.number);
	if (isHere(part, message)) return theme.held.whole;
	if (transfer?.state === 'paused') return ours('hold');
	if (transfer?.state === 'failed') return ours('fail');
	if (transfer?.state === 'coming') return progressOf(transfer.heldBytes, transfer.totalBytes);
	if (transfer?.state === 'waiting') return ours('next');
	return heldBytes > 0 ? progressOf(heldBytes, message.travelBytes(part.number)) : theme.held.summary;
}

/** On this disk what is not in memory is as near. */
export const isHere = (part: Part, message: OpenMessage): boolean =>
	message.isWhole(part.number) || (part.sizeBytes > 0 && message.price([part.number]).bytes === 0);

/** What of it is worth a word when it changes; how far it has come, the status line says. */
export function partState(part: Part, message: OpenMessage, transfer: Transfer | undefined): SafeText {
	if (isMultipart(part)) return ours('');
	if (isHere(part, message)) return ours('here');
	if (transfer?.state === 'paused') return ours('put off');
	if (transfer?.state === 'failed') return ours('failed');
	if (transfer?.state === 'coming' || transfer?.state === 'waiting') return ours('on its way');
	return ours(message.heldBytes(part.number) > 0 ? 'partly here' : '');
}

/** `plate.jpg, image/jpeg, 2.4 MB, costs 2.5 MB, about 12 min, part 2`. */
export function partAloud(part: Part, message: OpenMessage, transfer: Transfer | undefined): SafeText {
	const number = safeLine(part.number.replace(/\.$/, ''));
	const numbered = number === '' ? ours('') : safe`part ${number}`;
	if (isMultipart(part)) return phrases(typeOf(part), safe`holds ${part.children.length}`, numbered);
	const isWanted = !isHere(part, message);
	return phrases(
		partState(part, message, transfer),
		partName(part),
		typeOf(part),
		bytesOf(part.sizeBytes),
		isWanted ? safe`costs ${aloud(priceWords(message.price([part.number])))}` : ours(''),
		numbered,
	);
}

type PartLook = {
	readonly message: OpenMessage;
	readonly marked: ReadonlySet<PartNumber>;
	readonly columns: number;
	/** The widest tree and type of all rows. */
	readonly typeColumns: number;
	readonly theme: Theme;
};

const sizeColumns = 4;
const heldColumns = 4;

export const typeColumnsOf = (rows: readonly PartRow[], columns: number): number =>
	Math.min(Math.floor(columns * 0.4), Math.max(10, ...rows.map(row => widthOf(typeOf(row.part)) + widthOf(row.tree))));

export function partRow({part, tree}: PartRow, transfer: Transfer | undefined, look: PartLook): SafeText {
	const {message, theme, columns} = look;
	const numberColumns = columns >= 76 ? 7 : 5;
	const mark = look.marked.has(part.number) ? theme.mark : ours(' ');
	const number = fit(safeLine(part.number.replace(/\.$/, '')), numberColumns);
	const type = fit(safe`${tree}${typeOf(part)}`, look.typeColumns);
	const size = fit(isMultipart(part) ? ours('') : sizeOf(part.sizeBytes), sizeColumns, {align: 'right'});
	const held = fit(heldWords(part, message, transfer, theme), heldColumns);
	const isWanted = !isMultipart(part) && !isHere(part, message);
	const {seconds} = message.price([part.number]);
	// In a narrow window the name matters more; the price of the part under the cursor stands below.
	const timeColumns = columns >= 60 ? 8 : 0;
	const time = fit(isWanted && seconds !== undefined ? durationOf(seconds) : ours(''), timeColumns, {align: 'right'});
	const gaps = 8;
	const fixed = numberColumns + look.typeColumns + sizeColumns + heldColumns + timeColumns + gaps;
	const name = fit(partName(part), Math.max(1, columns - fixed));
	return safe`${mark}${number} ${type}  ${name} ${size} ${held}${time} `;
}
