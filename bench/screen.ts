/**
 * Octets written to the terminal, step by step, on our real screens and on mutt and alpine in the same run: one demo
 * server over loopback, one window, one message. Then how long a key takes in a large window.
 *
 * What has to be reached stands under each table, and a figure that does not reach it is marked: nothing is rounded to
 * look well. How the programs are driven is in screen/programs.ts, what is pressed in screen/measure-program.ts.
 */
import {spawnSync} from 'node:child_process';
import {type Answers, answersOf} from './screen/answers.ts';
import {type Ceiling, ceilingsOf, type PeerCosts} from './screen/ceilings.ts';
import {keyTimes} from './screen/key-times.ts';
import {type Costs, measureProgram, type Step, steps} from './screen/measure-program.ts';
import {bonsai, type MailProgram, peers} from './screen/programs.ts';

type OurSetting = {
	readonly words: string;
	readonly answers: Answers;
	readonly isFar?: boolean;
	/** Whether a ceiling on moving the selection is stated for it: not where a bar is drawn cell by cell over a local line. */
	readonly isBarRedrawn?: boolean;
};
type Table = {readonly term: string; readonly ours: readonly OurSetting[]};

const tables: readonly Table[] = [
	{
		term: 'xterm-256color',
		ours: [
			{words: 'rectangles', answers: answersOf.rectangles},
			{words: 'no rectangles', answers: answersOf.noRectangles, isBarRedrawn: true},
			{words: 'no rectangles, over SSH', answers: answersOf.noRectangles, isFar: true},
			{words: 'never answers, over SSH', answers: answersOf.nothing, isFar: true},
		],
	},
	{term: 'tmux-256color', ours: [{words: '', answers: answersOf.tmux}]},
	{term: 'screen', ours: [{words: '', answers: answersOf.screen}]},
	{term: 'linux', ours: [{words: '', answers: answersOf.linux}]},
	{term: 'vt100', ours: [{words: '', answers: answersOf.vt100}]},
];
/** What the peers are answered, where ours has several. */
const usual = (table: Table): Answers => table.ours[0]!.answers;
const isInstalled = (program: MailProgram): boolean => spawnSync('which', [program.command[0]!]).status === 0;

export async function measureScreen(): Promise<string | undefined> {
	if (!peers.every(isInstalled)) return undefined;
	const pages: string[] = [];
	for (const table of tables) pages.push(await pageOf(table));
	return [
		'## Octets to the terminal, 80x24',
		'',
		'Each cell: octets / the same as `ssh -C` sends them. Until 0.5 s of quiet, what confirmations change included. The dearest',
		'of several of a kind (three lines scrolled, four characters typed). alpine has its last page nearly empty and starts on',
		'its first; its flag takes a screen. A cell that misses what must be reached is marked ✗.',
		'',
		...pages,
		await timesPage(),
	].join('\n');
}

async function pageOf({term, ours, ...rest}: Table): Promise<string> {
	const rows: string[] = [];
	const peerCosts = new Map<string, Costs>();
	for (const peer of peers) {
		const costs = await measureProgram(peer, {term, answers: usual({term, ours, ...rest})});
		peerCosts.set(peer.name, costs);
		rows.push(row(peer.name, costs));
	}
	const ceilings = ceilingsOf(term, peerCosts as PeerCosts);
	for (const {words, answers, isFar, isBarRedrawn} of ours) {
		const environment = isFar ? {SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22'} : {};
		const costs = await measureProgram(bonsai, {term, answers, environment});
		const stated = new Map([...ceilings].filter(([step]) => !(isBarRedrawn && step.startsWith('down'))));
		rows.push(row(`**bonsai**${words && `, ${words}`}`, costs, stated));
	}
	const must = steps.map(step => ceilings.get(step)?.words ?? '');
	return [
		`### TERM=${term}`,
		'',
		`| | ${steps.join(' | ')} |`,
		`|---|${'---|'.repeat(steps.length)}`,
		...rows,
		`| _must reach_ | ${must.join(' | ')} |`,
		'',
	].join('\n');
}

function row(name: string, costs: Costs, ceilings: ReadonlyMap<Step, Ceiling> = new Map()): string {
	const cells = steps.map(step => {
		const cost = costs.get(step);
		if (!cost) return '–';
		const isOver = ceilings.get(step)?.isOver(cost) ?? false;
		const text = step === 'scroll a line' && cost.newText > 0 ? ` (text ${cost.newText})` : '';
		return `${cost.bytes} / ${cost.sshBytes}${text}${isOver ? ' ✗' : ''}`;
	});
	return `| ${name} | ${cells.join(' | ')} |`;
}

async function timesPage(): Promise<string> {
	const rows: string[] = [];
	for (const program of [...peers.filter(({name}) => name === 'mutt -n'), bonsai]) {
		const {list, message} = await keyTimes(program);
		const mark = (median: number): string => (program === bonsai && median > 8 ? ' ✗' : '');
		const cell = ({median, worst}: {median: number; worst: number}): string =>
			`${median.toFixed(1)} (${worst.toFixed(1)})${mark(median)}`;
		rows.push(`| ${program.name} | ${cell(list)} | ${cell(message)} |`);
	}
	return [
		'## From a key to the last octet it causes, 200x50, ms',
		'',
		'Median of 60 keys (the slowest one), on xterm with rectangles. It must be ≤ 8.',
		'',
		'| | down in the list | a line in a message |',
		'|---|---|---|',
		...rows,
		'',
	].join('\n');
}
