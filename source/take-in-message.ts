/**
 * A message on the standard input, written down in the outbox of the account that is to send it: as it comes, so that
 * its size does not matter.
 */
import {addAbortSignal} from 'node:stream';
import type {WantedSend} from './command-line/send-options.ts';
import type {Submitted} from './compose/submitted.ts';
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import type {Address} from './model/draft.ts';
import type {Outgoing} from './model/outgoing.ts';
import {octetsPass} from './remote/few-buffers.ts';
import type {LetterWriting} from './store/letter-writing.ts';
import {OutgoingMail} from './store/outgoing.ts';
import {Refused, sysexits} from './sysexits.ts';

const identityOf = ({sending, user}: Account): Address | undefined => {
	const [first] = sending.identities;
	if (first !== undefined) return first;
	const login = sending.smtp?.user || user;
	return login.includes('@') ? {name: '', address: login} : undefined;
};

/** The account that is asked for, else the one that writes as who sends it, else the first that sends. */
function senderOf(senders: readonly Account[], from: string): Account {
	const writes = ({sending, user}: Account): boolean =>
		[...sending.identities.map(({address}) => address), sending.smtp?.user, user].some(
			address => address !== undefined && address.toLowerCase() === from.toLowerCase(),
		);
	return (from === '' ? undefined : senders.find(writes)) ?? senders[0]!;
}

export type TakenIn = {readonly account: Account; readonly mail: OutgoingMail; readonly letter: Outgoing};

type Begun = {
	readonly account: Account;
	readonly mail: OutgoingMail;
	readonly writing: LetterWriting;
	readonly read: Submitted;
};

/** The message is on the disk, whole, when this resolves. */
export async function takeIn(
	config: Config,
	senders: readonly Account[],
	wanted: WantedSend,
	input: NodeJS.ReadStream,
	signal: AbortSignal,
): Promise<TakenIn> {
	const [{wireLines}, {readSubmitted, writerOf}, {dateField, localZone, newMessageId}] = await Promise.all([
		import('./compose/wire-lines.ts'),
		import('./compose/submitted.ts'),
		import('./compose/compose.ts'),
	]);
	// No more of it is waited for.
	addAbortSignal(signal, input);
	const lines = wireLines({endsAtDot: wanted.endsAtDot});
	let begun: Begun | undefined;
	const begin = (header: string): Begun => {
		const account = senderOf(senders, writerOf(header) || wanted.from || '');
		const writer = identityOf(account);
		const now = Date.now();
		const read = readSubmitted(header, {
			from: wanted.from,
			recipients: wanted.recipients,
			takesRecipients: wanted.takesRecipients,
			writer: writer ?? {name: '', address: ''},
			newMessageId: sender => newMessageId(sender, now),
			date: dateField(now, localZone(now)),
		});
		if ('problem' in read)
			throw new Refused(
				wanted.recipients.length === 0 && !wanted.takesRecipients ? sysexits.usage : sysexits.data,
				read.problem,
			);
		const mail = new OutgoingMail(config.accountFolder(account.name));
		const writing = mail.begin();
		writing.write(read.header);
		return {account, mail, writing, read};
	};
	try {
		for await (const octets of input as AsyncIterable<Buffer>) {
			signal.throwIfAborted();
			octetsPass(octets.length);
			const body = lines.write(octets);
			if (lines.header !== undefined) begun ??= begin(lines.header);
			if (body.length > 0) begun!.writing.write(body);
			if (lines.isOver) break;
		}
		await heardOf(signal);
		const rest = lines.end();
		if (lines.isEmpty) throw new Refused(sysexits.noInput, 'there is no message on the standard input');
		begun ??= begin(lines.header ?? '');
		begun.writing.write(rest);
		const {account, mail, writing, read} = begun;
		const letter = writing.commit({...read, isEightBit: lines.isEightBit, madeAt: Date.now(), notBefore: 0});
		return {account, mail, letter};
	} catch (error) {
		begun?.writing.abandon();
		if (error instanceof Refused) throw error;
		if (signal.aborted)
			throw new Refused(sysexits.later, 'it was stopped before all of the message was there. Nothing was sent');
		throw new Refused(sysexits.cannotCreate, `the message cannot be written down: ${(error as Error).message}`);
	}
}

/** A ^C ends whoever writes the message as well: that it was pressed may be heard a turn of the event loop after that end. */
async function heardOf(signal: AbortSignal): Promise<void> {
	for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setImmediate(resolve));
	signal.throwIfAborted();
}
