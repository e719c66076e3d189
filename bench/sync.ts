/**
 * What it costs to come back: bytes and waits of the real program in the disconnected model beside mutt with all that
 * saves switched on, and mbsync, on one Dovecot, over a counted line. Bytes are the same on every run, so once is enough.
 */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {startDovecot} from '../test/helpers/dovecot.ts';
import {type OtherClient, otherClient} from '../test/helpers/other-client.ts';
import {startBonsaiDialled, startBonsaiSync} from './sync/bonsai.ts';
import type {Cost, HeardLine} from './sync/heard-line.ts';
import {letterOf, makeMaildir} from './sync/maildirs.ts';
import {startMbsync} from './sync/mbsync.ts';
import {startMutt} from './sync/mutt.ts';
import type {Decisions, Server, SyncingProgram, SyncingProgramStart} from './sync/syncing-program.ts';

type Column = {readonly name: string; readonly start: SyncingProgramStart};

const dialled: Column = {name: 'bonsai, `:dial`', start: startBonsaiDialled};
const command: Column = {name: '`bonsai sync`', start: startBonsaiSync};
const mutt: Column = {name: 'mutt', start: startMutt};
const mbsync: Column = {name: 'mbsync', start: startMbsync};
const columns = [dialled, command, mutt, mbsync].filter(
	({name}) => name.includes('bonsai') || spawnSync('which', [name]).status === 0,
);
const among = (...wanted: readonly Column[]): Column[] => columns.filter(column => wanted.includes(column));

const amounts: readonly Decisions[] = [
	{flags: 10, moves: 2, removals: 1},
	{flags: 100, moves: 20, removals: 10},
	{flags: 1000, moves: 200, removals: 100},
];
/** The inbox, and Sent and Trash, which this Dovecot makes by itself, are three of them. */
const mailboxes = 200;
const boxes = Array.from({length: mailboxes - 3}, (_, index) => `Box${String(index + 1).padStart(3, '0')}`);
const changedBoxes = ['Box040', 'Box090', 'Box140'];
const replayUser = (column: Column, {flags}: Decisions): string => `replay${columns.indexOf(column)}x${flags}`;

type Row = {
	readonly act: string;
	readonly cells: ReadonlyMap<Column, string>;
	readonly floor: string;
	readonly must: string;
};

export async function measureSync(): Promise<string | undefined> {
	if (!existsSync('/usr/sbin/dovecot')) return undefined;
	const dovecot = await startDovecot(fill);
	try {
		const rows = [
			...(await opens(dovecot, 'tenthousand', 10_000, columns)),
			...(await opens(dovecot, 'hundredthousand', 100_000, among(dialled, mutt))),
			await wholeAccount(dovecot),
			...(await replays(dovecot)),
		];
		return page(rows);
	} finally {
		await dovecot.stop();
	}
}

function fill(home: (user: string) => string): void {
	const maildir = (user: string, box: string, count: number): void =>
		makeMaildir(join(home(user), 'Maildir', box), `${user}${box}`, count);
	maildir('tenthousand', '', 10_000);
	maildir('hundredthousand', '', 100_000);
	maildir('account', '', 20);
	for (const box of boxes) maildir('account', `.${box}`, 20);
	for (const column of columns) {
		for (const decisions of amounts) {
			maildir(replayUser(column, decisions), '', 1400);
			maildir(replayUser(column, decisions), '.Archive', 0);
		}
	}
}

type Running = ReadonlyMap<Column, SyncingProgram>;

/** Each has brought all there is. */
async function withPrograms<T>(
	wanted: readonly Column[],
	start: (column: Column) => Promise<SyncingProgram>,
	work: (programs: Running) => Promise<T>,
): Promise<T> {
	const programs = new Map<Column, SyncingProgram>();
	try {
		for (const column of wanted) {
			const program = await start(column);
			programs.set(column, program);
			await program.prepare();
		}
		return await work(programs);
	} finally {
		for (const program of programs.values()) await program.close();
	}
}

/** One after the other. */
async function cellsOf(
	programs: Running,
	act: (program: SyncingProgram, column: Column) => Promise<Cost>,
): Promise<Map<Column, string>> {
	const cells = new Map<Column, string>();
	for (const [column, program] of programs) {
		const {bytes, waits} = await act(program, column);
		cells.set(column, `${bytes.toLocaleString('en-US')} / ${waits}`);
	}
	return cells;
}

const opens = (server: Server, user: string, count: number, wanted: readonly Column[]): Promise<Row[]> =>
	withPrograms(
		wanted,
		({start}) => start(server, user),
		async programs => {
			const nothing = await cellsOf(programs, program => program.again());
			const other = await otherClient(server.port, user, server.password);
			await change(other, count);
			other.close();
			const changes = await cellsOf(programs, program => program.again());
			const of = `of ${count.toLocaleString('en-US')}`;
			return [
				{act: `open again, nothing changed, ${of}`, cells: nothing, floor: '1,035 / 2', must: '≤ 1,200 / 2'},
				{act: `5 new, 3 flags changed, 2 expunged, ${of}`, cells: changes, floor: '1,444 / 2', must: '≤ 1,900 / 3'},
			];
		},
	);

async function change(other: OtherClient, count: number): Promise<void> {
	await other.command('SELECT INBOX');
	for (const at of [count / 100, count / 2, count - 10])
		await other.command(`STORE ${at} +FLAGS.SILENT (\\Flagged \\Answered)`);
	const gone = [count / 50, count - 15].join(',');
	await other.command(`UID STORE ${gone} +FLAGS.SILENT (\\Deleted)`);
	await other.command(`UID EXPUNGE ${gone}`);
	for (let index = 0; index < 5; index++) await other.append('INBOX', letterOf(`new ${index}`, Date.now(), true));
}

const wholeAccount = (server: Server): Promise<Row> =>
	withPrograms(
		among(command, mbsync),
		({start}) => start(server, 'account', 'all'),
		async programs => {
			const other = await otherClient(server.port, 'account', server.password);
			for (const box of changedBoxes) await other.append(box, letterOf(`new in ${box}`, Date.now(), true));
			other.close();
			const waits = new Map<Column, number[]>();
			const cells = await cellsOf(programs, async (program, column) => {
				const cost = await program.again();
				const subjects = changedBoxes.map(box => `Subject: ${subjectOf(box)}`);
				waits.set(column, arrivals(program.line, subjects));
				return cost;
			});
			const told = [...cells].map(
				([column, cell]) => [column, `${cell}; done after ${waits.get(column)?.join(', ')}`] as const,
			);
			return {
				act: `${mailboxes} mailboxes, a new message in 3: in all; waits until each of the 3 was done`,
				cells: new Map(told),
				floor: 'the first after 3',
				must: 'the first after ≤ 4',
			};
		},
	);

const subjectOf = (box: string): string => /^Subject: (.*)$/m.exec(letterOf(`new in ${box}`, 0, true))?.[1] ?? '';

/** After which wait each of these had come, in their order. */
function arrivals(line: HeardLine, texts: readonly string[]): number[] {
	const waits = texts.map(wanted => {
		let heard = '';
		for (const {by, wait, text} of line.said()) {
			if (by === 'server') heard += text;
			if (heard.includes(wanted)) return wait;
		}
		throw new Error(`never came: ${wanted}`);
	});
	return waits.sort((a, b) => a - b);
}

async function replays(server: Server): Promise<Row[]> {
	const rows: Row[] = [];
	for (const decisions of amounts) {
		const {flags, moves, removals} = decisions;
		const cells = await withPrograms(
			among(command, mutt, mbsync),
			column => column.start(server, replayUser(column, decisions)),
			programs => cellsOf(programs, program => program.decide(decisions)),
		);
		const must = 'waits whatever their number';
		rows.push({
			act: `${flags} flags, ${moves} moves, ${removals} removals decided offline`,
			cells,
			floor: '– / 5',
			must,
		});
	}
	return rows;
}

function page(rows: readonly Row[]): string {
	const line = ({act, cells, floor, must}: Row): string =>
		`| ${[act, ...columns.map(column => cells.get(column) ?? '–'), floor, must].join(' | ')} |`;
	return [
		'## The disconnected model: bytes up + down / waits',
		'',
		'The real programs on Dovecot 2.3 with COMPRESS, cleartext, 40 ms round trip. A wait is each time the program speaks after',
		'it has heard something. `:dial` is the client in a terminal with its list on the screen, until 1.5 s of quiet, under the',
		'budget `metered`; under `free` an IDLE follows (30 bytes), for whose answer nobody waits. `bonsai sync` is the whole',
		'command: login, the question what changed in all mailboxes, what the plan says, LOGOUT. mutt has its header cache,',
		'CONDSTORE, QRESYNC and COMPRESS, without its good-bye; mbsync brings messages whole, with its good-bye. Ours and mutt hold',
		'the summaries of all messages.',
		'',
		`| act | ${columns.map(({name}) => name).join(' | ')} | floor | must reach |`,
		`|---|${'---|'.repeat(columns.length + 2)}`,
		...rows.map(line),
		'',
		'Floors. Opening: the hand-written exchange of the peers’ bench, COMPRESS first. The first of many mailboxes: login with',
		'COMPRESS, LIST-STATUS, then SELECT and the new rows at once; ours looks at what SELECT says before it asks for rows.',
		'Sending a log in a call: login, LIST-STATUS, on whose plan the user says go, SELECT, since UIDVALIDITY must be seen',
		'before a UID is used, all operations at once, LOGOUT. Each flag of ours is a decision of its own, of six kinds; mutt sets',
		'one kind, and decides with the line up; mbsync uploads what was moved.',
		'',
	].join('\n');
}
