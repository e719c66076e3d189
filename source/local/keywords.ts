/**
 * The keywords of one mailbox: which letter, a to z, stands for which, in the file `dovecot-keywords` beside its messages,
 * as Dovecot keeps them (`0 NAME` is the letter a). So they outlive our index, and other programs know them.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import {Failure} from '../model/failure.ts';
import type {Flag} from '../model/message.ts';
import {ours} from '../model/safe-text.ts';
import {isMissing} from './disk-failure.ts';
import {syncFolder} from './maildir.ts';
import {letterOf} from './maildir-name.ts';

const fileName = 'dovecot-keywords';
const letters = 26;

/** By letter; one that has no name is ''. */
export async function readKeywords(folder: string): Promise<string[]> {
	const text = await fs.readFile(path.join(folder, fileName), 'utf8').catch(error => {
		if (isMissing(error)) return '';
		throw error;
	});
	const keywords: string[] = [];
	for (const line of text.split('\n')) {
		const [, number = '', name = ''] = /^(\d{1,2}) (\S+)$/.exec(line) ?? [];
		if (name !== '' && Number(number) < letters) keywords[Number(number)] = name;
	}
	return Array.from(keywords, each => each ?? '');
}

/** The letters of flags, where a keyword without one is given one if `mayAdd`, and else left out. Throws a Failure. */
export async function lettersFor(folder: string, flags: readonly Flag[], {mayAdd = true} = {}): Promise<string> {
	const keywords = await readKeywords(folder);
	const known = keywords.length;
	let found = '';
	for (const flag of flags) {
		if (flag.toLowerCase() === '\\recent') continue;
		found += letterOf(flag) ?? keywordLetter(keywords, flag, mayAdd);
	}
	if (keywords.length > known || keywords.some((name, index) => name !== '' && index >= known))
		await writeKeywords(folder, keywords);
	return found;
}

function keywordLetter(keywords: string[], flag: Flag, mayAdd: boolean): string {
	let index = keywords.findIndex(name => name.toLowerCase() === flag.toLowerCase());
	if (index < 0) {
		if (!mayAdd || flag.startsWith('\\')) return '';
		index = keywords.length;
		if (index >= letters)
			throw new Failure('refused', ours('This mailbox has 26 keywords already, and a Maildir has letters for no more'));
		keywords.push(flag);
	}
	return String.fromCharCode(97 + index);
}

async function writeKeywords(folder: string, keywords: readonly string[]): Promise<void> {
	const text = keywords.map((name, index) => (name === '' ? '' : `${index} ${name}\n`)).join('');
	const draft = path.join(folder, `${fileName}.bonsai-${process.pid}`);
	const opened = await fs.open(draft, 'w', 0o600);
	try {
		await opened.writeFile(text);
		await opened.sync();
	} finally {
		await opened.close();
	}
	await fs.rename(draft, path.join(folder, fileName));
	await syncFolder(folder);
}
