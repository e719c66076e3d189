/**
 * A process of its own with a real session in it that saves a part, to be killed in the middle: what it has on the disk
 * then is what a killed Bonsai has. Run as a program it is that process; imported, it starts one.
 *
 * Tells its parent of each transfer as it changes, and how much memory it took at most.
 */
import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {inbox, partNumber} from '../../source/model/ids.ts';
import type {Transfer} from '../../source/model/transfer.ts';
import {dialImap} from '../../source/remote/imap.ts';
import {createSession} from '../../source/session/account-session.ts';
import {plainAccount} from './plain-account.ts';

export type SavingOptions = {
	readonly port: number;
	/** Of the account; what is remembered is in it. */
	readonly folder: string;
	/** What to save, and where; undefined takes up what an earlier run has left. */
	readonly save?: {readonly uid: number; readonly part: string; readonly file: string};
	readonly user?: string;
	readonly password?: string;
	/** Beside COMPRESS, which would hide what a part costs. */
	readonly disabled?: readonly string[];
	/** Loaded before all: a slow disk, say. */
	readonly preload?: string;
};

export type Told = {
	readonly transfers: readonly Transfer[];
	readonly notice: string;
	readonly mostMemoryBytes: number;
};

export type Saving = {
	readonly child: ChildProcess;
	/** The first that is so; rejects when the process ends before. */
	readonly tells: (isWanted: (told: Told) => boolean) => Promise<Told>;
	/** As `kill -9`; resolves when it is gone. */
	readonly kill: () => Promise<void>;
};

export function startSaving({preload, ...options}: SavingOptions): Saving {
	const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)], {
		execArgv: ['--import', 'tsx', ...(preload === undefined ? [] : ['--import', preload])],
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
	let last: Told | undefined;
	const waiting = new Set<() => void>();
	const look = () => {
		for (const each of [...waiting]) each();
	};
	child.on('message', told => {
		last = told as Told;
		look();
	});
	child.on('exit', look);
	return {
		child,
		tells: isWanted =>
			new Promise((resolve, reject) => {
				const ask = (): void => {
					const isSo = last !== undefined && isWanted(last);
					if (!isSo && child.exitCode === null && child.signalCode === null) return;
					waiting.delete(ask);
					if (isSo) resolve(last as Told);
					else reject(new Error(`it ended (${child.exitCode ?? child.signalCode}): ${JSON.stringify(last)}`));
				};
				waiting.add(ask);
				ask();
			}),
		async kill() {
			const exited = once(child, 'exit');
			child.kill('SIGKILL');
			await exited;
		},
	};
}

/** What rusage says would be the parent's, whose memory a child begins with. */
function mostMemoryBytes(): number {
	try {
		const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync('/proc/self/status', 'latin1')) ?? [];
		return Number(kilobytes) * 1024;
	} catch {
		return process.memoryUsage().rss;
	}
}

async function save(options: SavingOptions): Promise<void> {
	const {port, folder, user = 'demo', password = 'demo', disabled = []} = options;
	const session = createSession({
		account: plainAccount(port, {user, budget: 'metered', disabledCapabilities: ['COMPRESS=DEFLATE', ...disabled]}),
		secret: async () => password,
		dial: dialImap,
		remembered: {get: () => undefined, set: () => {}},
		patience: {silenceMs: 60_000, retryMs: 5},
		folder,
	});
	const tell = (): void => {
		const told: Told = {
			transfers: session.transfers.get(),
			notice: session.notice.get()?.text ?? '',
			mostMemoryBytes: mostMemoryBytes(),
		};
		process.send?.(told);
	};
	session.transfers.subscribe(tell);
	session.notice.subscribe(tell);
	if (options.save === undefined) {
		session.takeUpDownloads();
		tell();
		return;
	}
	const {uid, part, file} = options.save;
	const named = session.ensureNamed(inbox, uid);
	const begin = (): void => {
		const known = named.get();
		if (known.state === 'known') session.message(known.id).save(partNumber(part), path.resolve(file));
	};
	named.subscribe(begin);
	begin();
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] !== undefined) {
	process.on('disconnect', () => process.exit());
	await save(JSON.parse(process.argv[2]) as SavingOptions);
}
