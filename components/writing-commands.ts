/**
 * Beginning to write: a new message, an answer to the one under the cursor, and sending that on. What has to be fetched for
 * it comes on the composer's screen.
 */
import {inbox, type MailboxPath, type MessageId, type PartNumber} from '../source/model/ids.ts';
import type {Answer} from '../source/model/invitation.ts';
import {hasFlag, type Message} from '../source/model/message.ts';
import {ours} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import type {Manner, Writing} from '../source/writing/writing.ts';
import {emptyMemory} from './memory.ts';
import type {Program} from './places.ts';
import {unsubscribe} from './unsubscribe.ts';
import type {Handlers} from './use-commands.ts';
import type {WritingOf} from './use-writing.ts';

/** The message that is meant, in the mailbox one reads it in. */
export type About = {readonly mailbox: MailboxPath; readonly id: MessageId; readonly part: PartNumber};

type Flagged = Pick<Message, 'flags'>;

type Around = {
	readonly session: Session;
	readonly program: Program;
};

/** `home`: the account one is in, when the message is mail of it that came to this disk. */
type Answering = Around & {
	readonly home?: Session;
	readonly writingOf: WritingOf;
	readonly columns: number;
	/** As far as its row tells: for a list no message is opened. */
	readonly message: Flagged | undefined;
	/** It is read: a draft that is gone on with takes its place, and one comes back to the list. */
	readonly isReading?: boolean;
};

/** A new one, with the cursor in its first field. */
export function composeNew(
	{session, writing, program}: Around & {readonly writing: Writing | undefined},
	mailbox: MailboxPath,
): void {
	const draft = writing?.begin({what: 'new', mailbox});
	if (draft === undefined || 'problem' in draft) program.say(draft?.problem ?? ours('nothing can be written here'));
	else {
		const what = {kind: 'draft', id: draft.id, isFresh: true} as const;
		program.open({screen: 'compose', memory: emptyMemory(), what}, session.account);
	}
}

/** As the shell asks for it: by a mailto: URL, to an address, or an empty one. */
export function composeFor(around: Around & {readonly writing: Writing | undefined}, to: string): void {
	const {session, writing, program} = around;
	const isUrl = /^mailto:/i.test(to);
	const draft = writing?.begin(isUrl ? {what: 'mailto', url: to} : {what: 'new', mailbox: inbox});
	if (to === '') composeNew(around, inbox);
	else if (writing === undefined || draft === undefined || 'problem' in draft)
		program.say((draft && 'problem' in draft ? draft.problem : undefined) ?? ours('nothing can be written here'));
	else {
		if (!isUrl) draft.change({to: writing.addressesIn(to)});
		program.open({screen: 'compose', memory: emptyMemory(), what: {kind: 'draft', id: draft.id}}, session.account);
		if (draft.remark !== '') program.say(draft.remark);
	}
}

/** Nobody may have asked yet which mailbox is that of drafts. */
export const isDraft = (session: Session, mailbox: MailboxPath, message: Flagged | undefined): boolean =>
	session.special('drafts') === mailbox || (message !== undefined && hasFlag(message, '\\Draft'));

export function answerCommands(
	{session, home = session, program, writingOf, columns, message, isReading = false}: Answering,
	about: About | undefined,
): Handlers {
	const by = home.account;
	const when = (work: (about: About, argument: string) => void) =>
		about === undefined ? undefined : (argument: string) => work(about, argument);
	const answer = (manner: Manner) =>
		when(({mailbox, id, part}) => {
			const what = {kind: 'answer', manner, by, mailbox, id, part} as const;
			program.open({screen: 'compose', memory: emptyMemory(), what}, session.account);
		});
	const participation = (kind: Answer) =>
		when(({mailbox, id, part}) => {
			const what = {kind: 'participation', answer: kind, by, mailbox, id, part} as const;
			program.open({screen: 'compose', memory: emptyMemory(), what}, session.account);
		});
	return {
		reply: answer('sender'),
		replyAll: answer('all'),
		replyList: answer('list'),
		forward: when(({mailbox, id, part}, word) => {
			if (word !== '' && word !== 'whole') return program.say(ours(':forward, or :forward whole as an attachment'));
			const what = {kind: 'forward', isWhole: word === 'whole', by, mailbox, id, part} as const;
			program.open({screen: 'compose', memory: emptyMemory(), what}, session.account);
		}),
		resume:
			about === undefined || !isDraft(session, about.mailbox, message)
				? undefined
				: () => {
						const {mailbox, id, part} = about;
						const what = {kind: 'resume', by: session.account, mailbox, id, part} as const;
						program[isReading ? 'replace' : 'open']({screen: 'compose', memory: emptyMemory(), what}, session.account);
					},
		bounce: when(({mailbox, id, part}) => {
			const what = {kind: 'bounce', by, mailbox, id, part} as const;
			program.open({screen: 'compose', memory: emptyMemory(), what}, session.account);
		}),
		accept: participation('accepted'),
		tentative: participation('tentative'),
		decline: participation('declined'),
		unsubscribe: when((message, word) =>
			unsubscribe({session, program, writing: writingOf(by), columns}, message, word),
		),
	};
}
