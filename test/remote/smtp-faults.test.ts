/**
 * A line that is cut at every octet of the dialogue, both ways, and a server that says the wrong thing at every step.
 * Who tries again after all that is certain to have failed, and only then, has sent the message once, or is told that
 * nobody knows. Never twice, and never zero without saying so.
 */
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import type {Letter, Outcome} from '../../source/model/outgoing.ts';
import {smtp} from '../../source/remote/smtp.ts';
import {type SmtpScript, type SmtpServerOf, smtpServer} from '../helpers/smtp-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bonsai-smtp-'));
after(() => rmSync(folder, {recursive: true}));
const text = 'From: a@x\r\nSubject: s\r\n\r\n.dot\r\nend\r\n';
const letter: Letter = {
	file: path.join(folder, 'letter'),
	envelope: {from: 'a@x', to: ['b@x', 'c@x']},
	sizeBytes: text.length,
	isEightBit: false,
	needsUtf8: false,
};
writeFileSync(letter.file, text);

const steps = ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'message', 'QUIT'];
const pipelined = ['PIPELINING', 'SIZE', 'AUTH PLAIN'];
const oneByOne = ['SIZE', 'AUTH PLAIN'];

/** `silence`: how long the server may think, in ms; a short one where it is to say nothing. */
const hand = (port: number, silence = 30_000): Promise<Outcome> =>
	smtp({host: '127.0.0.1', port, security: 'none', user: 'a', authentication: 'auto', certificateFile: ''}, silence)(
		letter,
		{
			secret: async () => 'p',
			onSpent: () => {},
			beforeTheEnd: () => {},
			patienceMs: 30_000,
			signal: new AbortController().signal,
		},
	);

/** The first try meets the fault, a second one does not. Returns how the first ended. */
async function sendAgainAfterFault(server: SmtpServerOf, fault: SmtpScript, told: string): Promise<Outcome> {
	const before = {taken: server.taken.length, heard: server.heardBytes(), said: server.saidBytes()};
	const {cutAfterHeard, cutAfterSaid} = fault;
	server.script = {
		...fault,
		...(cutAfterHeard === undefined ? {} : {cutAfterHeard: before.heard + cutAfterHeard}),
		...(cutAfterSaid === undefined ? {} : {cutAfterSaid: before.said + cutAfterSaid}),
	};
	const first = await hand(server.port, fault.answers === undefined ? undefined : 200);
	await server.quiet();
	const takenNow = server.taken.length - before.taken;
	server.script = {offers: fault.offers ?? []};
	if (first.state === 'sent') assert.equal(takenNow, 1, `${told}: said to be sent, and was taken ${takenNow} times`);
	else if (first.state === 'unknown') assert.ok(takenNow <= 1, told);
	else {
		assert.equal(takenNow, 0, `${told}: said not to be sent (${first.state}), and was taken`);
		assert.equal((await hand(server.port)).state, 'sent', told);
		await server.quiet();
	}
	const taken = server.taken.slice(before.taken);
	assert.ok(
		taken.length === 1 || (first.state === 'unknown' && taken.length === 0),
		`${told}: taken ${taken.length} times`,
	);
	for (const {octets, to} of taken) assert.deepEqual([octets, to], [text, letter.envelope.to], told);
	return first;
}

for (const [manner, offers] of [
	['pipelined', pipelined],
	['one by one', oneByOne],
] as const) {
	test(`cut at every octet of what is heard and said, ${manner}, it is sent once or nobody knows`, async context => {
		const server = await smtpServer(context, {offers});
		assert.equal((await hand(server.port)).state, 'sent');
		await server.quiet();
		const [heard, said] = [server.heardBytes(), server.saidBytes()];
		const ends: string[] = [];
		for (let octets = 0; octets < heard; octets++)
			ends.push((await sendAgainAfterFault(server, {offers, cutAfterHeard: octets}, `${octets} octets heard`)).state);
		for (let octets = 0; octets < said; octets++)
			ends.push((await sendAgainAfterFault(server, {offers, cutAfterSaid: octets}, `${octets} octets said`)).state);
		// The octets from the message's first to the answer's last, and no others, leave it unknown.
		const unknown = ends.filter(state => state === 'unknown').length;
		assert.ok(
			unknown > 0 && unknown <= text.length + 1 + '\r\n.\r\n'.length + '250 2.0.0 Ok: queued as 4F1D2\r\n'.length,
			`${unknown}`,
		);
	});

	test(`cut at every step, before or after it was done, ${manner}, it is sent once or nobody knows`, async context => {
		const server = await smtpServer(context, {offers});
		for (const step of steps) {
			for (const isUnheard of [true, false]) {
				const {state} = await sendAgainAfterFault(server, {offers, cutAt: {step, isUnheard}}, `${step} ${isUnheard}`);
				assert.equal(state, step === 'QUIT' ? 'sent' : step === 'message' ? 'unknown' : 'unsent', step);
			}
		}
	});

	test(`told the wrong thing at every step, ${manner}, it says sent only of what was taken`, async context => {
		const server = await smtpServer(context, {offers});
		const wrong = [
			'xyzzy',
			'999 what',
			'100 wait',
			'354 go on',
			'\0\xff',
			'4',
			'2',
			'421 4.3.2 bye',
			'451 4.3.0 no',
			'250 Ok\r\n250 Ok',
			'',
		];
		for (const step of steps) {
			for (const said of wrong) {
				const isDone = (at: string): boolean => at === step;
				const answers = (at: string): string | undefined => (isDone(at) ? said : undefined);
				const told = `${JSON.stringify(said)} to ${step}`;
				const {state} = await sendAgainAfterFault(server, {offers, answers}, told);
				if (step === 'message' && !/^(2|[45]\d\d)/.test(said)) assert.equal(state, 'unknown', told);
			}
		}
	});
}
