/**
 * A letter on its whole way, with everything going wrong once: at every step of the dialogue with the submission server,
 * and at every octet of the answer to the APPEND that files its copy; with the program ended and begun again in between.
 * Never twice, never zero without saying so; and the copy is there exactly when it was sent.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import type {Fault} from '../../source/demo/faults.ts';
import {fullCapabilities} from '../../source/demo/server.ts';
import {OperationLog} from '../../source/store/log.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {
	draft,
	isOver,
	letterOf,
	original,
	type PostingWorld,
	post,
	postingWorld,
	stands,
	work,
} from '../helpers/posting.ts';
import type {Opened} from '../helpers/session.ts';
import type {SmtpScript} from '../helpers/smtp-server.ts';
import {until} from '../helpers/waiting.ts';

const day = 24 * 3600_000;
const steps = ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'message', 'QUIT'];

/** At once: each waits more than it works. */
const together = 17;

/** All is over, as far as it can be without the user. */
async function atRest(opened: Opened): Promise<void> {
	const {post: mail, operations} = opened.session;
	await until(mail.letters, letters =>
		letters.every(each => isOver(each) || each.state === 'refused' || each.state === 'unknown'),
	);
	await until(operations, all => all.every(({state}) => state !== 'waiting'));
}

function assertOnce(world: PostingWorld, opened: Opened, id: string, told: string): void {
	const letter = letterOf(opened, id);
	const [taken, filed] = [world.smtp.taken.length, world.held('Sent').length];
	if (letter?.state === 'sent') assert.deepEqual([taken, filed], [1, 1], told);
	else if (letter?.state === 'unknown') assert.ok(taken <= 1 && filed === 0, `${told}: ${taken} taken, ${filed} filed`);
	else assert.deepEqual([letter?.state, taken, filed], ['refused', 0, 0], told);
	const isMarked = world.held('INBOX')[0]!.flags.includes('\\Answered');
	assert.equal(isMarked, letter?.state === 'sent', told);
}

async function sendThrough(context: TestContext, fault: SmtpScript, told: string): Promise<string | undefined> {
	const world = await postingWorld(context, {smtp: fault});
	const opened = await world.open();
	opened.session.dial();
	const id = await post(opened, {answers: [original]});
	const hasMet = ({attempts, state, because}: NonNullable<ReturnType<typeof letterOf>>): boolean =>
		attempts > 0 ||
		state === 'refused' ||
		state === 'unknown' ||
		because !== '' ||
		isOver({state} as never) ||
		state === 'sent';
	await stands(opened, id, hasMet);
	world.smtp.script = {};
	world.now += day;
	opened.session.look();
	await atRest(opened);
	assertOnce(world, opened, id, told);
	return letterOf(opened, id)?.state;
}

for (const step of steps) {
	test(`${step}: cut before or after it is heard, put off, refused or answered with nonsense, the letter and its copy are there once or it is said`, async context => {
		const wrong = ['421 4.3.0 going down', '451 4.3.0 later', '550 5.7.1 no', 'what?', '250'];
		const ends = await Promise.all([
			sendThrough(context, {cutAt: {step, isUnheard: true}}, `${step} unheard`),
			sendThrough(context, {cutAt: {step, isUnheard: false}}, `${step} heard`),
			...wrong.map(said =>
				sendThrough(context, {answers: at => (at === step ? said : undefined)}, `${step} answered ${said}`),
			),
		]);
		// A server that says no to what comes before a message has said so for good; of QUIT nobody cares.
		assert.ok(ends.includes('sent') || step === 'message', String(ends));
		assert.equal(ends.includes('unknown'), step === 'message', String(ends));
	});
}

/** All of them take minutes: BONSAI_EVERY_OCTET=1. */
const octetsApart = process.env.BONSAI_EVERY_OCTET ? 1 : 23;

for (const side of ['cutAfterHeard', 'cutAfterSaid'] as const) {
	test(`the dialogue is cut ${side === 'cutAfterHeard' ? 'after octets the server has heard' : 'after octets it has said'}: the letter and its copy are there once, or it is said`, async context => {
		const whole = await postingWorld(context);
		const opened = await whole.open();
		await stands(opened, await post(opened), ({state}) => state === 'sent');
		await whole.smtp.quiet();
		const octets = side === 'cutAfterHeard' ? whole.smtp.heardBytes() : whole.smtp.saidBytes();
		const cuts = Array.from({length: Math.ceil(octets / octetsApart)}, (_, n) => 1 + n * octetsApart);
		const ends = new Map<string | undefined, number>();
		for (let from = 0; from < cuts.length; from += together) {
			const some = cuts.slice(from, from + together);
			for (const end of await Promise.all(some.map(at => sendThrough(context, {[side]: at}, `${side} ${at}`))))
				ends.set(end, (ends.get(end) ?? 0) + 1);
		}
		context.diagnostic(`${cuts.length} cuts: ${[...ends].map(([end, count]) => `${count} ${end}`).join(', ')}`);
		// Of a cut in the message itself nobody knows when all of it was in the line already.
		assert.ok((ends.get('sent') ?? 0) > 2 && ends.has('unknown'));
	});
}

const answer = '0 OK [APPENDUID 8 1] APPEND completed (0.001 + 0.000 secs).\r\n'.length;
const faults: readonly (readonly [string, Fault])[] = [
	['cut before it', {kind: 'cut-before', command: /^APPEND/, times: 1}],
	['cut after it', {kind: 'cut-after', command: /^APPEND/, times: 1}],
	['good-bye', {kind: 'bye', command: /^APPEND/, times: 1}],
	['no UID said', {kind: 'no-new-uids', command: /^APPEND/, times: 1}],
	...Array.from({length: answer}, (_, n): readonly [string, Fault] => [
		`cut ${n} octets into its answer`,
		{kind: 'cut-within', command: /^APPEND/, afterBytes: n, times: 1},
	]),
];

/** Files a copy through a fault; `isRestarted`: by another program than the one that sent it. */
async function fileThrough(
	context: TestContext,
	{
		fault,
		capabilities,
		isRestarted,
		told,
	}: {fault: Fault; capabilities: readonly string[]; isRestarted: boolean; told: string},
): Promise<void> {
	const world = await postingWorld(context, {capabilities});
	world.imap.faults.add(fault);
	let opened = await world.open({account: isRestarted ? {model: 'disconnected'} : {}});
	const id = await post(opened, {answers: [original]});
	if (isRestarted) {
		// It is sent in a call that is left as soon as the letter is taken.
		await opened.session.sendMail();
		await stands(opened, id, ({state}) => state === 'sent');
		await opened.session.close();
		opened = await world.open();
	}
	opened.session.dial();
	await stands(opened, id, isOver);
	await atRest(opened);
	assertOnce(world, opened, id, told);
	await opened.session.close();
}

const manners = [
	['all extensions', fullCapabilities],
	['no LITERAL+', fullCapabilities.filter(each => !/^LITERAL/.test(each))],
	['bare IMAP4rev1', ['IMAP4rev1', 'AUTH=PLAIN']],
] as const;
for (const [name, capabilities] of manners) {
	for (const isRestarted of [false, true]) {
		test(`with ${name} the copy is filed once, wherever its answer is cut${isRestarted ? ', by the next program' : ''}`, async context => {
			// Every octet once; elsewhere each thing that can go wrong, and some of them.
			const each = name === 'all extensions' && !isRestarted ? 1 : 6;
			const some = faults.filter((_, index) => index < 4 || index % each === 0);
			const all = some.map(([what, fault]) => ({fault, capabilities, isRestarted, told: `${name}: ${what}`}));
			for (let from = 0; from < all.length; from += together)
				await Promise.all(all.slice(from, from + together).map(one => fileThrough(context, one)));
		});
	}
}

test('the copy of a message that is sent on as it is is filed once too, though its Message-ID is another’s', async context => {
	const file = path.join(ownFolder(context), 'message.eml');
	fs.writeFileSync(file, 'From: bob@example.org\r\nMessage-ID: <q@example.org>\r\nSubject: Tea?\r\n\r\nWhen?\r\n');
	const resends = {name: 'message.eml', type: 'message/rfc822', sizeBytes: 0, file};
	for (const [told, fault] of faults.slice(0, 4)) {
		const world = await postingWorld(context);
		// One of that name was sent before.
		world.imap.append('Sent', fs.readFileSync(file, 'latin1'));
		world.imap.faults.add(fault);
		const opened = await world.open();
		opened.session.dial();
		await stands(opened, await post(opened, {draft: {...draft, resends}}), isOver);
		await atRest(opened);
		const filed = world.held('Sent').filter(({octets}) => octets.startsWith('Resent-Date: '));
		assert.deepEqual([world.smtp.taken.length, filed.length], [1, 1], told);
		await opened.session.close();
	}
});

test('a copy that the server has no room for stays in the outbox, with its octets, and is filed when there is room', async context => {
	const world = await postingWorld(context);
	world.imap.faults.add({
		kind: 'refuse',
		command: /^APPEND/,
		answer: 'NO',
		text: '[OVERQUOTA] Your Sent is full',
		times: 1,
	});
	const opened = await world.open();
	opened.session.dial();
	const id = await post(opened);
	const refused = await until(opened.session.operations, all => all.some(({state}) => state === 'refused'));
	assert.match(refused[0]!.refusal, /Your Sent is full. Make room there, then try this again/);
	assert.deepEqual([letterOf(opened, id)?.state, world.files('.octets').length], ['sent', 1]);
	opened.session.post.discard(id);
	assert.match(opened.session.notice.get()?.text ?? '', /It was sent, and its copy is still to be filed/);
	opened.session.retry(refused[0]!.id);
	await stands(opened, id, isOver);
	assert.equal(world.held('Sent').length, 1);
	assert.deepEqual(world.files('.octets'), []);
});

test('while the mailboxes cannot be reached mail is sent all the same; copy and mark wait on the disk, and follow once', async context => {
	const world = await postingWorld(context);
	world.imap.faults.add({kind: 'bye', command: /^(LOGIN|AUTHENTICATE)/});
	let opened = await world.open();
	opened.session.dial();
	const ids = [await post(opened, {answers: [original]}), await post(opened)];
	for (const id of ids)
		await stands(opened, id, ({state, sequelState}) => state === 'sent' && sequelState === 'recorded');
	assert.deepEqual([world.smtp.taken.length, world.held('Sent').length, world.files('.octets').length], [2, 0, 2]);
	await opened.session.close();
	world.imap.faults.clear();
	opened = await world.open();
	for (const id of ids) await stands(opened, id, isOver);
	await atRest(opened);
	assert.deepEqual([world.smtp.taken.length, world.held('Sent').length, world.files('.octets').length], [2, 2, 0]);
	assert.deepEqual(world.held('INBOX')[0]!.flags, ['\\Answered']);
});

test('without a mailbox for sent mail the copy waits for one; thrown away, its octets go too', async context => {
	const world = await postingWorld(context, {hasSent: false});
	const opened = await world.open();
	opened.session.dial();
	const id = await post(opened);
	const isRefused = (): boolean => opened.session.operations.get().some(({state}) => state === 'refused');
	await until(opened.session.operations, isRefused);
	const [copy] = opened.session.operations.get();
	assert.match(copy!.refusal, /no mailbox for sent mail that is known\. Make one \(:mailbox create Sent\)/);
	assert.equal(world.files('.octets').length, 1);
	opened.session.discard(copy!.id);
	await stands(opened, id, isOver);
	assert.deepEqual(world.files('.octets'), []);
});

test('a program that died between any two steps of what follows leaves one copy and one mark', async context => {
	for (const dies of ['before', 'after']) {
		const world = await postingWorld(context);
		let opened = await world.open({account: {model: 'disconnected'}});
		const id = await post(opened, {answers: [original]});
		await opened.session.close();
		world.mail.hold();
		world.mail.settle(id, {state: 'sent', refusals: []}, world.now);
		world.mail.release();
		if (dies === 'after') {
			// The log has it, and the letter does not say so.
			const {letter, messageId} = world.mail.find(id)!;
			const log = new OperationLog(world.folderOf(work)!);
			const {sizeBytes} = letter;
			const change = {
				kind: 'file',
				to: {use: 'sent'},
				letter: id,
				flags: ['\\Seen'],
				date: world.now,
				sizeBytes,
			} as const;
			log.recordFile(change, {messageId, sizeBytes}, world.now);
			log.close();
		}
		opened = await world.open();
		opened.session.dial();
		await stands(opened, id, isOver);
		await atRest(opened);
		assert.deepEqual([world.held('Sent').length, world.smtp.taken.length], [1, 0], dies);
		assert.deepEqual(world.held('INBOX')[0]!.flags, ['\\Answered']);
	}
});
