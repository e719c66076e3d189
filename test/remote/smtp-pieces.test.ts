/** Messages of which parts lie in the mailboxes, handed over by BDAT and BURL (RFC 3030, RFC 4468). */
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {Failure} from '../../source/model/failure.ts';
import {accountName, inbox, partNumber} from '../../source/model/ids.ts';
import type {Letter, Outcome} from '../../source/model/outgoing.ts';
import type {PartOnServer, Piece} from '../../source/model/piece.ts';
import {ours} from '../../source/model/safe-text.ts';
import {smtp} from '../../source/remote/smtp.ts';
import type {Submitting, UrlReader} from '../../source/remote/submission.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {offersOfPieces, type SmtpScript, type SmtpServerOf, smtpServer} from '../helpers/smtp-server.ts';

const head = 'From: a@x\r\nSubject: s\r\n\r\n--b\r\n\r\n';
const middle = '\r\n--b\r\n\r\n';
const foot = '\r\n.\r\n--b--\r\n';
const behind: Readonly<Record<string, string>> = {
	'imap://a@h/;UID=1/;SECTION=2': 'VIDEO',
	'imap://a@h/;UID=1/;SECTION=3': 'PDF',
};
const whole = `${head}VIDEO${middle}PDF${foot}`;
const place = {account: accountName('work'), mailbox: inbox, uidValidity: 7, uid: 1, encoding: 'base64'};
const partAt = (part: string, octets: string): PartOnServer => ({
	...place,
	part: partNumber(part),
	sizeBytes: octets.length,
});
const pieces: readonly Piece[] = [
	{own: head.length},
	{at: partAt('2', 'VIDEO')},
	{own: middle.length},
	{at: partAt('3', 'PDF')},
	{own: foot.length},
];

function letterIn(folder: string, parts: Partial<Letter> = {}): Letter {
	const file = path.join(folder, 'letter');
	writeFileSync(file, head + middle + foot);
	const envelope = {from: 'a@x', to: ['b@x', 'c@x']};
	return {file, envelope, sizeBytes: whole.length, isEightBit: false, needsUtf8: false, pieces, ...parts};
}

const urls = async (parts: readonly PartOnServer[]): Promise<string[]> =>
	parts.map(({uid, part}) => `imap://a@h/;UID=${uid}/;SECTION=${part}`);

/** `silence`: how long the server may think, in ms; a short one where it is to say nothing. */
const hand = (port: number, letter: Letter, submitting: Partial<Submitting> = {}, silence = 30_000): Promise<Outcome> =>
	smtp({host: '127.0.0.1', port, security: 'none', user: 'a', authentication: 'auto', certificateFile: ''}, silence)(
		letter,
		{
			secret: async () => 'p',
			onSpent: () => {},
			beforeTheEnd: () => {},
			patienceMs: 30_000,
			signal: new AbortController().signal,
			urlsOf: urls,
			...submitting,
		},
	);

const usual: SmtpScript = {offers: offersOfPieces, fetches: url => behind[url]};
const oneByOne: SmtpScript = {...usual, offers: offersOfPieces.filter(each => each !== 'PIPELINING')};

async function tried(
	context: TestContext,
	script: SmtpScript = {},
	parts: Partial<Letter> = {},
	submitting: Partial<Submitting> = {},
) {
	const server = await smtpServer(context, {...usual, ...script});
	const outcome = await hand(server.port, letterIn(ownFolder(context), parts), submitting);
	await server.quiet();
	return {server, outcome};
}

const words = (outcome: Outcome): string =>
	outcome.state === 'unsent' ? outcome.failure.sentence : 'because' in outcome ? outcome.because : '';

test('what the server fetches itself stands where it belongs, octet for octet, and none of it went up', async context => {
	const {server, outcome} = await tried(context);
	assert.deepEqual(outcome, {state: 'sent', refusals: []});
	assert.deepEqual(server.taken, [{from: 'a@x', to: ['b@x', 'c@x'], octets: whole}]);
	assert.deepEqual(server.heard.slice(-10), [
		'EHLO [127.0.0.1]',
		`MAIL FROM:<a@x> SIZE=${whole.length}`,
		'RCPT TO:<b@x>',
		'RCPT TO:<c@x>',
		`BDAT ${head.length}`,
		'BURL imap://a@h/;UID=1/;SECTION=2',
		`BDAT ${middle.length}`,
		'BURL imap://a@h/;UID=1/;SECTION=3',
		`BDAT ${foot.length} LAST`,
		'QUIT',
	]);
});

test('where the server pipelines it is two waits, else one for each piece; the same is taken', async context => {
	const pipelined = await tried(context);
	const single = await tried(context, oneByOne);
	assert.equal(single.server.taken[0]!.octets, whole);
	// Hello, the login, hello again, all but the last piece, that.
	assert.equal(pipelined.server.turns(), 6);
	assert.equal(single.server.turns(), 6 + 2 + 4 - 1 + 1);
});

test('the server is told who may fetch, and asked which hosts it fetches from once we have logged in', async context => {
	const readers: UrlReader[] = [];
	const offered: boolean[] = [];
	await tried(
		context,
		{},
		{},
		{
			urlsOf: (parts, reader) => {
				readers.push(reader);
				return urls(parts);
			},
			onTakesPieces: takes => void offered.push(takes),
		},
	);
	assert.deepEqual(readers, [{user: 'a', hosts: ['localhost']}]);
	assert.deepEqual(offered, [true]);
});

test('a message that is sent on ends with what the server fetches', async context => {
	const parts = {pieces: [{own: head.length}, {at: partAt('2', 'VIDEO')}], sizeBytes: head.length + 5};
	const {server, outcome} = await tried(context, {}, parts);
	assert.equal(outcome.state, 'sent');
	assert.equal(server.taken[0]!.octets, `${head}VIDEO`);
	assert.equal(server.heard.at(-2), 'BURL imap://a@h/;UID=1/;SECTION=2 LAST');
});

test('octets of ours that are long go up as they are, after somebody may get it', async context => {
	const folder = ownFolder(context);
	const long = `${'.x'.repeat(300_000)}\r\n`;
	const letter = letterIn(folder, {pieces: [{own: long.length}, {at: partAt('2', 'VIDEO')}, {own: foot.length}]});
	writeFileSync(letter.file, long + foot);
	const server = await smtpServer(context, usual);
	assert.equal((await hand(server.port, letter)).state, 'sent');
	await server.quiet();
	assert.ok(server.taken[0]!.octets === `${long}VIDEO${foot}`);
	const refused = await smtpServer(context, {
		...usual,
		answers: step => (step === 'RCPT' ? '550 5.1.1 no' : undefined),
	});
	assert.equal((await hand(refused.port, letter)).state, 'refused');
	await refused.quiet();
	assert.ok(refused.heardBytes() < 1000, 'nothing of it goes up for nobody');
});

test('a part that cannot be fetched refuses the message: nothing of it is sent, and it is said what to do', async context => {
	let isNoted = false;
	const {server, outcome} = await tried(
		context,
		{fetches: url => (url.endsWith('2') ? 'VIDEO' : undefined)},
		{},
		{
			beforeTheEnd() {
				isNoted = true;
			},
		},
	);
	assert.equal(outcome.state, 'refused');
	assert.match(
		words(outcome),
		/^The server cannot fetch an attachment from the mailboxes\. Take it back, fetch the attachments, and send it then\. It says: 554 5\.6\.6/,
	);
	assert.deepEqual(server.taken, []);
	assert.ok(!isNoted, 'its end never went into the line');
	assert.ok(!server.heard.some(line => line.endsWith('LAST')));
});

for (const [said, sentence, isForNow] of [
	[
		'554 5.7.14 URL resolution requires trust relationship',
		/^The server may not fetch from your mailboxes\. Take it back/,
		false,
	],
	[
		'554 5.7.8 URL resolution requires trust relationship',
		/^The server may not fetch from your mailboxes\. Take it back/,
		false,
	],
	['554 5.7.0 IMAP URL authorization failed', /^The server does not fetch an attachment\. Take it back/, false],
	['554 5.6.3 Conversion required', /cannot send an attachment as it lies in the mailboxes\. Take it back/, false],
	['554 5.3.4 Message too big', /too large for the server\. Send less of it/, false],
	['451 4.4.1 IMAP server unavailable', /^The server cannot reach the mailboxes now\. It says: 451/, true],
	['502 5.5.1 not here', /^The server does not fetch an attachment\. Take it back/, false],
] as const) {
	test(`“${said}” is a sentence that says what to do`, async context => {
		const offered: boolean[] = [];
		const {server, outcome} = await tried(
			context,
			{answers: step => (step === 'BURL' ? said : undefined)},
			{},
			{
				onTakesPieces: takes => void offered.push(takes),
			},
		);
		assert.ok(outcome.state === 'refused');
		assert.match(outcome.because, sentence);
		assert.ok(outcome.because.includes(said));
		assert.equal(outcome.isForNow, isForNow);
		assert.deepEqual(server.taken, []);
		// Who may not fetch is not asked to another time.
		assert.deepEqual(offered, /5\.7\.(8|14)/.test(said) ? [true, false] : [true]);
	});
}

test('whom the server will not take it for is told; when that is everybody nobody has it', async context => {
	const some = await tried(context, {
		answers: (step, line) => (step === 'RCPT' && line.includes('b@x') ? '550 5.1.1 no' : undefined),
	});
	assert.equal(some.outcome.state, 'sent');
	assert.deepEqual(some.outcome.state === 'sent' && some.outcome.refusals.map(({address}) => address), ['b@x']);
	assert.deepEqual(some.server.taken[0]!.to, ['c@x']);
	const all = await tried(context, {answers: step => (step === 'RCPT' ? '450 4.2.1 later' : undefined)});
	assert.ok(all.outcome.state === 'refused' && all.outcome.isForNow);
	assert.deepEqual(
		all.outcome.refusals.map(({address}) => address),
		['b@x', 'c@x'],
	);
	assert.deepEqual(all.server.taken, []);
});

test('a server that does not fetch, or takes no octets between, is never begun with', async context => {
	for (const offers of [
		offersOfPieces.filter(each => !each.startsWith('BURL')),
		offersOfPieces.filter(each => each !== 'CHUNKING'),
		offersOfPieces.map(each => (each.startsWith('BURL') ? 'BURL imap://localhost' : each)),
	]) {
		const offered: boolean[] = [];
		const {server, outcome} = await tried(context, {offers}, {}, {onTakesPieces: takes => void offered.push(takes)});
		assert.match(words(outcome), /^The server does not fetch what lies in the mailboxes \(BURL\)\. Take it back/);
		assert.ok(!server.heard.some(line => line.startsWith('MAIL')));
		assert.deepEqual(offered, [false]);
	}
});

test('parts in 8 bits need a server that takes them', async context => {
	const offers = offersOfPieces.filter(each => each !== '8BITMIME');
	const {outcome} = await tried(context, {offers}, {isEightBit: true});
	assert.match(words(outcome), /takes no 8-bit parts/);
	const {server} = await tried(context, {}, {isEightBit: true});
	assert.ok(server.heard.some(line => line === `MAIL FROM:<a@x> BODY=8BITMIME SIZE=${whole.length}`));
});

test('a message that is gone from the mailbox is refused in the words of that server, and one without a line waits', async context => {
	const failing = (failure: Failure): Partial<Submitting> => ({urlsOf: () => Promise.reject(failure)});
	const gone = await tried(context, {}, {}, failing(new Failure('gone', ours('The message is not there any more'))));
	assert.match(words(gone.outcome), /^The message is not there any more\. Take it back, fetch the attachments/);
	assert.equal(gone.outcome.state, 'refused');
	const cut = await tried(context, {}, {}, failing(new Failure('offline', ours('The line was cut'))));
	assert.equal(cut.outcome.state, 'unsent');
	const none = await tried(context, {}, {}, {urlsOf: undefined});
	assert.equal(none.outcome.state, 'unsent');
	assert.match(words(none.outcome), /waits for a line to the mailboxes/);
	for (const {server} of [gone, cut, none]) assert.ok(!server.heard.some(line => line.startsWith('MAIL')));
});

const steps = ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'BDAT', 'BURL', 'BDAT LAST', 'QUIT'];

/** The first try meets the fault, a second one does not. Returns how the first ended. */
async function sendAgainAfterFault(
	server: SmtpServerOf,
	letter: Letter,
	fault: SmtpScript,
	told: string,
): Promise<Outcome> {
	const before = {taken: server.taken.length, heard: server.heardBytes(), said: server.saidBytes()};
	const {cutAfterHeard, cutAfterSaid} = fault;
	server.script = {
		...fault,
		...(cutAfterHeard === undefined ? {} : {cutAfterHeard: before.heard + cutAfterHeard}),
		...(cutAfterSaid === undefined ? {} : {cutAfterSaid: before.said + cutAfterSaid}),
	};
	let isNoted = false;
	const noting = {
		beforeTheEnd() {
			isNoted = true;
		},
	};
	const first = await hand(server.port, letter, noting, fault.answers === undefined ? undefined : 200);
	await server.quiet();
	const takenNow = server.taken.length - before.taken;
	server.script = {...usual, offers: fault.offers ?? []};
	if (first.state === 'sent') assert.equal(takenNow, 1, `${told}: said to be sent, and was taken ${takenNow} times`);
	else if (first.state === 'unknown') assert.ok(takenNow <= 1, told);
	else {
		assert.equal(takenNow, 0, `${told}: said not to be sent (${first.state}), and was taken`);
		assert.equal((await hand(server.port, letter)).state, 'sent', told);
		await server.quiet();
	}
	// What a crash would make unknown was noted before it could be taken.
	assert.ok(takenNow === 0 || isNoted, told);
	const taken = server.taken.slice(before.taken);
	assert.ok(
		taken.length === 1 || (first.state === 'unknown' && taken.length === 0),
		`${told}: taken ${taken.length} times`,
	);
	for (const {octets, to} of taken) assert.deepEqual([octets, to], [whole, letter.envelope.to], told);
	return first;
}

for (const [manner, script] of [
	['pipelined', usual],
	['one by one', oneByOne],
] as const) {
	test(`cut at every octet of what is heard and said, ${manner}, it is sent once and whole, or nobody knows`, async context => {
		const server = await smtpServer(context, script);
		const letter = letterIn(ownFolder(context));
		assert.equal((await hand(server.port, letter)).state, 'sent');
		await server.quiet();
		const [heard, said] = [server.heardBytes(), server.saidBytes()];
		const ends: string[] = [];
		for (let octets = 0; octets < heard; octets++)
			ends.push(
				(await sendAgainAfterFault(server, letter, {...script, cutAfterHeard: octets}, `${octets} octets heard`)).state,
			);
		for (let octets = 0; octets < said; octets++)
			ends.push(
				(await sendAgainAfterFault(server, letter, {...script, cutAfterSaid: octets}, `${octets} octets said`)).state,
			);
		// The octets of the last piece, which is short, and of its answer, and no others, leave it unknown.
		const unknown = ends.filter(state => state === 'unknown').length;
		const most = `BDAT ${foot.length} LAST\r\n`.length + foot.length + '250 2.0.0 Ok: queued as 4F1D2\r\n'.length;
		assert.ok(unknown > 0 && unknown <= most + 1, `${unknown}`);
	});

	test(`cut at every step, before or after it was done, ${manner}, it is sent once or nobody knows`, async context => {
		const server = await smtpServer(context, script);
		const letter = letterIn(ownFolder(context));
		for (const step of steps) {
			for (const isUnheard of [true, false]) {
				const {state} = await sendAgainAfterFault(
					server,
					letter,
					{...script, cutAt: {step, isUnheard}},
					`${step} ${isUnheard}`,
				);
				assert.equal(state, step === 'QUIT' ? 'sent' : step === 'BDAT LAST' ? 'unknown' : 'unsent', step);
			}
		}
	});

	test(`told the wrong thing at every step, ${manner}, it says sent only of what was taken, and whole`, async context => {
		const server = await smtpServer(context, script);
		const letter = letterIn(ownFolder(context));
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
			'554 5.6.6 no',
			'250 Ok\r\n250 Ok',
			'',
		];
		for (const step of steps) {
			for (const answer of wrong) {
				const fault = {...script, answers: (at: string) => (at === step ? answer : undefined)};
				await sendAgainAfterFault(server, letter, fault, `${step} answered ${JSON.stringify(answer)}`);
			}
		}
	});
}
