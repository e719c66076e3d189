/**
 * One run: a maildrop is drained, by the chance of a seed, over lines that are cut anywhere, by programs that are killed
 * anywhere, onto disks that are full, while another client takes messages and more arrive; and then once more in peace.
 * Throws what is not as it must be, with what has happened.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type Random, random} from '../../../source/demo/random.ts';
import {localMailAt} from '../../../source/local/local-mail.ts';
import {dialImap} from '../../../source/remote/imap.ts';
import {type AccountSession, createSession} from '../../../source/session/account-session.ts';
import {plainAccount} from '../../helpers/plain-account.ts';
import {until} from '../../helpers/waiting.ts';
import {MortalDial} from '../convergence/mortal-dial.ts';
import {Maildrop} from './maildrop.ts';
import {type Disk, mortalMail} from './mortal-mail.ts';

const rounds = 12;
const peacefulCalls = 6;
/** Longer than any run takes: a run that hangs says where. */
const longestMs = 60_000;
const memoryDisk = '/dev/shm';

export type Drained = {readonly kills: number; readonly fullDisks: number; readonly cuts: number};

export async function runDrain(seed: number, count: number): Promise<Drained> {
	const chance = random(seed);
	const drop = await Maildrop.start(chance, seed, count);
	const home = fs.mkdtempSync(path.join(fs.existsSync(memoryDisk) ? memoryDisk : os.tmpdir(), 'bonsai-drains-'));
	const story: string[] = [];
	const program = new Program(drop, home);
	let watch: NodeJS.Timeout | undefined;
	try {
		const late = new Promise<never>((_resolve, reject) => {
			watch = setTimeout(() => reject(new Error(`it hangs: ${program.standing}`)), longestMs);
		});
		return await Promise.race([late, play(program, drop, chance, story)]);
	} catch (error) {
		const said = drop.server.transcript
			.slice(-40)
			.map(({by, text}) => `${by === 'client' ? 'C' : 'S'}: ${text.slice(0, 160)}`);
		const {message} = error as Error;
		throw new Error(`${message}\nseed ${seed}:\n${story.join('\n')}\n${said.join('\n')}`, {cause: error});
	} finally {
		clearTimeout(watch);
		await program.close();
		await drop.server.close();
		fs.rmSync(home, {recursive: true, force: true});
	}
}

async function play(program: Program, drop: Maildrop, chance: Random, story: string[]): Promise<Drained> {
	let [fullDisks, cuts] = [0, 0];
	for (let round = 1; round <= rounds; round++) {
		const {faults} = drop.server;
		faults.clear();
		program.disk.room = undefined;
		const troubles: Record<string, () => void> = {
			cut() {
				cuts += 1;
				faults.add({kind: 'cut', afterBytes: 500 + chance.below(40_000), times: 1});
			},
			lost() {
				cuts += 1;
				const command = [/^UID FETCH/, /^UID STORE/, /^UID EXPUNGE/, /^LIST|^STATUS/][chance.below(4)]!;
				faults.add({kind: (['cut-before', 'cut-after'] as const)[chance.below(2)]!, command, times: 1});
			},
			within() {
				cuts += 1;
				faults.add({kind: 'cut-within', command: /^UID FETCH/, afterBytes: chance.below(8000), times: 1});
			},
			refused: () =>
				faults.add({kind: 'refuse', command: /^UID (STORE|EXPUNGE|FETCH)/, answer: 'NO', text: 'Busy', times: 1}),
			killed: () => program.dieIn(chance.below(80)),
			killedWriting: () => program.dieWritingIn(chance.below(40)),
			full() {
				fullDisks += 1;
				program.disk.room = chance.below(30);
			},
			arrivals: () => {
				for (let more = chance.below(4); more >= 0; more--) drop.append();
			},
			taken: () => void drop.takeSome(program.folder),
			takenMeanwhile: () => program.onPlanned(() => drop.takeSome(program.folder)),
			rebuilt: () => (chance.below(3) === 0 ? drop.rebuild() : undefined),
		};
		const names = Object.keys(troubles);
		const some = [names[chance.below(names.length)]!, names[chance.below(names.length)]!];
		story.push(`${round}. ${some.join(', ')}`);
		for (const name of new Set(some)) troubles[name]!();
		const came = await program.call();
		story.push(`   ${came}`);
		drop.check(program.folder);
	}
	drop.server.faults.clear();
	program.disk.room = undefined;
	program.dieIn(undefined);
	let said = '';
	for (let calls = 0; calls < peacefulCalls && said !== 'nothing to do'; calls++) {
		said = await program.call();
		story.push(`peace: ${said}`);
		drop.check(program.folder);
	}
	drop.assertDrained(program.folder);
	return {kills: program.kills, fullDisks, cuts};
}

/** The session as a program that can be killed: what is in its folders at that instant is what the next one finds. */
class Program {
	readonly #drop: Maildrop;
	readonly #home: string;
	#generation = 0;
	#session!: AccountSession;
	#dial!: MortalDial;
	#death: Promise<'killed'> = Promise.resolve('killed');
	#writesLeft: number | undefined;
	#atPlan: (() => void) | undefined;
	disk!: Disk;
	kills = 0;

	constructor(drop: Maildrop, home: string) {
		this.#drop = drop;
		this.#home = home;
		fs.mkdirSync(this.folder);
		this.#open();
	}

	get folder(): string {
		return path.join(this.#home, `${this.#generation}`);
	}

	#open(): void {
		const was = this.folder;
		const next = path.join(this.#home, `${this.#generation + 1}`);
		let died = (_: 'killed'): void => {};
		this.#death = new Promise(resolve => {
			died = resolve;
		});
		const dial = new MortalDial(dialImap, () => {
			copyFolder(was, next);
			died('killed');
		});
		this.#dial = dial;
		this.#writesLeft = undefined;
		this.disk = {
			room: undefined,
			lives: () => {
				if (!dial.isDead) this.#drop.check(was);
				return dial.lives();
			},
			onWriting: () => {
				if (this.#writesLeft === undefined || dial.isDead) return;
				// Somewhere in the middle of what the disk is doing.
				let turns = this.#writesLeft;
				const turn = (): void => void (--turns < 0 ? dial.die() : setImmediate(turn));
				turn();
			},
		};
		this.#session = createSession({
			account: plainAccount(this.#drop.server.port, {model: 'offline'}),
			secret: async () => 'demo',
			dial: dial.dial,
			remembered: {get: () => undefined, set: () => {}},
			patience: {silenceMs: 20_000, retryMs: 1},
			folder: path.join(was, 'state'),
			cacheFolder: path.join(was, 'cache'),
			localMail: mortalMail(localMailAt(path.join(was, 'mail')), this.disk),
		});
	}

	/** For a run that hangs. */
	get standing(): string {
		const {call, link, notice} = this.#session;
		return JSON.stringify([call.get(), link.get(), notice.get()]);
	}

	dieIn(instants: number | undefined): void {
		this.#dial.dieIn(instants);
		this.#writesLeft = undefined;
	}

	dieWritingIn(turns: number): void {
		this.#writesLeft = turns;
	}

	onPlanned(work: () => void): void {
		this.#atPlan = work;
	}

	async call(): Promise<string> {
		const said = await Promise.race([this.#call(), this.#death]);
		if (!this.#dial.isDead) return said;
		await this.#session.close();
		this.kills += 1;
		this.#generation += 1;
		this.#open();
		return 'killed';
	}

	async #call(): Promise<string> {
		const {call} = this.#session;
		this.#session.planCall();
		const planned = await until(call, now => now !== undefined && now.state !== 'asking');
		if (planned?.state !== 'planned') return `no plan: ${planned?.because}`;
		this.#atPlan?.();
		this.#atPlan = undefined;
		this.#session.goCall();
		const over = await until(call, now => now?.state === 'done' || now?.state === 'ended');
		await this.#session.settled();
		if (!planned.lines.some(({kind}) => kind === 'drain')) return 'nothing to do';
		return `${over?.state} ${over?.lines.map(({sentence, came}) => `${sentence} (${came} came)`).join()} ${over?.because}`;
	}

	async close(): Promise<void> {
		await this.#session.close();
	}
}

/** As it is at this instant: what is renamed meanwhile is there under one name or the other, or goes unseen as on a disk. */
function copyFolder(from: string, to: string): void {
	fs.mkdirSync(to, {recursive: true});
	for (const entry of fs.readdirSync(from, {withFileTypes: true})) {
		const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
		if (entry.isDirectory()) copyFolder(source, target);
		else if (entry.isFile()) copyFile(source, target);
	}
}

/** The system may be at work on it at this very moment: what is gone is gone. */
function copyFile(source: string, target: string): void {
	try {
		const {atime, mtime} = fs.statSync(source);
		fs.copyFileSync(source, target);
		fs.utimesSync(target, atime, mtime);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
	}
}
