/**
 * How soon local mail of 100,000 messages is on the terminal: with our index there, and the first time ever. In a pty, in
 * turns with mutt on the same Maildir, its header cache warm and not verified, and without any.
 */
import {spawnSync} from 'node:child_process';
import {mkdtempSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {maildirIndexFile} from '../source/store/maildir-index.ts';
import {localMailIn} from '../test/helpers/local-mail-in.ts';
import {environmentIn, type Home, ownHome, program} from '../test/helpers/screen.ts';
import {medianOf, type Start, timeTo} from './starting.ts';
import {maildirOf, many, muttWords} from './stored.ts';

const turns = 15;
const coldTurns = 3;

export async function measureLocal(): Promise<string | undefined> {
	if (spawnSync('which', ['mutt']).status !== 0) return undefined;
	const folder = mkdtempSync(join(tmpdir(), 'bonsai-bench-'));
	const home = ownHome();
	try {
		const root = localMailIn(home, {});
		const inbox = join(root, 'INBOX');
		rmSync(inbox, {recursive: true});
		renameSync(maildirOf(folder), inbox);
		const times = await startTimes(home, inbox, folder);
		const mutt = times.get(warmMutt) ?? 0;
		const rows = [...times].map(([name, ms]) => `| ${name} | ${ms.toFixed(0)} | ${(ms / mutt).toFixed(2)} |`);
		const megabytes = Math.round(statSync(indexOf(home)).size / 2 ** 20);
		return [
			'## Local mail of 100,000 messages',
			'',
			`From exec to the first list in a pty of 80x24, median of ${turns} in turns (${coldTurns} of those without index and cache).`,
			'The same Maildir for both. mutt: `sort=mailbox-order`, its header cache with `maildir_header_cache_verify=no`.',
			'',
			'| | ms | × mutt, warm |',
			'|---|---|---|',
			...rows,
			'',
			`The index is ${megabytes} MB.`,
			'',
		].join('\n');
	} finally {
		home.remove();
		rmSync(folder, {recursive: true, force: true});
	}
}

const indexOf = (home: Home): string => join(home.environment.BONSAI_HOME ?? '', 'accounts', 'Local', maildirIndexFile);
const warmMutt = 'mutt -n, header cache warm';

async function startTimes(home: Home, inbox: string, folder: string): Promise<Map<string, number>> {
	const rc = muttWords(folder);
	const coldRc = join(folder, 'muttrc-cold');
	writeFileSync(coldRc, `set sort=mailbox-order\nset folder="${join(folder, 'Mail')}"\n`);
	const mutt = (file: string): readonly string[] => ['mutt', '-n', '-F', file, '-f', inbox];
	const bonsai = [process.execPath, program];
	const list = `${many} of ${many}`;
	const warm: readonly Start[] = [
		{name: warmMutt, command: mutt(rc), shows: `Msgs:${many}`},
		{name: '**bonsai**, index there, the list', command: bonsai, shows: list},
		{
			name: 'the same, and it has answered a key',
			command: bonsai,
			shows: list,
			key: {sends: 'k', shows: String(many - 1)},
		},
	];
	const cold: readonly Start[] = [
		{name: 'mutt -n, without a header cache', command: mutt(coldRc), shows: `Msgs:${many}`},
		{name: 'bonsai, the first time ever: the folder is read and indexed', command: bonsai, shows: list},
	];
	const env = environmentIn(home);
	const measured = new Map<string, number[]>([...warm, ...cold].map(({name}) => [name, []]));
	for (let turn = 0; turn < coldTurns; turn++)
		for (const start of cold) {
			for (const end of ['', '-wal', '-shm']) rmSync(indexOf(home) + end, {force: true});
			measured.get(start.name)?.push(await timeTo(start, env));
		}
	// The first turn fills mutt's cache and the machine's.
	for (let turn = 0; turn <= turns; turn++)
		for (const start of warm) {
			const ms = await timeTo(start, env);
			if (turn > 0) measured.get(start.name)?.push(ms);
		}
	return new Map([...measured].map(([name, all]) => [name, medianOf(all)]));
}
