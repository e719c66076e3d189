/**
 * Hands what waits in the queue of an account over to whoever carries it, oldest first, one letter at a time, as long as
 * no other process does: for a session, and for `bonsai send`.
 *
 * Laws: a letter that is unknown, refused or kept back is not touched; one is handed over only while its state on the disk
 * allows it; a line that is down ends the round, since the next letter would meet the same.
 */
import type {Outcome, Outgoing} from '../model/outgoing.ts';
import type {Spent} from '../model/usage.ts';
import type {Submit, Submitting} from '../remote/submission.ts';
import {type OutgoingMail, Withdrawn} from '../store/outgoing.ts';

/** How mail leaves by an account. `secret` is the password, asked for when the server is there. */
export type Carrier = {
	readonly submit: Submit;
	readonly secret: () => Promise<string>;
	/** Undefined where it never takes a message in pieces: a command. */
	readonly pieces?: PiecesOffer | undefined;
};

/** Whether a submission server fetches by itself what lies in the mailboxes (BURL). */
export type PiecesOffer = {
	/** As it has said last; undefined: nobody has asked it. */
	readonly isTaken: () => boolean | undefined;
	readonly learn: (isTaken: boolean) => void;
	/** Logs in to ask, and learns it. Rejects with a Failure. */
	readonly ask: (asking: Pick<Submitting, 'onSpent' | 'signal' | 'patienceMs'>) => Promise<boolean>;
};

export type Round = {
	/** Also those that may be taken back still, or whose time to be tried again has not come. */
	readonly isImpatient: boolean;
	readonly onSpent: (spent: Spent) => void;
	readonly signal: AbortSignal;
	/** Ms since the epoch. */
	readonly clock?: () => number;
	/** Lends the submission server what lies in the mailboxes; undefined: what needs that is not sent. */
	readonly urlsOf?: Submitting['urlsOf'];
	/** Whether it may go now, for all that is known outside of the queue. */
	readonly mayGo?: (letter: Outgoing) => boolean;
	/** Nobody else sends from now on. */
	readonly onHeld?: () => void;
	readonly onBegin?: (letter: Outgoing) => void;
	/** `now`: how it stands; undefined: it was taken out. While nobody else may send. */
	readonly onOutcome?: (id: string, outcome: Outcome, now: Outgoing | undefined) => void;
};

const patienceMs = 30_000;

export const isDue = (
	{state, isHeld, notBefore, sendAt}: Outgoing,
	now: number,
	{isImpatient}: {readonly isImpatient: boolean},
): boolean => state === 'waiting' && !isHeld && sendAt <= now && (isImpatient || notBefore <= now);

/** Returns false when another process sends. */
export async function handOverAll(mail: OutgoingMail, carrier: Carrier, round: Round): Promise<boolean> {
	const {signal, clock = Date.now, onOutcome} = round;
	// Parts that lie in the mailboxes need somebody who asks there.
	const mayGo = (each: Outgoing): boolean =>
		(each.letter.pieces === undefined || round.urlsOf !== undefined) && round.mayGo?.(each) !== false;
	if (!mail.hold()) return false;
	try {
		round.onHeld?.();
		const tried = new Set<string>();
		for (;;) {
			const next = mail.all().find(each => !tried.has(each.id) && isDue(each, clock(), round) && mayGo(each));
			if (next === undefined || signal.aborted) return true;
			tried.add(next.id);
			const outcome = await handOver(mail, carrier, next.id, round);
			if (outcome === undefined) continue;
			onOutcome?.(next.id, outcome, mail.settle(next.id, outcome, clock()));
			if (outcome.state === 'unsent') return true;
		}
	} finally {
		mail.release();
	}
}

async function handOver(
	mail: OutgoingMail,
	{submit, secret, pieces}: Carrier,
	id: string,
	{onBegin, onSpent, signal, urlsOf}: Round,
): Promise<Outcome | undefined> {
	// It may have been taken out meanwhile.
	const now = mail.find(id);
	if (now?.state !== 'waiting') return undefined;
	onBegin?.(now);
	let isWithdrawn = false;
	const beforeTheEnd = (): void => {
		try {
			mail.markSending(id);
		} catch (error) {
			isWithdrawn = error instanceof Withdrawn;
			throw error;
		}
	};
	const outcome = await submit(now.letter, {
		secret,
		onSpent,
		patienceMs,
		signal,
		beforeTheEnd,
		urlsOf,
		onTakesPieces: pieces?.learn,
	});
	// The line was cut because of us.
	return isWithdrawn ? undefined : outcome;
}
