/** Drafts on the server, in the real program: what one leaves lies there, and what lies there is gone on with. */
import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {noSending} from '../../source/model/sending.ts';
import {inboxOf, keepAccount, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {eventually, openBonsai, ownHome} from '../helpers/screen.ts';

const robin = {name: 'Robin Aske', address: 'robin.aske@aurelia.example', signatureFile: '', mailboxes: []};

async function withDrafts(t: TestContext, ...messages: readonly string[]) {
	const server = await startDemoServer({
		mailboxes: () => [
			...inboxOf(letter({subject: 'Soup'}))(),
			{name: 'Drafts', state: new MailboxState(9), specialUse: '\\Drafts'},
		],
	});
	for (const each of messages) server.append('Drafts', each, ['\\Draft']);
	const home = ownHome();
	keepAccount(home, {port: server.port, user: 'demo', sending: {...noSending, command: 'false', identities: [robin]}});
	const open = () => {
		const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'demo'}});
		t.after(() => bonsai.close());
		return bonsai;
	};
	t.after(() => server.close());
	const held = (): string[] => {
		const state = server.mailbox('Drafts')!;
		return [...state.uids.within(1, state.uids.last)].map(uid =>
			state.letter(uid).message.bytes.read(0, 1e6).toString('utf8'),
		);
	};
	return {open, held};
}

describe('a draft', () => {
	test('lies on the server when one has left it, once, and as it is when one leaves the program in the middle of it', async t => {
		const {open, held} = await withDrafts(t);
		const bonsai = open();
		await bonsai.standsOn('Soup');
		bonsai.press('m', ...'ada@station.example', 'Enter', ...'The soup', 'Enter', 'Enter', ...'It was good.', 'Escape');
		await bonsai.sees('It was good.');
		await bonsai.sees(/write: The soup +~/);
		assert.deepEqual(held(), []);
		bonsai.press('q');
		await eventually(() => held().join().includes('It was good.'), 'the draft on the server');
		bonsai.press(':', ...'drafts', 'Enter');
		await bonsai.standsOn('The soup');
		bonsai.press('Enter');
		await bonsai.sees('It was good.');
		bonsai.press('s', 'Ctrl+u', ...'The ship', 'Enter');
		await bonsai.sees(/write: The ship +~/);
		bonsai.press('Q');
		await bonsai.exited;
		assert.equal(held().length, 1);
		assert.match(held()[0]!, /^Subject: The ship\r$/m);
	});

	test('of another program is gone on with from the mailbox of drafts, with all it has, and is replaced', async t => {
		const files = mimeWithFiles('Before.', [['map.bin', Buffer.alloc(3000, 'map ')]]);
		const other = letter({
			subject: 'From afar',
			mime: `Bcc: secret@station.example\r\nX-Mozilla-Draft-Info: x\r\n${files}`,
		});
		const {open, held} = await withDrafts(t, other);
		const bonsai = open();
		await bonsai.standsOn('Soup');
		bonsai.press('e');
		await bonsai.sees('only what lies in the mailbox of drafts');
		bonsai.press('c', ...'Drafts', 'Enter');
		await bonsai.standsOn('From afar');
		bonsai.press('Enter');
		await bonsai.sees('e goes on writing it');
		bonsai.press('e');
		await bonsai.sees(/Bcc +secret@station.example/);
		await bonsai.sees('map.bin');
		bonsai.press('s', 'Ctrl+u', ...'From here', 'Enter');
		await bonsai.sees(/Subject +From here/);
		bonsai.press('q');
		await eventually(() => held().length === 1 && held()[0]!.includes('Subject: From here'), 'the draft in its place');
		await bonsai.sees(/work\/Drafts[^\n]*\n[^\n]*From here/);
		assert.ok(held()[0]!.includes('Before.'));
		assert.ok(held()[0]!.includes(Buffer.alloc(57, 'map ').toString('base64').slice(0, 60)));
		assert.doesNotMatch(held()[0]!, /Mozilla/);
	});
});
