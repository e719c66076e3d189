/**
 * Decisions that are on their way to the server, drafts among them. Who quits waits for them: another program that looks
 * into the mailbox next is to see what was decided in this one.
 */
import {isOfDraft, type Operation} from '../model/operation.ts';
import type {Operations} from './operations.ts';
import type {Worker} from './worker.ts';

type LeavingSurroundings = {
	readonly operations: Operations;
	readonly worker: Worker;
	/** Whether the line is dialled for what is decided, and was not hung up. */
	readonly isDialled: () => boolean;
	/** Whether it is left out of the call under way. */
	readonly isLeftOut: (operation: Operation) => boolean;
};

/** The line may go down meanwhile. */
const lookMs = 200;

export class LeavingDecisions {
	readonly #around: LeavingSurroundings;

	constructor(around: LeavingSurroundings) {
		this.#around = around;
	}

	get count(): number {
		const {operations, worker, isDialled, isLeftOut} = this.#around;
		if (!operations.mayDrain) return 0;
		const {state, isLocal} = worker.link.get();
		// A draft is dialled for. Where there is no line, who quits waits for nothing else.
		const hasLine = state === 'up' || isLocal;
		const mayLeave = (operation: Operation): boolean =>
			(hasLine || (isDialled() && isOfDraft(operation.change))) && !isLeftOut(operation);
		return operations.ready.filter(mayLeave).length;
	}

	/** Resolves when none is on its way, when nothing can be done here about those that are, or after so many ms. */
	async left(patienceMs: number): Promise<void> {
		// Who does not send does not begin with it here.
		if (patienceMs === 0 || !this.#around.operations.mayDrain) return;
		this.#around.operations.look();
		if (this.count === 0) return;
		const {operations, worker} = this.#around;
		const {promise, resolve} = Promise.withResolvers<void>();
		const look = (): void => {
			if (this.count === 0) resolve();
		};
		const stop = operations.all.subscribe(look);
		const looks = setInterval(look, lookMs);
		const patience = setTimeout(resolve, patienceMs);
		void worker.settled().then(resolve);
		await promise;
		stop();
		clearInterval(looks);
		clearTimeout(patience);
	}
}
