/**
 * The line above the key menu: the last thing said, else what the link does, else what is on its way, else the
 * last result. Never empty of meaning while there is no line.
 */
import {Text} from 'ink';
import {type ReactElement, useEffect, useReducer} from 'react';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import type {Transfer} from '../source/model/transfer.ts';
import {fit} from '../source/model/width.ts';
import type {Session} from '../source/session/session.ts';
import {durationOf, progressOf, sizeOf} from './format.ts';
import {linkSentence, nextTick} from './link-words.ts';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';
import {useLive} from './use-live.ts';

export function StatusLine({
	session,
	theme,
	columns,
	said,
	seenNotice,
}: {
	readonly session: Session;
	readonly theme: Theme;
	readonly columns: number;
	/** What the program itself has to say about the last key. */
	readonly said: SafeText | undefined;
	/** The serial of the session's notice when the last key was pressed: newer ones go first. */
	readonly seenNotice: number;
}): ReactElement {
	const link = useLive(session.link);
	const notice = useLive(session.notice);
	const transfers = useLive(session.transfers);
	const [, tick] = useReducer((count: number) => count + 1, 0);
	// The moment of the next attempt is of the real clock, whatever date the screens are shown for.
	const wait = nextTick(link, Date.now());
	useEffect(() => {
		if (wait === undefined) return undefined;
		const timer = setTimeout(tick, wait);
		return () => clearTimeout(timer);
	});

	const isNew = notice !== undefined && notice.serial > seenNotice;
	const text =
		said ??
		(isNew ? notice.text : undefined) ??
		linkSentence(link, Date.now()) ??
		transferSentence(transfers, link.bytesPerSecond) ??
		notice?.text ??
		ours('');
	const isProblem = text === notice?.text && notice.kind === 'problem';
	return (
		<Text wrap="truncate-end" {...(isProblem ? theme.problem : {})}>
			{fit(safe` ${text}`, columns)}
		</Text>
	);
}

/** `report.pdf 34% of 1.2M, ~40 s left; 2 more waiting`. */
export function transferSentence(
	transfers: readonly Transfer[],
	bytesPerSecond: number | undefined,
): SafeText | undefined {
	const current = transfers.find(transfer => transfer.state === 'coming');
	if (!current) return undefined;
	const waiting = transfers.filter(transfer => transfer.state === 'waiting').length;
	const {heldBytes, totalBytes} = current;
	const left =
		bytesPerSecond === undefined ? ours('') : safe`, ${durationOf((totalBytes - heldBytes) / bytesPerSecond)} left`;
	const more = waiting === 0 ? ours('') : safe`; ${waiting} more waiting`;
	return safe`${current.name} ${progressOf(heldBytes, totalBytes)} of ${sizeOf(totalBytes)}${left}${more}`;
}
