/** One program on one terminal, step by step: what every step makes it write, until it is quiet. */
import {environmentIn, ownHome} from '../../test/helpers/screen.ts';
import type {Answers} from './answers.ts';
import type {MailProgram} from './programs.ts';
import {serveMailbox} from './serve-mailbox.ts';
import {WatchedProgram} from './watched-program.ts';

export const steps = [
	'first',
	'down, row 3',
	'down, row 10',
	'down, row 18',
	'flag',
	'page down',
	'open',
	'scroll a line',
	'page in message',
	'back',
	'typed char',
	'quit',
] as const;
export type Step = (typeof steps)[number];

/** `newText`: how many octets of text a step brought onto the screen that were not on it (of scrolling). */
export type StepCost = {readonly bytes: number; readonly sshBytes: number; readonly newText: number};
export type Costs = ReadonlyMap<Step, StepCost>;

type Setting = {
	readonly term: string;
	readonly answers: Answers;
	readonly environment?: Readonly<Record<string, string>>;
	readonly columns?: number;
	readonly rows?: number;
};

type Letter = {readonly number: number; readonly text: RegExp};

const quietMs = 500;
/** Of the demo mailbox: a screen of prose, and the one text that is longer than three screens. */
const prose: Letter = {number: 1109, text: /What remains when every byte/};
const long: Letter = {number: 1182, text: /day {3}1 11:00/};

export async function openProgram(
	program: MailProgram,
	{term, answers, environment = {}, columns = 80, rows = 24}: Setting,
): Promise<{readonly watched: WatchedProgram; readonly end: () => Promise<void>}> {
	const server = await serveMailbox();
	const home = ownHome();
	program.prepare(home, server.port);
	const watched = new WatchedProgram({
		command: program.command,
		environment: {...environmentIn(home), ...program.environment, TERM: term, ...environment},
		folder: home.path,
		columns,
		rows,
		answers,
	});
	return {
		watched,
		async end() {
			await watched.end();
			await server.end();
			home.remove();
		},
	};
}

export async function measureProgram(program: MailProgram, setting: Setting): Promise<Costs> {
	const {watched, end} = await openProgram(program, setting);
	try {
		return await visit(program, watched);
	} finally {
		await end();
	}
}

async function visit(program: MailProgram, watched: WatchedProgram): Promise<Costs> {
	const {keys} = program;
	const costs = new Map<Step, StepCost>();
	const spend = async (name: Step, before: readonly string[]): Promise<void> => {
		await watched.quiet(quietMs);
		const {bytes, sshBytes} = await watched.cost();
		const known = costs.get(name);
		const cost = {bytes, sshBytes, newText: newTextOf(before, watched.screen)};
		// Of several of a kind the dearest counts.
		if (!known || bytes - cost.newText > known.bytes - known.newText) costs.set(name, cost);
		if (process.env.BENCH_SCREEN_TRACE) trace(program.name, name, watched);
		watched.takeOutput();
	};
	const step = async (name: Step, press: string, isSo: () => boolean): Promise<void> => {
		const before = watched.screen;
		watched.press(press);
		await watched.until(isSo, `${program.name}: ${name}`);
		await spend(name, before);
	};
	const standsOn = (number: number) => () => program.standsOn(watched, number);
	const unmeasured = async (press: string, isSo: () => boolean): Promise<void> => {
		watched.press(press);
		await watched.until(isSo, `${program.name}: ${JSON.stringify(press)}`);
		await watched.quiet(quietMs);
		await watched.cost();
		watched.takeOutput();
	};
	const goTo = (number: number): Promise<void> => unmeasured(keys.goTo(number), standsOn(number));
	const screenChanged = (): (() => boolean) => {
		const before = watched.screen.join('\n');
		return () => watched.screen.join('\n') !== before;
	};
	const shows = (wanted: RegExp) => () => wanted.test(watched.screen.join('\n'));
	const isBackOn = (letter: Letter) => () => !shows(letter.text)() && program.standsOn(watched, letter.number);

	await program.logIn(watched);
	await watched.until(() => program.hasList(watched), `the list of ${program.name}`);
	await spend('first', []);
	for (const [name, number] of [
		['down, row 3', 1182],
		['down, row 10', 1189],
		['down, row 18', 1197],
	] as const) {
		await goTo(number);
		await step(name, keys.down, standsOn(number + 1));
	}
	await goTo(1193);
	if (keys.flag !== undefined) await step('flag', keys.flag, screenChanged());
	await goTo(1080);
	const isOnPage = screenChanged();
	await step('page down', keys.pageDown, isOnPage);
	await goTo(prose.number);
	await step('open', keys.open, shows(prose.text));
	await step('back', keys.back, isBackOn(prose));
	await goTo(long.number);
	await unmeasured(keys.open, shows(long.text));
	for (let line = 0; line < 3; line++) await step('scroll a line', keys.scrollLine, screenChanged());
	await step('page in message', keys.scrollPage, screenChanged());
	await unmeasured(keys.back, isBackOn(long));
	await unmeasured(keys.prompt, screenChanged());
	for (const letter of 'read') await step('typed char', letter, screenChanged());
	await unmeasured(keys.leavePrompt, screenChanged());
	watched.press(keys.quit);
	await watched.exited;
	await spend('quit', watched.screen);
	return costs;
}

/** The octets of the line that scrolling brought: the one below lines that were there before. */
function newTextOf(before: readonly string[], after: readonly string[]): number {
	const known = new Set(before);
	const row = after.findIndex((line, index) => index > 1 && !known.has(line) && after[index - 1] === before[index]);
	return row < 0 ? 0 : Buffer.byteLength(after[row]!);
}

function trace(program: string, step: Step, watched: WatchedProgram): void {
	const output = JSON.stringify(watched.takeOutput().toString());
	process.stderr.write(`\n${program}: ${step}\n${output}\n${watched.screen.join('\n')}\n`);
}
