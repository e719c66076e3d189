/**
 * A session that is all script: what the components see is set by the test, and what they ask for is written down.
 * It spends nothing, waits for nothing, and knows no server.
 */

import {type BudgetName, budgets, type OverBudget, priceOf} from '../../source/model/budget.ts';
import type {Call} from '../../source/model/call.ts';
import {type Drainings, defaultDrainings, withDraining} from '../../source/model/draining.ts';
import {drainingWords} from '../../source/model/draining-words.ts';
import {
	accountName,
	inbox,
	type MailboxPath,
	type MessageId,
	mailboxPath,
	messageId,
	type PartNumber,
	partNumber,
} from '../../source/model/ids.ts';
import type {Link} from '../../source/model/link.ts';
import type {Mailbox, MailboxList, MailboxState} from '../../source/model/mailbox.ts';
import type {Message, MessageText, TextLine} from '../../source/model/message.ts';
import {type Models, modelOf, withModel} from '../../source/model/model.ts';
import type {Notice} from '../../source/model/notice.ts';
import type {Operation} from '../../source/model/operation.ts';
import type {ShownLetter} from '../../source/model/outgoing.ts';
import {findPart, type Part} from '../../source/model/part.ts';
import {ours, type SafeText, safeLine} from '../../source/model/safe-text.ts';
import {type StatePlaces, spellStatePlace, withServer} from '../../source/model/state-place.ts';
import type {Transfer} from '../../source/model/transfer.ts';
import {type Ledger, noUsage} from '../../source/model/usage.ts';
import {defaultWishes, type Wishes, withWish} from '../../source/model/wish.ts';
import {type HeldCounts, nothingHeld} from '../../source/model/wish-cost.ts';
import {wishWords} from '../../source/model/wish-words.ts';
import {type LiveSource, live} from '../../source/session/live.ts';
import type {
	ListFields,
	MessageContent,
	OpenMailbox,
	OpenMessage,
	PipeOutput,
	Session,
	Staying,
	WrittenMessage,
} from '../../source/session/session.ts';
import {loggedOperation, loggedTarget} from '../helpers/logged.ts';

type FakeMailbox = OpenMailbox & {readonly state: LiveSource<MailboxState>; rows: (Message | undefined)[]};
export type FakeMessage = OpenMessage & {
	readonly content: LiveSource<MessageContent>;
	readonly summary: LiveSource<Message | undefined>;
	readonly pipeOutput: LiveSource<PipeOutput | undefined>;
	readonly listFields: LiveSource<ListFields>;
	text: readonly TextLine[];
	/** What `calendarLines` gives. */
	calendarText: readonly TextLine[];
	/** What `written` gives. */
	wrote: WrittenMessage;
	readonly held: Map<PartNumber, number>;
	readonly partTexts: Map<PartNumber, readonly TextLine[]>;
};

export type FakeSession = Omit<Session, 'mailbox' | 'message' | 'special' | 'post'> & {
	readonly post: Session['post'] & {
		readonly letters: LiveSource<readonly ShownLetter[]>;
		readonly staying: LiveSource<Staying>;
	};
	special: Session['special'];
	/** Every call that may cost or decides something: `ensureRows INBOX 1 20`. */
	readonly calls: string[];
	readonly link: LiveSource<Link>;
	readonly ledger: LiveSource<Ledger>;
	readonly budgetLeft: LiveSource<number | undefined>;
	readonly overBudget: LiveSource<OverBudget | undefined>;
	readonly notice: LiveSource<Notice | undefined>;
	readonly mailboxes: LiveSource<MailboxList>;
	readonly transfers: LiveSource<readonly Transfer[]>;
	readonly wishes: LiveSource<Wishes>;
	readonly heldOf: Map<MailboxPath, HeldCounts>;
	readonly models: LiveSource<Models>;
	readonly drainings: LiveSource<Drainings>;
	/** What `staying` says. */
	stays: SafeText;
	readonly call: LiveSource<Call | undefined>;
	readonly operations: LiveSource<readonly Operation[]>;
	readonly files: Set<string>;
	mailbox(path: MailboxPath): FakeMailbox;
	message(id: MessageId, part?: PartNumber): FakeMessage;
	/** Fills a mailbox and opens it. */
	fill(path: MailboxPath, rows: readonly (Message | undefined)[]): void;
	/** What was asked since the last time. */
	spent(): string[];
};

export const noText: MessageText = {
	kind: 'none',
	isAsking: false,
	heldBytes: 0,
	totalBytes: undefined,
	isWhole: true,
	remark: ours(''),
	hasAlternative: false,
};

export const noContent: MessageContent = {
	state: 'unknown',
	because: ours(''),
	headers: [],
	allHeaders: undefined,
	structure: undefined,
	text: noText,
	calendar: undefined,
	links: [],
	preview: ours(''),
};

export const noLedger: Ledger = {
	connection: noUsage,
	today: noUsage,
	ever: noUsage,
	lastHours: Array.from({length: 24}, () => 0),
	lastDays: Array.from({length: 30}, () => 0),
};

export const linkUp: Link = {
	state: 'up',
	because: ours(''),
	retryAt: undefined,
	bytesPerSecond: 3100,
	roundTripMs: 600,
	chunkBytes: 4096,
	isEncrypted: true,
	isLocal: false,
	isCompressed: true,
	hasBinary: false,
};

export function fakeMessage(id: number, over: Partial<Message> = {}): Message {
	return {
		id: messageId(id),
		mailbox: inbox,
		uid: id,
		from: ours(`Sender ${id}`),
		subject: ours(`Subject ${id}`),
		date: new Date(2024, 10, 20, 14, 5).getTime(),
		sizeBytes: 2100,
		flags: new Set(['\\Seen']),
		held: 'summary',
		isPending: false,
		isTagged: false,
		...over,
	};
}

export function fakePart(number: string, type: string, over: Partial<Part> = {}): Part {
	const [kind = '', subtype = ''] = type.split('/');
	return {
		number: partNumber(number),
		type: kind,
		subtype,
		parameters: {},
		encoding: '7bit',
		sizeBytes: kind === 'multipart' ? 0 : 1000,
		disposition: '',
		name: ours(''),
		description: ours(''),
		children: [],
		envelope: undefined,
		...over,
	};
}

export function fakeMailboxRow(path: string, over: Partial<Mailbox> = {}): Mailbox {
	const levels = path.split('/');
	const parent = levels.slice(0, -1).join('/');
	return {
		path: mailboxPath(path),
		name: safeLine(path),
		leaf: safeLine(levels.at(-1) ?? path),
		depth: levels.length - 1,
		parent: parent === '' ? undefined : mailboxPath(parent),
		specialUse: undefined,
		isSelectable: true,
		hasChildren: false,
		messages: undefined,
		unseen: undefined,
		...over,
	};
}

export const textLine = (text: string): TextLine => ({
	text: safeLine(text),
	quoteDepth: /^>/.test(text) ? 1 : 0,
	kind: /^>/.test(text) ? 'quote' : 'text',
});

export function fakeSession(name = 'demo'): FakeSession {
	const calls: string[] = [];
	const note = (...words: readonly (string | number | boolean | undefined)[]): void => {
		calls.push(words.filter(word => word !== undefined && word !== '').join(' '));
	};
	const openMailboxes = new Map<string, FakeMailbox>();
	const openMessages = new Map<string, FakeMessage>();
	const link = live<Link>(linkUp);
	const budget = live(budgets.free);

	const openMailbox = (path: MailboxPath): FakeMailbox => {
		const state = live<MailboxState>({
			state: 'closed',
			because: ours(''),
			count: undefined,
			isReadOnly: false,
			permanentFlags: undefined,
			statePlace: withServer,
			uidValidity: undefined,
			tagged: 0,
			version: 0,
			asOf: undefined,
		});
		const mailbox: FakeMailbox = {
			path,
			name: safeLine(path),
			state,
			rows: [],
			row: position => mailbox.rows[position - 1],
			positionOf(id) {
				const index = mailbox.rows.findIndex(row => row?.id === id);
				return index < 0 ? undefined : index + 1;
			},
			ensureRows: (first, last) => note('ensureRows', path, first, last),
			ensureNewest: count => note('ensureNewest', path, count),
			ensureAhead: (first, last) => note('ensureAhead', path, first, last),
			priceAcross: () => ({bytes: 70_000, seconds: undefined, isAtMost: false}),
			decide(which, change) {
				note('decide', path, which === 'tagged' ? which : which.join(','), JSON.stringify(change));
				return true;
			},
			tag: (ids, isTagged) => note('tag', path, ids.join(','), isTagged),
			untagAll: () => note('untagAll', path),
			ensureTagged: what => note('ensureTagged', path, JSON.stringify(what)),
		};
		return mailbox;
	};

	const openMessage = (id: MessageId, part: PartNumber): FakeMessage => {
		const name = part === '' ? `${id}` : `${id}/${part}`;
		const content = live(noContent);
		const found = [...openMailboxes.values()].flatMap(mailbox => mailbox.rows).find(row => row?.id === id);
		const message: FakeMessage = {
			id,
			part,
			get lies() {
				return message.summary.get() ?? {mailbox: inbox, uid: 0};
			},
			summary: live<Message | undefined>(found),
			content,
			text: [],
			calendarText: [],
			held: new Map(),
			partTexts: new Map(),
			lines: () => message.text,
			calendarLines: () => message.calendarText,
			ensureContent: () => note('ensureContent', name),
			leave: () => {},
			ensureMoreText: () => note('ensureMoreText', name),
			ensureForAnswer: () => note('ensureForAnswer', name),
			ensureListFields() {
				note('ensureListFields', name);
				return message.listFields;
			},
			listFields: live<ListFields>({state: 'asking'}),
			ensureAllHeaders: () => note('ensureAllHeaders', name),
			written: () => message.wrote,
			wrote: {
				header: Buffer.from('From: Ada <ada@example.org>\r\nTo: me@example.org\r\nSubject: Hello\r\n\r\n'),
				isHeaderHere: true,
				text: ours('Good morning'),
				isTextHere: true,
				isTextWhole: true,
			},
			shown: () => {},
			chooseHtml: isHtml => note('chooseHtml', name, isHtml),
			price(parts) {
				const root = content.get().structure;
				const sizes = parts.map(each => (root && findPart(root, each)?.sizeBytes) || 0);
				return priceOf(
					sizes.map(octets => ({octets, isDecoded: false, mayShrink: false})),
					link.get(),
				);
			},
			priceOfMoreText(bytes = budget.get().textBytes) {
				const {totalBytes = 0, heldBytes} = content.get().text;
				return priceOf(
					[{octets: Math.min(bytes, totalBytes - heldBytes), isDecoded: false, mayShrink: true}],
					link.get(),
				);
			},
			heldBytes: each => message.held.get(each) ?? 0,
			travelBytes: each => (content.get().structure && findPart(content.get().structure as Part, each)?.sizeBytes) || 0,
			isWhole: each => message.heldBytes(each) >= message.travelBytes(each) && message.travelBytes(each) > 0,
			choose: parts => note('choose', name, parts.join(',')),
			partLines: each => message.partTexts.get(each),
			suggestedFile: each => `part-${each}.bin`,
			save(each, file, options) {
				note('save', name, each, file, options?.mayReplace ? 'replacing' : '');
				return undefined;
			},
			saveAll: (parts, folder) => note('saveAll', name, parts.join(','), folder),
			open: each => note('open', name, each),
			pipe: (each, command) => note('pipe', name, each, command),
			pipeOutput: live<PipeOutput | undefined>(undefined),
		};
		return message;
	};

	const session: FakeSession = {
		account: accountName(name),
		address: safeLine(`me@${name}.example:993`),
		calls,
		link,
		usage: live(noUsage),
		ledger: live<Ledger>(noLedger),
		budgetLeft: live<number | undefined>(undefined),
		overBudget: live<OverBudget | undefined>(undefined),
		notice: live<Notice | undefined>(undefined),
		budget,
		mailboxes: live<MailboxList>({state: 'unknown', mailboxes: []}),
		transfers: live<readonly Transfer[]>([]),
		operations: live<readonly Operation[]>([]),
		addressFields: () => [],
		post: {
			maySend: true,
			staying: live<Staying>('no'),
			ensureStaying: () => {},
			leaving: 0,
			letters: live<readonly ShownLetter[]>([]),
			takeBack: letter => note('takeBack', letter),
			keepDraft: id => note('keepDraft', id),
			adoptDraft: (id, {uid}) => {
				note('adoptDraft', uid);
				return id;
			},
			dropDraft: id => note('dropDraft', id),
			sendAgain: letter => note('sendAgain', letter),
			arrived: letter => note('arrived', letter),
			discard: letter => note('discardLetter', letter),
			hold: (letter, isHeld) => note('holdLetter', letter, isHeld),
			async send({draft, draftId, account}) {
				note('send', draft.subject, draftId, account);
				session.notice.set({kind: 'done', text: ours('It is on its way'), serial: 1});
				return {id: '1', account: account ?? accountName(name)};
			},
		},
		bring(at, mediaType, file) {
			note('bring', at.part, mediaType, file);
			return 1;
		},
		priceToBring: ({sizeBytes}) => ({bytes: sizeBytes, seconds: undefined, isAtMost: false}),
		wishes: live<Wishes>(defaultWishes),
		heldOf: new Map(),
		bodies: () => ({heldBytes: 1_200_000, mostBytes: 500_000_000}),
		held: path => session.heldOf.get(path) ?? nothingHeld,
		models: live<Models>({account: 'online', mailboxes: {}}),
		statePlaces: live<StatePlaces>({}),
		chooseStatePlace: (mailbox, place) => note('chooseStatePlace', mailbox, spellStatePlace(place)),
		special: use => (use === 'trash' ? mailboxPath('Trash') : mailboxPath('Archive')),
		undo: operation => (operation === undefined ? note('undo') : note('undo', operation)),
		discard: operation => note('discard', operation),
		retry: operation => note('retry', operation),
		hold: (operation, isHeld) => note('hold', operation, isHeld),
		decideAboutMailbox: change => note('decide', JSON.stringify(change)),
		decideByUid: () => undefined,
		files: new Set(),
		ensureMailboxes: options => note('ensureMailboxes', options?.isFresh ? 'fresh' : ''),
		mailbox(path) {
			const mailbox = openMailboxes.get(path) ?? openMailbox(path);
			openMailboxes.set(path, mailbox);
			return mailbox;
		},
		message(id, part = partNumber('')) {
			const key = `${id}/${part}`;
			const message = openMessages.get(key) ?? openMessage(id, part);
			openMessages.set(key, message);
			return message;
		},
		setWish(mailbox, wish) {
			note('setWish', mailbox ?? '(all others)', wish ? wishWords(wish) : 'none of its own');
			session.wishes.set(withWish(session.wishes.get(), mailbox, wish));
		},
		drainings: live<Drainings>(defaultDrainings),
		setDraining(mailbox, draining) {
			note('setDraining', mailbox ?? '(all others)', draining ? drainingWords(draining) : 'none of its own');
			session.drainings.set(withDraining(session.drainings.get(), mailbox, draining));
		},
		isOffline: mailbox => modelOf(session.models.get(), mailbox) === 'offline',
		localOf: mailbox => mailboxPath(`${name}/${mailbox}`),
		staying: () => session.stays,
		stays: ours(''),
		chooseModel(model, mailbox) {
			note('chooseModel', model, mailbox);
			session.models.set(withModel(session.models.get(), model, mailbox));
		},
		call: live<Call | undefined>(undefined),
		planCall: () => note('planCall'),
		strike: (line, isStruck) => note('strike', line, isStruck),
		goCall: () => note('goCall'),
		stopCall: () => note('stopCall'),
		chooseBudget(name: BudgetName) {
			note('chooseBudget', name);
			budget.set(budgets[name]);
		},
		limitSession: bytes => note('limitSession', bytes ?? 'off'),
		answerOverBudget(isAllowed) {
			note('answerOverBudget', isAllowed);
			session.overBudget.set(undefined);
		},
		look: () => note('look'),
		dial: () => note('dial'),
		hangUp: () => note('hangUp'),
		cancel: id => note('cancel', id),
		pause: id => note('pause', id),
		resume: id => note('resume', id),
		openFile: id => note('openFile', id),
		takeUpDownloads: () => note('takeUpDownloads'),
		fileExists: file => session.files.has(file),
		nowCalled: path => path,
		leaving: () => 0,
		left: async () => {},
		close: async () => {},
		fill(path, rows) {
			const mailbox = session.mailbox(path);
			mailbox.rows = [...rows];
			const before = mailbox.state.get();
			mailbox.state.set({...before, state: 'open', count: rows.length, uidValidity: 1, version: before.version + 1});
		},
		spent: () => calls.splice(0),
	};
	return session;
}

export const notice = (text: string, serial: number, kind: Notice['kind'] = 'done'): Notice => ({
	kind,
	text: safeLine(text) as SafeText,
	serial,
});

export const fakeOperation = (id: number, over: Partial<Operation>): Operation =>
	loggedOperation(id, {
		change: {kind: 'move', to: {path: mailboxPath('Archive')}},
		targets: [loggedTarget(1, {place: {mailbox: inbox, uidValidity: 1, uid: 1}})],
		...over,
	});
