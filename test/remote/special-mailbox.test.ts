import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Account} from '../../source/model/account.ts';
import {mailboxPath} from '../../source/model/ids.ts';
import {MailboxNames} from '../../source/remote/mailbox-name.ts';
import {findSpecialMailboxes} from '../../source/remote/special-mailbox.ts';

const account = (specialMailboxes: Record<string, string> = {}): Account => ({specialMailboxes}) as unknown as Account;
const named = (path: string, ...attributes: string[]) => ({path: mailboxPath(path), delimiter: '/', attributes});
const uses = (mailboxes: ReturnType<typeof named>[], settings = {}): Record<string, string> =>
	Object.fromEntries(findSpecialMailboxes(mailboxes, account(settings)));

test('what the server says wins, then the setting, then a known name; no use is given twice', () => {
	const mailboxes = [
		named('INBOX'),
		named('Papierkorb'),
		named('Trash'),
		named('Alt'),
		named('Sent'),
		named('Post', '\\sent'),
	];
	assert.deepEqual(uses(mailboxes), {INBOX: 'inbox', Post: 'sent', Papierkorb: 'trash'});
	assert.deepEqual(uses(mailboxes, {trash: 'Alt', sent: 'Alt'}), {INBOX: 'inbox', Post: 'sent', Alt: 'trash'});
});

test('known names are known in many languages, below INBOX too, and not deep in a tree of one’s own', () => {
	assert.equal(uses([named('Entwürfe')]).Entwürfe, 'drafts');
	assert.equal(uses([named('Корзина')]).Корзина, 'trash');
	assert.equal(uses([named('INBOX/Sent Items')])['INBOX/Sent Items'], 'sent');
	assert.equal(uses([named('Customers/Sent')])['Customers/Sent'], undefined);
	assert.equal(uses([named('Sent to clients')])['Sent to clients'], undefined);
});

test('a name goes back to the server as it came, and a new one as it would spell it', () => {
	const names = new MailboxNames();
	assert.equal(names.learn('&ZeVnLA-'), '日本');
	assert.equal(names.spell(mailboxPath('日本')), '&ZeVnLA-');
	assert.equal(names.spell(mailboxPath('Entwürfe')), 'Entw&APw-rfe');
	assert.equal(names.spell(mailboxPath('Tom & Jerry')), 'Tom &- Jerry');
	// Spelled as no encoder would.
	assert.equal(names.learn('a&AGI-c'), 'abc');
	assert.equal(names.spell(mailboxPath('abc')), 'a&AGI-c');
	assert.equal(names.learn('inbox'), 'INBOX');
	names.isUtf8 = true;
	assert.equal(names.spell(mailboxPath('Früher')), 'Früher');
});
