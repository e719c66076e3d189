/** A file on this disk as something to attach: looked at, not read. And names of files, as far as they are typed. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {Attachment} from '../model/draft.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';

/** By the end of the name; what is not in here are octets, which every reader can save. */
const types: Readonly<Record<string, string>> = {
	txt: 'text/plain',
	md: 'text/markdown',
	csv: 'text/csv',
	html: 'text/html',
	htm: 'text/html',
	patch: 'text/x-patch',
	diff: 'text/x-diff',
	ics: 'text/calendar',
	vcf: 'text/vcard',
	pdf: 'application/pdf',
	json: 'application/json',
	xml: 'application/xml',
	zip: 'application/zip',
	gz: 'application/gzip',
	tgz: 'application/gzip',
	xz: 'application/x-xz',
	tar: 'application/x-tar',
	odt: 'application/vnd.oasis.opendocument.text',
	ods: 'application/vnd.oasis.opendocument.spreadsheet',
	odp: 'application/vnd.oasis.opendocument.presentation',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
	png: 'image/png',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	gif: 'image/gif',
	webp: 'image/webp',
	svg: 'image/svg+xml',
	heic: 'image/heic',
	mp3: 'audio/mpeg',
	ogg: 'audio/ogg',
	opus: 'audio/ogg',
	flac: 'audio/flac',
	wav: 'audio/wav',
	mp4: 'video/mp4',
	webm: 'video/webm',
	mov: 'video/quicktime',
	eml: 'message/rfc822',
};

export const typeOf = (name: string): string => types[path.extname(name).slice(1).toLowerCase()] ?? '';

/** `~` is the user's home. */
export const resolved = (typed: string): string => path.resolve(typed.replace(/^~(?=\/|$)/, os.homedir()));

export function attachedFile(typed: string): Attachment | {readonly problem: SafeText} {
	const file = resolved(typed);
	try {
		const stat = fs.statSync(file);
		if (stat.isDirectory()) return {problem: safeLine(`${file} is a folder. Attach a file of it, or make one of all`)};
		if (!stat.isFile()) return {problem: safeLine(`${file} is no file that can be attached`)};
		fs.accessSync(file, fs.constants.R_OK);
		return {name: path.basename(file), type: typeOf(file), sizeBytes: stat.size, file};
	} catch (error) {
		const {code = ''} = error as NodeJS.ErrnoException;
		const why =
			code === 'ENOENT' ? 'is not there' : code === 'EACCES' ? 'may not be read by you' : `cannot be read (${code})`;
		return {problem: safeLine(`${file} ${why}`)};
	}
}

const mostHeaderBytes = 64 * 1024;

/** Whether it is a message, here, in which stands to whom it went in secret: programs keep that in their copies of what was sent. */
export function showsBcc({type, file}: Attachment): boolean {
	if (file === undefined || !/^message\/(rfc822|global)\b/i.test(type)) return false;
	try {
		const opened = fs.openSync(file, 'r');
		const start = Buffer.alloc(mostHeaderBytes);
		const read = fs.readSync(opened, start);
		fs.closeSync(opened);
		const [header = ''] = start
			.subarray(0, read)
			.toString('latin1')
			.split(/\r?\n\r?\n/, 1);
		return /^(resent-)?bcc[ \t]*:(\r?\n(?=[ \t])|[ \t])*\S/im.test(header);
	} catch {
		return false;
	}
}

/** As far as all names that begin so agree; what was typed where there is none. */
export function completedFile(typed: string): string {
	const at = typed.lastIndexOf('/') + 1;
	const [folder, begun] = [typed.slice(0, at), typed.slice(at)];
	let names: string[];
	try {
		names = fs
			.readdirSync(resolved(folder || '.'), {withFileTypes: true})
			.filter(({name}) => name.startsWith(begun) && (begun !== '' || !name.startsWith('.')))
			.map(entry => (entry.isDirectory() ? `${entry.name}/` : entry.name));
	} catch {
		return typed;
	}
	const [first = begun, ...others] = names;
	let length = first.length;
	for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
	return folder + first.slice(0, Math.max(begun.length, length));
}
