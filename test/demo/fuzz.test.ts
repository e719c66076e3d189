/** Spoiled commands and spoiled messages, from a fixed seed. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {demoMailboxes, MailboxState, rawMessage, startDemoServer} from '../../source/demo/server.ts';
import {bodyStructure, envelope} from '../../source/demo/structure.ts';
import {Dialogue, tokens} from './dialogue.ts';

const seed = 3501;

const chance = () => {
	let state = seed;
	return (below: number): number => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 4_294_967_296) * below);
	};
};

/** Some characters removed, doubled, or made into one that means something. */
const spoil = (text: string, below: (n: number) => number, alphabet: string): string => {
	let spoiled = text;
	for (let changes = 1 + below(4); changes > 0; changes--) {
		const at = below(spoiled.length + 1);
		const other = alphabet[below(alphabet.length)]!;
		spoiled = spoiled.slice(0, at) + ['', other, other + other][below(3)] + spoiled.slice(at + below(3));
	}
	return spoiled;
};

test(`no command, however spoiled, ends the connection or goes unanswered (seed ${seed})`, async () => {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(1)},
			{name: 'A', state: new MailboxState(2)},
		],
	});
	const client = await Dialogue.loggedIn(server.port);
	for (let i = 0; i < 5; i++) server.append('INBOX', `Subject: ${i}\n\nhello ${i}\n`);
	await client.ok('SELECT INBOX');
	const below = chance();
	const commands = [
		'UID FETCH 1:* (FLAGS BODY.PEEK[1.2.HEADER.FIELDS (A B)]<0.10> BINARY.SIZE[1])',
		'FETCH 1,2:3 (ENVELOPE BODYSTRUCTURE PREVIEW (LAZY)) (CHANGEDSINCE 1)',
		'UID SEARCH RETURN (MIN COUNT) OR (FROM "x" NOT SEEN) SINCE 1-Jan-2026',
		'UID STORE 1:2 (UNCHANGEDSINCE 5) +FLAGS.SILENT (\\Seen $x)',
		'LIST (SUBSCRIBED) "" ("%" "*") RETURN (STATUS (MESSAGES SIZE))',
		'STATUS "INBOX" (UIDNEXT UNSEEN)',
		'APPEND A (\\Seen) "17-Jul-2026 02:44:25 -0700" {3+}\r\nabc',
		'UID COPY 1:3 A',
		'CREATE "b&AOk-/c"',
		'ENABLE CONDSTORE QRESYNC',
	];
	for (let round = 0; round < 1500; round++) {
		// Literals are left alone: one that promises more than comes would rightly wait for it.
		const command = spoil(commands[round % commands.length]!, below, ' ()[]"\\*%:,.<>0179{}aFÿ\u0001')
			.replace(/\{[\d+]*\}$/, '')
			.replace(/\{\d*\+?\}(?!\r\n)/g, '{');
		if (/[\r\n]/.test(command) || /^ *(LOGOUT|IDLE|AUTH|COMPRESS|SELECT|UNSELECT|CLOSE)/i.test(command)) continue;
		const answer = (await client.ask(command)).at(-1)!;
		assert.match(answer, /^(OK|NO|BAD) /, command);
		assert.doesNotMatch(answer, /SERVERBUG/, command);
	}
	await client.ok('NOOP');
	client.close();
	await server.close();
});

test(`every message, however spoiled, has a structure that can be read as nested lists (seed ${seed})`, () => {
	const below = chance();
	const {state} = demoMailboxes()[0]!;
	const samples = [...state.uids.within(1, state.uidNext)]
		.slice(-25)
		.map(uid => state.letter(uid).message.bytes)
		.filter(bytes => bytes.sizeBytes < 100_000)
		.map(bytes => bytes.read(0, 6000).toString('latin1'));
	for (let round = 0; round < 1500; round++) {
		const text = spoil(samples[round % samples.length]!, below, '\r\n:;="<>@,()-= \t\\/\0\xff');
		const {root, bytes} = rawMessage(Buffer.from(text, 'latin1'));
		assert.ok(root.end === bytes.sizeBytes && root.bodyStart <= root.end);
		const [structure] = tokens(bodyStructure(root, true));
		assert.ok(Array.isArray(structure) && structure.length > 3);
		assert.equal((tokens(envelope(root.fields))[0] as unknown[]).length, 10);
	}
});
