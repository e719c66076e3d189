/** Mail on its way out, on the disk. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {Failure} from '../../source/model/failure.ts';
import {accountName, inbox, partNumber} from '../../source/model/ids.ts';
import type {Outcome, Outgoing} from '../../source/model/outgoing.ts';
import {ours, safeLine} from '../../source/model/safe-text.ts';
import {OutgoingMail, Withdrawn} from '../../source/store/outgoing.ts';

function account(context: TestContext): string {
	const folder = fs.mkdtempSync(path.join(tmpdir(), 'bonsai-outgoing-'));
	context.after(() => fs.rmSync(folder, {recursive: true}));
	return folder;
}

function put(mail: OutgoingMail, text = 'Subject: x\r\n\r\nhi\r\n', to = ['a@x', 'b@x']): Outgoing {
	const writing = mail.begin();
	writing.write(Buffer.from(text));
	const envelope = {from: 'me@x', to};
	return writing.commit({envelope, isEightBit: false, needsUtf8: false, messageId: '<1@x>', madeAt: 5, notBefore: 0});
}

const refusal = (address: string, isForNow: boolean) => ({address, because: safeLine(`550 ${address}`), isForNow});
const refused = (isForNow: boolean): Outcome => ({state: 'refused', because: ours('no'), isForNow, refusals: []});

test('a letter is there as it was written, for its user only, in the order it came', context => {
	const folder = account(context);
	const mail = new OutgoingMail(folder);
	assert.deepEqual(mail.all(), []);
	assert.ok(!fs.existsSync(path.join(folder, 'outgoing')), 'looking makes nothing');
	const letters = [put(mail), put(mail, 'Subject: y\r\n\r\n'), put(mail)];
	const other = new OutgoingMail(folder);
	assert.deepEqual(other.all(), letters);
	assert.equal(fs.readFileSync(letters[1]!.letter.file, 'utf8'), 'Subject: y\r\n\r\n');
	assert.equal(letters[1]!.letter.sizeBytes, 14);
	for (const name of fs.readdirSync(path.join(folder, 'outgoing')))
		assert.equal(fs.statSync(path.join(folder, 'outgoing', name)).mode & 0o077, 0, name);
});

test('a letter of which parts lie on a server is kept in its pieces, and one without says nothing of them', context => {
	const mail = new OutgoingMail(account(context));
	const place = {account: accountName('work'), mailbox: inbox, uidValidity: 7, uid: 12};
	const at = {...place, part: partNumber('2'), sizeBytes: 1000, encoding: 'base64'};
	const writing = mail.begin();
	for (const piece of [Buffer.from('Sub'), Buffer.from('ject: x\r\n\r\n'), at, at, Buffer.from('end\r\n')])
		writing.add(piece);
	const envelope = {from: 'me@x', to: ['a@x']};
	writing.commit({envelope, isEightBit: false, needsUtf8: false, messageId: '<1@x>', madeAt: 5, notBefore: 0});
	const [{letter}] = mail.all() as [Outgoing];
	assert.deepEqual(letter.pieces, [{own: 14}, {at}, {at}, {own: 5}]);
	assert.equal(letter.sizeBytes, 2019);
	assert.equal(fs.readFileSync(letter.file, 'utf8'), 'Subject: x\r\n\r\nend\r\n');
	assert.equal(put(mail).letter.pieces, undefined);
});

test('what was begun and never committed is no letter, and what is being written is left alone', context => {
	const folder = account(context);
	const mail = new OutgoingMail(folder);
	const writing = mail.begin();
	writing.write(Buffer.from('half'));
	assert.deepEqual(mail.all(), []);
	mail.hold();
	const envelope = {from: 'me@x', to: ['a@x']};
	writing.commit({envelope, isEightBit: false, needsUtf8: false, messageId: '<1@x>', madeAt: 5, notBefore: 0});
	assert.equal(fs.readFileSync(mail.all()[0]!.letter.file, 'utf8'), 'half');
	const abandoned = mail.begin();
	abandoned.abandon();
	const old = mail.begin();
	old.write(Buffer.from('old'));
	mail.release();
	const [file] = fs
		.readdirSync(path.join(folder, 'outgoing'))
		.filter(name => name.endsWith('.octets') && !mail.find(name.slice(0, -7)));
	fs.utimesSync(path.join(folder, 'outgoing', file!), 1, 1);
	mail.hold();
	assert.ok(!fs.existsSync(path.join(folder, 'outgoing', file!)), 'of yesterday nobody writes any more');
	assert.equal(mail.all().length, 1);
});

test('one process sends at a time, and a letter that one died over is unknown for the next', context => {
	const folder = account(context);
	const [mail, other] = [new OutgoingMail(folder), new OutgoingMail(folder)];
	const {id} = put(mail);
	assert.ok(mail.hold());
	assert.ok(!other.hold());
	mail.markSending(id);
	assert.equal(other.find(id)?.state, 'sending');
	assert.ok(!other.again(id) && !other.remove(id), 'nobody takes it away meanwhile');
	other.recover();
	assert.equal(other.find(id)?.state, 'sending', 'it is sent right now');
	mail.release();
	other.recover();
	assert.equal(other.find(id)?.state, 'unknown');
	assert.match(other.find(id)?.because ?? '', /ended after all of it was sent/);
	assert.ok(other.hold(), 'looking keeps nobody from sending');
	other.release();
	assert.ok(other.again(id), 'the user may want it sent all the same');
	assert.equal(other.find(id)?.state, 'waiting');
});

test('a letter that was taken out is not ended by who sends it', context => {
	const mail = new OutgoingMail(account(context));
	const {id} = put(mail);
	assert.ok(new OutgoingMail(path.dirname(path.dirname(mail.find(id)!.letter.file))).remove(id));
	assert.throws(() => mail.markSending(id));
	assert.equal(mail.settle(id, {state: 'sent', refusals: []}, 0), undefined);
});

test('what becomes of it follows from how it was handed over', context => {
	const mail = new OutgoingMail(account(context));
	const after = (...outcomes: readonly Outcome[]): Outgoing => {
		const {id} = put(mail);
		for (const outcome of outcomes) mail.settle(id, outcome, 1000);
		return mail.find(id)!;
	};
	const sent = after({state: 'sent', refusals: []});
	assert.equal(sent.state, 'sent');
	assert.ok(!fs.existsSync(sent.letter.file), 'its octets are the server’s by now');
	assert.deepEqual(pick(after(refused(false))), ['refused', 'no', ['a@x', 'b@x'], 0]);
	assert.deepEqual(pick(after(refused(true))), ['waiting', 'no', ['a@x', 'b@x'], 61_000]);
	assert.deepEqual(pick(after(refused(true), refused(true))), ['waiting', 'no', ['a@x', 'b@x'], 301_000]);
	assert.deepEqual(pick(after(...Array.from({length: 9}, () => refused(true)))), [
		'waiting',
		'no',
		['a@x', 'b@x'],
		3_601_000,
	]);
	const offline = new Failure('offline', ours('cut'));
	assert.deepEqual(pick(after({state: 'unsent', failure: offline})), ['waiting', 'cut', ['a@x', 'b@x'], 0]);
	assert.deepEqual(pick(after({state: 'unknown', because: ours('who knows')})), [
		'unknown',
		'who knows',
		['a@x', 'b@x'],
		0,
	]);
});

const pick = ({state, because, letter, notBefore}: Outgoing): unknown[] => [
	state,
	because,
	letter.envelope.to,
	notBefore,
];

test('who has it gets it no second time: only those who were put off wait, and who was refused is named', context => {
	const mail = new OutgoingMail(account(context));
	const {id} = put(mail, 'x', ['a@x', 'b@x', 'c@x', 'd@x']);
	mail.settle(id, {state: 'sent', refusals: [refusal('b@x', true), refusal('c@x', false)]}, 0);
	assert.deepEqual(mail.find(id)?.letter.envelope.to, ['b@x']);
	assert.deepEqual(mail.find(id)?.refusals, [refusal('c@x', false)]);
	mail.settle(id, {state: 'sent', refusals: []}, 0);
	assert.equal(mail.find(id)?.state, 'refused', 'not everybody has it');
	assert.deepEqual(mail.find(id)?.letter.envelope.to, []);
	assert.ok(mail.again(id));
	assert.deepEqual(mail.find(id)?.letter.envelope.to, ['c@x'], 'again is for those who do not have it');
	const whole = put(mail, 'x', ['a@x', 'b@x']).id;
	mail.settle(
		whole,
		{state: 'refused', because: ours('no'), isForNow: true, refusals: [refusal('a@x', false), refusal('b@x', true)]},
		0,
	);
	assert.deepEqual(pick(mail.find(whole)!).slice(0, 3), ['waiting', 'no', ['b@x']]);
});

test('who was refused it is not forgotten when the user wants it sent again while it is on the line to the others', context => {
	const mail = new OutgoingMail(account(context));
	const {id} = put(mail, 'x', ['a@x', 'b@x', 'c@x']);
	mail.settle(id, {state: 'sent', refusals: [refusal('b@x', true), refusal('c@x', false)]}, 0);
	assert.deepEqual(mail.find(id)?.letter.envelope.to, ['b@x'], 'which is on the line by now');
	assert.ok(mail.again(id));
	mail.markSending(id);
	mail.settle(id, {state: 'sent', refusals: []}, 0);
	assert.deepEqual([mail.find(id)?.state, mail.find(id)?.refusals], ['refused', [refusal('c@x', false)]]);
	assert.ok(mail.again(id));
	assert.deepEqual(mail.find(id)?.letter.envelope.to, ['c@x']);
});

test('a state that was half written when the power went is not the letter’s', context => {
	const mail = new OutgoingMail(account(context));
	const {id, letter} = put(mail);
	fs.writeFileSync(letter.file.replace('.octets', '.new'), '{"state":"sen');
	assert.equal(mail.find(id)?.state, 'waiting');
	mail.hold();
	mail.markSending(id);
	assert.equal(mail.find(id)?.state, 'sending');
	mail.release();
});

test('of what was sent the last fifty are remembered', context => {
	const mail = new OutgoingMail(account(context));
	for (let n = 0; n < 53; n++) mail.settle(put(mail).id, {state: 'sent', refusals: []}, 0);
	const {id} = put(mail);
	mail.hold();
	assert.equal(mail.all().length, 51);
	assert.equal(mail.all().at(-1)?.id, id);
	mail.release();
});

test('of two processes one takes a letter out or keeps it back, or the other is about to end it on the line, never both', async context => {
	for (const verb of ['remove', 'hold']) {
		const folder = account(context);
		const mail = new OutgoingMail(folder);
		const ids = Array.from({length: 60}, () => put(mail).id);
		const script = new URL('../helpers/letter-race.ts', import.meta.url).pathname;
		const [ours, theirs] = ['mark', verb].map(what => {
			const child = spawn(process.execPath, ['--import', 'tsx', script, folder, what]);
			let said = '';
			child.stdout.on('data', (octets: Buffer) => {
				said += octets.toString();
			});
			const ready = new Promise<void>(resolve => child.stdout.once('data', () => resolve()));
			const end = new Promise<string[]>(resolve =>
				child.once('close', () => resolve(said.replace('ready\n', '').split(/\s+/).filter(Boolean))),
			);
			return {child, ready, end};
		});
		await Promise.all([ours!.ready, theirs!.ready]);
		ours!.child.stdin.write('go');
		theirs!.child.stdin.write('go');
		const [marked, taken] = await Promise.all([ours!.end, theirs!.end]);
		assert.deepEqual(
			marked.filter(id => taken.includes(id)),
			[],
		);
		assert.deepEqual([...marked, ...taken].sort(), ids.toSorted());
		for (const id of marked) assert.equal(mail.find(id)?.state, 'sending');
	}
});

test('what follows a letter is due when a server has taken it first, and its octets stay until that is over', context => {
	const mail = new OutgoingMail(account(context));
	const writing = mail.begin();
	writing.write(Buffer.from('x'));
	const sequel = {isFiled: true, answers: [], forwards: []};
	const envelope = {from: 'me@x', to: ['a@x', 'b@x']};
	const facts = {envelope, isEightBit: false, needsUtf8: false, messageId: '<1@x>', madeAt: 5, notBefore: 0, sequel};
	const {id, letter} = writing.commit(facts);
	assert.equal(mail.find(id)?.sequelState, 'to-come');
	mail.settle(id, {state: 'sent', refusals: [refusal('b@x', true)]}, 70);
	assert.deepEqual([mail.find(id)?.state, mail.find(id)?.sequelState, mail.find(id)?.takenAt], ['waiting', 'due', 70]);
	assert.ok(!mail.remove(id), 'its copy is still to be filed');
	mail.setSequelState(id, 'recorded');
	mail.settle(id, {state: 'sent', refusals: []}, 90);
	assert.deepEqual(
		[mail.find(id)?.state, mail.find(id)?.sequelState, mail.find(id)?.takenAt],
		['sent', 'recorded', 70],
	);
	assert.ok(fs.existsSync(letter.file));
	mail.setSequelState(id, 'over');
	assert.ok(!fs.existsSync(letter.file));
});

test('only of what nobody knows can be said that it arrived; what is held is not ended on the line', context => {
	const mail = new OutgoingMail(account(context));
	const {id} = put(mail);
	assert.ok(!mail.arrived(id, 1));
	assert.ok(mail.setHeld(id, true));
	assert.throws(() => mail.markSending(id), Withdrawn);
	assert.ok(mail.setHeld(id, false));
	mail.markSending(id);
	assert.ok(!mail.setHeld(id, true), 'it is too late');
	mail.settle(id, {state: 'unknown', because: ours('who knows')}, 2);
	assert.ok(mail.arrived(id, 3));
	assert.equal(mail.find(id)?.state, 'sent');
});
