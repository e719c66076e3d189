/**
 * `bonsai read MAILBOX UID`: headers, text, and the parts that stand beside it. What the budget does not cover does not
 * come unless it is asked for, and its price is said. Reading changes nothing on the server.
 */
import {bytesOf, priceWords} from '../model/amounts.ts';
import {isOver} from '../model/budget.ts';
import type {PartNumber} from '../model/ids.ts';
import {invitationRows, invitationSentence, nobody} from '../model/invitation-words.ts';
import type {TextLine} from '../model/message.ts';
import {encryptionOf, findPart, isMessage, type Part} from '../model/part.ts';
import {otherParts, typeOf} from '../model/part-words.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {MessageContent, OpenMessage, ShownCalendar} from '../session/session.ts';
import {type Around, type MessageName, openNamed, whereOf} from './command.ts';
import {headerJson, invitationJson, messageJson, partJson} from './json.ts';
import {partLines} from './parts.ts';
import {Undone} from './undone.ts';

type ReadOptions = MessageName & {
	/** Undefined for the message itself. */
	readonly part: PartNumber | undefined;
	readonly hasAllHeaders: boolean;
	/** All of a text that is longer than the budget. */
	readonly isWhole: boolean;
};

export async function read(around: Around, options: ReadOptions): Promise<void> {
	const message = await openNamed(around, options, {withText: options.part === undefined});
	if (options.part === undefined) return readMessage(around, message, options);
	const {structure} = message.content.get();
	const part = structure && findPart(structure, options.part);
	if (part === undefined) throw new Undone(safeLine(`There is no part ${options.part}. bonsai parts lists them`));
	if (isMessage(part))
		return readMessage(around, await openNamed(around, options, {withText: false, part: part.number}), options);
	return readPart(around, message, part, options);
}

async function readMessage(around: Around, message: OpenMessage, options: ReadOptions): Promise<void> {
	const {output, isJson} = around;
	await bring(around, message, options);
	if (isJson) output.json(messageAnswer(around, message, options));
	else output.lines(messageLines(message, options, output));
	const {content} = message;
	const remark = remarkOn(content.get(), options);
	if (remark !== '') output.say(remark);
	const missing = missingText(message);
	if (missing !== undefined) output.say(missing);
}

/** As much of the message as is wanted. */
async function bring(
	{session, line}: Around,
	message: OpenMessage,
	{isWhole, hasAllHeaders}: ReadOptions,
): Promise<void> {
	message.ensureContent();
	if (hasAllHeaders) message.ensureAllHeaders();
	const isHere = ({state, text, calendar, allHeaders}: MessageContent): boolean =>
		state === 'gone' ||
		state === 'failed' ||
		(state === 'known' &&
			!text.isAsking &&
			calendar?.state !== 'asking' &&
			(!hasAllHeaders || allHeaders !== undefined));
	for (;;) {
		const {state, because, text, calendar} = await line.arrived(message.content, isHere);
		if (state === 'gone') throw new Undone(ours('The message was removed on the server while it came'));
		if (state !== 'known') throw new Undone(because);
		if (!isWhole || (text.isWhole && calendar?.state !== 'offered')) break;
		message.ensureMoreText(text.totalBytes);
	}
	await session.settled();
}

function messageLines(
	message: OpenMessage,
	{hasAllHeaders}: ReadOptions,
	look: {readonly columns: number; readonly isTerminal: boolean},
): string[] {
	const content = message.content.get();
	const headers = (hasAllHeaders ? content.allHeaders : undefined) ?? content.headers;
	const beside = content.structure ? otherParts(content.structure, content.text, content.calendar?.part) : [];
	const rows = beside.map(part => ({part, depth: 0}));
	const blocks = [
		headers.map(({name, value}) => `${name}: ${value}`),
		invitationLines(content.calendar),
		content.calendar?.isToldByText ? [] : message.calendarLines(look.columns).map(({text}) => text),
		message.lines(look.columns).map(({text}) => text),
		rows.length === 0 ? [] : ['Other parts:', ...partLines(rows, message, look)],
	];
	return blocks.filter(block => block.length > 0).flatMap((block, at) => (at === 0 ? block : ['', ...block]));
}

function messageAnswer(around: Around, message: OpenMessage, options: ReadOptions) {
	const content = message.content.get();
	const {kind, heldBytes, totalBytes, isWhole, remark} = content.text;
	const hasText = kind !== 'none';
	const reading = content.calendar?.reading;
	return {
		...answerHead(around, message, options),
		headers: ((options.hasAllHeaders ? content.allHeaders : undefined) ?? content.headers).map(headerJson),
		text: hasText ? textOf(message.lines(Number.POSITIVE_INFINITY)) : null,
		textKind: hasText ? kind : null,
		textHeldBytes: hasText ? heldBytes : null,
		textTotalBytes: hasText ? (totalBytes ?? null) : null,
		isTextWhole: isWhole,
		remark: remark === '' ? null : remark,
		invitation: reading?.is === 'invitation' ? invitationJson(reading.invitation) : null,
		links: content.links,
		parts: content.structure
			? otherParts(content.structure, content.text, content.calendar?.part).map(part =>
					partJson(part, 0, message.price([part.number])),
				)
			: null,
	};
}

/** Who the user is, a command does not ask. */
function invitationLines(calendar: ShownCalendar | undefined): string[] {
	const reading = calendar?.reading;
	if (reading === undefined) return [];
	if (reading.is === 'text') return [reading.because];
	const rows = invitationRows(reading.invitation, nobody);
	return [
		invitationSentence(reading.invitation, nobody),
		...rows.flatMap(({name, values}) => values.map((value, at) => (at === 0 ? `${name}: ${value}` : `  ${value}`))),
	];
}

/** Where it is and what its row says: of the message in the mailbox, also when a part of it is read. */
function answerHead(around: Around, message: OpenMessage, options: ReadOptions) {
	const summary = message.summary.get();
	return {...whereOf(around, options), part: options.part ?? null, ...(summary && messageJson(summary))};
}

const textOf = (lines: readonly TextLine[]): string => lines.map(({text}) => text).join('\n');

function missingText(message: OpenMessage): SafeText | undefined {
	const {text, calendar} = message.content.get();
	if (calendar?.state === 'offered')
		return safeLine(
			`The invitation (${bytesOf(calendar.sizeBytes)}) did not come: it costs ${priceWords(message.price([calendar.part]))}. --all brings it`,
		);
	const {isWhole, heldBytes, totalBytes} = text;
	if (isWhole || totalBytes === undefined) return undefined;
	const rest = message.priceOfMoreText(totalBytes - heldBytes);
	return safeLine(
		`${bytesOf(heldBytes)} of ${bytesOf(totalBytes)} of the text are here; the rest costs ${priceWords(rest)}. --all brings it`,
	);
}

/** With what to do about it, which here is a command. */
function remarkOn({structure, text}: MessageContent, {mailbox, uid}: ReadOptions): SafeText {
	const save = `bonsai save ${mailbox} ${uid} PART -`;
	const encryption = structure && encryptionOf(structure);
	if (encryption === 'pgp') return safeLine(`This message is encrypted (OpenPGP): ${save} | gpg --decrypt`);
	if (encryption === 'smime') return safeLine(`This message is encrypted (S/MIME): ${save} | openssl smime -decrypt …`);
	return text.remark;
}

/** One part that is text, whole: a piece of it says little. */
async function readPart(around: Around, message: OpenMessage, part: Part, options: ReadOptions): Promise<void> {
	const {session, line, output, isJson} = around;
	if (part.type !== 'text')
		throw new Undone(safeLine(`Part ${part.number} is ${typeOf(part)}, not text. bonsai save keeps it`));
	const cost = message.price([part.number]);
	if (isOver(session.budget.get(), cost) && !options.isWhole)
		throw new Undone(safeLine(`Part ${part.number} is over the budget: it costs ${priceWords(cost)}. --all brings it`));
	message.choose([part.number]);
	const transfers = await line.arrived(session.transfers, all =>
		all.some(({state}) => state === 'done' || state === 'failed'),
	);
	const failed = transfers.find(({state}) => state === 'failed');
	if (failed) throw new Undone(failed.because);
	const lines = message.partLines(part.number, isJson ? Number.POSITIVE_INFINITY : output.columns) ?? [];
	if (isJson) output.json(partAnswer(around, message, part, options, lines));
	else output.lines(lines.map(({text}) => text));
}

const partAnswer = (
	around: Around,
	message: OpenMessage,
	part: Part,
	options: ReadOptions,
	lines: readonly TextLine[],
) => ({
	...answerHead(around, message, options),
	headers: [],
	text: textOf(lines),
	textKind: part.subtype === 'html' ? 'html' : 'plain',
	textHeldBytes: message.heldBytes(part.number),
	textTotalBytes: part.sizeBytes,
	isTextWhole: true,
	remark: null,
	invitation: null,
	links: [],
	parts: [],
});
