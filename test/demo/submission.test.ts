/** The submission server of the demo: what one sends oneself arrives, and nothing leaves. */
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {demoNow, demoUser, startDemoServer} from '../../source/demo/server.ts';
import {startDemoSubmission} from '../../source/demo/submission.ts';
import {accountName, inbox, partNumber} from '../../source/model/ids.ts';
import type {Letter, Outcome} from '../../source/model/outgoing.ts';
import {smtp} from '../../source/remote/smtp.ts';
import {inboxOf, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {dialTest} from '../helpers/dialling.ts';
import {ownFolder} from '../helpers/own-folder.ts';

const address = 'robin.aske@aurelia.example';
const text = 'Subject: Dots\r\n\r\n.\r\n..two\r\n';

async function demo(t: TestContext) {
	const server = await startDemoServer({mailboxes: inboxOf(letter({mime: mimeWithFiles('Here.', [['a.bin', text]])}))});
	t.after(() => server.close());
	const submission = await startDemoSubmission({server, ...demoUser, address, clock: () => demoNow});
	t.after(() => submission.close());
	const {remote} = await dialTest(t, {port: server.port});
	const file = path.join(ownFolder(t), 'letter');
	const dials = t.mock.method(net.Socket.prototype, 'connect');
	return {
		remote,
		/** How often anybody dialled. */
		dials: () => dials.mock.callCount(),
		async send(parts: Partial<Letter>, {password = demoUser.password, user = demoUser.user} = {}): Promise<Outcome> {
			writeFileSync(file, text);
			const envelope = {from: address, to: [address]};
			return smtp({
				host: '127.0.0.1',
				port: submission.port,
				security: 'none',
				user,
				authentication: 'auto',
				certificateFile: '',
			})(
				{file, envelope, sizeBytes: text.length, isEightBit: false, needsUtf8: false, ...parts},
				{
					secret: async () => password,
					onSpent: () => {},
					patienceMs: 20_000,
					beforeTheEnd: () => {},
					signal: new AbortController().signal,
					urlsOf: (places, reader) =>
						remote.fetchUrls(places, {
							host: 'localhost',
							user: demoUser.user,
							reader: reader.user,
							until: demoNow + 3_600_000,
						}),
				},
			);
		},
		/** What is in INBOX besides its first message, octet for octet. */
		async arrived(): Promise<string[]> {
			await remote.look();
			const all = await remote.search({by: 'all'});
			const octets = all
				.slice(1)
				.map(uid => remote.fetchChunk(uid, {part: partNumber(''), of: 'content'}, 0, 10_000, 'as-sent', 'parts'));
			return (await Promise.all(octets)).map(String);
		},
	};
}

test('what is written to the own address is in INBOX as it was sent, in any case of the address', async t => {
	const {send, arrived} = await demo(t);
	const to = ['bo@example.net', address.toUpperCase()];
	assert.deepEqual(await send({envelope: {from: address, to}}), {state: 'sent', refusals: []});
	assert.deepEqual(await arrived(), [text]);
});

test('what is written to others is taken, goes nowhere, and nobody is dialled', async t => {
	const {send, arrived, dials} = await demo(t);
	const before = dials();
	assert.equal((await send({envelope: {from: address, to: ['bo@example.net']}})).state, 'sent');
	assert.deepEqual([await arrived(), dials() - before], [[], 1], 'our own line to it');
});

test('who does not log in, or not rightly, sends nothing', async t => {
	const {send, arrived} = await demo(t);
	assert.equal((await send({}, {user: ''})).state, 'refused');
	const outcome = await send({}, {password: 'guessed'});
	assert.ok(outcome.state === 'unsent' && outcome.failure.kind === 'denied');
	assert.deepEqual(await arrived(), []);
});

test('what lies in the mailboxes is taken from there', async t => {
	const {send, arrived} = await demo(t);
	const selected = {account: accountName('demo'), mailbox: inbox, uidValidity: 1733, uid: 1};
	const inside = Buffer.from(text).toString('base64');
	const at = {...selected, part: partNumber('2'), encoding: 'base64', sizeBytes: inside.length};
	const pieces = [{own: text.length}, {at}];
	assert.deepEqual(await send({pieces, sizeBytes: text.length + inside.length}), {state: 'sent', refusals: []});
	assert.deepEqual(
		(await arrived()).map(each => each.trimEnd()),
		[`${text}${inside}`.trimEnd()],
	);
});
