/**
 * The folder of Maildirs: which mailboxes there are, and what their folders are called. `ROOT/A/B/{cur,new,tmp}` is the
 * mailbox `A/B`, as mutt, aerc and notmuch read it. A file in the root says that it is ours: without it an empty folder
 * may be one on which a disk is not mounted.
 *
 * Laws: no link is followed, so nothing outside the root is read or written; each name that a mailbox can have leads to a
 * folder and back.
 */
import {randomUUID} from 'node:crypto';
import type {Dirent} from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import {localMarker} from '../model/account.ts';
import {Failure} from '../model/failure.ts';
import {inbox, type MailboxPath, mailboxPath} from '../model/ids.ts';
import {safeLine} from '../model/safe-text.ts';
import type {MaildirIndex} from '../store/maildir-index.ts';
import {codeOf, diskFailure, isMissing, notThere} from './disk-failure.ts';
import {makeMaildir, syncFolder} from './maildir.ts';

const markerText = (id: string): string =>
	`Your mail is in the folders beside this file, one file for each message. Bonsai looks for it here: leave it.\n${id}\n`;

/** There from the first use on. */
const firstMailboxes = ['INBOX', 'Archive', 'Drafts', 'Sent', 'Trash'] as const;

const ownFolders = ['cur', 'new', 'tmp'];
const longestName = 240;

const escaped = (character: string): string =>
	[...Buffer.from(character)].map(octet => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** One level of a mailbox's name as a folder; what no folder may be called is written `%XX`. */
export function folderName(level: string): string {
	const plain = level.replaceAll(/%(?=[0-9A-F]{2})|[\0-\x1f\x7f/]/g, escaped);
	return ownFolders.includes(plain) || plain.startsWith('.') ? escaped(plain[0]!) + plain.slice(1) : plain;
}

/** And back; of a folder that nobody would call so from here, its own name. */
export function levelOf(folder: string): string {
	const level = folder.replaceAll(/(?:%[0-9A-F]{2})+/g, octets =>
		Buffer.from(octets.replaceAll('%', ''), 'hex').toString(),
	);
	return folderName(level) === folder ? level : folder;
}

export class MailboxFolders {
	readonly root: string;

	constructor(root: string) {
		this.root = root;
	}

	/** The folder a mailbox has, or would have. Throws a Failure for a name that can be none. */
	folderOf(mailbox: MailboxPath): string {
		const levels = mailbox.split('/').map(folderName);
		const isLong = levels.some(level => Buffer.byteLength(level) > longestName);
		if (isLong || levels.includes('')) {
			const why = isLong ? 'a name in it is too long' : 'a name in it is empty';
			throw new Failure('refused', safeLine(`“${mailbox}” cannot be a mailbox: ${why}`), undefined, 'CANNOT');
		}
		return path.join(this.root, ...levels);
	}

	/**
	 * Makes it at first use. Throws a Failure when it is not there, or may not be written to. `index` is of that folder now.
	 */
	async begin(
		index: Pick<MaildirIndex, 'root' | 'knowsMessages' | 'belongTo'>,
		{hasBeen = () => false}: {readonly hasBeen?: () => boolean} = {},
	): Promise<void> {
		try {
			let id = await this.#id();
			if (id === undefined) {
				const isKnown = index.root?.folder === this.root && index.knowsMessages();
				if (isKnown || hasBeen()) throw notThere(this.root);
				id = randomUUID();
				await this.#make(id);
			}
			await fs.access(this.root, fs.constants.W_OK | fs.constants.X_OK);
			if (index.root?.id !== id || index.root.folder !== this.root) index.belongTo(this.root, id);
			if (!(await isMaildir(this.folderOf(inbox)))) {
				if (index.knowsMessages(inbox)) throw notThere(this.folderOf(inbox));
				await makeMaildir(this.folderOf(inbox));
			}
		} catch (error) {
			throw cannotBegin(error, this.root);
		}
	}

	/** The file that says it is ours comes last: what a crash leaves half made is made again. */
	async #make(id: string): Promise<void> {
		await fs.mkdir(this.root, {recursive: true, mode: 0o700});
		for (const name of firstMailboxes) await makeMaildir(path.join(this.root, name));
		await fs.writeFile(path.join(this.root, localMarker), markerText(id), {mode: 0o600});
		await syncFolder(this.root);
	}

	async #id(): Promise<string | undefined> {
		const text = await fs.readFile(path.join(this.root, localMarker), 'utf8').catch(error => {
			if (isMissing(error)) return undefined;
			throw error;
		});
		return text?.trim().split('\n').at(-1);
	}

	/** Before anything is believed to be gone. Throws a Failure. */
	async expectThere(): Promise<void> {
		if ((await this.#id()) === undefined) throw notThere(this.root);
	}

	/** Whether there is such a mailbox, and no link on the way to it. */
	async has(mailbox: MailboxPath): Promise<boolean> {
		return (await isMaildir(this.folderOf(mailbox))) && (await this.#isInside(this.folderOf(mailbox)));
	}

	async #isInside(folder: string): Promise<boolean> {
		const [root, real] = await Promise.all([fs.realpath(this.root), fs.realpath(folder)]);
		return path.join(root, path.relative(this.root, folder)) === real;
	}

	/** All of them, and the levels that are none themselves. */
	async list(): Promise<{readonly path: MailboxPath; readonly isSelectable: boolean}[]> {
		const found: {path: MailboxPath; isSelectable: boolean}[] = [];
		const visit = async (folder: string, above: readonly string[]): Promise<boolean> => {
			const entries = await fs.readdir(folder, {withFileTypes: true}).catch((error): Dirent[] => {
				if (above.length > 0) return [];
				throw error;
			});
			const folders = entries.filter(each => each.isDirectory()).map(({name}) => name);
			let isAny = false;
			for (const name of folders.filter(each => isLevel(each)).sort()) {
				const levels = [...above, levelOf(name)];
				const at = path.join(folder, name);
				const index = found.push({path: mailboxPath(levels.join('/')), isSelectable: await isMaildir(at)}) - 1;
				const isAnyBelow = await visit(at, levels);
				if (found[index]!.isSelectable || isAnyBelow) isAny = true;
				else found.splice(index, 1);
			}
			return isAny;
		};
		await visit(this.root, []).catch(error => {
			throw isMissing(error) ? notThere(this.root) : diskFailure(error, 'to read the folder');
		});
		return found;
	}

	async create(mailbox: MailboxPath): Promise<void> {
		if (await this.has(mailbox).catch(() => false)) throw alreadyExists(mailbox);
		await makeMaildir(this.folderOf(mailbox)).catch(error => {
			throw diskFailure(error, 'to create the mailbox');
		});
	}

	/** With all below it. */
	async rename(from: MailboxPath, to: MailboxPath): Promise<void> {
		const [source, target] = [this.folderOf(from), this.folderOf(to)];
		if (!(await isFolder(source))) throw nonexistent(from);
		if (await isFolder(target)) throw alreadyExists(to);
		try {
			await fs.mkdir(path.dirname(target), {recursive: true, mode: 0o700});
			await fs.rename(source, target);
			await Promise.all([path.dirname(source), path.dirname(target)].map(syncFolder));
		} catch (error) {
			throw diskFailure(error, 'to rename the mailbox');
		}
	}

	/** With its messages; mailboxes below it stay. */
	async remove(mailbox: MailboxPath): Promise<void> {
		if (!(await this.has(mailbox))) throw nonexistent(mailbox);
		const folder = this.folderOf(mailbox);
		try {
			// `cur` makes it a mailbox, so it goes last.
			for (const name of ['tmp', 'new', 'cur']) await fs.rm(path.join(folder, name), {recursive: true, force: true});
			for (const name of await fs.readdir(folder))
				if (name.startsWith('dovecot') || name.startsWith('maildir'))
					await fs.rm(path.join(folder, name), {force: true});
			await fs.rmdir(folder).catch(error => {
				if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
			});
			await syncFolder(path.dirname(folder));
		} catch (error) {
			throw diskFailure(error, 'to delete the mailbox');
		}
	}
}

const isLevel = (name: string): boolean =>
	!ownFolders.includes(name) && !name.startsWith('.') && !name.includes('\ufffd');

const isFolder = async (folder: string): Promise<boolean> =>
	(await fs.lstat(folder).catch(() => undefined))?.isDirectory() === true;
const isMaildir = (folder: string): Promise<boolean> => isFolder(path.join(folder, 'cur'));

export const nonexistent = (mailbox: MailboxPath): Failure =>
	new Failure('gone', safeLine(`The mailbox ${mailbox} does not exist on this disk`), undefined, 'NONEXISTENT');
export const tryCreate = (mailbox: MailboxPath): Failure =>
	new Failure('gone', safeLine(`The mailbox ${mailbox} does not exist on this disk`), undefined, 'TRYCREATE');
const alreadyExists = (mailbox: MailboxPath): Failure =>
	new Failure('refused', safeLine(`There is a mailbox ${mailbox} already`), undefined, 'ALREADYEXISTS');

function cannotBegin(error: unknown, root: string): Failure {
	if (error instanceof Failure) return error;
	if (codeOf(error) === 'EROFS' || codeOf(error) === 'EACCES')
		return new Failure(
			'denied',
			safeLine(`Your local mail in ${root} can only be read: mount the disk for writing, or look at the permissions`),
			error,
		);
	return new Failure(
		'denied',
		safeLine(`Your local mail in ${root} cannot be opened (${codeOf(error) || (error as Error).message})`),
		error,
	);
}
