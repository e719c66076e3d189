/**
 * The last notice of any account, and whose it is. It belongs to the moment it was told: with the next key it is old, and
 * it is gone once another screen was opened, or this one was left.
 */
import {useLayoutEffect, useState} from 'react';
import type {AccountName} from '../source/model/ids.ts';
import type {Notice} from '../source/model/notice.ts';
import type {Session} from '../source/session/session.ts';
import type {Place} from './places.ts';

export type Heard = {
	readonly account: AccountName;
	readonly notice: Notice;
	/** Where the next key was pressed; undefined: none was yet. */
	readonly readAt: Place | undefined;
};

/** `place` is what is on the screen. Also how to say that a key was pressed. */
export function useNotices(sessions: readonly Session[], place: Place): [Heard | undefined, () => void] {
	const [heard, hear] = useState<Heard | undefined>(undefined);
	const [serials] = useState(() => new Map<AccountName, number>());
	useLayoutEffect(() => {
		const listen = ({account, notice}: Session): void => {
			const now = notice.get();
			if (!now || now.serial <= (serials.get(account) ?? 0)) return;
			serials.set(account, now.serial);
			hear({account, notice: now, readAt: undefined});
		};
		const stops = sessions.map(session => {
			// What a session had to say when it was made is heard too.
			listen(session);
			return session.notice.subscribe(() => listen(session));
		});
		return () => {
			for (const stop of stops) stop();
		};
	}, [sessions, serials]);
	const isGone = heard?.readAt !== undefined && heard.readAt !== place;
	if (isGone) hear(undefined);
	return [isGone ? undefined : heard, () => hear(now => now && {...now, readAt: now.readAt ?? place})];
}
