/** A long message is read no faster than the line takes it, so its size is no matter for memory. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {startDemoServer} from '../../source/demo/server.ts';
import {accountName, inbox, partNumber} from '../../source/model/ids.ts';
import {smtp} from '../../source/remote/smtp.ts';
import {inboxOf} from '../helpers/bonsai-on.ts';
import {dialTest} from '../helpers/dialling.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {sendingTo} from '../helpers/run-send.ts';
import {offersOfPieces, smtpServer} from '../helpers/smtp-server.ts';
import {noise} from '../helpers/with-files.ts';

const sizeBytes = 10_000_000;
/** Eight pieces of 64 kB: in the queue, in DEFLATE, in the socket, and being read. */
const mostAheadBytes = 8 * 65_536;

/** A file that no DEFLATE makes smaller, and how far it is read ahead of what went up, at most. */
function longLetter(t: TestContext) {
	const file = path.join(ownFolder(t), 'long');
	// Octets that any server stores, with lines that are not too long for one.
	const octets = noise(sizeBytes).map((octet, at) => (at % 900 === 898 ? 13 : at % 900 === 899 ? 10 : octet || 1));
	fs.writeFileSync(file, octets);
	const {createReadStream} = fs;
	let reading: fs.ReadStream | undefined;
	t.mock.method(fs, 'createReadStream', (...words: Parameters<typeof createReadStream>) => {
		reading = createReadStream(...words);
		return reading;
	});
	syncBuiltinESMExports();
	t.after(() => {
		t.mock.restoreAll();
		syncBuiltinESMExports();
	});
	let upBytes = 0;
	let aheadBytes = 0;
	return {
		file,
		goesUp(bytes: number) {
			if (reading === undefined) return;
			upBytes += bytes;
			aheadBytes = Math.max(aheadBytes, reading.bytesRead - upBytes);
		},
		isReadNoFaster() {
			assert.equal(reading?.bytesRead, sizeBytes, 'all of it was read');
			assert.ok(upBytes >= sizeBytes * 0.9, 'it is not made smaller');
			assert.ok(aheadBytes <= mostAheadBytes, `read ahead by ${aheadBytes}`);
		},
	};
}

for (const isCompressed of [true, false])
	test(`what is stored ${isCompressed ? 'through DEFLATE' : 'as it is'} is read no faster than the line takes it`, async t => {
		const letter = longLetter(t);
		const server = await startDemoServer({mailboxes: inboxOf()});
		t.after(() => server.close());
		const {remote} = await dialTest(t, {
			port: server.port,
			account: {disabledCapabilities: isCompressed ? [] : ['COMPRESS=DEFLATE']},
			onTraffic: ({upBytes}) => letter.goesUp(upBytes),
		});
		assert.equal(remote.isCompressed, isCompressed);
		await remote.append(inbox, {file: letter.file, sizeBytes}, {flags: [], date: undefined});
		letter.isReadNoFaster();
	});

for (const isInPieces of [false, true])
	test(`what is sent ${isInPieces ? 'in pieces ' : ''}is read no faster than the line takes it`, async t => {
		const letter = longLetter(t);
		const server = await smtpServer(t, {
			offers: ['PIPELINING', '8BITMIME', 'AUTH PLAIN', ...(isInPieces ? offersOfPieces : [])],
			fetches: () => 'video',
			keepsNothing: true,
		});
		const {smtp: to} = sendingTo(server.port, {});
		const place = {account: accountName('work'), mailbox: inbox, uidValidity: 7, uid: 1};
		const at = {...place, part: partNumber('2'), encoding: 'base64', sizeBytes: 5};
		const outcome = await smtp(to!)(
			{
				file: letter.file,
				sizeBytes,
				envelope: {from: 'ada@example.org', to: ['bo@example.net']},
				isEightBit: true,
				needsUtf8: false,
				...(isInPieces ? {pieces: [{own: sizeBytes}, {at}], sizeBytes: sizeBytes + 5} : {}),
			},
			{
				secret: async () => 'pass',
				onSpent: ({upBytes}) => letter.goesUp(upBytes),
				patienceMs: 20_000,
				beforeTheEnd: () => {},
				signal: new AbortController().signal,
				urlsOf: async () => ['imap://ada@localhost/INBOX/;UID=1/;SECTION=2'],
			},
		);
		assert.equal(outcome.state, 'sent');
		letter.isReadNoFaster();
	});
