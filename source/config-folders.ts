/**
 * Where configuration and state are kept. `BONSAI_HOME` holds everything; without it, the XDG folders: configuration in
 * one, what may be lost in another.
 */
import os from 'node:os';
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

export function folders(env: Environment): {config: string; state: string} {
	const home = env.HOME ?? os.homedir();
	if (env.BONSAI_HOME) return {config: env.BONSAI_HOME, state: env.BONSAI_HOME};
	return {
		config: path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'bonsai'),
		state: path.join(env.XDG_STATE_HOME || path.join(home, '.local', 'state'), 'bonsai'),
	};
}
