/**
 * A draft is saved again on the server while everything goes wrong once: the line ends at octets of either side, its answers
 * are lost, the program is killed. There is never neither copy, never two at the end, and never an edit that is lost.
 */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import type {Fault} from '../../source/demo/faults.ts';
import {fullCapabilities, type MailboxState} from '../../source/demo/server.ts';
import {Drafts} from '../../source/store/drafts.ts';
import {type CutLine, cutAtOctet, type Side} from '../helpers/cut-at-octet.ts';
import {startKeeping} from '../helpers/keeping-process.ts';
import {noise} from '../helpers/noise.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {draft, type PostingWorld, postingWorld, work} from '../helpers/posting.ts';
import type {Opened} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

/** At once: each waits more than it works. */
const together = 12;
/** All of them take minutes: BONSAI_EVERY_OCTET=1. */
const octetsApart = process.env.BONSAI_EVERY_OCTET ? 1 : 97;
/** Compressed, a dialogue has other octets each time. */
const plain = fullCapabilities.filter(each => !each.startsWith('COMPRESS'));

type Saved = {
	readonly world: PostingWorld;
	readonly line: CutLine;
	/** What there was at the worst moment since the first copy. */
	readonly fewest: () => number;
	save(subject: string): void;
	open(): Promise<Opened>;
};

/** A draft with an attachment lies on the server, and a line to it can be cut. */
async function savedOnce(context: TestContext, capabilities: readonly string[]): Promise<Saved> {
	const world = await postingWorld(context, {capabilities});
	const line = await cutAtOctet(world.imap.port);
	context.after(() => line.close());
	const file = path.join(ownFolder(context), 'map');
	fs.writeFileSync(file, noise(3000));
	const attachments = [{name: 'map', type: '', sizeBytes: 3000, file}];
	const saved: Saved = {
		world,
		line,
		fewest: watched(world.imap.mailbox('Drafts')!),
		save(subject) {
			world.now += 1000;
			new Drafts(world.folderOf(work)!).save({...draft, subject, attachments}, {id: 'one', savedAt: world.now});
		},
		async open() {
			const opened = await world.open({account: {port: line.port}});
			opened.session.dial();
			return opened;
		},
	};
	const opened = await saved.open();
	saved.save('The first');
	opened.session.post.keepDraft('one');
	await atRest(opened);
	await opened.session.close();
	line.passed();
	return saved;
}

function watched(drafts: MailboxState): () => number {
	let fewest = Number.POSITIVE_INFINITY;
	drafts.watchers.add({
		appended() {},
		changed() {},
		rebuilt() {},
		expunged() {
			fewest = Math.min(fewest, [...drafts.uids.within(1, drafts.uids.last)].length);
		},
	});
	return () => fewest;
}

const atRest = ({session}: Opened): Promise<unknown> =>
	until(session.operations, all => all.every(({state}) => state !== 'waiting'));

function assertOnce({world, fewest}: Saved, subject: string, told: string): void {
	const held = world.held('Drafts');
	assert.deepEqual(
		held.map(({octets}) => /^Subject: (.*)\r$/m.exec(octets)?.[1]),
		[subject],
		told,
	);
	assert.ok(held[0]!.octets.includes(noise(3000).toString('base64').slice(0, 76)), told);
	assert.ok(fewest() >= 1, `${told}: there was a moment with neither`);
}

/** Saves it again through a fault; `isRestarted`: the program ends at that moment, and another goes on. */
async function saveThrough(
	saved: Saved,
	begin: () => void,
	{isRestarted, told}: {readonly isRestarted: boolean; readonly told: string},
): Promise<void> {
	let opened = await saved.open();
	begin();
	saved.save('The second');
	opened.session.post.keepDraft('one');
	if (isRestarted) {
		await atRest(opened);
		await opened.session.close();
		opened = await saved.open();
	}
	await atRest(opened);
	assertOnce(saved, 'The second', told);
	saved.save('The third');
	opened.session.post.keepDraft('one');
	await atRest(opened);
	assertOnce(saved, 'The third', `${told}, and saved once more`);
	await opened.session.close();
}

async function inGroups<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
	for (let from = 0; from < all.length; from += together) await Promise.all(all.slice(from, from + together).map(work));
}

for (const side of ['heard', 'said'] as const) {
	test(`the line ends at octets the server has ${side}: there is one copy at the end, the newest, and at no moment none`, async context => {
		const whole = await savedOnce(context, plain);
		await saveThrough(whole, () => whole.line.passed(), {isRestarted: false, told: 'whole'});
		const octets = whole.line.passed()[side];
		const cuts = Array.from({length: Math.ceil(octets / octetsApart)}, (_, n) => 1 + n * octetsApart);
		context.diagnostic(`${cuts.length} cuts in ${octets} octets`);
		await inGroups(cuts, async at => {
			const saved = await savedOnce(context, plain);
			await saveThrough(saved, () => saved.line.cutAfter(side, at), {isRestarted: false, told: `${side} ${at}`});
		});
	});

	test(`the program is killed at octets the server has ${side}: another goes on, and there is one copy at the end`, async context => {
		const octets: Readonly<Record<Side, number>> = {heard: 1200, said: 1500};
		const apart = process.env.BONSAI_EVERY_OCTET ? 23 : 300;
		const cuts = Array.from({length: Math.ceil(octets[side] / apart)}, (_, n) => 1 + n * apart);
		let atWork = 0;
		for (const at of cuts) {
			const saved = await savedOnce(context, plain);
			saved.save('The second');
			const {promise, resolve} = Promise.withResolvers<void>();
			const {line, world} = saved;
			const child = startKeeping({port: line.port, folder: world.folderOf(work)!, name: work, draft: 'one'});
			line.cutAfter(side, at, () => {
				atWork += 1;
				child.kill('SIGKILL');
				resolve();
			});
			// What is done before that octet is done: it waits for news then.
			const looks = setInterval(
				() =>
					world.held('Drafts').some(({octets: each}) => each.includes('The second')) &&
					world.held('Drafts').length === 1 &&
					resolve(),
				20,
			);
			await promise;
			clearInterval(looks);
			const gone = once(child, 'exit');
			child.kill('SIGKILL');
			await gone;
			line.cutAfter(side, Number.POSITIVE_INFINITY);
			const opened = await saved.open();
			await atRest(opened);
			assertOnce(saved, 'The second', `killed ${side} ${at}`);
			await opened.session.close();
		}
		assert.ok(atWork >= 2, `${atWork} of ${cuts.length} kills came in time`);
	});
}

const faults: readonly (readonly [string, Fault])[] = [
	...['APPEND', 'SELECT', 'UID FETCH', 'UID STORE', 'UID EXPUNGE', 'UID REPLACE'].flatMap(
		(name): (readonly [string, Fault])[] => {
			const command = new RegExp(`^${name}`);
			return [
				[`${name} cut before it`, {kind: 'cut-before', command, times: 1}],
				[`${name} cut after it`, {kind: 'cut-after', command, times: 1}],
				[`good-bye to ${name}`, {kind: 'bye', command, times: 1}],
			];
		},
	),
	['no UID said', {kind: 'no-new-uids', command: /^APPEND/, times: 1}],
];

for (const [name, capabilities] of [
	['all extensions', fullCapabilities],
	['no LITERAL+, no CATENATE', fullCapabilities.filter(each => !/^(LITERAL|CATENATE)/.test(each))],
	['REPLACE', [...fullCapabilities.filter(each => each !== 'CATENATE'), 'REPLACE']],
	['no ESEARCH', fullCapabilities.filter(each => each !== 'ESEARCH')],
] as const)
	test(`with ${name} each answer is lost once: there is one copy at the end`, async context => {
		const both = faults.flatMap(fault => [true, false].map(isRestarted => ({fault, isRestarted})));
		await inGroups(both, async ({fault: [what, fault], isRestarted}) => {
			const saved = await savedOnce(context, capabilities);
			await saveThrough(saved, () => saved.world.imap.faults.add(fault), {isRestarted, told: `${name}: ${what}`});
		});
	});

test('without UIDPLUS the newest is there, and the older ones are marked as deleted', async context => {
	const saved = await savedOnce(
		context,
		fullCapabilities.filter(each => each !== 'UIDPLUS'),
	);
	const opened = await saved.open();
	saved.save('The second');
	opened.session.post.keepDraft('one');
	await atRest(opened);
	const alive = saved.world.held('Drafts').filter(({flags}) => !flags.includes('\\Deleted'));
	assert.match(alive.map(({octets}) => octets).join(), /Subject: The second/);
	assert.equal(alive.length, 1);
});
