/** How long a program takes from a key to the last octet it causes, in a large window: in the list, and in a message. */
import {answersOf} from './answers.ts';
import {openProgram} from './measure-program.ts';
import type {MailProgram} from './programs.ts';
import type {WatchedProgram} from './watched-program.ts';

type Times = {readonly median: number; readonly worst: number};

const count = 60;
/** Longer than any key takes, and than the pause between two frames. */
const quietMs = 80;

export async function keyTimes(program: MailProgram): Promise<{readonly list: Times; readonly message: Times}> {
	const {watched, end} = await openProgram(program, {
		term: 'xterm-256color',
		answers: answersOf.rectangles,
		columns: 200,
		rows: 50,
	});
	const {keys} = program;
	const press = async (key: string, isSo: () => boolean): Promise<void> => {
		watched.press(key);
		await watched.until(isSo, `${program.name}: ${JSON.stringify(key)}`);
		await watched.quiet(500);
	};
	try {
		await program.logIn(watched);
		await watched.until(() => /1200 .*Line up/.test(watched.screen.join('\n')), `the list of ${program.name}`);
		await watched.quiet(500);
		await press(keys.goTo(1100), () => program.standsOn(watched, 1100));
		const list = await timesOf(watched, keys.down);
		await press(keys.goTo(1182), () => program.standsOn(watched, 1182));
		await press(keys.open, () => /day {3}1 11:00/.test(watched.screen.join('\n')));
		const message = await timesOf(watched, keys.scrollLine);
		return {list, message};
	} finally {
		await end();
	}
}

async function timesOf(watched: WatchedProgram, key: string): Promise<Times> {
	const times: number[] = [];
	for (let pressed = 0; pressed < count; pressed++) {
		await watched.cost();
		watched.press(key);
		await watched.quiet(quietMs);
		const {bytes, lastMs} = await watched.cost();
		if (bytes > 0) times.push(lastMs);
	}
	times.sort((a, b) => a - b);
	return {median: times[times.length >> 1]!, worst: times.at(-1)!};
}
