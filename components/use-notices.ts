/**
 * The last notice of any account since the last key, and whose it is.
 */
import {useLayoutEffect, useState} from 'react';
import type {AccountName} from '../source/model/ids.ts';
import type {Notice} from '../source/model/notice.ts';
import type {Session} from '../source/session/session.ts';

export type Heard = {readonly account: AccountName; readonly notice: Notice};

/** Also how to forget it. */
export function useNotices(sessions: readonly Session[]): [Heard | undefined, () => void] {
	const [heard, hear] = useState<Heard | undefined>(undefined);
	const [serials] = useState(() => new Map<AccountName, number>());
	useLayoutEffect(() => {
		const listen = ({account, notice}: Session): void => {
			const now = notice.get();
			if (!now || now.serial <= (serials.get(account) ?? 0)) return;
			serials.set(account, now.serial);
			hear({account, notice: now});
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
	return [heard, () => hear(undefined)];
}
