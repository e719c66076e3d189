/**
 * What a Remote promises of questions about many messages at once: the same tests run on the demo server and on a real
 * Dovecot.
 */
import assert from 'node:assert/strict';
import {before, describe, test} from 'node:test';
import {type MailboxPath, mailboxPath, partNumber} from '../../source/model/ids.ts';
import type {ArrivalFact, MessageFact, PartFact, RowFact} from '../../source/remote/remote.ts';
import {
	assertTurns,
	type ContractServer,
	contractFixture,
	type Kind,
	notOfLocal,
	ownFlags,
} from './contract-fixture.ts';

const path = mailboxPath('Threads');
const readers = Array.from({length: 80}, (_, index) => `reader.${index}@example.org`).join(',\n ');
const letter = (number: number): string => `Date: Thu, 19 Nov 2026 08:0${number}:00 +0100
From: "Writer ${number}" <writer@example.org>
To: ${readers}
Cc: copy@example.org
Subject: number ${number}
Message-ID: <${number}@example.org>
In-Reply-To: <${number - 1}@example.org>
References: <0@example.org> <${number - 1}@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Grüße ${number}. ${'The ship is fast in the ice. '.repeat(10)}
--b
Content-Type: text/csv; name=depths.csv

${number},${number}
--b--
`;

export function collectingContract(
	name: string,
	start: () => Promise<ContractServer>,
	skip: string | false = false,
	kind: Kind = 'server',
): void {
	describe(`many messages at once, on ${name}`, {skip, timeout: 60_000}, () => {
		const fixture = contractFixture(start);
		const {dial, visit} = fixture;

		before(async () => {
			await fixture.other.command(`CREATE "${path}"`);
			for (let number = 1; number <= 6; number++) await fixture.other.append(path, letter(number));
			// Local mail gives UIDs to what it sees.
			await dial({mailbox: path});
			await visit(path, 'UID STORE 2 +FLAGS.SILENT (\\Deleted)', 'EXPUNGE', 'UID STORE 3 +FLAGS.SILENT (\\Seen $Mine)');
		});

		const open = async (wants: 'changes' | 'nothing' = 'changes', disabledCapabilities: readonly string[] = []) =>
			dial({mailbox: path, wants, account: {disabledCapabilities}});

		/** A mailbox of its own, for a test that changes something. */
		async function ownMailbox(title: string): Promise<MailboxPath> {
			await fixture.other.command(`CREATE "${title}"`);
			for (let number = 1; number <= 4; number++) await fixture.other.append(title, letter(number));
			return mailboxPath(title);
		}

		for (const wants of ['changes', 'nothing'] as const) {
			test(`flags come by UID with their numbers, of those that are there, on a line that wants ${wants}`, async () => {
				const {remote} = await open(wants);
				const flags: unknown[] = [];
				await remote.fetchFlags('1:4,99', fact => flags.push([fact.uid, fact.sequence, ownFlags(fact.flags)]));
				assert.deepEqual(flags, [
					[1, 1, []],
					[3, 2, ['$Mine', '\\Seen']],
					[4, 3, []],
				]);
			});
		}

		notOfLocal(kind, 'flags of only those that changed after a change number', async () => {
			const mailbox = await ownMailbox('Changed since');
			const {remote} = await dial({mailbox});
			const {highestModseq} = await remote.select(mailbox, 'changes');
			await visit(mailbox, 'UID STORE 2 +FLAGS.SILENT (\\Answered)');
			// Dovecot says it twice: as the answer, and as news.
			const changed = new Map<number, unknown>();
			await remote.fetchFlags('1:4', ({uid, flags}) => changed.set(uid, ownFlags(flags)), highestModseq);
			assert.deepEqual([...changed], [[2, ['\\Answered']]]);
		});

		test('a server without CONDSTORE tells the flags of all of them instead', async () => {
			const {remote} = await open('changes', ['CONDSTORE', 'QRESYNC']);
			const uids: number[] = [];
			await remote.fetchFlags('1:6', ({uid}) => uids.push(uid), '1');
			assert.deepEqual(uids, [1, 3, 4, 5, 6]);
		});

		test('a summary that is kept has To, Cc, Message-ID, In-Reply-To and References besides', async () => {
			const {remote} = await open();
			const rows: RowFact[] = [];
			assert.equal(await remote.fetchSummaries('4:*', row => rows.push(row)), 3);
			assert.deepEqual(
				rows.map(({uid, sequence}) => [uid, sequence]),
				[
					[4, 3],
					[5, 4],
					[6, 5],
				],
			);
			const header = rows[2]?.header?.toString() ?? '';
			assert.match(header, /^To: reader\.0@example\.org,\r\n/m);
			assert.match(header, /reader\.79@example\.org\r\n/);
			for (const field of ['Date: Thu, 19 Nov', 'From: "Writer 6"', 'Cc: copy', 'Subject: number 6', 'Message-ID: <6@'])
				assert.ok(header.includes(field), field);
			assert.match(header, /^References: <0@example\.org> <5@example\.org>\r$/m);
			assert.doesNotMatch(header, /^MIME/m);
			assert.equal(rows[2]?.sizeBytes, Buffer.byteLength(letter(6).replaceAll('\n', '\r\n')));
		});

		test('from a number above all there is nothing, though `*` is some message', async () => {
			const {remote} = await open();
			assert.equal(await remote.fetchSummaries('7:*', () => assert.fail('a row')), 0);
		});

		test('summaries, rows and names under way together do not take each other’s headers', async () => {
			const {remote} = await open();
			const summaries: RowFact[] = [];
			const rows: RowFact[] = [];
			const [, , names] = await Promise.all([
				remote.fetchRows('1:5', row => rows.push(row)),
				remote.fetchSummaries('1:6', row => summaries.push(row)),
				remote.fetchNames('1:6'),
			]);
			assert.equal(summaries.length, 5);
			for (const {header} of summaries) assert.match(String(header), /^References: /m);
			for (const {header} of rows) assert.match(String(header), /^Subject: /m);
			assert.equal(names.size, 5);
		});

		test('structures of many come in one turn', async () => {
			const {remote} = await open();
			const turns = remote.usage.turns;
			const structures = new Map<number, PartFact | undefined>();
			await remote.fetchStructures('1:3,6', (uid, structure) => structures.set(uid, structure));
			assertTurns(kind, remote, turns + 1);
			assert.deepEqual([...structures.keys()], [1, 3, 6]);
			assert.deepEqual(
				structures.get(6)?.children.map(part => `${part.number} ${part.type}/${part.subtype}`),
				['1 text/plain', '2 text/csv'],
			);
		});

		test('what a change of flags is answered with is no structure', async () => {
			const {remote} = await open();
			const structures: unknown[] = [];
			await Promise.all([
				remote.fetchStructures('1:6', (_, structure) => structures.push(structure?.subtype)),
				remote.storeFlag('1:6', '$Looked', true),
				remote.fetchStructures('1:6', (_, structure) => structures.push(structure?.subtype)),
			]);
			await remote.storeFlag('1:6', '$Looked', false);
			assert.ok(structures.length >= 10);
			assert.ok(structures.every(subtype => subtype === 'mixed'));
		});

		test('the beginnings of one part of many messages come in one turn, shorter ones whole', async () => {
			const {remote} = await open();
			const turns = remote.usage.turns;
			const starts = new Map<number, string>();
			await remote.fetchStarts('1:4', partNumber('2'), 8, (uid, octets) => starts.set(uid, octets.toString()));
			await remote.fetchStarts('5:6', partNumber('1'), 6, (uid, octets) => starts.set(uid, octets.toString('latin1')));
			assertTurns(kind, remote, turns + 2);
			assert.deepEqual(
				[...starts].map(([uid, text]) => [uid, text.trim()]),
				[
					[1, '1,1'],
					[3, '3,3'],
					[4, '4,4'],
					[5, Buffer.from('Grüß').toString('latin1')],
					[6, Buffer.from('Grüß').toString('latin1')],
				],
			);
		});

		test('the beginnings of many and a chunk of one that begins there too each get their own length', async () => {
			const {remote} = await open();
			const section = {part: partNumber('1'), of: 'content'} as const;
			const starts: number[] = [];
			const [chunk, , opening] = await Promise.all([
				remote.fetchChunk(3, section, 0, 200, 'as-sent', 'text'),
				remote.fetchStarts('1:4', partNumber('1'), 50, (_, octets) => starts.push(octets.length)),
				remote.fetchOpening(4, 100),
			]);
			assert.equal(chunk?.length, 200);
			assert.deepEqual(starts, [50, 50, 50]);
			assert.equal(opening.probe.length, 100);
		});

		notOfLocal(kind, 'previews are text, where the server has them', async () => {
			const {remote} = await open();
			assert.ok(remote.capabilities.has('PREVIEW'));
			const previews = new Map<number, string>();
			await remote.fetchPreviews('3:4', (uid, text) => previews.set(uid, text));
			assert.deepEqual([...previews.keys()], [3, 4]);
			assert.match(previews.get(3) ?? '', /^Grüße 3\. The ship/);
		});

		test('messages are found by the day they came', async () => {
			const {remote} = await open();
			const day = 24 * 3600_000;
			const came = await remote.search({by: 'since', date: Date.UTC(2026, 0, 1)});
			assert.deepEqual(came, [1, 3, 4, 5, 6]);
			assert.deepEqual(await remote.search({by: 'since', date: Date.now() + 400 * day}), []);
		});

		test('a maildrop is listed from a UID on, with the sizes messages come in, whole and with their flags', async () => {
			const {remote} = await open();
			const [arrivals, letters] = [new Map<number, ArrivalFact>(), new Map<number, MessageFact>()];
			const longest = Buffer.byteLength(letter(1).replaceAll('\n', '\r\n'));
			await Promise.all([
				remote.fetchArrivals('3:*', fact => arrivals.set(fact.uid, fact)),
				remote.fetchMessages('1:4,99', longest, fact => letters.set(fact.uid, fact)),
			]);
			assert.deepEqual([...arrivals.keys()], [3, 4, 5, 6]);
			assert.deepEqual([...letters.keys()], [1, 3, 4]);
			for (const uid of [3, 4]) {
				assert.equal(letters.get(uid)?.octets.toString(), letter(uid).replaceAll('\n', '\r\n'));
				assert.equal(arrivals.get(uid)?.sizeBytes, letters.get(uid)?.octets.length);
				assert.equal(arrivals.get(uid)?.date, (await remote.fetchOrigins(String(uid))).get(uid)?.date);
			}
			assert.deepEqual(ownFlags(letters.get(3)?.flags ?? []), ['$Mine', '\\Seen']);
			const beyond: number[] = [];
			await remote.fetchArrivals('7:*', ({uid}) => beyond.push(uid));
			assert.deepEqual(beyond, []);
		});

		test('nothing of it marks anything as read', async () => {
			const {remote} = await open();
			await remote.fetchSummaries('1:6', () => {});
			await remote.fetchStarts('1:6', partNumber('1'), 100, () => {});
			await remote.fetchPreviews('1:6', () => {});
			await remote.fetchMessages('1:6', 5000, () => {});
			assert.deepEqual(await remote.search({by: 'flag', flag: 'SEEN'}), [3]);
		});
	});
}
