/** Decisions and the messages they are about, as the log tells them: what nobody says is as in one that just waits. */
import {inbox} from '../../source/model/ids.ts';
import type {LogMessageId, Operation, OperationId, Target} from '../../source/model/operation.ts';
import {ours} from '../../source/model/safe-text.ts';

/** Of the inbox, under its UID. Shown where it lies, as long as nobody says where it was. */
export function loggedTarget(uid: number, over: Partial<Target> = {}): Target {
	const place = over.place ?? {mailbox: inbox, uidValidity: 7, uid};
	return {
		message: uid as LogMessageId,
		place,
		from: place,
		wasSet: undefined,
		isRefused: false,
		messageId: '',
		sizeBytes: 0,
		state: 'waiting',
		...over,
	};
}

export const loggedOperation = (id: number, over: Pick<Operation, 'change'> & Partial<Operation>): Operation => ({
	id: id as OperationId,
	targets: [],
	madeAt: 0,
	state: 'waiting',
	refusal: ours(''),
	undoes: undefined,
	isSent: false,
	isHeld: false,
	waitsFor: undefined,
	...over,
});
