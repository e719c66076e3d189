/**
 * `bonsai sync`: one call, for cron and for a phone line. Asks what has changed, does all of the plan, hangs up and says
 * what it came to. `--dry-run` stops at the plan.
 */
import {bytesOf, durationOf} from '../model/amounts.ts';
import {type Call, type CallLine, callBytes, idleWords, partsBesides} from '../model/call.ts';
import type {OperationId} from '../model/operation.ts';
import {countOf} from '../model/operation-words.ts';
import {letterWords} from '../model/outgoing-words.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Around} from './command.ts';
import {table} from './table.ts';
import {Undone} from './undone.ts';

type Wanted = {readonly isDryRun: boolean; readonly mayRemoveMany: boolean};

export async function sync(around: Around, wanted: Wanted): Promise<void> {
	const {session, output} = around;
	if (wanted.isDryRun) return callOnce(around, wanted);
	const waiting = session.post.letters.get().filter(({state}) => state === 'waiting');
	let undone: unknown;
	try {
		await callOnce(around, wanted);
	} catch (error) {
		// Mail goes over a line of its own, which may be there where the other is not.
		await session.sendMail();
		undone = error;
	}
	const after = waiting.flatMap(({id}) => session.post.letters.get().find(each => each.id === id) ?? []);
	const left = after.filter(({state}) => state !== 'sent');
	const count = after.length - left.length;
	if (count > 0) output.say(safeLine(`${session.account}: sent ${countOf(count)}`));
	for (const letter of left)
		output.say(safeLine(`${letterWords(letter)} was not sent (${letter.state}): ${letter.because || 'not tried yet'}`));
	if (undone !== undefined) throw undone;
	if (left.some(each => each.sendAt <= Date.now() && !each.isHeld))
		throw new Undone(ours('Not all mail was sent. See: bonsai outbox'));
}

type Made = {
	readonly report: Call;
	/** What would remove much, and was left out. */
	readonly held: CallLine | undefined;
	readonly unkept: number;
	readonly mayKeep: boolean;
};

/** Makes a call and says what it came to: in JSON also of one that came to nothing. */
async function callOnce(around: Around, wanted: Wanted): Promise<void> {
	const {session, output, isJson} = around;
	const wereRefused = new Set(refusedOf(session));
	const made = await makeCall(around, wanted).catch((error: unknown) => {
		if (isJson && error instanceof Undone)
			output.json(callJson(session.account, givenUp(session.call.get(), error.sentence)));
		throw error;
	});
	const {report, held, unkept, mayKeep} = made;
	if (isJson) output.json(callJson(session.account, report));
	else if (!wanted.isDryRun) output.lines([spentLine(report)]);
	if (wanted.isDryRun) return;
	const isRefused = refusedOf(session).some(id => !wereRefused.has(id));
	if (held) throw new Undone(safeLine(`Left out: ${held.sentence}. If it is meant: bonsai sync --remove-many`));
	if (unkept > 0) throw new Undone(ours('What is wished for was left out: none of it could be kept'));
	if (mayKeep && !session.keepsFacts()) throw new Undone(ours('Not all of what came could be kept'));
	if (report.because !== '') throw new Undone(report.because);
	if (isRefused) throw new Undone(ours('Something you decided was refused. See: bonsai outbox'));
}

async function makeCall({session, line, output, isJson}: Around, {isDryRun, mayRemoveMany}: Wanted): Promise<Made> {
	const broken = session.brokenLog();
	if (!isDryRun && broken !== undefined) throw new Undone(broken);
	if (!isDryRun && !session.isDraining())
		throw new Undone(ours('Another Bonsai is at work on this account. Call from there ($), or quit it first'));
	session.planCall();
	const planned = await reached(call => call.state !== 'asking');
	if (planned.state === 'ended') throw new Undone(planned.because);
	const held = planned.lines.find(({kind, isStruck}) => kind === 'send' && isStruck);
	if (held && mayRemoveMany) session.strike(held.key, false);
	// What nobody can keep is not paid for.
	const mayKeep = session.keepsFacts();
	const unkept = mayKeep ? [] : planned.lines.filter(({kind}) => kind === 'mailbox');
	for (const {key} of unkept) session.strike(key, true);
	const plan = session.call.get() ?? planned;
	const made = {held: mayRemoveMany ? undefined : held, unkept: unkept.length, mayKeep};
	if (!isJson) {
		const held = session.operations.get().filter(({state}) => state === 'waiting').length;
		output.lines([...(plan.lines.length === 0 ? [idleWords(held)] : planLines(plan.lines, output)), totalLine(plan)]);
	}
	if (isDryRun) {
		session.stopCall();
		return {...made, report: plan};
	}
	session.goCall();
	const over = await reached(call => call.state === 'done' || call.state === 'ended');
	await session.settled();
	return {...made, report: session.call.get() ?? over};

	/** A line that is given up leaves what came, and the next call goes on from there. */
	async function reached(isThere: (call: Call) => boolean): Promise<Call> {
		const call = await line.arrived(session.call, now => now !== undefined && isThere(now));
		if (call === undefined) throw new Undone(ours('The call was stopped'));
		return call;
	}
}

/** The line was given up, or there was none to begin with: the next call has all that is not done. */
const givenUp = (call: Call | undefined, because: SafeText): Call => ({
	...(call ?? {bytes: 0, seconds: undefined, spent: {upBytes: 0, downBytes: 0, turns: 0}}),
	state: 'ended',
	because,
	lines: (call?.lines ?? []).map(each => (each.state === 'going' ? {...each, state: 'planned'} : each)),
});

const refusedOf = ({operations}: Around['session']): OperationId[] =>
	operations.get().flatMap(({id, state}) => (state === 'refused' ? [id] : []));

const planLines = (lines: readonly CallLine[], look: {readonly isTerminal: boolean}): string[] =>
	table(
		lines.map(line => [line.sentence, line.isStruck ? ours('left out') : callBytes(line)]),
		[{}, {}],
		look,
	);

function totalLine(call: Call): SafeText {
	const {bytes, seconds} = call;
	const time = seconds === undefined ? '' : `, ${durationOf(seconds)}`;
	return safeLine(`In all about ${bytesOf(bytes)}${time}${partsBesides(call)}`);
}

const spentLine = ({state, spent: {upBytes, downBytes, turns}}: Call): SafeText =>
	safeLine(
		`${state === 'done' ? 'Done' : 'Ended early'}: ${bytesOf(upBytes)} up, ${bytesOf(downBytes)} down, ${turns} round ${turns === 1 ? 'trip' : 'trips'}`,
	);

const callJson = (account: string, {state, lines, bytes, seconds, because, spent}: Call) => ({
	account,
	state,
	because: because === '' ? null : because,
	plannedBytes: bytes,
	plannedSeconds: seconds ?? null,
	lines: lines.map(lineJson),
	upBytes: spent.upBytes,
	downBytes: spent.downBytes,
	turns: spent.turns,
});

const lineJson = ({
	key,
	kind,
	sentence,
	bytes,
	hasUnknownParts,
	isStruck,
	state,
	messages = 0,
	came = 0,
}: CallLine) => ({
	kind,
	mailbox: kind === 'mailbox' || kind === 'drain' ? key : null,
	sentence,
	plannedBytes: bytes,
	hasUnknownParts,
	isLeftOut: isStruck,
	state,
	...(kind === 'drain' ? {messages, came} : {}),
});
