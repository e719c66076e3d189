/** SEARCH on local mail. What only a file says, its Message-ID and the day it came, is read once and then in the index. */
import type {SearchCriteria} from '../remote/remote.ts';
import type {IndexedMessage} from '../store/maildir-index.ts';
import type {LocalReading} from './local-reading.ts';
import {readName} from './maildir-name.ts';
import type {ToldMailbox} from './told-mailbox.ts';

const dayMs = 24 * 3600_000;

/** UIDs, ascending. Throws a Failure. */
export async function localSearch(
	told: ToldMailbox,
	criteria: SearchCriteria,
	reading: LocalReading,
): Promise<number[]> {
	const {mailbox} = told;
	const matching = async (matches: (message: IndexedMessage) => boolean | Promise<boolean>): Promise<number[]> => {
		const found: number[] = [];
		for (const message of mailbox.messages())
			if (told.sequenceOf(message.uid) !== undefined && (await matches(message))) found.push(message.uid);
		return found;
	};
	const isNamed = async (
		message: IndexedMessage,
		messageIds: readonly string[],
		{
			isToStay = false,
			isResent = false,
		}: {readonly isToStay?: boolean | undefined; readonly isResent?: boolean | undefined},
	): Promise<boolean> =>
		!(isToStay && readName(message.name).letters.includes('T')) &&
		messageIds.includes(
			(await (isResent ? reading.resentMessageId(mailbox, message) : reading.messageId(mailbox, message))) || '\n',
		);
	switch (criteria.by) {
		case 'all':
			return told.uidsIn('1:*');
		case 'sequence':
			return told.uidsAt(criteria.set);
		case 'since': {
			const from = Math.floor(criteria.date / dayMs) * dayMs;
			return matching(async message => (await mailbox.dateOf(message)) >= from);
		}
		case 'flag':
			return matching(({name, isSeen}) =>
				criteria.flag === 'FLAGGED' ? readName(name).letters.includes('F') : isSeen === (criteria.flag === 'SEEN'),
			);
		case 'message-id': {
			const {messageId, sizeBytes} = criteria;
			return matching(
				async message =>
					(await isNamed(message, [messageId], criteria)) &&
					(sizeBytes === undefined || (await mailbox.sizeOf(message)) === sizeBytes),
			);
		}
		case 'message-ids':
			return matching(message => isNamed(message, criteria.messageIds, criteria));
	}
}
