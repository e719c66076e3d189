/**
 * Where things are kept. `BONSAI_HOME` holds everything; without it, the XDG folders: configuration in one, what was
 * decided and is not to be lost in another (state), and what can be bought again in a third (cache).
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {localMarker} from './model/account.ts';
import {receiptsFile} from './model/draining.ts';
import type {AccountName} from './model/ids.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `mail` is where local mail is unless the account says otherwise. */
export type Folders = {readonly config: string; readonly state: string; readonly cache: string; readonly mail: string};

export function folders(env: Environment): Folders {
	const home = env.HOME ?? os.homedir();
	if (env.BONSAI_HOME)
		return {
			config: env.BONSAI_HOME,
			state: env.BONSAI_HOME,
			cache: path.join(env.BONSAI_HOME, 'cache'),
			mail: path.join(env.BONSAI_HOME, 'Mail'),
		};
	return {
		config: path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'bonsai'),
		state: path.join(env.XDG_STATE_HOME || path.join(home, '.local', 'state'), 'bonsai'),
		cache: path.join(env.XDG_CACHE_HOME || path.join(home, '.cache'), 'bonsai'),
		mail: path.join(env.XDG_DATA_HOME || path.join(home, '.local', 'share'), 'bonsai', 'Mail'),
	};
}

/**
 * Whether there is local mail where it is without being configured; or there has been, as one of these accounts was drained
 * into it: when its disk is not mounted, that has to be said. Free: a look at the disk.
 */
export const hasLocalMail = ({mail, state}: Folders, accounts: readonly AccountName[] = []): boolean =>
	fs.existsSync(path.join(mail, localMarker)) ||
	accounts.some(name => fs.existsSync(path.join(accountFolder(state, name), receiptsFile)));

/** What is an account's own in one of them. */
export const accountFolder = (folder: string, account: AccountName): string =>
	path.join(folder, 'accounts', encodeURIComponent(account));
