/** An account that sends: a demo server for its mail, a submission server that is all script, and its home on the disk. */
import fs from 'node:fs';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {makeDraft} from '../../source/make-draft.ts';
import {makeLetter} from '../../source/make-letter.ts';
import type {Account} from '../../source/model/account.ts';
import {type Draft, emptyDraft} from '../../source/model/draft.ts';
import {type AccountName, accountName, inbox} from '../../source/model/ids.ts';
import type {Original, Posting, ShownLetter} from '../../source/model/outgoing.ts';
import {noSending, type Sending} from '../../source/model/sending.ts';
import {smtp} from '../../source/remote/smtp.ts';
import type {PiecesOffer} from '../../source/session/hand-over.ts';
import {OutgoingMail} from '../../source/store/outgoing.ts';
import {ownFolder} from './own-folder.ts';
import {type Opened, openSession} from './session.ts';
import {type SmtpScript, type SmtpServerOf, smtpServer} from './smtp-server.ts';
import {until} from './waiting.ts';

export const work = accountName('work');
export const home = accountName('home');

export const draft: Draft = {
	...emptyDraft({name: 'Ada', address: 'ada@example.org'}),
	to: [{name: '', address: 'bob@example.org'}],
	subject: 'Tea at four?',
	text: 'Bring the dog.\n',
};

/** The message with UID 1 of the inbox. */
export const original: Original = {account: work, mailbox: inbox, uidValidity: 7, uid: 1};

export type PostingOptions = {
	readonly smtp?: SmtpScript;
	readonly capabilities?: readonly string[];
	readonly hasSent?: boolean;
	readonly hasDrafts?: boolean;
};

export type PostingWorld = {
	readonly imap: DemoServer;
	readonly smtp: SmtpServerOf;
	/** Ms since the epoch, by which letters wait. */
	now: number;
	readonly folderOf: (name: AccountName) => string | undefined;
	readonly mail: OutgoingMail;
	open(options?: {
		readonly name?: AccountName;
		readonly account?: Partial<Account>;
		readonly sending?: Partial<Sending>;
		readonly undoSendSeconds?: number;
		readonly password?: string;
		readonly silenceMs?: number;
		readonly pieces?: PiecesOffer;
	}): Promise<Opened>;
	/** What a mailbox holds: flags, then octets. */
	held(name: string): {readonly flags: readonly string[]; readonly octets: string}[];
	/** Files of letters. */
	files(ending: string): readonly string[];
};

export async function postingWorld(context: TestContext, options: PostingOptions = {}): Promise<PostingWorld> {
	const imap = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			...(options.hasSent === false ? [] : [{name: 'Sent', state: new MailboxState(8), specialUse: '\\Sent'}]),
			...(options.hasDrafts === false ? [] : [{name: 'Drafts', state: new MailboxState(10), specialUse: '\\Drafts'}]),
			{name: 'Archive', state: new MailboxState(9), specialUse: '\\Archive'},
		],
		...(options.capabilities ? {capabilities: options.capabilities} : {}),
		isRecording: true,
	});
	context.after(() => imap.close());
	// A session looks at its queue now and then, which keeps nobody from leaving.
	const alive = setInterval(() => {}, 2 ** 30);
	context.after(() => clearInterval(alive));
	imap.append('INBOX', 'From: bob@example.org\r\nMessage-ID: <q@example.org>\r\nSubject: Tea?\r\n\r\nWhen?\r\n');
	const server = await smtpServer(context, options.smtp);
	const root = ownFolder(context);
	const folderOf = (name: AccountName): string | undefined =>
		name === work || name === home ? path.join(root, name) : undefined;
	const mail = new OutgoingMail(folderOf(work)!);
	const world: PostingWorld = {
		imap,
		smtp: server,
		now: Date.UTC(2026, 10, 29, 12),
		folderOf,
		mail,
		open({name = work, account = {}, sending = {}, undoSendSeconds = 0, password = 'demo', silenceMs, pieces} = {}) {
			const to = {host: '127.0.0.1', port: server.port, security: 'none', user: 'ada', authentication: 'auto'} as const;
			const how = {...to, certificateFile: ''};
			return openSession(context, {
				port: imap.port,
				account: {name, sending: {...noSending, smtp: how, ...sending}, ...account},
				folder: folderOf(name)!,
				folderOf,
				makeLetter,
				makeDraft,
				carrier: {submit: smtp(how, 20_000), secret: async () => password, pieces},
				clock: () => world.now,
				preferences: {markRead: true, undoSendSeconds},
				password: 'demo',
				...(silenceMs === undefined ? {} : {silenceMs}),
			});
		},
		held(mailbox) {
			const state = imap.mailbox(mailbox)!;
			return [...state.uids.within(1, state.uids.last)].map(uid => ({
				flags: [...state.flags(uid)],
				octets: state.letter(uid).message.bytes.read(0, 1e7).toString('latin1'),
			}));
		},
		files: ending =>
			fs.existsSync(mail.folder) ? fs.readdirSync(mail.folder).filter(each => each.endsWith(ending)) : [],
	};
	return world;
}

/** Sends it; returns the id. */
export async function post({session}: Opened, posting: Partial<Posting> = {}): Promise<string> {
	const posted = await session.post.send({draft, ...posting});
	if ('because' in posted) throw new Error(posted.because);
	return posted.id;
}

export const letterOf = ({session}: Opened, id: string): ShownLetter | undefined =>
	session.post.letters.get().find(each => each.id === id);

/** When the letter is as wanted. */
export const stands = (opened: Opened, id: string, isWanted: (letter: ShownLetter) => boolean): Promise<unknown> =>
	until(opened.session.post.letters, () => {
		const letter = letterOf(opened, id);
		return letter !== undefined && isWanted(letter);
	});

/** It was sent, and all that follows of it is done. */
export const isOver = ({state, sequelState}: ShownLetter): boolean => state === 'sent' && sequelState === 'over';
