/**
 * `bonsai account check`: logs in, says what the server can do and what Bonsai will use of it, and what a first screen
 * costs on this line. Changes nothing.
 */
import {capabilityUses, unusedOf} from './capability-uses.ts';
import {type Account, addressOf} from './model/account.ts';
import {Failure} from './model/failure.ts';
import {inbox} from './model/ids.ts';
import {safeLine} from './model/safe-text.ts';
import {passwordOf} from './password.ts';
import type {Dial, Remote, Selected} from './remote/remote.ts';

const firstScreenRows = 20;

export async function checkAccount(
	account: Account,
	dial: Dial,
	{stdout, stderr}: {stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream},
): Promise<boolean> {
	const say = (line: string): void => void stdout.write(`${safeLine(line)}\n`);
	say(`${account.name}: ${addressOf(account)}`);
	const startedAt = performance.now();
	try {
		const {remote, selected} = await dial(
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
		if (account.folder === '') await report(remote, selected, account, startedAt, say);
		else await reportLocal(remote, say);
		await remote.leave();
		return true;
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		stderr.write(`${error.sentence}\n`);
		return false;
	}
}

/** There is no line of which there would be anything to say. */
async function reportLocal(remote: Remote, say: (line: string) => void): Promise<void> {
	const mailboxes = (await remote.fetchMailboxes()).filter(({isSelectable}) => isSelectable);
	const messages = mailboxes.reduce((sum, each) => sum + (each.messages ?? 0), 0);
	say(`  mail on this disk: ${messages} messages in ${mailboxes.length} mailboxes`);
	say('  any program that reads Maildirs may have them open too (mutt, aerc, notmuch)');
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
	for (const {names, use, without} of capabilityUses) {
		const found = names.find(name => remote.capabilities.has(name));
		const isDisabled = names.some(name => account.disabledCapabilities.includes(name));
		const name = (found ?? names[0]).padEnd(17);
		say(found === undefined ? `  ${isDisabled ? 'off ' : 'no  '} ${name} ${without}` : `  uses ${name} ${use}`);
	}
	say(`  it also has (not used): ${unusedOf(remote.capabilities).join(' ') || 'nothing'}`);
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
