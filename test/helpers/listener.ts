/**
 * Who cannot see the screen and hears the plain mode: what a program has said since the last time, line by line.
 *
 *     const listener = listenTo(bonsai);
 *     bonsai.press('k');
 *     await listener.hears('new, Ada, Soup');
 *
 * Law: nothing may be said in between, so each `hears` accounts for all there was since the one before.
 */
import assert from 'node:assert/strict';
import {type Bonsai, eventually} from './screen.ts';

export type Listener = {
	/** These lines and nothing else. */
	hears(...lines: readonly string[]): Promise<void>;
	/** One of these, and nothing else. */
	hearsOneOf(...choices: readonly (readonly string[])[]): Promise<void>;
	/** All that was said, up to the end of this; returned without it being judged. */
	hearsUntil(end: string): Promise<string>;
	/** What is said next, as much of it as there is by then; whole lines. */
	hearsMore(): Promise<string>;
	/** Of a question: what stands on the line one is at. */
	isAsked(label: string): Promise<void>;
};

export function listenTo(bonsai: Bonsai): Listener {
	let known = 0;
	// How fast the line is, and so how long a part takes, is another matter each time.
	const all = (): string =>
		bonsai.output
			.toString('utf8')
			.replaceAll('\r\n', '\n')
			.replaceAll(/, ([\d.]+ [kM]?B\/s|about \d+ s|under 1 s)(?=[,.\n])/g, '');
	const news = (): string => all().slice(known);
	const exactly = async (words: string): Promise<void> => {
		await eventually(() => news().length >= words.length, `${JSON.stringify(words)} is heard`).catch(() => {});
		assert.equal(news().slice(0, words.length), words);
		known += words.length;
	};
	const take = (length: number): string => {
		const words = news().slice(0, length);
		known += words.length;
		return words;
	};
	return {
		hears: (...lines) => exactly(lines.map(line => `${line}\n`).join('')),
		async hearsOneOf(...choices) {
			const all = choices.map(lines => lines.map(line => `${line}\n`).join(''));
			const heard = (): string | undefined => all.find(words => news().startsWith(words));
			await eventually(() => heard() !== undefined, all.map(words => JSON.stringify(words)).join(' or '));
			known += heard()?.length ?? 0;
		},
		isAsked: exactly,
		async hearsUntil(end) {
			await eventually(() => news().includes(end), `${JSON.stringify(end)} is heard`);
			return take(news().indexOf(end) + end.length);
		},
		async hearsMore() {
			await eventually(() => news().endsWith('\n'), 'something more is heard');
			return take(news().length);
		},
	};
}
