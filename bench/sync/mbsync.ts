/** mbsync, which brings messages whole; what is decided is done in its Maildir. */
import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Cost, startHeardLine} from './heard-line.ts';
import type {Decisions, SyncingProgramStart} from './syncing-program.ts';

export const startMbsync: SyncingProgramStart = async ({port, password}, user, mailboxes = 'inbox') => {
	const line = await startHeardLine(port);
	const folder = mkdtempSync(join(tmpdir(), 'bonsai-mbsync-'));
	const near = join(folder, 'mail');
	mkdirSync(near);
	const file = join(folder, 'mbsyncrc');
	writeFileSync(
		file,
		`IMAPAccount far\nHost 127.0.0.1\nPort ${line.port}\nUser ${user}\nPass ${password}\nSSLType None\nAuthMechs LOGIN\n\nIMAPStore far\nAccount far\n\nMaildirStore near\nPath ${near}/\nInbox ${near}/INBOX\nSubFolders Verbatim\n\nChannel all\nFar :far:\nNear :near:\nPatterns ${mailboxes === 'all' ? '*' : 'INBOX Archive'}\nCreate Near\nExpunge Both\nSyncState *\n`,
	);
	const again = async (): Promise<Cost> => {
		line.begin();
		const child = spawn('mbsync', ['-c', file, 'all'], {stdio: 'ignore', env: {...process.env, HOME: folder}});
		const code = await new Promise(resolve => child.once('exit', resolve));
		if (code !== 0) throw new Error(`mbsync: ${code}`);
		return line.spent();
	};
	return {
		line,
		again,
		async prepare() {
			await again();
		},
		decide(decisions) {
			decideInMaildir(near, decisions);
			return again();
		},
		async close() {
			rmSync(folder, {recursive: true, force: true});
			await line.close();
		},
	};
};

function decideInMaildir(near: string, {flags, moves, removals}: Decisions): void {
	const cur = join(near, 'INBOX', 'cur');
	const uid = (name: string): number => Number(/,U=(\d+)/.exec(name)?.[1] ?? 0);
	const files = readdirSync(cur).sort((a, b) => uid(a) - uid(b));
	const flagged = (name: string, flag: string): string => `${name.replace(flag, '')}${flag}`;
	for (const name of files.slice(0, flags)) renameSync(join(cur, name), join(cur, flagged(name, 'F')));
	for (const name of files.slice(flags, flags + moves))
		renameSync(join(cur, name), join(near, 'Archive', 'cur', name.replace(/,U=\d+/, '')));
	for (const name of files.slice(flags + moves, flags + moves + removals))
		renameSync(join(cur, name), join(cur, flagged(name, 'T')));
}
