/**
 * What the user is writing: one file for each draft, in the folder of the account, apart from the cache. It exists
 * nowhere else.
 *
 * Laws: a draft is on the disk, whole, when `save` returns; until then it is as it was saved before, whatever happens. A
 * file that cannot be read is left alone. What is attached stays where it is; the draft knows where. While an editor has
 * the text, that is in a file of its own beside it, which counts more: what was written there is not lost with us.
 */
import fs from 'node:fs';
import path from 'node:path';
import {type Draft, emptyDraft, type SavedDraft} from '../model/draft.ts';
import {typedText} from '../model/typed-text.ts';
import {newId} from './new-id.ts';
import {syncFolder, writeWhole} from './write-whole.ts';

/** Two programs may begin one in the same moment. */
export const newDraftId = (): string => `${newId().toString(36)}-${process.pid.toString(36)}`;

export class Drafts {
	readonly #folder: string;

	/** @param account The account's own folder. Nothing is made before something is written. */
	constructor(account: string) {
		this.#folder = path.join(account, 'drafts');
	}

	#file = (id: string): string => path.join(this.#folder, `${id}.json`);
	/** The name says to editors that it is mail. */
	#textFile = (id: string): string => path.join(this.#folder, `${id}.eml`);

	/**
	 * Keeps it, in the place of what was saved under that id, or as a new one. Returns the id. Throws what the file system
	 * throws: then what was saved before is still there.
	 */
	save(draft: Draft, {id = newDraftId(), savedAt}: {readonly id?: string; readonly savedAt: number}): string {
		fs.mkdirSync(this.#folder, {recursive: true, mode: 0o700});
		writeWhole(this.#file(id), `${JSON.stringify({savedAt, draft})}\n`);
		return id;
	}

	/** Puts the text into a file for an editor. Returns the file. Throws what the file system throws. */
	lendText(id: string, text: string): string {
		const file = this.#textFile(id);
		fs.mkdirSync(this.#folder, {recursive: true, mode: 0o700});
		writeWhole(file, text);
		return file;
	}

	/** What an editor has made of it; undefined: it has none. */
	lentText(id: string): string | undefined {
		const file = this.#textFile(id);
		return fs.existsSync(file) ? typedText(fs.readFileSync(file)) : undefined;
	}

	/** The text is in the draft again, and saved. */
	returnText(id: string): void {
		fs.rmSync(this.#textFile(id), {force: true});
	}

	/** Where what comes from a message to be attached is kept, made when there is none. */
	folderFor(id: string): string {
		const folder = this.#partsOf(id);
		fs.mkdirSync(folder, {recursive: true, mode: 0o700});
		return folder;
	}

	#partsOf = (id: string): string => path.join(this.#folder, `${id}.parts`);

	/** With the draft, the user throws away what came for it, unless another has it attached. */
	removeParts(id: string): void {
		const folder = this.#partsOf(id);
		if (!this.all().some(({draft}) => usesPartsIn(folder, draft))) fs.rmSync(folder, {recursive: true, force: true});
	}

	/**
	 * Removes what came for drafts that are no more: that none of these nor any draft has attached, and that is older than so
	 * many ms, since a draft may have been begun elsewhere a moment ago.
	 */
	sweepParts(others: readonly Draft[], {now, olderThanMs}: {readonly now: number; readonly olderThanMs: number}): void {
		const names = fs.existsSync(this.#folder) ? fs.readdirSync(this.#folder) : [];
		// What a process has left that died while it brought one to the server.
		for (const file of names.filter(name => name.endsWith('.up')).map(name => path.join(this.#folder, name))) {
			const {mtimeMs = now} = fs.statSync(file, {throwIfNoEntry: false}) ?? {};
			if (now - mtimeMs > olderThanMs) fs.rmSync(file, {force: true});
		}
		const folders = names.filter(name => name.endsWith('.parts')).map(name => path.join(this.#folder, name));
		if (folders.length === 0) return;
		const drafts = [...others, ...this.all().map(({draft}) => draft)];
		for (const folder of folders) {
			const isUsed = drafts.some(draft => usesPartsIn(folder, draft));
			const {mtimeMs = now} = fs.statSync(folder, {throwIfNoEntry: false}) ?? {};
			if (!isUsed && now - mtimeMs > olderThanMs) fs.rmSync(folder, {recursive: true, force: true});
		}
	}

	/** All there are, the oldest first. */
	all(): SavedDraft[] {
		const names = fs.existsSync(this.#folder) ? fs.readdirSync(this.#folder) : [];
		const ids = names.filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length));
		return ids.sort().flatMap(id => this.find(id) ?? []);
	}

	/** Undefined when there is none, or none that can be read. */
	find(id: string): SavedDraft | undefined {
		const kept = this.kept(id);
		return kept && {...kept, draft: {...kept.draft, text: this.lentText(id) ?? kept.draft.text}};
	}

	/** The same as it was saved, whatever an editor has made of its text. */
	kept(id: string): SavedDraft | undefined {
		try {
			const {savedAt, draft} = JSON.parse(fs.readFileSync(this.#file(id), 'utf8')) as Omit<SavedDraft, 'id'>;
			// One of a later version, or of an earlier one, may know other fields.
			return {id, savedAt, draft: {...emptyDraft(draft.from), ...draft}};
		} catch (error) {
			const {code} = error as NodeJS.ErrnoException;
			if (error instanceof SyntaxError || error instanceof TypeError || code === 'ENOENT') return undefined;
			throw error;
		}
	}

	/** The user does not want it, or it is on its way, from where it may come back: what came for it stays. Returns whether there was one. */
	remove(id: string): boolean {
		if (!fs.existsSync(this.#file(id))) return false;
		fs.rmSync(this.#file(id));
		this.returnText(id);
		syncFolder(this.#folder);
		return true;
	}
}

const usesPartsIn = (folder: string, {attachments, resends}: Draft): boolean =>
	[...attachments, ...(resends ? [resends] : [])].some(({file = ''}) => path.dirname(file) === folder);
