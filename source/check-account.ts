/**
 * `bonsai account check`: logs in, says what the server can do and what Bonsai will use of it, and what a first screen
 * costs on this line. Changes nothing.
 */
import {type Account, addressOf} from './model/account.ts';
import {Failure} from './model/failure.ts';
import {inbox} from './model/ids.ts';
import {safeLine} from './model/safe-text.ts';
import {passwordOf} from './password.ts';
import {dialImap} from './remote/imap.ts';
import type {Remote, Selected} from './remote/remote.ts';

const firstScreenRows = 20;

/** Extension, what it is used for, and what happens without it. */
const uses: readonly (readonly [capability: string, use: string, without: string])[] = [
	['SASL-IR', 'logging in with one turn less', 'one turn more at each login'],
	['COMPRESS=DEFLATE', 'everything on the line is compressed, to a third or so', 'bytes are as they are'],
	['IDLE', 'news arrives by itself', 'news when you ask ($)'],
	['LIST-STATUS', 'all mailboxes with their counts in one turn', 'one question for each mailbox'],
	['SPECIAL-USE', 'Sent, Drafts, Trash and the like are known', 'they are found by name'],
	['UTF8=ACCEPT', 'mailbox names and headers in UTF-8', 'names in modified UTF-7'],
];

export async function checkAccount(
	account: Account,
	{stdout, stderr}: {stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream},
): Promise<boolean> {
	const say = (line: string): void => void stdout.write(`${safeLine(line)}\n`);
	say(`${account.name}: ${addressOf(account)}`);
	const startedAt = performance.now();
	try {
		const {remote, selected} = await dialImap(
			{
				account,
				secret: () => passwordOf(account, process.env),
				remembered: undefined,
				mailbox: inbox,
				wants: 'nothing',
				onTraffic: () => {},
				patienceMs: 30_000,
				events: {
					onCount: () => {},
					onExpunge: () => {},
					onVanished: () => {},
					onHighestModseq: () => {},
					onFlags: () => {},
					onAlert: text => say(`  the server says: ${text}`),
					onClosed: () => {},
				},
			},
			new AbortController().signal,
		);
		await report(remote, selected, account, startedAt, say);
		await remote.leave();
		return true;
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		stderr.write(`${error.sentence}\n`);
		return false;
	}
}

function lineWords({isEncrypted}: Remote, {tunnel, security}: Account): string {
	if (tunnel !== '' && security === 'none') return 'a tunnel: its command sees to encryption';
	return isEncrypted ? 'encrypted' : 'NOT encrypted: everything can be read on the way';
}

async function report(
	remote: Remote,
	selected: Selected | Failure | undefined,
	account: Account,
	startedAt: number,
	say: (line: string) => void,
): Promise<void> {
	say(`  the line is ${lineWords(remote, account)}`);
	for (const [capability, use, without] of uses) {
		const isDisabled = account.disabledCapabilities.includes(capability);
		const has = remote.capabilities.has(capability);
		say(`  ${has ? 'uses' : isDisabled ? 'off ' : 'no  '} ${capability.padEnd(17)} ${has ? use : without}`);
	}
	const named = new Set(uses.map(([capability]) => capability));
	const others = [...remote.capabilities].filter(each => !named.has(each) && !/^(AUTH=|IMAP4)/i.test(each));
	say(`  it also has (not used yet): ${others.join(' ') || 'nothing'}`);
	if (selected instanceof Failure) throw selected;
	if (selected === undefined) return;
	if (selected.count > 0)
		await remote.fetchRows(`${Math.max(1, selected.count - firstScreenRows + 1)}:${selected.count}`, () => {});
	const {upBytes, downBytes, turns} = remote.usage;
	const rate = remote.bytesPerSecond === undefined ? '' : `, ${Math.round(remote.bytesPerSecond / 1000)} kB/s`;
	say(
		`  first screen of INBOX (${selected.count} messages): ${upBytes + downBytes} bytes, ${turns} turns, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
	);
	say(`  round trip ${Math.round(remote.roundTripMs ?? 0)} ms${rate}`);
}
