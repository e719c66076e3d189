/**
 * Why there is no line and when it is tried again, of the first of these sessions that has none; counts down by itself.
 */
import {useEffect, useReducer} from 'react';
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import type {SafeText} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {linkSentence, nextTick} from './link-words.ts';
import {useIsSlow} from './use-is-slow.ts';
import {useLives} from './use-lives.ts';

export function useLinkSentence(
	sessions: readonly Session[],
	keys: ScreenKeys,
): {readonly session: Session; readonly sentence: SafeText} | undefined {
	const links = useLives(sessions.map(({link}) => link));
	const [, tick] = useReducer((count: number) => count + 1, 0);
	// The moment of the next attempt is of the real clock, whatever date the screens are shown for.
	const now = Date.now();
	// A line that nobody has asked for is no news beside one that is lost.
	const lost = links.findIndex(link => link.state !== 'up' && (link.state !== 'hung-up' || link.because !== ''));
	const first = lost >= 0 ? lost : links.findIndex(link => link.state !== 'up');
	const [session, link] = [sessions[first], links[first]];
	const isSlow = useIsSlow();
	const wait = link && nextTick(link, now, {isSlow});
	useEffect(() => {
		if (wait === undefined) return undefined;
		const timer = setTimeout(tick, wait);
		return () => clearTimeout(timer);
	});
	const sentence = link && linkSentence(link, now, {isSlow, keys});
	return session && sentence ? {session, sentence} : undefined;
}
