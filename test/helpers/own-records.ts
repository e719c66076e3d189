/** Records of our own state by chance: few things and few counters, so that many are about the same. */
import type {OwnRecord} from '../../source/model/own-record.ts';

const whats = ['\\Seen', '\\Flagged', '\\Hidden', 'todo', 'Todo'];
const clients = ['aaaaaa', 'bbbbbb', 'cccccc'];
const mailboxes = ['imap://lists.example.org/r.net', 'imap://me@mail.example.org/Public/caf%C3%A9'];

export const someRecords = (below: (n: number) => number, count: number): OwnRecord[] =>
	Array.from({length: count}, () => ({
		mailbox: mailboxes[below(2)] as string,
		uidValidity: 1 + below(2),
		uid: 1 + below(6),
		what: whats[below(whats.length)] as string,
		isSet: below(2) === 1,
		when: 1 + below(5),
		who: clients[below(3)] as string,
	}));
