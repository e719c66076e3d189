/** An invitation in the real program: read in one's own time, answered, and what the organiser's program gets. */
import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {startDemoServer} from '../../source/demo/server.ts';
import {usualIdentity} from '../../source/model/sending.ts';
import {inboxOf, keepAccount, letter} from '../helpers/bonsai-on.ts';
import {google} from '../helpers/invitations.ts';
import {sendingTo} from '../helpers/run-send.ts';
import {eventually, openBonsai, ownHome} from '../helpers/screen.ts';
import {smtpServer} from '../helpers/smtp-server.ts';

const inviting = letter({
	subject: 'Come',
	from: 'Ada Byron <ada@example.org>',
	mime: `Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nCome and look.\r\n--b\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\n${google}\r\n--b--\r\n`,
});

async function invited(t: TestContext, size: {readonly columns: number; readonly rows: number}) {
	const inbox = inboxOf(inviting)()[0]!;
	const imap = await startDemoServer({mailboxes: () => [inbox]});
	t.after(() => imap.close());
	const smtp = await smtpServer(t);
	const home = ownHome();
	t.after(() => home.remove());
	const robin = {...usualIdentity({sending: sendingTo(smtp.port), user: ''}), address: 'robin@ship.example'};
	const sending = {...sendingTo(smtp.port), identities: [{...robin, address: 'aske@work.example'}, robin]};
	keepAccount(home, {port: imap.port, user: 'demo', sending}, {undoSendSeconds: 0});
	const bonsai = openBonsai({home, ...size, env: {BONSAI_TEST_PASSWORD: 'demo', TZ: 'America/New_York'}});
	t.after(() => bonsai.close());
	return {imap, smtp, bonsai, isAnswered: () => [...inbox.state.flags(1)].includes('\\Answered')};
}

describe('an invitation', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
	] as const)
		test(`is read in one’s own time and accepted, on ${columns}x${rows}: the organiser’s program gets the answer, and the message is marked`, async t => {
			const {smtp, bonsai, isAnswered} = await invited(t, {columns, rows});
			await bonsai.standsOn('Come');
			bonsai.press('Enter');
			await bonsai.sees('An invitation from Ada Byron');
			await bonsai.sees('Tue, 1 Dec 2026, 09:00 to 10:00, local time');
			await bonsai.sees('15:00 to 16:00 in Europe/Berlin');
			await bonsai.sees('Come and look.');
			bonsai.press('i');
			await bonsai.sees(/i: a accept; t perhaps; d decline/);
			bonsai.press('a');
			await bonsai.sees(/Answer +accepts the invitation/);
			await bonsai.sees('robin@ship.example');
			bonsai.press('y');
			await bonsai.sees(/Sent: “Accepted: Budget/);
			await eventually(isAnswered, 'the mark');
			const [letterSent] = smtp.taken;
			assert.deepEqual(letterSent?.to, ['ada@example.org']);
			assert.equal(letterSent?.from, 'robin@ship.example');
			const octets = letterSent?.octets ?? '';
			assert.match(octets, /^Content-Type: multipart\/alternative;/m);
			assert.match(octets, /^Content-Type: text\/calendar; charset=utf-8; method=REPLY\r?$/m);
			assert.match(octets, /\r\nUID:0abc123def456@google\.com\r\n/);
		});

	test('that is here is read without a line, and an answer to it can be written', async t => {
		const {imap, smtp, bonsai} = await invited(t, {columns: 80, rows: 24});
		await bonsai.standsOn('Come');
		bonsai.press('Enter');
		await bonsai.sees('An invitation from Ada Byron');
		bonsai.press('q', ...':hangup', 'Enter');
		await bonsai.sees(/offline|hung up/);
		await imap.close();
		bonsai.press('Enter');
		await bonsai.sees('An invitation from Ada Byron');
		bonsai.press(...':decline', 'Enter');
		await bonsai.sees(/Answer +declines the invitation/);
		assert.equal(smtp.taken.length, 0);
	});
});
