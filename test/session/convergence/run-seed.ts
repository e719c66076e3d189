/**
 * One run: two clients of one account and another program, by the chance of a seed, until all that was decided is sent and
 * all is quiet; then everything must be the same everywhere. Throws what is not as it must be, with what has happened.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {PartNumber} from '../../../source/model/ids.ts';
import {until} from '../../helpers/waiting.ts';
import {Asked} from './asked.ts';
import {Client} from './client.ts';
import {startDemoWorld} from './demo-world.ts';
import {assertPromised, assertShown, isKept, rowsOf} from './shown.ts';
import {chanceOf, isRough, oneStep, overtake, type Run} from './steps.ts';
import {brought, everything, wished} from './wish-steps.ts';
import {hasChart, placesOf, type World} from './world.ts';

/** Things that happen in a run. */
export const steps = 40;

export type Ran = {readonly exact: number; readonly range: number};

/** Killing is simulated by what is on the disk: that the disk itself keeps it is not what is tried here. */
const memoryDisk = '/dev/shm';

export async function runSeed(
	seed: number,
	count: number,
	startWorld: (seed: number) => Promise<World> = startDemoWorld,
): Promise<Ran> {
	const world = await startWorld(seed);
	const home = fs.mkdtempSync(path.join(fs.existsSync(memoryDisk) ? memoryDisk : os.tmpdir(), 'bonsai-convergence-'));
	const story: string[] = [];
	const account = {...world.account, wishes: {otherwise: everything, mailboxes: {}}};
	const models = [seed % 3 === 0 ? 'online' : 'disconnected', seed % 5 === 0 ? 'online' : 'disconnected'] as const;
	const clients = models.map((model, at) => new Client(at === 0 ? 'A' : 'B', home, {...account, model}, world.secret));
	const run: Run = {
		chance: chanceOf(seed),
		world,
		clients,
		asked: new Asked(world),
		isRough: isRough(seed),
		serial: 0,
	};
	const isLate = (): never => {
		throw new Error('it hangs');
	};
	let watch: NodeJS.Timeout | undefined;
	try {
		const late = new Promise<never>((_resolve, reject) => {
			watch = setTimeout(() => {
				try {
					isLate();
				} catch (error) {
					reject(error);
				}
			}, world.longestMs);
		});
		await Promise.race([late, play(run, count, story)]);
		return run.asked.checked;
	} catch (error) {
		(error as Error).message +=
			`\nseed ${seed} (${world.name}):\n${story.map((line, at) => `${at + 1}. ${line}`).join('\n')}\n${clients.map(logOf).join('\n')}${world.transcript()}`;
		throw error;
	} finally {
		clearTimeout(watch);
		for (const client of clients) await client.close();
		await world.close();
		fs.rmSync(home, {recursive: true, force: true});
	}
}

const logOf = ({name, session}: Client): string => {
	const {state, because = ''} = session.call.get() ?? {};
	const lines = session.operations
		.get()
		.map(each => `${name} ${each.id} ${each.state} ${each.refusal}: ${JSON.stringify(each)}`);
	return [`${name}: ${session.link.get().state}, call ${state} ${because}`, ...lines].join('\n');
};

async function play(run: Run, count: number, story: string[]): Promise<void> {
	for (const client of run.clients) await call(client);
	for (let step = 0; step < count; step++) {
		story.push('…');
		story[step] = await oneStep(run);
	}
	// Not one of those by chance, so that a seed is the run that it always was.
	for (let turn = 0; turn < 2; turn++) story.push(await oneStep(run, overtake));
	story.push('the end');
	run.world.clearFaults();
	for (let turn = 0; turn < 2; turn++) for (const client of run.clients) await drain(run, client);
	for (const client of run.clients) await settle(run, client, story);
}

/** All that was decided is sent, or given up. */
async function drain({asked, world, clients}: Run, client: Client): Promise<void> {
	const {session} = client;
	for (let turn = 0; session.operations.get().some(({state}) => state === 'waiting'); turn++) {
		assert.ok(turn < 40, `${client.name} does not send what was decided: ${JSON.stringify(session.operations.get())}`);
		session.dial();
		await client.calm();
		for (const {id, state, isHeld} of session.operations.get()) {
			asked.learn(client);
			if (state === 'refused' && turn === 1) {
				session.retry(id);
				asked.retried(client, id);
			} else if (state === 'waiting' && isHeld && turn === 0) session.hold(id, false);
			else if (state === 'refused' || (state === 'waiting' && isHeld)) session.discard(id);
			// What had begun to be sent when it was held cannot be given up, and is let go.
			if (isHeld && session.operations.get().some(each => each.id === id && each.isHeld)) session.hold(id, false);
		}
	}
	await world.look();
	for (const each of clients) asked.learn(each);
	asked.check();
}

/** Everything is shown as the server has it, from the line and from the disk. */
async function settle({world}: Run, client: Client, story: string[]): Promise<void> {
	const outcomes = (): string =>
		JSON.stringify(client.session.operations.get().map(({id, targets}) => [id, targets.map(({state}) => state)]));
	const before = outcomes();
	await call(client);
	// What was refused since it was gone may have turned up in that call, and was sent behind what was compared by then.
	if (outcomes() !== before) await call(client);
	for (const mailbox of placesOf(world)) {
		if (!isKept(client, mailbox)) {
			client.session.dial();
			// Without IDLE, news comes to who asks.
			client.session.look();
		}
		await assertShown(client, mailbox, world, 'after the last call');
	}
	await client.restart();
	story.push(`${client.name} starts again`);
	for (const mailbox of placesOf(world).filter(each => isKept(client, each))) {
		await assertShown(client, mailbox, world, 'from its disk');
		const rows = rowsOf(client, mailbox);
		const most = wished(client, mailbox, rows.length) ?? 0;
		const {text, chart} = brought(client, mailbox);
		for (const {id, subject} of text || chart ? rows.slice(rows.length - most) : []) {
			const opened = client.session.message(id, '' as PartNumber);
			opened.ensureContent();
			await client.session.settled();
			const lines = opened.lines(80).map(line => line.text);
			if (text)
				assert.ok(
					lines.includes(`About ${subject}.` as never),
					`${client.name} holds the text of ${subject}: ${lines}`,
				);
			if (chart && hasChart(subject))
				assert.ok(opened.isWhole('2' as PartNumber), `${client.name} holds the second part of ${subject}`);
		}
	}
	if (client.account.model === 'disconnected')
		assert.equal(client.session.usage.get().turns, 0, 'all that for no byte');
	assertPromised(client);
}

async function call(client: Client): Promise<void> {
	const {session} = client;
	session.planCall();
	await until(session.call, now => now?.state !== 'asking');
	session.goCall();
	const over = await until(session.call, now => now?.state === 'done' || now?.state === 'ended');
	assert.equal(`${over?.state} ${over?.because}`, 'done ', `${client.name}’s call: ${JSON.stringify(over)}`);
	await client.calm();
}
