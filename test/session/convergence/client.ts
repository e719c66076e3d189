/**
 * One program of the user's: a session on a disk of its own, which can be left, killed and started again.
 *
 * Killed means: what is on the disk at that instant is all the next start has. The folder is copied at that instant, and
 * the old program, which hears and says nothing any more, may do with the old one what it likes.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {Account} from '../../../source/model/account.ts';
import {withModel} from '../../../source/model/model.ts';
import type {OperationId} from '../../../source/model/operation.ts';
import {withWish} from '../../../source/model/wish.ts';
import {dialImap} from '../../../source/remote/imap.ts';
import type {RememberedServer} from '../../../source/remote/remote.ts';
import {type AccountSession, createSession} from '../../../source/session/account-session.ts';
import {factsFile} from '../../../source/store/facts.ts';
import {until} from '../../helpers/waiting.ts';
import {MortalDial} from './mortal-dial.ts';

export class Client {
	readonly name: string;
	session!: AccountSession;
	account: Account;
	readonly #secret: string;
	readonly #home: string;
	#generation = 0;
	#remembered: RememberedServer | undefined;
	#dial!: MortalDial;
	#death!: Promise<void>;
	/** How often it was killed or its line was lost: an answer may have been among it. */
	losses = 0;
	/** Operations that were refused and went on by themselves, since somebody asked. */
	readonly wentOn = new Set<OperationId>();
	readonly #refused = new Set<OperationId>();

	constructor(name: string, home: string, account: Account, secret: string) {
		this.name = name;
		this.#secret = secret;
		this.#home = home;
		this.account = account;
		this.open();
	}

	get #folder(): string {
		return path.join(this.#home, `${this.name}${this.#generation}`);
	}

	/** What is held, on the disk. */
	get facts(): string {
		return path.join(this.#folder, 'cache', factsFile);
	}

	open(): void {
		let died = (): void => {};
		this.#death = new Promise(resolve => {
			died = resolve;
		});
		const was = this.#folder;
		const next = path.join(this.#home, `${this.name}${this.#generation + 1}`);
		this.#dial = new MortalDial(dialImap, () => {
			fs.cpSync(was, next, {recursive: true});
			died();
		});
		this.session = createSession({
			account: this.account,
			secret: async () => this.#secret,
			dial: this.#dial.dial,
			remembered: {
				get: () => this.#remembered,
				set: server => {
					this.#remembered = server;
				},
			},
			patience: {silenceMs: 20_000, retryMs: 1},
			folder: path.join(was, 'state'),
			cacheFolder: path.join(was, 'cache'),
			preferences: {markRead: false},
			keep: {
				model: (name, mailbox) => {
					const models = withModel({account: this.account.model, mailboxes: this.account.mailboxModels}, name, mailbox);
					this.account = {...this.account, model: models.account, mailboxModels: models.mailboxes};
				},
				statePlace: () => {},
				wish: (mailbox, wish) => {
					this.account = {...this.account, wishes: withWish(this.account.wishes, mailbox, wish)};
				},
				draining: () => {},
			},
		});
		this.#watch();
	}

	#watch(): void {
		let was = this.session.link.get().state;
		this.session.link.subscribe(() => {
			const {state} = this.session.link.get();
			if (was === 'up' && state !== 'up' && state !== 'hung-up') this.losses += 1;
			was = state;
		});
		// Both may happen within one step: what was gone turns up.
		const {operations} = this.session;
		operations.subscribe(() => {
			for (const {id, state} of operations.get()) {
				if (state === 'refused') this.#refused.add(id);
				else if (this.#refused.delete(id)) this.wentOn.add(id);
			}
		});
	}

	/** The kill comes at the so-manieth instant from now, if there are as many. */
	dieIn(instants: number | undefined): void {
		this.#dial.dieIn(instants);
	}

	get isDead(): boolean {
		return this.#dial.isDead;
	}

	/** Left politely, and impatiently: in the middle of whatever is under way. */
	async restart({isWiped = false} = {}): Promise<void> {
		await this.session.close({patienceMs: 0});
		if (isWiped) fs.rmSync(path.join(this.#folder, 'cache'), {recursive: true, force: true});
		this.open();
	}

	/** Killed, now or at the instant that has come already. */
	async kill(): Promise<void> {
		this.#dial.die();
		await this.session.close({patienceMs: 0});
		this.#generation += 1;
		this.losses += 1;
		this.open();
	}

	async close(): Promise<void> {
		await this.session.close();
	}

	/** Until it is as wanted, or the program is killed. */
	async reaches(wanted: Promise<unknown>): Promise<void> {
		await Promise.race([wanted, this.#death]);
	}

	/** Nothing is under way, and no attempt is due. */
	async calm(): Promise<void> {
		await this.reaches(this.#calm());
	}

	async #calm(): Promise<void> {
		const {session} = this;
		for (;;) {
			await until(session.link, ({state}) => state === 'up' || state === 'hung-up');
			await session.settled();
			const {state} = session.link.get();
			// Many EXPUNGEs at once are one repaint, a moment later.
			await new Promise(setImmediate);
			if (state === 'up' || state === 'hung-up') return;
		}
	}
}
