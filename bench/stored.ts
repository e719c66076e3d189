/**
 * How soon a mailbox that is on the disk is on the terminal: 100,000 messages, of which no line tells anything. In a pty,
 * in turns with mutt on as many messages, its header cache warm and not verified: its quickest way to the same list.
 */
import {spawnSync} from 'node:child_process';
import {linkSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {demoMailboxes} from '../source/demo/server.ts';
import {inbox} from '../source/model/ids.ts';
import {readKept, readSummary} from '../source/session/describe.ts';
import {FactTables} from '../source/store/fact-tables.ts';
import {factsFile} from '../source/store/facts.ts';
import {keepAccount} from '../test/helpers/bonsai-on.ts';
import {environmentIn, type Home, openBonsai, ownHome, program} from '../test/helpers/screen.ts';
import {demoMessages, maildir, medianOf, paintedMb, residentMb, type Start, timeTo} from './starting.ts';

const turns = 15;
export const many = 100_000;
const few = 1000;

export async function measureStored(): Promise<string | undefined> {
	if (spawnSync('which', ['mutt']).status !== 0) return undefined;
	const folder = mkdtempSync(join(tmpdir(), 'bonsai-bench-'));
	const homes = {many: ownHome(), few: ownHome()};
	try {
		for (const [home, count] of [
			[homes.many, many],
			[homes.few, few],
		] as const)
			storeIn(home, count);
		const times = await startTimes(homes, folder);
		const mutt = times.get(muttName) ?? 0;
		const rows = [...times].map(([name, ms]) => `| ${name} | ${ms.toFixed(1)} | ${(ms / mutt).toFixed(2)} |`);
		const {painted, mounted} = await memory(homes.many);
		return [
			'## A mailbox of 100,000 messages on the disk',
			'',
			`From exec to the first list in a pty of 80x24, median of ${turns} in turns; no line is there. Ours must be at most twice`,
			'mutt’s. mutt has a Maildir of the same messages, its header cache warm, `maildir_header_cache_verify=no`, `sort=mailbox-order`.',
			'',
			'| | ms | × mutt |',
			'|---|---|---|',
			...rows,
			'',
			`The cache is ${Math.round(statSync(join(cacheOf(homes.many), factsFile)).size / 2 ** 20)} MB. Resident: ${painted.toFixed(0)} MB with the first list, ${mounted.toFixed(0)} mounted.`,
			'',
		].join('\n');
	} finally {
		for (const home of Object.values(homes)) home.remove();
		rmSync(folder, {recursive: true, force: true});
	}
}

const cacheOf = (home: Home): string => join(home.environment.BONSAI_HOME ?? '', 'cache', 'accounts', 'work');
const muttName = 'mutt -n, 100,000 messages, header cache warm';

async function startTimes(homes: {many: Home; few: Home}, folder: string): Promise<Map<string, number>> {
	const mutt = ['mutt', '-n', '-F', muttWords(folder), '-f', maildirOf(folder)];
	const bonsai = [process.execPath, program];
	const starts: readonly (Start & {home: Home})[] = [
		{name: muttName, command: mutt, shows: `Msgs:${many}`, home: homes.many},
		{name: '**bonsai**, 100,000 on the disk, the list', command: bonsai, shows: `${many} of ${many}`, home: homes.many},
		{
			name: 'the same, and it has answered a key',
			command: bonsai,
			shows: `${many} of ${many}`,
			home: homes.many,
			key: {sends: 'k', shows: String(many - 1)},
		},
		{name: 'bonsai, 1,000 on the disk, the list', command: bonsai, shows: `${few} of ${few}`, home: homes.few},
	];
	const measured = new Map<string, number[]>(starts.map(({name}) => [name, []]));
	// The first turn fills mutt's cache and the machine's.
	for (let turn = 0; turn <= turns; turn++) {
		for (const {home, ...start} of starts) {
			const ms = await timeTo(start, environmentIn(home));
			if (turn > 0) measured.get(start.name)?.push(ms);
		}
	}
	return new Map([...measured].map(([name, all]) => [name, medianOf(all)]));
}

export function muttWords(folder: string): string {
	mkdirSync(join(folder, 'Mail'));
	const file = join(folder, 'muttrc');
	const words = [
		`set header_cache="${join(folder, 'headers')}"`,
		'set maildir_header_cache_verify=no',
		'set sort=mailbox-order',
		`set folder="${join(folder, 'Mail')}"`,
	];
	writeFileSync(file, `${words.join('\n')}\n`);
	return file;
}

/** Each message many times, as links: mutt reads each once, and its cache after that. */
export function maildirOf(folder: string): string {
	const path = maildir(folder, 'many', []);
	const messages = maildir(folder, 'few', demoMessages());
	const names = demoMessages().map((_, index) => join(messages, 'cur', `${1_700_000_000 + index}.${index}.bench:2,S`));
	for (let index = 0; index < many; index++)
		linkSync(names[index % names.length]!, join(path, 'cur', `${1_700_000_000 + index}.${index}.bench:2,S`));
	return path;
}

/** As a call leaves it: all summaries, and of the newest 2,000 a text. */
function storeIn(home: Home, count: number): void {
	keepAccount(home, {port: 1, user: 'demo', model: 'disconnected'});
	const facts = new FactTables(join(cacheOf(home), factsFile));
	const headers = demoHeaders();
	facts.transaction(() => {
		for (let uid = 1; uid <= count; uid++) {
			const header = headers[uid % headers.length]!;
			const flags = new Set(['\\Seen']);
			const fact = {...readSummary(header), kept: readKept(header), sizeBytes: 2000 + (uid % 1000), flags};
			const id = facts.learnSummary({...fact, mailbox: inbox, uid});
			if (uid <= count - 2000) continue;
			facts.learnStructure(id, structure);
			facts.bodies.learnChunk(id, '1', 0, Buffer.alloc(1000, 'text '));
		}
		const now = Date.now();
		const held = {uidValidity: 7, uidNext: count + 1, count, wholeFrom: 1, highestModseq: '1', syncedAt: now};
		facts.mailboxes.learnHeld(inbox, {...held, isReadOnly: false, wishDone: undefined});
	});
	facts.close();
}

const structure = JSON.stringify({
	structure: {
		number: '1',
		type: 'text',
		subtype: 'plain',
		parameters: {},
		encoding: '7bit',
		sizeBytes: 1000,
		description: '',
		disposition: '',
		dispositionParameters: {},
		children: [],
	},
	headers: [],
});

function demoHeaders(): Buffer[] {
	const {state} = demoMailboxes().find(({name}) => name === 'INBOX')!;
	return Array.from({length: state.uids.count}, (_, index) => {
		const {bytes} = state.letter(state.uids.uidAt(index + 1)!).message;
		const beginning = bytes.read(0, Math.min(bytes.sizeBytes, 4000));
		const end = beginning.indexOf('\r\n\r\n');
		return beginning.subarray(0, end < 0 ? beginning.length : end + 4);
	});
}

async function memory(home: Home): Promise<{painted: number; mounted: number}> {
	const shows = `${many} of ${many}`;
	const painted = await paintedMb(home, shows);
	const bonsai = openBonsai({home});
	await bonsai.sees(shows);
	bonsai.press('k');
	await bonsai.sees(`${many - 1} of ${many}`);
	const mounted = residentMb(bonsai.pid);
	bonsai.kill();
	await bonsai.exited;
	return {painted, mounted};
}
