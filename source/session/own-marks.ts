/**
 * What the user decided about messages of an account whose state is not the server's: which mailboxes those are, what is
 * laid on the facts there, and how it is decided and taken back. No operation is ever made of it.
 *
 * Law: of a mailbox whose state is the server's it says nothing, whatever was once decided there.
 */
import type {Account} from '../model/account.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {readNewsrc, writeNewsrc} from '../model/newsrc.ts';
import type {Place} from '../model/operation.ts';
import {hidden} from '../model/own-record.ts';
import {type Renaming, renamedPath} from '../model/renaming.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {mailboxUrl, type StatePlace} from '../model/state-place.ts';
import type {OwnDecision, OwnMailbox, OwnState} from '../store/own-state.ts';
import type {KnownMailbox} from '../store/renamed-mailboxes.ts';
import type {OwnStates} from './own-states.ts';
import {withFlags} from './projections.ts';
import type {WhereStateLives} from './where-state-lives.ts';

export type MarkedMailbox = KnownMailbox & {readonly path: MailboxPath};

export type OwnMarksSurroundings = {
	readonly account: Account;
	readonly own: OwnStates;
	readonly places: WhereStateLives;
	/** The mailbox that is open, where one may ask for its news unasked. */
	readonly lookedAt: () => MailboxPath | undefined;
	/** Ms since the epoch. */
	readonly clock: () => number;
	/** Rows of mailboxes with these URLs look different; undefined: of any. */
	readonly onChange: (isIt: (path: MailboxPath) => boolean) => void;
	readonly onBroken: (because: SafeText) => void;
};

/** A question of about 150 bytes on the line to where state is shared. */
const lookForOthersMs = 60_000;

export class OwnMarks {
	readonly #around: OwnMarksSurroundings;
	readonly #end: () => void;
	readonly #looks: NodeJS.Timeout;
	/** UIDs that are hidden, ascending; looked up once until something changes. */
	readonly #hidden = new Map<string, readonly number[]>();
	readonly #urls = new Map<MailboxPath, string>();
	#isBroken = false;

	constructor(around: OwnMarksSurroundings) {
		this.#around = around;
		for (const [path, place] of Object.entries(around.account.statePlaces)) this.share(path as MailboxPath, place);
		this.#end = around.own.subscribe({
			onChange: urls => {
				this.#hidden.clear();
				around.onChange(path => urls === undefined || urls.has(this.url(path)));
			},
			onProblem: around.onBroken,
		});
		// Other clients read, too: who looks at a mailbox for long wants to see it.
		this.#looks = setInterval(() => {
			const path = around.lookedAt();
			if (path !== undefined) this.look(path);
		}, lookForOthersMs).unref();
	}

	url(path: MailboxPath): string {
		const url = this.#urls.get(path) ?? mailboxUrl(this.#around.account, path);
		this.#urls.set(path, url);
		return url;
	}

	/** Its records go to where the user has chosen, and to nowhere else any more. */
	share(path: MailboxPath, place: StatePlace): void {
		this.#attempt(() => this.#around.own.share(this.url(path), place.with === 'shared' ? place.place : undefined));
	}

	/** Mailboxes of this account in which something was decided. */
	get mailboxes(): readonly MarkedMailbox[] {
		const root = this.url('' as MailboxPath);
		const known = this.#read(state => (state.isThere ? state.renamed.below(root) : [])) ?? [];
		return known.map(each => ({...each, path: decodeURIComponent(each.url.slice(root.length)) as MailboxPath}));
	}

	/** A mailbox, and all below it, has another name: what was decided there goes along, and is shared where it was. */
	rename(renaming: Renaming): void {
		this.#around.places.rename(renaming);
		for (const mailbox of this.mailboxes) {
			const now = renamedPath(mailbox.path, renaming);
			if (now === undefined) continue;
			this.share(now, this.placeOf(now));
			this.#attempt(() => this.#around.own.rename(mailbox, this.url(now)));
		}
	}

	/** What other clients have decided about it is wanted. */
	look(path: MailboxPath): void {
		if (this.placeOf(path).with === 'shared') this.#attempt(() => this.#around.own.look(this.url(path)));
	}

	placeOf(path: MailboxPath): StatePlace {
		return this.#around.places.of(path);
	}

	isOurs(path: MailboxPath): boolean {
		return this.placeOf(path).with !== 'server';
	}

	/** What the facts say, with what was decided here on top. */
	flagsOf(place: Place, flags: ReadonlySet<Flag>): ReadonlySet<Flag> {
		if (!this.isOurs(place.mailbox)) return flags;
		const decided = this.#of(place);
		if (decided.size === 0) return flags;
		return withFlags(flags, new Map([...decided].filter(([what]) => !isHiding(what))));
	}

	/** What was decided of one flag; undefined: nothing was. */
	wasSet(place: Place, flag: Flag): boolean | undefined {
		if (!this.isOurs(place.mailbox)) return undefined;
		const wanted = flag.toLowerCase();
		return [...this.#of(place)].find(([what]) => what.toLowerCase() === wanted)?.[1];
	}

	#of(place: Place): ReadonlyMap<Flag, boolean> {
		return this.#read(state => state.of(this.#at(place), place.uid)) ?? new Map();
	}

	isHidden(place: Place): boolean {
		return this.isOurs(place.mailbox) && this.#read(state => state.isHidden(this.#at(place), place.uid)) === true;
	}

	hidden(path: MailboxPath, uidValidity: number): readonly number[] {
		if (!this.isOurs(path)) return [];
		const key = `${uidValidity} ${path}`;
		const known = this.#hidden.get(key);
		if (known !== undefined) return known;
		const uids = this.#read(state => state.marked({url: this.url(path), uidValidity}, hidden)) ?? [];
		this.#hidden.set(key, uids);
		return uids;
	}

	/** On the disk when it returns; false when it could not be written, and why is said. */
	decide(path: MailboxPath, uidValidity: number, uids: readonly number[], what: Flag, isSet: boolean): boolean {
		const {own, clock} = this.#around;
		const mailbox = {url: this.url(path), uidValidity};
		return this.#attempt(() => own.decide(mailbox, uids, what, isSet, clock()));
	}

	/** The last decision in this account that can be taken back. */
	get last(): OwnDecision | undefined {
		const prefix = this.url('' as MailboxPath);
		return this.#read(state => state.lastDecision(url => url.startsWith(prefix)));
	}

	undo(decision: OwnDecision): boolean {
		return this.#attempt(() => this.#around.own.undo(decision));
	}

	/**
	 * How many messages are unread for the user, where the server says how many are for it. Of what was read here and is gone
	 * from the server nobody tells: what is older than as many messages as there are is not counted.
	 */
	unseen(
		path: MailboxPath,
		told: {readonly messages: number | undefined; readonly unseen: number | undefined},
	): number | undefined {
		const {messages, unseen} = told;
		if (unseen === undefined || !this.isOurs(path)) return unseen;
		const most = messages ?? unseen;
		const read = this.#read(state => state.readAmong(this.url(path), most)) ?? 0;
		return Math.max(0, Math.min(most, unseen - read));
	}

	/** As a newsrc file; undefined: there is nothing. `uidValidity` undefined: the last that is known. */
	exported(path: MailboxPath, uidValidity: number | undefined): string | undefined {
		const url = this.url(path);
		const known = uidValidity ?? this.#read(state => state.lastUidValidity(url));
		if (known === undefined) return undefined;
		const marks = this.#read(state => state.marks({url, uidValidity: known})) ?? [];
		return marks.length === 0 ? undefined : writeNewsrc(path, url, known, marks);
	}

	/** Decides what a newsrc file says and was not so; how many that were. */
	imported(path: MailboxPath, uidValidity: number | undefined, text: string): {count: number} | {because: SafeText} {
		const read = readNewsrc(text, path);
		if ('problem' in read) return {because: safeLine(`Not imported: ${read.problem}`)};
		const known = uidValidity ?? read.uidValidity;
		if (known === undefined)
			return {because: safeLine(`Not imported: open ${path} once, so that its UIDVALIDITY is known`)};
		if (read.uidValidity !== undefined && read.uidValidity !== known)
			return {
				because: safeLine(`Not imported: the file is of UIDVALIDITY ${read.uidValidity}, and ${path} has ${known} now`),
			};
		let count = 0;
		for (const {what, isSet, uids} of read.marks) {
			const fresh = uids.filter(uid => this.wasSet({mailbox: path, uidValidity: known, uid}, what) !== isSet);
			if (fresh.length === 0) continue;
			if (!this.decide(path, known, fresh, what, isSet)) return {because: ours('Not all of it could be written')};
			count += fresh.length;
		}
		return {count};
	}

	#at({mailbox, uidValidity}: Place): OwnMailbox {
		return {url: this.url(mailbox), uidValidity};
	}

	#read<T>(look: (state: OwnState) => T): T | undefined {
		let found: T | undefined;
		this.#attempt(() => {
			found = look(this.#around.own.state);
		});
		return found;
	}

	/** Said once until it works again: a list asks for each of its rows. */
	#attempt(work: () => void): boolean {
		try {
			work();
			this.#isBroken = false;
			return true;
		} catch (error) {
			if (!this.#isBroken) this.#around.onBroken(cannotKeep(error as Error));
			this.#isBroken = true;
			return false;
		}
	}

	close(): void {
		clearInterval(this.#looks);
		this.#end();
	}
}

const isHiding = (what: Flag): boolean => what.toLowerCase() === hidden.toLowerCase();

const cannotKeep = ({message}: Error): SafeText =>
	safeLine(
		`Nothing was changed: your own state of messages cannot be kept (${message}). Make room, or set BONSAI_HOME`,
	);
