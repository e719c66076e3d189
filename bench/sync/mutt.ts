/** mutt with everything on that saves: header cache, CONDSTORE, QRESYNC, COMPRESS. */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {openBonsai, ownHome} from '../../test/helpers/screen.ts';
import {type Cost, startHeardLine} from './heard-line.ts';
import type {SyncingProgramStart} from './syncing-program.ts';

const longestMs = 300_000;
const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

export const startMutt: SyncingProgramStart = async ({port, password}, user) => {
	const line = await startHeardLine(port);
	const home = ownHome();
	const url = `imap://${user}@127.0.0.1:${line.port}/`;
	const file = join(home.path, 'muttrc');
	for (const each of ['headers', 'bodies']) mkdirSync(join(home.path, each));
	writeFileSync(
		file,
		[
			`set folder="${url}" spoolfile="${url}INBOX" imap_user="${user}" imap_pass="${password}"`,
			'set ssl_starttls=no ssl_force_tls=no imap_condstore=yes imap_qresync=yes imap_deflate=yes',
			`set header_cache="${home.path}/headers/h" message_cachedir="${home.path}/bodies"`,
			'set quit=yes move=no confirmappend=no confirmcreate=no delete=yes mark_old=no sleep_time=0 wait_key=no mail_check=3600',
			'',
		].join('\n'),
	);
	const once = async (keys: readonly string[]): Promise<Cost> => {
		line.begin();
		const mutt = openBonsai({home, command: ['mutt', '-n', '-F', file, '-f', `${url}INBOX`]});
		const end = performance.now() + longestMs;
		while (!/Msgs:\d/.test(mutt.text)) {
			if (performance.now() > end) throw new Error(`mutt shows no list:\n${mutt.text}`);
			await pause(50);
		}
		await line.quiet();
		for (const key of keys) {
			mutt.press(key);
			await pause(500);
		}
		if (keys.length > 0) await line.quiet();
		const spent = line.spent();
		mutt.press('q');
		await mutt.exited;
		return spent;
	};
	return {
		line,
		async prepare() {
			// The second time still writes what the first has not.
			for (let time = 0; time < 3; time++) await once([]);
		},
		again: () => once([]),
		decide: ({flags, moves, removals}) =>
			once([
				...['T', `~m 1-${flags}\r`, ';w', '!', '\x14', '~A\r'],
				...['T', `~m ${flags + 1}-${flags + moves}\r`, ';s', '=Archive\r', '\x14', '~A\r'],
				...['D', `~m ${flags + moves + 1}-${flags + moves + removals}\r`, '$'],
			]),
		async close() {
			home.remove();
			await line.close();
		},
	};
};
