/**
 * Mail of one account: a draft becomes a letter in the queue on the disk (store/outgoing.ts), in which it is the user's
 * decision to send it, and leaves as post-rounds.ts says; what follows is sequels.ts's.
 *
 * Laws: a letter is on the disk, whole, before its draft goes, and a draft before its letter is taken back; at every
 * instant there is one or the other, and after a crash between the two both, never neither. A draft that says no more than
 * its letter goes at the next start.
 */
import type {Account} from '../model/account.ts';
import {demoName} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {DraftCopy, Place} from '../model/operation.ts';
import {countOf} from '../model/operation-words.ts';
import {
	type Original,
	type Outgoing,
	type Posted,
	type Posting,
	type ShownLetter,
	upBytesOf,
} from '../model/outgoing.ts';
import {letterWords} from '../model/outgoing-words.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {maySend} from '../model/sending.ts';
import type {Spent} from '../model/usage.ts';
import {Drafts} from '../store/drafts.ts';
import {OutgoingMail} from '../store/outgoing.ts';
import {type Carrier, isDue} from './hand-over.ts';
import {LettersOnDisk} from './letters-on-disk.ts';
import {dialogueBytes, PostRounds, type PostRoundsOptions} from './post-rounds.ts';
import {type Queued, queueLetter, removeQueued} from './queue-letter.ts';
import {Sequels} from './sequels.ts';
import type {ServerDrafts} from './server-drafts.ts';
import type {Post, Tell} from './session.ts';
import type {MakeLetter, SessionOptions} from './session-options.ts';
import {StayingParts} from './staying-parts.ts';
import {takeBack} from './take-back.ts';

export type PostOptions = {
	readonly account: Account;
	readonly folder: string | undefined;
	/** Where another account keeps what leaves by it. */
	readonly folderOf: SessionOptions['folderOf'];
	readonly makeLetter: MakeLetter | undefined;
	readonly carrier: Carrier | undefined;
	/** Ms for which a letter that could leave may be taken back. */
	readonly undoMs: number;
	/** Ms since the epoch. */
	readonly clock: () => number;
	readonly mayGo: () => boolean;
	readonly budgetLeft: () => number | undefined;
	readonly onSpent: (spent: Spent) => void;
	readonly tell: Tell;
	/** Something was written into a log. */
	readonly onRecorded: () => void;
	readonly markHere: (original: Original, flag: Flag) => boolean;
	readonly drafts: ServerDrafts;
	/** Whether the mail server lends parts to a submission server; undefined: it was never asked. */
	readonly isLent: () => boolean | undefined;
	/** Resolves when the line to the mailboxes is up, or nobody dials it any more. */
	readonly whenDialled: () => Promise<void>;
} & Pick<PostRoundsOptions, 'urlsOf' | 'hasLine' | 'ensureLine'>;

/** How often one looks whether a letter's time has come, or another process has changed something. */
const lookMs = 400;
/** Who leaves waits so long for what is being handed over. */
const leavingMs = 60_000;

export class PostOfSession implements Post {
	readonly #options: PostOptions;
	readonly #mail: OutgoingMail | undefined;
	readonly #letters: LettersOnDisk;
	readonly #sequels: Sequels | undefined;
	readonly #rounds: PostRounds | undefined;
	readonly #staying: StayingParts;
	#timer: NodeJS.Timeout | undefined;
	#trouble = '';
	/** Written here, and in the queue of another account. */
	#elsewhere: Queued | undefined;
	/** Those that are made letters still. */
	readonly #queueing = new Set<Promise<unknown>>();

	constructor(options: PostOptions) {
		this.#options = options;
		const {account, folder, folderOf, carrier, markHere} = options;
		const mail = folder === undefined ? undefined : new OutgoingMail(folder);
		this.#mail = mail;
		this.#letters = new LettersOnDisk(mail);
		this.#staying = new StayingParts({
			...options,
			pieces: mail && carrier?.pieces,
			mayAsk: () => options.mayGo() && (options.budgetLeft() ?? dialogueBytes) >= dialogueBytes,
		});
		if (mail === undefined || folder === undefined) return;
		const sequels = new Sequels({account, folder, folderOf, mail, markHere});
		this.#sequels = sequels;
		if (carrier === undefined) return;
		this.#rounds = new PostRounds({
			...options,
			mail,
			carrier,
			sequels,
			letters: () => this.#letters.all.get(),
			shown: letter => this.#letters.shown(letter),
			onChange: () => this.#reload(),
		});
	}

	get letters(): Post['letters'] {
		return this.#letters.all;
	}

	get maySend(): boolean {
		const {account, folder, makeLetter} = this.#options;
		return folder !== undefined && makeLetter !== undefined && maySend(account.sending);
	}

	get staying(): Post['staying'] {
		return this.#staying.state;
	}

	ensureStaying(): void {
		this.#staying.ensure();
	}

	get leaving(): number {
		if (this.#timer === undefined || !this.#options.mayGo()) return 0;
		const now = this.#options.clock();
		const isLeaving = (each: ShownLetter): boolean =>
			each.state === 'sending' || isDue(each, now, {isImpatient: each.attempts === 0});
		return this.letters.get().filter(isLeaving).length;
	}

	get isAtWork(): boolean {
		return this.#rounds?.isAtWork === true;
	}

	/** The octets of a letter whose copy is to be filed. */
	get mail(): OutgoingMail | undefined {
		return this.#mail;
	}

	/** Shows what waits; `isSending`: and sends it when its time comes. */
	start({isSending}: {readonly isSending: boolean}): void {
		this.#guarded(() => {
			this.#mail?.recover();
			this.#letters.reload();
			const {account, folder, folderOf} = this.#options;
			if (this.#mail) removeQueued(this.#mail, name => (name === account.name ? folder : folderOf?.(name)));
		});
		if (!isSending || this.#mail === undefined) return;
		this.#timer = setInterval(() => this.look(), lookMs).unref();
		this.look();
	}

	/** Something may be due, or has been changed by another process. */
	look(): void {
		if (this.#timer === undefined) return;
		this.#guarded(() => {
			this.#letters.refresh();
			const letters = this.letters.get();
			if (this.isAtWork) return;
			if (letters.some(({state}) => state === 'sending')) this.#mail?.recover();
			if (letters.some(({sequelState}) => sequelState === 'due') && this.#mail?.hold() === true) {
				this.#rounds?.record();
				this.#mail.release();
			}
			this.#rounds?.look();
		});
	}

	/** Something in the log may be over: what its copies were made of may go. */
	logChanged(): void {
		const isFiling = this.letters.get().some(({sequelState}) => sequelState === 'recorded');
		if (isFiling)
			this.#guarded(() => {
				if (this.#sequels?.sweep()) this.#options.onRecorded();
			});
	}

	/** There is a line again, or the user wants it tried now. */
	tryAnew(): void {
		this.#staying.anew();
		if (this.#timer !== undefined) this.#guarded(() => this.#rounds?.tryAnew());
	}

	#reload(): void {
		this.#guarded(() => this.#letters.reload());
	}

	send(posting: Posting): Promise<Posted> {
		const queueing = this.#queue(posting).finally(() => this.#queueing.delete(queueing));
		this.#queueing.add(queueing);
		return queueing;
	}

	async #queue(posting: Posting): Promise<Posted> {
		const {account, folder} = this.#options;
		const {draftId, account: sender = account.name} = posting;
		const draft = draftId === undefined ? posting.draft : this.#options.drafts.placed(draftId, posting.draft);
		const queued = await queueLetter({...posting, draft}, sender, this.#options);
		if ('because' in queued) return queued;
		if (sender !== account.name) this.#elsewhere = queued;
		try {
			if (draftId !== undefined && folder !== undefined) {
				new Drafts(folder).remove(draftId);
				this.#options.drafts.queued(draftId);
			}
		} catch {
			// It is on its way all the same; a draft too many is thrown away by hand.
		}
		this.#reload();
		this.#options.tell('done', this.#whenWords(posting), 'undo');
		this.look();
		return {id: queued.id, account: sender};
	}

	keepDraft(id: string): void {
		this.#options.drafts.keep(id);
	}

	adoptDraft(id: string, place: Place, copy: DraftCopy): string {
		return this.#options.drafts.adopt(id, place, copy);
	}

	dropDraft(id: string): void {
		this.#options.drafts.drop(id);
	}

	#whenWords({notBefore = 0, account}: Posting): SafeText {
		const {clock, undoMs, mayGo} = this.#options;
		if (account !== undefined && account !== this.#options.account.name)
			return safeLine(`It is in the outbox of ${account}, which sends it`);
		if (notBefore > clock()) return ours('It waits in the outbox until it is to be sent');
		if (!mayGo()) return ours('It waits in the outbox and leaves when there is a line');
		const when = undoMs === 0 ? '' : ` in ${Math.round(undoMs / 1000)} s`;
		const whither = this.#options.account.name === demoName ? ', not beyond this machine' : '';
		return safeLine(`It is on its way${when}${whither}`);
	}

	/** The last that was written and may be taken back. */
	get lastWaiting(): Pick<ShownLetter, 'id' | 'madeAt'> | undefined {
		const here = this.letters
			.get()
			.findLast(({state, hasDraft, sequelState}) => state === 'waiting' && hasDraft && sequelState === 'to-come');
		const there = this.#elsewhere;
		const isThere = there?.mail.find(there.id)?.state === 'waiting';
		return isThere && there.madeAt >= (here?.madeAt ?? 0) ? there : here;
	}

	takeBack(id: string): void {
		const {account, folder, folderOf, clock, tell} = this.#options;
		this.#guarded(() => {
			const mail = this.#elsewhere?.id === id ? this.#elsewhere.mail : this.#mail;
			if (mail === undefined || folder === undefined) return;
			const origin = mail.find(id)?.sequel.draft?.account ?? account.name;
			const writer = folderOf?.(origin) === undefined ? account.name : origin;
			const taken = takeBack(mail, id, {folder, folderOf, now: clock()});
			if (taken === 'no-draft')
				tell('problem', ours('It was not written here, so it cannot be a draft again: it can only be discarded'));
			else if (taken === 'too-late') tell('problem', ours('It was sent already'));
			else
				tell(
					'done',
					safeLine(
						`Taken back, and a draft${writer === account.name ? '' : ` of ${writer}`} again: ${taken.subject || 'no subject'}`,
					),
				);
		});
	}

	sendAgain(id: string): void {
		this.#guarded(() => {
			if (this.#mail?.again(id) === true) this.tryAnew();
			else this.#options.tell('problem', ours('It is being sent, or was'));
		});
	}

	arrived(id: string): void {
		const {clock, tell} = this.#options;
		this.#guarded(() => {
			if (this.#mail?.arrived(id, clock()) === true) tell('done', ours('It counts as sent'));
			this.#letters.reload();
			this.look();
		});
	}

	discard(id: string): void {
		this.#guarded(() => {
			const letter = this.#mail?.find(id);
			// Those who were put off do not get it.
			if (letter?.state === 'waiting' && this.#sequels?.sweep([{...letter, state: 'refused'}]))
				this.#options.onRecorded();
			if (letter && this.#mail?.remove(id) === true) {
				if (this.#sequels?.discarded(letter, this.#options.clock())) this.#options.onRecorded();
				return;
			}
			const {state, sequelState} = letter ?? {};
			if (state === undefined) return;
			const isFiling = sequelState === 'due' || sequelState === 'recorded';
			this.#options.tell(
				'problem',
				isFiling ? ours('It was sent, and its copy is still to be filed') : ours('It is being sent'),
			);
		});
	}

	hold(id: string, isHeld: boolean): void {
		this.#guarded(() => {
			if (this.#mail?.setHeld(id, isHeld) !== true) this.#options.tell('problem', ours('It was sent already'));
			this.#letters.reload();
			if (!isHeld) this.look();
		});
	}

	/** What a call would send: sentence and bytes; undefined: nothing. */
	get planned(): {readonly sentence: SafeText; readonly bytes: number} | undefined {
		this.#guarded(() => this.#letters.refresh());
		if (this.#rounds === undefined) return undefined;
		const due = this.letters.get().filter(each => isDue(each, this.#options.clock(), {isImpatient: true}));
		const [only, ...others] = due;
		if (only === undefined) return undefined;
		const bytes = due.reduce((sum, each) => sum + this.#bytesOf(each), 0);
		const sentence = others.length === 0 ? letterWords(only) : countOf(due.length);
		return {sentence: safeLine(`Send ${others.length === 0 ? sentence.replace(/^M/, 'm') : sentence}`), bytes};
	}

	#bytesOf({letter, sequel}: Outgoing): number {
		const isFiled = sequel.isFiled && this.#options.account.sending.sentCopies === 'append';
		return upBytesOf(letter) * (isFiled ? 2 : 1) + dialogueBytes;
	}

	/** In a call: all that is due, whatever may be taken back still. Resolves to whether all of it went. */
	async sendInCall(): Promise<boolean> {
		await this.#lineForParts();
		this.#rounds?.tryAnew();
		const isOurs = (await this.#rounds?.run('all')) ?? true;
		this.#reload();
		return isOurs && this.planned === undefined;
	}

	/** What lies in the mailboxes is lent on the line of the call, which may be coming still. */
	async #lineForParts(): Promise<void> {
		const {clock, whenDialled} = this.#options;
		const needsLine = ({letter}: Outgoing): boolean => letter.pieces !== undefined;
		if (this.letters.get().some(each => needsLine(each) && isDue(each, clock(), {isImpatient: true})))
			await whenDialled();
	}

	#guarded(work: () => void): void {
		try {
			work();
			this.#letters.refresh();
			this.#trouble = '';
		} catch (error) {
			const {message} = error as Error;
			// One looks at it again and again.
			if (message !== this.#trouble)
				this.#options.tell('problem', safeLine(`The queue of mail cannot be used: ${message}`));
			this.#trouble = message;
		}
	}

	/** What could still be taken back leaves now, as far as there is a line; first what is on its way into the outbox is there. */
	async close(): Promise<void> {
		await Promise.allSettled(this.#queueing);
		clearInterval(this.#timer);
		this.#staying.close();
		if (this.leaving > 0 && this.#rounds?.isDown === false) void this.#rounds.run('untried');
		await this.#rounds?.close(leavingMs);
		this.#reload();
		this.#sequels?.close();
	}
}
