/**
 * Runs one command without a screen: opens the session, lets the command print, and leaves. Ends with the exit code.
 */

import fs from 'node:fs';
import path from 'node:path';
import type {Act, Common} from './command-line/session-commands.ts';
import type {Around} from './commands/command.ts';
import {decide} from './commands/decide.ts';
import {watchLine} from './commands/line.ts';
import {list} from './commands/list.ts';
import {mailboxes} from './commands/mailboxes.ts';
import {collectNotices} from './commands/notices.ts';
import {type OutgoingMessage, outbox} from './commands/outbox.ts';
import {parts} from './commands/parts.ts';
import {read} from './commands/read.ts';
import {save} from './commands/save.ts';
import {state} from './commands/state.ts';
import {sync} from './commands/sync.ts';
import {Undone} from './commands/undone.ts';
import {usageLine} from './commands/usage-line.ts';
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import {fileWords} from './model/file-words.ts';
import {inbox} from './model/ids.ts';
import {isAcross} from './model/operation.ts';
import {outgoingLetters} from './outgoing-letters.ts';
import {outputOf} from './output-of.ts';
import type {CommandSession} from './session/session.ts';
import {sessionOf} from './session-of.ts';

function perform(
	around: Around,
	act: Act,
	letters: (act: Extract<Act, {act: 'outbox'}>) => readonly OutgoingMessage[],
): Promise<void> {
	switch (act.act) {
		case 'mailboxes':
			return mailboxes(around);
		case 'list':
			return list(around, act);
		case 'read':
			return read(around, act);
		case 'parts':
			return parts(around, act);
		case 'save':
			return save(around, act);
		case 'decide':
			return decide(around, act);
		case 'state':
			return state(around, act);
		case 'outbox':
			return outbox(around, act.about, () => letters(act));
		case 'sync':
			return sync(around, act);
	}
}

export async function runSessionCommand(
	account: Account,
	config: Config,
	{act, budget, sessionBytes, isJson, showsUsage}: Common & {readonly act: Act},
): Promise<number> {
	const printed = watchPrinting(process);
	const output = outputOf(process);
	const session = sessionOf(account, config, {
		budget,
		sessionBytes,
		waitsForNews: false,
		drains: act.act === 'decide' || act.act === 'sync',
	});
	const line = watchLine(session);
	const others = accountsOf(act, config).map(other => {
		const there = sessionOf(other, config, {budget, sessionBytes, waitsForNews: false, drains: true});
		return {session: there, line: watchLine(there)};
	});
	const notices = collectNotices(session);
	// All other timers let the program end, and it is not to end while it waits for a line.
	const alive = setInterval(() => {}, 2 ** 30);
	const leave = async (how?: {readonly patienceMs: number}): Promise<void> => {
		line.stop();
		notices.stop();
		await Promise.all([session, ...others.map(other => other.session)].map(each => each.close(how)));
		if (showsUsage) output.say(usageLine(session.usage.get()));
		clearInterval(alive);
	};
	// Who is told to go does not wait for an answer: what was sent and not answered is looked up by the next one.
	leaveOnSignals(() => leave({patienceMs: 0}));
	try {
		const accounts = config.accounts.map(({name}) => name);
		const around = {session, line, output, isJson, accounts, others: others.filter(isSentAtOnce)};
		const end = await perform(around, act, wanted => outgoingLetters(config, account, wanted)).then(
			() => undefined,
			asUndone,
		);
		if (act.act === 'sync' && !act.isDryRun) await letGo(account, config);
		for (const notice of notices.besides(end)) output.say(notice);
		const because = end?.message ?? (await printed());
		if (because) output.say(because);
		return because === undefined ? 0 : 1;
	} finally {
		await leave();
	}
}

/** What local mail has handed over and was taken in by a call goes from there: nobody else may be at work on local mail for days. */
async function letGo({name}: Account, config: Config): Promise<void> {
	for (const local of config.accounts.filter(({folder}) => folder !== '')) {
		if (!fs.existsSync(path.join(config.accountFolder(local.name), 'log.sqlite'))) continue;
		const session = sessionOf(local, config, {budget: undefined, waitsForNews: false, drains: true});
		const isWaiting = session.operations
			.get()
			.some(({state, change}) => state === 'waiting' && isAcross(change) && change.to.account === name);
		if (isWaiting) await session.settled();
		await session.close();
	}
}

/** Those that messages are to go to. */
function accountsOf(act: Act, {accounts}: Config): Account[] {
	const names = act.act === 'decide' ? act.changes.filter(isAcross).map(({to}) => to.account) : [];
	return accounts.filter(({name}) => names.includes(name));
}

/** In the disconnected model the next call sends it. */
const isSentAtOnce = ({session}: {readonly session: CommandSession}): boolean => session.dialsByItself(inbox);

function asUndone(error: unknown): Undone {
	if (error instanceof Undone) return error;
	throw error;
}

/** Resolves with why what was printed did not get through; who reads only the beginning (`| head`) is right to leave. */
function watchPrinting({stdout, stderr}: NodeJS.Process): () => Promise<string | undefined> {
	for (const stream of [stdout, stderr]) stream.on('error', () => {});
	const reason = (error: NodeJS.ErrnoException | null): string | undefined => {
		if (error === null || error.code === 'EPIPE') return undefined;
		return `Not all of it could be written: ${fileWords(error) ?? error.message}`;
	};
	return () => new Promise(resolve => stdout.write('', () => resolve(reason(stdout.errored))));
}

/** What was decided is on the disk already; the line is left as politely as there is time for. The second is at once. */
function leaveOnSignals(leave: () => Promise<void>): void {
	const numbers = {SIGINT: 2, SIGTERM: 15, SIGHUP: 1} as const;
	for (const signal of Object.keys(numbers) as (keyof typeof numbers)[]) {
		process.once(signal, () => void leave().finally(() => process.exit(128 + numbers[signal])));
	}
}
