/**
 * Parts of a message that come into a draft, or all of it: they stay on the server where they can be sent from there, else
 * they are fetched into the draft's own folder, with the price said before. What is here already costs nothing.
 */
import type {Attachment, Draft} from '../source/model/draft.ts';
import type {Original} from '../source/model/outgoing.ts';
import type {Part} from '../source/model/part.ts';
import {isMessage} from '../source/model/part.ts';
import {partName, typeOf} from '../source/model/part-words.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {OpenMessage, Session} from '../source/session/session.ts';
import type {OpenDraft, Writing} from '../source/writing/writing.ts';
import {priceWords} from './format.ts';
import {emptyMemory} from './memory.ts';
import {partLeft, stayingAt} from './parts-left.ts';
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

/** `at`: where they may stay; undefined: they come here. */
export function attachParts(
	{message, draft}: Pick<Attaching, 'message' | 'draft'>,
	parts: readonly Part[],
	at?: Original | undefined,
): void {
	for (const part of parts) {
		const name = fileName(part);
		const sizeBytes = decodedBytes(part);
		const left = at && partLeft(at, part, {name, sizeBytes});
		const {attachments} = draft.draft.get();
		if (left !== undefined) {
			draft.change({attachments: [...attachments, left]});
			continue;
		}
		const file = draft.fileFor(name);
		draft.change({attachments: [...attachments, {name, type: typeOf(part), sizeBytes, file}]});
		message.save(part.number, file, {isQuiet: true});
	}
}

/** Those of which something crosses the line. */
export const coming = (parts: readonly Part[], at: Original | undefined): readonly Part[] =>
	parts.filter(part => at === undefined || partLeft(at, part, {name: '', sizeBytes: 0}) === undefined);

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
	const at = stayingAt(session, writing, message);
	const what = parts.length === 1 && only ? partName(only) : safe`${parts.length} parts`;
	const attachTo = (draft: OpenDraft | {readonly problem: SafeText} | undefined) => {
		if (draft === undefined || 'problem' in draft) return program.say(draft?.problem ?? ours('the draft is gone'));
		const go = (): void => {
			attachParts({message, draft}, parts, at);
			onDone();
			program.open({screen: 'compose', memory: emptyMemory(), what: {kind: 'draft', id: draft.id}}, session.account);
		};
		const price = message.price(coming(parts, at).map(({number}) => number));
		spend(session, program, {what: safe`Attach ${what}`, price, go});
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

/** What all of a message is called as a file. */
export const wholeName = (message: OpenMessage): string =>
	`${(message.summary.get()?.subject || 'message').replaceAll(/[/\\]/g, '_').slice(0, 60)}.eml`;

/** All of them, as they stay. */
export const allLeft = (parts: readonly Part[], at: Original): readonly Attachment[] =>
	parts.flatMap(part => partLeft(at, part, {name: fileName(part), sizeBytes: decodedBytes(part)}) ?? []);

export const staysWords = (attachments: readonly Attachment[]): SafeText => {
	const [only] = attachments;
	return only && attachments.length === 1
		? safe`${safeLine(only.name)} stays on the server: nothing to send`
		: safe`its ${attachments.length} other parts stay on the server: nothing to send`;
};

/** All of it, fetched: attached, or to be sent on as it is. */
export function attachWhole({message, draft}: Pick<Attaching, 'message' | 'draft'>, isResent: boolean): void {
	const file = draft.fileFor('message.eml');
	const sizeBytes = message.summary.get()?.sizeBytes ?? 0;
	const attachment = {name: wholeName(message), type: 'message/rfc822', sizeBytes, file};
	if (isResent) draft.change({resends: attachment});
	else draft.change({attachments: [...draft.draft.get().attachments, attachment]});
	message.save(message.part, file, {isQuiet: true});
}

/** What beside its text is in a message that is sent on. `choose`: shows its parts, to be chosen among. */
export function offerParts(
	parts: readonly Part[],
	{message, program, draft}: Pick<Attaching, 'message' | 'program' | 'draft'>,
	{at, choose}: {readonly at: Original | undefined; choose(): void},
): void {
	const [only] = parts;
	if (only === undefined) return;
	const what = parts.length === 1 ? safe`${partName(only) || typeOf(only)}` : safe`${parts.length} other parts`;
	const attach = (): void => attachParts({message, draft}, parts, at);
	const come = coming(parts, at);
	const price = message.price(come.map(({number}) => number));
	const cost = price.bytes === 0 ? ours('here already') : priceWords(price);
	if (parts.length === 1) program.ask({kind: 'yes-or-no', label: safe`Attach ${what} too, ${cost}?`, onYes: attach});
	else
		program.ask({
			kind: 'choice',
			label: safe`Attach ${what}?`,
			choices: [
				{key: 'a', words: safe`all, ${cost}`, onChosen: attach},
				{key: 'c', words: ours('choose'), onChosen: choose},
			],
			otherwise: ours('text only'),
		});
}

const subjectOf = ({subject}: Draft): SafeText => safeLine(subject.trim() || '(no subject)');
