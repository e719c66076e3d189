/**
 * Where things are kept. `BONSAI_HOME` holds everything; without it, the XDG folders: configuration in one, what was
 * decided and is not to be lost in another (state), and what can be bought again in a third (cache).
 */
import os from 'node:os';
import path from 'node:path';
import type {AccountName} from './model/ids.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Folders = {readonly config: string; readonly state: string; readonly cache: string};

export function folders(env: Environment): Folders {
	const home = env.HOME ?? os.homedir();
	if (env.BONSAI_HOME)
		return {config: env.BONSAI_HOME, state: env.BONSAI_HOME, cache: path.join(env.BONSAI_HOME, 'cache')};
	return {
		config: path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'bonsai'),
		state: path.join(env.XDG_STATE_HOME || path.join(home, '.local', 'state'), 'bonsai'),
		cache: path.join(env.XDG_CACHE_HOME || path.join(home, '.cache'), 'bonsai'),
	};
}

/** What is an account's own in one of them. */
export const accountFolder = (folder: string, account: AccountName): string =>
	path.join(folder, 'accounts', encodeURIComponent(account));
