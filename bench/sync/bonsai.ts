/** Ours: the command, and the client with its list from the disk. */
import {join} from 'node:path';
import type {Account} from '../../source/model/account.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import type {Change} from '../../source/model/operation.ts';
import {noWish, type Wishes} from '../../source/model/wish.ts';
import {dialImap} from '../../source/remote/imap.ts';
import {createSession} from '../../source/session/account-session.ts';
import {keepAccount} from '../../test/helpers/bonsai-on.ts';
import {plainAccount} from '../../test/helpers/plain-account.ts';
import {runBonsai} from '../../test/helpers/run-bonsai.ts';
import {openBonsai, ownHome} from '../../test/helpers/screen.ts';
import {until} from '../../test/helpers/waiting.ts';
import {type Cost, startHeardLine} from './heard-line.ts';
import type {Decisions, SyncingProgramStart} from './syncing-program.ts';

const summaries = {...noWish, summaries: 'all'} as const;
const wishesFor = (mailboxes: 'inbox' | 'all'): Wishes =>
	mailboxes === 'all' ? {otherwise: summaries, mailboxes: {}} : {otherwise: noWish, mailboxes: {INBOX: summaries}};

/** Every list and all its summaries on the disk; `sync` is the command, from its start to its end. */
export const startBonsaiSync: SyncingProgramStart = async ({port, password}, user, mailboxes = 'inbox') => {
	const line = await startHeardLine(port);
	const home = ownHome();
	const account = {
		user,
		authentication: 'plain',
		model: 'disconnected',
		budget: 'metered',
		wishes: wishesFor(mailboxes),
	} as const;
	keepAccount(home, {...account, port: line.port});
	const again = async (): Promise<Cost> => {
		line.begin();
		const {code, stderr} = await runBonsai(['sync'], {home, env: {BONSAI_TEST_PASSWORD: password}});
		if (code !== 0) throw new Error(`bonsai sync: ${stderr}`);
		return line.spent();
	};
	return {
		line,
		again,
		async prepare() {
			await again();
		},
		async decide(decisions) {
			await decideOffline(home.environment.BONSAI_HOME!, {...account, port: line.port}, decisions);
			return again();
		},
		async close() {
			home.remove();
			await line.close();
		},
	};
};

/** Each decision by itself, as by keys with the line down; `bonsai sync` is another process that finds them in the log. */
async function decideOffline(at: string, account: Partial<Account> & {port: number}, decisions: Decisions) {
	const session = createSession({
		account: plainAccount(account.port, account),
		secret: async () => '',
		dial: dialImap,
		remembered: {get: () => undefined, set: () => {}},
		folder: join(at, 'accounts', 'work'),
		cacheFolder: join(at, 'cache', 'accounts', 'work'),
	});
	const {flags, moves, removals} = decisions;
	const wanted = Array.from({length: flags + moves + removals}, (_, index) => index + 1);
	const existing = await until(session.ensureExisting(inbox, wanted), ({state}) => state !== 'asking');
	if (existing.state !== 'known') throw new Error('what is decided about is not on the disk');
	existing.uids.forEach((uid, index) => {
		const change: Change =
			index < flags
				? {kind: 'flag', flag: ['\\Seen', '\\Flagged', '$Later'][index % 3]!, isSet: index % 2 === 0}
				: index < flags + moves
					? {kind: 'move', to: {path: mailboxPath('Archive')}}
					: {kind: 'remove'};
		session.decideByUid(inbox, existing.uidValidity, [uid], change);
	});
	await session.close();
}

/** The client with its list from the disk, from `:dial` until the line has said nothing for a while. */
export const startBonsaiDialled: SyncingProgramStart = async (server, user, mailboxes = 'inbox') => {
	const command = await startBonsaiSync(server, user, mailboxes);
	const home = ownHome();
	const {line} = command;
	keepAccount(home, {
		user,
		authentication: 'plain',
		model: 'disconnected',
		budget: 'metered',
		wishes: wishesFor(mailboxes),
		port: line.port,
	});
	const env = {BONSAI_TEST_PASSWORD: server.password};
	return {
		...command,
		async prepare() {
			const {code, stderr} = await runBonsai(['sync'], {home, env});
			if (code !== 0) throw new Error(`bonsai sync: ${stderr}`);
		},
		async again() {
			const bonsai = openBonsai({home, env});
			await bonsai.sees('hung up');
			line.begin();
			bonsai.press(':dial', 'Enter');
			await line.quiet();
			const spent = line.spent();
			bonsai.press('Q');
			await bonsai.exited;
			return spent;
		},
		async close() {
			home.remove();
			await command.close();
		},
	};
};
