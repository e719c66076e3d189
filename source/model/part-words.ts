/**
 * What a part is called, and which parts stand beside the text one reads. Pure.
 */
import type {PartNumber} from './ids.ts';
import type {MessageText} from './message.ts';
import {bodyOf, htmlOf, isMessage, isMultipart, type Part, plainTextOf} from './part.ts';
import {ours, type SafeText, safeLine} from './safe-text.ts';

/** The parts one may want beside the text and the invitation that are shown: not its other spelling, not what is inside a message. */
export function otherParts(root: Part, text: MessageText, invitation?: PartNumber): Part[] {
	const body = bodyOf(root);
	const plain = plainTextOf(root);
	const html = htmlOf(root);
	const shown = text.kind === 'html' ? html : text.kind === 'plain' ? (plain ?? html) : undefined;
	const twin = text.hasAlternative ? [plain, html] : [];
	const parts: Part[] = [];
	const collect = (part: Part): void => {
		if (isMultipart(part)) part.children.forEach(collect);
		else if (part !== shown && !twin.includes(part) && part.number !== invitation) parts.push(part);
	};
	collect(body);
	return parts;
}

/** `application/pdf`. The server chose the words. */
export const typeOf = (part: Part): SafeText => safeLine(`${part.type}/${part.subtype}`);

/** What a part is called: its file, what it is said to be, the subject of the message it is. */
export function partName(part: Part): SafeText {
	if (part.name !== '') return part.name;
	if (part.description !== '') return part.description;
	if (isMessage(part) && part.envelope) return safeLine(`${part.envelope.subject} (${part.envelope.from})`);
	return ours('');
}
