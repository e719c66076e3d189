/** `mailto:` from a page or a message: from anybody. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readMailto} from '../../source/compose/mailto.ts';

const from = {name: 'Ada', address: 'ada@example.org'};
const read = (url: string) => {
	const found = readMailto(url, from);
	assert.ok(found, url);
	const {draft, leftOut} = found;
	const list = (people: readonly {readonly address: string}[]) => people.map(({address}) => address);
	return {
		to: list(draft.to),
		cc: list(draft.cc),
		bcc: list(draft.bcc),
		subject: draft.subject,
		text: draft.text,
		inReplyTo: draft.inReplyTo,
		leftOut,
		draft,
	};
};

test('the examples of RFC 6068 mean what it says', () => {
	assert.deepEqual(read('mailto:chris@example.com').to, ['chris@example.com']);
	assert.equal(read('mailto:infobot@example.com?subject=current-issue').subject, 'current-issue');
	assert.equal(
		read('mailto:infobot@example.com?body=send%20current-issue%0D%0Asend%20index').text,
		'send current-issue\nsend index',
	);
	assert.deepEqual(read('mailto:list@example.org?In-Reply-To=%3C3469A91.D10AF4C@example.com%3E').inReplyTo, [
		'<3469A91.D10AF4C@example.com>',
	]);
	assert.deepEqual(read('mailto:?to=joe@example.com&cc=bob@example.com&body=hello'), {
		...read('mailto:joe@example.com?cc=bob@example.com&body=hello'),
	});
	assert.deepEqual(read('mailto:addr1@an.example,addr2@an.example?to=addr3@an.example').to, [
		'addr1@an.example',
		'addr2@an.example',
		'addr3@an.example',
	]);
	assert.deepEqual(read('mailto:gorby%25kremvax@example.com').to, ['gorby%kremvax@example.com']);
	assert.deepEqual(read('mailto:unlikely%3Faddress@example.com?blat=foop').leftOut, ['blat']);
	assert.deepEqual(read('mailto:%22not%40me%22@example.org').to, ['"not@me"@example.org']);
	assert.equal(read('mailto:user@example.org?subject=caf%C3%A9').subject, 'café');
	assert.deepEqual(read('mailto:user@%E7%B4%8D%E8%B1%86.example.org?subject=Test&body=NATTO').to, [
		'user@納豆.example.org',
	]);
	assert.equal(read('mailto:a@b.example?subject=1+1').subject, '1+1');
});

test('what nobody would see, or could not take back, is left out and named', () => {
	const {leftOut, draft} = read(
		'mailto:a@b.example?attach=/etc/passwd&From=eve@x&X-Mailer=y&Attachment=z&reply-to=eve@x&content-type=text/html',
	);
	assert.deepEqual(leftOut, ['attach', 'From', 'X-Mailer', 'Attachment', 'reply-to', 'content-type']);
	assert.deepEqual([draft.from, draft.attachments, draft.headers, draft.replyTo], [from, [], [], []]);
});

test('no field gets out of its line, and nothing drives the terminal', () => {
	const {subject, text, to} = read(
		'mailto:a@b.example%0D%0ABcc:eve@x?subject=a%0D%0ABcc:%20eve@x%1b%5b31m&body=x%00%1b%5b31m%0Ay',
	);
	assert.equal(subject, 'a Bcc: eve@x[31m');
	assert.equal(text, 'x[31m\ny');
	assert.deepEqual(to, [], 'what is no address is not written to');
});

test('what is broken is read as far as it goes, and what is no mailto is none', () => {
	assert.equal(read('mailto:a@b.example?subject=100%&body').subject, '100%');
	assert.equal(read('mailto:a@b.example?subject=%FF').subject, '%FF');
	assert.equal(read('MAILTO:a@b.example?SUBJECT=x#part').subject, 'x');
	assert.equal(readMailto('https://example.org', from), undefined);
	assert.equal(readMailto('mailto:a@b.example', from, 'Ada')?.draft.text, '\n\n-- \nAda\n');
});
