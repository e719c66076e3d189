/**
 * What the user has chosen for the mailboxes of an account: models, wishes, what leaves the server, and where state lives. A
 * change holds at once; where it cannot be kept for the next run, a notice says so.
 */
import type {Account} from '../model/account.ts';
import {type Draining, type Drainings, drainingOf, withDraining} from '../model/draining.ts';
import {drainingWords} from '../model/draining-words.ts';
import type {MailboxPath} from '../model/ids.ts';
import {type Model, type ModelName, type Models, modelOf, models, withModel} from '../model/model.ts';
import {type Renaming, renamedPath} from '../model/renaming.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import {chosenPlace, type StatePlace, type StatePlaces} from '../model/state-place.ts';
import {statePlaceWords} from '../model/state-words.ts';
import {noWish, type Wish, type Wishes, wishOf, withWish} from '../model/wish.ts';
import {wishWords} from '../model/wish-words.ts';
import {live} from './live.ts';
import type {Tell} from './session.ts';

/** Writes it where it outlives the program. Throws an Error that says why it cannot. */
export type Keep = {
	wish(mailbox: MailboxPath | undefined, wish: Wish | undefined): void;
	model(name: ModelName, mailbox: MailboxPath | undefined): void;
	statePlace(mailbox: MailboxPath, place: StatePlace): void;
	draining(mailbox: MailboxPath | undefined, draining: Draining | undefined): void;
};

export class Choices {
	readonly wishes;
	readonly models;
	readonly statePlaces;
	readonly drainings;
	readonly #keep: Keep | undefined;
	readonly #tell: Tell;

	/** Without `keep` they hold for this run: the demo has no configuration. */
	constructor({wishes, model, mailboxModels, statePlaces, drainings}: Account, keep: Keep | undefined, tell: Tell) {
		this.wishes = live<Wishes>(wishes);
		this.drainings = live<Drainings>(drainings);
		this.models = live<Models>({account: model, mailboxes: mailboxModels});
		this.statePlaces = live<StatePlaces>(statePlaces);
		this.#keep = keep;
		this.#tell = tell;
	}

	/** Of a mailbox, or of the account. */
	model(mailbox?: MailboxPath): Model {
		const chosen = this.models.get();
		return models[mailbox === undefined ? chosen.account : modelOf(chosen, mailbox)];
	}

	/** Whether the facts of any mailbox are kept on the disk. */
	get isAnyOnDisk(): boolean {
		const others = Object.keys(this.models.get().mailboxes).map(each => this.model(each as MailboxPath));
		return [this.model(), ...others].some(({isOnDisk}) => isOnDisk);
	}

	wish(mailbox: MailboxPath): Wish {
		return wishOf(this.wishes.get(), mailbox);
	}

	/** Of a mailbox whose mail is taken from the server: the summaries of what stays there. */
	get stayingWish(): Wish {
		return {...noWish, summaries: 'all'};
	}

	/** How many of its newest messages are wished for; since a date: nobody knows, so whatever is held is kept. */
	wanted(mailbox: MailboxPath): number {
		if (this.model(mailbox).name === 'offline') return Number.POSITIVE_INFINITY;
		const {summaries} = this.wish(mailbox);
		if (summaries === 'none') return 0;
		return typeof summaries === 'object' && 'last' in summaries ? summaries.last : Number.POSITIVE_INFINITY;
	}

	/** Of how many of its newest messages more is wished for than their summaries: what of these is held stays. */
	wantedBodies(mailbox: MailboxPath): number {
		const {textBytes, parts} = this.wish(mailbox);
		const isAny = this.model(mailbox).name === 'offline' || textBytes > 0 || parts.length > 0;
		return isAny ? this.wanted(mailbox) : 0;
	}

	setWish(mailbox: MailboxPath | undefined, wish: Wish | undefined): void {
		const wishes = withWish(this.wishes.get(), mailbox, wish);
		this.wishes.set(wishes);
		const now = mailbox === undefined ? wishes.otherwise : wishOf(wishes, mailbox);
		const words = safeLine(`${mailbox ?? 'All without a wish of their own'}: ${wishWords(now)}`);
		this.#kept(words, keep => keep.wish(mailbox, wish));
	}

	setDraining(mailbox: MailboxPath | undefined, draining: Draining | undefined): void {
		const drainings = withDraining(this.drainings.get(), mailbox, draining);
		this.drainings.set(drainings);
		const now = mailbox === undefined ? drainings.otherwise : drainingOf(drainings, mailbox);
		const words = safeLine(`${mailbox ?? 'All without numbers of their own'}: ${drainingWords(now)}`);
		this.#kept(words, keep => keep.draining(mailbox, draining));
	}

	chooseModel(name: ModelName, mailbox?: MailboxPath): void {
		const chosen = withModel(this.models.get(), name, mailbox);
		this.models.set(chosen);
		const isNow = mailbox === undefined ? chosen.account : modelOf(chosen, mailbox);
		const words = safeLine(`${mailbox ?? 'This account'} is ${isNow} now`);
		this.#kept(words, keep => keep.model(name, mailbox));
	}

	chooseStatePlace(mailbox: MailboxPath, place: StatePlace): void {
		this.statePlaces.set({...this.statePlaces.get(), [mailbox]: place});
		this.#kept(statePlaceWords(mailbox, place), keep => keep.statePlace(mailbox, place));
	}

	statePlace(mailbox: MailboxPath): StatePlace | undefined {
		return chosenPlace(this.statePlaces.get(), mailbox);
	}

	/** A mailbox has another name: what was chosen for it, and for those below it, goes by that. */
	rename(renaming: Renaming): void {
		const {account, mailboxes} = this.models.get();
		for (const [path, model] of Object.entries(mailboxes)) {
			const now = renamedPath(path, renaming);
			if (now === undefined) continue;
			this.models.set(withModel(withModel(this.models.get(), model, now), account, path));
			this.#keepQuietly(keep => {
				keep.model(model, now);
				keep.model(account, path as MailboxPath);
			});
		}
		for (const [path, draining] of Object.entries(this.drainings.get().mailboxes)) {
			const now = renamedPath(path, renaming);
			if (now === undefined) continue;
			this.drainings.set(withDraining(withDraining(this.drainings.get(), now, draining), path, undefined));
			this.#keepQuietly(keep => {
				keep.draining(now, draining);
				keep.draining(path as MailboxPath, undefined);
			});
		}
		for (const [path, wish] of Object.entries(this.wishes.get().mailboxes)) {
			const now = renamedPath(path, renaming);
			if (now === undefined) continue;
			this.wishes.set(withWish(withWish(this.wishes.get(), now, wish), path, undefined));
			this.#keepQuietly(keep => {
				keep.wish(now, wish);
				keep.wish(path as MailboxPath, undefined);
			});
		}
		this.renameStatePlaces(renaming);
	}

	renameStatePlaces(renaming: Renaming): void {
		for (const [path, place] of Object.entries(this.statePlaces.get())) {
			const now = renamedPath(path, renaming);
			if (now === undefined) continue;
			this.statePlaces.set({...this.statePlaces.get(), [now]: place});
			this.#keepQuietly(keep => keep.statePlace(now, place));
		}
	}

	#keepQuietly(write: (keep: Keep) => void): void {
		try {
			if (this.#keep) write(this.#keep);
		} catch (error) {
			this.#tell('problem', onlyNow(error));
		}
	}

	#kept(words: SafeText, write: (keep: Keep) => void): void {
		try {
			if (this.#keep) write(this.#keep);
			this.#tell('done', words);
		} catch (error) {
			this.#tell('problem', onlyNow(error));
		}
	}
}

const onlyNow = (error: unknown): SafeText => safeLine(`Only until you quit: ${(error as Error).message}`);
