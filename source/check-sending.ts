/** `bonsai account check`, of how an account sends: logs in, says what the server takes, and leaves. Sends nothing. */
import type {Account} from './model/account.ts';
import {bytesOf} from './model/amounts.ts';
import {Failure} from './model/failure.ts';
import {maySend, sendingWords} from './model/sending.ts';
import {noUsage, plus} from './model/usage.ts';
import {tryOut} from './remote/smtp.ts';
import {takesPieces} from './remote/smtp-pieces.ts';
import {sendingSecret} from './submit-of.ts';

/** Extension, what it is used for, and what happens without it. */
const uses: readonly (readonly [extension: string, use: string, without: string])[] = [
	['PIPELINING', 'a message costs three turns less', 'each recipient is a turn of its own'],
	['8BITMIME', 'messages are attached as they are', 'they are, too, and the server may mangle them'],
	['BURL', 'what you forward goes from server to server', 'what you forward is fetched, and sent up again'],
	['SMTPUTF8', 'addresses in any script', 'addresses in ASCII only'],
];

/** Returns whether it can send, or is not meant to. */
export async function checkSending(
	account: Account,
	say: (line: string) => void,
	complain: (line: string) => void,
	/** Whether it fetches by itself what lies in the mailboxes, to be remembered. */
	onTakesPieces: (isTaken: boolean) => void = () => {},
): Promise<boolean> {
	const {sending} = account;
	if (!maySend(sending)) return true;
	say(`  ${sendingWords(sending)}`);
	if (sending.smtp === undefined) return true;
	let usage = noUsage;
	try {
		const offers = await tryOut(sending.smtp, {
			secret: () => sendingSecret(account),
			onSpent: spent => {
				usage = plus(usage, spent);
			},
			patienceMs: 30_000,
			beforeTheEnd: () => {},
			signal: new AbortController().signal,
		});
		onTakesPieces(takesPieces(offers));
		const isOffered = (extension: string): boolean =>
			extension === 'BURL' ? takesPieces(offers) : offers.has(extension);
		for (const [extension, use, without] of uses)
			say(
				`  ${isOffered(extension) ? 'uses' : 'no  '} ${extension.padEnd(17)} ${isOffered(extension) ? use : without}`,
			);
		const most = Number(offers.get('SIZE')?.[0] ?? 0);
		if (most > 0) say(`  takes messages up to ${bytesOf(most)}`);
		say(`  the login to it: ${usage.upBytes + usage.downBytes} bytes, ${usage.turns} turns`);
		return true;
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		complain(error.sentence);
		return false;
	}
}
