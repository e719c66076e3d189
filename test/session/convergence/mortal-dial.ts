/**
 * A line whose program is killed at a chosen instant: before a question leaves, while rows come, or when an answer is in
 * and nobody has heard it yet. From then on nothing is sent, and nothing is heard.
 */
import type {Dial, Remote, RemoteEvents} from '../../../source/remote/remote.ts';

/** One of its own for each: what waits for it is forgotten with it. */
const never = (): Promise<never> => new Promise(() => {});

export class MortalDial {
	readonly #dial: Dial;
	readonly #onDeath: () => void;
	/** Instants until it is killed; undefined: it is not. */
	#left: number | undefined;
	#remotes = new Set<Remote>();
	isDead = false;

	constructor(dial: Dial, onDeath: () => void) {
		this.#dial = dial;
		this.#onDeath = onDeath;
	}

	/** Kills at the so-manieth instant from now. */
	dieIn(instants: number | undefined): void {
		this.#left = instants;
	}

	/** At this very moment. */
	die(): void {
		if (this.isDead) return;
		this.isDead = true;
		for (const remote of this.#remotes) remote.cut();
		this.#onDeath();
	}

	readonly dial: Dial = async (dialling, signal) => {
		if (!this.lives()) return never();
		const dialled = await this.#dial({...dialling, events: this.#heard(dialling.events)}, signal);
		if (!this.lives()) {
			dialled.remote.cut();
			return never();
		}
		this.#remotes.add(dialled.remote);
		return {...dialled, remote: this.#mortal(dialled.remote)};
	};

	/** One instant passes. Returns whether the program still lives. */
	lives(): boolean {
		if (!this.isDead && this.#left !== undefined && --this.#left < 0) this.die();
		return !this.isDead;
	}

	#heard(events: RemoteEvents): RemoteEvents {
		const heard = Object.entries(events).map(([name, tell]) => [
			name,
			(told: never) => {
				if (this.lives()) (tell as (told: never) => void)(told);
			},
		]);
		return Object.fromEntries(heard) as RemoteEvents;
	}

	#mortal(remote: Remote): Remote {
		return new Proxy(remote, {
			get: (_target, name: string) => {
				const member = remote[name as keyof Remote];
				if (typeof member !== 'function') return member;
				if (/^(idle|endIdle|cut)$/.test(name))
					return () => (this.isDead ? undefined : (member as () => void).call(remote));
				return (...given: readonly unknown[]) => this.#asked(name, remote, member as never, given);
			},
		});
	}

	async #asked(
		name: string,
		remote: Remote,
		ask: (...given: unknown[]) => Promise<unknown>,
		given: readonly unknown[],
	) {
		// Who is killed while it leaves has left: whoever plays the program waits for that.
		if (!this.lives()) return name === 'leave' ? undefined : never();
		const mortal = given.map(each =>
			typeof each === 'function'
				? (...row: unknown[]) => {
						if (this.lives()) each(...row);
					}
				: each,
		);
		try {
			const answer = await ask.apply(remote, mortal);
			return this.lives() || name === 'leave' ? answer : never();
		} catch (error) {
			if (this.lives()) throw error;
			return never();
		}
	}
}
