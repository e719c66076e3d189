import type {Draft} from '../model/draft.ts';
import type {AccountName} from '../model/ids.ts';
import type {Letter} from '../model/outgoing.ts';
import type {PartOnServer} from '../model/piece.ts';
import type {Keep} from './choices.ts';
import type {Carrier} from './hand-over.ts';
import type {LineOptions, Patience} from './line.ts';
import type {LocalMail} from './local-place.ts';
import type {OwnStates} from './own-states.ts';

/** A letter as it is made of a draft: its octets stream, and what lies on a server is named between them. */
export type MadeLetter = Omit<Letter, 'file' | 'sizeBytes' | 'pieces'> & {
	/** In its angle brackets. */
	readonly messageId: string;
	readonly pieces: AsyncIterable<Uint8Array | PartOnServer>;
};

/** @param now Ms since the epoch. Rejects with an Error whose message says what of the draft keeps it from being one. */
export type MakeLetter = (draft: Draft, now: number) => Promise<MadeLetter>;

/** The same of a draft that is kept: nothing keeps it from being that. */
export type MakeDraft = (draft: Draft, now: number) => Promise<Pick<MadeLetter, 'messageId' | 'pieces'>>;

export type SessionOptions = Pick<LineOptions, 'account' | 'secret' | 'dial' | 'remembered'> & {
	readonly patience?: Patience;
	/** Where the log and the ledger of this account are kept; undefined: in memory only (most tests). */
	readonly folder?: string;
	/** The state of messages that no server keeps for us, of all accounts; undefined: one of our own, in memory. */
	readonly own?: OwnStates | undefined;
	/** Where another account keeps its log; undefined when there is no such account, or it keeps none. */
	readonly folderOf?: (account: AccountName) => string | undefined;
	/** Where what is kept on the disk of the server's facts is; undefined: what would be is in memory (the demo). */
	readonly cacheFolder?: string;
	/** False for a command, which is gone before there is any news: no IDLE, nothing ahead. */
	readonly waitsForNews?: boolean;
	/** False for who only looks: what waits in the log is left to others. */
	readonly drains?: boolean;
	readonly preferences?: {
		/** Reading a message marks it as read on the server. */
		readonly markRead: boolean;
		/** What opens a file, given it as the last word; '' for the system's own. */
		readonly openCommand?: string;
		/** For so many seconds what is sent may be taken back; 10 unless said otherwise. */
		readonly undoSendSeconds?: number;
		/** Where parts are saved unless told otherwise; '' for where the program was started. */
		readonly downloadFolder?: string;
	};
	/** Keeps models and wishes for the next run; undefined: they hold for this one. */
	readonly keep?: Keep | undefined;
	/** Where offline mailboxes are drained into; undefined: nothing is. */
	readonly localMail?: LocalMail | undefined;
	/** How a draft becomes a message; undefined: none does. */
	readonly makeLetter?: MakeLetter | undefined;
	/** How a draft becomes one that can lie on the server; undefined: none does. */
	readonly makeDraft?: MakeDraft | undefined;
	/** How a letter leaves; undefined: none does. */
	readonly carrier?: Carrier | undefined;
	/** Ms since the epoch, by which bytes are counted for an hour; fixed in screenshots. */
	readonly clock?: () => number;
	/** What all of it may cost without another question: the session budget. */
	readonly sessionBytes?: number | undefined;
};
