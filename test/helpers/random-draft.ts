/** Drafts of awkward pieces, the same for the same seed. */
import type {Address, Draft} from '../../source/model/draft.ts';
import {noise} from './noise.ts';
import {attach, draftOf} from './written-mail.ts';

const pieces = [
	'word',
	'Wörter',
	' ',
	'  ',
	'\t',
	'"',
	'\\',
	',',
	';',
	':',
	'(',
	')',
	'<',
	'>',
	'> ',
	'@',
	'.',
	'\n',
	'\n.',
	'\n> ',
	'\nFrom ',
	'\n-- \n',
	'=?utf-8?q?=41?=',
	'?=',
	'=20',
	'=\n',
	'%41',
	"'",
	'*',
	'漢字',
	'привет',
	'עברית',
	'👩‍👧',
	'\ud83d',
	'\r\n',
	'x'.repeat(90),
	'long words and more of them ',
	'&amp;',
	'--',
	'\u00a0',
	'\u200d',
	'é',
	'e\u0301',
	'{}',
	'[]',
	'~',
];

/** mulberry32: what chance is here. */
function chance(seed: number): (below: number) => number {
	let state = seed * 2_654_435_761;
	return below => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	};
}

export function randomDraft(seed: number): Draft {
	const below = chance(seed);
	const text = (most: number): string =>
		Array.from({length: below(most + 1)}, () => pieces[below(pieces.length)]).join('');
	const domains = ['example.org', 'bücher.example', 'a-b.c-d.example', '[192.0.2.7]', '例え.example'];
	const locals = ['ada', 'a.b+c', '"a b"', "o'neil", 'x_y', 'a=b', '"a@b"', 'ünal'];
	const person = (): Address => ({
		name: text(5),
		address:
			`${locals[below(locals.length)]}${below(2) === 0 ? '' : below(1000)}@${domains[below(domains.length)]}`.replace(
				/"(\d+)@(?=[^"]*$)/,
				'"@',
			),
	});
	const people = (most: number, least = 0): Address[] => Array.from({length: least + below(most + 1)}, person);
	return draftOf({
		from: person(),
		to: people(3, 1),
		cc: people(2),
		replyTo: people(1),
		subject: text(20),
		text: text(120),
		references: Array.from({length: below(5)}, (_, n) => `<${n}.${below(1e9)}@example.org>`),
		attachments: Array.from({length: below(3)}, () => attach(`${text(5)}n`, noise(below(3000), below(1e6)))),
	});
}
