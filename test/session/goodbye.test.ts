/**
 * A server that says good-bye and has not hung up yet: what is asked of it fails at once, and must not be asked again for
 * so long that the end of the line is never heard.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {hangsUp, hangsUpLater, scriptedServer} from '../helpers/scripted-server.ts';
import {openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

test('after a good-bye the line is dialled again, and what was asked for comes', {timeout: 20_000}, async context => {
	let selected = 0;
	const server = await scriptedServer(context, '', command => {
		if (!command.startsWith('SELECT')) return ['$ OK done'];
		selected += 1;
		if (selected === 2) return ['* BYE Later', '$ NO Not now', hangsUp];
		return ['* 0 EXISTS', '* OK [UIDVALIDITY 7] ok', '* OK [UIDNEXT 1] ok', '$ OK [READ-WRITE] done'];
	});
	const {session} = await openSession(context, {port: server.port, waitsForNews: false});
	const isOpen = (name: string) => until(session.mailbox(mailboxPath(name)).state, ({state}) => state === 'open');
	session.mailbox(inbox).ensureNewest(10);
	await isOpen('INBOX');
	await session.settled();
	session.mailbox(mailboxPath('Archive')).ensureNewest(10);
	await until(session.mailbox(mailboxPath('Archive')).state, ({state}) => state === 'refused');
	session.mailbox(mailboxPath('Lists')).ensureNewest(10);
	await isOpen('Lists');
});

test('nor while what was decided about mailboxes waits: it is looked up on the next line', {
	timeout: 20_000,
}, async context => {
	let hasLeft = false;
	const server = await scriptedServer(context, '', command => {
		if (command.startsWith('RENAME')) {
			hasLeft = true;
			return ['* BYE Later', hangsUpLater];
		}
		if (command.startsWith('LIST'))
			return [`* LIST () "/" ${hasLeft ? 'Letters' : 'Lists'}`, '* LIST () "/" INBOX', '$ OK done'];
		if (!command.startsWith('SELECT')) return ['$ OK done'];
		return ['* 0 EXISTS', '* OK [UIDVALIDITY 7] ok', '* OK [UIDNEXT 1] ok', '$ OK [READ-WRITE] done'];
	});
	const {session} = await openSession(context, {port: server.port, waitsForNews: false});
	session.decideAboutMailbox({kind: 'rename', mailbox: mailboxPath('Lists'), to: mailboxPath('Letters')});
	session.decideByUid(inbox, 7, [1], {kind: 'flag', flag: '\\Seen', isSet: true});
	session.dial();
	await until(session.operations, all => all.every(({state}) => state !== 'waiting'));
	assert.equal(session.operations.get()[0]?.state, 'done');
});
