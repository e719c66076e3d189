/**
 * Which octets of a message a wish wants, by its structure. Pure.
 */
import {isOfType} from './media-kinds.ts';
import {calendarOf, htmlOf, isMultipart, type Part, plainTextOf} from './part.ts';
import type {PartWish, Wish} from './wish.ts';

/** `octets` from its beginning on, as they were sent; all of it when they are as many as it has. */
export type WishedPart = {readonly part: Part; readonly octets: number};

/** The text that is read first, then the parts in their order. */
export function wishedParts(structure: Part, {textBytes, parts}: Wish): readonly WishedPart[] {
	const text = textBytes > 0 ? textToRead(structure) : undefined;
	const whole = [...wholeParts(structure, parts)];
	const invitation = invitationToRead(structure, textBytes - Math.min(text?.sizeBytes ?? 0, textBytes));
	if (invitation && !whole.includes(invitation)) whole.unshift(invitation);
	const others = whole.filter(part => part !== text).map(part => ({part, octets: part.sizeBytes}));
	if (text === undefined || text.sizeBytes === 0) return others;
	const octets = whole.includes(text) ? text.sizeBytes : Math.min(text.sizeBytes, textBytes);
	return [{part: text, octets}, ...others];
}

/** It is read with the text, and in pieces it is nothing: whole, within what the text leaves. */
function invitationToRead(structure: Part, leftBytes: number): Part | undefined {
	const part = calendarOf(structure);
	return part && part.sizeBytes <= leftBytes ? part : undefined;
}

/** As the message is shown when it is opened. An empty plain text beside an HTML one is a mailer's leavings. */
function textToRead(structure: Part): Part | undefined {
	const [plain, html] = [plainTextOf(structure), htmlOf(structure)];
	const isEmpty = plain === undefined || plain.sizeBytes <= 2;
	return isEmpty ? (html ?? plain) : plain;
}

/** What is inside one that is wanted comes with it. */
function* wholeParts(part: Part, wishes: readonly PartWish[]): Generator<Part> {
	const isWished = wishes.some(({type, mostBytes}) => part.sizeBytes <= mostBytes && isOfType(part, type));
	if (!isMultipart(part) && part.sizeBytes > 0 && isWished) yield part;
	else for (const child of part.children) yield* wholeParts(child, wishes);
}
