/**
 * Sends what waits in the queue of an account, oldest first, one letter at a time, as long as no other process does.
 *
 * Laws: a letter that is unknown or refused is not touched; one is handed over only while its state on the disk allows
 * it; a line that is down ends it, since the next letter would meet the same.
 */
import type {Account} from './model/account.ts';
import type {Outcome} from './model/outgoing.ts';
import type {Spent} from './model/usage.ts';
import type {Submit} from './remote/submission.ts';
import type {OutgoingMail} from './store/outgoing.ts';
import {sendingSecret, submitOf} from './submit-of.ts';

export type SendingRun = {
	readonly onSpent: (spent: Spent) => void;
	readonly signal: AbortSignal;
	/** Also those whose time to be tried again has not come. */
	readonly isImpatient: boolean;
	readonly onOutcome?: (id: string, outcome: Outcome) => void;
};

const patienceMs = 30_000;

/** Returns false when another process sends. */
export async function sendOutgoing(account: Account, mail: OutgoingMail, run: SendingRun): Promise<boolean> {
	const submit = submitOf(account);
	if (submit === undefined || !mail.hold()) return submit === undefined;
	try {
		const tried = new Set<string>();
		for (;;) {
			const next = mail
				.all()
				.find(
					({id, state, notBefore}) =>
						state === 'waiting' && !tried.has(id) && (run.isImpatient || notBefore <= Date.now()),
				);
			if (next === undefined || run.signal.aborted) return true;
			tried.add(next.id);
			const outcome = await handOver(account, mail, submit, next.id, run);
			if (outcome === undefined) continue;
			mail.settle(next.id, outcome, Date.now());
			run.onOutcome?.(next.id, outcome);
			if (outcome.state === 'unsent') return true;
		}
	} finally {
		mail.release();
	}
}

async function handOver(
	account: Account,
	mail: OutgoingMail,
	submit: Submit,
	id: string,
	{onSpent, signal}: SendingRun,
): Promise<Outcome | undefined> {
	// It may have been taken out meanwhile.
	const now = mail.find(id);
	if (now?.state !== 'waiting') return undefined;
	return submit(now.letter, {
		secret: () => sendingSecret(account),
		onSpent,
		patienceMs,
		signal,
		beforeTheEnd: () => mail.markSending(id),
	});
}
