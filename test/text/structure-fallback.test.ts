import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {findField, parseWholeMessage} from '../../source/text/text.ts';

const message = Buffer.from(
	[
		'From: =?utf-8?q?J=C3=BCrgen?= <j@b.c>',
		'Subject: Hi',
		'Content-Type: multipart/mixed; boundary=x',
		'',
		'--x',
		'Content-Type: text/plain; charset=utf-8',
		'Content-Transfer-Encoding: quoted-printable',
		'',
		'Gr=C3=BC=C3=9Fe \x1b[2J',
		'--x',
		'Content-Type: application/pdf; name="a\u202eb.pdf"',
		'Content-Transfer-Encoding: base64',
		'',
		'JVBERi0xLjQ=',
		'--x--',
		'',
	].join('\r\n'),
);

describe('parseWholeMessage', () => {
	it('reads headers, text and attachments', async () => {
		const {headers, text, isHtml, attachments} = await parseWholeMessage(message, true);
		assert.equal(findField(headers, 'subject'), 'Hi');
		assert.equal(text.trimEnd(), 'Grüße ␛[2J');
		assert.equal(isHtml, false);
		assert.deepEqual(attachments, [{name: 'a\ufffdb.pdf', type: 'application/pdf', sizeBytes: 8}]);
	});

	it('reads HTML when there is no other text', async () => {
		const raw = Buffer.from('Content-Type: text/html\r\n\r\n<p>one</p><script>no</script><p>two</p>');
		const {text, isHtml} = await parseWholeMessage(raw, true);
		assert.deepEqual([text, isHtml], ['one\n\ntwo', true]);
	});

	it('shows what is there of a message that was cut anywhere', async () => {
		for (let length = 0; length < message.length; length += 7) {
			const {headers, text} = await parseWholeMessage(message.subarray(0, length), false);
			assert.ok(headers.length <= 3);
			assert.ok(!text.includes('\x1b'));
		}
	});

	it('does not wait for ever for an attached message whose headers end in nothing', async () => {
		const raw = Buffer.from('Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\nSubject: cut\r\n');
		await parseWholeMessage(raw, false);
		await parseWholeMessage(raw, true);
	});

	it('never throws for bytes that are no message', async () => {
		for (const raw of [
			'',
			'\r\n\r\n',
			'\0\xff\x1b',
			'a'.repeat(10_000),
			'Content-Type: multipart/mixed; boundary=""\r\n\r\n----\r\n',
		]) {
			await parseWholeMessage(Buffer.from(raw, 'latin1'), true);
		}
	});
});
