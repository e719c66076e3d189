/** Answering and sending on: to whom, as whom, about what, and with which words. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	answerTo,
	forwardOf,
	identityFor,
	type Manner,
	recipientsOf,
	type Writing,
} from '../../source/compose/answer.ts';
import {type Original, threadOf} from '../../source/compose/original.ts';
import {quoted, withSignature} from '../../source/compose/quote.ts';
import {answerSubject, forwardSubject} from '../../source/compose/subject.ts';
import type {Identity} from '../../source/model/sending.ts';
import {parseHeader} from '../../source/text/header.ts';
import {draftOf, saysWhatItSays} from '../helpers/written-mail.ts';

const identity = (name: string, address: string, mailboxes: readonly string[] = []): Identity => ({
	name,
	address,
	mailboxes,
	signatureFile: '',
});
const identities = [
	identity('Ada', 'ada@home.example'),
	identity('Ada Byron', 'Ada@Work.example'),
	identity('', 'lists@home.example', ['Lists/ink']),
];
const writing: Writing = {identities, mailbox: 'INBOX', signatureOf: ({name}) => name, zoneMinutes: 60};

const original = (header: string, text = 'hello\n'): Original => ({
	fields: parseHeader(Buffer.from(header.replaceAll('\n', '\r\n'))),
	text,
});
const addresses = (people: readonly {readonly address: string}[]): string =>
	people.map(({address}) => address).join(' ');

function goesTo(manner: Manner, header: string): string {
	const recipients = recipientsOf(original(header), manner, identities);
	return 'problem' in recipients ? 'nobody' : `${addresses(recipients.to)} | ${addresses(recipients.cc)}`;
}

test('an answer goes to Reply-To where there is one, else to who wrote', () => {
	assert.equal(goesTo('sender', 'From: Bo <bo@x>'), 'bo@x | ');
	assert.equal(goesTo('sender', 'From: Bo <bo@x>\nReply-To: office@x, team@x'), 'office@x team@x | ');
	assert.equal(goesTo('sender', 'From: Bo <bo@x>\nReply-To:'), 'bo@x | ', 'an empty one is none');
	assert.equal(goesTo('sender', 'Subject: from nobody'), 'nobody');
});

test('a Reply-To that the list put there does not take a private answer to the list', () => {
	const header = 'From: bo@x\nTo: ink@lists.x\nReply-To: Ink <INK@lists.x>\nList-Post: <mailto:ink@lists.x>';
	assert.equal(goesTo('sender', header), 'bo@x | ');
	assert.equal(goesTo('list', header), 'ink@lists.x | ');
	assert.equal(goesTo('all', header), 'bo@x | ink@lists.x');
});

test('an answer to all leaves nobody out but who writes, and has nobody twice', () => {
	const header = 'From: bo@x\nTo: ada@home.example, cy@x, BO@x\nCc: cy@x, ADA@work.example, di@x';
	assert.equal(goesTo('all', header), 'bo@x | cy@x di@x');
	assert.equal(goesTo('all', 'From: bo@x\nReply-To: team@x\nTo: team@x, ada@home.example'), 'team@x | ');
	assert.equal(goesTo('all', 'From: bo@x\nTo: list@x\nMail-Followup-To: list@x, ada@home.example'), 'list@x | ');
});

test('an answer to one’s own message goes to whom that went', () => {
	const header = 'From: ada@home.example\nTo: bo@x\nCc: cy@x';
	assert.equal(goesTo('sender', header), 'bo@x | ');
	assert.equal(goesTo('all', header), 'bo@x | cy@x');
	assert.equal(
		goesTo('all', 'From: ada@home.example\nTo: ada@home.example'),
		'ada@home.example | ',
		'a note to oneself',
	);
});

test('a list is answered where it takes mail, and only there', () => {
	assert.equal(
		goesTo('list', 'From: bo@x\nList-Post: <mailto:ink%2Bdev@lists.x?subject=x> (moderated)'),
		'ink+dev@lists.x | ',
	);
	for (const none of [
		'From: bo@x',
		'From: bo@x\nList-Post: NO',
		'From: bo@x\nList-Post: <https://lists.x>',
		'From: bo@x\nList-Post: <mailto:%zz@x>',
	])
		assert.equal(goesTo('list', none), 'nobody', none);
});

test('one writes as whom the message went to, else as the mailbox says, else as the first', () => {
	const who = (header: string, mailbox = 'INBOX'): string =>
		identityFor(original(header), {...writing, mailbox}).address;
	assert.equal(who('From: bo@x\nTo: x@y, ada@work.EXAMPLE'), 'Ada@Work.example');
	assert.equal(who('From: bo@x\nTo: list@y\nDelivered-To: lists@home.example'), 'lists@home.example');
	assert.equal(who('From: bo@x\nTo: list@y', 'Lists/ink'), 'lists@home.example');
	assert.equal(who('From: bo@x\nTo: list@y'), 'ada@home.example');
	assert.equal(who('From: Ada@work.example\nTo: ada@home.example'), 'Ada@Work.example', 'one’s own goes on as it was');
	assert.equal(identityFor(undefined, {...writing, mailbox: 'Lists/ink'}).address, 'lists@home.example');
});

test('Re and Fwd stand there once, whatever language piled them up', () => {
	const answers: [string, string][] = [
		['Soup', 'Re: Soup'],
		['Re: Soup', 'Re: Soup'],
		['AW: RE: Re[2]: Soup', 'Re: Soup'],
		['Sv: VS: Soup', 'Re: Soup'],
		['回复：Soup', 'Re: Soup'],
		['Отв: Soup', 'Re: Soup'],
		['Re^3: Soup', 'Re: Soup'],
		['RE : Soup', 'Re: Soup'],
		['', 'Re:'],
		['Regarding: Soup', 'Re: Regarding: Soup'],
		['Fwd: Soup', 'Re: Fwd: Soup'],
		['[ink] Soup', 'Re: [ink] Soup'],
		['Reply soup', 'Re: Reply soup'],
	];
	for (const [subject, expected] of answers) assert.equal(answerSubject(subject), expected, subject);
	const sentOn: [string, string][] = [
		['Soup', 'Fwd: Soup'],
		['Fwd: FW: WG: Soup', 'Fwd: Soup'],
		['TR : Soup', 'Fwd: Soup'],
		['Re: Soup', 'Fwd: Re: Soup'],
		['转发: Soup', 'Fwd: Soup'],
	];
	for (const [subject, expected] of sentOn) assert.equal(forwardSubject(subject), expected, subject);
});

test('an answer refers to all before it, and a long thread to its first and its last', () => {
	const thread = (header: string) => threadOf(original(header));
	assert.deepEqual(thread('Message-ID: <c@x>\nReferences: <a@x>\n <b@x>'), {
		inReplyTo: ['<c@x>'],
		references: ['<a@x>', '<b@x>', '<c@x>'],
	});
	assert.deepEqual(thread('Message-ID: <b@x>\nIn-Reply-To: <a@x>').references, ['<a@x>', '<b@x>']);
	assert.deepEqual(
		thread('Message-ID: <c@x>\nIn-Reply-To: <a@x> <b@x>').references,
		['<c@x>'],
		'of two parents neither is the line',
	);
	assert.deepEqual(thread('Subject: none'), {inReplyTo: [], references: []});
	const long = Array.from({length: 60}, (_, n) => `<${n}@x>`);
	const {references} = thread(`Message-ID: <last@x>\nReferences: ${long.join(' ')}`);
	assert.deepEqual(
		[references.length, references[0], references[1], references.at(-1)],
		[21, '<0@x>', '<41@x>', '<last@x>'],
	);
});

test('what is quoted keeps its depth and loses its signature', () => {
	assert.equal(quoted('one\n\n> two\n>> three\n\n-- \nBo\n'), '> one\n>\n>> two\n>>> three');
	assert.equal(quoted('\r\n\r\none\r\n\r\n'), '> one');
	assert.equal(quoted('\n\n'), '');
});

test('a signature stands once behind its line, and an empty one does not', () => {
	assert.equal(withSignature('text', 'Ada\n'), 'text\n\n-- \nAda\n');
	assert.equal(withSignature('text\n\n\n', '-- \nAda\nByron'), 'text\n\n-- \nAda\nByron\n');
	assert.equal(withSignature('text', ' \n'), 'text');
});

const whole = original(
	'From: =?utf-8?q?B=C3=B6?= <bo@example.net>\nTo: ada@work.example, cy@example.net\nSubject: Soup\nDate: Fri, 20 Nov 2026 18:05:00 +0000\nMessage-ID: <1@example.net>',
	'hello\n\nyours\n-- \nBö\n',
);

test('an answer is a draft with all of this in it, and can be sent', async () => {
	const draft = answerTo(whole, 'all', writing);
	assert.ok(!('problem' in draft));
	assert.deepEqual(draft.from, {name: 'Ada Byron', address: 'Ada@Work.example'});
	assert.deepEqual(
		[addresses(draft.to), addresses(draft.cc), draft.subject],
		['bo@example.net', 'cy@example.net', 'Re: Soup'],
	);
	assert.equal(draft.text, 'Bö wrote on 2026-11-20 19:05:\n> hello\n>\n> yours\n\n-- \nAda Byron\n');
	await saysWhatItSays(draft);
});

test('what is sent on says where it is from, or comes along whole', async () => {
	const draft = forwardOf(whole, writing);
	assert.equal(draft.subject, 'Fwd: Soup');
	assert.deepEqual([draft.to, draft.inReplyTo, draft.references], [[], [], ['<1@example.net>']]);
	assert.equal(
		draft.text,
		'\n---------- Forwarded message ----------\nFrom: Bö <bo@example.net>\nDate: 2026-11-20 19:05\nSubject: Soup\nTo: ada@work.example, cy@example.net\n\n' +
			'hello\n\nyours\n-- \nBö\n\n-- \nAda Byron\n',
	);
	await saysWhatItSays({...draft, to: draftOf({}).to});
	const attached = {name: 'Soup.eml', type: 'message/rfc822', sizeBytes: 9, file: 'x'};
	assert.deepEqual(forwardOf(whole, writing, attached).attachments, [attached]);
	assert.doesNotMatch(forwardOf(whole, writing, attached).text, /Forwarded/);
});

test('a name and a subject that go over several lines are one line in what is written', () => {
	const draft = answerTo(original('From: "Bo\n\tX: y" <bo@x>\nSubject: a\n\tb'), 'sender', writing);
	assert.ok(!('problem' in draft));
	assert.match(draft.subject, /^Re: a\s+b$/);
	assert.match(draft.text, /^Bo X: y wrote:\n> hello\n/);
});
