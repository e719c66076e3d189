/**
 * What can happen in a run, one thing at a time, by chance: what the user does with a client, what becomes of its line and
 * its program, what the server gets wrong, and what other programs do meanwhile. Each returns what to call it.
 */
import {type Random, random} from '../../../source/demo/random.ts';
import type {MailboxPath} from '../../../source/model/ids.ts';
import {hasFlag} from '../../../source/model/message.ts';
import type {Change, Operation} from '../../../source/model/operation.ts';
import {until} from '../../helpers/waiting.ts';
import type {Asked} from './asked.ts';
import type {Client} from './client.ts';
import {hold, strike} from './outbox-steps.ts';
import {assertPromised, assertRecalled, assertShown, everything, isKept, type Row, rowsOf} from './shown.ts';
import {wish} from './wish-steps.ts';
import {boxes, places, placesOf, type World} from './world.ts';

export type Run = {
	readonly chance: Random;
	readonly world: World;
	readonly clients: readonly Client[];
	readonly asked: Asked;
	readonly isRough: boolean;
	/** Numbers for what is made: subjects, UIDVALIDITY. */
	serial: number;
};

export type Step = (run: Run, client: Client) => Promise<string> | string;

const flags = ['\\Seen', '\\Flagged', '$Later'];
async function look({chance, world}: Run, client: Client): Promise<string> {
	const mailbox = chance.pick(placesOf(world));
	client.session.mailbox(mailbox).ensureNewest(everything);
	await client.calm();
	return `looks into ${mailbox}`;
}

const chosenChange = ({chance, world}: Run, mailbox: MailboxPath): Change => {
	const targets = world.boxes !== undefined && chance.isOneIn(4) ? boxes : places;
	const elsewhere = {path: chance.pick(targets.filter(each => each !== mailbox))};
	const kind = chance.below(14);
	if (kind === 0) return {kind: 'copy', to: elsewhere};
	if (kind === 1) return {kind: 'remove'};
	if (kind < 4 && mailbox !== 'Trash') return {kind: 'move', to: {use: 'trash'}};
	if (kind < 7) return {kind: 'move', to: elsewhere};
	return {kind: 'flag', flag: chance.pick(flags), isSet: !chance.isOneIn(3)};
};

/** Decides about what is shown; returns nothing when nothing there can be. */
async function decide(run: Run, client: Client): Promise<string> {
	const {chance, asked, world} = run;
	const mailbox = chance.pick(placesOf(world));
	const view = client.session.mailbox(mailbox);
	view.ensureNewest(everything);
	if (client.session.link.get().state !== 'hung-up') await client.calm();
	await world.look();
	// What it wrote now would not be on the disk that the next start has.
	if (client.isDead) return 'looks and decides nothing any more';
	const change = chosenChange(run, mailbox);
	const rows = rowsOf(client, mailbox).filter(row => asked.isAlone(row.subject) && matters(row, change));
	const chosen = chance.some(rows, 1 + chance.below(3));
	if (chosen.length === 0) return 'finds nothing to decide';
	const known = new Set(client.session.operations.get().map(({id}) => id));
	const ids = chosen.map(({id}) => id);
	if (!view.decide(ids, change)) return 'may not decide';
	const operation = client.session.operations.get().find(({id}) => !known.has(id))!;
	asked.decided(client, operation.id, change, chosen);
	assertPromised(client);
	const story = `decides ${JSON.stringify(change)} of ${mailbox} ${chosen.map(({subject, uid}) => `${uid} ${subject}`).join(', ')}`;
	return change.kind === 'move' && chance.isOneIn(3) ? `${story}${goOn(run, client, chosen)}` : story;
}

/** Decides again about what was just moved, whose new place nobody knows yet. */
function goOn(run: Run, client: Client, chosen: readonly Row[]): string {
	const {asked} = run;
	const change = chosenChange(run, chosen[0]!.mailbox);
	if (client.isDead || change.kind === 'copy' || chosen.some(({uid}) => uid === 0)) return '';
	const {mailbox, uidValidity} = chosen[0]!;
	const uids = chosen.map(({uid}) => uid);
	const id = client.session.decideByUid(mailbox, uidValidity, uids, change);
	if (id === undefined) return '';
	asked.decided(client, id, change, chosen);
	return `, and then ${JSON.stringify(change)}`;
}

const matters = (row: Row, change: Change): boolean =>
	change.kind !== 'flag' || hasFlag(row, change.flag) !== change.isSet;

async function undo({asked}: Run, client: Client): Promise<string> {
	asked.learn(client);
	const before = client.session.operations.get();
	client.session.undo();
	asked.tookBack(client, before);
	assertPromised(client);
	return 'takes back';
}

async function dial(_run: Run, client: Client): Promise<string> {
	client.session.dial();
	await client.calm();
	return 'dials';
}

async function hangUp(_run: Run, client: Client): Promise<string> {
	client.session.hangUp();
	await client.calm();
	return 'hangs up';
}

/** One whole call; what was not meant to change while it ran is shown afterwards as the server has it. */
export async function call({chance, world}: Run, client: Client): Promise<string> {
	const {session} = client;
	const version = world.version();
	session.planCall();
	await client.reaches(until(session.call, now => now?.state !== 'asking'));
	const planned = session.call.get();
	if (client.isDead || planned?.state !== 'planned') return 'plans a call in vain';
	if (chance.isOneIn(12)) {
		session.stopCall();
		await client.calm();
		return 'plans a call and leaves it';
	}
	const struck = chance.isOneIn(6) ? chance.pick(planned.lines) : undefined;
	if (struck !== undefined) session.strike(struck.key, true);
	const isSending = session.operations.get().some(({state}) => state === 'waiting');
	session.goCall();
	await client.reaches(until(session.call, now => now?.state !== 'going'));
	await client.calm();
	if (client.isDead) return 'calls';
	const over = session.call.get();
	const isWhole = over?.state === 'done' && over.because === '' && struck === undefined && !isSending;
	await world.look();
	if (!isWhole || world.version() !== version) return `calls (${over?.state} ${over?.because})`;
	for (const mailbox of placesOf(world))
		if (isKept(client, mailbox)) await assertShown(client, mailbox, world, 'after a call');
	return 'calls, and shows all';
}

function chooseModel({chance}: Run, client: Client): string {
	const name = chance.pick(['online', 'disconnected', 'disconnected'] as const);
	const mailbox = chance.isOneIn(2) ? chance.pick(places) : undefined;
	client.session.chooseModel(name, mailbox);
	return `${mailbox ?? 'the account'} is ${name}`;
}

async function retry({chance, asked}: Run, client: Client): Promise<string> {
	asked.learn(client);
	const refused = client.session.operations.get().filter(({state}) => state === 'refused');
	if (refused.length === 0) return 'has nothing to try again';
	const {id, refusal} = chance.pick(refused);
	if (chance.isOneIn(2)) {
		client.session.discard(id);
		return `clears what was refused: ${refusal}`;
	}
	client.session.retry(id);
	asked.retried(client, id);
	await client.calm();
	return `tries again: ${refusal}`;
}

async function restart({chance}: Run, client: Client): Promise<string> {
	const isWiped = chance.isOneIn(4);
	await client.restart({isWiped});
	assertPromised(client);
	return isWiped ? 'restarts without its cache' : 'restarts';
}

/** Killed somewhere within something else. */
async function kill(run: Run, client: Client): Promise<string> {
	const {chance} = run;
	const instants = chance.below(30);
	client.dieIn(instants);
	const within = await chance.pick([call, call, dial, look, decide])(run, client);
	await client.calm();
	client.dieIn(undefined);
	if (!client.isDead && chance.isOneIn(2)) return `${within}, and lives`;
	await client.kill();
	assertPromised(client);
	return `${within}, and is killed (${instants})`;
}

const fault = ({chance, world, serial}: Run): string => `fault: ${world.addFault(chance, serial)}`;

function cut({world}: Run): string {
	world.cut();
	return 'all lines are cut';
}

async function renumber({chance, world, serial}: Run): Promise<string> {
	const mailbox = chance.pick(places);
	await world.renumber(mailbox, 100 + serial);
	return `${mailbox} is renumbered`;
}

/** Another program, which is at the server at once. */
const another = (run: Run): Promise<string> => anotherIn(run, run.chance.pick(placesOf(run.world)));

async function anotherIn(run: Run, mailbox: MailboxPath): Promise<string> {
	const {chance, world, asked} = run;
	const kind = chance.below(6);
	if (kind < 2) {
		const subject = `n${run.serial}`;
		const own = chance.isOneIn(2) ? ['\\Seen'] : [];
		await asked.arrives(subject, () => world.append(mailbox, subject, own));
		return `another: ${subject} comes to ${mailbox}`;
	}
	const held = world.heldIn(mailbox);
	if (held.length === 0) return 'another finds nothing';
	const {uid, subject, flags: own} = chance.pick(held);
	const to = chance.pick(placesOf(world).filter(each => each !== mailbox));
	if (kind === 2) await asked.other(subject, {kind: 'remove'}, () => world.expunge(mailbox, uid));
	else if (kind === 3) await asked.other(subject, {kind: 'move', to: {path: to}}, () => world.move(mailbox, uid, to));
	else {
		const flag = chance.pick([...flags, '\\Deleted']);
		const isSet = !own.has(flag);
		await asked.other(subject, {kind: 'flag', flag, isSet}, () => world.setFlag(mailbox, uid, flag, isSet));
	}
	return `another: ${['', '', 'removes', 'moves', 'flags', 'flags'][kind]} ${uid} ${subject} of ${mailbox}`;
}

/** What is looked at is changed while the line is down, and when it is back it is cut again before its rows are told. */
async function comeBack(run: Run, client: Client): Promise<string> {
	const {chance, world, asked} = run;
	const mailbox = chance.pick(places);
	client.session.mailbox(mailbox).ensureNewest(everything);
	client.session.dial();
	await client.calm();
	if (client.isDead) return `looks into ${mailbox}`;
	client.session.hangUp();
	await client.calm();
	await world.look();
	// What was refused since it was gone may have turned up on that line, and was sent.
	for (const each of run.clients) asked.learn(each);
	const story = await anotherIn(run, mailbox);
	await world.look();
	const version = world.version();
	world.cutRows(chance);
	client.session.dial();
	await client.calm();
	await world.look();
	const isWaiting = client.session.operations.get().some(({state}) => state === 'waiting');
	const isUp = client.session.link.get().state === 'up' && !client.isDead;
	if (isUp && !isWaiting && world.version() === version)
		await assertShown(client, mailbox, world, 'after it has come back');
	return `comes back to ${mailbox} and is cut; before that ${story}`;
}

/** What it decides and keeps back, another program removes; a call brings that, and the program starts again. */
export async function overtake(run: Run, client: Client): Promise<string> {
	const {world, asked} = run;
	const known = new Set(client.session.operations.get().map(({id}) => id));
	const story = await decide(run, client);
	const isFresh = ({id, state, change}: Operation): boolean =>
		!known.has(id) && state === 'waiting' && (change.kind === 'move' || change.kind === 'remove');
	const fresh = client.session.operations.get().find(isFresh);
	if (fresh === undefined || client.isDead) return story;
	client.session.hold(fresh.id, true);
	for (const {place} of fresh.targets) {
		const there = world.uidValidityOf(place.mailbox) === place.uidValidity ? world.heldIn(place.mailbox) : [];
		const held = there.find(({uid}) => uid === place.uid);
		if (held === undefined) continue;
		await asked.other(held.subject, {kind: 'remove'}, () => world.expunge(place.mailbox, place.uid));
	}
	const called = await call(run, client);
	if (client.isDead) return `${story}; ${called}`;
	await client.restart();
	assertRecalled(client);
	assertPromised(client);
	return `${story}, and is overtaken; ${called}; restarts`;
}

/** How often each comes, and how often in a rough run, in which more goes wrong. */
const weighted: readonly (readonly [usually: number, roughly: number, step: Step])[] = [
	[3, 2, look],
	[16, 16, decide],
	[2, 5, undo],
	[2, 4, dial],
	[1, 1, hangUp],
	[7, 7, call],
	[1, 1, chooseModel],
	[1, 1, wish],
	[2, 6, retry],
	[2, 2, hold],
	[1, 1, strike],
	[2, 2, restart],
	[3, 8, kill],
	[4, 10, fault],
	[1, 2, cut],
	[1, 1, renumber],
	[5, 5, another],
	[1, 3, comeBack],
];
const steps = weighted.flatMap(([usually, , step]) => Array<Step>(usually).fill(step));
const roughSteps = weighted.flatMap(([, roughly, step]) => Array<Step>(roughly).fill(step));

export const chanceOf = random;
/** Each fourth run. */
export const isRough = (seed: number): boolean => seed % 4 === 0;

/** One step of one client, by chance if none is wanted; what is settled by it is compared. */
export async function oneStep(run: Run, wanted?: Step): Promise<string> {
	run.serial += 1;
	await run.world.look();
	const client = run.chance.pick(run.clients);
	const common = run.isRough ? roughSteps : steps;
	const step = wanted ?? run.chance.pick([...common, ...run.world.ownSteps]);
	const story = await step(run, client);
	await allCalm(run);
	await run.world.look();
	// With no moment between them: what one client does another hears of, and goes on with its own.
	for (const each of run.clients) {
		run.asked.learn(each);
		assertPromised(each);
	}
	run.asked.check();
	return `${client.name} ${story}`;
}

/** All at the same time: another may have heard of what one has done. */
async function allCalm({clients}: Run): Promise<void> {
	const decided = () => clients.map(({session}) => session.operations.get());
	for (let before: ReturnType<typeof decided> = []; ; ) {
		for (const each of clients) await each.calm();
		const now = decided();
		if (now.every((each, at) => each === before[at])) return;
		before = now;
	}
}
