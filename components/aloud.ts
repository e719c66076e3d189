/**
 * Our own sentences as they are to be heard: signs become words, what was aligned becomes a list. Pure.
 */
import {ours, type SafeText, safeJoin} from '../source/model/safe-text.ts';

/** For our sentences and titles; a message's text is left as it was written. */
export const aloud = (text: SafeText): SafeText =>
	text
		.replace(/~(?=\d)/g, 'about ')
		.replace(/<(?=\d)/g, 'under ')
		.replace(/ – /g, ': ')
		.replace(/…$/, '')
		.trim()
		.replace(/ {2,}/g, ', ') as SafeText;

/** What there is to say, one after the other; what is empty is left out. */
export const phrases = (...words: readonly SafeText[]): SafeText =>
	safeJoin(
		words.filter(each => each !== ''),
		ours(', '),
	);
