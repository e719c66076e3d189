/**
 * What is in a Maildir beside what the index says of it: files that came, that have another name by now, that are gone.
 *
 * Laws: nothing is gone that a second reading finds, since a file that is renamed while a folder is read may be met under
 * neither name; and nothing at all while the folder of the mail is not there.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type {IndexedFile, MaildirIndex, RenamedFile} from '../store/maildir-index.ts';
import type {MailboxFolders} from './mailbox-folders.ts';
import type {Place} from './maildir.ts';
import {byDelivery, readName} from './maildir-name.ts';

/** How the folders stand: whether they are as they were, and when they last changed. */
export type Stamp = {readonly text: string; readonly newestMs: number};

export async function stampOf(folder: string): Promise<Stamp> {
	const stats = await Promise.all(['cur', 'new'].map(name => fs.stat(path.join(folder, name), {bigint: true})));
	return {
		text: stats.map(({ino, mtimeNs}) => `${ino}:${mtimeNs}`).join(' '),
		newestMs: Math.max(...stats.map(({mtimeMs}) => Number(mtimeMs))),
	};
}

/** As the index spells it: `0` for `cur` or `1` for `new`, and the name. */
async function placesIn(folder: string): Promise<string[]> {
	const [current = [], fresh = []] = await Promise.all(['cur', 'new'].map(name => fs.readdir(path.join(folder, name))));
	return [...current.map(name => `0${name}`), ...fresh.map(name => `1${name}`)].filter(place => place[1] !== '.');
}

const placeOf = (place: string): Place => ({isNew: place.startsWith('1'), name: place.slice(1)});
const keyOf = (place: string): string => readName(place.slice(1)).key;

export function fileAs({isNew, name}: Place): IndexedFile {
	const {key, letters, sizeBytes} = readName(name);
	return {key, name, isNew, isSeen: !isNew && letters.includes('S'), sizeBytes};
}

type Comparison = {
	readonly folder: string;
	readonly folders: MailboxFolders;
	readonly index: MaildirIndex;
	/** The mailbox's, in the index. */
	readonly id: number;
	readonly onProgress: (done: number, all: number) => void;
};

/** Brings the index to what is in the folder. Throws what the system throws, or a Failure. */
export async function compareFolder({folder, folders, index, id, onProgress}: Comparison): Promise<void> {
	// All but a few are as they were, so whole names are compared first.
	const vanished = new Set(index.names(id));
	const others = (await placesIn(folder)).filter(place => !vanished.delete(place));
	const missed = new Map([...vanished].map(place => [keyOf(place), place]));
	const renamed: RenamedFile[] = [];
	const rename = (from: string, to: string): void => {
		const file = fileAs(placeOf(to));
		const uid = index.uidOf(id, file.key);
		const hasOtherFlags = readName(from).letters !== readName(to).letters;
		if (uid !== undefined) renamed.push({...file, uid, hasOtherFlags});
		missed.delete(file.key);
	};
	const added: IndexedFile[] = [];
	for (const place of others) {
		const before = missed.get(keyOf(place));
		if (before === undefined) added.push(fileAs(placeOf(place)));
		else rename(before, place);
	}
	if (missed.size > 0)
		for (const place of await placesIn(folder)) {
			const before = missed.get(keyOf(place));
			if (before !== undefined) rename(before, place);
		}
	const gone = [...missed.keys()].flatMap(key => index.uidOf(id, key) ?? []);
	if (gone.length > 0) await folders.expectThere();
	index.change(id, renamed, gone);
	await index.add(
		id,
		byDelivery(added, ({key}) => key),
		onProgress,
	);
}
