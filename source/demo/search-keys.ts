/** The keys of SEARCH, each read into a question about one UID. */
import type {Connection} from './connection.ts';
import {readDay, readSentDay} from './dates.ts';
import {fieldOf} from './header.ts';
import {readableField, readablePart, textParts} from './readable.ts';
import {BadSyntax, type Cursor} from './syntax.ts';
import type {View} from './view.ts';

export type Matcher = (uid: number) => boolean;
export type Context = {readonly connection: Connection; readonly view: View; usesModseq: boolean};
type Key = (cursor: Cursor, context: Context) => Matcher;

const dayMs = 86_400_000;

const flagKey =
	(flag: string, isSet: boolean): Key =>
	(_, {view}) =>
	uid =>
		view.mailbox.flags(uid).has(flag) === isSet;

const both =
	(a: Key, b: Key): Key =>
	(cursor, context) => {
		const first = a(cursor, context);
		const second = b(cursor, context);
		return uid => first(uid) && second(uid);
	};

const readText = (cursor: Cursor): string => {
	cursor.space();
	return Buffer.from(cursor.astring(), 'latin1').toString('utf8').toLowerCase();
};

const fieldContains = (context: Context, uid: number, name: string, text: string): boolean => {
	const {fields} = context.view.mailbox.letter(uid).message.root;
	return fields.some(
		field => field.name.toLowerCase() === name && readableField(field.value).toLowerCase().includes(text),
	);
};

const fieldKey =
	(name: string): Key =>
	(cursor, context) => {
		const text = readText(cursor);
		return uid => fieldContains(context, uid, name, text);
	};

const bodyContains = (context: Context, uid: number, text: string): boolean => {
	const {message} = context.view.mailbox.letter(uid);
	for (const part of textParts(message.root)) {
		if (readablePart(message, part).toLowerCase().includes(text)) return true;
	}
	return false;
};

const readDate = (cursor: Cursor): number => {
	cursor.space();
	const day = readDay(cursor.astring());
	if (day === undefined) throw new BadSyntax('Invalid date');
	return day;
};

const dateKey =
	(dayOf: (context: Context, uid: number) => number | undefined, compare: (own: number, day: number) => boolean): Key =>
	(cursor, context) => {
		const day = readDate(cursor);
		return uid => {
			const own = dayOf(context, uid);
			return own !== undefined && compare(own, day);
		};
	};

const arrived = ({view}: Context, uid: number): number =>
	Math.floor(view.mailbox.letter(uid).internalDate / dayMs) * dayMs;

const sent = ({view}: Context, uid: number): number | undefined =>
	readSentDay(fieldOf(view.mailbox.letter(uid).message.root.fields, 'date') ?? '');

const before = (own: number, day: number) => own < day;
const on = (own: number, day: number) => own === day;
const since = (own: number, day: number) => own >= day;

const sizeKey =
	(compare: (size: number, limit: number) => boolean): Key =>
	(cursor, {view}) => {
		cursor.space();
		const limit = cursor.number();
		return uid => compare(view.mailbox.sizeBytes(uid), limit);
	};

const keywordKey =
	(isSet: boolean): Key =>
	(cursor, {view}) => {
		cursor.space();
		const keyword = cursor.atom().toLowerCase();
		return uid => [...view.mailbox.flags(uid)].some(flag => flag.toLowerCase() === keyword) === isSet;
	};

const always: Key = () => () => true;
const never: Key = () => () => false;

const setKey =
	(isUid: boolean): Key =>
	(cursor, {view}) => {
		const uids = new Set(view.resolve(cursor.sequenceSet(), isUid));
		return uid => uids.has(uid);
	};

const keys: Readonly<Record<string, Key>> = {
	ALL: always,
	ANSWERED: flagKey('\\Answered', true),
	UNANSWERED: flagKey('\\Answered', false),
	DELETED: flagKey('\\Deleted', true),
	UNDELETED: flagKey('\\Deleted', false),
	DRAFT: flagKey('\\Draft', true),
	UNDRAFT: flagKey('\\Draft', false),
	FLAGGED: flagKey('\\Flagged', true),
	UNFLAGGED: flagKey('\\Flagged', false),
	SEEN: flagKey('\\Seen', true),
	UNSEEN: flagKey('\\Seen', false),
	NEW: both(never, always),
	OLD: always,
	RECENT: never,
	KEYWORD: keywordKey(true),
	UNKEYWORD: keywordKey(false),
	FROM: fieldKey('from'),
	TO: fieldKey('to'),
	CC: fieldKey('cc'),
	BCC: fieldKey('bcc'),
	SUBJECT: fieldKey('subject'),
	BEFORE: dateKey(arrived, before),
	ON: dateKey(arrived, on),
	SINCE: dateKey(arrived, since),
	SENTBEFORE: dateKey(sent, before),
	SENTON: dateKey(sent, on),
	SENTSINCE: dateKey(sent, since),
	LARGER: sizeKey((size, limit) => size > limit),
	SMALLER: sizeKey((size, limit) => size < limit),
	HEADER(cursor, context) {
		cursor.space();
		const name = cursor.astring().toLowerCase();
		const text = readText(cursor);
		return uid => fieldContains(context, uid, name, text);
	},
	BODY(cursor, context) {
		const text = readText(cursor);
		return uid => bodyContains(context, uid, text);
	},
	TEXT(cursor, context) {
		const text = readText(cursor);
		return uid => {
			const {fields} = context.view.mailbox.letter(uid).message.root;
			const isInHeader = fields.some(field => readableField(field.raw).toLowerCase().includes(text));
			return isInHeader || bodyContains(context, uid, text);
		};
	},
	UID(cursor, context) {
		cursor.space();
		return setKey(true)(cursor, context);
	},
	NOT(cursor, context) {
		cursor.space();
		const inner = readKey(cursor, context);
		return uid => !inner(uid);
	},
	OR(cursor, context) {
		cursor.space();
		const first = readKey(cursor, context);
		cursor.space();
		const second = readKey(cursor, context);
		return uid => first(uid) || second(uid);
	},
	MODSEQ(cursor, context) {
		if (!context.connection.has('CONDSTORE')) throw new BadSyntax('Unknown search key MODSEQ');
		cursor.space();
		if (cursor.isAtString) {
			cursor.string();
			cursor.space();
			cursor.atom();
			cursor.space();
		}
		const modseq = cursor.number();
		context.usesModseq = true;
		context.connection.hasCondstore = true;
		return uid => context.view.mailbox.modseq(uid) >= modseq;
	},
};

export const readKey = (cursor: Cursor, context: Context): Matcher => {
	if (cursor.peek('(')) {
		const inner = cursor.list(() => readKey(cursor, context));
		return uid => inner.every(matches => matches(uid));
	}
	if (/[0-9*]/.test(cursor.text[cursor.at] ?? '')) return setKey(false)(cursor, context);
	const name = cursor.word();
	const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
	if (key === undefined) throw new BadSyntax(`Unknown search key ${name}`);
	return key(cursor, context);
};
