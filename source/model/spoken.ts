/**
 * A screen in the plain mode, as lines of words: what the components say, and what the terminal makes speech of.
 *
 * One line is `kind id words`. The kind comes first, always from here, so no text of a message can pass for another
 * kind. Pure.
 */

/**
 * - `screen`: what the screen is; another id is another screen.
 * - `place`: where one is in it, said when it opens. `about`: what is said only when asked for.
 * - `more`: said when it comes or changes, as are `status` (what happened) and `note` (about the selected row).
 * - `row`, `selected`: a list. `state` of the same id is what of the selected row is said when it changes.
 * - `line`: of a text; its id is its number, from 0.
 * - `waiting`: stands where something is to come; said only when asked for.
 * - `question` and what is `typed` so far.
 */
const spokenKinds = [
	'screen',
	'place',
	'about',
	'more',
	'status',
	'row',
	'selected',
	'state',
	'line',
	'waiting',
	'note',
	'question',
	'typed',
] as const;
export type SpokenKind = (typeof spokenKinds)[number];

export type SpokenLine = {readonly kind: SpokenKind; readonly id: string; readonly words: string};

/** Spaces are for aligning, which nobody hears; but what is typed stays as it was typed. */
const inWords = (kind: SpokenKind, words: string): string =>
	kind === 'typed' ? words.replaceAll('\n', ' ') : words.replace(/\s+/g, ' ').trim();

export const spoken = ({kind, id, words}: SpokenLine): string =>
	`${kind} ${id.replace(/\s/g, '_') || '-'} ${inWords(kind, words)}`;

const pattern = new RegExp(`^(${spokenKinds.join('|')}) (\\S+) (.*)$`, 'v');

/** What is not ours is left out, and so is a line that says nothing. */
export function spokenLines(frame: string): SpokenLine[] {
	return frame.split('\n').flatMap(line => {
		const [, kind, id = '', words = ''] = pattern.exec(line) ?? [];
		if (kind === undefined || (words === '' && kind !== 'typed')) return [];
		return [{kind: kind as SpokenKind, id, words}];
	});
}
