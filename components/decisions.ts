/**
 * What one can decide about a message, or about those that are tagged: the commands that the list, the message and every
 * other list of messages have in common.
 *
 * Law: what can be taken back is not confirmed, what cannot is.
 */
import {flagWord} from '../source/model/flag-word.ts';
import {hasFlag, type Message} from '../source/model/message.ts';
import {type Change, transferTo} from '../source/model/operation.ts';
import {countOf, doneWords} from '../source/model/operation-words.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {OpenMailbox, Session, Which} from '../source/session/session.ts';
import {completed, findAnywhere, namesIn, namesOf} from './mailbox-question.ts';
import {type Found, mailOf} from './offline-place.ts';
import type {Program} from './places.ts';
import {spend} from './price-question.ts';
import {safe} from './safe.ts';
import type {Handlers} from './use-commands.ts';

type Deciding = {
	readonly session: Session;
	/** The account one is in: of an offline mailbox that which it was drained from. */
	readonly home?: Session | undefined;
	/** All accounts: messages can go to any of them. */
	readonly sessions: readonly Session[];
	readonly mailbox: OpenMailbox;
	readonly program: Program;
	/** The message under the cursor. */
	readonly message: Message | undefined;
	/** After the message went from here. */
	onGone?(): void;
};

type Many = {readonly which: Which; readonly count: number};

export function decisionCommands(around: Deciding): Handlers {
	const {message} = around;
	// A row that cannot be read is of a message that cannot be named; one that has not arrived is decided about where it is.
	const isNamed = message !== undefined && (message.uid > 0 || message.isPending);
	const one: Many | undefined = isNamed ? {which: [message.id], count: 1} : undefined;
	const whenOne = (work: (many: Many, argument: string) => void) =>
		one === undefined ? undefined : (argument: string) => work(one, argument);
	const set = (flag: string): boolean => message !== undefined && !hasFlag(message, flag);
	return {
		delete: whenOne(many => toTrash(around, many)),
		remove: whenOne(many => removeForGood(around, many)),
		move: whenOne((many, name) => transfer(around, many, 'move', name)),
		copy: whenOne((many, name) => transfer(around, many, 'copy', name)),
		archive: whenOne(many => archive(around, many)),
		flag: whenOne((many, word) =>
			word === '' ? mark(around, flagged(set('\\Flagged')), many) : markByWord(around, word, true, many),
		),
		unflag: whenOne((many, word) => markByWord(around, word || 'flagged', false, many)),
		toggleRead: whenOne(many => mark(around, seen(set('\\Seen')), many)),
	};
}

export function taggedCommands(around: Deciding): Handlers {
	const {mailbox, program} = around;
	const count = mailbox.state.get().tagged;
	const whenTagged =
		(work: (many: Many, argument: string) => void) =>
		(argument: string): void => {
			if (count === 0)
				program.say(safe`nothing is tagged: ${program.keys.hint('tag', 'tags a message')}, :tag 1-100 many`);
			else work({which: 'tagged', count}, argument);
		};
	const flag = (change: Change) => whenTagged(many => decide(around, change, many));
	return {
		deleteTagged: whenTagged(many => toTrash(around, many)),
		moveTagged: whenTagged(many => transfer(around, many, 'move', '')),
		copyTagged: whenTagged(many => transfer(around, many, 'copy', '')),
		archiveTagged: whenTagged(many => archive(around, many)),
		flagTagged: whenTagged((many, word) => markByWord(around, word || 'flagged', true, many)),
		unflagTagged: whenTagged((many, word) => markByWord(around, word || 'flagged', false, many)),
		readTagged: flag(seen(true)),
		unreadTagged: flag(seen(false)),
		untagAll: () => untag(mailbox, program),
	};
}

function untag(mailbox: OpenMailbox, program: Program): void {
	mailbox.untagAll();
	program.sayAloud(ours('nothing is tagged'));
}

const flagged = (isSet: boolean): Change => ({kind: 'flag', flag: '\\Flagged', isSet});
const seen = (isSet: boolean): Change => ({kind: 'flag', flag: '\\Seen', isSet});

/** Decides, and tells who wants to know when a message went. The session says what was decided. */
function decide({mailbox, onGone}: Deciding, change: Change, {which}: Many): void {
	const isGone = mailbox.decide(which, change) && (change.kind === 'move' || change.kind === 'remove');
	if (isGone) onGone?.();
}

/** Seen in the row, or else said. */
function mark({mailbox, program}: Deciding, change: Change, {which, count}: Many): void {
	if (mailbox.decide(which, change)) program.sayAloud(doneWords(change, count));
}

/** `:flag $Forwarded`, `:unflag Later`. */
function markByWord(around: Deciding, word: string, isSet: boolean, many: Many): void {
	const flag = flagWord(word);
	if (flag === undefined)
		around.program.say(safe`${safeLine(word)} is no flag: seen, flagged, answered, or a keyword of ASCII letters`);
	else mark(around, {kind: 'flag', flag, isSet}, many);
}

const isOurs = ({mailbox}: Deciding): boolean => mailbox.state.get().statePlace.with !== 'server';

function toTrash(around: Deciding, many: Many): void {
	const trash = around.session.special('trash');
	// What is not ours to delete is hidden, which can be taken back.
	if (isOurs(around)) decide(around, {kind: 'remove'}, many);
	else if (trash === around.mailbox.path) removeForGood(around, many);
	else if (trash === '') {
		const words = ours('There is no Trash here that is known.');
		removeForGood(around, many, words);
	} else decide(around, {kind: 'move', to: {use: 'trash'}}, many);
}

function removeForGood(around: Deciding, many: Many, because: SafeText = ours('')): void {
	if (isOurs(around)) {
		decide(around, {kind: 'remove'}, many);
		return;
	}
	around.program.ask({
		kind: 'yes-or-no',
		label: safe`${because}${because === '' ? ours('') : ours(' ')}Remove ${countOf(many.count)} for good?`,
		onYes: () => decide(around, {kind: 'remove'}, many),
	});
}

/** Of an offline mailbox into what was drained of that account's archive, where that is drained too. */
function archive(around: Deciding, many: Many): void {
	const {session, home = session} = around;
	const path = home === session ? undefined : home.special('archive');
	const isHere = path !== undefined && path !== '' && home.isOffline(path);
	if (isHere) makeSure({session, path: home.localOf(path)});
	decide(around, {kind: 'move', to: isHere ? {path: home.localOf(path)} : {use: 'archive'}}, many);
}

function transfer(around: Deciding, many: Many, kind: 'move' | 'copy', named: string): void {
	const {session, home = session, sessions, mailbox, program} = around;
	const others = sessions.filter(each => each !== home);
	const go = (name: string): void => {
		const named = findAnywhere(home, name, sessions, program.keys);
		if ('because' in named) {
			program.say(named.because);
			return;
		}
		// What stays of an offline mailbox may go to another one on the server.
		const found = named.session === session ? named : mailOf(named, sessions);
		// That of a mailbox nothing was drained from yet is made for it.
		if (found !== named) makeSure(found);
		if (found.session !== session) carry(around, many, kind, found);
		else if (found.path === mailbox.path && kind === 'move') program.say(safe`it is in ${mailbox.name} already`);
		else decide(around, transferTo(kind, {path: found.path}), many);
	};
	if (named !== '') {
		go(named);
		return;
	}
	home.ensureMailboxes();
	const names = (): SafeText[] => [...namesIn(home), ...others.flatMap(namesOf)];
	program.ask({
		kind: 'line',
		label: safe`${kind === 'move' ? ours('Move') : ours('Copy')} ${countOf(many.count)} to mailbox: `,
		initial: '',
		onEnter: go,
		complete: text => completed(text, names()),
	});
}

function makeSure({session, path}: Found): void {
	const isThere = session.mailboxes.get().mailboxes.some(each => each.path === path && each.isSelectable);
	if (!isThere) session.decideAboutMailbox({kind: 'create', mailbox: path});
}

/** To another account it has to come down here and go up there: what that costs is asked about first. */
function carry(around: Deciding, many: Many, kind: 'move' | 'copy', {session: {account}, path}: Found): void {
	const {session, mailbox, program} = around;
	const verb = kind === 'move' ? ours('Move') : ours('Copy');
	const what = safe`${verb} ${countOf(many.count)} to ${safeLine(`${account}/${path}`)}`;
	const price = mailbox.priceAcross(many.which);
	const go = (): void => decide(around, transferTo(kind, {account, mailbox: path}), many);
	if (price === undefined)
		program.ask({kind: 'yes-or-no', label: safe`${what}, of sizes that nobody knows yet?`, onYes: go});
	else spend(session, program, {what, price, go});
}

/** `:tag 1-100`, `all`, `unread`, `flagged`, `none`. */
export function tagByWords(mailbox: OpenMailbox, words: string, program: Program): void {
	const range = /^(\d+)\s*[-:]\s*(\d+)$/.exec(words) ?? /^(\d+)()$/.exec(words);
	if (words === 'none') untag(mailbox, program);
	else if (words === 'all' || words === 'unread' || words === 'flagged') mailbox.ensureTagged({what: words});
	else if (range) {
		const [from, to] = [Number(range[1]), Number(range[2] || range[1])];
		const count = mailbox.state.get().count ?? 0;
		if (Math.max(from, to) > count || Math.min(from, to) < 1)
			program.say(safe`there are ${count} messages here, numbered from 1`);
		else mailbox.ensureTagged({what: 'range', first: Math.min(from, to), last: Math.max(from, to)});
	} else program.say(ours('tag what? :tag 1-100, :tag all, :tag unread, :tag flagged, :tag none'));
}
