/**
 * Where a password comes from when it is needed: a command, the environment, the system keyring. It is held for the
 * length of a login and written nowhere (law 11).
 */
import {spawn} from 'node:child_process';
import type {Account} from './model/account.ts';
import {Failure} from './model/failure.ts';
import {safeLine} from './model/safe-text.ts';

const service = 'bonsai-mail';

const denied = (sentence: string, cause?: unknown): Failure => new Failure('denied', safeLine(sentence), cause);

/** Rejects with a Failure that says what to do. */
export async function passwordOf(account: Account, env: Readonly<Record<string, string | undefined>>): Promise<string> {
	const {password, name} = account;
	switch (password.from) {
		case 'command':
			return fromCommand(password.command);
		case 'environment': {
			const value = env[password.variable];
			if (value === undefined)
				throw denied(
					`The password of ${name} should be in the environment variable ${password.variable}, which is not set`,
				);
			return value;
		}
		case 'keyring': {
			const entry = await keyringEntry(account);
			const value = entry.getPassword();
			if (value === null)
				throw denied(
					`The system keyring holds no password for ${name}. Put it there: bonsai account add ${name} … --replace --password-keyring asks for it`,
				);
			return value;
		}
		case 'nowhere':
			if (account.authentication === 'anonymous') return '';
			if (account.tunnel !== '')
				throw denied(
					`The tunnel of ${name} asks for a login. Add the account again with --user and --password-command`,
				);
			throw denied(`The account ${name} says nowhere where its password is. Add it again with --password-command`);
	}
}

/** Its first line of output, as `pass show mail` prints it. It may ask on the terminal's own device. */
function fromCommand(command: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, {shell: true, stdio: ['ignore', 'pipe', 'pipe']});
		const output: Buffer[] = [];
		const errors: Buffer[] = [];
		child.stdout.on('data', bytes => output.push(bytes));
		child.stderr.on('data', bytes => errors.push(bytes));
		child.on('error', error => reject(denied(`The password command cannot be run: ${error.message}`, error)));
		child.on('close', code => {
			const [line = ''] = Buffer.concat(output).toString('utf8').split(/\r?\n/, 1);
			if (code === 0 && line !== '') return resolve(line);
			const [said = ''] = Buffer.concat(errors).toString('utf8').trim().split('\n').slice(-1);
			reject(
				denied(
					`The password command ${code === 0 ? 'printed nothing' : `failed (exit code ${code})`}: ${said || command}`,
				),
			);
		});
	});
}

type Entry = {getPassword: () => string | null; setPassword: (password: string) => void};

/** The keyring package is optional at install; without it, or without a keyring, this says so. */
async function keyringEntry({user, host, name}: Account): Promise<Entry> {
	try {
		const {Entry: Keyring} = await import('@napi-rs/keyring');
		const entry = new Keyring(service, `${user}@${host || name}`);
		return {
			getPassword: () => attempt(() => entry.getPassword()),
			setPassword: password => attempt(() => entry.setPassword(password)),
		};
	} catch (error) {
		if (error instanceof Failure) throw error;
		throw denied(
			'The system keyring cannot be used here (the package @napi-rs/keyring is not installed). Use --password-command instead',
			error,
		);
	}
}

function attempt<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw denied(
			`The system keyring cannot be used (${(error as Error).message}). Use --password-command instead`,
			error,
		);
	}
}

export async function keepPassword(account: Account, password: string): Promise<void> {
	(await keyringEntry(account)).setPassword(password);
}
