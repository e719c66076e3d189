/** Mail in the outbox of an account, as a bad day has left it: refused, unknown, put off, and to be sent later. */
import {ours, safeLine} from '../../source/model/safe-text.ts';
import {OutgoingMail} from '../../source/store/outgoing.ts';

const hour = 3600_000;

/** `folder`: of the account; `now`: ms since the epoch. */
export function putMailInOutbox(folder: string, now: number): void {
	const mail = new OutgoingMail(folder);
	const put = (hoursAgo: number, to: readonly string[], subject: string, sendAt = 0): string => {
		const writing = mail.begin();
		const lines = 'The boat is in, and the stores with it.\r\n'.repeat(20);
		writing.write(Buffer.from(`From: ada@example.org\r\nTo: ${to.join(', ')}\r\nSubject: ${subject}\r\n\r\n${lines}`));
		const envelope = {from: 'ada@example.org', to};
		const messageId = `<${hoursAgo}@example.org>`;
		const madeAt = now - hoursAgo * hour;
		return writing.commit(
			{envelope, isEightBit: false, needsUtf8: false, messageId, madeAt, notBefore: 0, sendAt},
			{
				from: {name: 'Ada', address: 'ada@example.org'},
				subject,
				text: lines,
				...{to: [], cc: [], bcc: [], replyTo: [], inReplyTo: [], references: [], headers: [], attachments: []},
			},
		).id;
	};
	const sent = put(30, ['robin@ship.example'], 'Stores, again');
	mail.settle(sent, {state: 'sent', refusals: []}, now);
	const refused = put(6, ['medic@station.example', 'nobody@station.example'], 'Medical stores: what is left');
	const because = safeLine('The server refuses it: 550 5.1.1 nobody@station.example: no such user here');
	mail.settle(refused, {state: 'refused', because, isForNow: false, refusals: []}, now);
	const unknown = put(3, ['edda@home.example'], 'When the ship leaves');
	mail.settle(
		unknown,
		{
			state: 'unknown',
			because: ours('The line was cut after all of it was sent and before the server said whether it took it'),
		},
		now,
	);
	put(1, ['jonas@home.example', 'edda@home.example'], 'Happy birthday', now + 14 * hour);
	put(0.1, ['robin@ship.example'], 'Tea at four?');
}
