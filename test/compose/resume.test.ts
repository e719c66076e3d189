import assert from 'node:assert/strict';
import {test} from 'node:test';
import {messageIdOf, resumedDraft} from '../../source/compose/resume.ts';
import {parseHeader} from '../../source/text/header.ts';

const me = {name: 'Me', address: 'me@example.org'};
const read = (...lines: string[]) => ({
	fields: parseHeader(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)),
	text: 'Hello.\n' as never,
});

test('a message among the drafts is a draft again, with all that was typed, however incomplete', () => {
	const draft = resumedDraft(
		read(
			'From: Ada <ada@example.org>',
			'To: "Bob, the" <bob@example.org>, carl, <dora>',
			'Cc: undisclosed-recipients:;',
			'Bcc: secret@example.org',
			'Reply-To: elsewhere@example.org',
			'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
			'In-Reply-To: <b@x>',
			'References: <a@x> <b@x>',
			'Message-ID: <draft@x>',
			'X-Ship: Aurelia',
			'X-Mozilla-Draft-Info: internal',
			'X-Mailer: Another',
			'Date: Fri, 20 Nov 2026 12:00:00 +0000',
		),
		me,
	);
	assert.deepEqual(draft.from, {name: 'Ada', address: 'ada@example.org'});
	assert.deepEqual(
		draft.to.map(({name, address}) => `${name}|${address}`),
		['Bob, the|bob@example.org', '|carl', '|dora'],
	);
	assert.deepEqual([draft.cc, draft.bcc.length, draft.replyTo.length], [[], 1, 1]);
	assert.deepEqual([String(draft.subject), draft.text], ['Grüße', 'Hello.\n']);
	assert.deepEqual([draft.inReplyTo, draft.references], [['<b@x>'], ['<a@x>', '<b@x>']]);
	assert.deepEqual(draft.headers, [{name: 'X-Ship', value: 'Aurelia'}]);
});

test('its subject has the joiners that are not shown', () => {
	const subject = '\u0645\u06cc\u200c\u062e';
	assert.equal(
		resumedDraft(read(`Subject: =?utf-8?b?${Buffer.from(subject).toString('base64')}?=`), me).subject,
		subject,
	);
});

test('one that does not say who writes is written by the user', () => {
	assert.deepEqual(resumedDraft(read('Subject: x'), me).from, me);
	assert.equal(messageIdOf(read('Subject: x')), '');
	assert.equal(messageIdOf(read('Message-ID: <a@b>')), '<a@b>');
});
