/**
 * A mailbox of local mail as one file (mbox), or as a Maildir somewhere else. The mbox is there when all of it is written;
 * to a Maildir what is there already is not written again.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import {diskFailure, isMissing} from './disk-failure.ts';
import {lettersFor, readKeywords} from './keywords.ts';
import {adopt, fileAt, makeMaildir, type Place, readFile, syncFolder} from './maildir.ts';
import {byDelivery, flagsOf, readName} from './maildir-name.ts';
import {asMbox} from './mbox.ts';

type Exported = {readonly messages: number; readonly wereThere: number; readonly all: number};
type Tell = (so: Exported) => void;

/** In the order they were delivered. Throws what the system throws. */
async function placesIn(folder: string): Promise<Place[]> {
	const places: Place[] = [];
	for (const [name, isNew] of [
		['cur', false],
		['new', true],
	] as const)
		for (const each of await fs.readdir(path.join(folder, name)))
			if (!each.startsWith('.')) places.push({isNew, name: each});
	return byDelivery(places, ({name}) => readName(name).key);
}

/** Throws a Failure, and leaves nothing half written. */
export async function exportToMbox(folder: string, file: string, tell: Tell): Promise<Exported> {
	const draft = `${file}.part`;
	try {
		const places = await placesIn(folder);
		const keywords = await readKeywords(folder);
		const opened = await fs.open(draft, 'w', 0o600);
		let messages = 0;
		try {
			for (const place of places) {
				// Another program may have given it another name, or removed it, meanwhile.
				const read = await readFile(fileAt(folder, place)).catch(error => {
					if (isMissing(error)) return undefined;
					throw error;
				});
				if (read === undefined) continue;
				await opened.write(asMbox(read.octets, flagsOf(readName(place.name).letters, keywords), read.date));
				messages += 1;
				tell({messages, wereThere: 0, all: places.length});
			}
			await opened.sync();
		} finally {
			await opened.close();
		}
		await fs.rename(draft, file);
		await syncFolder(path.dirname(path.resolve(file)));
		return {messages, wereThere: 0, all: places.length};
	} catch (error) {
		await fs.rm(draft, {force: true}).catch(() => {});
		throw diskFailure(error, `to write ${file}`);
	}
}

/** Throws a Failure; what is there by then stays, and is passed by the next time. */
export async function exportToMaildir(folder: string, target: string, tell: Tell): Promise<Exported> {
	try {
		const places = await placesIn(folder);
		const keywords = await readKeywords(folder);
		await makeMaildir(target);
		const there = new Set((await placesIn(target)).map(({name}) => readName(name).key));
		let [messages, wereThere] = [0, 0];
		for (const place of places) {
			const {key, letters} = readName(place.name);
			if (there.has(key)) wereThere += 1;
			else {
				const own = await lettersFor(target, flagsOf(letters, keywords));
				await adopt(fileAt(folder, place), target, own, {key, isCopy: true});
				messages += 1;
			}
			tell({messages, wereThere, all: places.length});
		}
		await syncFolder(path.join(target, 'cur'));
		return {messages, wereThere, all: places.length};
	} catch (error) {
		throw diskFailure(error, `to write to ${target}`);
	}
}
