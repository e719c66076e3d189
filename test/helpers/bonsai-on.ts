/**
 * Bonsai with an account on a server: how most end-to-end tests begin. The server runs in the test's own process, so
 * that the test can look into it, break it, and be another client at work; all of it is gone when the test is over.
 *
 *     const {bonsai, server} = await bonsaiOn(t, {mailboxes: inboxOf(letter({subject: 'Soup'}))});
 */
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {TestContext} from 'node:test';
import type {Preferences} from '../../source/config.ts';
import {
	type DemoServer,
	type DemoServerOptions,
	MailboxState,
	type NamedMailbox,
	rawMessage,
	startDemoServer,
} from '../../source/demo/server.ts';
import type {Account} from '../../source/model/account.ts';
import {type Bonsai, type Home, type OpenOptions, openBonsai, ownHome} from './screen.ts';

type LetterWords = {
	readonly subject?: string;
	readonly from?: string;
	readonly text?: string;
	/** Instead of a text: header fields and body as they are. */
	readonly mime?: string;
};

/** A message as it is sent. */
export const letter = ({subject = 'Soup', from = 'Ada Lind <ada@station.example>', text, mime}: LetterWords): string =>
	[
		'Date: Fri, 20 Nov 2026 12:00:00 +0000',
		`From: ${from}`,
		'To: Robin Aske <robin@aurelia.example>',
		`Subject: ${subject}`,
		'MIME-Version: 1.0',
		mime ?? `Content-Type: text/plain; charset=utf-8\n\n${text ?? `The text of ${subject}.`}\n`,
	]
		.join('\n')
		.replaceAll(/\r?\n/g, '\r\n');

/** A multipart/mixed of a text and files. */
export const mimeWithFiles = (
	text: string,
	files: readonly (readonly [name: string, content: Buffer | string])[],
): string =>
	[
		'Content-Type: multipart/mixed; boundary=limit',
		'',
		'--limit',
		'Content-Type: text/plain; charset=utf-8',
		'',
		text,
		...files.flatMap(([name, content]) => [
			'--limit',
			`Content-Type: ${typeof content === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream'}`,
			`Content-Disposition: attachment; filename="${name}"`,
			'Content-Transfer-Encoding: base64',
			'',
			Buffer.from(content).toString('base64').replaceAll(/.{76}/g, '$&\n'),
		]),
		'--limit--',
		'',
	].join('\n');

/** A server with one mailbox: these messages, UIDs from 1. */
export const inboxOf =
	(...messages: readonly string[]): (() => NamedMailbox[]) =>
	() => {
		const state = new MailboxState(1_733);
		for (const each of messages) {
			const internalDate = Date.UTC(2026, 10, 20, 12);
			state.append({message: rawMessage(Buffer.from(each)), internalDate}, []);
		}
		return [{name: 'INBOX', state}];
	};

type OnOptions = DemoServerOptions & {
	readonly account?: AccountWords;
	readonly open?: Omit<OpenOptions, 'home'>;
	readonly preferences?: Partial<Preferences>;
};

export async function bonsaiOn(
	t: TestContext,
	{account = {}, open = {}, preferences, ...options}: OnOptions = {},
): Promise<{bonsai: Bonsai; server: DemoServer; home: Home}> {
	const server = await startDemoServer({isRecording: true, ...options});
	const home = ownHome();
	keepAccount(home, {port: server.port, user: 'demo', ...account}, preferences);
	const bonsai = openBonsai({...open, home, env: {BONSAI_TEST_PASSWORD: 'demo', ...open.env}});
	t.after(async () => {
		await bonsai.close();
		await server.close();
	});
	return {bonsai, server, home};
}

/** `bonsai demo`, with the server in its own process as the user has it. */
export function bonsaiDemo(t: TestContext, {args = [], ...open}: OpenOptions = {}): Bonsai {
	const bonsai = openBonsai({...open, args: ['demo', ...args]});
	t.after(() => bonsai.close());
	return bonsai;
}

type AccountWords = Partial<Omit<Account, 'name'>>;

/** Writes the account `work` as `bonsai account add` would. */
export const keepAccount = (home: Home, work: AccountWords, preferences: Partial<Preferences> = {}): void =>
	keepAccounts(home, {work}, preferences);

/** Several, in this order. */
export function keepAccounts(
	home: Home,
	words: Readonly<Record<string, AccountWords>>,
	preferences: Partial<Preferences> = {},
): void {
	const usual = {
		host: '127.0.0.1',
		security: 'none',
		password: {from: 'environment', variable: 'BONSAI_TEST_PASSWORD'},
	};
	const accounts = Object.fromEntries(Object.entries(words).map(([name, account]) => [name, {...usual, ...account}]));
	writeFileSync(join(home.environment.BONSAI_HOME ?? '', 'config.json'), JSON.stringify({accounts, preferences}));
}

/** What the client said, command by command, without tags. */
export const commandsTo = (server: DemoServer): string[] =>
	server.transcript.filter(said => said.by === 'client').map(said => said.text.replace(/^\S+ /, ''));
