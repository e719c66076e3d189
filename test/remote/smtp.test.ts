/** What a submission server may say, and what is made of it. */
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import type {Letter, Outcome} from '../../source/model/outgoing.ts';
import type {SmtpServer} from '../../source/model/sending.ts';
import {noUsage, plus, totalBytes, type Usage} from '../../source/model/usage.ts';
import {smtp} from '../../source/remote/smtp.ts';
import {type SmtpScript, type SmtpServerOf, smtpServer, usualOffers} from '../helpers/smtp-server.ts';
import {tlsIdentity} from '../helpers/tls-identity.ts';

const text = 'From: ada@example.org\r\nTo: bo@example.net\r\nSubject: hi\r\n\r\n.dot\r\nhello\r\n';

function letterOf(context: TestContext, octets = text, parts: Partial<Letter> = {}): Letter {
	const folder = mkdtempSync(path.join(tmpdir(), 'bonsai-smtp-'));
	context.after(() => rmSync(folder, {recursive: true}));
	const file = path.join(folder, 'letter');
	writeFileSync(file, octets);
	const envelope = {from: 'ada@example.org', to: ['bo@example.net']};
	return {file, envelope, sizeBytes: Buffer.byteLength(octets), isEightBit: false, needsUtf8: false, ...parts};
}

const serverAt = (port: number, parts: Partial<SmtpServer> = {}): SmtpServer => ({
	host: 'localhost',
	port,
	security: 'none',
	user: 'ada',
	authentication: 'auto',
	certificateFile: '',
	...parts,
});

type Sent = {readonly outcome: Outcome; readonly usage: Usage};

async function send(
	server: SmtpServer,
	letter: Letter,
	{
		secret = 'pass',
		patienceMs = 5000,
		silenceMs = 5000,
		signal = new AbortController().signal,
		beforeTheEnd = () => {},
	} = {},
): Promise<Sent> {
	let usage = noUsage;
	const outcome = await smtp(server, silenceMs)(letter, {
		secret: async () => secret,
		beforeTheEnd,
		onSpent: spent => {
			usage = plus(usage, spent);
		},
		patienceMs,
		signal,
	});
	return {outcome, usage};
}

const words = (outcome: Outcome): string =>
	outcome.state === 'unsent' ? outcome.failure.sentence : 'because' in outcome ? outcome.because : '';

async function tried(
	context: TestContext,
	script: SmtpScript,
	parts: Partial<SmtpServer> = {},
	letter = letterOf(context),
): Promise<Sent & {readonly server: SmtpServerOf}> {
	const server = await smtpServer(context, script);
	return {...(await send(serverAt(server.port, parts), letter)), server};
}

test('a message is taken once, octet for octet, with its envelope and its size', async context => {
	const {outcome, server, usage} = await tried(context, {});
	assert.deepEqual(outcome, {state: 'sent', refusals: []});
	assert.deepEqual(server.taken, [{from: 'ada@example.org', to: ['bo@example.net'], octets: text}]);
	assert.ok(server.heard.includes(`MAIL FROM:<ada@example.org> SIZE=${text.length}`));
	assert.ok(server.heard.includes('EHLO [127.0.0.1]'), 'the name of this machine is nobody’s business');
	await server.quiet();
	assert.equal(server.heard.at(-1), 'QUIT');
	assert.ok(usage.byPurpose.sending > text.length);
});

test('2 kB cost 700 bytes more than they are and five waits, without TLS', async context => {
	const server = await smtpServer(context);
	const body = `Subject: figures\r\n\r\n${'sixty four columns of plain text, as people write them, go here\r\n'.repeat(31)}`;
	const {outcome} = await send(serverAt(server.port), letterOf(context, body));
	assert.equal(outcome.state, 'sent');
	await server.quiet();
	const spent = server.heardBytes() + server.saidBytes() - body.length;
	assert.ok(spent <= 700, `${spent} bytes besides the message`);
	assert.equal(server.turns(), 5);
});

test('what is metered is what the line carried', async context => {
	const {server, usage} = await tried(context, {cutAt: {step: 'QUIT', isUnheard: true}});
	await server.quiet();
	assert.equal(usage.upBytes, server.heardBytes());
	assert.equal(usage.downBytes, server.saidBytes());
	assert.equal(totalBytes(usage), usage.byPurpose.sending);
});

test('each way to log in is spoken as its RFC says, and the password is shown to no one else', async context => {
	const ways = [
		['plain', `AUTH PLAIN ${Buffer.from('\0ada\0pass').toString('base64')}`],
		['xoauth2', `AUTH XOAUTH2 ${Buffer.from('user=ada\x01auth=Bearer pass\x01\x01').toString('base64')}`],
		['login', Buffer.from('pass').toString('base64')],
	] as const;
	for (const [authentication, line] of ways) {
		const {outcome, server} = await tried(context, {offers: ['AUTH PLAIN LOGIN XOAUTH2']}, {authentication});
		assert.equal(outcome.state, 'sent', authentication);
		assert.ok(server.heard.includes(line), authentication);
	}
});

test('a server that takes mail without a login is asked for none', async context => {
	const {outcome, server} = await tried(context, {offers: []}, {user: ''});
	assert.equal(outcome.state, 'sent');
	assert.ok(!server.heard.some(line => line.startsWith('AUTH')));
	assert.deepEqual(server.heard.slice(0, 4), [
		'EHLO [127.0.0.1]',
		'MAIL FROM:<ada@example.org>',
		'RCPT TO:<bo@example.net>',
		'DATA',
	]);
});

test('a wrong password is said to be one, and one that cannot be checked now is not', async context => {
	const wrong = await tried(context, {answers: step => (step === 'AUTH' ? '535 5.7.8 no' : undefined)});
	assert.ok(wrong.outcome.state === 'unsent' && wrong.outcome.failure.kind === 'denied');
	assert.match(words(wrong.outcome), /password of ada/);
	const later = await tried(context, {answers: step => (step === 'AUTH' ? '454 4.7.0 later' : undefined)});
	assert.ok(later.outcome.state === 'unsent' && later.outcome.failure.kind === 'busy');
	for (const {outcome} of [wrong, later]) assert.doesNotMatch(JSON.stringify(outcome), /pass"|AGFkYQBwYXNz/);
});

test('5xx is for good and 4xx for now, at every command', async context => {
	for (const step of ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'message']) {
		for (const [code, isForNow] of [
			['451', true],
			['554', false],
			['421', true],
		] as const) {
			const answers = (at: string) =>
				at === step || (at === 'HELO' && step === 'EHLO') ? `${code} 4.0.0 because` : undefined;
			const {outcome, server} = await tried(context, {answers});
			assert.deepEqual(server.taken, [], step);
			assert.ok(outcome.state === 'refused' || outcome.state === 'unsent', `${step} ${code}: ${outcome.state}`);
			const isLater = outcome.state === 'refused' ? outcome.isForNow : outcome.failure.kind !== 'denied';
			assert.equal(isLater, isForNow, `${step} ${code}`);
			assert.match(words(outcome), /because/, `${step} ${code}: ${words(outcome)}`);
		}
	}
});

test('who is refused is named, and the others get it', async context => {
	const letter = letterOf(context, text, {envelope: {from: 'ada@example.org', to: ['a@x', 'b@x', 'c@x']}});
	const answers = (step: string, line: string) =>
		step !== 'RCPT'
			? undefined
			: line.includes('a@x')
				? '550 5.1.1 nobody'
				: line.includes('b@x')
					? '450 4.2.1 full'
					: undefined;
	const {outcome, server} = await tried(context, {answers}, {}, letter);
	assert.deepEqual(outcome, {
		state: 'sent',
		refusals: [
			{address: 'a@x', because: '550 5.1.1 nobody', isForNow: false},
			{address: 'b@x', because: '450 4.2.1 full', isForNow: true},
		],
	});
	assert.deepEqual(
		server.taken.map(({to}) => to),
		[['c@x']],
	);
});

test('STARTTLS that is not offered, refused, or talked into is no cleartext', async context => {
	const scripts: readonly SmtpScript[] = [
		{offers: ['AUTH PLAIN'], answers: step => (step === 'STARTTLS' ? '502 5.5.1 no' : undefined)},
		{offers: ['STARTTLS', 'AUTH PLAIN'], answers: step => (step === 'STARTTLS' ? '454 4.7.0 not now' : undefined)},
		{offers: ['STARTTLS'], answers: step => (step === 'EHLO' ? '500 what' : undefined)},
		{offers: ['STARTTLS'], cutAt: {step: 'STARTTLS', isUnheard: false}},
	];
	for (const script of scripts) {
		const {outcome, server} = await tried(context, script, {security: 'starttls'});
		assert.equal(outcome.state, 'unsent');
		assert.ok(!server.heard.some(line => /^(AUTH|MAIL|DATA)/.test(line)), server.heard.join());
	}
});

test('TLS, from the first byte or after STARTTLS, with a certificate of the account’s own', async context => {
	const {file} = letterOf(context, String(tlsIdentity.cert));
	for (const [security, script] of [
		['tls', {isTls: true}],
		['starttls', {offers: [...usualOffers, 'STARTTLS']}],
	] as const) {
		const trusted = await tried(context, script, {security, certificateFile: file});
		assert.deepEqual(trusted.outcome, {state: 'sent', refusals: []}, security);
		assert.equal(trusted.server.taken[0]?.octets, text);
		const strange = await tried(context, script, {security});
		assert.ok(strange.outcome.state === 'unsent' && strange.outcome.failure.kind === 'denied');
		assert.match(words(strange.outcome), /certificate/);
		assert.deepEqual(strange.server.taken, []);
	}
});

test('what a server cannot take is not begun: too long, or in a script it does not know', async context => {
	const long = await tried(context, {offers: ['SIZE 10', 'AUTH PLAIN']});
	assert.match(words(long.outcome), /10 bytes at most/);
	const letter = letterOf(context, text, {
		needsUtf8: true,
		envelope: {from: 'ada@example.org', to: ['伯@例え.example']},
	});
	const script = await tried(context, {offers: ['AUTH PLAIN']}, {}, letter);
	assert.match(words(script.outcome), /SMTPUTF8/);
	for (const {outcome, server} of [long, script]) {
		assert.ok(outcome.state === 'refused' && !outcome.isForNow);
		assert.ok(!server.heard.some(line => line.startsWith('MAIL')));
	}
	const known = await tried(context, {}, {}, letter);
	assert.equal(known.outcome.state, 'sent');
	assert.ok(known.server.heard.some(line => /^MAIL .* SMTPUTF8/.test(line)));
});

test('octets over 127 are announced where the server wants to know', async context => {
	const {server} = await tried(context, {}, {}, letterOf(context, text, {isEightBit: true}));
	assert.ok(server.heard.some(line => /^MAIL .*BODY=8BITMIME/.test(line)));
});

test('no host, no server and no answer are each said in words, and nothing is sent', async context => {
	const letter = letterOf(context);
	const nobody = await smtpServer(context);
	const {outcome: refused} = await send(serverAt(1), letter);
	assert.match(words(refused), /refuses connections/);
	nobody.script = {answers: step => (step === 'greeting' ? '' : undefined), cutAt: {step: 'greeting', isUnheard: true}};
	const {outcome: silent} = await send(serverAt(nobody.port), letter);
	assert.ok(silent.state === 'unsent' && silent.failure.kind === 'offline');
});

test('a server that falls silent after all of it was sent leaves it unknown, before that unsent', async context => {
	for (const [step, state] of [
		['message', 'unknown'],
		['DATA', 'unsent'],
		['AUTH', 'unsent'],
	] as const) {
		const server = await smtpServer(context, {answers: at => (at === step ? '250-wait' : undefined)});
		const {outcome} = await send(serverAt(server.port), letterOf(context), {silenceMs: 60});
		assert.equal(outcome.state, state, `${step}: ${words(outcome)}`);
	}
});

test('stopped by the user, it ends as if the line were cut', async context => {
	const stop = new AbortController();
	const server = await smtpServer(context, {
		answers(step) {
			if (step === 'MAIL') stop.abort();
			return undefined;
		},
	});
	const {outcome} = await send(serverAt(server.port), letterOf(context), {signal: stop.signal});
	assert.equal(outcome.state, 'unsent');
	assert.deepEqual(server.taken, []);
});

test('a message that cannot be read to its end is not sent', async context => {
	const server = await smtpServer(context);
	const {outcome} = await send(serverAt(server.port), {...letterOf(context), file: '/nowhere'});
	assert.ok(outcome.state === 'unsent' && outcome.failure.kind === 'broken', words(outcome));
	await server.quiet();
	assert.deepEqual(server.taken, []);
});

test('the end of a message leaves only after it was noted that it does, and not when that fails', async context => {
	const server = await smtpServer(context);
	const noted: number[] = [];
	const beforeTheEnd = (): void => void noted.push(server.taken.length);
	assert.equal((await send(serverAt(server.port), letterOf(context), {beforeTheEnd})).outcome.state, 'sent');
	assert.deepEqual(noted, [0]);
	const {outcome} = await send(serverAt(server.port), letterOf(context), {
		beforeTheEnd() {
			throw new Error('the disk is full');
		},
	});
	assert.ok(outcome.state === 'unsent' && outcome.failure.kind === 'broken');
	assert.match(words(outcome), /the disk is full/);
	await server.quiet();
	assert.equal(server.taken.length, 1);
});

test('stopped after all of it was sent, it is unknown; before that it is said to be stopped', async context => {
	for (const [step, state] of [
		['message', 'unknown'],
		['DATA', 'unsent'],
		['AUTH', 'unsent'],
	] as const) {
		const stop = new AbortController();
		const server = await smtpServer(context, {
			answers(at) {
				if (at === step) stop.abort();
				return undefined;
			},
		});
		const {outcome} = await send(serverAt(server.port), letterOf(context), {signal: stop.signal});
		assert.equal(outcome.state, state, step);
		if (state === 'unsent') assert.equal(words(outcome), 'Sending was stopped', step);
	}
});

test('a server that refuses the sender and hangs up has refused the message', async context => {
	const answers = (step: string) => (step === 'MAIL' ? '501 5.1.7 no such sender' : undefined);
	const {outcome} = await tried(context, {answers, cutAt: {step: 'RCPT', isUnheard: true}});
	assert.ok(outcome.state === 'refused' && !outcome.isForNow, words(outcome));
	assert.match(words(outcome), /no such sender/);
});

test('a server that is out of step is given no message, and is not believed', async context => {
	const said = (at: string, words: string) => ({answers: (step: string) => (step === at ? words : undefined)});
	// One answer too many, so that the next is taken for that to DATA.
	const shifted = await tried(context, said('MAIL', '250 2.1.0 Ok\r\n250 2.1.0 Ok'));
	assert.equal(shifted.outcome.state, 'unsent', words(shifted.outcome));
	await shifted.server.quiet();
	assert.deepEqual(shifted.server.taken, []);
	// Nobody may have it, and yet it wants one: an empty one would be mail.
	const nobody = await tried(context, {
		answers: step => (step === 'RCPT' ? '550 5.1.1 nobody' : step === 'DATA' ? '354 go on' : undefined),
	});
	assert.ok(nobody.outcome.state === 'refused', words(nobody.outcome));
	await nobody.server.quiet();
	assert.deepEqual(nobody.server.taken, []);
	// It thanks for what it cannot have yet.
	const early = await tried(context, {
		...said('DATA', '354 go on\r\n250 2.0.0 Ok'),
		cutAt: {step: 'message', isUnheard: true},
	});
	assert.equal(early.outcome.state, 'unsent', words(early.outcome));
	assert.deepEqual(early.server.taken, []);
});
