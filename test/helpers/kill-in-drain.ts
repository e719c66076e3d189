/**
 * The real program, killed with -9 at a random instant while it drains a real Dovecot, and started again: each message has to
 * be in local mail at the end, once and octet for octet, and at each kill there or here. Throws what is not so.
 */
import assert from 'node:assert/strict';
import {keepAccount, letter} from './bonsai-on.ts';
import {startDovecot} from './dovecot.ts';
import {keptIn, subjectIn} from './draining.ts';
import {type OtherClient, otherClient} from './other-client.ts';
import {runBonsai} from './run-bonsai.ts';
import {ownHome} from './screen.ts';

const user = 'drained';
const each = 12;

export type KilledDrains = {
	/** Kills that came while the program was still at work. */
	readonly atWork: number;
	/** Of these, when some messages were here and some were not. */
	readonly inTheMiddle: number;
};

export async function killInDrain(times: number): Promise<KilledDrains> {
	const dovecot = await startDovecot();
	const home = ownHome();
	const other = await otherClient(dovecot.port, user, dovecot.password);
	const env = {BONSAI_TEST_PASSWORD: dovecot.password};
	const at = home.environment.BONSAI_HOME ?? '';
	const sent = new Map<string, string>();
	try {
		keepAccount(home, {port: dovecot.port, user, model: 'disconnected', mailboxModels: {INBOX: 'offline'}});
		let wholeMs = 1200;
		let [atWork, inTheMiddle] = [0, 0];
		for (let round = 1; round <= times; round++) {
			for (let index = 0; index < each; index++) {
				const subject = `r${round}-${index}`;
				// One is too long for one question.
				const text = `${subject} ${'and so on. '.repeat(index === 0 ? 30_000 : index * 20)}`;
				const message = letter({subject, text}).replaceAll(/\r?\n/g, '\r\n');
				await other.append('INBOX', message);
				sent.set(subject, message);
			}
			const started = Date.now();
			const {code} = await runBonsai(['sync'], {
				home,
				env,
				onStart: child => void setTimeout(() => child.kill('SIGKILL'), (0.3 + 0.7 * Math.random()) * wholeMs).unref(),
			});
			// It was quicker than the kill: the next one comes sooner.
			if (code === 0) wholeMs = Date.now() - started;
			const here = names(at);
			const there = new Set(await subjectsOn(other));
			for (const name of sent.keys()) assert.ok(here.has(name) || there.has(name), `round ${round}: ${name} is lost`);
			if (code !== 0) {
				atWork += 1;
				const came = [...here].filter(name => name.startsWith(`r${round}-`)).length;
				if ((came > 0 && came < each) || (came === each && there.size > 0)) inTheMiddle += 1;
			}
			const began = Date.now();
			const again = await runBonsai(['sync'], {home, env});
			assert.equal(again.code, 0, `round ${round}: ${again.stderr}`);
			if (code !== 0) wholeMs = Date.now() - began;
			assert.deepEqual(await subjectsOn(other), [], `round ${round}: left on the server`);
			const kept = keptIn(at, 'work/INBOX', 'Mail').map(({text}) => [subjectIn(text), text] as const);
			assert.equal(kept.length, sent.size, `round ${round}: not each once`);
			for (const [subject, text] of kept) assert.equal(text, sent.get(subject), `round ${round}: ${subject}`);
		}
		return {atWork, inTheMiddle};
	} finally {
		other.close();
		await dovecot.stop();
		home.remove();
	}
}

const names = (at: string): ReadonlySet<string> =>
	new Set(keptIn(at, 'work/INBOX', 'Mail').map(({text}) => subjectIn(text)));

export async function subjectsOn(other: OtherClient): Promise<string[]> {
	await other.command('SELECT INBOX');
	const said = await other.command('UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])').catch(() => '');
	return [...said.matchAll(/^Subject: (\S+)/gm)].map(([, subject]) => subject ?? '');
}
