/** SEARCH, one key at a time. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {Dialogue} from './dialogue.ts';

let server: DemoServer;
let client: Dialogue;

before(async () => {
	server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: new MailboxState(1)}]});
	const day = (n: number) => Date.UTC(2026, 0, n, 12);
	server.append(
		'INBOX',
		'From: Ada <ada@example>\nTo: bo@example\nSubject: first\nDate: Thu, 1 Jan 2026 23:00:00 -0500\n\nalpha\n',
		['\\Seen'],
		day(1),
	);
	server.append(
		'INBOX',
		'From: bo@example\nSubject: =?utf-8?B?w6l0w6k=?=\nX-Mood: fair\nDate: Fri, 2 Jan 2026 10:00:00 +0000\n\nbeta\n',
		['\\Flagged', '$Later'],
		day(2),
	);
	server.append(
		'INBOX',
		`From: cy@example\nSubject: third\nDate: 3 Jan 2026 10:00:00 +0000\nContent-Transfer-Encoding: base64\n\n${Buffer.from('gamma rays').toString('base64')}\n`,
		['\\Deleted'],
		day(3),
	);
	server.append(
		'INBOX',
		`From: Ada <ada@example>\nSubject: long\n\n${'word '.repeat(500)}\n`,
		['\\Answered', '\\Draft'],
		day(4),
	);
	client = await Dialogue.loggedIn(server.port);
	server.expunge('INBOX', server.append('INBOX', 'Subject: gone\n\n'));
	server.append('INBOX', 'Subject: last\n\n');
	await client.ok('SELECT INBOX');
});
after(async () => {
	client.close();
	await server.close();
});

const finds = (key: string, ...uids: number[]) =>
	test(`UID SEARCH ${key.replace(/[^\x20-\x7e]/g, '.')} finds ${uids.join(' ') || 'nothing'}`, async () => {
		assert.equal((await client.ok(`UID SEARCH ${key}`))[0], `* SEARCH${uids.map(uid => ` ${uid}`).join('')}`);
	});

finds('ALL', 1, 2, 3, 4, 6);
finds('UNSEEN', 2, 3, 4, 6);
finds('SEEN', 1);
finds('FLAGGED', 2);
finds('KEYWORD $later', 2);
finds('DELETED', 3);
finds('UNDELETED UNDRAFT', 1, 2, 6);
finds('ANSWERED', 4);
finds('FROM ada', 1, 4);
finds('TO bo', 1);
finds('SUBJECT \u00c3\u0089T\u00c3\u00a9'.replace(/[\u00c3].*/, '{5+}\r\n\u00c3\u0089T\u00c3\u00a9'), 2);
finds('HEADER X-Mood ""', 2);
finds('BODY "gamma rays"', 3);
finds('TEXT beta', 2);
finds('SINCE 3-Jan-2026 BEFORE 5-Jan-2026', 3, 4);
finds('ON 2-Jan-2026', 2);
finds('SENTON 1-Jan-2026', 1);
finds('SENTSINCE 2-Jan-2026', 2, 3);
finds('LARGER 2000', 4);
finds('SMALLER 30', 6);
finds('OR FROM ada FLAGGED', 1, 2, 4);
finds('NOT (OR FROM ada FLAGGED)', 3, 6);
finds('UID 2:3,100:*', 2, 3, 6);
finds('5', 6);
finds('1:2 NOT SEEN', 2);
finds('NEW');

test('ESEARCH answers with what is asked for', async () => {
	assert.match(
		(await client.ok('UID SEARCH RETURN (MIN MAX COUNT ALL) ALL'))[0]!,
		/^\* ESEARCH \(TAG "t\d+"\) UID MIN 1 MAX 6 ALL 1:4,6 COUNT 5$/,
	);
	assert.match((await client.ok('SEARCH RETURN () ALL'))[0]!, /^\* ESEARCH \(TAG "t\d+"\) ALL 1:5$/);
	assert.match((await client.ok('SEARCH RETURN (COUNT MIN) NEW'))[0]!, /^\* ESEARCH \(TAG "t\d+"\) COUNT 0$/);
});

test('SEARCH MODSEQ tells the highest of what it found', async () => {
	const modseq = server.mailbox('INBOX')!.highestModseq;
	assert.equal((await client.ok(`UID SEARCH MODSEQ ${modseq}`))[0], `* SEARCH 6 (MODSEQ ${modseq})`);
});

test('an unknown charset is refused', async () => {
	assert.match((await client.ask('SEARCH CHARSET KLINGON SUBJECT x')).at(-1)!, /^NO \[BADCHARSET/);
});
