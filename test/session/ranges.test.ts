/** A server whose ranges are wrong (public-inbox 1.9): with `--disable RANGES` none is asked for, and mail is read all the same. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

test('with RANGES disabled no question has a range, and rows and a text longer than a chunk are what they are', async context => {
	const server = await startDemoServer({
		mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
		isRecording: true,
	});
	context.after(() => server.close());
	const lines = Array.from({length: 2000}, (_, index) => `Line ${index + 1} of a long text.`);
	server.append('INBOX', `From: Ada <ada@example.org>\r\nSubject: long\r\n\r\n${lines.join('\r\n')}\r\n`);
	const {session} = await openSession(context, {port: server.port, account: {disabledCapabilities: ['RANGES']}});
	const [row] = await newest(session.mailbox(inbox), 1);
	assert.equal(row?.subject, 'long');
	const message = session.message(row.id);
	message.ensureContent();
	await until(message.content, ({text}) => text.isWhole);
	const shown = message.lines(80).map(({text}) => text);
	assert.deepEqual([shown[0], shown[1999]], ['Line 1 of a long text.', 'Line 2000 of a long text.']);
	const asked = server.transcript.filter(({by, text}) => by === 'client' && /FETCH/.test(text)).map(({text}) => text);
	assert.equal(asked.filter(text => /<\d/.test(text)).length, 0, asked.join('\n'));
	assert.equal(asked.filter(text => /PEEK\[1\]/.test(text)).length, 1, 'its text is asked for once');
});
