/**
 * What it costs to forward a large message by servers that can: all that crosses the lines to both, both ways, on Dovecot. The
 * size of the message is in it only as a number that is said, so a few megabytes are as good as forty (bench/forward.ts).
 */
import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {startBadLink} from '../../source/demo/link.ts';
import {makeLetter} from '../../source/make-letter.ts';
import type {Draft} from '../../source/model/draft.ts';
import {inbox, partNumber} from '../../source/model/ids.ts';
import {noSending} from '../../source/model/sending.ts';
import {smtp} from '../../source/remote/smtp.ts';
import {withoutSubmission} from '../helpers/dovecot.ts';
import {lendingRelay} from '../helpers/lending-relay.ts';
import {noise} from '../helpers/noise.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {draft, isOver, post, stands} from '../helpers/posting.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const quoted = Array.from(
	{length: 12},
	(_, n) => `> Lines as people write them, no two the same: ${(n * 7919) % 9973}.\n`,
).join('');

function messageOf(videoBytes: number): {readonly octets: Buffer; readonly video: string} {
	const video = `${noise(videoBytes).toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`;
	const head =
		'From: bob@example.org\r\nSubject: The video\r\nMessage-ID: <v@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';
	const parts = `--b\r\n\r\nSee.\r\n--b\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n${video}\r\n--b--\r\n`;
	return {octets: Buffer.from(head + parts), video};
}

/** Bytes on both lines, both ways: to open the message, and then to forward it. */
async function costOf(context: TestContext, videoBytes: number) {
	const relay = await lendingRelay(context);
	const {octets, video} = messageOf(videoBytes);
	const place = await relay.store(octets);
	const line = await startBadLink({targetPort: relay.dovecot.submissionPort, bitsPerSecond: 0, roundTripMs: 0});
	context.after(() => line.close());
	const to = {host: '127.0.0.1', port: line.port, security: 'none', user: 'ada', authentication: 'auto'} as const;
	const how = {...to, certificateFile: ''};
	const opened = await openSession(context, {
		port: relay.dovecot.port,
		// It does not wait for news, so that nothing else goes over the line.
		account: {user: 'ada', budget: 'metered', sending: {...noSending, smtp: how}},
		password: 'pass',
		folder: ownFolder(context),
		makeLetter,
		carrier: {submit: smtp(how), secret: async () => 'pass'},
		preferences: {markRead: true, undoSendSeconds: 0},
	});
	const {session, spent} = opened;
	session.dial();
	const [row] = await newest(session.mailbox(inbox), 10);
	const message = session.message(row!.id);
	message.ensureContent();
	message.ensureForAnswer();
	await until(message.content, ({state}) => state === 'known');
	await session.settled();
	const read = spent().total;
	const at = {...place, account: session.account, part: partNumber('2'), sizeBytes: video.length, encoding: 'base64'};
	const forward: Draft = {
		...draft,
		subject: 'Fwd: The video',
		text: `\n---------- Forwarded message ----------\n${quoted}`,
		attachments: [{name: 'video.mp4', type: 'video/mp4', sizeBytes: videoBytes, at}],
	};
	await stands(opened, await post(opened, {draft: forward, forwards: [{...place, account: session.account}]}), isOver);
	await until(session.operations, all => all.length === 2 && all.every(({state}) => state === 'done'));
	await session.settled();
	const arrived = relay.sink.taken[0]!.octets;
	assert.ok(arrived.includes(video));
	const [imap, submission] = [spent().total, line.bytesUp + line.bytesDown];
	context.diagnostic(
		`a message of ${octets.length}: read for ${read}, forwarded for ${imap} (IMAP) + ${submission} (SMTP)`,
	);
	return {read, imap, submission, total: imap + submission};
}

describe('on Dovecot', {skip: withoutSubmission, timeout: 60_000}, () => {
	test('a message with a video is forwarded, filed and marked for less than 6,000 bytes, with what it takes to log in and read it', async context => {
		const {read, total} = await costOf(context, 4_000_000);
		assert.ok(read + total <= 6000, `${read} + ${total}`);
	});

	test('a message of forty times the size costs the same, but for the digits of it', async context => {
		const [small, large] = [await costOf(context, 50_000), await costOf(context, 2_000_000)];
		// Compressed, and with times and proofs in it that are never the same.
		assert.ok(Math.abs(large.total - small.total) <= 60, `${small.total} and ${large.total}`);
	});
});
