/**
 * What the user writes: all that the screens know of it, and the first file to read of this folder. One for each account.
 *
 * - A plain noun is a live value or a free read; nothing here spends a byte of the line.
 * - Verbs are what the user decided. Nothing throws: what went wrong is a sentence.
 * - `desk.ts` is behind it: `open-draft.ts` (a draft that is being written, and when it is on the disk) · `people.ts` (whose
 *   addresses are known) · `attached-file.ts` · `edit-text.ts` · `doubts.ts` · `typed-addresses.ts`.
 */
import type {Manner} from '../compose/answer.ts';
import type {Leaving, WayOut} from '../compose/unsubscribe.ts';
import type {Address, Attachment, Draft, SavedDraft} from '../model/draft.ts';
import type {AccountName} from '../model/ids.ts';
import type {Answer, Invitation} from '../model/invitation.ts';
import type {Original} from '../model/outgoing.ts';
import type {SafeText} from '../model/safe-text.ts';
import type {Identity} from '../model/sending.ts';
import type {Live} from '../session/live.ts';
import type {WrittenMessage} from '../session/session.ts';

export type {Manner} from '../compose/answer.ts';
export type {Leaving, WayOut} from '../compose/unsubscribe.ts';

/** What a draft begins as. `mailbox`: where one was when one began it. */
export type Beginning =
	| {readonly what: 'new'; readonly mailbox: string}
	| {readonly what: 'mailto'; readonly url: string}
	| {
			readonly what: 'answer';
			readonly manner: Manner;
			readonly mailbox: string;
			readonly original: WrittenMessage;
			readonly at: Original | undefined;
	  }
	| {
			readonly what: 'forward';
			readonly mailbox: string;
			readonly original: WrittenMessage;
			readonly at: Original | undefined;
			/** It comes along whole, and not as text below the user's own. */
			readonly isWhole?: boolean;
			/** What of it comes along and stays where it is. */
			readonly attachments?: readonly Attachment[];
	  }
	/** To the organiser: whether one comes to what the message invites to (RFC 6047). */
	| {
			readonly what: 'participation';
			readonly answer: Answer;
			readonly mailbox: string;
			readonly original: WrittenMessage;
			readonly at: Original | undefined;
			readonly invitation: Invitation;
	  }
	/** A message that lies among the drafts is gone on with; `attachments` of it that stay where they are. */
	| {
			readonly what: 'resume';
			readonly mailbox: string;
			readonly original: WrittenMessage;
			readonly at: Original;
			readonly sizeBytes: number;
			readonly attachments: readonly Attachment[];
			/** It is HTML, of which the text is kept. */
			readonly isFormatted: boolean;
	  }
	/** To a mailing list that is left, by a URL of its fields (octets), from the address the message came to. */
	| {readonly what: 'leave'; readonly mailbox: string; readonly header: Buffer; readonly url: string}
	/** Sent on as it is. */
	| {
			readonly what: 'bounce';
			readonly mailbox: string;
			readonly original: WrittenMessage;
			/** Where it stays where it is. */
			readonly resends?: Draft['resends'];
	  };

/** What was found for a name or an address as far as it is typed. */
export type Found = {
	readonly people: readonly Address[];
	/** A command is still asked. */
	readonly isAsking: boolean;
	/** Why it could not be asked; '' for nothing. */
	readonly because: SafeText;
};

export type Writing = {
	readonly account: AccountName;
	/** As whom one writes, the usual first. At least one. */
	readonly identities: readonly Identity[];
	/** Those on the disk, the oldest first, as of when they were looked at. */
	readonly drafts: Live<readonly SavedDraft[]>;
	/** Looks at the disk again. */
	look(): void;
	/** A sentence when there is no such way to answer. */
	begin(beginning: Beginning): OpenDraft | {readonly problem: SafeText};
	/** One that was begun before; undefined when it is not there any more. */
	open(id: string): OpenDraft | undefined;
	/** For good. */
	remove(id: string): void;
	/** Why nothing can be sent, and what to do; '' when it can. */
	readonly whyNoSending: SafeText;

	/** How one leaves the mailing list of a message with these header fields (octets). */
	leaving(header: Buffer): Leaving | {readonly problem: SafeText};
	/** One https request, at once and outside the mail line. Resolves with what came of it; never rejects. */
	leaveByRequest(way: Extract<WayOut, {by: 'one-click'}>): Promise<SafeText>;

	/** Addresses as they are typed; what is none is one that cannot be sent to. */
	addressesIn(text: string): readonly Address[];
	typed(addresses: readonly Address[]): string;
	/** Asks for whoever is called so. One question at a time: the last. */
	find(text: string): void;
	readonly found: Live<Found>;
	/** A file to attach. A free look at the disk. */
	fileAt(typed: string): Attachment | {readonly problem: SafeText};
	completedFile(typed: string): string;
};

/** How it stands with a draft that is to be sent. */
export type Sending =
	| {readonly state: 'no'}
	/** It is made a message, in the outbox, which for a large one takes a moment. */
	| {readonly state: 'queueing'}
	| {readonly state: 'queued'}
	| {readonly state: 'failed'; readonly because: SafeText};

export type OpenDraft = {
	readonly id: string;
	readonly draft: Live<Draft>;
	/** What the user should know when it is opened; '' for nothing. */
	readonly remark: SafeText;
	/** Why it is not on the disk, though it was to be, or not as one left it there; '' for nothing. */
	readonly trouble: Live<SafeText>;
	readonly sending: Live<Sending>;
	/** Whether there is anything of the user's own in it. */
	readonly isTouched: boolean;
	/** On the disk after a pause. */
	change(change: Partial<Draft>): void;
	/** Returns how to put that field back as it is now; what comes into others meanwhile stays. */
	mark(field: keyof Draft): () => void;
	/** On the disk now. Returns whether it is. */
	keep(): boolean;
	/** The same, and it is to lie on the server too: one does something else. */
	leave(): boolean;
	/** Its folder for a part of a message that is to be attached, and a name for it that is free there. */
	fileFor(name: string): string;
	/** Whether all octets of it are here. */
	isHere(attachment: Attachment): boolean;
	/** Another who writes, with the signature that is theirs. */
	writeAs(identity: Identity): void;
	/** None: the built-in editor is to be used. */
	readonly hasEditor: boolean;
	/** Has the editor, which has the terminal, change the text. Resolves with a sentence when it did not end well. */
	edit(): Promise<SafeText | undefined>;
	/** Why it cannot be sent as it is; none when it can. */
	problems(): readonly SafeText[];
	/** What one may have forgotten. */
	doubts(): readonly SafeText[];
	/** Puts it in the outbox, and takes it from the drafts. */
	send(options?: {readonly notBefore?: number}): void;
	/** The user does not want it. Returns why it is too late for that. */
	discard(): SafeText | undefined;
};
