/**
 * A draft as it goes up: composed of what is on the disk now. An attachment that lies in our older copy on the server as it
 * is here is not sent again: it is a piece of the new one (CATENATE). What is long is written to a file first, since a
 * server wants to know how long it is.
 */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {type Attachment, type Draft, isAttachedMessage, type SavedDraft} from '../model/draft.ts';
import {type AccountName, partNumber} from '../model/ids.ts';
import type {CopiedPart, DraftCopy, Place} from '../model/operation.ts';
import type {PartOnServer} from '../model/piece.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {OctetsFile, Piece} from '../remote/remote.ts';
import type {DraftOctets} from './replay-drafts.ts';
import type {MakeDraft} from './session-options.ts';

/** What is longer goes through a file. */
const longestInMemory = 64 * 1024;

type Older = {readonly place: Place; readonly copy: DraftCopy | undefined; readonly mayUsePieces: boolean};

type Source = {readonly attachment: Attachment; readonly of: CopiedPart['of']};

/** Rejects with what the file system or `make` throws. `spill`: a file that is made when it is needed. */
export async function draftOctets(
	saved: SavedDraft,
	older: Older,
	{
		account,
		make,
		spill,
		now,
	}: {
		readonly account: AccountName;
		readonly make: MakeDraft;
		readonly spill: string;
		/** Ms since the epoch. */
		readonly now: number;
	},
): Promise<DraftOctets | {readonly because: SafeText}> {
	const {draft, savedAt} = saved;
	const version = versionOf(saved);
	const sources: Source[] = [];
	for (const attachment of draft.attachments) {
		const source = await sourceOf(attachment);
		if ('because' in source) return source;
		sources.push(source);
	}
	const attachments = sources.map(source => reused(source, older, account));
	const stuck = attachments.find(({at}) => at !== undefined && (at.account !== account || !older.mayUsePieces));
	if (stuck) return {because: elsewhere(stuck)};
	const {messageId, pieces} = await make({...draft, attachments}, now);
	const own = new OwnOctets(spill);
	const all: ({readonly own: number} | PartOnServer)[] = [];
	try {
		for await (const each of pieces) {
			if (!(each instanceof Uint8Array)) all.push(each);
			else {
				own.add(each);
				const last = all.at(-1);
				if (last && 'own' in last) all[all.length - 1] = {own: last.own + each.length};
				else all.push({own: each.length});
			}
		}
	} catch (error) {
		own.release();
		throw error;
	}
	const isOfPieces = all.some(each => !('own' in each));
	const sizeBytes = all.reduce((sum, each) => sum + ('own' in each ? each.own : each.sizeBytes), 0);
	const parts = partsOf(draft, attachments, sources);
	return {
		octets: isOfPieces ? own.asPieces(all) : own.whole(),
		copy: {savedAt, version, messageId, sizeBytes, isOfPieces, parts},
		release: () => own.release(),
	};
}

/** The same as long as nothing of it, and of the files in it, has changed, whatever the clock says. */
export function versionOf({draft}: SavedDraft): string {
	const files = draft.attachments.map(({file}) => {
		const stat = file === undefined ? undefined : fs.statSync(file, {throwIfNoEntry: false});
		return [stat?.size, stat?.mtimeMs];
	});
	return createHash('sha256')
		.update(JSON.stringify([draft, files]))
		.digest('base64url')
		.slice(0, 22);
}

/** How many octets would go up about, whatever the server can. */
export function bytesGoingUp({draft}: SavedDraft, copy: DraftCopy | undefined): number {
	const {text, alternative, attachments} = draft;
	const up = attachments.filter(({file}) => {
		if (file === undefined) return false;
		const stat = fs.statSync(file, {throwIfNoEntry: false});
		const of = {file, sizeBytes: stat?.size ?? 0, mtimeMs: stat?.mtimeMs ?? 0};
		return !copy?.parts.some(part => isSame(part.of, of));
	});
	const said = Buffer.byteLength(text) + Buffer.byteLength(alternative?.text ?? '');
	return 800 + said + 300 * attachments.length + up.reduce((sum, {sizeBytes}) => sum + inBase64(sizeBytes), 0);
}

async function sourceOf(attachment: Attachment): Promise<Source | {readonly because: SafeText}> {
	const {file, at, name} = attachment;
	if (at !== undefined) {
		const {mailbox, uidValidity, uid, part} = at;
		return {attachment, of: {mailbox, uidValidity, uid, part}};
	}
	const stat = fs.statSync(file, {throwIfNoEntry: false});
	if (!stat?.isFile())
		return {because: safeLine(`${name} is not here (yet), so the draft stays on this disk: ${file}`)};
	const sizes = isAttachedMessage(attachment) ? await sizesOfMessage(file) : {sizeBytes: stat.size};
	return {attachment: {...attachment, ...sizes}, of: {file, sizeBytes: stat.size, mtimeMs: stat.mtimeMs}};
}

/** As it travels: its lines end in CRLF. */
async function sizesOfMessage(file: string): Promise<{readonly sizeBytes: number; readonly isEightBit: boolean}> {
	const [lf, cr] = [0x0a, 0x0d];
	let [sizeBytes, isEightBit, last] = [0, false, 0];
	for await (const octets of fs.createReadStream(file) as AsyncIterable<Buffer>)
		for (const octet of octets) {
			const isSecond = octet === lf && last === cr;
			sizeBytes += isSecond ? 0 : octet === lf || octet === cr ? 2 : 1;
			isEightBit ||= octet > 127;
			last = octet;
		}
	return {sizeBytes, isEightBit};
}

/** From the older copy, where it is in there as it is now. */
function reused({attachment, of}: Source, {place, copy, mayUsePieces}: Older, account: AccountName): Attachment {
	const known = mayUsePieces && place.uid > 0 ? copy?.parts.find(part => isSame(part.of, of)) : undefined;
	if (known === undefined) return attachment;
	const {part, sizeBytes, encoding} = known;
	const {file: _, at: __, ...rest} = attachment;
	return {...rest, at: {...place, account, part, sizeBytes, encoding}};
}

const isSame = (a: CopiedPart['of'], b: CopiedPart['of']): boolean =>
	'file' in a
		? 'file' in b && a.file === b.file && a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs
		: !('file' in b) &&
			a.mailbox === b.mailbox &&
			a.uidValidity === b.uidValidity &&
			a.uid === b.uid &&
			a.part === b.part;

/** Where they lie in what is composed (RFC 9051 §6.4.5.1): behind the text, where there is any. */
function partsOf(
	{text, alternative}: Draft,
	attachments: readonly Attachment[],
	sources: readonly Source[],
): readonly CopiedPart[] {
	const first = text !== '' || alternative !== undefined ? 2 : 1;
	return attachments.map((attachment, index) => {
		const {at, isEightBit, sizeBytes} = attachment;
		const part = partNumber(`${first + index}`);
		const {of} = sources[index]!;
		if (at !== undefined) return {part, of, sizeBytes: at.sizeBytes, encoding: at.encoding};
		if (!isAttachedMessage(attachment)) return {part, of, sizeBytes: inBase64(sizeBytes), encoding: 'base64'};
		return {part, of, sizeBytes, encoding: isEightBit ? '8bit' : '7bit'};
	});
}

/** In lines of 76 (RFC 2045 §6.8), none of which ends it. */
const inBase64 = (sizeBytes: number): number => {
	const letters = 4 * Math.ceil(sizeBytes / 3);
	return letters + 2 * Math.max(0, Math.ceil(letters / 76) - 1);
};

/** What goes up: in memory as long as it is short, then in a file. */
class OwnOctets {
	readonly #spill: string;
	#held: Buffer[] = [];
	#sizeBytes = 0;
	#file: number | undefined;

	constructor(spill: string) {
		this.#spill = spill;
	}

	add(octets: Uint8Array): void {
		this.#sizeBytes += octets.length;
		this.#held.push(Buffer.from(octets));
		if (this.#file === undefined && this.#sizeBytes <= longestInMemory) return;
		this.#file ??= fs.openSync(this.#spill, 'w', 0o600);
		for (const each of this.#held)
			for (let done = 0; done < each.length; ) done += fs.writeSync(this.#file, each, done);
		this.#held = [];
	}

	whole(): Buffer | OctetsFile {
		if (this.#file === undefined) return Buffer.concat(this.#held);
		return {file: this.#spill, sizeBytes: this.#sizeBytes};
	}

	asPieces(all: readonly ({readonly own: number} | PartOnServer)[]): readonly Piece[] {
		const whole = this.whole();
		let from = 0;
		return all.map(each => {
			if (!('own' in each)) return each;
			const begin = from;
			from += each.own;
			return Buffer.isBuffer(whole)
				? whole.subarray(begin, from)
				: {file: whole.file, from: begin, sizeBytes: each.own};
		});
	}

	release(): void {
		if (this.#file === undefined) return;
		fs.closeSync(this.#file);
		fs.rmSync(this.#spill, {force: true});
		this.#file = undefined;
	}
}

const elsewhere = ({name}: Attachment): SafeText =>
	safeLine(
		`${name} stays where it is, and this server cannot take it from there, so the draft stays on this disk: it can be sent`,
	);

/** Where what is long is put before it goes up. */
export const spillFile = (folder: string, draft: string): string => path.join(folder, 'drafts', `${draft}.up`);
