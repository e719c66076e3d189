/**
 * A draft that is being written, and when it is on the disk: after two seconds without a change, in any case ten seconds
 * after the first that is not there, and whenever somebody says so.
 *
 * Laws: what was kept stays kept until it is sent or the user throws it away; what the user has put nothing of their own
 * into is never kept. What an editor is given lies on the disk before the editor starts, and is taken back when it ends.
 * What another Bonsai has made of it is not written over, and a draft that is gone, or another by now, is not sent.
 */
import fs from 'node:fs';
import path from 'node:path';
import {draftProblems} from '../compose/check-draft.ts';
import {withSignature} from '../compose/quote.ts';
import type {Attachment, Draft} from '../model/draft.ts';
import type {AccountName} from '../model/ids.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Identity} from '../model/sending.ts';
import {live} from '../session/live.ts';
import type {Post} from '../session/session.ts';
import {type Drafts, newDraftId} from '../store/drafts.ts';
import {safeFileName} from '../text/attachment-name.ts';
import {showsBcc} from './attached-file.ts';
import {doubtsAbout} from './doubts.ts';
import type {OpenDraft, Sending} from './writing.ts';

/** In ms. */
const pause = 2000;
const longest = 10_000;

export type DraftsPost = Pick<Post, 'maySend' | 'send' | 'keepDraft' | 'dropDraft' | 'adoptDraft'>;

export type DraftSurroundings = {
	readonly drafts: Drafts;
	readonly post: DraftsPost;
	/** Ms since the epoch. */
	readonly clock: () => number;
	/** Calls back once after so many ms; returns how to call it off. */
	readonly after: (ms: number, work: () => void) => () => void;
	/** Runs the user's editor on a file; undefined: there is none. */
	readonly runEditor: ((file: string) => Promise<SafeText | undefined>) | undefined;
	readonly signatureOf: (identity: Identity) => string;
	/** By which account a message of that sender goes. */
	readonly senderOf: (address: string) => AccountName;
	/** The drafts on the disk are others than before. */
	readonly onKept: () => void;
	/** It is closed: sent, or thrown away. */
	readonly onGone: () => void;
};

export class DraftBeingWritten implements OpenDraft {
	readonly id: string;
	readonly draft;
	readonly remark: SafeText;
	readonly trouble = live(ours(''));
	readonly sending = live<Sending>({state: 'no'});
	readonly #around: DraftSurroundings;
	#isTouched: boolean;
	#isKept: boolean;
	/** When what is known here was saved, by whomever; undefined: it never was. */
	#savedAt: number | undefined;
	#callOff: (() => void) | undefined;
	#unkeptSince: number | undefined;
	/** An editor has the text. */
	#isLent = false;

	/** @param savedAt Of one that is on the disk already, in ms since the epoch; undefined: it will be, when it is changed. */
	constructor(
		draft: Draft,
		around: DraftSurroundings,
		{id = newDraftId(), savedAt, remark = ours('')}: {id?: string; savedAt?: number; remark?: SafeText} = {},
	) {
		this.id = id;
		this.draft = live(draft);
		this.remark = remark;
		this.#around = around;
		this.#savedAt = savedAt;
		this.#isTouched = savedAt !== undefined;
		this.#isKept = savedAt !== undefined;
	}

	get isTouched(): boolean {
		return this.#isTouched;
	}

	/** Nothing here is newer than what another Bonsai has made of it. */
	get isOvertaken(): boolean {
		return this.#isKept && this.#overtaken() !== undefined;
	}

	/** Why what is here is not what is on the disk. */
	#overtaken(): SafeText | undefined {
		try {
			const there = this.#around.drafts.kept(this.id);
			if (there === undefined)
				return ours('Another Bonsai has sent it, or thrown it away. Change it, and it is a draft again');
			const isOurs = there.savedAt === this.#savedAt;
			return isOurs ? undefined : ours('Another Bonsai has gone on with it: leave it and open it again');
		} catch {
			return undefined;
		}
	}

	get #isOver(): boolean {
		return this.sending.get().state === 'queued';
	}

	/** What is typed now would be in no message. */
	get #isLeaving(): boolean {
		return this.#isOver || this.sending.get().state === 'queueing';
	}

	change(change: Partial<Draft>): void {
		if (this.#isLeaving) return;
		this.draft.set({...this.draft.get(), ...change});
		this.#isTouched = true;
		this.#isKept = false;
		const now = this.#around.clock();
		this.#unkeptSince ??= now;
		this.#callOff?.();
		const left = Math.max(0, this.#unkeptSince + longest - now);
		this.#callOff = this.#around.after(Math.min(pause, left), () => this.keep());
	}

	mark(field: keyof Draft): () => void {
		const [before, isTouched] = [this.draft.get(), this.#isTouched];
		return () => {
			const now = this.draft.get();
			if (now[field] === before[field]) return;
			const isAllOfIt = [...keysOf(now), ...keysOf(before)].every(each => each === field || now[each] === before[each]);
			if (isTouched || !isAllOfIt) {
				this.change({[field]: before[field]});
				return;
			}
			this.#callOff?.();
			this.draft.set(before);
			this.#isTouched = false;
			this.#isKept = false;
			this.#unkeptSince = undefined;
			this.#removed();
		};
	}

	keep(): boolean {
		this.#callOff?.();
		this.#callOff = undefined;
		if (this.#isKept || !this.#isTouched || this.#isOver) return this.#isKept;
		try {
			const {drafts, clock} = this.#around;
			const there = drafts.kept(this.id);
			const isAnothers = there !== undefined && there.savedAt !== this.#savedAt;
			if (isAnothers) drafts.save(there.draft, {savedAt: there.savedAt});
			const savedAt = clock();
			drafts.save(this.draft.get(), {id: this.id, savedAt});
			this.#savedAt = savedAt;
			// What an editor had left when all was killed is in it.
			if (!this.#isLent) drafts.returnText(this.id);
			this.#isKept = true;
			this.#unkeptSince = undefined;
			this.trouble.set(
				isAnothers ? ours('Another Bonsai has changed it too: that is a draft of its own now') : ours(''),
			);
			this.#around.onKept();
		} catch (error) {
			this.trouble.set(safeLine(`the draft cannot be written down: ${(error as Error).message}`));
		}
		return this.#isKept;
	}

	leave(): boolean {
		const isKept = this.keep();
		if (isKept && this.#isTouched && !this.#isOver) this.#around.post.keepDraft(this.id);
		return isKept;
	}

	fileFor(name: string): string {
		const folder = this.#around.drafts.folderFor(this.id);
		const {name: stem, ext} = path.parse(safeFileName(path.basename(name), 'part'));
		const taken = new Set(this.draft.get().attachments.flatMap(({file}) => file ?? []));
		for (let number = 1; ; number++) {
			const file = path.join(folder, number === 1 ? `${stem}${ext}` : `${stem}-${number}${ext}`);
			if (!taken.has(file) && !fs.existsSync(file)) return file;
		}
	}

	isHere = ({file}: Attachment): boolean => file === undefined || fs.existsSync(file);

	writeAs(identity: Identity): void {
		const {text, from} = this.draft.get();
		const {name, address} = identity;
		const own = withSignature('', this.#around.signatureOf({...identity, ...from}));
		const bare = own !== '' && text.endsWith(own) ? text.slice(0, -own.length) : text;
		// A signature that somebody has changed stays.
		const isBare = own === '' || bare !== text;
		this.change({
			from: {name, address},
			...(isBare ? {text: withSignature(bare, this.#around.signatureOf(identity))} : {}),
		});
	}

	get hasEditor(): boolean {
		return this.#around.runEditor !== undefined;
	}

	async edit(): Promise<SafeText | undefined> {
		const {drafts, runEditor} = this.#around;
		if (runEditor === undefined) return undefined;
		if (this.#isLeaving) return leaving;
		const before = this.draft.get().text;
		try {
			// What is not in the file, the addresses, has to be there as well if we do not see the end of it.
			this.#isTouched = true;
			if (!this.keep()) return this.trouble.get();
			this.#isLent = true;
			const file = drafts.lendText(this.id, before);
			const problem = await runEditor(file);
			const text = drafts.lentText(this.id) ?? before;
			this.#isLent = false;
			if (text !== before) this.change({text});
			if (this.keep()) drafts.returnText(this.id);
			return problem;
		} catch (error) {
			this.#isLent = false;
			return safeLine(`the text cannot be edited: ${(error as Error).message}`);
		}
	}

	problems(): readonly SafeText[] {
		const draft = this.draft.get();
		const {attachments, resends} = draft;
		const all = [...attachments, ...(resends ? [resends] : [])];
		const missing = all.filter(each => !this.isHere(each));
		const sender = this.#around.senderOf(draft.from.address);
		const elsewhere = all.filter(({at}) => at !== undefined && at.account !== sender);
		return [
			...draftProblems(draft).map(safeLine),
			...elsewhere.map(({name, at}) =>
				safeLine(`${name} stays on the server of ${at?.account}, and this goes by ${sender}: fetch it first (:fetch)`),
			),
			...missing.map(({name, file}) => safeLine(`${name} is not here (yet): ${file}`)),
		];
	}

	doubts(): readonly SafeText[] {
		const draft = this.draft.get();
		const secrets = draft.attachments.filter(showsBcc);
		return [...doubtsAbout(draft), ...secrets.map(({name}) => safeLine(`“${name}” says who got it in secret (Bcc)`))];
	}

	send({notBefore}: {readonly notBefore?: number} = {}): void {
		if (this.#isLeaving) return;
		this.#isTouched = true;
		const because = this.keep() ? this.#overtaken() : this.trouble.get();
		if (because !== undefined) {
			this.sending.set({state: 'failed', because});
			return;
		}
		this.sending.set({state: 'queueing'});
		const draft = this.draft.get();
		const {answers, forwards, from} = draft;
		const account = this.#around.senderOf(from.address);
		const posting = {draft, draftId: this.id, account, answers, forwards, notBefore};
		void this.#around.post.send(posting).then(posted => {
			if ('because' in posted) {
				this.sending.set({state: 'failed', because: posted.because});
				return;
			}
			this.sending.set({state: 'queued'});
			this.#around.onGone();
			this.#around.onKept();
		});
	}

	discard(): SafeText | undefined {
		if (this.#isLeaving) return leaving;
		this.#callOff?.();
		this.#isTouched = false;
		this.#isKept = false;
		this.#removed();
		this.#around.post.dropDraft(this.id);
		this.#around.onGone();
		this.#around.onKept();
		return undefined;
	}

	#removed(): void {
		try {
			this.#around.drafts.remove(this.id);
			this.#around.drafts.removeParts(this.id);
		} catch (error) {
			this.trouble.set(safeLine(`the draft cannot be removed: ${(error as Error).message}`));
		}
	}
}

const leaving = ours('it is being put into the outbox: take it back there');

const keysOf = (draft: Draft): readonly (keyof Draft)[] => Object.keys(draft) as (keyof Draft)[];
