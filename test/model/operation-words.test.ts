/** Decisions as sentences. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import type {Change, Operation} from '../../source/model/operation.ts';
import {sentenceOf} from '../../source/model/operation-words.ts';

const of = (change: Change, ...mailboxes: readonly MailboxPath[]): string => {
	const targets = mailboxes.map(mailbox => ({from: {mailbox, uidValidity: 1, uid: 1}}));
	return sentenceOf({change, targets: targets as unknown as Operation['targets']});
};

test('a move says from where and to where, and of one taken back on its way that it comes back', () => {
	const lists = mailboxPath('Lists');
	assert.equal(of({kind: 'move', to: {path: lists}}, inbox), 'Move 1 message from INBOX to Lists');
	assert.equal(of({kind: 'move', to: {path: inbox}}, lists, inbox), 'Move 2 messages from 2 mailboxes to INBOX');
	assert.equal(of({kind: 'move', to: {path: inbox}}, inbox, inbox), 'Move 2 messages back to INBOX');
});

test('of what is on its way elsewhere it is not said where it lies: nobody saw it there', () => {
	const target = {from: {mailbox: inbox, uidValidity: 1, uid: 1}, behind: 3};
	const sentence = sentenceOf({change: {kind: 'remove'}, targets: [target] as unknown as Operation['targets']});
	assert.equal(sentence, 'Remove for good 1 message');
});
