/** Mail on its way out as sentences. Pure. */
import {bytesOf, sizeOf} from './amounts.ts';
import type {Outcome, Outgoing, ShownLetter} from './outgoing.ts';
import {type SafeText, safeLine} from './safe-text.ts';

/** Everybody it goes to, or went to, as far as is known. */
export const recipientsOf = ({letter, refusals}: Pick<Outgoing, 'letter' | 'refusals'>): readonly string[] => [
	...new Set([...letter.envelope.to, ...refusals.map(({address}) => address)]),
];

/** `Mail to bob@example.org and 2 more: Tea at four? (2.1 kB)`. */
export function letterWords(letter: Pick<ShownLetter, 'letter' | 'refusals' | 'subject'>): SafeText {
	const {subject} = letter;
	const [first = 'nobody', ...others] = recipientsOf(letter);
	const more = others.length === 0 ? '' : ` and ${others.length} more`;
	const what = subject === '' ? '' : `: ${subject}`;
	return safeLine(`Mail to ${first}${more}${what} (${sizeOf(letter.letter.sizeBytes)})`);
}

const named = ({subject, letter}: Pick<ShownLetter, 'letter' | 'subject'>): string =>
	subject === '' ? `mail to ${letter.envelope.to[0] ?? 'nobody'}` : `“${subject}”`;

/** What became of it when it was handed over, for the status line. `now`: how it stands. */
export function outcomeWords(
	letter: ShownLetter,
	outcome: Outcome,
	now: Outgoing | undefined,
	spentBytes: number,
): {readonly kind: 'done' | 'problem'; readonly text: SafeText} {
	const problem = (text: string) => ({kind: 'problem', text: safeLine(text)}) as const;
	if (now === undefined) return problem('It was taken back. Nothing was sent');
	switch (now.state) {
		case 'sent':
			return {kind: 'done', text: safeLine(`Sent: ${named(letter)} (${bytesOf(spentBytes)})`)};
		case 'refused':
			return problem(`${now.because}: ${named(letter)} is in the outbox`);
		case 'unknown':
			return problem(`Whether ${named(letter)} was sent is not known: see the outbox. It is not sent again by itself`);
		case 'waiting':
		case 'sending': {
			const why = outcome.state === 'unsent' ? outcome.failure.sentence : now.because;
			const later = outcome.state === 'unsent' && outcome.failure.kind === 'denied' ? '' : '. It is tried again later';
			return problem(`Not sent: ${why.replace(/\.$/, '')}${later}`);
		}
	}
}
