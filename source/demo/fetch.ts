/**
 * FETCH and UID FETCH: rows of what was asked for, in the order it was asked.
 *
 * Law: a row costs what it holds. A range of a 40 MB part reads that range, a window of a million messages that window.
 */
import type {Bytes} from './bytes.ts';
import type {Commands, Reply} from './commands.ts';
import {type Connection, Refusal} from './connection.ts';
import {writeInternalDate} from './dates.ts';
import type {Faults} from './faults.ts';
import {type Partial, parseWanted, type Wanted} from './fetch-syntax.ts';
import type {Letter} from './mailbox-state.ts';
import {previewOf} from './readable.ts';
import {decodedPart, sectionBytes} from './section.ts';
import {bodyStructure, envelope, nstring} from './structure.ts';
import {BadSyntax, type Cursor} from './syntax.ts';
import {type Range, writeRanges, writeSet} from './uid-runs.ts';
import type {View} from './view.ts';

const chunkBytes = 65_536;
const rowsAtOnce = 500;

type Request = {
	readonly ranges: readonly Range[];
	readonly wanted: readonly Wanted[];
	readonly changedSince: number | undefined;
	readonly withVanished: boolean;
};

const readRequest = (connection: Connection, cursor: Cursor, isUid: boolean): Request => {
	cursor.space();
	const ranges = cursor.sequenceSet();
	cursor.space();
	const asked = parseWanted(cursor);
	let changedSince: number | undefined;
	let withVanished = false;
	if (connection.has('CONDSTORE') && cursor.take(' ')) {
		cursor.list(() => {
			const word = cursor.word();
			if (word === 'CHANGEDSINCE') {
				cursor.space();
				changedSince = cursor.number();
			} else if (word === 'VANISHED' && isUid && connection.hasQresync) withVanished = true;
			else throw new BadSyntax(`Unknown modifier ${word}`);
		});
	}
	cursor.end();
	if (withVanished && changedSince === undefined) throw new BadSyntax('VANISHED needs CHANGEDSINCE');
	for (const item of asked) checkAnnounced(connection, item);
	if (changedSince !== undefined || asked.some(item => item.kind === 'MODSEQ')) connection.hasCondstore = true;
	const wanted = [...asked];
	if (isUid && !wanted.some(item => item.kind === 'UID')) wanted.unshift({kind: 'UID'});
	if (changedSince !== undefined && !wanted.some(item => item.kind === 'MODSEQ')) wanted.push({kind: 'MODSEQ'});
	return {ranges, wanted, changedSince, withVanished};
};

const neededCapability: Readonly<Partial2<Wanted['kind']>> = {
	MODSEQ: 'CONDSTORE',
	PREVIEW: 'PREVIEW',
	binary: 'BINARY',
	'binary-size': 'BINARY',
};
type Partial2<K extends string> = {[key in K]?: string};

const checkAnnounced = (connection: Connection, item: Wanted): void => {
	const needed = neededCapability[item.kind];
	if (needed !== undefined && !connection.has(needed)) throw new BadSyntax(`Unknown fetch item ${item.kind}`);
};

const run = async (connection: Connection, cursor: Cursor, isUid: boolean): Promise<Reply> => {
	const view = connection.selected();
	const request = readRequest(connection, cursor, isUid);
	const {mailbox} = view;
	if (request.withVanished) tellVanished(connection, view, request);
	let rows = 0;
	let hasGone = false;
	const changed = request.changedSince === undefined ? undefined : new Set(mailbox.changedSince(request.changedSince));
	for (const uid of view.resolve(request.ranges, isUid)) {
		if (changed !== undefined && !changed.has(uid)) continue;
		if (!mailbox.uids.has(uid)) {
			hasGone = true;
			continue;
		}
		if (connection.wire.isClosed) return;
		await writeRow(connection, view, uid, request.wanted);
		if (++rows % rowsAtOnce === 0) await new Promise(resolve => setImmediate(resolve));
	}
	return hasGone ? 'OK [EXPUNGEISSUED] Some messages were already expunged.' : undefined;
};

const tellVanished = (connection: Connection, view: View, request: Request): void => {
	const gone = view.mailbox
		.expungedSince(request.changedSince ?? 0)
		.flatMap(([a, b]) => request.ranges.map(([from, to]): Range => [Math.max(a, from), Math.min(b, to)]))
		.filter(([from, to]) => from <= to);
	if (gone.every(([from, to]) => from === to)) {
		if (gone.length > 0) connection.line(`* VANISHED (EARLIER) ${writeSet(gone.map(([uid]) => uid))}`);
	} else connection.line(`* VANISHED (EARLIER) ${writeRanges(gone)}`);
};

type Value = string | {readonly literal: Bytes; readonly from: number; readonly to: number; readonly is8: boolean};

const writeRow = async (connection: Connection, view: View, uid: number, wanted: readonly Wanted[]): Promise<void> => {
	const {faults} = connection.world;
	const {mailbox} = view;
	if (faults.takeForRow('omit-row', uid) !== undefined) return;
	const isMarkedSeen = !view.isReadOnly && wanted.some(item => 'isPeek' in item && !item.isPeek);
	let items = wanted;
	if (isMarkedSeen && !mailbox.flags(uid).has('\\Seen')) {
		mailbox.setFlags(uid, [...mailbox.flags(uid), '\\Seen']);
		if (!wanted.some(item => item.kind === 'FLAGS')) items = [...wanted, {kind: 'FLAGS'}];
	}
	const values: [string, Value][] = [];
	const letter = lazily(() => mailbox.letter(uid));
	for (const item of items) values.push(itemValue(connection, view, uid, item, letter));
	if (items.some(item => item.kind === 'FLAGS')) view.told(uid);
	const isBroken = faults.takeForRow('malformed-row', uid) !== undefined;
	await writeValues(connection, view.uids.sequenceOf(uid), values, isBroken);
};

const lazily = <T>(make: () => T): (() => T) => {
	let made: {value: T} | undefined;
	return () => {
		made ??= {value: make()};
		return made.value;
	};
};

const writeValues = async (
	connection: Connection,
	sequence: number,
	values: readonly [string, Value][],
	isBroken: boolean,
): Promise<void> => {
	const {wire, world} = connection;
	let text = `* ${sequence} FETCH (`;
	let shown = text;
	const separator = isBroken ? ' ("' : ' ';
	for (const [index, [label, value]] of values.entries()) {
		text += `${index === 0 ? '' : separator}${label} `;
		shown += `${index === 0 ? '' : separator}${label} `;
		if (typeof value === 'string') {
			text += value;
			shown += value;
			continue;
		}
		const head = `${value.is8 ? '~' : ''}{${value.to - value.from}}`;
		shown += head;
		await wire.stream(Buffer.from(`${text}${head}\r\n`, 'latin1'));
		text = '';
		for (let at = value.from; at < value.to && !wire.isClosed; at += chunkBytes) {
			await wire.stream(value.literal.read(at, Math.min(value.to, at + chunkBytes)));
		}
	}
	const close = isBroken ? '' : ')';
	world.record(connection.number, 'server', shown + close);
	await wire.stream(Buffer.from(`${text}${close}\r\n`, 'latin1'));
};

const itemValue = (
	connection: Connection,
	view: View,
	uid: number,
	item: Wanted,
	letter: () => Letter,
): [string, Value] => {
	const {faults} = connection.world;
	const {mailbox} = view;
	switch (item.kind) {
		case 'UID':
			return ['UID', String(uid)];
		case 'FLAGS':
			return ['FLAGS', `(${[...mailbox.flags(uid)].join(' ')})`];
		case 'MODSEQ':
			return ['MODSEQ', `(${mailbox.modseq(uid)})`];
		case 'RFC822.SIZE':
			return ['RFC822.SIZE', String(mailbox.sizeBytes(uid))];
		case 'INTERNALDATE':
			return ['INTERNALDATE', `"${writeInternalDate(letter().internalDate)}"`];
		case 'ENVELOPE':
			return ['ENVELOPE', envelope(letter().message.root.fields)];
		case 'BODY':
		case 'BODYSTRUCTURE': {
			const isBroken = faults.takeForRow('malformed-structure', uid) !== undefined;
			const add = faults.takeForRow('false-size', uid)?.addBytes ?? 0;
			const structure = withSizes(bodyStructure(letter().message.root, item.kind === 'BODYSTRUCTURE'), add);
			return [item.kind, isBroken ? '(NIL ("text" 12 NIL) ("a" ("b")) 7 "mixed" (("boundary")))' : structure];
		}
		case 'PREVIEW':
			return ['PREVIEW', nstring(Buffer.from(previewOf(letter().message), 'utf8').toString('latin1'))];
		case 'section': {
			const bytes = sectionBytes(letter().message, item.section);
			return answered(item.label, bytes, item.partial, false, faultsOf(faults, uid));
		}
		case 'binary':
		case 'binary-size': {
			const content = decodedPart(letter().message, item.section.path);
			if (content === 'unknown') throw new Refusal('NO', '[UNKNOWN-CTE] Unknown transfer encoding.');
			if (item.kind === 'binary-size') return [item.label, String(content?.sizeBytes ?? 0)];
			return answered(item.label, content, item.partial, content?.mayHoldNul ?? false, faultsOf(faults, uid));
		}
	}
};

/** What is wrong with the octets of one answer. */
type Wrong = {
	readonly extraBytes: number;
	readonly mostBytes: number;
	readonly isWhole: boolean;
	readonly isOther: boolean;
};

const faultsOf = (faults: Faults, uid: number): Wrong => ({
	extraBytes: faults.takeForRow('long-literal', uid)?.extraBytes ?? 0,
	mostBytes: faults.takeForRow('short-section', uid)?.mostBytes ?? Number.POSITIVE_INFINITY,
	isWhole: faults.takeForRow('whole-section', uid) !== undefined,
	isOther: faults.takeForRow('other-octets', uid) !== undefined,
});

const withSizes = (structure: string, add: number): string =>
	add === 0
		? structure
		: structure.replaceAll(
				/("(?:base64|quoted-printable|[78]bit|binary)" )(\d+)/gi,
				(_, encoding: string, size: string) => `${encoding}${Math.max(0, Number(size) + add)}`,
			);

/** Who does not know ranges does not name one. */
const answered = (label: string, ...rest: Parameters<typeof literalOf>): [string, Value] => [
	rest[3].isWhole ? label.replace(/<\d+>$/, '') : label,
	literalOf(...rest),
];

const literalOf = (bytes: Bytes | undefined, partial: Partial | undefined, is8: boolean, wrong: Wrong): Value => {
	// A part that is not there is empty rather than NIL: as Dovecot says it, and legal.
	if (bytes === undefined) return '""';
	const from = wrong.isWhole ? 0 : Math.min(partial?.from ?? 0, bytes.sizeBytes);
	const count = wrong.isWhole ? bytes.sizeBytes : (partial?.count ?? bytes.sizeBytes);
	const to = Math.min(bytes.sizeBytes, from + Math.min(count, wrong.mostBytes));
	if (wrong.extraBytes === 0 && !wrong.isOther) return to === from ? '""' : {literal: bytes, from, to, is8};
	const octets = bytes.read(from, to);
	const sent = Buffer.concat([
		wrong.isOther ? octets.map(octet => octet ^ 1) : octets,
		Buffer.alloc(wrong.extraBytes, '!'),
	]);
	const literal = {sizeBytes: sent.length, read: (a: number, b: number) => sent.subarray(a, b)};
	return sent.length === 0 ? '""' : {literal, from: 0, to: sent.length, is8};
};

export const fetchCommands: Commands = {
	FETCH: {state: 'selected', keepsSequence: true, run: (connection, cursor) => run(connection, cursor, false)},
	'UID FETCH': {state: 'selected', run: (connection, cursor) => run(connection, cursor, true)},
};
