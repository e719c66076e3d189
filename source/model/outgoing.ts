/**
 * Mail on its way out, and what may become of it. Nothing here says how it is carried.
 */
import type {Draft, Envelope} from './draft.ts';
import type {Failure} from './failure.ts';
import type {AccountName} from './ids.ts';
import type {Place} from './operation.ts';
import {ownBytes, type Piece} from './piece.ts';
import type {SafeText} from './safe-text.ts';

/** A whole message with its envelope, ready to be carried. */
export type Letter = {
	/** Where its octets are, but for those that lie on a server. Nobody writes to it any more. */
	readonly file: string;
	readonly envelope: Envelope;
	/** Octets of all of it, with lines that end in CRLF. */
	readonly sizeBytes: number;
	/** What it is put together of, in order; undefined: of its file alone. */
	readonly pieces?: readonly Piece[];
	readonly isEightBit: boolean;
	readonly needsUtf8: boolean;
};

/** Octets of it that go into the line when it is sent. */
export const upBytesOf = ({pieces, sizeBytes}: Pick<Letter, 'pieces' | 'sizeBytes'>): number =>
	pieces === undefined ? sizeBytes : ownBytes(pieces);

/** Somebody a server will not take it for. */
export type Refusal = {
	readonly address: string;
	readonly because: SafeText;
	/** It may take it later (a reply of 4xx). */
	readonly isForNow: boolean;
};

/**
 * What became of it when it was handed over.
 *
 * - `sent`: the server took it (250), for all but `refusals`. It is the server's from now on.
 * - `refused`: the server said no. Nobody has it.
 * - `unsent`: it never came to that: the line, the login. Nobody has it, for certain.
 * - `unknown`: all of it was on its way and no answer came. It may have been taken; it is never sent again unasked.
 */
export type Outcome =
	| {readonly state: 'sent'; readonly refusals: readonly Refusal[]}
	| {
			readonly state: 'refused';
			readonly because: SafeText;
			readonly isForNow: boolean;
			/** Where it was the recipients that were refused, each of them. */
			readonly refusals: readonly Refusal[];
	  }
	| {readonly state: 'unsent'; readonly failure: Failure}
	| {readonly state: 'unknown'; readonly because: SafeText};

export type OutgoingState = 'waiting' | 'sending' | 'sent' | 'refused' | 'unknown';

/** What is kept of a letter besides its octets. */
export type Outgoing = {
	/** Unique in the account. Later ones sort behind. */
	readonly id: string;
	readonly state: OutgoingState;
	/** Ms since the epoch. */
	readonly madeAt: number;
	readonly messageId: string;
	/** With those who have yet to get it: who has it already, or is refused it for good, is in it no more. */
	readonly letter: Letter;
	/** Why it waits, or was refused, or is not known; '' for none. */
	readonly because: SafeText;
	/** Those it was refused for, for good. */
	readonly refusals: readonly Refusal[];
	/** Tried so often in vain. */
	readonly attempts: number;
	/** Not before this moment, in ms since the epoch, unless asked: it may be taken back, or the server wants time. */
	readonly notBefore: number;
	/** Not before this moment, whoever asks: the user wants it sent then. 0: at any time. */
	readonly sendAt: number;
	/** The user keeps it back. */
	readonly isHeld: boolean;
	readonly sequel: Sequel;
	/**
	 * How far what follows has come: nobody has taken the letter; it is to be recorded in the logs; it is in them, and a copy
	 * may still need the octets; nothing is left to do.
	 */
	readonly sequelState: 'to-come' | 'due' | 'recorded' | 'over';
	/** When a server took it first, in ms since the epoch; 0: none has. */
	readonly takenAt: number;
};

/** A message that is answered or sent on, wherever it is: once the answer has gone it is marked as that. */
export type Original = Place & {readonly account: AccountName};

/** What follows when a server has taken a letter. */
export type Sequel = {
	/** A copy of it goes to the mailbox of sent mail. */
	readonly isFiled: boolean;
	readonly answers: readonly Original[];
	readonly forwards: readonly Original[];
	/** It is sent on as it is: the Message-ID that is ours is in its Resent-Message-ID. */
	readonly isResent?: true | undefined;
	/** The draft it was: its copy on the server goes. */
	readonly draft?: {readonly account: AccountName; readonly id: string} | undefined;
};

export const noSequel: Sequel = {isFiled: false, answers: [], forwards: []};

export const hasSequel = ({isFiled, answers, forwards, draft}: Sequel): boolean =>
	isFiled || draft !== undefined || answers.length + forwards.length > 0;

/** Said to be as it is shown: with its subject, as far as that is known; '' for none. */
export type ShownLetter = Outgoing & {
	readonly subject: SafeText;
	/** Whether it can be a draft again. */
	readonly hasDraft: boolean;
};

/** A draft that the user wants sent. */
export type Posting = {
	readonly draft: Draft;
	/** As it is kept on the disk; it is removed there when the letter is on its way. */
	readonly draftId?: string | undefined;
	/** Who sends it, if it is another account than the one that keeps the draft. */
	readonly account?: AccountName | undefined;
	/** What it answers, and what it sends on. */
	readonly answers?: readonly Original[] | undefined;
	readonly forwards?: readonly Original[] | undefined;
	/** Not before this moment, in ms since the epoch; undefined: as soon as may be. */
	readonly notBefore?: number | undefined;
};

/** It is on the disk, on its way, under this id in the account that sends it; or why it is not: then the draft stays. */
export type Posted = {readonly id: string; readonly account: AccountName} | {readonly because: SafeText};
