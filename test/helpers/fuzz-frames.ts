/**
 * Frames at random through the cell terminal and onto a terminal, which must show cell by cell what was wanted, with the
 * cursor where it should be, and have been sent nothing it does not know.
 *
 * What is wanted stands in a second terminal, written there the plain way: the two share nothing with the encoder. Half
 * of the runs are on a line that takes 250 octets a second (by a clock of their own: nothing is waited for), where frames
 * are dropped and cut; there the screen has to be right when all is said.
 */
import type {WriteStream} from 'node:tty';
import {type Random, random} from '../../source/demo/random.ts';
import {asciiOf} from '../../source/terminal/ascii.ts';
import {capabilitiesOf} from '../../source/terminal/capabilities.ts';
import {ScreenOutput} from '../../source/terminal/screen-output.ts';
import {FakeTty} from './fake-tty.ts';
import {type OracleTerminal, openOracle} from './oracle-terminal.ts';
import {firstScreen, nextScreen, resized, type Screen} from './random-frames.ts';
import {inkText, type Shown, wholeScreen} from './screen-text.ts';
import {unknownIn, type Vocabulary, vocabularies} from './vocabulary.ts';

type FuzzProfile = {
	readonly name: string;
	readonly term: string;
	readonly vocabulary: Vocabulary;
	/** What it says to DA1 and DECRQM. */
	readonly reports: readonly string[];
	readonly hasDeepColours: boolean;
	readonly shown: Shown;
	readonly locale?: string;
	/** Whether the cursor can be hidden; where not, it stands where it should, seen or not. */
	readonly hidesCursor: boolean;
};

const asItIs: Shown = {style: style => style, character: character => character};
const only = (has: (parameter: string) => boolean, colour = (parameter: string) => parameter): Shown => ({
	style: style => style.split(';').filter(has).map(colour).join(';'),
	character: character => character,
});
const dark = (parameter: string): string => parameter.replace(/^9(\d)$/, '3$1').replace(/^10(\d)$/, '4$1');
const synchronises = '\x1b[?2026;2$y';

const xterm: FuzzProfile = {
	name: 'xterm',
	term: 'xterm-256color',
	vocabulary: vocabularies.xterm,
	reports: ['\x1b[?62;22c'],
	hasDeepColours: true,
	shown: asItIs,
	hidesCursor: true,
};
export const fuzzProfiles: readonly FuzzProfile[] = [
	xterm,
	{
		...xterm,
		name: 'xterm with rectangles',
		vocabulary: vocabularies.rectangles,
		reports: [synchronises, '\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c'],
	},
	{...xterm, name: 'xterm that never answers', reports: []},
	{
		...xterm,
		name: 'xterm in ASCII',
		locale: 'C',
		shown: {style: style => style, character: asciiOf},
	},
	{...xterm, name: 'tmux', term: 'tmux-256color', vocabulary: vocabularies.tmux, reports: ['\x1b[?1;2c']},
	{
		...xterm,
		name: 'screen',
		term: 'screen',
		vocabulary: vocabularies.screen,
		reports: ['\x1b[?1;2c'],
		hasDeepColours: false,
		shown: only(parameter => parameter !== '3' && parameter !== '9', dark),
	},
	{
		...xterm,
		name: 'linux',
		term: 'linux',
		vocabulary: vocabularies.linux,
		reports: ['\x1b[?6c'],
		hasDeepColours: false,
		shown: only(parameter => parameter !== '3' && parameter !== '9', dark),
	},
	{
		...xterm,
		name: 'vt100',
		term: 'vt100',
		vocabulary: vocabularies.vt100,
		reports: ['\x1b[?1;2c'],
		hasDeepColours: false,
		shown: only(parameter => ['1', '4', '5', '7'].includes(parameter)),
		hidesCursor: false,
	},
];

type FuzzResult = {readonly frames: number; readonly octets: number};

type FuzzOptions = {
	readonly seed: number;
	readonly frames: number;
	readonly isSlow?: boolean;
};

/** Throws at the first frame that is not as it should be, with all that is needed to see it again. */
export async function fuzzFrames(
	profile: FuzzProfile,
	{seed, frames, isSlow = false}: FuzzOptions,
): Promise<FuzzResult> {
	const chance = random(seed);
	const trial = openTrial(profile, chance, isSlow);
	for (let frame = 0; frame < frames; ) {
		// On a slow line several come before anybody looks.
		const burst = isSlow ? 1 + chance.below(6) : 1;
		for (let each = 0; each < burst; each++, frame++) await trial.next(isSlow);
		const complaint = await trial.complaint();
		if (complaint !== undefined)
			throw new Error(`${profile.name}, seed ${seed}, frame ${frame}${isSlow ? ', slow' : ''}: ${complaint}`);
	}
	return {frames, octets: trial.octets()};
}

type Trial = {
	readonly next: (isSlow: boolean) => Promise<void>;
	readonly complaint: () => Promise<string | undefined>;
	readonly octets: () => number;
};

function openTrial(profile: FuzzProfile, chance: Random, isSlow: boolean): Trial {
	let screen = firstScreen(24 + chance.below(60), 6 + chance.below(18));
	let before: Screen | undefined;
	const size = {columns: screen.columns, rows: screen.rows.length};
	const tty = new FakeTty(
		size,
		isSlow ? 250 : 1e6,
		profile.reports.length > 0 ? report => output.answered(report) : undefined,
	);
	const output = new ScreenOutput(tty as unknown as WriteStream, {
		...capabilitiesOf({TERM: profile.term, LC_ALL: profile.locale ?? 'C.UTF-8'}),
		now: () => tty.now,
	});
	const real = openOracle(size.columns, size.rows);
	const wanted = openOracle(size.columns, size.rows);
	output.write('\x1b[?1049h');
	for (const report of profile.reports) output.answered(report);
	const change = (): void => {
		if (before && chance.isOneIn(40)) {
			screen = resized(screen, 24 + chance.below(60), 6 + chance.below(18));
			[tty.columns, tty.rows] = [screen.columns, screen.rows.length];
			for (const terminal of [real, wanted]) terminal.resize(tty.columns, tty.rows);
			output.resized();
		} else screen = nextScreen(screen, {chance, hasDeepColours: profile.hasDeepColours});
		if (chance.isOneIn(60)) output.repaint();
	};
	let sinceGood = '';
	const told = async (): Promise<void> => {
		const text = tty.take();
		sinceGood += text;
		await real.write(text);
	};
	const settle = (): Promise<void> => settled(output, tty);
	return {
		async next(isHurried) {
			// A frame cut short was of the window as it is; what is on its way to it goes there first.
			if (!isHurried) await settle();
			await told();
			change();
			for (const piece of inkText(before, screen, chance)) {
				output.write(piece);
				if (chance.isOneIn(3)) await new Promise(resolve => setImmediate(resolve));
			}
			before = screen;
			if (isHurried && chance.isOneIn(2)) await new Promise(resolve => setImmediate(resolve));
		},
		async complaint() {
			await settle();
			await told();
			const text = sinceGood;
			sinceGood = '';
			const unknown = unknownIn(text, profile.vocabulary);
			if (unknown.length > 0) return `sent ${JSON.stringify(unknown)}`;
			await wanted.write(wholeScreen(screen, profile.shown));
			const difference = differenceOf(real, wanted, screen, profile.hidesCursor);
			return difference && `${difference} after ${JSON.stringify(text)}`;
		},
		octets: () => tty.octets,
	};
}

async function settled(output: ScreenOutput, tty: FakeTty): Promise<void> {
	for (let turns = 1; !output.isSettled; turns++) {
		if (turns > 10_000) throw new Error('the output never settles');
		await new Promise(resolve => setImmediate(resolve));
		if (turns % 50 > 0 || tty.answers) continue;
		// Time passes, until nobody expects an answer any more.
		tty.now += 4000;
		output.write('');
	}
}

function differenceOf(
	real: OracleTerminal,
	wanted: OracleTerminal,
	screen: Screen,
	hidesCursor: boolean,
): string | undefined {
	const [shown, should] = [real.cells(), wanted.cells()];
	for (const [row, cells] of should.entries()) {
		for (const [column, cell] of cells.entries()) {
			if (shown[row]?.[column] !== cell)
				return `row ${row + 1}, column ${column + 1} shows ${shown[row]?.[column]} instead of ${cell}`;
		}
	}
	const [cursor, place] = [real.cursor(), screen.cursor];
	if ((screen.cursor.isShown || !hidesCursor) && (cursor.row !== place.row || cursor.column !== place.column))
		return `the cursor is at ${JSON.stringify(cursor)} instead of ${JSON.stringify(place)}`;
	return undefined;
}
