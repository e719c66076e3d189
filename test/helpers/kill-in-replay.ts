/**
 * The real program, killed with -9 at a random instant while it sends what was decided to a real Dovecot, and started again:
 * each message has to end up where it was decided, once. Throws what is not so.
 */
import assert from 'node:assert/strict';
import type {ChildProcess} from 'node:child_process';
import {keepAccount, letter} from './bonsai-on.ts';
import {startDovecot} from './dovecot.ts';
import {type OtherClient, otherClient} from './other-client.ts';
import {runBonsai} from './run-bonsai.ts';
import {ownHome} from './screen.ts';

const user = 'killed';
const each = 4;

type Killed = {
	/** Kills that came while the program was still at work. */
	readonly atWork: number;
	/** Of these, when something was on the server already and something was not. */
	readonly inTheMiddle: number;
};

export async function killInReplay(times: number): Promise<Killed> {
	const dovecot = await startDovecot();
	const home = ownHome();
	const other = await otherClient(dovecot.port, user, dovecot.password);
	const env = {BONSAI_TEST_PASSWORD: dovecot.password};
	const run = (args: string, onStart?: (child: ChildProcess) => void) =>
		runBonsai(args.split(' '), {home, env, ...(onStart ? {onStart} : {})});
	try {
		await other.command('CREATE Lists');
		keepAccount(home, {port: dovecot.port, user, model: 'disconnected'});
		let wholeMs = 1000;
		let [atWork, inTheMiddle] = [0, 0];
		for (let round = 1; round <= times; round++) {
			await decide(other, run, round);
			const started = Date.now();
			const {code} = await run('sync', child => {
				setTimeout(() => child.kill('SIGKILL'), Math.random() * wholeMs).unref();
			});
			// It was quicker than the kill: the next one comes sooner.
			if (code === 0) wholeMs = Date.now() - started;
			const wanted = Object.entries(wantedOf(round));
			const now: string[][] = [];
			for (const [mailbox] of wanted) now.push(await held(other, mailbox, round));
			if (code !== 0) {
				atWork += 1;
				const isSo = wanted.map(([, each], at) => each.join() === now[at]?.join());
				const isUntouched = now[1]?.length === 0 && now[2]?.length === 0;
				if (isSo.includes(false) && !isUntouched) inTheMiddle += 1;
			}
			const began = Date.now();
			const again = await run('sync');
			assert.equal(again.code, 0, `round ${round}: ${again.stderr}`);
			if (code !== 0) wholeMs = Date.now() - began;
			for (const [mailbox, each] of wanted)
				assert.deepEqual(await held(other, mailbox, round), each, `round ${round}, in ${mailbox}`);
		}
		return {atWork, inTheMiddle};
	} finally {
		other.close();
		await dovecot.stop();
		home.remove();
	}
}

type Run = (args: string) => Promise<{readonly code: number; readonly stderr: string}>;

/** So many messages each that are moved, copied, flagged and deleted. */
async function decide(other: OtherClient, run: Run, round: number): Promise<void> {
	const uids: string[] = [];
	for (let index = 0; index < 4 * each; index++) {
		// Without a Message-ID a copy whose answer was lost cannot be looked up, and is left to the user.
		const mime = `Message-ID: <r${round}-${index}@example.org>\nContent-Type: text/plain\n\nText.\n`;
		const said = await other.append('INBOX', letter({subject: `r${round}-${index}`, mime}));
		uids.push(/APPENDUID \d+ (\d+)/.exec(said)![1]!);
	}
	const some = (kind: number): string => `${uids[kind * each]}:${uids[kind * each + each - 1]}`;
	for (const command of [
		`move INBOX ${some(0)} Lists`,
		`copy INBOX ${some(1)} Lists`,
		`flag INBOX ${some(2)} --add $Later`,
		`delete INBOX ${some(3)}`,
	]) {
		const {code, stderr} = await run(`${command} --no-wait`);
		assert.equal(code, 0, `${command}: ${stderr}`);
	}
}

function wantedOf(round: number): Record<string, string[]> {
	const names = (kind: number): string[] => Array.from({length: each}, (_, at) => `r${round}-${kind * each + at}`);
	return {
		INBOX: [...names(1), ...names(2).map(name => `${name} $Later`)],
		Lists: [...names(0), ...names(1)],
		Trash: names(3),
	};
}

/** The messages of a round in a mailbox, as another program finds them. */
async function held(other: OtherClient, mailbox: string, round: number): Promise<string[]> {
	await other.command(`SELECT ${mailbox}`);
	const said = await other.command('FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])').catch(() => '');
	const rows = [...said.matchAll(/FLAGS \(([^)]*)\)[\s\S]*?Subject: (\S+)/g)];
	return rows
		.filter(([, , subject]) => subject!.startsWith(`r${round}-`))
		.map(([, flags, subject]) => (flags!.includes('$Later') ? `${subject} $Later` : subject!))
		.sort((a, b) => Number(/-(\d+)/.exec(a)![1]) - Number(/-(\d+)/.exec(b)![1]));
}
