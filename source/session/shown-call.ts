/**
 * A call as it is shown: its lines and what has become of each, what it would cost, what it has cost by now, and why it is
 * over. It asks nothing, and knows nothing of what is done for a line.
 */
import {type Call, type CallLine, isToDo} from '../model/call.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Usage} from '../model/usage.ts';
import type {CallSurroundings} from './call.ts';
import {type Live, live} from './live.ts';

/** Bytes of a login and its leaving. */
const dialBytes = 600;

const nothingSpent = {upBytes: 0, downBytes: 0, turns: 0};

export class ShownCall {
	readonly #state = live<Call | undefined>(undefined);
	readonly state: Live<Call | undefined> = this.#state;
	readonly #around: Pick<CallSurroundings, 'worker' | 'usage'>;
	#before: Usage | undefined;
	#wasUp = false;
	/** As it was measured last. */
	#bytesPerSecond: number | undefined;

	constructor(around: Pick<CallSurroundings, 'worker' | 'usage'>) {
		this.#around = around;
		const {link} = around.worker;
		link.subscribe(() => {
			this.#bytesPerSecond = link.get().bytesPerSecond ?? this.#bytesPerSecond;
		});
	}

	/** The user had dialled before: the call costs no login, and the line is left as it was. */
	get wasUp(): boolean {
		return this.#wasUp;
	}

	asking(): void {
		const {worker, usage} = this.#around;
		if (this.state.get()?.state !== 'planned') this.#wasUp = worker.link.get().state === 'up';
		this.#before = usage();
		this.#state.set({
			state: 'asking',
			lines: [],
			bytes: dialBytes,
			seconds: undefined,
			because: ours(''),
			spent: nothingSpent,
		});
	}

	planned(lines: readonly CallLine[]): void {
		this.#show('planned', {lines});
	}

	strike(key: string, isStruck: boolean): void {
		const call = this.state.get();
		if (call?.state !== 'planned') return;
		this.planned(call.lines.map(line => (line.key === key ? {...line, isStruck} : line)));
	}

	going(lines: readonly CallLine[]): void {
		this.#show('going', {lines});
	}

	/** It was done, and there is more of it. */
	again(key: string): void {
		const call = this.state.get();
		if (call?.state !== 'going') return;
		this.going(call.lines.map(line => (line.key === key ? {...line, state: 'planned'} : line)));
	}

	failed(key: string, because: SafeText): void {
		const call = this.state.get();
		if (call === undefined) return;
		this.#show(call.state, {
			lines: call.lines.map(line => (line.key === key ? {...line, state: 'failed'} : line)),
			because,
		});
	}

	/** `refused`: how much of it the server did not take. `left`: what could not be done beside, and what stays. */
	done(refused: number, left: readonly SafeText[]): void {
		const lines = (this.state.get()?.lines ?? []).map(line =>
			isToDo(line) ? {...line, state: 'failed' as const} : line,
		);
		const failed = lines.filter(line => line.state === 'failed').length;
		const {because} = this.state.get() ?? {};
		const refusedWords = refused === 0 ? '' : refusedOf(refused);
		const failedWords = failed === 0 ? [] : [because || refusedWords || safeLine(`${failed} of it could not be done`)];
		const [first] = [...failedWords, ...left];
		this.#show('done', {lines, because: first ?? ours('')});
	}

	/** What is not done of it is still to be done, by the next one. */
	ended(because: SafeText): void {
		const lines = this.state.get()?.lines ?? [];
		const left = lines.map((line): CallLine => (line.state === 'going' ? {...line, state: 'planned'} : line));
		this.#show('ended', {lines: left, because});
	}

	/** The good-bye costs too. */
	hungUp(): void {
		const call = this.state.get();
		if (call?.state === 'done' || call?.state === 'ended') this.#show(call.state, {});
	}

	forget(): void {
		this.#state.set(undefined);
	}

	#show(state: Call['state'], change: Partial<Call>): void {
		const call = this.state.get();
		if (call === undefined) return;
		const next = {...call, ...change, state};
		const {worker, usage} = this.#around;
		const bytes = next.lines.reduce((sum, line) => sum + (line.isStruck ? 0 : line.bytes), this.#wasUp ? 0 : dialBytes);
		const {bytesPerSecond = this.#bytesPerSecond, roundTripMs = 0} = worker.link.get();
		const now = usage();
		const before = this.#before ?? now;
		this.#state.set({
			...next,
			bytes,
			seconds: bytesPerSecond === undefined ? undefined : bytes / bytesPerSecond + (4 * roundTripMs) / 1000,
			bytesPerSecond,
			spent: {
				upBytes: now.upBytes - before.upBytes,
				downBytes: now.downBytes - before.downBytes,
				turns: now.turns - before.turns,
			},
		});
	}
}

const refusedOf = (count: number): SafeText =>
	ours(
		`${count === 1 ? 'One thing' : `${count} things`} you decided ${count === 1 ? 'was' : 'were'} refused: see the outbox`,
	);
