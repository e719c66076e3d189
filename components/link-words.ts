/**
 * What the link does, in plain words: short for the title line, long for the status line. Pure.
 */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import type {Budget} from '../source/model/budget.ts';
import type {Link} from '../source/model/link.ts';
import type {ModelName} from '../source/model/model.ts';
import {ours, type SafeText, safeJoin} from '../source/model/safe-text.ts';
import {rateOf, waitOf} from './format.ts';
import {safe} from './safe.ts';

/** `online  3.1 kB/s`, `dialling`, `no line`, `hung up`; `disconnected  line up  3.1 kB/s`, `disconnected`, as it is mostly. */
export function linkTitle(link: Link, budget: Budget, model: ModelName = 'online'): SafeText {
	if (link.isLocal) return stateOf(link);
	const words: SafeText[] = model === 'online' ? [stateOf(link)] : [ours(model)];
	if (model !== 'online' && link.state !== 'hung-up') words.push(link.state === 'up' ? ours('line up') : stateOf(link));
	if (budget.name === 'metered') words.push(ours('metered'));
	if (link.state === 'up' && !link.isEncrypted) words.push(ours('cleartext'));
	if (link.state === 'up' && link.bytesPerSecond !== undefined) words.push(rateOf(link.bytesPerSecond));
	return safeJoin(words, ours('  '));
}

/** `online`, `dialling…`, `no line`, `hung up`; of local mail `on this disk`. */
export function stateOf(link: Link): SafeText {
	if (link.isLocal) return ours(link.state === 'up' || link.because === '' ? 'on this disk' : 'not there');
	switch (link.state) {
		case 'up':
			return ours('online');
		case 'dialling':
			return ours('dialling');
		case 'waiting':
			return ours('no line');
		case 'hung-up':
			return ours('hung up');
	}
}

/** A sentence while there is no line; undefined while there is one. */
export function linkSentence(
	link: Link,
	now: number,
	{isSlow = false, keys}: {readonly isSlow?: boolean; readonly keys?: ScreenKeys} = {},
): SafeText | undefined {
	if (link.isLocal) return link.because === '' ? undefined : safe`${link.because} – :dial looks again`;
	const isTrying = link.state === 'dialling' || link.state === 'waiting';
	// The same sentence from one attempt to the next.
	if (isSlow && isTrying && link.because !== '') return safe`no line: ${link.because} – trying again by itself`;
	switch (link.state) {
		case 'up':
			return undefined;
		case 'dialling':
			// The title says that much.
			return link.because === '' ? undefined : safe`dialling (before: ${link.because})`;
		case 'waiting': {
			const because = link.because === '' ? ours('') : safe`: ${link.because}`;
			if (link.retryAt === undefined) return safe`no line${because}`;
			return safe`no line${because} – trying again in ${waitOf(link.retryAt - now)} s`;
		}
		case 'hung-up':
			return link.because === '' ? safe`hung up – ${lineHints(keys)}` : safe`${link.because} – :dial tries again`;
	}
}

/** Why what is not here does not come by itself; undefined while it may. */
export const lackOf = (link: Link, keys: ScreenKeys): SafeText | undefined =>
	link.state === 'hung-up' && !link.isLocal ? safe`not here: ${lineHints(keys)}` : undefined;

/** The same where there is room for what each would bring. */
export const longLackOf = (link: Link, keys: ScreenKeys): SafeText | undefined => {
	if (link.state !== 'hung-up' || link.isLocal) return undefined;
	return safe`not here: ${keys.hints(['look', 'calls and brings what is wished for'], ['dial', 'opens the line and brings it now'])}`;
};

/** How what is not here comes: `$ calls, :dial opens the line`. */
export const lineHints = (keys: ScreenKeys | undefined): SafeText =>
	keys?.hints(['look', 'calls'], ['dial', 'opens the line']) ?? ours(':dial calls');

/** Ms until the sentence reads differently; undefined when only an event can change it. */
export function nextTick(link: Link, now: number, {isSlow = false} = {}): number | undefined {
	if (isSlow || link.state !== 'waiting' || link.retryAt === undefined) return undefined;
	const left = link.retryAt - now;
	if (left <= 0) return undefined;
	return left <= 10_000 ? left % 1000 || 1000 : (left - 10_000) % 10_000 || 10_000;
}
