/**
 * `bonsai send`: takes a message from its standard input, writes it down, and sends it, as sendmail does. Exit codes
 * are those of sysexits.h, and mean:
 *
 * - 0: it is ours from now on: it was sent, or it waits in the outbox and will be.
 * - 74: it was handed over, and nobody knows whether it was taken. It is in the outbox, and is not sent again unasked.
 * - 67: it was sent, but not to everybody.
 * - any other: nobody has it, and nothing of it is in the outbox. Who sent it may try again.
 */
import type {WantedSend} from './command-line/send-options.ts';
import type {Output} from './commands/output.ts';
import {usageLine} from './commands/usage-line.ts';
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import type {Outcome, Outgoing} from './model/outgoing.ts';
import {maySend} from './model/sending.ts';
import {outputOf} from './output-of.ts';
import {sendOutgoing} from './send-outgoing.ts';
import {sendingLedger, sendQueue} from './send-queue.ts';
import type {OutgoingMail} from './store/outgoing.ts';
import {Refused, sysexits} from './sysexits.ts';
import {takeIn} from './take-in-message.ts';

/** How often one looks whether another process has sent it. */
const lookMs = 100;

export async function sendCommand(config: Config, wanted: WantedSend, process: NodeJS.Process): Promise<number> {
	const output = outputOf(process);
	const stop = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
	try {
		if (wanted.what === 'queue') return await sendQueues(config, wanted, output, stop.signal);
		return await sendMessage(config, wanted, process.stdin, output, stop.signal);
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		output.say(error.message);
		return error.code;
	}
}

function sendersOf(config: Config, name: string | undefined): readonly Account[] {
	const accounts = config.accounts.filter(account => name === undefined || account.name === name);
	if (name !== undefined && accounts.length === 0)
		throw new Refused(sysexits.config, `there is no account ${name} (bonsai account list)`);
	const senders = accounts.filter(({sending}) => maySend(sending));
	if (senders.length === 0) {
		const which = name === undefined ? 'no account sends' : `the account ${name} does not send`;
		throw new Refused(sysexits.config, `${which}. Say how: bonsai account add … --replace --smtp smtp://me@host:587`);
	}
	return senders;
}

async function sendMessage(
	config: Config,
	wanted: WantedSend,
	input: NodeJS.ReadStream,
	output: Output,
	signal: AbortSignal,
): Promise<number> {
	const senders = sendersOf(config, wanted.account);
	const {account, mail, letter} = await takeIn(config, senders, wanted, input, signal);
	const ledger = sendingLedger(config, account);
	const due = wanted.mayWait && account.model === 'online';
	let outcome: Outcome | undefined;
	if (due) outcome = await sent(config, account, mail, letter.id, ledger.spend, signal);
	ledger.close();
	const {code, sentence, state} = verdict(account, mail.find(letter.id), outcome, due);
	const isOurs = code === 0 || code === sysexits.unknown || code === sysexits.noUser;
	const now = mail.find(letter.id) ?? letter;
	if (!isOurs) mail.remove(letter.id);
	if (wanted.isJson)
		output.json({
			account: account.name,
			id: isOurs ? letter.id : null,
			messageId: letter.messageId,
			state,
			because: now.because === '' ? null : now.because,
			refused: now.refusals.map(({address, because}) => ({address, because})),
		});
	if (sentence !== '') output.say(sentence);
	if (wanted.showsUsage) output.say(usageLine(ledger.usage()));
	return code;
}

/** Tries until it was handed over, by this process or another one. Undefined when another has done it. */
async function sent(
	config: Config,
	account: Account,
	mail: OutgoingMail,
	id: string,
	onSpent: Parameters<typeof sendOutgoing>[3]['onSpent'],
	signal: AbortSignal,
): Promise<Outcome | undefined> {
	let outcome: Outcome | undefined;
	let last: Outcome | undefined;
	for (;;) {
		const isDone = await sendOutgoing(config, account, mail, {
			onSpent,
			signal,
			isImpatient: false,
			onOutcome(which, now) {
				last = now;
				if (which === id) outcome = now;
			},
		});
		// One before it met a line that is down.
		if (isDone) return outcome ?? last;
		const now = mail.find(id);
		if (now === undefined || (now.state !== 'waiting' && now.state !== 'sending') || signal.aborted) return undefined;
		await new Promise(resolve => setTimeout(resolve, lookMs));
	}
}

type Verdict = {readonly code: number; readonly sentence: string; readonly state: string};

function verdict(account: Account, now: Outgoing | undefined, outcome: Outcome | undefined, isDue: boolean): Verdict {
	if (now === undefined)
		return {code: sysexits.unavailable, sentence: 'It was taken out of the outbox. Nothing was sent', state: 'removed'};
	const {state, because, refusals} = now;
	const not = refusals.map(each => `${each.address} (${each.because})`).join(', ');
	switch (state) {
		case 'sent':
			return {code: 0, sentence: '', state};
		case 'unknown':
		case 'sending':
			return {
				code: sysexits.unknown,
				sentence: `It is not known whether it was sent: ${because}. It is in the outbox (bonsai outbox) and is not sent again by itself`,
				state: 'unknown',
			};
		case 'refused':
			if (now.letter.envelope.to.length === 0)
				return {code: sysexits.noUser, sentence: `It was sent, but not to ${not}`, state: 'sent'};
			return {
				code: sysexits.unavailable,
				sentence: not === '' ? because : `${because}. Refused: ${not}`,
				state,
			};
		case 'waiting': {
			if (outcome?.state === 'unsent' && outcome.failure.kind === 'denied')
				return {code: sysexits.denied, sentence: outcome.failure.sentence, state: 'refused'};
			const why = !isDue
				? account.model === 'online'
					? ''
					: 'the account is disconnected. bonsai sync sends it, or bonsai send -q'
				: because;
			return {code: 0, sentence: `Queued, not sent yet${why === '' ? '' : `: ${why}`}`, state: 'queued'};
		}
	}
}

/** `-q`: what waits, of one account or of all. */
async function sendQueues(config: Config, wanted: WantedSend, output: Output, signal: AbortSignal): Promise<number> {
	let isAllSent = true;
	for (const account of sendersOf(config, wanted.account))
		if (!(await sendQueue(config, account, {output, signal, showsUsage: wanted.showsUsage}))) isAllSent = false;
	return isAllSent ? 0 : sysexits.later;
}
