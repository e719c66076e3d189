/** Frames at random as the cell terminal sends them, for a terminal outside of this process. */
import type {WriteStream} from 'node:tty';
import {random} from '../../source/demo/random.ts';
import {capabilitiesOf} from '../../source/terminal/capabilities.ts';
import {ScreenOutput} from '../../source/terminal/screen-output.ts';
import {FakeTty} from './fake-tty.ts';
import {firstScreen, nextScreen, type Screen} from './random-frames.ts';
import {inkText} from './screen-text.ts';

export type EncodedFrame = {readonly text: string; readonly screen: Screen};

type EncodedOptions = {
	readonly term: string;
	/** What the terminal says to DA1. */
	readonly attributes: string;
	readonly seed: number;
	readonly count: number;
	readonly hasDeepColours: boolean;
	readonly isAscii?: boolean;
	readonly columns?: number;
	readonly rows?: number;
};

/** One after another: each follows from what the terminal shows after the one before. */
export async function* encodedFrames(options: EncodedOptions): AsyncGenerator<EncodedFrame> {
	const {term, attributes, seed, count, hasDeepColours, isAscii = false, columns = 80, rows = 24} = options;
	const chance = random(seed);
	const tty = new FakeTty({columns, rows}, 1e6, report => output.answered(report));
	const output = new ScreenOutput(tty as unknown as WriteStream, {
		...capabilitiesOf({TERM: term, LC_ALL: 'C.UTF-8'}),
		now: () => tty.now,
	});
	output.write('\x1b[?1049h');
	output.answered(attributes);
	let before: Screen | undefined;
	let screen = firstScreen(columns, rows);
	for (let frame = 0; frame < count; frame++) {
		screen = nextScreen(screen, {chance, hasDeepColours, isAscii});
		for (const piece of inkText(before, screen, chance)) output.write(piece);
		before = screen;
		while (!output.isSettled) await new Promise(resolve => setImmediate(resolve));
		// Whoever plays them asks the terminal itself whether it is done.
		yield {text: tty.take().replaceAll('\x1b[5n', ''), screen};
	}
}
