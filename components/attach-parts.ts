/**
 * Parts of a message that come into a draft, or all of it: fetched into the draft's own folder, with the price said before.
 * What is here already costs nothing.
 */
import type {Draft} from '../source/model/draft.ts';
import type {MessageText} from '../source/model/message.ts';
import type {Part} from '../source/model/part.ts';
import {isMessage} from '../source/model/part.ts';
import {otherParts, partName, typeOf} from '../source/model/part-words.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {OpenMessage, Session} from '../source/session/session.ts';
import type {OpenDraft, Writing} from '../source/writing/writing.ts';
import {priceWords} from './format.ts';
import {emptyMemory} from './memory.ts';
import type {Program} from './places.ts';
import {spend} from './price-question.ts';
import {safe} from './safe.ts';

export type Attaching = {
	readonly session: Session;
	readonly program: Program;
	readonly message: OpenMessage;
	readonly draft: OpenDraft;
};

/** Octets as they will be when they are decoded, about. */
export const decodedBytes = ({sizeBytes, encoding}: Part): number =>
	encoding.toLowerCase() === 'base64' ? Math.floor((sizeBytes * 57) / 78) : sizeBytes;

const fileName = (part: Part): string => {
	const name: string = partName(part);
	const plain = name.replaceAll(/[/\\]/g, '_');
	return isMessage(part) && !plain.endsWith('.eml') ? `${plain || 'message'}.eml` : plain || `part-${part.number}`;
};

export function attachParts({message, draft}: Pick<Attaching, 'message' | 'draft'>, parts: readonly Part[]): void {
	for (const part of parts) {
		const name = fileName(part);
		const file = draft.fileFor(name);
		const {attachments} = draft.draft.get();
		draft.change({
			attachments: [...attachments, {name, type: typeOf(part), sizeBytes: decodedBytes(part), file}],
		});
		message.save(part.number, file, {isQuiet: true});
	}
}

/** To the draft that was written last, or to a new message; over the budget it is asked about first. */
export function attachToMessage(
	{
		session,
		program,
		message,
		writing,
	}: Pick<Attaching, 'session' | 'program' | 'message'> & {readonly writing: Writing | undefined},
	parts: readonly Part[],
	onDone: () => void,
	word: string,
) {
	if (writing === undefined) return program.say(ours('nothing can be written here'));
	writing.look();
	const last = writing.drafts
		.get()
		.filter(({draft}) => draft.resends === undefined)
		.toSorted((a, b) => a.savedAt - b.savedAt)
		.at(-1);
	const [only] = parts;
	const what = parts.length === 1 && only ? partName(only) : safe`${parts.length} parts`;
	const attachTo = (draft: OpenDraft | {readonly problem: SafeText} | undefined) => {
		if (draft === undefined || 'problem' in draft) return program.say(draft?.problem ?? ours('the draft is gone'));
		const go = (): void => {
			attachParts({message, draft}, parts);
			onDone();
			program.open({screen: 'compose', memory: emptyMemory(), what: {kind: 'draft', id: draft.id}}, session.account);
		};
		spend(session, program, {what: safe`Attach ${what}`, price: message.price(parts.map(({number}) => number)), go});
	};
	const begin = (): void => attachTo(writing.begin({what: 'new', mailbox: message.summary.get()?.mailbox ?? ''}));
	if (last === undefined || word === 'new') return begin();
	program.ask({
		kind: 'yes-or-no',
		label: safe`Attach ${what} to “${subjectOf(last.draft)}”?`,
		onYes: () => attachTo(writing.open(last.id)),
		onNo: () => program.say(ours('not attached; :attach new begins a message with it')),
	});
}

/** All of it: attached, or to be sent on as it is. */
export function attachWhole({message, draft}: Pick<Attaching, 'message' | 'draft'>, isResent: boolean): void {
	const summary = message.summary.get();
	const name = `${(summary?.subject || 'message').replaceAll(/[/\\]/g, '_').slice(0, 60)}.eml`;
	const file = draft.fileFor('message.eml');
	const attachment = {name, type: 'message/rfc822', sizeBytes: summary?.sizeBytes ?? 0, file};
	if (isResent) draft.change({resends: attachment});
	else draft.change({attachments: [...draft.draft.get().attachments, attachment]});
	message.save(message.part, file, {isQuiet: true});
}

/** What beside its text is in a message that is sent on. */
export function offerParts(
	root: Part,
	text: MessageText,
	attach: (parts: readonly Part[]) => void,
	{message, program}: Pick<Attaching, 'message' | 'program'>,
): void {
	const parts = otherParts(root, text);
	if (parts.length === 0) return;
	const price = message.price(parts.map(({number}) => number));
	const cost = price.bytes === 0 ? ours('here already') : priceWords(price);
	const [only] = parts;
	const what = parts.length === 1 && only ? safe`${partName(only)}` : safe`its ${parts.length} other parts`;
	program.ask({kind: 'yes-or-no', label: safe`Attach ${what} too, ${cost}?`, onYes: () => attach(parts)});
}

const subjectOf = ({subject}: Draft): SafeText => safeLine(subject.trim() || '(no subject)');
