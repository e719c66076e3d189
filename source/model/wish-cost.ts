/**
 * What a wish would cost now, before anybody has asked the server. Pure; an estimate by averages, and it says so.
 *
 * The averages are those of the bench's mailbox of list mail (3,000 messages) and of the corpus (524), on Dovecot 2.3;
 * of the two the greater. How large parts are only structures tell: those that are here stand for the others, and before
 * there are any, parts are not in the sum.
 */
import {bytesOf, durationOf, sizeOf} from './amounts.ts';
import type {LineFacts} from './budget.ts';
import type {PartNumber} from './ids.ts';
import {mayShrink, type Part} from './part.ts';
import {ours, type SafeText} from './safe-text.ts';
import type {Wish} from './wish.ts';
import {wishedParts} from './wished-parts.ts';

/** A message that is here, with its structure. */
export type SampledMessage = {readonly structure: Part; readonly heldBytes: (part: PartNumber) => number};

/** How many messages of a mailbox are here so far: with their summary, their structure, octets of their text. */
export type HeldNumbers = {readonly summaries: number; readonly structures: number; readonly texts: number};

export type HeldCounts = HeldNumbers & {
	/** Some of those with their structure, the newest: what the others will be like. */
	readonly sample: readonly SampledMessage[];
};

/** A message that is to arrive by what the user decided. */
export type ComingMessage = {
	/** Undefined: its structure is not here. */
	readonly known: SampledMessage | undefined;
	/** What is here of it comes along. */
	readonly isSame: boolean;
	readonly hasPreview: boolean;
};

export const nothingHeld: HeldCounts = {summaries: 0, structures: 0, texts: 0, sample: []};

export type WishCost = {
	/** Messages of which something would come; undefined: how many there are is not known. */
	readonly messages: number | undefined;
	readonly bytes: number | undefined;
	/** Undefined too until the line was measured. */
	readonly seconds: number | undefined;
	/** A bound: how many messages there are since a date is not known, or what the line makes of them. */
	readonly isAtMost: boolean;
	/** Parts come besides, of which nothing is known before structures are here. */
	readonly hasUnknownParts: boolean;
};

type Line = Pick<LineFacts, 'bytesPerSecond' | 'roundTripMs' | 'isEncrypted' | 'isCompressed'> & {
	readonly hasBinary: boolean;
};

/** Bytes on the wire of each message, as sent and through DEFLATE. */
const averages = {
	summary: {plain: 500, deflated: 90},
	structure: {plain: 490, deflated: 65},
	preview: {plain: 240, deflated: 65},
	/** Around the octets of a text or another part; and of each octet so much travels. */
	around: {plain: 45, deflated: 15},
	share: {plain: 1, deflated: 0.3},
};
/** Of each octet in base64, where BINARY or DEFLATE undoes it. */
const denseShare = 0.76;
/** Lengths of texts are spread about their mean as waiting times are: half of them are short. */
const meanTextBytes = 5500;
const beginningOf = (bytes: number): number => meanTextBytes * (1 - Math.exp(-bytes / meanTextBytes));

/** Records of TLS. */
const encryptedShare = 1.007;

/**
 * `messages`: how many the mailbox has, as far as that is known. `line`: undefined where it was never up; then it costs
 * most.
 */
export function costOfWish(
	mailbox: {
		readonly messages: number | undefined;
		readonly held: HeldCounts;
		/** These come besides, the newest last. */
		readonly coming?: readonly ComingMessage[];
	},
	wish: Wish,
	line: Line | undefined,
): WishCost {
	const {held} = mailbox;
	const coming = wishedComing(mailbox.coming ?? [], wish);
	const wished = wishedCount(mailbox, wish);
	const hasBodies = wish.summaries !== 'none' && (wish.textBytes > 0 || wish.parts.length > 0);
	const hasUnknown = wished?.count !== 0 || coming.some(({known}) => known === undefined);
	const hasUnknownParts = hasBodies && wish.parts.length > 0 && hasUnknown && held.sample.length === 0;
	if (wished === undefined)
		return {messages: undefined, bytes: undefined, seconds: undefined, isAtMost: false, hasUnknownParts};
	const missing = (have: number): number => Math.max(0, wished.count - have);
	const summaries = missing(held.summaries);
	const structures = hasBodies ? missing(held.structures) : 0;
	const bodies = hasBodies ? bodiesOf(held, wished.count, wish, line) : {messages: 0, bytes: 0};
	const form = formOf(line);
	const sent =
		summaries * (averages.summary[form] + (wish.hasPreviews ? averages.preview[form] : 0)) +
		structures * averages.structure[form] +
		bodies.bytes +
		coming.reduce((sum, each) => sum + bytesOfComing(each, held, wish, line), 0);
	const bytes = Math.ceil(sent * (line?.isEncrypted === false ? 1 : encryptedShare));
	const {bytesPerSecond, roundTripMs = 0} = line ?? {bytesPerSecond: undefined};
	return {
		messages: Math.max(summaries, structures, bodies.messages) + coming.length,
		bytes,
		seconds: bytesPerSecond === undefined ? undefined : bytes === 0 ? 0 : bytes / bytesPerSecond + roundTripMs / 1000,
		isAtMost: bytes > 0 && (wished.isAtMost || line === undefined),
		hasUnknownParts,
	};
}

const formOf = (line: Line | undefined): 'plain' | 'deflated' => (line?.isCompressed ? 'deflated' : 'plain');

function wishedComing(coming: readonly ComingMessage[], {summaries}: Wish): readonly ComingMessage[] {
	if (summaries === 'none') return [];
	return typeof summaries === 'object' && 'last' in summaries
		? coming.slice(Math.max(0, coming.length - summaries.last))
		: coming;
}

/** By its own structure where that is here, else as another new one. */
function bytesOfComing(
	{known, isSame, hasPreview}: ComingMessage,
	held: HeldCounts,
	wish: Wish,
	line: Line | undefined,
): number {
	const form = formOf(line);
	const preview = wish.hasPreviews && !(isSame && hasPreview) ? averages.preview[form] : 0;
	const row = averages.summary[form] + preview;
	if (wish.textBytes === 0 && wish.parts.length === 0) return row;
	const structure = isSame && known ? 0 : averages.structure[form];
	const body =
		known === undefined
			? bodiesOf({...nothingHeld, sample: held.sample}, 1, wish, line).bytes
			: bytesOfMessage(known.structure, isSame ? known.heldBytes : () => 0, wish, line);
	return row + structure + body;
}

/** Texts and parts: as in the sample, else texts as they are on the average. */
function bodiesOf(
	{sample, structures, texts}: HeldCounts,
	wished: number,
	wish: Wish,
	line: Line | undefined,
): {readonly messages: number; readonly bytes: number} {
	if (sample.length === 0) {
		const missing = wish.textBytes === 0 ? 0 : Math.max(0, wished - texts);
		const each = bytesOfPart(beginningOf(wish.textBytes), averages.share[formOf(line)], line);
		return {messages: missing, bytes: missing * each};
	}
	const mean = (bytes: (message: SampledMessage) => number): number =>
		sample.reduce((sum, message) => sum + bytes(message), 0) / sample.length;
	const ofNew = mean(({structure}) => bytesOfMessage(structure, () => 0, wish, line));
	const ofHeld = mean(({structure, heldBytes}) => bytesOfMessage(structure, heldBytes, wish, line));
	const held = Math.min(structures, wished);
	const fresh = wished - held;
	return {messages: (ofNew > 0 ? fresh : 0) + (ofHeld > 0 ? held : 0), bytes: fresh * ofNew + held * ofHeld};
}

function bytesOfMessage(
	structure: Part,
	heldBytes: SampledMessage['heldBytes'],
	wish: Wish,
	line: Line | undefined,
): number {
	let bytes = 0;
	for (const {part, octets} of wishedParts(structure, wish)) {
		const left = octets - heldBytes(part.number);
		if (left > 0) bytes += bytesOfPart(left, shareOf(part, line), line);
	}
	return bytes;
}

const bytesOfPart = (octets: number, share: number, line: Line | undefined): number =>
	averages.around[formOf(line)] + octets * share;

function shareOf(part: Part, line: Line | undefined): number {
	const isUndone = line !== undefined && (line.isCompressed || line.hasBinary);
	if (part.encoding === 'base64' && part.type !== 'text') return isUndone ? denseShare : 1;
	return averages.share[mayShrink(part, false) ? formOf(line) : 'plain'];
}

/** How many messages are wished for. */
function wishedCount(
	{messages}: {readonly messages: number | undefined},
	{summaries}: Wish,
): {readonly count: number; readonly isAtMost: boolean} | undefined {
	if (summaries === 'none') return {count: 0, isAtMost: false};
	if (typeof summaries === 'object' && 'last' in summaries)
		return {count: Math.min(summaries.last, messages ?? summaries.last), isAtMost: messages === undefined};
	return messages === undefined ? undefined : {count: messages, isAtMost: summaries !== 'all'};
}

/** All of them together; what is not known of one is not known of the sum. */
export function sumOfCosts(costs: readonly WishCost[]): WishCost {
	const sum = (of: (cost: WishCost) => number | undefined): number | undefined =>
		costs.reduce<number | undefined>((total, cost) => {
			const more = of(cost);
			return total === undefined || more === undefined ? undefined : total + more;
		}, 0);
	return {
		messages: sum(({messages}) => messages),
		bytes: sum(({bytes}) => bytes),
		seconds: sum(({seconds}) => seconds),
		isAtMost: costs.some(({isAtMost}) => isAtMost),
		hasUnknownParts: costs.some(({hasUnknownParts}) => hasUnknownParts),
	};
}

/** `about 75 kB, ~25 s, for 480 messages; the parts come besides`. */
export function costWords({messages, bytes, seconds, isAtMost, hasUnknownParts}: WishCost): SafeText {
	const besides = hasUnknownParts ? '; parts come besides, their sizes are not known before' : '';
	if (bytes === undefined) return ours(`not known: how many messages there are is not known yet${besides}`);
	if (messages === 0)
		return ours(hasUnknownParts ? 'nothing but parts that may be missing' : 'nothing, all of it is here');
	const amount = `${isAtMost ? 'at most' : 'about'} ${bytesOf(bytes)}`;
	const time = seconds === undefined ? '' : `, ${durationOf(seconds)},`;
	return ours(`${amount}${time} for ${messages} ${messages === 1 ? 'message' : 'messages'}${besides}`);
}

const inShort = ({bytes, isAtMost}: WishCost, words: (bytes: number) => SafeText): SafeText =>
	ours(bytes === undefined ? '?' : `${bytes === 0 ? '' : isAtMost ? '<' : '~'}${words(bytes)}`);

/** In a word: `~75 kB`, `<1.2 MB`, `?`. */
export const shortCostWords = (cost: WishCost): SafeText => inShort(cost, bytesOf);

/** For columns: `~75k`, `<1.2M`, `?`. */
export const costSize = (cost: WishCost): SafeText => inShort(cost, sizeOf);
