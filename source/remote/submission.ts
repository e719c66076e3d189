/**
 * How mail leaves, in our words: one message is handed over, once, and what became of it is said. `smtp.ts` speaks to
 * a submission server (RFC 6409), `sendmail.ts` runs a command.
 *
 * Laws: handing over is tried once, and again only by who calls; nothing is said to have been sent that a server has
 * not taken; what may have been taken is never said not to be. It has no memory: the queue is the store's.
 */
import type {Letter, Outcome} from '../model/outgoing.ts';
import type {PartOnServer} from '../model/piece.ts';
import type {Spent} from '../model/usage.ts';

/** Who may fetch by a URL: a submission server, for its user. `hosts`: those it says it can fetch from; none: it says none. */
export type UrlReader = {readonly user: string; readonly hosts: readonly string[]};

/** Never rejects. Aborted, it ends as if the line were cut. */
export type Submit = (letter: Letter, submitting: Submitting) => Promise<Outcome>;

export type Submitting = {
	/** The password or token; asked for when the server is there. Rejects with a Failure. */
	readonly secret: () => Promise<string>;
	readonly onSpent: (spent: Spent) => void;
	/** How long a server may take to be there, to greet, and to do a handshake. */
	readonly patienceMs: number;
	/**
	 * All octets of the message have gone, and its end follows: what a crash from now on must know. If it throws, the
	 * message is not ended, so nobody has it.
	 */
	readonly beforeTheEnd: () => void;
	/**
	 * URLs by which the submission server may fetch what of the message lies in the mailboxes (RFC 4467), in order; undefined:
	 * there is no line on which to ask for them. Rejects with a Failure.
	 */
	readonly urlsOf?: ((parts: readonly PartOnServer[], reader: UrlReader) => Promise<readonly string[]>) | undefined;
	/** Whether the server takes messages in pieces, as far as it has said so by now. */
	readonly onTakesPieces?: ((takesPieces: boolean) => void) | undefined;
	readonly signal: AbortSignal;
};
