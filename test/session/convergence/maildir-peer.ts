/**
 * A real second client of another make: mbsync (Debian's isync) keeps a Maildir the same as the account, and in the Maildir
 * some mail reader works: it flags, deletes, and drops in messages. Nothing of it is at the server before mbsync runs.
 */
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type {Account} from '../../../source/model/account.ts';
import type {MailboxPath} from '../../../source/model/ids.ts';
import {letter, places, subjectOf} from './world.ts';

const binary = '/usr/bin/mbsync';

/** For the `skip` of a test: false, or why it is skipped. */
export const withoutMbsync: string | false =
	fs.existsSync(binary) || process.env.BONSAI_TEST_DOVECOT === 'required'
		? false
		: 'there is no mbsync here (apt-get install isync)';

type File = {readonly at: string; readonly subject: string; readonly flags: string};

const configuration = (folder: string, {port, user}: Account, secret: string): string => `
FSync no

IMAPAccount far
Host 127.0.0.1
Port ${port}
User ${user}
Pass ${secret}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account far

MaildirStore near
Path ${folder}/near/
Inbox ${folder}/near/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns ${places.join(' ')}
Create Near
Sync All
Expunge Both
SyncState *
`;

export class MaildirPeer {
	readonly #folder: string;

	/** The account is the one at the server itself: nobody cuts its lines. */
	constructor(folder: string, account: Account, secret: string) {
		if (!fs.existsSync(binary)) throw new Error('mbsync is required here and is not installed (apt-get install isync)');
		this.#folder = folder;
		fs.mkdirSync(path.join(folder, 'near'), {recursive: true});
		fs.writeFileSync(path.join(folder, 'mbsyncrc'), configuration(folder, account, secret));
	}

	#near(mailbox: MailboxPath, ...names: readonly string[]): string {
		return path.join(this.#folder, 'near', mailbox, ...names);
	}

	/** What is in the Maildir. */
	files(mailbox: MailboxPath): File[] {
		return ['cur', 'new'].flatMap(sub => {
			const folder = this.#near(mailbox, sub);
			if (!fs.existsSync(folder)) return [];
			return fs
				.readdirSync(folder)
				.sort()
				.map(name => ({
					at: path.join(folder, name),
					subject: subjectOf(fs.readFileSync(path.join(folder, name), 'latin1').replaceAll(/\r?\n/g, '\r\n')),
					flags: /:2,(\w*)$/.exec(name)?.[1] ?? '',
				}));
		});
	}

	/** `flag` is S (seen), F (flagged), T (trashed). */
	setFlag(mailbox: MailboxPath, {at, flags}: File, flag: string, isSet: boolean): void {
		const others = [...flags].filter(each => each !== flag);
		const now = (isSet ? [...others, flag] : others).sort().join('');
		const base = path.basename(at).replace(/:2,\w*$/, '');
		fs.renameSync(at, this.#near(mailbox, 'cur', `${base}:2,${now}`));
	}

	remove({at}: File): void {
		fs.rmSync(at);
	}

	/** Whether there was a Maildir to put it in. */
	drop(mailbox: MailboxPath, subject: string): boolean {
		if (!fs.existsSync(this.#near(mailbox, 'new'))) return false;
		fs.writeFileSync(
			this.#near(mailbox, 'new', `1795974463.${subject}.here`),
			letter(subject).replaceAll('\r\n', '\n'),
		);
		return true;
	}

	/** Runs mbsync once. Returns what it had to say, where it could not do everything. */
	async sync(): Promise<string> {
		this.#age();
		const said = await new Promise<string>(resolve => {
			execFile(binary, ['-c', path.join(this.#folder, 'mbsyncrc'), '-a'], {timeout: 10_000}, (error, _out, wrong) => {
				resolve(error === null ? '' : `${wrong.replaceAll(/^(\*\*\*|C:|Notice:).*\n/gm, '').trim() || error.message}`);
			});
		});
		for (const [, mailbox] of said.matchAll(/side box (\S+): Unable to recover from UIDVALIDITY change/g))
			fs.rmSync(this.#near(mailbox as MailboxPath), {recursive: true});
		return said;
	}

	/** mbsync sleeps for a second where a folder has just changed. */
	#age(): void {
		for (const mailbox of places)
			for (const sub of ['cur', 'new'])
				if (fs.existsSync(this.#near(mailbox, sub))) fs.utimesSync(this.#near(mailbox, sub), 1, 1);
	}
}
