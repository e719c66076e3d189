/**
 * From one message to the next, in the order of the list it was opened from: its mailbox, or the inboxes of all
 * accounts. The list's cursor follows. Undefined where there is nothing to go on to.
 */
import {useRef} from 'react';
import {hasFlag} from '../source/model/message.ts';
import {emptyMemory} from './memory.ts';
import {type Entry, inboxesOf, keyOf, mergeInboxes} from './merged-inboxes.ts';
import {nextUnread} from './next-unread.ts';
import type {MessageView, ScreenProps} from './places.ts';
import {newestPlace} from './rows-place.ts';

type Read = (() => void) | undefined;
type ReadingOn = {readonly next: Read; readonly previous: Read; readonly nextUnread: Read};

const nothing: ReadingOn = {next: undefined, previous: undefined, nextUnread: undefined};

export function useReadingOn(props: ScreenProps<'message'>): ReadingOn {
	const {place} = props;
	// Where it stood before it was removed, so that one can read on from there.
	const stood = useRef<number | undefined>(undefined);
	if (place.part !== '') return nothing;
	return place.among ? amongInboxes(props, stood) : inMailbox(props, stood);
}

type Stood = {current: number | undefined};

function inMailbox({place, session, program}: ScreenProps<'message'>, stood: Stood): ReadingOn {
	const mailbox = session.mailbox(place.mailbox);
	const {count = 0} = mailbox.state.get();
	const position = mailbox.positionOf(place.id);
	if (position !== undefined) stood.current = position;
	const at = (wanted: number | undefined): Read => {
		const found = wanted === undefined ? undefined : mailbox.row(wanted);
		return (
			found &&
			(() => {
				const {list} = place;
				if (list) list.current = {...(list.current ?? newestPlace), position: wanted, id: found.id, hasMoved: true};
				program.replace({...place, id: found.id, memory: emptyMemory<MessageView>()});
			})
		);
	};
	const before = stood.current ?? 1;
	return {
		next: at(position === undefined ? stood.current : position + 1),
		previous: at(before - 1),
		nextUnread: at(nextUnread(mailbox, position ?? 0, count)),
	};
}

/** Counted from the newest: what is added at the old end moves nothing. */
function amongInboxes({place, session, sessions, program, clock}: ScreenProps<'message'>, stood: Stood): ReadingOn {
	const {among} = place;
	const size = Math.max(among?.current?.size ?? 0, (among?.current?.place.count ?? 0) + 1);
	const entries = mergeInboxes(inboxesOf(sessions), size, clock()).entries.toReversed();
	const key = keyOf({session, message: place});
	const found = entries.findIndex(entry => keyOf(entry) === key);
	if (found >= 0) stood.current = found;
	const read = (entry: Entry | undefined): Read =>
		entry &&
		(() => {
			const view = among?.current;
			if (among && view) among.current = {...view, place: {...view.place, id: keyOf(entry), hasMoved: true}};
			const {id, mailbox} = entry.message;
			program.replace({...place, id, mailbox, memory: emptyMemory<MessageView>()}, entry.session.account);
		});
	const here = stood.current ?? 0;
	const inTurn = entries.map((_, step) => entries[(here - 1 - step + 2 * entries.length) % entries.length]);
	return {
		next: read(entries[here - 1]),
		previous: read(entries[here + 1]),
		nextUnread: read(inTurn.find(entry => entry && keyOf(entry) !== key && !hasFlag(entry.message, '\\Seen'))),
	};
}
