/** Where state lives, as it is chosen, typed and named. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {accountName, mailboxPath} from '../../source/model/ids.ts';
import {isPermanent, mailboxUrl, readStatePlace, spellStatePlace, usualPlace} from '../../source/model/state-place.ts';

test('the server keeps the state where it keeps for us what was read, and we do elsewhere', () => {
	const cases: [isReadOnly: boolean, permanentFlags: readonly string[] | undefined, place: string][] = [
		[false, undefined, 'server'],
		[false, ['\\Seen', '\\*'], 'server'],
		[false, ['\\seen'], 'server'],
		[false, [], 'client'],
		[false, ['\\Deleted'], 'client'],
		[true, undefined, 'client'],
		[true, ['\\Seen'], 'client'],
	];
	for (const [isReadOnly, permanentFlags, place] of cases)
		assert.equal(usualPlace({isReadOnly, permanentFlags}).with, place, `${isReadOnly} ${permanentFlags}`);
});

test('a keyword outlives the connection where it is listed, or new ones can be made', () => {
	assert.equal(isPermanent('todo', ['\\Seen', '\\*']), true);
	assert.equal(isPermanent('todo', ['\\Seen', 'Todo']), true);
	assert.equal(isPermanent('todo', ['\\Seen']), false);
	assert.equal(isPermanent('\\Flagged', ['\\Seen', '\\*']), false);
});

test('a place is typed as it is kept', () => {
	for (const text of ['server', 'client', 'shared /home/me/Sync', 'shared work/Bonsai state', 'shared work/A/B']) {
		const place = readStatePlace(text, '/home/me');
		assert.ok(typeof place !== 'string', text);
		assert.equal(spellStatePlace(place), text);
	}
	assert.deepEqual(readStatePlace(' shared ~/Sync/bonsai/ ', '/home/me'), {
		with: 'shared',
		place: {in: 'folder', folder: '/home/me/Sync/bonsai'},
	});
	for (const text of ['', 'nowhere', 'client now', 'shared', 'shared work', 'shared work/', 'shared work/inbox'])
		assert.equal(typeof readStatePlace(text, '/home/me'), 'string', text);
});

test('a mailbox has one name in all clients, whatever way they come in', () => {
	const account = {
		name: accountName('a'),
		host: 'Lists.Example.org',
		port: 993,
		security: 'tls',
		user: 'me@x',
		authentication: 'auto',
	} as const;
	assert.equal(
		mailboxUrl(account, mailboxPath('Public/caf\u00e9 1')),
		'imap://me%40x@lists.example.org/Public/caf%C3%A9%201',
	);
	assert.equal(
		mailboxUrl({...account, port: 143, security: 'starttls'}, mailboxPath('m')),
		'imap://me%40x@lists.example.org/m',
	);
	assert.equal(
		mailboxUrl({...account, port: 1143, authentication: 'anonymous'}, mailboxPath('m')),
		'imap://lists.example.org:1143/m',
	);
	assert.equal(mailboxUrl({...account, host: ''}, mailboxPath('m')), 'imap://me%40x@a/m');
});
