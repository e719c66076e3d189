import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {Facts, type HeldMailbox} from '../../source/store/facts.ts';
import {ownFolder} from '../helpers/own-folder.ts';

const inbox = mailboxPath('INBOX');
const held: HeldMailbox = {
	uidValidity: 7,
	uidNext: 11,
	count: 3,
	wholeFrom: 8,
	highestModseq: '9223372036854775807',
	syncedAt: 5,
	isReadOnly: false,
	permanentFlags: ['\\Seen', '\\*'],
	wishDone: undefined,
};

const cacheFile = (context: TestContext): string => path.join(ownFolder(context), 'account', 'facts.sqlite');

const learn = (facts: Facts, uid: number, mailbox: MailboxPath = inbox) =>
	facts.learnSummary({
		mailbox,
		uid,
		sender: ours('Ada'),
		fromField: ours('Ada <ada@example.org>'),
		subject: ours('A walk'),
		date: 1,
		sizeBytes: 100,
		flags: new Set(['\\Seen']),
		kept: {to: ours('me'), cc: ours(''), messageId: `<${uid}@example.org>`, inReplyTo: '', references: ''},
	});

test('what is kept on the disk is there in the next run, with the numbers it had', context => {
	const file = cacheFile(context);
	const first = new Facts(file, () => true);
	first.learnMailbox(inbox, 7);
	const id = learn(first, 9);
	first.learnStructure(id, '{}');
	first.learnChunk(id, '1', 0, Buffer.from('text'));
	first.learnHeld(inbox, held);
	first.close();
	const second = new Facts(file, () => true);
	context.after(() => second.close());
	assert.deepEqual(second.held(inbox), held, 'a MODSEQ of 63 bits comes back exactly');
	assert.equal(second.idOf(inbox, 9), id);
	assert.equal(second.octets(id, '1').toString(), 'text');
	assert.equal(second.diskBodies.bytes, 4);
	assert.equal(second.summary(id)?.kept?.messageId, '<9@example.org>');
});

test('of a mailbox in the online model nothing is on the disk, not even after it was there', context => {
	const file = cacheFile(context);
	let isOnDisk = true;
	const facts = new Facts(file, () => isOnDisk);
	context.after(() => facts.close());
	facts.learnMailbox(inbox, 7);
	const id = learn(facts, 9);
	facts.learnChunk(id, '1', 0, Buffer.from('secret text'));
	facts.learnHeld(inbox, held);
	isOnDisk = false;
	facts.move(inbox);
	assert.equal(facts.summary(id)?.uid, 9, 'and what is looked at stays, under its number');
	assert.equal(facts.octets(id, '1').toString(), 'secret text');
	const other = new Facts(file, () => true);
	context.after(() => other.close());
	assert.equal(other.idOf(inbox, 9), undefined);
	assert.equal(other.held(inbox), undefined);
});

test('a mailbox goes from memory to the disk with all that is known of it, and back, each message with its number', context => {
	let isOnDisk = false;
	const facts = new Facts(cacheFile(context), () => isOnDisk);
	context.after(() => facts.close());
	facts.learnMailbox(inbox, 7);
	const ids = [3, 5, 9].map(uid => learn(facts, uid));
	for (const place of [true, false, true]) {
		isOnDisk = place;
		facts.move(inbox);
		assert.deepEqual(
			[3, 5, 9].map(uid => facts.idOf(inbox, uid)),
			ids,
		);
		assert.equal(facts.uidValidity(inbox), 7);
	}
});

test('a cache that is no database is begun anew, for it can be bought again', context => {
	const file = cacheFile(context);
	fs.mkdirSync(path.dirname(file), {recursive: true});
	fs.writeFileSync(file, 'this is no database, and it is longer than a header of one would be: '.repeat(20));
	const problems: string[] = [];
	const facts = new Facts(
		file,
		() => true,
		problem => problems.push(problem.sentence),
	);
	context.after(() => facts.close());
	facts.learnMailbox(inbox, 7);
	assert.equal(facts.uidValidity(inbox), 7);
	assert.deepEqual(problems, []);
});

test('a cache with a broken page is thrown away when the page is read, so that the next start has a new one', context => {
	const file = cacheFile(context);
	const open = () => new Facts(file, () => true);
	const whole = open();
	whole.learnMailbox(inbox, 7);
	learn(whole, 9);
	whole.close();
	const octets = fs.readFileSync(file);
	// Its header and its tables stay what they were: it opens.
	octets.fill(0xa5, 2 * 4096);
	fs.writeFileSync(file, octets);
	assert.throws(() => learn(open(), 9), /thrown away/);
	const anew = open();
	context.after(() => anew.close());
	anew.learnMailbox(inbox, 7);
	assert.equal(anew.uidValidity(inbox), 7);
});

test('where there can be no cache, memory takes its place and it is said once', context => {
	const file = cacheFile(context);
	fs.mkdirSync(path.dirname(path.dirname(file)), {recursive: true});
	fs.writeFileSync(path.dirname(file), 'a file where the folder should be');
	const problems: string[] = [];
	const facts = new Facts(
		file,
		() => true,
		problem => problems.push(problem.sentence),
	);
	context.after(() => facts.close());
	facts.learnMailbox(inbox, 7);
	learn(facts, 4);
	assert.equal(facts.uidsWithin(inbox, 1, 10).length, 1);
	assert.equal(problems.length, 1);
	assert.match(problems[0] as string, /cannot be written \(there is no folder for it\), so what comes is in memory/);
});

test('all of what is learned together is there, or nothing of it', context => {
	const facts = new Facts(cacheFile(context), () => true);
	context.after(() => facts.close());
	facts.learnMailbox(inbox, 7);
	assert.throws(() =>
		facts.transaction(inbox, () => {
			learn(facts, 9);
			facts.learnHeld(inbox, held);
			throw new Error('the program is killed here');
		}),
	);
	assert.equal(facts.idOf(inbox, 9), undefined);
	assert.equal(facts.held(inbox), undefined);
});
