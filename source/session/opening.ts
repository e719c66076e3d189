/**
 * What opening a message brings: structure, To, Cc and the first octets of part 1, asked for together in one turn, within
 * the budget and never without a range (part 1 may be the video). What is known from before costs nothing.
 */
import type {Budget} from '../model/budget.ts';
import type {Message} from '../model/message.ts';
import type {Facts} from '../store/facts.ts';
import {type Described, describe} from './describe.ts';
import type {Question} from './needs.ts';
import {fittingProbeBytes, mostToOpenBytes, probeBytes} from './probe.ts';
import type {Worker} from './worker.ts';

type OpeningSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly budget: () => Budget;
	/** `unreadable`: the server's description is of no use, but the message is there. */
	readonly onOpened: (opened: Described | 'gone' | 'unreadable') => void;
};

const unreadable: Described = {structure: undefined, headers: []};

export class Opening {
	readonly #message: Message;
	readonly #around: OpeningSurroundings;
	#described: Described | undefined;
	#isAsked = false;

	constructor(message: Message, around: OpeningSurroundings) {
		this.#message = message;
		this.#around = around;
		const json = around.facts.structure(message.id);
		if (json !== undefined) this.#described = JSON.parse(json) as Described;
	}

	/** Undefined: it was not opened yet. */
	get described(): Described | undefined {
		return this.#described;
	}

	/** Octets of the text that came with it, and not from before. */
	broughtBytes = 0;

	get isAsked(): boolean {
		return this.#isAsked;
	}

	/** The line was lost, or the question was refused: it may be asked again. */
	lost(): void {
		this.#isAsked = false;
	}

	/** What it could cost at most. */
	mostBytes(): number {
		return mostToOpenBytes(fittingProbeBytes(this.#wantedBytes(), 0));
	}

	#wantedBytes(): number {
		const {budget, worker} = this.#around;
		return probeBytes(budget(), worker.line);
	}

	/** Undefined while it is under way. */
	next(mostBytes: number): Question | undefined {
		if (this.#isAsked) return undefined;
		this.#isAsked = true;
		const length = fittingProbeBytes(this.#wantedBytes(), mostBytes);
		return {
			expectedBytes: length + 1000,
			mostBytes: mostToOpenBytes(length),
			ask: async remote => {
				const {facts, onOpened} = this.#around;
				const {id, uid} = this.#message;
				const {answer, structure, header, probe: octets} = await remote.fetchOpening(uid, length);
				if (answer === 'gone') return onOpened('gone');
				if (answer === 'unreadable' || structure === undefined) {
					this.#described ??= unreadable;
					return onOpened('unreadable');
				}
				if (octets.length > 0) facts.learnChunk(id, '1', 0, octets);
				this.broughtBytes = octets.length;
				this.#described = describe(structure, header);
				facts.learnStructure(id, JSON.stringify(this.#described));
				onOpened(this.#described);
			},
		};
	}
}
