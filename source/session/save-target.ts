/**
 * From what the user typed to the file that is meant, and the names parts are offered under: safe, and never outside
 * the folder.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {PartNumber} from '../model/ids.ts';
import type {Part} from '../model/part.ts';
import {safeFileName} from '../text/text.ts';

export function suggestedName(part: Part | undefined, number: PartNumber): string {
	const fallback = `part-${number || 'message'}${extensionOf(part)}`;
	return safeFileName(part?.name || fallback, fallback);
}

const extensionOf = (part: Part | undefined): string => {
	if (part === undefined || part.type === 'message') return '.eml';
	if (part.type === 'text') return part.subtype === 'html' ? '.html' : '.txt';
	return /^[a-z0-9]{1,8}$/.test(part.subtype) ? `.${part.subtype}` : '.bin';
};

export const isFolder = (file: string): boolean => fs.statSync(file, {throwIfNoEntry: false})?.isDirectory() === true;

export const resolved = (typed: string): string => path.resolve(typed.replace(/^~(?=\/|$)/, process.env.HOME ?? '~'));

/** A folder means the part's own name in it. */
export function targetOf(typed: string, part: Part): string {
	const named = resolved(typed);
	return isFolder(named) ? path.join(named, suggestedName(part, part.number)) : named;
}

/** The name itself, or the next that is free: `a.pdf`, `a-2.pdf`. */
export function freeName(file: string, isTaken: (file: string) => boolean): string {
	const {dir, name, ext} = path.parse(file);
	for (let number = 1; ; number++) {
		const free = number === 1 ? file : path.join(dir, `${name}-${number}${ext}`);
		if (!isTaken(free)) return free;
	}
}
