/**
 * What a Remote promises, on any server: the same tests run on the demo server and on a real Dovecot, which keeps the
 * demo server honest.
 */

import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Failure} from '../../source/model/failure.ts';
import {inbox, mailboxPath, partNumber} from '../../source/model/ids.ts';
import {dialImap} from '../../source/remote/imap.ts';
import type {Dialled, Dialling, Opening, PartFact, Remote, RowFact, Selected} from '../../source/remote/remote.ts';
import {type DialOptions, plainDialling} from '../helpers/dialling.ts';
import {type OtherClient, otherClient} from '../helpers/other-client.ts';
import {heard} from '../helpers/waiting.ts';
import {assertTurns, type ContractServer, type Kind, notOfLocal} from './contract-fixture.ts';

const japanese = '&ZeVnLA-';
const alternative = `From: "Ada, Countess" <ada@example.org>
To: Charles <charles@example.org>
Cc: =?utf-8?q?Andr=C3=A9?= <andre@example.org>
Date: Fri, 20 Nov 2026 10:00:00 +0000
Subject: =?utf-8?b?44GT44KT44Gr44Gh44Gv?=
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

${'The analytical engine weaves algebraic patterns.\n'.repeat(80)}
--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

${Buffer.from('<p>The analytical engine</p>').toString('base64')}
--b--
`;

const simple = (subject: string): string =>
	`From: a@example.org\nTo: b@example.org\nDate: Thu, 19 Nov 2026 08:00:00 +0100\nSubject: ${subject}\n\nText of ${subject}.\n`;

const attached = `From: a@example.org
Subject: forwarded
Content-Type: multipart/mixed; boundary=o

--o

See below.
--o
Content-Type: message/rfc822
Content-Disposition: attachment; filename="inner mail.eml"

From: "In Ner" <inner@example.org>
To: someone@example.org
Subject: inside
Content-Type: multipart/mixed; boundary=i

--i

Inner text.
--i
Content-Type: image/png; name=p.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--i--

--o--
`;

export function remoteContract(
	name: string,
	start: () => Promise<ContractServer>,
	skip: string | false = false,
	kind: Kind = 'server',
): void {
	describe(`a Remote on ${name}`, {skip, timeout: 60_000}, () => {
		let server: ContractServer;
		let other: OtherClient;
		const user = 'contract';
		const remotes: Remote[] = [];
		let shelfNumber = 0;

		async function dial(
			change: Partial<DialOptions> = {},
			events: Partial<Dialling['events']> = {},
			password = server.password,
		): Promise<Dialled & {readonly opened: Selected}> {
			const {account = {}, ...rest} = change;
			const dialling = plainDialling({port: server.port, password, events, ...rest, account: {user, ...account}});
			const dialled = await (server.dial ?? dialImap)(dialling, new AbortController().signal);
			remotes.push(dialled.remote);
			return {...dialled, opened: dialled.selected as Selected};
		}

		async function rows(remote: Remote, set: string): Promise<RowFact[]> {
			const came: RowFact[] = [];
			assert.equal(await remote.fetchRows(set, row => came.push(row)), came.length);
			return came;
		}

		before(async () => {
			server = await start();
			other = await otherClient(server.port, user, server.password);
			for (let index = 1; index <= 30; index++)
				await other.append('INBOX', simple(`number ${index}`), index % 2 ? '(\\Seen)' : '()');
			await other.append('INBOX', alternative);
			await other.append('INBOX', attached);
			await other.command(`CREATE "${japanese}"`);
			await other.command('CREATE "Projects/Bonsai"');
		});
		after(async () => {
			for (const remote of remotes) remote.cut();
			other.close();
			await server.stop();
		});

		notOfLocal(kind, 'a first screen on a server never met takes three turns, on one remembered two', async () => {
			const {remote, opened} = await dial();
			assert.equal(opened.count, 32);
			await rows(remote, '13:32');
			assert.equal(remote.usage.turns, 3);
			const again = await dial({remembered: {capabilities: [...remote.capabilities]}});
			assert.equal(again.opened.uidValidity, opened.uidValidity);
			await rows(again.remote, '13:32');
			assert.equal(again.remote.usage.turns, 2);
			assert.ok(again.remote.isCompressed);
		});

		test('a row carries number, UID, flags, size and the fields Date, From and Subject', async () => {
			const {remote} = await dial();
			const [first, second] = await rows(remote, '1:2');
			assert.equal(first?.sequence, 1);
			assert.ok((second?.uid ?? 0) > (first?.uid ?? 0));
			// \Recent is of the connection, and would be wrong in whatever outlives it.
			assert.deepEqual(first?.flags, ['\\Seen']);
			assert.equal(first?.sizeBytes, Buffer.byteLength(simple('number 1').replaceAll('\n', '\r\n')));
			const header = first?.header?.toString() ?? '';
			assert.match(header, /^Subject: number 1\r$/m);
			assert.match(header, /^From: a@example.org\r$/m);
			assert.match(header, /^Date: Thu, 19 Nov 2026/m);
			assert.doesNotMatch(header, /^To:/m);
		});

		test('rows of several questions under way together each go to their own', async () => {
			const {remote} = await dial();
			const answers = await Promise.all([rows(remote, '1:5'), rows(remote, '20:22'), rows(remote, '9')]);
			assert.deepEqual(
				answers.map(each => each.map(row => row.sequence)),
				[[1, 2, 3, 4, 5], [20, 21, 22], [9]],
			);
		});

		notOfLocal(kind, 'a wrong password is reported as a wrong password, in a burst too', async () => {
			for (const remembered of [undefined, {capabilities: ['COMPRESS=DEFLATE', 'IDLE', 'ENABLE', 'UTF8=ACCEPT']}]) {
				await assert.rejects(dial({remembered}, {}, 'wrong'), (error: Failure) => {
					assert.ok(error instanceof Failure);
					assert.equal(error.kind, 'denied');
					assert.match(error.sentence, /refuses the user name or the password/);
					assert.doesNotMatch(JSON.stringify(error.sentence), /wrong/);
					return true;
				});
			}
		});

		test('opening a message brings structure, To, Cc and the first octets of its text in one turn', async () => {
			const {remote} = await dial();
			const [row] = await rows(remote, '31');
			const turns = remote.usage.turns;
			const opening = await remote.fetchOpening(row?.uid ?? 0, 100);
			assertTurns(kind, remote, turns + 1);
			assert.equal(opening.answer, 'known');
			assert.equal(opening.probe.length, 100);
			assert.match(opening.probe.toString(), /^The analytical engine/);
			assert.match(opening.header.toString(), /^To: Charles/m);
			assert.match(opening.header.toString(), /^Cc: =\?utf-8/m);
			const {structure} = opening;
			assert.equal(`${structure?.type}/${structure?.subtype}`, 'multipart/alternative');
			const [plain, html] = structure?.children ?? [];
			assert.deepEqual([plain?.number, plain?.subtype, plain?.parameters.charset], ['1', 'plain', 'utf-8']);
			assert.deepEqual([html?.number, html?.subtype, html?.encoding], ['2', 'html', 'base64']);
			assert.ok((plain?.sizeBytes ?? 0) > 3900);
		});

		test('a message named by its UID comes with its row, in one turn and without any other row', async () => {
			const {remote} = await dial();
			const [listed] = await rows(remote, '31');
			const turns = remote.usage.turns;
			const opening = await remote.fetchOpening(listed?.uid ?? 0, 100, {withRow: true});
			assertTurns(kind, remote, turns + 1);
			const {header: listedHeader, ...numbers} = listed as RowFact;
			const {header, ...rest} = opening.row as RowFact;
			assert.deepEqual(rest, numbers);
			for (const line of String(listedHeader).trim().split('\r\n')) assert.ok(header?.includes(line), line);
			assert.match(header?.toString() ?? '', /^To: Charles/m);
			assert.equal(opening.probe.length, 100);
			assert.equal(opening.structure?.subtype, 'alternative');
			const absent = await remote.fetchOpening(4_000_000, 0, {withRow: true});
			assert.deepEqual([absent.answer, absent.row], ['gone', undefined]);
		});

		test('an attached message is a tree of its own, its parts numbered below it', async () => {
			const {remote} = await dial();
			const [row] = await rows(remote, '32');
			const {structure} = (await remote.fetchOpening(row?.uid ?? 0, 0)) as Opening & {structure: PartFact};
			const message = structure.children[1];
			assert.equal(`${message?.type}/${message?.subtype}`, 'message/rfc822');
			assert.equal(message?.dispositionParameters.filename, 'inner mail.eml');
			assert.equal(message?.envelope?.subject, 'inside');
			assert.deepEqual(message?.envelope?.from, [{name: 'In Ner', address: 'inner@example.org'}]);
			assert.deepEqual(
				message?.children[0]?.children.map(part => part.number),
				['2.1', '2.2'],
			);
			const text = await remote.fetchChunk(
				row?.uid ?? 0,
				{part: partNumber('2.1'), of: 'content'},
				0,
				100,
				'as-sent',
				'text',
			);
			assert.equal(text?.toString().trim(), 'Inner text.');
			const header = await remote.fetchChunk(
				row?.uid ?? 0,
				{part: partNumber('2'), of: 'header'},
				0,
				4000,
				'as-sent',
				'headers',
			);
			assert.match(header?.toString() ?? '', /^Subject: inside\r$/m);
			for (const part of ['', '2']) {
				const section = {part: partNumber(part), of: 'fields'} as const;
				const fields = await remote.fetchChunk(row?.uid ?? 0, section, 0, 4000, 'as-sent', 'headers');
				const said = fields?.toString() ?? '';
				assert.match(said, part === '' ? /^Subject: /im : /^Subject: inside\r$/m);
				assert.match(said, /\r\n\r\n$/);
				if (kind !== 'local') assert.doesNotMatch(said, /^(MIME-Version|Content-Type)/im);
				const list = {part: partNumber(part), of: 'list-fields'} as const;
				const listSaid = await remote.fetchChunk(row?.uid ?? 0, list, 0, 4000, 'as-sent', 'headers');
				assert.match(listSaid?.toString() ?? '', /\r\n\r\n$|^\r\n$/);
				if (kind !== 'local') assert.doesNotMatch(listSaid?.toString() ?? '', /^(Subject|From)/im);
			}
		});

		test('chunks under way together are the octets asked for; fewer are the end', async () => {
			const {remote} = await dial();
			const [row] = await rows(remote, '31');
			const uid = row?.uid ?? 0;
			const chunk = (offset: number, length: number) =>
				remote.fetchChunk(uid, {part: partNumber('1'), of: 'content'}, offset, length, 'as-sent', 'text');
			const whole = await chunk(0, 60_000);
			const pieces = await Promise.all([0, 1000, 2000, 3000, 4000].map(offset => chunk(offset, 1000)));
			assert.ok(whole && whole.length < 60_000);
			assert.deepEqual(Buffer.concat(pieces.map(piece => piece ?? Buffer.alloc(0))), whole);
			assert.equal((await chunk(whole.length, 100))?.length, 0);
		});

		notOfLocal(kind, 'the server decodes a part when asked (BINARY)', async () => {
			const {remote} = await dial();
			const [row] = await rows(remote, '31');
			assert.ok(remote.capabilities.has('BINARY'));
			const html = await remote.fetchChunk(
				row?.uid ?? 0,
				{part: partNumber('2'), of: 'content'},
				3,
				10,
				'decoded',
				'parts',
			);
			assert.equal(html?.toString(), 'The analyt');
		});

		test('a message that is not there is gone, never empty', async () => {
			const {remote} = await dial();
			const uid = 4_000_000;
			assert.equal((await remote.fetchOpening(uid, 100)).answer, 'gone');
			const chunk = await remote.fetchChunk(uid, {part: partNumber('1'), of: 'content'}, 0, 10, 'as-sent', 'text');
			assert.equal(chunk, undefined);
		});

		test('reading marks nothing as read', async () => {
			const {remote} = await dial();
			const [row] = await rows(remote, '2');
			await remote.fetchOpening(row?.uid ?? 0, 500);
			await remote.fetchChunk(row?.uid ?? 0, {part: partNumber('1'), of: 'content'}, 0, 500, 'as-sent', 'text');
			const [again] = await rows(remote, '2');
			assert.ok(!again?.flags.includes('\\Seen'));
		});

		test('the list of mailboxes comes in one turn with counts, special uses and names in any language', async () => {
			const {remote} = await dial();
			const turns = remote.usage.turns;
			const mailboxes = await remote.fetchMailboxes();
			assertTurns(kind, remote, turns + 1);
			const find = (path: string) => mailboxes.find(each => each.path === path);
			assert.equal(find('日本')?.messages, 0);
			assert.equal(find('INBOX')?.specialUse, 'inbox');
			assert.equal(find('Trash')?.specialUse, 'trash');
			assert.equal(find('Projects/Bonsai')?.delimiter, '/');
			assert.ok((find('INBOX')?.unseen ?? 0) >= 15);
			const opened = await remote.select(mailboxPath('日本'));
			assert.equal(opened.count, 0);
		});

		notOfLocal(kind, 'a server without extensions is asked in plain IMAP4rev1', async () => {
			const disabledCapabilities =
				'COMPRESS=DEFLATE IDLE LIST-STATUS SPECIAL-USE ENABLE UTF8=ACCEPT LIST-EXTENDED'.split(' ');
			const {remote} = await dial({account: {disabledCapabilities}});
			assert.ok(!remote.isCompressed);
			const mailboxes = await remote.fetchMailboxes();
			assert.equal(mailboxes.find(each => each.path === inbox)?.messages, undefined);
			assert.equal(mailboxes.find(each => each.path === 'Trash')?.specialUse, 'trash');
			assert.ok(((await remote.fetchStatus(inbox))?.messages ?? 0) >= 32);
			const {messages, unseen, uidNext} = (await remote.fetchStatus(mailboxPath('日本'))) ?? {};
			assert.deepEqual([messages, unseen, uidNext], [0, 0, undefined]);
			assert.equal(await remote.fetchStatus(mailboxPath('No such')), undefined);
			remote.idle();
			await remote.look();
		});

		/** Messages `one` to `six`, UIDs from 1, in a mailbox nobody else looks at; and an empty one beside it. */
		async function shelves(disabledCapabilities: readonly string[] = []) {
			shelfNumber += 1;
			const [shelf, far] = [`Shelf ${shelfNumber}`, `Far & ${shelfNumber}`];
			await other.command(`CREATE "${shelf}"`);
			await other.command(`CREATE "${far.replace('&', '&-')}"`);
			const again = (subject: string): string => `Resent-Message-ID: <again.${subject}.${shelfNumber}@example.org>\n`;
			for (const subject of ['one', 'two', 'three', 'four', 'five', 'six'])
				await other.append(
					shelf,
					`Message-ID: <${subject}.${shelfNumber}@example.org>\n${again(subject)}${simple(subject)}`,
				);
			const {remote} = await dial({account: {disabledCapabilities}});
			const {uidValidity} = await remote.select(mailboxPath(far));
			await remote.select(mailboxPath(shelf));
			return {remote, shelf: mailboxPath(shelf), far: mailboxPath(far), farValidity: uidValidity, n: shelfNumber};
		}
		const flagsIn = async (remote: Remote, set: string) =>
			(await rows(remote, set)).map(row => [row.uid, row.flags.toSorted()]);

		test('a flag is set and taken by UID, and no other flag is touched', async () => {
			const {remote, shelf} = await shelves();
			await other.command(`SELECT "${shelf}"`);
			await other.command('STORE 2 +FLAGS.SILENT (\\Answered $Mine)');
			await Promise.all([remote.storeFlag('1:2,4', '\\Seen', true), remote.storeFlag('4', '\\Seen', false)]);
			assert.deepEqual(await flagsIn(remote, '1:4'), [
				[1, ['\\Seen']],
				[2, ['$Mine', '\\Answered', '\\Seen']],
				[3, []],
				[4, []],
			]);
			await remote.storeFlag('99', '\\Seen', true);
		});

		test('copies and moves say which UIDs the messages got (COPYUID)', async () => {
			const {remote, far, farValidity} = await shelves();
			assert.deepEqual(await remote.copy('2,4:5', far), {uidValidity: farValidity, from: [2, 4, 5], to: [1, 2, 3]});
			assert.deepEqual(await remote.move('1,6', far), {uidValidity: farValidity, from: [1, 6], to: [4, 5]});
			assert.deepEqual(await remote.fetchExisting('1:9'), [2, 3, 4, 5]);
			assert.equal((await remote.select(far)).count, 5);
		});

		test('of two moves under way together each knows its own UIDs', async () => {
			const {remote, far, farValidity} = await shelves();
			assert.deepEqual(await Promise.all([remote.move('1,6', far), remote.move('3', far)]), [
				{uidValidity: farValidity, from: [1, 6], to: [1, 2]},
				{uidValidity: farValidity, from: [3], to: [3]},
			]);
		});

		test('UID EXPUNGE takes exactly what is named, whoever has marked others', async () => {
			const {remote, shelf} = await shelves();
			await other.command(`SELECT "${shelf}"`);
			await other.command('STORE 1 +FLAGS.SILENT (\\Deleted)');
			await other.command('UNSELECT');
			await Promise.all([remote.storeFlag('3,5', '\\Deleted', true), remote.expunge('3,5')]);
			assert.deepEqual(await remote.fetchExisting('1:*'), [1, 2, 4, 6]);
		});

		test('what is removed right behind a keyword that is set is removed', async () => {
			const {remote} = await shelves();
			const [keyword, deleted] = [remote.storeFlag('1:2', '$Later', true), remote.storeFlag('3', '\\Deleted', true)];
			await Promise.all([keyword, deleted, remote.expunge('3')]);
			assert.deepEqual(await remote.fetchExisting('1:*'), [1, 2, 4, 5, 6]);
		});

		test('what is removed right behind a move is removed', async () => {
			const {remote, far} = await shelves();
			await Promise.all([remote.move('1,6', far), remote.storeFlag('3', '\\Deleted', true), remote.expunge('3')]);
			assert.deepEqual(await remote.fetchExisting('1:*'), [2, 4, 5]);
		});

		for (const [name, disabled] of [
			['with ESEARCH', []],
			['without ESEARCH', ['ESEARCH']],
		] as const) {
			test(`messages are searched by flag, number and Message-ID, ${name}`, async () => {
				const {remote, n} = await shelves(disabled);
				await remote.storeFlag('2:3', '\\Seen', true);
				await remote.storeFlag('3', '\\Flagged', true);
				await remote.storeFlag('4', '\\Deleted', true);
				const names = await remote.fetchNames('1:2,99');
				const {sizeBytes} = names.get(2)!;
				const found = await Promise.all([
					remote.search({by: 'all'}),
					remote.search({by: 'flag', flag: 'UNSEEN'}),
					remote.search({by: 'flag', flag: 'FLAGGED'}),
					remote.search({by: 'sequence', set: '2:4'}),
					remote.search({by: 'message-id', messageId: `<five.${n}@example.org>`}),
					remote.search({by: 'message-id', messageId: '<nobody@example.org>'}),
					remote.search({by: 'message-id', messageId: `<five.${n}@example.org>`, isResent: true}),
					remote.search({by: 'message-id', messageId: `<again.five.${n}@example.org>`, isResent: true}),
					remote.search({by: 'message-id', messageId: `<two.${n}@example.org>`, sizeBytes}),
					remote.search({by: 'message-id', messageId: `<two.${n}@example.org>`, sizeBytes: sizeBytes + 1}),
					remote.search({by: 'message-id', messageId: `<four.${n}@example.org>`, isToStay: true}),
					remote.search({
						by: 'message-ids',
						messageIds: [`<four.${n}@example.org>`, `<five.${n}@example.org>`],
						isToStay: true,
					}),
				]);
				assert.deepEqual(found, [[1, 2, 3, 4, 5, 6], [1, 4, 5, 6], [3], [2, 3, 4], [5], [], [], [5], [2], [], [], [5]]);
				const origins = await remote.fetchOrigins('2:3,99');
				assert.deepEqual(
					[...origins].map(([uid, origin]) => [uid, origin.messageId, origin.flags.toSorted()]),
					[
						[2, `<two.${n}@example.org>`, ['\\Seen']],
						[3, `<three.${n}@example.org>`, ['\\Flagged', '\\Seen']],
					],
				);
				assert.equal(origins.get(2)!.sizeBytes, sizeBytes);
				assert.ok(origins.get(2)!.date > 0);
				assert.deepEqual(
					[...names].map(([uid, {messageId}]) => [uid, messageId]),
					[
						[1, `<one.${n}@example.org>`],
						[2, `<two.${n}@example.org>`],
					],
				);
			});
		}

		test('a copy to a mailbox that is not there is refused, and nothing else happens', async () => {
			const {remote} = await shelves();
			for (const transfer of [remote.copy('1', mailboxPath('No such')), remote.move('1', mailboxPath('No such'))]) {
				await assert.rejects(transfer, (error: Failure) => error.kind === 'gone' || error.kind === 'refused');
			}
			assert.deepEqual(await remote.fetchExisting('1:*'), [1, 2, 3, 4, 5, 6]);
		});

		test('a mailbox that is not there is refused in the server’s words, and the line stays up', async () => {
			const {remote} = await dial();
			await assert.rejects(
				remote.select(mailboxPath('No such')),
				(error: Failure) => error.kind !== 'offline' && /No such|exist/i.test(error.sentence),
			);
			assert.equal((await remote.select(inbox)).path, 'INBOX');
		});

		notOfLocal(
			kind,
			'what is asked behind the opening of a mailbox is asked in its turn, and fails where that fails',
			async () => {
				const {remote} = await dial();
				const asked: Promise<number[]>[] = [];
				const turns = remote.usage.turns;
				const selected = await remote.select(inbox, undefined, () => asked.push(remote.fetchExisting('1:3')));
				assert.equal(selected.path, 'INBOX');
				assert.deepEqual(await asked[0], [1, 2, 3]);
				assertTurns(kind, remote, turns + 1);
				const opening = remote.select(mailboxPath('No such'), undefined, () => asked.push(remote.fetchExisting('1')));
				await Promise.all([assert.rejects(opening), assert.rejects(asked[1] as Promise<number[]>)]);
				assert.equal((await remote.select(inbox)).path, 'INBOX');
			},
		);

		test('waiting for news costs no turn of its own, news arrives, and questions end the wait', async () => {
			const counts = heard<number>();
			const expunged = heard<number>();
			const flagged = heard<{sequence: number; flags: readonly string[]}>();
			const {remote, opened} = await dial({}, {onCount: counts.tell, onExpunge: expunged.tell, onFlags: flagged.tell});
			const turns = remote.usage.turns;
			const asked = rows(remote, '1:3');
			remote.idle();
			await asked;
			assertTurns(kind, remote, turns + 1);
			await other.append('INBOX', simple('news'));
			await counts.next(1);
			assert.equal(counts.all.at(-1), opened.count + 1);
			await other.command('SELECT INBOX');
			await other.command('STORE 4 +FLAGS.SILENT (\\Flagged)');
			await flagged.next(1);
			assert.equal(flagged.all[0]?.sequence, 4);
			assert.ok(flagged.all[0]?.flags.includes('\\Flagged'));
			await other.command(`STORE ${opened.count + 1} +FLAGS.SILENT (\\Deleted)`);
			await other.command('EXPUNGE');
			await expunged.next(1);
			assert.equal(expunged.all[0], opened.count + 1);
			// The end of one wait and the beginning of the next leave with the question.
			const before = remote.usage.turns;
			const more = rows(remote, '5:6');
			remote.idle();
			assert.equal((await more).length, 2);
			assert.ok(remote.usage.turns <= before + 1);
		});

		test('leaving is polite and final', async () => {
			const closed = heard<Failure>();
			const {remote} = await dial({}, {onClosed: closed.tell});
			await remote.leave();
			assert.deepEqual(closed.all, []);
			await assert.rejects(remote.look(), Failure);
		});
	});
}
