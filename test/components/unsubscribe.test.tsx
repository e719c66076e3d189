import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {inbox, messageId} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {type FakeSession, fakeMessage, fakeSession} from './fake-session.ts';
import {type Shown, show} from './show.tsx';
import {robin, type Wrote, withWriting} from './with-writing.ts';

const mail = 'List-Unsubscribe: <mailto:leave@l.example>';
const web = 'List-Unsubscribe: <https://l.example/u?id=7>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click';
const both = web.replace(/>/, '>, <mailto:leave@l.example>');

type Opened = {
	readonly session: FakeSession;
	readonly screen: Shown;
	readonly wrote: Wrote;
	readonly posted: string[];
	/** The fields come from the server. */
	come(fields: string): Promise<void>;
};

const atWork = {...robin, name: 'Aske', address: 'aske@work.example'};

async function opened(context: TestContext, status = 200): Promise<Opened> {
	const session = fakeSession('work');
	session.fill(inbox, [fakeMessage(1, {subject: ours('Tides'), from: ours('Weekly Tides')})]);
	const posted: string[] = [];
	const postOneClick = async (url: string) => {
		posted.push(url);
		return {status};
	};
	const wrote = withWriting(context, session, {postOneClick, identities: [robin, atWork]});
	const screen = await show(session, {writingOf: wrote.writingOf});
	session.spent();
	const come = async (fields: string): Promise<void> => {
		session.message(messageId(1)).listFields.set({state: 'known', header: Buffer.from(`${fields}\r\n\r\n`)});
		await screen.settled();
	};
	return {session, screen, wrote, posted, come};
}

async function command(screen: Shown, words: string): Promise<void> {
	await screen.press(':');
	await screen.type(words);
	await screen.press('Enter');
}

const question = (screen: Shown): string =>
	screen.lines().find(line => line.startsWith('Unsubscribe')) ?? screen.text();

test('by mail: its fields are fetched, one question says to whom it goes, and only a yes sends it', async context => {
	const {session, screen, posted, come} = await opened(context);
	await command(screen, 'unsubscribe');
	assert.match(screen.text(), /looking how one unsubscribes/);
	assert.deepEqual(session.spent(), ['ensureListFields 1']);
	await come(mail);
	assert.match(question(screen), /^Unsubscribe from Weekly Tides by mail to leave@l\.example\? \(y or n\)/);
	await screen.press('n');
	assert.doesNotMatch(session.spent().join(), /send/);
	await command(screen, 'unsubscribe');
	await screen.press('y');
	assert.match(session.spent().join(), /send unsubscribe \S+ work/);
	assert.deepEqual(posted, []);
});

test('asked for twice while its fields are on their way, it asks once', async context => {
	const {session, screen, come} = await opened(context);
	await command(screen, 'unsubscribe');
	await command(screen, 'unsubscribe');
	await come(mail);
	await screen.press('n');
	assert.doesNotMatch(screen.text(), /by mail to/);
	assert.doesNotMatch(session.spent().join(), /send/);
});

test('by one click: the question names the host and that it is outside the mail line, and the answer is said', async context => {
	for (const [status, said] of [
		[200, /Unsubscribed: l\.example took the request/],
		[500, /Not unsubscribed: l\.example answered 500/],
	] as const) {
		const {session, screen, posted, come} = await opened(context, status);
		await come(web);
		await command(screen, 'unsubscribe');
		assert.match(question(screen), /by https to l\.example, outside the mail line\? \(y or n\)/);
		assert.deepEqual(posted, []);
		await screen.press('y');
		assert.deepEqual(posted, ['https://l.example/u?id=7']);
		assert.match(screen.text(), said);
		assert.doesNotMatch(session.spent().join(), /send/);
	}
});

test('of both, mail is asked about first, and the other where one says so', async context => {
	const {screen, posted, come} = await opened(context);
	await come(both);
	await command(screen, 'unsubscribe');
	assert.match(question(screen), /by mail to leave@l\.example/);
	await screen.press('n');
	await command(screen, 'unsubscribe web');
	assert.match(question(screen), /by https to l\.example/);
	await screen.press('y');
	assert.equal(posted.length, 1);
	await command(screen, 'unsubscribe now');
	assert.match(screen.text(), /:unsubscribe mail, or :unsubscribe web/);
});

test('a mail with words of the list’s own is opened to be looked at, not sent', async context => {
	const {session, screen, come} = await opened(context);
	await come('List-Unsubscribe: <mailto:boss@work.example?subject=I%20quit>');
	await command(screen, 'unsubscribe');
	assert.match(screen.text(), /To +boss@work\.example/);
	assert.match(screen.text(), /I quit/);
	assert.doesNotMatch(session.spent().join(), /send/);
});

test('a page is named to be opened, and a message that says nothing says so', async context => {
	const {screen, posted, come} = await opened(context);
	await come('List-Unsubscribe: <https://l.example/u>');
	await command(screen, 'unsubscribe');
	assert.match(screen.text(), /open this in a browser to unsubscribe: https:\/\/l\.example\/u/);
	await come(`List-Unsubscribe: <https://l.example/${'u'.repeat(80)}>`);
	await command(screen, 'unsubscribe');
	assert.match(screen.text(), /List-Unsubscribe among all headers has its address/);
	await come('To: me@example.org');
	await command(screen, 'unsubscribe');
	assert.match(screen.text(), /does not say how one unsubscribes/);
	assert.deepEqual(posted, []);
});

test('of an address or a host that is too long its end is shown, and that there is more', async context => {
	const {screen, come} = await opened(context);
	await come(`List-Unsubscribe: <mailto:${'token'.repeat(12)}@lists.example>`);
	await command(screen, 'unsubscribe');
	assert.match(question(screen), /by mail to …\S*token@lists\.example\? \(y or n\)/);
	await screen.press('n');
	await come(web.replace('l.example', `${'bank.'.repeat(12)}evil.example`));
	await command(screen, 'unsubscribe');
	assert.match(question(screen), /by https to …\S*\.evil\.example, outside the mail line\? \(y or n\)/);
});

test('the list is left as the address it writes to', async context => {
	const {screen, wrote, come} = await opened(context);
	await come(
		`To: list@l.example\r\nDelivered-To: aske@work.example\r\nList-Unsubscribe: <mailto:leave@l.example?subject=I%20go>`,
	);
	await command(screen, 'unsubscribe');
	assert.match(screen.text(), /From +Aske <aske@work\.example>/);
	assert.deepEqual(wrote.drafts.all(), []);
});

test('fields that cannot be had are said to be so, and nothing is asked', async context => {
	const {session, screen} = await opened(context);
	await command(screen, 'unsubscribe');
	session.message(messageId(1)).listFields.set({state: 'failed', because: ours('the message is gone')});
	await screen.settled();
	assert.match(screen.text(), /the message is gone/);
	assert.doesNotMatch(screen.text(), /\(y or n\)/);
});
