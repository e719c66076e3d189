/**
 * A server, in our words: the only thing of this folder that the session knows.
 *
 * One Remote is one connection. It has no memory and no opinion: it asks what it is told to ask, at once, and
 * several questions may be under way together. `fetch…` costs bytes. Every failure is a `Failure`.
 */
import type {Account} from '../model/account.ts';
import type {Failure} from '../model/failure.ts';
import type {MailboxPath, PartNumber} from '../model/ids.ts';
import type {SpecialUse} from '../model/mailbox.ts';
import type {Flag} from '../model/message.ts';
import type {PartOnServer} from '../model/piece.ts';
import type {PermanentFlags} from '../model/state-place.ts';
import type {Purpose, Spent, Usage} from '../model/usage.ts';
import type {UrlOwner} from './imap-url.ts';

/** A set of UIDs as IMAP spells it: `3:5,9`. Ascending, no star. */
export type UidSet = string;
/** A MODSEQ (RFC 7162 §3.1.1) in decimal: 63 bits, more than a number holds. Compared as BigInt. */
export type Modseq = string;

/** What is known of a mailbox from before, so that opening it can bring what changed (QRESYNC, RFC 7162 §3.2.5). */
export type KnownMailbox = {
	readonly uidValidity: number;
	/** All up to it is known; undefined: the server had none, so only opening and comparing helps. */
	readonly highestModseq: Modseq | undefined;
	/** The lowest and highest UID held: one range, whatever the gaps. undefined: none held. */
	readonly uids: {readonly first: number; readonly last: number} | undefined;
};

export type FlagsFact = {readonly uid: number; readonly flags: readonly Flag[]};

export type RowFact = {
	readonly sequence: number;
	readonly uid: number;
	readonly flags: readonly Flag[];
	readonly sizeBytes: number;
	/** The header fields Date, From and Subject as sent; undefined when only the rest was asked for. */
	readonly header: Buffer | undefined;
};

/** A message as it lies in a maildrop: RFC822.SIZE in octets, INTERNALDATE in ms since the epoch. */
export type ArrivalFact = {readonly uid: number; readonly sizeBytes: number; readonly date: number};

/** A message as sent, octet for octet. */
export type MessageFact = {readonly uid: number; readonly flags: readonly Flag[]; readonly octets: Buffer};

/** STATUS (RFC 9051 §6.3.11). What was not asked for, or is not known there, is undefined. */
export type StatusFact = {
	readonly messages: number | undefined;
	readonly unseen: number | undefined;
	/** The three of `withChanges`. */
	readonly uidValidity: number | undefined;
	readonly uidNext: number | undefined;
	readonly highestModseq: Modseq | undefined;
};

export type MailboxFact = StatusFact & {
	readonly path: MailboxPath;
	readonly delimiter: string;
	readonly specialUse: SpecialUse | undefined;
	readonly isSelectable: boolean;
};

/**
 * Whether what tells a mailbox that changed is wanted too: UIDVALIDITY, UIDNEXT, and HIGHESTMODSEQ with CONDSTORE; or what
 * tells that something came: UIDVALIDITY and UIDNEXT; or these two and nothing else.
 */
export type StatusOptions = {
	readonly withChanges?: boolean;
	readonly withArrivals?: boolean;
	readonly onlyArrivals?: boolean;
};

export type Selected = {
	readonly path: MailboxPath;
	readonly uidValidity: number;
	readonly uidNext: number | undefined;
	readonly count: number;
	readonly isReadOnly: boolean;
	/** Which flags a client can change for good (RFC 9051 §7.1). */
	readonly permanentFlags?: PermanentFlags;
	/** Undefined: the mailbox has none (NOMODSEQ), or the server does not know them. */
	readonly highestModseq: Modseq | undefined;
	/**
	 * What changed since `known` (QRESYNC), of what is held: to be applied only when the open is complete, which it is now,
	 * and of the same UIDVALIDITY. Undefined: nobody asked, or the server cannot say for certain; then only comparing helps.
	 */
	readonly changes: {readonly vanished: UidSet; readonly flags: readonly FlagsFact[]} | undefined;
};

/** Addresses and the like of an attached message, as sent (RFC 9051 §7.5.2, ENVELOPE); nothing decoded. */
export type EnvelopeFact = {
	readonly date: string;
	readonly subject: string;
	readonly from: readonly AddressFact[];
	readonly to: readonly AddressFact[];
	readonly cc: readonly AddressFact[];
};
export type AddressFact = {readonly name: string; readonly address: string};

/** A node of BODYSTRUCTURE as the server spelled it: nothing decoded, nothing safe to show. */
export type PartFact = {
	readonly number: PartNumber;
	readonly type: string;
	readonly subtype: string;
	readonly parameters: Readonly<Record<string, string>>;
	readonly encoding: string;
	readonly sizeBytes: number;
	readonly description: string;
	readonly disposition: string;
	readonly dispositionParameters: Readonly<Record<string, string>>;
	readonly children: readonly PartFact[];
	readonly envelope: EnvelopeFact | undefined;
};

/** What opening a message asks for in one turn. */
export type Opening = {
	/** Undefined when there is no such message any more. */
	readonly answer: 'known' | 'gone' | 'unreadable';
	readonly structure: PartFact | undefined;
	/** The header fields To and Cc as sent; with the row, Date, From and Subject too. */
	readonly header: Buffer;
	/** The first octets of part 1. */
	readonly probe: Buffer;
	/** Only when it was asked for, and there. */
	readonly row: RowFact | undefined;
};

/** How a chunk travels: as the sender encoded it, or decoded by the server (BINARY, RFC 3516). */
export type ChunkForm = 'as-sent' | 'decoded';

/**
 * A section to read in chunks: a part, a whole message (''), or the header of one; `fields` are those of it that an answer
 * needs, a tenth of what servers on the way have written there, `list-fields` those that say how one leaves a mailing list.
 */
export type Section = {readonly part: PartNumber; readonly of: 'content' | 'header' | 'fields' | 'list-fields'};

/** COPYUID: the same positions of both lists belong together. */
export type Copied = {readonly uidValidity: number; readonly from: readonly number[]; readonly to: readonly number[]};

/** A message as it goes into another account. */
export type Origin = {
	readonly flags: readonly Flag[];
	/** INTERNALDATE, in ms since the epoch. */
	readonly date: number;
	readonly sizeBytes: number;
	/** As sent; '' when it has none. */
	readonly messageId: string;
};

/** Octets of a message that are too many to be held in memory. Nobody writes to the file meanwhile. */
export type OctetsFile = {readonly file: string; readonly sizeBytes: number};

/** Octets that lie on this server: a part of a message as it was sent, or with '' all of it. */
export type PlacedOctets = {
	readonly mailbox: MailboxPath;
	readonly uidValidity: number;
	readonly uid: number;
	readonly part: PartNumber;
};

/** A message in pieces: what goes up, of a file perhaps only from an octet on, and what is there already. */
export type Piece = Buffer | FileStretch | PlacedOctets;
export type FileStretch = OctetsFile & {readonly from?: number};

/** APPENDUID (RFC 4315): where a message is now. */
export type Appended = {readonly uidValidity: number; readonly uid: number};

export type SearchCriteria =
	| {readonly by: 'all'}
	| {readonly by: 'sequence'; readonly set: string}
	/** What came to the server on that day (UTC, as the server counts days) or later. */
	| {readonly by: 'since'; readonly date: number}
	| {readonly by: 'flag'; readonly flag: 'SEEN' | 'UNSEEN' | 'FLAGGED'}
	/**
	 * And of that size in octets, where it is named: a draft is saved again and again under one Message-ID. `isResent`: it is
	 * the Resent-Message-ID of a message that has another one (RFC 5322 §3.6.6).
	 */
	| ({
			readonly by: 'message-id';
			readonly messageId: string;
			readonly sizeBytes?: number | undefined;
			readonly isResent?: boolean | undefined;
	  } & ToStay)
	/** Any of them; which one a UID is, `fetchNames` tells. */
	| ({readonly by: 'message-ids'; readonly messageIds: readonly string[]} & ToStay);

/** None that is marked as deleted: some program removes it next. */
type ToStay = {readonly isToStay?: boolean | undefined};

export type RemoteEvents = {
	readonly onCount: (count: number) => void;
	readonly onExpunge: (sequence: number) => void;
	/** Instead of onExpunge where QRESYNC is on: these messages went while the mailbox is open (RFC 7162 §3.2.10.2). */
	readonly onVanished: (uids: UidSet) => void;
	/** What was told up to now is all up to this one. It may be lower than one before: the last one said holds. */
	readonly onHighestModseq: (modseq: Modseq) => void;
	readonly onFlags: (change: {
		readonly sequence: number;
		readonly uid: number | undefined;
		readonly flags: readonly Flag[];
	}) => void;
	/** A text the server wants the user to read (ALERT, RFC 9051 §7.1); not yet safe to show. */
	readonly onAlert: (text: string) => void;
	readonly onClosed: (failure: Failure) => void;
	/** Of mail on this disk: so many messages of a mailbox were met for the first time, of so many. */
	readonly onIndexing?: (path: MailboxPath, done: number, all: number) => void;
};

export type Remote = {
	readonly capabilities: ReadonlySet<string>;
	readonly isEncrypted: boolean;
	readonly isCompressed: boolean;
	readonly usage: Usage;
	/** Measured; undefined until enough came in one flow. */
	readonly bytesPerSecond: number | undefined;
	/** What the line does for certain; enough to size a question by, not to show. */
	readonly atLeastBytesPerSecond: number;
	readonly roundTripMs: number | undefined;

	/**
	 * Opens a mailbox (SELECT). Whatever was asked about the one before must have been answered. `known`: what changed since
	 * is wanted, or with 'changes' only the HIGHESTMODSEQ: by QRESYNC where it was enabled in the login, else by CONDSTORE.
	 * What `askBehind` asks leaves in the same packet, and fails where the mailbox cannot be opened; local mail does not call it.
	 */
	select(path: MailboxPath, known?: KnownMailbox | 'changes', askBehind?: () => void): Promise<Selected>;
	/**
	 * Rows of a sequence set such as `81:100,120`; `isKept`: with the fields of a summary that is kept. Resolves to how many
	 * came.
	 */
	fetchRows(
		set: string,
		onRow: (row: RowFact) => void,
		options?: {readonly withoutHeader?: boolean; readonly isKept?: boolean},
	): Promise<number>;
	/** Structure, To, Cc, and `probeBytes` of part 1 (none when 0); `withRow`: what a list shows of it as well. */
	fetchOpening(uid: number, probeBytes: number, options?: {readonly withRow?: boolean}): Promise<Opening>;
	/** Octets of a section from `offset`; fewer than asked for means its end; undefined: no such message. */
	fetchChunk(
		uid: number,
		section: Section,
		offset: number,
		length: number,
		form: ChunkForm,
		purpose: Purpose,
	): Promise<Buffer | undefined>;
	/** `UID STORE ±FLAGS.SILENT` of one flag on a set of UIDs; never FLAGS, which would take others away. */
	storeFlag(uids: string, flag: Flag, isSet: boolean): Promise<void>;
	/** `UID COPY`. Resolves to where the copies are, when the server says (UIDPLUS, RFC 4315). */
	copy(uids: string, to: MailboxPath): Promise<Copied | undefined>;
	/** `UID MOVE` (RFC 6851), only where it is announced. */
	move(uids: string, to: MailboxPath): Promise<Copied | undefined>;
	/** `UID EXPUNGE` (UIDPLUS), only where it is announced: takes these and no others. There is no other way here (law 6). */
	expunge(uids: string): Promise<void>;
	/** Which of these UIDs are there. */
	fetchExisting(uids: string): Promise<number[]>;
	/** UIDs that match, ascending (SEARCH, RFC 9051 §6.4.4; one short answer with ESEARCH). */
	search(criteria: SearchCriteria): Promise<number[]>;
	/** Message-IDs as sent, and sizes in octets, of those messages that are there and have one. */
	fetchNames(uids: string): Promise<ReadonlyMap<number, {readonly messageId: string; readonly sizeBytes: number}>>;
	/** What APPEND has to be told of these messages, and what they are looked up by; of those that are there. */
	fetchOrigins(uids: string): Promise<ReadonlyMap<number, Origin>>;
	/**
	 * FLAGS; with `changedSince` and CONDSTORE only those that changed after it. All were told when it resolves, some perhaps
	 * twice (as news, too): the last holds.
	 */
	fetchFlags(
		uids: UidSet,
		onFlags: (fact: FlagsFact & {readonly sequence: number}) => void,
		changedSince?: Modseq,
	): Promise<void>;
	/**
	 * Rows by UID, with what a summary that is kept has besides: To, Cc, Message-ID, In-Reply-To and References. `n:*` brings
	 * none below n, although `*` is always some message (RFC 9051 §6.4.8). Resolves to how many came.
	 */
	fetchSummaries(uids: string, onRow: (row: RowFact) => void): Promise<number>;
	/** Each as it comes; undefined: it cannot be read. What is not told is gone. */
	fetchStructures(uids: UidSet, onStructure: (uid: number, structure: PartFact | undefined) => void): Promise<void>;
	/** The first octets of one section of several messages, as sent; fewer than `length` are all there are. */
	fetchStarts(
		uids: UidSet,
		part: PartNumber,
		length: number,
		onOctets: (uid: number, octets: Buffer) => void,
	): Promise<void>;
	/** PREVIEW (RFC 8970), only where it is announced; of whom the server has none for now nothing is told. */
	fetchPreviews(uids: UidSet, onPreview: (uid: number, text: string) => void): Promise<void>;
	/** What has come to a maildrop, by `n:*` without what is below n; a row that could not be read is left out. */
	fetchArrivals(uids: string, onArrival: (fact: ArrivalFact) => void): Promise<void>;
	/** Whole messages of at most `longest` octets, with their flags, each as it comes. What is not told may be gone. */
	fetchMessages(uids: UidSet, longest: number, onMessage: (fact: MessageFact) => void): Promise<void>;
	/** All mailboxes, with their status where one LIST can bring it (LIST-STATUS, RFC 5819). */
	fetchMailboxes(options?: StatusOptions): Promise<readonly MailboxFact[]>;
	/** Status of one mailbox, for servers without LIST-STATUS. Undefined when the server refuses. */
	fetchStatus(path: MailboxPath, options?: StatusOptions): Promise<StatusFact | undefined>;
	/** CREATE. Refused with the code ALREADYEXISTS where it is there. */
	createMailbox(path: MailboxPath): Promise<void>;
	/** RENAME, with all below it. Refused with the code ALREADYEXISTS or NONEXISTENT. */
	renameMailbox(from: MailboxPath, to: MailboxPath): Promise<void>;
	/** DELETE, with all that is in it. Refused with the code NONEXISTENT where it is not there. */
	deleteMailbox(path: MailboxPath): Promise<void>;
	/**
	 * APPEND: the message as octets, with its flags and the moment it came (ms; undefined: now). Resolves to where it is, when the server says
	 * (UIDPLUS). A long one goes up only when the server has agreed to take it, and nothing else is under way before it.
	 * In pieces of which some lie on the server only where CATENATE (RFC 4469) is announced: refused with the code BADURL when
	 * one of these messages is not there any more, and then nothing is stored. Of a part that the message never had there are
	 * no octets, and nobody says so. `replaces`: a message of that mailbox, which is open; where REPLACE (RFC 8508) is announced,
	 * it goes in the same moment.
	 */
	append(
		path: MailboxPath,
		octets: Buffer | OctetsFile | readonly Piece[],
		options: {readonly flags: readonly Flag[]; readonly date: number | undefined; readonly replaces?: number},
	): Promise<Appended | undefined>;
	/**
	 * URLs by which a submission server may fetch these for one of its users (GENURLAUTH, RFC 4467), in order. Only where
	 * URLAUTH is announced. Refused when one of the messages is not there, or the server goes by another name.
	 */
	fetchUrls(parts: readonly PartOnServer[], owner: UrlOwner): Promise<readonly string[]>;
	/** Waits for news until the next question; at once when that is not possible. */
	idle(): void;
	/** Waits no longer. */
	endIdle(): void;
	/** Asks for news now (NOOP). */
	look(): Promise<void>;
	/** Ends politely: LOGOUT, then the socket. Never CLOSE (law 6). */
	leave(): Promise<void>;
	/** Ends at once. */
	cut(): void;
};

/** What we remember of a server between runs: enough to log in with fewer turns (law 14 allows it on disk). */
export type RememberedServer = {readonly capabilities: readonly string[]};

export type Dialling = {
	readonly account: Account;
	/** The password or token. Held in memory for the length of the login only. */
	readonly secret: () => Promise<string>;
	readonly remembered: RememberedServer | undefined;
	/** Opened within the login, to save a turn. */
	readonly mailbox: MailboxPath | undefined;
	/** Of that mailbox; only with `wants: 'changes'`. */
	readonly known?: KnownMailbox | undefined;
	/** 'changes': QRESYNC is enabled where it is announced, for all mailboxes of this connection. */
	readonly wants: 'changes' | 'nothing';
	readonly events: RemoteEvents;
	/** Told of all that goes over the line, from the first packet of the dialling to the last of the leaving. */
	readonly onTraffic: (spent: Spent) => void;
	/** Ms of silence after which a line that should speak counts as dead. */
	readonly patienceMs: number;
};

export type Dialled = {readonly remote: Remote; readonly selected: Selected | Failure | undefined};

/** Opens a connection. Rejects with a Failure. `signal` gives up. */
export type Dial = (dialling: Dialling, signal: AbortSignal) => Promise<Dialled>;
