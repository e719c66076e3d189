/**
 * Messages that go to another account: handed over in that account's log, where whoever drains it sends them, and taken
 * note of here when that log says what became of them. The two accounts meet on the disk, so it does not matter which
 * process has which of them, nor whether both have a line.
 *
 * Laws: what is handed over is in a log at every instant, here or there, and once; the original is let go only when the
 * other account has seen the copy, whole; what is recorded there is not sent again by being handed over again.
 */
import fs from 'node:fs';
import {notDone} from '../model/dependence.ts';
import type {AccountName} from '../model/ids.ts';
import {type AcrossChange, type AppendChange, isAcross, type Operation, type Target} from '../model/operation.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {AppendOutcome, Arrival} from '../store/append-rows.ts';
import {OperationLog} from '../store/log.ts';
import {Spool, spoolFile} from '../store/spool.ts';

type AcrossOptions = {
	readonly account: AccountName;
	/** Where this account keeps its log. */
	readonly folder: string;
	/** Where another does; undefined when there is no such account that keeps anything. */
	readonly folderOf: (account: AccountName) => string | undefined;
};

export class AcrossAccounts {
	readonly spool: Spool;
	readonly #options: AcrossOptions;
	#isSwept = false;
	readonly #logs = new Map<AccountName, OperationLog>();

	constructor(options: AcrossOptions) {
		this.#options = options;
		this.spool = new Spool(options.folder);
	}

	canReach(account: AccountName): boolean {
		return this.#options.folderOf(account) !== undefined;
	}

	/** Writes messages of one decision into the log of the other account. On disk when it returns. Throws what SQLite throws. */
	handOver(operation: Operation, {account, mailbox}: AcrossChange['to'], arrivals: readonly Arrival[]): void {
		const change = {
			kind: 'append',
			from: this.#options.account,
			to: {path: mailbox},
			key: decisionKey(operation),
		} as const;
		this.#logOf(account)?.recordAppends(change, arrivals, operation.madeAt);
	}

	/** The octets of a message that another account has handed over; undefined when they are not there, or not all. */
	octetsOf({from}: AppendChange, {handed, sizeBytes}: Target): Buffer | undefined {
		const folder = this.#options.folderOf(from);
		const file = folder === undefined || handed === undefined ? undefined : spoolFile(folder, handed.key);
		if (file === undefined || !fs.existsSync(file)) return undefined;
		const octets = fs.readFileSync(file);
		return octets.length === sizeBytes ? octets : undefined;
	}

	/** Takes note in this log of what the others say by now. Returns whether anything has changed. */
	settle(log: OperationLog, operations: readonly Operation[]): boolean {
		const across = operations.filter(isAcrossOperation);
		let hasChanged = false;
		for (const account of new Set(across.map(({change}) => change.to.account))) {
			const mine = across.filter(({change}) => change.to.account === account);
			if (this.#settleWith(account, log, mine)) hasChanged = true;
		}
		return hasChanged;
	}

	#settleWith(account: AccountName, log: OperationLog, operations: readonly AcrossOperation[]): boolean {
		const handed = operations.flatMap(operation =>
			operation.targets.filter(({state}) => state === 'handed').map(target => ({operation, target})),
		);
		if (handed.length === 0 && this.#logs.has(account)) return false;
		const other = this.#logOf(account);
		const outcomes = new Map(other?.appends.from(this.#options.account).map(each => [each.key, each]));
		const over = handed.filter(
			({operation, target}) => outcomes.get(carriedKey(operation, target))?.state !== 'waiting',
		);
		if (over.length > 0)
			log.durably(() => {
				for (const {operation, target} of over)
					if (other === undefined) refuse(log, operation, target, noAccount(account));
					else take(log, operation, target, outcomes.get(carriedKey(operation, target)));
			});
		// In this order: after a crash between the two it is in both logs, and is taken note of once more.
		const sending = keysSending(operations);
		const known = [...outcomes.values()].filter(({key, state}) => state !== 'waiting' && !sending.has(key));
		if (known.length > 0) other?.durably(() => other.appends.noted(known));
		return over.length > 0;
	}

	/** Forgets octets that no decision needs any more. */
	sweep(operations: readonly Operation[]): void {
		const across = operations.filter(isAcrossOperation);
		if (across.length === 0 && this.#isSwept) return;
		const live = across.filter(({state}) => state === 'waiting' || state === 'refused');
		const keys = live.flatMap(operation => notDone(operation).map(target => carriedKey(operation, target)));
		this.spool.keepOnly(new Set(keys));
		this.#isSwept = across.length === 0;
	}

	#logOf(account: AccountName): OperationLog | undefined {
		const known = this.#logs.get(account);
		const folder = this.#options.folderOf(account);
		if (known || folder === undefined) return known;
		const log = new OperationLog(folder);
		this.#logs.set(account, log);
		return log;
	}

	close(): void {
		for (const log of this.#logs.values()) log.close();
		this.#logs.clear();
	}
}

type AcrossOperation = Operation & {readonly change: AcrossChange};

const isAcrossOperation = (operation: Operation): operation is AcrossOperation => isAcross(operation.change);

const decisionKey = ({id, madeAt}: Operation): string => `${madeAt}-${id}`;

/** What this account calls one message on its way; also the name of a file. */
export const carriedKey = (operation: Operation, {message}: Target): string => `${decisionKey(operation)}-${message}`;

/** What was to be handed over when the program ended, and may have been. */
const keysSending = (operations: readonly Operation[]): ReadonlySet<string> =>
	new Set(
		operations.flatMap(operation =>
			operation.targets.filter(({state}) => state === 'sending').map(target => carriedKey(operation, target)),
		),
	);

function take(log: OperationLog, operation: AcrossOperation, target: Target, outcome: AppendOutcome | undefined): void {
	const {id, change} = operation;
	// Somebody has thrown that log away: what it knew is not known.
	if (outcome === undefined) log.setTargets(id, [target.message], 'sending');
	else if (outcome.state === 'refused')
		refuse(log, operation, target, safeLine(`${change.to.account} says: ${outcome.refusal}`), outcome);
	else if (change.kind === 'copy') log.settle(id, [target.message]);
	else log.setTargets(id, [target.message], 'copied');
}

/** What may be there all the same is looked for before it is sent again. */
function refuse(
	log: OperationLog,
	{id}: Operation,
	{message}: Target,
	because: SafeText,
	{mayBeThere} = {mayBeThere: true},
): void {
	log.durably(() => {
		log.setTargets(id, [message], mayBeThere ? 'sending' : 'waiting');
		log.refuse(id, because, {messages: [message]});
	});
}

const noAccount = (account: AccountName): SafeText =>
	safeLine(`there is no account ${account} any more, or it keeps nothing on the disk`);
