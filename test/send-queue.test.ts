/** What `bonsai send -q` does with mail of which parts lie in the mailboxes: it has no line to lend them on. */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {Config} from '../source/config.ts';
import {accountName, inbox, partNumber} from '../source/model/ids.ts';
import {sendQueue} from '../source/send-queue.ts';
import {OutgoingMail} from '../source/store/outgoing.ts';
import {sendingHome} from './helpers/run-send.ts';
import {offersOfPieces, smtpServer} from './helpers/smtp-server.ts';

async function queued(context: TestContext) {
	const server = await smtpServer(context, {offers: offersOfPieces});
	const home = sendingHome(context, server.port);
	const config = new Config(home.environment);
	const [account] = config.accounts;
	const mail = new OutgoingMail(config.accountFolder(account!.name));
	const writing = mail.begin();
	const place = {account: accountName('work'), mailbox: inbox, uidValidity: 7, uid: 12};
	writing.add(Buffer.from('Subject: x\r\n\r\n'));
	writing.add({...place, part: partNumber('2'), sizeBytes: 1000, encoding: 'base64'});
	const envelope = {from: 'ada@example.org', to: ['bo@example.net']};
	writing.commit({envelope, isEightBit: false, needsUtf8: false, messageId: '<1@x>', madeAt: 5, notBefore: 0});
	return {server, config, account: account!, mail};
}

test('such a letter stays in the outbox, nobody is dialled for it, and it is said who sends it', async context => {
	const {server, config, account, mail} = await queued(context);
	const said: string[] = [];
	const output = {say: (line: string) => void said.push(line)} as never;
	const signal = new AbortController().signal;
	assert.equal(await sendQueue(config, account, {output, signal, showsUsage: false}), false);
	assert.match(
		said.join('\n'),
		/parts of it lie in the mailboxes, so the mail client sends it, or a call \(bonsai sync\)/,
	);
	assert.equal(mail.all()[0]!.state, 'waiting');
	assert.deepEqual(server.heard, []);
});
