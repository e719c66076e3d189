/**
 * The demo server as the world of a run: which extensions it has, and what is in its mailboxes at the start.
 */
import {
	type DemoServer,
	type Fault,
	fullCapabilities,
	MailboxState,
	startDemoServer,
} from '../../../source/demo/server.ts';
import type {MailboxPath} from '../../../source/model/ids.ts';
import type {MailboxChange} from '../../../source/model/operation.ts';
import {plainAccount} from '../../helpers/plain-account.ts';
import {changedByAnother, changeMailbox} from './mailbox-steps.ts';
import {call, type Step} from './steps.ts';
import {atTheStart, boxes, type Instance, letter, places, refusalText, subjectOf, type World} from './world.ts';

const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN'];
const without = (...names: readonly string[]): string[] => fullCapabilities.filter(name => !names.includes(name));

const servers: readonly {readonly name: string; readonly capabilities: readonly string[]}[] = [
	{name: 'all extensions', capabilities: fullCapabilities},
	{name: 'all but MOVE', capabilities: without('MOVE', 'COMPRESS=DEFLATE')},
	{name: 'all but QRESYNC', capabilities: without('QRESYNC', 'COMPRESS=DEFLATE')},
	{name: 'all but UIDPLUS', capabilities: without('UIDPLUS', 'COMPRESS=DEFLATE', 'IDLE')},
	{name: 'CONDSTORE and no MOVE', capabilities: [...bare, 'CONDSTORE', 'ENABLE', 'UIDPLUS', 'ESEARCH']},
	{name: 'MOVE and no UIDPLUS', capabilities: [...bare, 'MOVE', 'IDLE']},
	{name: 'UIDPLUS and no MOVE', capabilities: [...bare, 'UIDPLUS', 'LIST-EXTENDED', 'LIST-STATUS']},
	{name: 'bare IMAP4rev1', capabilities: bare},
];

const changing = /^UID (STORE|COPY|MOVE|EXPUNGE)/;
const comparing = /^UID (FETCH \S+ FLAGS|SEARCH)/;
const ofMailboxes = /^(CREATE|RENAME|DELETE)/;
const reading = /^(UID FETCH|FETCH|SELECT|UID SEARCH|LIST|STATUS|NOOP)/;

export async function startDemoWorld(seed: number): Promise<World> {
	const {name, capabilities} = servers[seed % servers.length]!;
	const server = await startDemoServer({
		capabilities,
		isRecording: process.env.BONSAI_FUZZ_TRACE !== undefined,
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
			{name: 'Archive', state: new MailboxState(9)},
		],
	});
	for (const {mailbox, subject, flags} of atTheStart) server.append(mailbox, letter(subject), [...flags]);
	const heldIn = (mailbox: MailboxPath): Instance[] => heldBy(server, mailbox);
	const act = (change: MailboxChange): void => {
		if (change.kind === 'create') server.mailboxes.create(change.mailbox);
		else if (change.kind === 'rename') server.mailboxes.rename(change.mailbox, change.to);
		else server.mailboxes.remove(change.mailbox);
	};
	let areCleared = false;
	/** A message goes, and another one while a client that has not heard of the first compares what it holds. */
	const goneInBetween: Step = async (run, client) => {
		const {chance, asked} = run;
		const mailbox = chance.pick(places);
		const held = heldIn(mailbox);
		const [first, second] = chance.some(held, 2);
		if (first === undefined || second === undefined) return 'another finds too little';
		const {uid, subject} = second;
		await asked.other(first.subject, {kind: 'remove'}, async () => server.expunge(mailbox, first.uid));
		const {uidValidity} = server.mailbox(mailbox)!;
		server.faults.add({kind: 'expunge', command: comparing, mailbox, uidValidity, expunged: uid, times: 1});
		const isThere = (): boolean =>
			server.mailbox(mailbox)?.uidValidity === uidValidity && server.mailbox(mailbox)?.uids.has(uid) === true;
		asked.goes(subject, () => (!isThere() ? 'done' : areCleared ? 'struck' : 'pending'));
		const story = `another removes ${first.uid} ${first.subject} of ${mailbox}, and will remove ${uid} ${subject}`;
		return chance.isOneIn(2) ? `${story}; then ${await call(run, client)}` : story;
	};
	return {
		name,
		hasMove: capabilities.includes('MOVE'),
		account: plainAccount(server.port),
		secret: 'demo',
		ownSteps: [changeMailbox, changeMailbox, changedByAnother(act), goneInBetween],
		boxes: () => boxes.filter(path => server.mailbox(path) !== undefined),
		look: async () => {},
		heldIn,
		uidValidityOf: mailbox => server.mailbox(mailbox)?.uidValidity,
		version: () =>
			[...places, ...boxes]
				.map(path => `${server.mailbox(path)?.uidValidity}/${server.mailbox(path)?.highestModseq}`)
				.join(' '),
		async append(mailbox, subject, flags) {
			server.append(mailbox, letter(subject), flags);
		},
		expunge: async (mailbox, uid) => server.expunge(mailbox, uid),
		async move(mailbox, uid, to) {
			const {subject, flags} = heldIn(mailbox).find(each => each.uid === uid)!;
			server.append(to, letter(subject), [...flags]);
			server.expunge(mailbox, uid);
		},
		setFlag: async (mailbox, uid, flag, isSet) => {
			const own = [...heldIn(mailbox).find(each => each.uid === uid)!.flags].filter(each => each !== flag);
			server.setFlags(mailbox, uid, isSet ? [...own, flag] : own);
		},
		renumber: async (mailbox, uidValidity) => server.setUidValidity(mailbox, uidValidity),
		cut: server.cut,
		addFault(chance, serial) {
			const command = chance.pick([changing, changing, changing, reading, reading, reading, ofMailboxes]);
			const times = 1;
			const rebuilt: Fault = {kind: 'rebuild', command, mailbox: chance.pick(places), uidValidity: 100 + serial, times};
			const made: Fault = chance.pick<Fault>([
				{kind: 'cut-before', command, times},
				{kind: 'cut-after', command, times},
				{kind: 'cut-after', command, times},
				{kind: 'cut-within', command, afterBytes: chance.below(300), times},
				{kind: 'cut-within', command, afterBytes: chance.below(300), times},
				{kind: 'no-new-uids', command: changing, times: 2},
				{kind: 'refuse', command: changing, answer: 'NO', text: refusalText, times},
				{kind: 'bye', command, times},
				{kind: 'no-modseq', command: /^SELECT/, times},
				rebuilt,
			]);
			server.faults.add(made);
			return `${made.kind} ${'command' in made ? made.command : command}`;
		},
		cutRows(chance) {
			const command = /^(UID )?FETCH/;
			const afterBytes = chance.below(300);
			server.faults.add(
				chance.pick<Fault>([
					{kind: 'cut-before', command, times: 1},
					{kind: 'cut-within', command, afterBytes, times: 1},
				]),
			);
		},
		clearFaults() {
			areCleared = true;
			server.faults.clear();
		},
		longestMs: 20_000,
		transcript: () =>
			server.transcript
				.map(({connection, by, text}) => `\n${connection} ${by === 'client' ? '>' : '<'} ${text.slice(0, 300)}`)
				.join(''),
		close: server.close,
	};
}

function heldBy(server: DemoServer, mailbox: MailboxPath): Instance[] {
	const state = server.mailbox(mailbox);
	if (state === undefined) return [];
	return [...state.uids.within(1, state.uidNext)].map(uid => ({
		mailbox,
		uid,
		subject: subjectOf(state.letter(uid).message.bytes.read(0, 400).toString()),
		flags: state.flags(uid),
	}));
}
