/** The demo server's reading of messages against Dovecot's: the same bytes, the same questions, the same answers. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {type DemoServer, demoMailboxes, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {type Dovecot, startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {Dialogue, row, type Token} from './dialogue.ts';

const skip = withoutDovecot;
const largestBytes = 400_000;

let real: Dovecot;
let ours: DemoServer;
let theirs: Dialogue;
let client: Dialogue;
let count = 0;

/** The first screen, and some of every other mailbox; big files are left out. */
const chosen = (): Buffer[] =>
	demoMailboxes().flatMap(({name, state}) => {
		const uids = [...state.uids.within(1, state.uidNext)];
		return (name === 'INBOX' ? [...uids.slice(-25), ...uids.slice(0, 60)] : uids.slice(-12))
			.map(uid => state.letter(uid).message.bytes)
			.filter(bytes => bytes.sizeBytes < largestBytes)
			.map(bytes => bytes.read(0, bytes.sizeBytes));
	});

before(async () => {
	if (skip !== false) return;
	real = await startDovecot();
	ours = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: new MailboxState(1)}]});
	theirs = await Dialogue.loggedIn(real.port, 'user', 'pass');
	client = await Dialogue.loggedIn(ours.port);
	const messages = chosen();
	count = messages.length;
	for (const dialogue of [theirs, client]) {
		for (const raw of messages) await dialogue.ok(`APPEND INBOX {${raw.length}+}\r\n${raw.toString('latin1')}`);
		await dialogue.ok('SELECT INBOX');
	}
});

after(async () => {
	if (skip !== false) return;
	theirs.close();
	client.close();
	await ours.close();
	await real.stop();
});

const compare = async (sequence: number, items: readonly string[]): Promise<void> => {
	const command = `FETCH ${sequence} (${items.join(' ')})`;
	const [expected, actual] = [row((await theirs.ok(command))[0]!), row((await client.ok(command))[0]!)];
	for (const [name, value] of expected) assert.deepEqual(actual.get(name), value, `${name} of message ${sequence}`);
	assert.equal(actual.size, expected.size);
};

/** Dovecot has no name for a Content-Type that cannot be read; ours calls it text/plain, as RFC 2045 §5.2 does. */
const isReadable = (structure: Token): boolean => !JSON.stringify(structure).includes('["",""');

test('sizes, envelopes and structures are those of Dovecot', {skip}, async () => {
	for (let sequence = 1; sequence <= count; sequence++) {
		await compare(sequence, ['RFC822.SIZE', 'ENVELOPE']);
		const [line] = await theirs.ok(`FETCH ${sequence} (BODYSTRUCTURE)`);
		if (isReadable(row(line!).get('BODYSTRUCTURE')!)) await compare(sequence, ['BODYSTRUCTURE', 'BODY']);
	}
});

/** The part numbers of a structure; a message that is not a multipart has one part, 1. */
const pathsIn = (structure: Token[], prefix = ''): string[] => {
	if (!Array.isArray(structure[0])) return [`${prefix}1`, ...insideOf(structure, `${prefix}1.`)];
	const children = structure.slice(
		0,
		structure.findIndex(entry => !Array.isArray(entry)),
	) as Token[][];
	return children.flatMap((child, index) => {
		const path = `${prefix}${index + 1}`;
		const inside = Array.isArray(child[0]) ? pathsIn(child, `${path}.`) : insideOf(child, `${path}.`);
		return [path, ...inside];
	});
};

const insideOf = (leaf: Token[], prefix: string): string[] =>
	leaf[0] === 'message' && leaf[1] === 'rfc822' ? pathsIn(leaf[8] as Token[], prefix) : [];

test('sections are those of Dovecot, byte for byte', {skip}, async () => {
	for (let sequence = 1; sequence <= count; sequence++) {
		const structure = row((await client.ok(`FETCH ${sequence} (BODYSTRUCTURE)`))[0]!).get('BODYSTRUCTURE') as Token[];
		const paths = [...pathsIn(structure), '9'];
		const items = [
			'BODY.PEEK[HEADER]',
			'BODY.PEEK[TEXT]',
			'BODY.PEEK[]<10.50>',
			'BODY.PEEK[HEADER.FIELDS (SUBJECT FROM X-NONE)]',
			'BODY.PEEK[HEADER.FIELDS.NOT (RECEIVED)]',
			...paths.flatMap(path => ['', '.MIME', '.HEADER', '.TEXT'].map(text => `BODY.PEEK[${path}${text}]`)),
		];
		await compare(sequence, items);
	}
});
