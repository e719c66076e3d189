/**
 * Stops and resumes reading the keyboard, for a child that is to have it. The only place that touches Node's privates.
 *
 * Node keeps one read pending on a terminal, which steals the child's first key (39 times of 40, measured):
 * `pause()` is not enough, the handle itself must stop.
 */
import {setImmediate} from 'node:timers/promises';
import type {ReadStream} from 'node:tty';

type ReadHandle = {reading: boolean; readStop(): void; readStart(): void};

const handleOf = (stdin: ReadStream): ReadHandle | undefined =>
	(stdin as unknown as {_handle?: ReadHandle | null})._handle ?? undefined;

export async function releaseInput(stdin: ReadStream): Promise<void> {
	await setImmediate();
	const handle = handleOf(stdin);
	if (!handle?.readStop) return;
	handle.reading = false;
	handle.readStop();
}

export function takeInput(stdin: ReadStream): void {
	stdin.resume();
	const handle = handleOf(stdin);
	if (!handle?.readStart || handle.reading) return;
	handle.reading = true;
	handle.readStart();
}
