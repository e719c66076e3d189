/** Local mail as what maildrops are drained into. */
import type {MailboxPath} from '../model/ids.ts';
import {DrainedLetters} from './drained-letters.ts';
import {MailboxFolders} from './mailbox-folders.ts';

/** `root`: the folder of Maildirs. */
export function localMailAt(root: string) {
	const folders = new MailboxFolders(root);
	return {
		begin: (knowsMail: boolean): Promise<void> =>
			folders.begin({
				root: {folder: folders.root, id: ''},
				// Of its mailboxes others know.
				knowsMessages: mailbox => knowsMail && mailbox === undefined,
				belongTo: () => {},
			}),
		place: (mailbox: MailboxPath): DrainedLetters => new DrainedLetters(folders, mailbox),
	};
}
