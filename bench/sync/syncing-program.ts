/**
 * A program that brings a mailbox up to date, with a home and a counted line of its own: it is set up, brought to where a
 * later time begins, and made to do it once more.
 *
 * Where programs differ by taste, a peer is set so that it costs least.
 */
import type {Cost, HeardLine} from './heard-line.ts';

export type Server = {readonly port: number; readonly password: string};

/** So many of each kind, from the oldest message on. */
export type Decisions = {readonly flags: number; readonly moves: number; readonly removals: number};

export type SyncingProgram = {
	/** Brings all there is, until nothing is left that a second time would cost. */
	readonly prepare: () => Promise<void>;
	/** Brings what has changed meanwhile. */
	readonly again: () => Promise<Cost>;
	/** Decides and sends it. */
	readonly decide: (decisions: Decisions) => Promise<Cost>;
	readonly line: HeardLine;
	readonly close: () => Promise<void>;
};

export type SyncingProgramStart = (
	server: Server,
	user: string,
	mailboxes?: 'inbox' | 'all',
) => Promise<SyncingProgram>;
