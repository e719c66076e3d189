/**
 * The queue of an account, handed over without a session: for `bonsai send`. What follows is recorded in the logs, and done
 * by whoever drains them.
 */
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import {type AccountName, demoName} from './model/ids.ts';
import type {Outcome} from './model/outgoing.ts';
import {handOverAll, type Round} from './session/hand-over.ts';
import {Sequels} from './session/sequels.ts';
import type {OutgoingMail} from './store/outgoing.ts';
import {carrierOf} from './submit-of.ts';

export type SendingRun = Pick<Round, 'onSpent' | 'signal' | 'isImpatient'> & {
	readonly onOutcome?: (id: string, outcome: Outcome) => void;
};

/** Where an account keeps its log; undefined where there is no such account. */
export const folderOfIn =
	(config: Config) =>
	(name: AccountName): string | undefined =>
		name !== demoName && config.accounts.some(each => each.name === name) ? config.accountFolder(name) : undefined;

/** Returns false when another process sends. */
export async function sendOutgoing(
	config: Config,
	account: Account,
	mail: OutgoingMail,
	run: SendingRun,
): Promise<boolean> {
	const carrier = carrierOf(account, config);
	if (carrier === undefined) return true;
	const folder = config.accountFolder(account.name);
	const sequels = new Sequels({account, folder, folderOf: folderOfIn(config), mail});
	const record = (): void => {
		try {
			sequels.record();
		} catch {
			// A log that cannot be written now: it is due still, and whoever sends next records it.
		}
	};
	try {
		return await handOverAll(mail, carrier, {
			...run,
			onHeld: record,
			onOutcome(id, outcome) {
				record();
				run.onOutcome?.(id, outcome);
			},
		});
	} finally {
		sequels.close();
	}
}
