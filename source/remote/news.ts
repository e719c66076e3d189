/**
 * What a server says unasked: told to whoever dialled. What comes while a mailbox is being opened is part of that answer,
 * and not told here.
 */
import {textOf} from './fetched-row.ts';
import {messageNumber} from './message-number.ts';
import {readModseq} from './modseq.ts';
import type {PipelinedImapFlow} from './pipelined-imapflow.ts';
import type {RemoteEvents} from './remote.ts';
import {writeRanges} from './uid-set.ts';
import {readVanished} from './vanished.ts';

export function tellNews(client: PipelinedImapFlow, events: RemoteEvents, isOpening: () => boolean): void {
	client.onUntagged.EXISTS = response => {
		const count = messageNumber(response);
		if (count !== undefined) events.onCount(count);
	};
	client.onUntagged.EXPUNGE = response => {
		const sequence = messageNumber(response);
		if (sequence !== undefined && sequence > 0) events.onExpunge(sequence);
	};
	client.onUntagged.VANISHED = response => {
		const {ranges, isEarlier} = readVanished(response);
		if (!isEarlier && ranges.length > 0) events.onVanished(writeRanges(ranges));
	};
	client.onUnsolicitedRow = row => {
		if (row.flags) events.onFlags({sequence: row.sequence, uid: row.uid, flags: row.flags});
	};
	client.onCode.HIGHESTMODSEQ = ([value]) => {
		const modseq = readModseq(textOf(value));
		if (!isOpening() && modseq !== undefined) events.onHighestModseq(modseq);
	};
	client.on('alert', alert => events.onAlert(String((alert as {message?: string}).message ?? '')));
}
