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
	useLayoutEffect(() => {
		const stops = sessions.map(({account, notice}) =>
			notice.subscribe(() => {
				const now = notice.get();
				if (now) hear({account, notice: now});
			}),
		);
		return () => {
			for (const stop of stops) stop();
		};
	}, [sessions]);
	return [heard, () => hear(undefined)];
}
