import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {fakeMailboxRow, fakeMessage} from './fake-session.ts';
import {show} from './show.tsx';
import {withMail} from './with-mail.ts';

const drained = mailboxPath('work/INBOX');

/** An account whose inbox is offline, and local mail with what came of it. */
function withLocal() {
	const [session, local] = [withMail('work'), withMail('Local')];
	session.models.set({account: 'online', mailboxes: {INBOX: 'offline'}});
	local.fill(drained, [fakeMessage(101), fakeMessage(102)]);
	return {session, local};
}

describe('the offline model', () => {
	test('says what it does before it is chosen, and Escape leaves everything as it was', async () => {
		const session = withMail('work');
		const screen = await show(session);
		session.spent();
		await screen.press('S', 'O');
		assert.match(screen.text(), /messages of INBOX leave the server/);
		assert.match(screen.text().replaceAll(/\s+/g, ' '), /From then on this disk has the only copy/);
		assert.match(screen.text().replaceAll(/\s+/g, ' '), /as work\/INBOX of the account Local/);
		await screen.press('Escape');
		assert.deepEqual(
			[session.spent().filter(call => /Model|Draining/.test(call)), session.models.get().mailboxes],
			[[], {}],
		);
	});
	test('is chosen by Enter, with the numbers that were typed', async () => {
		const session = withMail('work');
		const screen = await show(session);
		await screen.press('S', 'O', 'Ctrl+u', 'Ctrl+k');
		await screen.type('7');
		await screen.press('Tab', 'Tab');
		await screen.type('5 MB');
		await screen.press('Enter');
		assert.deepEqual(session.drainings.get().mailboxes, {
			INBOX: {leaveDays: 7, olderThanDays: 0, mostBytes: 5_000_000},
		});
		assert.deepEqual(session.models.get().mailboxes, {INBOX: 'offline'});
	});
	test('is chosen with what was typed before the window became too small to show it', async () => {
		const session = withMail('work');
		const screen = await show(session);
		await screen.press('S', 'O', 'Ctrl+u', 'Ctrl+k');
		await screen.type('7');
		await screen.resize(30, 5);
		await screen.resize(80, 24);
		await screen.press('Enter');
		assert.equal(session.drainings.get().mailboxes.INBOX?.leaveDays, 7);
	});
	test('shows its numbers, and what Enter does, in a small window too', async () => {
		for (const [columns, rows] of [
			[80, 20],
			[60, 16],
			[50, 14],
		] as const) {
			const screen = await show(withMail('work'), {columns, rows});
			await screen.press('S', 'O');
			assert.match(screen.text(), /Offline: with each call/);
			assert.match(screen.text().replaceAll(/\s+/g, ' '), /Leave there 0 days Older than 0 days Not above/);
			assert.match(screen.text().replaceAll(/\s+/g, ' '), /Enter agree Tab next number/);
		}
	});
	test('is not explained of local mail, which is on this disk already', async () => {
		const session = withMail('Local');
		session.link.set({...session.link.get(), isLocal: true});
		const screen = await show(session);
		session.spent();
		await screen.press('S', 'o');
		assert.doesNotMatch(screen.text(), /leave the server/);
		assert.match(session.spent().join(), /Model offline/i);
	});
	test('is not explained in the demo, which keeps nothing on the disk: it is refused at once', async () => {
		for (const key of ['o', 'O']) {
			const session = withMail('demo');
			const screen = await show(session);
			session.spent();
			await screen.press('S', key);
			assert.doesNotMatch(screen.text(), /leave the server/);
			assert.match(session.spent().join(), /Model offline/i);
		}
	});
	test('is not chosen with a number that is none, and says what one looks like', async () => {
		const session = withMail('work');
		const screen = await show(session);
		await screen.press('S', 'O', 'Tab', 'Tab');
		await screen.type('large');
		await screen.press('Enter');
		assert.match(screen.text(), /A size is written like 200 kB or 5 MB/);
		assert.deepEqual(session.models.get().mailboxes, {});
	});
	test('shows what came where the mailbox was, and what stays by :left, with why', async () => {
		const {session, local} = withLocal();
		session.stays = ours('3 messages stay on the server: 3 larger than 5.0 MB');
		const screen = await show([session, local]);
		assert.match(screen.lines()[0] ?? '', /work\/INBOX {2}offline .*2 of 2/);
		await screen.press(':');
		await screen.type('left');
		await screen.press('Enter');
		assert.match(screen.lines()[0] ?? '', /work\/INBOX .*30 of 30/);
		assert.match(screen.text(), /3 messages stay on the server: 3 larger than 5\.0 MB/);
	});
	test('of which nothing has come yet says so, and what brings it, instead of an error', async () => {
		const {session, local} = withLocal();
		local.mailboxes.set({state: 'known', mailboxes: []});
		const mailbox = local.mailbox(drained);
		mailbox.state.set({...mailbox.state.get(), state: 'refused', count: undefined, because: ours('It does not exist')});
		const screen = await show([session, local]);
		assert.match(
			screen.text().replaceAll(/\s+/g, ' '),
			/Nothing of it has come into your local mail yet\. \$ calls and takes what is there, :left shows what is on the server/,
		);
		assert.doesNotMatch(screen.text(), /does not exist/);
	});
	test('what is decided there is decided in local mail', async () => {
		const {session, local} = withLocal();
		const screen = await show([session, local]);
		[session, local].map(each => each.spent());
		await screen.press('F');
		assert.match(local.spent().join('\n'), /decide work\/INBOX 102/);
		assert.doesNotMatch(session.spent().join('\n'), /decide/);
	});
	test('in the list of mailboxes counts what is here, and not what is left on the server', async () => {
		const {session, local} = withLocal();
		local.mailboxes.set({state: 'known', mailboxes: [fakeMailboxRow('work/INBOX', {messages: 12, unseen: 3})]});
		const screen = await show([session, local]);
		await screen.press(':');
		await screen.type('left');
		await screen.press('Enter');
		local.spent();
		await screen.press('y');
		assert.match(screen.lines()[2] ?? '', /INBOX {2}\(offline\) +3 +12$/);
		assert.match(screen.text(), /bonsai +\? +9/, 'others are as the server counts them');
		assert.deepEqual(local.spent(), ['ensureMailboxes fresh']);
		local.mailboxes.set({state: 'known', mailboxes: []});
		await screen.settled();
		assert.match(screen.lines()[2] ?? '', /INBOX {2}\(offline\) +0 +0$/, 'nothing has come yet');
	});
	test('left for another model offers to move back what came, and does so only on a yes', async () => {
		const {session, local} = withLocal();
		const screen = await show([session, local]);
		await screen.press('S', 'N');
		assert.match(screen.text(), /Move all of Local work\/INBOX back to work\/INBOX\?/);
		local.spent();
		await screen.press('y');
		const mailbox = local.mailbox(drained);
		mailbox.state.set({...mailbox.state.get(), tagged: 2});
		await screen.settled();
		const said = local.spent().join('\n');
		assert.match(said, /ensureTagged work\/INBOX \{"what":"all"\}/);
		assert.match(said, /decide work\/INBOX tagged .*"move".*"account":"work".*"mailbox":"INBOX"/);
		assert.equal(session.isOffline(inbox), false);
	});
	test('an account left for another model is asked about once, and each mailbox something came of goes back to its own', async () => {
		const {session, local} = withLocal();
		session.models.set({account: 'offline', mailboxes: {}});
		const lists = mailboxPath('work/Lists/bonsai');
		local.fill(lists, [fakeMessage(201)]);
		local.mailboxes.set({
			state: 'known',
			mailboxes: [fakeMailboxRow(drained, {messages: 2}), fakeMailboxRow(lists, {messages: 1})],
		});
		session.mailboxes.set({
			state: 'known',
			mailboxes: ['INBOX', 'Lists/bonsai', 'Archive'].map(path => fakeMailboxRow(path)),
		});
		const screen = await show([session, local]);
		await screen.press('S', 'n');
		assert.match(screen.text(), /Move all that came from Local back to work\?/);
		local.spent();
		await screen.press('y');
		for (const path of [drained, lists]) {
			const {state} = local.mailbox(path);
			state.set({...state.get(), tagged: state.get().count ?? 0});
			await screen.settled();
		}
		const decided = local.spent().filter(call => /^(decide|ensureTagged)/.test(call));
		assert.equal(decided.length, 4, decided.join('\n'));
		assert.match(decided[2] ?? '', /^decide work\/INBOX tagged .*"move".*"account":"work".*"mailbox":"INBOX"/);
		assert.match(decided[3] ?? '', /^decide work\/Lists\/bonsai tagged .*"account":"work".*"mailbox":"Lists\/bonsai"/);
	});
});
