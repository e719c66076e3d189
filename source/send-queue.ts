/** What waits in the outbox of an account, sent, and said in words: for `bonsai send -q` and for a call. */
import {localMoment} from './commands/moment.ts';
import type {Output} from './commands/output.ts';
import {usageLine} from './commands/usage-line.ts';
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import {maySend} from './model/sending.ts';
import {noUsage, plus, type Spent} from './model/usage.ts';
import {sendOutgoing} from './send-outgoing.ts';
import {LedgerStore} from './store/ledger.ts';
import {OutgoingMail} from './store/outgoing.ts';

type Sending = {readonly output: Output; readonly signal: AbortSignal; readonly showsUsage: boolean};

/** Returns whether all that waited was sent. What is unknown or refused waits for the user, not for this. */
export async function sendQueue(
	config: Config,
	account: Account,
	{output, signal, showsUsage}: Sending,
): Promise<boolean> {
	const mail = new OutgoingMail(config.accountFolder(account.name));
	mail.recover();
	const waiting = mail.all().filter(({state}) => state === 'waiting');
	if (waiting.length === 0 || !maySend(account.sending)) return true;
	const ledger = sendingLedger(config, account);
	const isOurs = await sendOutgoing(config, account, mail, {onSpent: ledger.spend, signal, isImpatient: true});
	ledger.close();
	const after = waiting.flatMap(({id}) => mail.find(id) ?? []);
	const left = after.filter(({state}) => state !== 'sent');
	const count = after.length - left.length;
	if (count > 0) output.say(`${account.name}: sent ${count} ${count === 1 ? 'message' : 'messages'}`);
	if (!isOurs) output.say(`${account.name}: another program sends already`);
	for (const {state, madeAt, because, letter} of left) {
		const lies = 'parts of it lie in the mailboxes, so the mail client sends it, or a call (bonsai sync)';
		const why = state === 'waiting' && letter.pieces !== undefined ? because || lies : because || 'not tried yet';
		output.say(`${account.name}: ${state}, of ${localMoment(madeAt)}: ${why}`);
	}
	if (showsUsage) output.say(usageLine(ledger.usage()));
	return left.length === 0;
}

/** Counts what sending costs, for `--usage` and for the ledger on the disk. */
export function sendingLedger(config: Config, account: Account) {
	let usage = noUsage;
	const ledger = new LedgerStore(config.accountFolder(account.name));
	return {
		spend(spent: Spent): void {
			usage = plus(usage, spent);
			ledger.spend(spent);
		},
		usage: () => usage,
		close(): void {
			ledger.flush();
			ledger.close();
		},
	};
}
