/**
 * What happens in a Maildir that mbsync keeps the same as the account, one thing at a time: somebody works in it, and mbsync
 * runs, alone or while a client is at work too.
 */
import type {Change} from '../../../source/model/operation.ts';
import {until} from '../../helpers/waiting.ts';
import type {Client} from './client.ts';
import type {MaildirPeer} from './maildir-peer.ts';
import type {Run, Step} from './steps.ts';
import {places} from './world.ts';

/** `endsMarked`: clients end what they mark as deleted; else mbsync would end what one leaves marked at that moment. */
export function maildirSteps(peer: MaildirPeer, {endsMarked}: {readonly endsMarked: boolean}): readonly Step[] {
	/** What was done in the Maildir since mbsync ran last. */
	let done: {readonly subject: string; readonly change: Change}[] = [];

	function work({chance, serial}: Run): string {
		const mailbox = chance.pick(places);
		const kind = chance.below(6);
		const files = peer.files(mailbox);
		if (kind === 0 || files.length === 0) {
			const subject = `p${serial}`;
			return peer.drop(mailbox, subject) ? `Maildir: ${subject} is put into ${mailbox}` : 'there is no Maildir yet';
		}
		const file = chance.pick(files);
		const {subject} = file;
		if (kind === 1) {
			peer.remove(file);
			done.push({subject, change: {kind: 'remove'}});
			return `Maildir: ${subject} of ${mailbox} is removed`;
		}
		const letter = kind === 2 ? 'T' : chance.pick(['S', 'F']);
		const isSet = !file.flags.includes(letter);
		peer.setFlag(mailbox, file, letter, isSet);
		const flag = {S: '\\Seen', F: '\\Flagged', T: '\\Deleted'}[letter]!;
		done.push({subject, change: letter === 'T' ? {kind: 'remove'} : {kind: 'flag', flag, isSet}});
		return `Maildir: ${subject} of ${mailbox}, ${flag}: ${isSet}`;
	}

	async function sync({asked}: Run, meanwhile = async (): Promise<void> => {}): Promise<string> {
		let said = '';
		await asked.late(done, async () => {
			[said] = await Promise.all([peer.sync(), meanwhile()]);
		});
		// What it could not do it will do the next time.
		if (said === '') done = [];
		return `mbsync runs ${said}`;
	}

	async function syncWithin(run: Run, client: Client): Promise<string> {
		const {session} = client;
		session.planCall();
		await until(session.call, now => now?.state !== 'asking');
		session.goCall();
		const story = await sync(run, async () => {
			await until(session.call, now => now?.state !== 'going');
			await client.calm();
			// What was gone may have turned up in the call, and was gone on with.
			run.asked.learn(client);
		});
		return `calls, and meanwhile ${story}`;
	}

	const alone: Step = run => sync(run);
	return [work, work, work, work, alone, alone, endsMarked ? syncWithin : alone];
}
