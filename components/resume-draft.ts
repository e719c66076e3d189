/**
 * A message that lies among the drafts is gone on with: all of its text comes, and what is attached stays where it is when it
 * can be sent from there, else it is fetched. Without either there is no draft: it would replace what has them.
 */
import {isOver} from '../source/model/budget.ts';
import type {Attachment} from '../source/model/draft.ts';
import type {MessageText} from '../source/model/message.ts';
import type {Original} from '../source/model/outgoing.ts';
import type {Part} from '../source/model/part.ts';
import {otherParts, partName, typeOf} from '../source/model/part-words.ts';
import {maySendAsIs} from '../source/model/piece.ts';
import type {MessageContent, OpenMessage, Session} from '../source/session/session.ts';
import type {OpenDraft} from '../source/writing/writing.ts';
import {attachParts, decodedBytes} from './attach-parts.ts';
import {priceWords} from './format.ts';
import type {Program} from './places.ts';
import {safe} from './safe.ts';

type Around = {readonly session: Session; readonly program: Program; readonly message: OpenMessage};

/** Octets: longer is no text that anybody writes. */
const longestText = 16 * 1024 * 1024;

/** The rest of a long text. */
export function payForText({session, program, message}: Around, onPaid: () => void): void {
	if (message.written().isTextWhole) {
		onPaid();
		return;
	}
	const price = message.priceOfMoreText(longestText);
	const go = (): void => {
		message.ensureMoreText(longestText);
		onPaid();
	};
	if (!isOver(session.budget.get(), price)) go();
	else
		program.ask({
			kind: 'yes-or-no',
			label: safe`Fetch all of its text to go on writing, ${priceWords(price)}?`,
			onYes: go,
			onNo: () => program.back(),
		});
}

/** What is attached, where it lies; none of it where some could not be sent from there. */
export function leftThere({structure, text}: MessageContent, at: Original): readonly Attachment[] {
	const parts = partsBeside(structure, text);
	if (!parts.every(({encoding}) => maySendAsIs(encoding))) return [];
	return parts.map(part => {
		const {number, sizeBytes, encoding} = part;
		const there = {...at, part: number, sizeBytes, encoding};
		return {name: partName(part), type: typeOf(part), sizeBytes: decodedBytes(part), at: there};
	});
}

const partsBeside = (root: Part | undefined, text: MessageText): readonly Part[] =>
	root ? otherParts(root, text) : [];

/** What is attached and did not stay there. */
export function bringBack(
	{session, program, message, draft}: Around & {readonly draft: OpenDraft},
	{structure, text}: MessageContent,
): void {
	const parts = partsBeside(structure, text);
	// One that was begun here has all it needs.
	if (parts.length === 0 || draft.isTouched || draft.draft.get().attachments.length > 0) return;
	const price = message.price(parts.map(({number}) => number));
	const go = (): void => attachParts({message, draft}, parts);
	if (!isOver(session.budget.get(), price)) go();
	else
		program.ask({
			kind: 'yes-or-no',
			label: safe`Fetch what is attached to it to go on writing, ${priceWords(price)}?`,
			onYes: go,
			onNo: () => program.back(),
		});
}
