/** Rows, sentences and keys as they are heard. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {aloud} from '../../components/aloud.ts';
import {progressInSteps} from '../../components/format.ts';
import {linkSentence, nextTick} from '../../components/link-words.ts';
import {mailboxAloud} from '../../components/mailbox-rows.ts';
import {messageAloud} from '../../components/message-row.ts';
import {transferSentence} from '../../components/status-line.tsx';
import {usageAloud} from '../../components/usage-aloud.ts';
import {keyAloud} from '../../source/keys/key-aloud.ts';
import {inbox, mailboxPath, messageId} from '../../source/model/ids.ts';
import type {Link} from '../../source/model/link.ts';
import type {Mailbox} from '../../source/model/mailbox.ts';
import type {Message} from '../../source/model/message.ts';
import {ours} from '../../source/model/safe-text.ts';
import type {Transfer} from '../../source/model/transfer.ts';
import {noUsage} from '../../source/model/usage.ts';

const now = new Date(2026, 10, 20, 19).getTime();

const message = (over: Partial<Message> = {}): Message => ({
	id: messageId(9),
	mailbox: inbox,
	uid: 9,
	from: ours('Ada Lovelace'),
	subject: ours('Notes on the engine'),
	date: new Date(2026, 10, 18, 12).getTime(),
	sizeBytes: 2100,
	flags: new Set(['\\Seen']),
	held: 'summary',
	isPending: false,
	isTagged: false,
	...over,
});

describe('what is heard', () => {
	test('of a message first what tells it from the others, and of its states only those it has', () => {
		assert.equal(messageAloud(message(), 9, now), 'Ada Lovelace, Notes on the engine, Nov 18, 2.1 kB, 9');
		assert.equal(
			messageAloud(message({flags: new Set(['\\Flagged']), isTagged: true, held: 'text', isPending: true}), 9, now),
			'tagged, new, flagged, Ada Lovelace, Notes on the engine, Nov 18, 2.1 kB, text here, not sent yet, 9',
		);
		assert.equal(
			messageAloud(message({from: ours(''), subject: ours(''), date: undefined, sizeBytes: 1}), 0, now),
			'nobody, no subject, 1 byte',
		);
	});

	test('of a mailbox nothing that is not known', () => {
		const mailbox: Mailbox = {
			path: mailboxPath('Lists/ink'),
			depth: 1,
			parent: undefined,
			name: ours('Lists/ink'),
			leaf: ours('ink'),
			specialUse: undefined,
			isSelectable: true,
			hasChildren: false,
			messages: undefined,
			unseen: undefined,
		};
		const row = {mailbox, depth: 1, isFoldable: false, isFolded: false};
		assert.equal(mailboxAloud(row), 'Lists/ink');
		assert.equal(
			mailboxAloud({...row, mailbox: {...mailbox, messages: 90, unseen: 2}}),
			'Lists/ink, 2 unread, 90 in all',
		);
		assert.equal(mailboxAloud({...row, isFoldable: true, isFolded: true}), 'Lists/ink, closed');
	});

	test('of a sentence no sign that is silent, and no blanks that only align', () => {
		assert.equal(aloud(ours('demo  outbox')), 'demo, outbox');
		assert.equal(aloud(ours('Fetch it, 41 kB, ~12 s?')), 'Fetch it, 41 kB, about 12 s?');
		assert.equal(aloud(ours('report.pdf, <1 s')), 'report.pdf, under 1 s');
		assert.equal(aloud(ours('dialling…')), 'dialling');
	});

	test('of a key its name', () => {
		const heard = ['d', 'D', '?', 'Ctrl+l', 'S m', 'Enter'].map(key => keyAloud(key));
		assert.deepEqual(heard, ['d', 'capital D', 'question mark', 'control L', 'capital S and then m', 'Enter']);
	});

	test('of the ledger sentences, and of its chart the times at which something was spent', () => {
		const usage = {...noUsage, upBytes: 200, downBytes: 2000, turns: 3};
		const lastHours = [...Array.from({length: 21}, () => 0), 900, 0, 1300];
		const ledger = {connection: usage, today: usage, ever: usage, lastHours, lastDays: lastHours};
		const lines = usageAloud(ledger, {state: 'hung-up'} as Link, 'hours').map(({text}) => text);
		assert.deepEqual(lines.slice(0, 5), [
			'There is no line now',
			'The last 24 hours:',
			'1.3 kB in this hour',
			'900 bytes 2 hours ago',
			'all: 2.2 kB on this line, 2.2 kB today, 2.2 kB ever',
		]);
	});
});

describe('where each change costs', () => {
	test('progress goes in quarters and never says it is whole before it is', () => {
		const heard = [0, 24, 25, 49, 99, 100].map(held => progressInSteps(held, 100));
		assert.deepEqual(heard, ['0%', '0%', '25%', '25%', '75%', '75%']);
		const transfer = {name: ours('a.pdf'), state: 'coming', heldBytes: 340_000, totalBytes: 1e6} as Transfer;
		assert.equal(transferSentence([transfer], 4000, {isSlow: true}), 'a.pdf 25% here');
	});

	test('nothing counts down, and one attempt after the other is the same sentence', () => {
		const because = ours('nobody answers');
		const waiting = {state: 'waiting', because, retryAt: 9000} as Link;
		const isSlow = true;
		assert.equal(linkSentence(waiting, 0, {isSlow}), linkSentence({...waiting, state: 'dialling'}, 0, {isSlow}));
		assert.equal(linkSentence(waiting, 0, {isSlow}), linkSentence(waiting, 5000, {isSlow}));
		assert.equal(nextTick(waiting, 0, {isSlow}), undefined);
	});
});
