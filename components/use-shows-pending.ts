/**
 * Whether what is decided and not yet sent is marked as waiting: always while there is no line, and on a line that
 * takes more than a moment. On a quick one the mark would come and go with each key, and both are paid for.
 */
import {useEffect, useState} from 'react';
import type {Session} from '../source/session/session.ts';
import {useLives} from './use-lives.ts';

/** A satellite's round trip, and some. */
const momentMs = 1000;

export function useShowsPending(session: Session): boolean {
	return useShowPending([session]).get(session) ?? true;
}

/** For each session by itself. */
export function useShowPending(sessions: readonly Session[]): ReadonlyMap<Session, boolean> {
	const links = useLives(sessions.map(({link}) => link));
	const operations = useLives(sessions.map(session => session.operations));
	const letters = useLives(sessions.map(({post}) => post.letters));
	const isAny = [...operations, ...letters].some(each => each.some(({state}) => state === 'waiting'));
	const [isLong, setIsLong] = useState(false);
	useEffect(() => {
		if (!isAny) return undefined;
		const timer = setTimeout(() => setIsLong(true), momentMs);
		return () => {
			clearTimeout(timer);
			setIsLong(false);
		};
	}, [isAny]);
	return new Map(sessions.map((session, index) => [session, isLong || links[index]?.state !== 'up']));
}
