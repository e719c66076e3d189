/**
 * Where one can be: the screens and what each is of. The program is a stack of these; only the top one is mounted.
 */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import type {ScreenName} from '../source/keys/screens.ts';
import type {AccountName, MailboxPath, MessageId, PartNumber} from '../source/model/ids.ts';
import type {Answer} from '../source/model/invitation.ts';
import type {ModelName} from '../source/model/model.ts';
import type {SafeText} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import type {Manner} from '../source/writing/writing.ts';
import type {ListView} from './list-view.ts';
import type {Memory} from './memory.ts';
import type {Question} from './prompt.tsx';
import type {RowsPlace} from './rows-place.ts';
import type {Theme} from './theme.ts';
import type {Span} from './usage-lines.ts';

export type MessageView = {readonly top: number; readonly showsAllHeaders: boolean};
export type PartsView = {
	/** Undefined until the user moved: then the first part that is no mere bracket around others. */
	readonly row: number | undefined;
	readonly top: number;
	readonly marked: ReadonlySet<PartNumber>;
};
export type MailboxesView = {
	readonly path: MailboxPath | undefined;
	readonly top: number;
	/** Undefined until the user folded something: then all is shown, or in a long list nothing below the top. */
	readonly folded: ReadonlySet<MailboxPath> | undefined;
};

/** A message, and the list it was opened from, whose cursor follows when one reads on. */
export type MessageAt = {
	readonly mailbox: MailboxPath;
	readonly id: MessageId;
	/** The attached message, or ''. */
	readonly part: PartNumber;
	readonly list: Memory<RowsPlace> | undefined;
	/** The list of all inboxes, when it was opened from there. */
	readonly among?: Memory<InboxesView> | undefined;
};

export type AccountsView = {readonly account: AccountName | undefined; readonly row: number; readonly top: number};

/** The mailbox under the cursor; undefined: all without a wish of their own. */
export type WishesView = {readonly path: MailboxPath | undefined; readonly top: number; readonly isEditing: boolean};

/** `isBegun`: it was planned once; who comes back to it looks at the same. */
export type CallView = ListView & {readonly isBegun: boolean};

/** What is written: a draft, or one that begins with a message which may still have to come. */
export type Written =
	| {
			readonly kind: 'draft';
			readonly id: string;
			/** New, and so its first field is being typed. */
			readonly isFresh?: boolean;
			/** Its text is written at once: who asked for it did so while the message was on its way. */
			readonly opensText?: boolean;
	  }
	| (MessageOfDraft & {readonly kind: 'answer'; readonly manner: Manner})
	/** `isWhole`: as an attachment. */
	| (MessageOfDraft & {readonly kind: 'forward'; readonly isWhole: boolean})
	| (MessageOfDraft & {readonly kind: 'bounce'})
	/** It lies among the drafts: one goes on writing it. */
	| (MessageOfDraft & {readonly kind: 'resume'})
	/** Whether one comes to what the message invites to. */
	| (MessageOfDraft & {readonly kind: 'participation'; readonly answer: Answer});

/** `by`: the account one writes as; that of the message may be another, mail on this disk. */
type MessageOfDraft = {
	readonly by: AccountName;
	readonly mailbox: MailboxPath;
	readonly id: MessageId;
	readonly part: PartNumber;
};

/** The field under the cursor, and the first line of the text that is shown. */
export type ComposeView = ListView & {readonly textTop: number};

export type UsageView = {readonly top: number; readonly span: Span};

export type InboxesView = {
	readonly place: RowsPlace<string>;
	/** How many of the newest are in the list. */
	readonly size: number;
	/** Whether everybody has shown the newest once. */
	readonly isSettled: boolean;
	/** A move past the oldest of so many, made when there are more. */
	readonly wanted?: {readonly by: number; readonly from: number} | undefined;
};

export type Place =
	| {readonly screen: 'inboxes'; readonly memory: Memory<InboxesView>}
	| {readonly screen: 'accounts'; readonly memory: Memory<AccountsView>; readonly from: AccountName}
	| {readonly screen: 'mailboxes'; readonly memory: Memory<MailboxesView>; readonly from: MailboxPath}
	| {
			readonly screen: 'messages';
			readonly memory: Memory<RowsPlace>;
			readonly mailbox: MailboxPath;
			/** What stays on the server of an offline mailbox, not what came here. */
			readonly isLeft?: boolean;
			/** The local mailbox that an offline one is drained into. */
			readonly isOffline?: boolean;
	  }
	| ({readonly screen: 'message'; readonly memory: Memory<MessageView>} & MessageAt)
	| ({readonly screen: 'parts'; readonly memory: Memory<PartsView>} & MessageAt)
	| ({readonly screen: 'viewer'; readonly memory: Memory<number>; readonly of: PartNumber | 'pipe'} & MessageAt)
	| {readonly screen: 'outbox'; readonly memory: Memory<ListView>}
	| {readonly screen: 'usage'; readonly memory: Memory<UsageView>}
	| {readonly screen: 'downloads'; readonly memory: Memory<ListView>}
	| {readonly screen: 'wishes'; readonly memory: Memory<WishesView>; readonly from: MailboxPath | undefined}
	| {readonly screen: 'call'; readonly memory: Memory<CallView>}
	| {readonly screen: 'drafts'; readonly memory: Memory<ListView>}
	| {readonly screen: 'compose'; readonly memory: Memory<ComposeView>; readonly what: Written}
	| {readonly screen: 'help'; readonly memory: Memory<number>; readonly about: ScreenName};

/** What a screen may do to the program around it. */
export type Program = {
	/** `account`: whose it is, when it is not that of the place one comes from. */
	open(place: Place, account?: AccountName): void;
	/** Puts another place where this one is. */
	replace(place: Place, account?: AccountName): void;
	back(): void;
	say(text: SafeText): void;
	/** Of the screen that is shown, for sentences that name a key. */
	readonly keys: ScreenKeys;
	/** What one sees anyway: said only in the plain mode. */
	sayAloud(text: SafeText): void;
	ask(question: Question): void;
	/** Says what the offline model does, and has it chosen; without a mailbox for all of the account. */
	offerOffline(session: Session, mailbox?: MailboxPath): void;
	/** Another model than that; what was drained is offered to go back. */
	chooseModel(session: Session, name: Exclude<ModelName, 'offline'>, mailbox?: MailboxPath): void;
};

/** What every screen gets. `rows` is what it has to fill, its title line included. */
export type ScreenProps<Name extends ScreenName> = {
	readonly place: Extract<Place, {screen: Name}>;
	/** Of the account the place is of. */
	readonly session: Session;
	/** The account one is in: of an offline mailbox, and of a message in it, that which it was drained from. */
	readonly home: Session;
	readonly sessions: readonly Session[];
	readonly program: Program;
	readonly theme: Theme;
	readonly clock: () => number;
	readonly columns: number;
	readonly rows: number;
};
