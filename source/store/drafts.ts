/**
 * What the user is writing: one file for each draft, in the folder of the account, apart from the cache. It exists
 * nowhere else.
 *
 * Laws: a draft is on the disk, whole, when `save` returns; until then it is as it was saved before, whatever happens. A
 * file that cannot be read is left alone. What is attached stays where it is; the draft knows where.
 */
import fs from 'node:fs';
import path from 'node:path';
import {type Draft, emptyDraft} from '../model/draft.ts';
import {newId} from './new-id.ts';
import {syncFolder, writeWhole} from './write-whole.ts';

export type SavedDraft = {
	/** Unique in the account; a later one sorts behind. */
	readonly id: string;
	/** Ms since the epoch. */
	readonly savedAt: number;
	readonly draft: Draft;
};

/** Two programs may begin one in the same moment. */
const newDraftId = (): string => `${newId().toString(36)}-${process.pid.toString(36)}`;

export class Drafts {
	readonly #folder: string;

	/** @param account The account's own folder. Nothing is made before something is written. */
	constructor(account: string) {
		this.#folder = path.join(account, 'drafts');
	}

	#file = (id: string): string => path.join(this.#folder, `${id}.json`);

	/**
	 * Keeps it, in the place of what was saved under that id, or as a new one. Returns the id. Throws what the file system
	 * throws: then what was saved before is still there.
	 */
	save(draft: Draft, {id = newDraftId(), savedAt}: {readonly id?: string; readonly savedAt: number}): string {
		fs.mkdirSync(this.#folder, {recursive: true, mode: 0o700});
		writeWhole(this.#file(id), `${JSON.stringify({savedAt, draft})}\n`);
		return id;
	}

	/** All there are, the oldest first. */
	all(): SavedDraft[] {
		const names = fs.existsSync(this.#folder) ? fs.readdirSync(this.#folder) : [];
		const ids = names.filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length));
		return ids.sort().flatMap(id => this.find(id) ?? []);
	}

	/** Undefined when there is none, or none that can be read. */
	find(id: string): SavedDraft | undefined {
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

	/** The user does not want it, or it is on its way. Returns whether there was one. */
	remove(id: string): boolean {
		if (!fs.existsSync(this.#file(id))) return false;
		fs.rmSync(this.#file(id));
		syncFolder(this.#folder);
		return true;
	}
}
