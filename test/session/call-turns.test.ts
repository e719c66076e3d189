/**
 * The turns of a call that is under way: only what has its own is said to be going; what waits for another name, or for
 * more that is put into it, is brought when that is done.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import {noWish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {letter} from '../helpers/bonsai-on.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {until} from '../helpers/waiting.ts';

const subjects = (session: AccountSession, path: MailboxPath): readonly unknown[] => {
	const view = session.mailbox(path);
	view.ensureNewest(10);
	return Array.from({length: view.state.get().count ?? 0}, (_, index) => view.row(index + 1)?.subject);
};

test('what is sent goes first, then one mailbox after the other; what waits is planned', async context => {
	const names = ['INBOX', 'Lists', 'Plans'];
	const server = await startDemoServer({
		mailboxes: () => names.map((name, index) => ({name, state: new MailboxState(7 + index)})),
	});
	context.after(() => server.close());
	const arrive = (): void => {
		for (const name of names) server.append(name, letter({subject: name}));
	};
	arrive();
	const wishes = {otherwise: {...noWish, summaries: 'all', textBytes: 4000} as const, mailboxes: {}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	await call(session);
	session.decideByUid(inbox, 7, [1], {kind: 'flag', flag: '\\Flagged', isSet: true});
	arrive();
	const seen: string[][] = [];
	session.call.subscribe(() => {
		const {state, lines = []} = session.call.get() ?? {};
		if (state === 'going') seen.push(lines.filter(line => line.state === 'going').map(({key}) => key));
	});
	const {over} = await call(session);
	assert.deepEqual(
		over?.lines.map(({key, state}) => `${key} ${state}`),
		['send done', ...names.map(name => `${name} done`)],
	);
	assert.ok(
		seen.every(keys => keys.length < 2),
		JSON.stringify(seen),
	);
	const turns = seen.flat().filter((key, index, all) => key !== all[index - 1]);
	assert.deepEqual(turns, ['send', ...names]);
});

test('a mailbox that gets another name in the call is brought under it, with what is new in it', async context => {
	const server = await startDemoServer({
		mailboxes: () => ['INBOX', 'Lists'].map((name, index) => ({name, state: new MailboxState(7 + index)})),
	});
	context.after(() => server.close());
	for (const name of ['INBOX', 'Lists']) server.append(name, letter({subject: name}));
	const wishes = {otherwise: {...noWish, summaries: 'all', textBytes: 4000} as const, mailboxes: {}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	await call(session);
	const letters = mailboxPath('Letters');
	session.decideByUid(inbox, 7, [1], {kind: 'move', to: {path: mailboxPath('Lists')}});
	session.decideAboutMailbox({kind: 'rename', mailbox: mailboxPath('Lists'), to: letters});
	server.append('Lists', letter({subject: 'New'}));
	const {planned, over} = await call(session);
	assert.match(planned?.lines.at(-1)?.sentence ?? '', /^Letters: .*what you put there/);
	assert.equal(over?.lines.map(({key, state}) => `${key} ${state}`).join(), 'send done,Lists done');
	assert.deepEqual(subjects(session, letters), ['Lists', 'New', 'INBOX']);
	// Left out, it has the name it had.
	session.decideAboutMailbox({kind: 'rename', mailbox: letters, to: mailboxPath('Lists')});
	server.append('Letters', letter({subject: 'Newer'}));
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	session.strike('send', true);
	session.goCall();
	const last = await until(session.call, now => now?.state === 'done');
	assert.equal(last?.lines.map(({key, state}) => `${key} ${state}`).join(), 'send planned,Letters done');
	assert.deepEqual(subjects(session, mailboxPath('Lists')), ['Lists', 'New', 'INBOX', 'Newer']);
});

test('what another client had moved is found in the call, sent on, and brought where it went', async context => {
	const server = await startDemoServer({
		mailboxes: () => ['INBOX', 'Work', 'Zoo'].map((name, index) => ({name, state: new MailboxState(7 + index)})),
	});
	context.after(() => server.close());
	const named = letter({subject: 'Soup'}).replace('Subject', 'Message-ID: <soup@example.org>\r\nSubject');
	server.append('INBOX', named);
	server.append('Work', letter({subject: 'Work'}));
	const wishes = {otherwise: {...noWish, summaries: 'all', textBytes: 4000} as const, mailboxes: {}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	await call(session);
	session.decideByUid(inbox, 7, [1], {kind: 'move', to: {path: mailboxPath('Work')}});
	const other = await otherClient(server.port, 'demo', 'demo');
	await other.command('SELECT INBOX');
	await other.command('UID MOVE 1 Zoo');
	other.close();
	server.append('Work', letter({subject: 'Work 2'}));
	const {over} = await call(session);
	assert.deepEqual(
		over?.lines.map(({key, state}) => `${key} ${state}`),
		['send done', 'INBOX done', 'Work done', 'Zoo done'],
	);
	assert.equal(over?.because, '');
	assert.deepEqual(subjects(session, mailboxPath('Work')), ['Work', 'Work 2', 'Soup']);
	assert.deepEqual(subjects(session, mailboxPath('Zoo')), []);
});
