/** Reading mail on the built-in mailbox: press, see, press. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {bonsaiDemo, bonsaiOn, commandsTo, inboxOf, letter} from '../helpers/bonsai-on.ts';
import {eventually} from '../helpers/screen.ts';

describe('reading', {concurrency: 3}, () => {
	test('the demo opens on its newest message', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn(/1200 . N {3}18:05 {3}Noor Haddad.* 580 Line up until 19:00/);
		assert.match(bonsai.screen[0] ?? '', /demo\/INBOX .*1200 of 1200 .*online/);
		assert.equal(bonsai.cursor.column, 0, 'the real cursor stands on the selected row');
	});

	test('keys move by row, by page, to the ends, to a number, and to the next unread', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('Up');
		await bonsai.standsOn(/1199 .* Medical stores/);
		bonsai.press('k', 'k', 'j');
		await bonsai.standsOn(/1198 .* Lecture recording/);
		bonsai.press('PageUp');
		await bonsai.standsOn(/^ 11[67]\d /);
		bonsai.press('Home');
		await bonsai.standsOn(/^ {4}1 /);
		await bonsai.sees(' 1 of 1200');
		bonsai.press('End');
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('1191', 'Enter');
		await bonsai.standsOn(/1191 .* Berth changed/);
		bonsai.press('Tab');
		await bonsai.standsOn(/1194 . N .* The Polar Record/);
		bonsai.press('99999', 'Enter');
		await bonsai.sees('there are 1200; this is the last');
	});

	test('Enter reads a message, J and K read its neighbours, q goes back to its row', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('Enter');
		await bonsai.sees('The satellite is above the horizon until 19:00');
		await bonsai.sees('From:    Noor Haddad <radio@aurelia.example>');
		bonsai.press('J');
		await bonsai.sees('this is the last message');
		bonsai.press('K');
		await bonsai.sees('the list of medical stores for the winter is final');
		bonsai.press('q');
		// What was read is marked as read.
		await bonsai.standsOn(/1199 ◐ {5}17:51/);
	});

	test('a message of 55 MB opens at the price of its text, and the video waits below it with its size', async t => {
		const {bonsai, server} = await bonsaiOn(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('Up', 'Up', 'Enter');
		await bonsai.sees('the recording of last Thursday is attached');
		bonsai.press('End');
		// The server decodes it (BINARY), so that its base64 is not paid for.
		await bonsai.sees(/video\/mp4 +lecture-2026-11-12\.mp4 +55M +<?4\d MB/);
		assert.deepEqual(
			commandsTo(server).filter(command => /\[2[.\]]|BODY(\.PEEK)?\[\]|\[TEXT\]/.test(command)),
			[],
			'no part but the first was asked for',
		);
		const asked = commandsTo(server).flatMap(command =>
			[...command.matchAll(/<0\.(\d+)>/g)].map(([, count]) => Number(count)),
		);
		assert.ok(asked.length > 0 && Math.max(...asked) <= 16_384, `part 1 was asked for in a small window: ${asked}`);
	});

	test('y lists the mailboxes, Space folds, Enter opens one, c goes to one by name', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('y');
		await bonsai.sees(/INBOX +31 +1200/);
		await bonsai.sees('日本');
		await bonsai.sees('Entwürfe');
		bonsai.press('Down', 'Down', 'Down', 'Down', 'Down', 'Down');
		await bonsai.standsOn('Lists');
		bonsai.press('Space');
		await bonsai.seesNoMore('imap-protocol');
		bonsai.press('Space');
		await bonsai.sees('imap-protocol');
		bonsai.press('End', 'Enter');
		await bonsai.sees('demo/日本');
		await bonsai.sees('14 of 14');
		bonsai.press('c', 'Travel/Ship log', 'Enter');
		await bonsai.sees('demo/Travel/Ship log');
		await bonsai.standsOn('Ship log, day 89');
		bonsai.press('c', 'Nowhere', 'Enter');
		await bonsai.sees(/Nowhere/);
		await bonsai.sees('demo/Travel/Ship log');
	});

	const html = (body: string): string =>
		`Content-Type: text/html; charset=utf-8\n\n<html><body>${body}</body></html>\n`;

	test('a message of HTML only is readable, its links are numbered, nothing is loaded', async t => {
		const body =
			'<h1>Tide table</h1><p>High water at <b>04:10</b>, see <a href="https://tides.example/4">the chart</a>.</p><img src="https://spy.example/pixel.gif"><script>alert(1)</script>';
		const {bonsai} = await bonsaiOn(t, {mailboxes: inboxOf(letter({subject: 'Tides', mime: html(body)}))});
		await bonsai.standsOn('Tides');
		bonsai.press('Enter');
		await bonsai.sees('High water at 04:10, see the chart');
		await bonsai.sees('only HTML');
		await bonsai.sees('[1] https://tides.example/4');
		assert.ok(!bonsai.hasShown('alert'), 'a script is not text');
	});

	test('T switches between the plain text and the HTML', async t => {
		const mime = `Content-Type: multipart/alternative; boundary=limit

--limit
Content-Type: text/plain

The plain words.
--limit
${html('<p>The <i>other</i> words.</p>')}--limit--
`;
		const {bonsai} = await bonsaiOn(t, {mailboxes: inboxOf(letter({subject: 'Two texts', mime}))});
		await bonsai.standsOn('Two texts');
		bonsai.press('Enter');
		await bonsai.sees('The plain words.');
		bonsai.press('T');
		await bonsai.sees('The other words.');
		bonsai.press('T');
		await bonsai.sees('The plain words.');
	});

	test('a long text comes in windows, and + brings the next', async t => {
		const {bonsai, server} = await bonsaiOn(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('1182', 'Enter');
		await bonsai.standsOn('Log of leg 3');
		bonsai.press('Enter');
		await bonsai.sees('The log of leg 3 in full');
		// The end moves down while the window comes.
		await bonsai.pressUntil('End', /6\d kB of 203 kB here: \+ brings more/);
		assert.ok(
			!commandsTo(server).some(command => /<(6[6-9]|[7-9]\d|1\d\d)\d{3}\.\d+>/.test(command)),
			'no more than was shown',
		);
		bonsai.press('+', '+');
		await bonsai.sees('day  42 05:00');
		await bonsai.pressUntil('End', /13\d kB of 203 kB here/);
	});

	test('H shows all headers and takes them away again', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('Enter');
		await bonsai.sees('The satellite is above');
		bonsai.press('H');
		await bonsai.sees('Message-ID: <');
		bonsai.press('H');
		await bonsai.seesNoMore('Message-ID:');
	});

	test('a message inside a message opens as a message of its own', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('1195', 'Enter');
		await bonsai.standsOn('Fwd: Fwd: Fwd:');
		bonsai.press('v');
		await bonsai.sees(/2\.2 .*message\/rfc822/);
		bonsai.press('Down');
		await bonsai.sees('is a message: Enter opens it');
		bonsai.press('Enter');
		await bonsai.sees('You know the cat best. Yes or no?');
		await bonsai.sees('attached message');
		await bonsai.sees('Fwd: Fwd: Whose cat is this?');
	});

	test('an encrypted message says so, and how to read it', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('1184', 'Enter');
		await bonsai.standsOn('Camille Roussel');
		bonsai.press('Enter');
		await bonsai.sees(/This message is encrypted \(OpenPGP\)[\s\S]*gpg --decrypt/);
	});

	test(':hangup leaves the mail on the screen, :dial comes back', async t => {
		const {bonsai, server} = await bonsaiOn(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press(':hangup', 'Enter');
		await bonsai.sees(/You hung up/);
		await bonsai.sees('Lecture recording');
		await eventually(() => commandsTo(server).includes('LOGOUT'), 'it leaves politely');
		bonsai.press(':dial', 'Enter');
		await bonsai.sees(/INBOX .* online/);
		await bonsai.seesNoMore('you hung up');
	});

	test('a metered line does not wait for news: $ asks for them', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: inboxOf(letter({subject: 'The first'}))});
		await bonsai.standsOn('The first');
		bonsai.press('S');
		await bonsai.sees('m metered');
		bonsai.press('m');
		await bonsai.sees('Metered:');
		await bonsai.sees(/online {2}metered/);
		server.append('INBOX', letter({subject: 'The second'}));
		bonsai.press('$');
		await bonsai.sees('The second');
	});

	test('? shows the keys of the screen, q leaves them, a key that is none says so', async t => {
		const bonsai = bonsaiDemo(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('?');
		await bonsai.sees(/take back what you decided last/);
		bonsai.press('q');
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('Z');
		await bonsai.sees('Z is no key here: ? shows those that are');
		bonsai.press(':fly', 'Enter');
		await bonsai.sees('there is no command fly');
	});

	test('keys typed faster than the screen follows are obeyed in order', async t => {
		const {bonsai, server} = await bonsaiOn(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('kkk\rqk');
		await bonsai.standsOn(/1196 /);
		await eventually(
			() => commandsTo(server).some(command => command.includes('BODYSTRUCTURE')),
			'a message was opened',
		);
	});
});
