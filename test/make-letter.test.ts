/** A draft with the files of this machine as a message that leaves. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {Readable} from 'node:stream';
import {type TestContext, test} from 'node:test';
import {makeLetter} from '../source/make-letter.ts';
import {type Attachment, type Draft, emptyDraft} from '../source/model/draft.ts';
import {accountName, inbox, partNumber} from '../source/model/ids.ts';
import {ownFolder} from './helpers/own-folder.ts';

const now = Date.UTC(2026, 10, 20, 12);
const draft: Draft = {
	...emptyDraft({name: 'Robin', address: 'robin@ship.example'}),
	to: [{name: 'Bob', address: 'bob@example.org'}],
	bcc: [{name: '', address: 'hidden@example.org'}],
};

function messageFile(context: TestContext, octets: string): Attachment {
	const file = path.join(ownFolder(context), 'message.eml');
	fs.writeFileSync(file, octets, 'latin1');
	return {name: 'message.eml', type: 'message/rfc822', sizeBytes: octets.length, file};
}

async function made(of: Draft) {
	const {pieces, ...more} = await makeLetter(of, now);
	const octets: Uint8Array[] = await Readable.from(pieces).toArray();
	return {text: Buffer.concat(octets).toString('latin1'), ...more};
}

test('a message that is sent on as it is gets Resent- fields in front, and is otherwise octet for octet what it was', async context => {
	const body = 'caf\xe9\r\n.\r\nFrom here\r\n';
	const header =
		'Received: from a\r\nFrom: Ada <ada@example.org>\r\nTo: robin@ship.example\r\nMessage-ID: <1@x>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n';
	const resends = messageFile(context, `Delivered-To: robin@ship.example\r\n${header}\r\n${body}`);
	const {text, envelope, isEightBit, messageId} = await made({...draft, resends});
	assert.ok(text.endsWith(`\r\n${header}\r\n${body}`), text);
	assert.match(
		text,
		/^Resent-Date: .*\r\nResent-From: Robin <robin@ship\.example>\r\nResent-To: Bob <bob@example\.org>\r\n/,
	);
	assert.doesNotMatch(text, /Delivered-To|hidden/);
	assert.deepEqual(envelope, {from: 'robin@ship.example', to: ['bob@example.org', 'hidden@example.org']});
	assert.ok(isEightBit);
	assert.match(text, new RegExp(`Resent-Message-ID: ${messageId}`));
});
test('a message that lies on a server is sent on with the same header, and its body is taken from there', async () => {
	const header = 'Delivered-To: robin@ship.example\r\nFrom: Ada <ada@example.org>\r\nMessage-ID: <1@x>\r\nDate: x\r\n';
	const place = {account: accountName('work'), mailbox: inbox, uidValidity: 7, uid: 12};
	const at = {...place, part: partNumber('TEXT'), sizeBytes: 4000, encoding: '8bit'};
	const resends = {name: 'message.eml', type: 'message/rfc822', sizeBytes: 4200, header, at};
	const {pieces, isEightBit} = await makeLetter({...draft, resends}, now);
	const [front, body, ...more] = await Readable.from(pieces).toArray();
	assert.match(
		front.toString('latin1'),
		/^Resent-Date: .*\r\n(Resent-.*\r\n)+From: Ada <ada@example\.org>\r\nMessage-ID: <1@x>\r\nDate: x\r\n\r\n$/,
	);
	assert.deepEqual([body, more], [at, []]);
	assert.ok(isEightBit);
	await assert.rejects(
		makeLetter({...draft, resends: {...resends, at: {...at, encoding: 'binary'}}}, now),
		/cannot travel as it lies on the server: fetch it first/,
	);
});
test('one from this disk, with other ends of lines and none at its end, leaves with those of mail', async context => {
	const resends = messageFile(
		context,
		'From: a@b.org\nDate: Fri, 20 Nov 2026 10:00:00 +0000\nMessage-ID: <1@x>\n\nno end',
	);
	const {text} = await made({...draft, resends});
	assert.ok(text.endsWith('\r\n\r\nno end\r\n'));
	assert.doesNotMatch(text, /[^\r]\n/);
});
test('an attached message with octets over 127 is sent as it is, one without says nothing of 8bit', async context => {
	const eight = await made({...draft, attachments: [messageFile(context, 'Subject: a\r\n\r\ncaf\xe9\r\n')]});
	assert.ok(eight.isEightBit);
	assert.match(eight.text, /message\/rfc822[\s\S]*8bit[\s\S]*caf\xe9/);
	const seven = await made({...draft, attachments: [messageFile(context, 'Subject: a\r\n\r\ncafe\r\n')]});
	assert.ok(!seven.isEightBit);
});
test('sent on to nobody, or to what is no address, is refused with a sentence', async context => {
	const resends = messageFile(context, 'From: a@b.org\r\n\r\nx\r\n');
	await assert.rejects(makeLetter({...draft, to: [], bcc: [], resends}, now), /It goes to nobody/);
	await assert.rejects(makeLetter({...draft, to: [{name: '', address: 'bob'}], resends}, now), /bob is no address/);
});
