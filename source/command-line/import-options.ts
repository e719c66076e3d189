/** `bonsai import FILE|FOLDER MAILBOX` and `bonsai export MAILBOX FILE|FOLDER/`. Pure. Throws a UsageProblem. */
import {type MailboxPath, mailboxPath} from '../model/ids.ts';
import type {OptionName, Values} from './options.ts';
import {UsageProblem} from './usage-problem.ts';

export type WantedImport = {
	readonly command: 'import' | 'export';
	/** One of mail on this disk; undefined: the usual one. */
	readonly account: string | undefined;
	readonly mailbox: MailboxPath;
	readonly file: string;
	readonly mayReplace: boolean;
	readonly isJson: boolean;
};

export const importOptions = ['account', 'json'] as const satisfies readonly OptionName[];
export const exportOptions = [...importOptions, 'replace'] as const satisfies readonly OptionName[];

export function readImport([file, mailbox]: readonly string[], values: Values): WantedImport {
	if (file === undefined || mailbox === undefined)
		throw new UsageProblem('say what to import, and into which mailbox: bonsai import old.mbox Archive/Old');
	return wanted('import', file, mailbox, values);
}

export function readExport([mailbox, file]: readonly string[], values: Values): WantedImport {
	if (file === undefined || mailbox === undefined)
		throw new UsageProblem(
			'say which mailbox to export, and to which file, or folder/ for a Maildir: bonsai export Archive archive.mbox',
		);
	return wanted('export', file, mailbox, values);
}

const wanted = (command: WantedImport['command'], file: string, mailbox: string, values: Values): WantedImport => ({
	command,
	file,
	mailbox: mailboxPath(mailbox),
	account: values.account,
	mayReplace: values.replace === true,
	isJson: values.json === true,
});
