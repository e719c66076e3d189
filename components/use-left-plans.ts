/**
 * A plan that nobody looks at any more is given up: it holds back all that is wanted of its account, and keeps a line up
 * that may be paid for by the minute.
 */
import {useEffect} from 'react';
import type {AccountName} from '../source/model/ids.ts';
import type {Session} from '../source/session/session.ts';
import type {Place} from './places.ts';

export function useLeftPlans(sessions: readonly Session[], shown: AccountName, screen: Place['screen']): void {
	useEffect(() => {
		for (const session of sessions) {
			const state = session.call.get()?.state;
			// Help lies on top of it, and is left for it.
			const isLookedAt = session.account === shown && (screen === 'call' || screen === 'help');
			if (!isLookedAt && (state === 'asking' || state === 'planned')) session.stopCall();
		}
	}, [sessions, shown, screen]);
}
