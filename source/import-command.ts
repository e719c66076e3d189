/**
 * `bonsai import` and `bonsai export`: mail of other programs into local mail, and local mail as a file or folder that other
 * programs read. Nothing is asked of any server.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {WantedImport} from './command-line/import-options.ts';
import {UsageProblem} from './command-line/usage-problem.ts';
import type {Output} from './commands/output.ts';
import type {Config} from './config.ts';
import {exportToMaildir, exportToMbox} from './local/export-mail.ts';
import {type Imported, importInto, importsOf} from './local/import-mail.ts';
import {MailboxFolders, nonexistent} from './local/mailbox-folders.ts';
import {makeMaildir} from './local/maildir.ts';
import {type Account, localAccount} from './model/account.ts';
import {Failure} from './model/failure.ts';
import {localName, type MailboxPath} from './model/ids.ts';
import {safeLine} from './model/safe-text.ts';
import {MaildirIndex, maildirIndexFile} from './store/maildir-index.ts';
import {hasAnyCome} from './store/receipts.ts';

/** Of a file that is large a word comes as often as this. */
const tellsEveryMs = 2000;

/** Throws a Failure or a UsageProblem. Returns the exit code. */
export async function importCommand(config: Config, wanted: WantedImport, output: Output): Promise<number> {
	const {file, mailbox, isJson} = wanted;
	if (!fs.existsSync(file)) throw new UsageProblem(`there is no ${file}`);
	const account = accountOf(config, wanted);
	const folders = new MailboxFolders(account.folder);
	const hasBeen = (): boolean =>
		account.folder === config.localMailFolder &&
		config.accounts.some(each => each.folder === '' && hasAnyCome(config.accountFolder(each.name)));
	await beginIn(folders, path.join(config.accountFolder(account.name), maildirIndexFile), hasBeen);
	const imports = await importsOf(file, mailbox);
	if (imports.length === 0) throw new UsageProblem(`${file} is a folder without a Maildir in it (cur, new and tmp)`);
	let problems = 0;
	const done: object[] = [];
	for (const each of imports) {
		const folder = folders.folderOf(each.mailbox);
		if (!(await folders.has(each.mailbox).catch(() => false))) await makeMaildir(folder);
		const tell = now(
			output,
			({messages, done: octets, all}: Imported) =>
				`${messages} messages so far, ${all === 0 ? 100 : Math.floor((octets / all) * 100)} %`,
		);
		const so = await importInto(folder, each, tell, (where, because) =>
			output.say(`${where} of ${file} left out: ${because}`),
		);
		problems += so.problems;
		done.push({mailbox: each.mailbox, messages: so.messages, wereThere: so.wereThere, leftOut: so.problems});
		if (!isJson) output.lines([importWords(so, each.mailbox)]);
	}
	if (isJson) output.json({imported: done});
	return problems > 0 ? 1 : 0;
}

function importWords({messages, wereThere, problems}: Imported, mailbox: string): string {
	const also = [
		...(wereThere > 0 ? [`${wereThere} were there already`] : []),
		...(problems > 0 ? [`${problems} left out`] : []),
	];
	return [`${messages} messages imported into ${mailbox}`, ...also].join(', ');
}

/** Throws a Failure or a UsageProblem. Returns the exit code. */
export async function exportCommand(config: Config, wanted: WantedImport, output: Output): Promise<number> {
	const {file, mailbox, mayReplace, isJson} = wanted;
	const folders = new MailboxFolders(accountOf(config, wanted).folder);
	await folders.expectThere();
	if (!(await folders.has(mailbox).catch(() => false))) throw notHere(mailbox, config);
	const folder = folders.folderOf(mailbox);
	if (file === '-') throw new UsageProblem(`name a file, or a folder/: bonsai export ${mailbox} old.mbox`);
	const isFolder = file.endsWith('/') || fs.statSync(file, {throwIfNoEntry: false})?.isDirectory() === true;
	if (!isFolder && fs.existsSync(file) && !mayReplace)
		throw new UsageProblem(`${file} is there already. Add --replace to put this in its place`);
	const tell = now(
		output,
		({messages, all}: {messages: number; all: number}) => `${messages} of ${all} messages so far`,
	);
	const {messages, wereThere} = await (isFolder
		? exportToMaildir(folder, path.resolve(file), tell)
		: exportToMbox(folder, path.resolve(file), tell));
	if (isJson) output.json({mailbox, messages, wereThere, file: path.resolve(file)});
	else
		output.lines([
			`${messages} messages of ${mailbox} exported to ${file}${wereThere > 0 ? `, ${wereThere} were there already` : ''}`,
		]);
	return 0;
}

/** Of a mailbox on a server it is said what can be done. */
function notHere(mailbox: MailboxPath, {accounts}: Config): Failure {
	const {kind, sentence, code} = nonexistent(mailbox);
	const hint = `. One on a server is copied first: bonsai copy ${mailbox} UID… INBOX --to-account ${localName}`;
	return new Failure(
		kind,
		safeLine(`${sentence}${accounts.some(({folder}) => folder === '') ? hint : ''}`),
		undefined,
		code,
	);
}

/** Throws a Failure where the disk is not mounted of which the index knows messages. */
async function beginIn(folders: MailboxFolders, indexFile: string, hasBeen: () => boolean): Promise<void> {
	if (!fs.existsSync(indexFile)) return folders.begin(noIndex, {hasBeen});
	const index = new MaildirIndex(indexFile);
	try {
		await folders.begin(index, {hasBeen});
	} finally {
		index.close();
	}
}

const noIndex = {root: undefined, knowsMessages: () => false, belongTo: () => {}};

/** That of this name; without one `Local`, else the first of that kind, else the usual one. */
function accountOf({accounts, mailFolder}: Config, {account: name}: WantedImport): Account {
	const kept = accounts.filter(({folder}) => folder !== '');
	if (name === undefined)
		return kept.find(each => each.name === localName) ?? kept[0] ?? localAccount(localName, mailFolder);
	const found = accounts.find(each => each.name === name);
	if (found === undefined) throw new UsageProblem(`there is no account ${name} (bonsai account list)`);
	if (found.folder === '')
		throw new UsageProblem(
			`${name} is on a server: import into local mail, and copy from there (bonsai copy … --to-account ${name}); copy to there (bonsai copy … --to-account ${localName}), and export that`,
		);
	return found;
}

function now<T>(output: Output, words: (so: T) => string): (so: T) => void {
	let saidAt = Date.now();
	return so => {
		if (!output.isWatched || Date.now() - saidAt < tellsEveryMs) return;
		saidAt = Date.now();
		output.say(words(so));
	};
}
