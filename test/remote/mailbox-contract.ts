/**
 * What a Remote promises of changing mailboxes and of putting a message into one: the same tests run on the demo server and
 * on a real Dovecot.
 */
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {Failure} from '../../source/model/failure.ts';
import {accountName, inbox, mailboxPath, partNumber} from '../../source/model/ids.ts';
import type {PlacedOctets, Remote} from '../../source/remote/remote.ts';
import {noise} from '../helpers/noise.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {
	assertTurns,
	type ContractServer,
	contractFixture,
	type Kind,
	notOfLocal,
	ownFlags,
} from './contract-fixture.ts';

const whole = {part: partNumber(''), of: 'content'} as const;
const short = Buffer.from('Subject: short\r\n\r\nGr\xfc\xdfe\r\n', 'latin1');
const long = Buffer.from(`Subject: long\r\n\r\n${'The ship is fast in the ice.\r\n'.repeat(6000)}`);
const came = Date.UTC(2026, 1, 3, 4, 5, 6);

const refusedWith = (code: string, kind: Failure['kind']) => (error: unknown) => {
	assert.ok(error instanceof Failure);
	assert.deepEqual([error.code, error.kind], [code, kind]);
	return true;
};

export function mailboxContract(
	name: string,
	start: () => Promise<ContractServer>,
	skip: string | false = false,
	kind: Kind = 'server',
): void {
	describe(`mailboxes changed, on ${name}`, {skip, timeout: 60_000}, () => {
		const fixture = contractFixture(start);
		const open = async (disabledCapabilities: readonly string[] = []) =>
			(await fixture.dial({wants: 'nothing', account: {disabledCapabilities}})).remote;
		const listed = async (remote: Remote): Promise<string[]> => (await remote.fetchMailboxes()).map(({path}) => path);
		let shelfNumber = 0;
		async function shelf(remote: Remote) {
			shelfNumber += 1;
			const path = mailboxPath(`Shelf ${shelfNumber}`);
			await remote.createMailbox(path);
			return path;
		}

		test('a mailbox that is made is there, in any language, and can be opened', async () => {
			const remote = await open();
			const path = mailboxPath('Entwürfe & 日本語');
			await remote.createMailbox(path);
			assert.ok((await listed(remote)).includes(path));
			assert.equal((await remote.select(path)).count, 0);
			await assert.rejects(remote.createMailbox(path), refusedWith('ALREADYEXISTS', 'refused'));
		});

		test('a mailbox is renamed with what is in it and what is below it', async () => {
			const remote = await open();
			const from = await shelf(remote);
			await remote.createMailbox(mailboxPath(`${from}/deep`));
			await remote.append(from, short, {flags: [], date: came});
			const to = mailboxPath('Renamed Ä');
			await remote.renameMailbox(from, to);
			const names = await listed(remote);
			assert.ok(names.includes(to) && names.includes(`${to}/deep`));
			assert.ok(!names.includes(from));
			assert.equal((await remote.select(to)).count, 1);
			await assert.rejects(remote.renameMailbox(from, mailboxPath('Nowhere')), refusedWith('NONEXISTENT', 'gone'));
			const taken = await shelf(remote);
			await assert.rejects(remote.renameMailbox(to, taken), refusedWith('ALREADYEXISTS', 'refused'));
		});

		test('a mailbox that is deleted is not there any more', async () => {
			const remote = await open();
			const path = await shelf(remote);
			await remote.deleteMailbox(path);
			assert.ok(!(await listed(remote)).includes(path));
			await assert.rejects(remote.deleteMailbox(path), refusedWith('NONEXISTENT', 'gone'));
		});

		test('a short message goes up in one turn, octet for octet, with its flags and the moment it came', async () => {
			const remote = await open();
			const path = await shelf(remote);
			const turns = remote.usage.turns;
			const first = await remote.append(path, short, {flags: ['\\Recent', '\\Seen', '$Mine'], date: came});
			assertTurns(kind, remote, turns + 1);
			const second = await remote.append(path, short, {flags: [], date: came});
			assert.equal(second?.uid, (first?.uid ?? 0) + 1);
			assert.equal((await remote.select(path)).uidValidity, first?.uidValidity);
			const octets = await remote.fetchChunk(first?.uid ?? 0, whole, 0, 1000, 'as-sent', 'parts');
			assert.deepEqual(octets, short);
			const flags: string[][] = [];
			await remote.fetchRows('1:2', row => flags.push(ownFlags(row.flags)), {withoutHeader: true});
			assert.deepEqual(flags, [['$Mine', '\\Seen'], []]);
			await fixture.other.command(`SELECT "${path}"`);
			const said = await fixture.other.command('FETCH 1 INTERNALDATE');
			const date = /INTERNALDATE "([^"]+)"/.exec(said)?.[1] ?? '';
			assert.equal(Date.parse(date.replaceAll('-', ' ').replace(/(\d) (\d{4})$/, '$1 -$2')), came);
		});

		test('a long message waits for the server to agree, and nothing that is asked around it is lost', async () => {
			const remote = await open();
			const path = await shelf(remote);
			for (let count = 0; count < 2; count++) await remote.append(inbox, short, {flags: [], date: came});
			remote.idle();
			const uids: number[] = [];
			const row = (sequence: string) => remote.fetchRows(sequence, ({uid}) => uids.push(uid));
			const before = row('1');
			const storing = Promise.all([1, 2].map(() => remote.append(path, long, {flags: [], date: came})));
			const behind = row('2');
			remote.idle();
			const places = await storing;
			await Promise.all([before, behind]);
			assert.deepEqual(places.map(place => place?.uid).sort(), [1, 2]);
			assert.equal(uids.length, 2);
			await remote.select(path);
			assert.deepEqual(await remote.fetchChunk(2, whole, 0, 200_000, 'as-sent', 'parts'), long);
		});

		test('a short message goes up without LITERAL+ as well', async () => {
			const remote = await open(['LITERAL+', 'LITERAL-']);
			const path = await shelf(remote);
			const places = await Promise.all([1, 2].map(() => remote.append(path, short, {flags: [], date: came})));
			assert.deepEqual(places.map(place => place?.uid).sort(), [1, 2]);
			assert.equal((await remote.select(path)).count, 2);
		});

		test('a message for a mailbox that is not there is refused, and the line stays', async () => {
			const remote = await open();
			const path = mailboxPath('Not there');
			for (const octets of [long, short]) {
				const asking = remote.append(path, octets, {flags: [], date: came});
				await assert.rejects(asking, refusedWith('TRYCREATE', 'gone'));
			}
			await remote.createMailbox(path);
			await remote.append(path, long, {flags: [], date: came});
			assert.equal((await remote.select(path)).count, 1);
		});

		test('a message that lies in a file goes up octet for octet, whatever is asked meanwhile', async t => {
			const folder = ownFolder(t);
			const remote = await open();
			const path = await shelf(remote);
			await remote.select(path);
			const octets = noise(700_000);
			for (const [name, content] of [
				['noise', Buffer.concat([Buffer.from('Subject: noise\r\n\r\n'), Buffer.from(octets.toString('base64'))])],
				['long', long],
			] as const) {
				const file = join(folder, name);
				writeFileSync(file, content);
				const storing = remote.append(path, {file, sizeBytes: content.length}, {flags: ['\\Seen'], date: came});
				const [place] = await Promise.all([storing, remote.search({by: 'all'})]);
				await remote.look();
				const uid = place?.uid ?? 0;
				assert.ok(uid > 0 && (await remote.search({by: 'all'})).includes(uid));
				const back = await remote.fetchChunk(uid, whole, 0, content.length + 1, 'as-sent', 'parts');
				assert.ok(back?.equals(content), name);
			}
		});

		const withFile = [
			'Subject: A file',
			'MIME-Version: 1.0',
			'Content-Type: multipart/mixed; boundary=b',
			'',
			'--b',
			'Content-Type: text/plain',
			'',
			'Before.',
			'--b',
			'Content-Type: application/octet-stream',
			'Content-Transfer-Encoding: base64',
			'',
			...Array.from({length: 900}, () => 'AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKKKKLLLLMMMMNNNNOOOOPPPPQQQQRRRR'),
			'--b--',
			'',
		].join('\r\n');
		const [head, middle] = [withFile.indexOf('AAAA'), withFile.lastIndexOf('RRRR') + 4];
		/** The same message with another text, its file taken from where it lies. */
		const edited = (at: Pick<PlacedOctets, 'mailbox' | 'uidValidity' | 'uid'>, text: string) => {
			const begin = Buffer.from(withFile.slice(0, head).replace('Before.', text));
			return [begin, {...at, part: partNumber('2')}, Buffer.from(withFile.slice(middle))] as const;
		};

		notOfLocal(kind, 'of a message in pieces only what is new goes up, in one turn', async () => {
			const remote = await open();
			const path = mailboxPath('Entwürfe; "1%" & mehr?/日本語');
			await remote.createMailbox(path);
			const first = await remote.append(path, Buffer.from(withFile), {flags: ['\\Draft'], date: came});
			const {turns, up} = {turns: remote.usage.turns, up: remote.usage.upBytes};
			const pieces = edited({mailbox: path, ...first!}, 'Grüße.');
			const place = await remote.append(path, pieces, {flags: ['\\Draft'], date: came});
			assert.equal(remote.usage.turns, turns + 1);
			assert.ok(remote.usage.upBytes - up < 700, `${remote.usage.upBytes - up} bytes up`);
			await remote.select(path);
			const octets = await remote.fetchChunk(place?.uid ?? 0, whole, 0, 200_000, 'as-sent', 'parts');
			assert.equal(octets?.toString(), withFile.replace('Before.', 'Grüße.'));
			const all = [{mailbox: path, ...place!, part: partNumber('')}];
			const copy = await remote.append(path, all, {flags: [], date: came});
			assert.deepEqual(await remote.fetchChunk(copy?.uid ?? 0, whole, 0, 200_000, 'as-sent', 'parts'), octets);
		});

		notOfLocal(kind, 'pieces that are long, or that lie in a file, go up when the server agrees', async t => {
			const remote = await open(kind === 'server' ? ['LITERAL+', 'LITERAL-'] : []);
			const path = await shelf(remote);
			const first = await remote.append(path, Buffer.from(withFile), {flags: [], date: came});
			const [begin, file, end] = edited({mailbox: path, ...first!}, 'Long ago. '.repeat(9000));
			const stored = join(ownFolder(t), 'text');
			writeFileSync(stored, Buffer.concat([Buffer.from('not this'), begin, Buffer.from('nor this')]));
			const stretch = {file: stored, from: 8, sizeBytes: begin.length};
			for (const piece of [begin, stretch]) {
				const storing = remote.append(path, [piece, file, end], {flags: [], date: came});
				const [place] = await Promise.all([storing, remote.look()]);
				await remote.select(path);
				const octets = await remote.fetchChunk(place?.uid ?? 0, whole, 0, 300_000, 'as-sent', 'parts');
				assert.equal(octets?.toString(), withFile.replace('Before.', 'Long ago. '.repeat(9000)));
			}
		});

		notOfLocal(
			kind,
			'a part is lent to the submission server by a URL, which says whose it is, who may fetch, and until when',
			async () => {
				const remote = await open();
				const path = mailboxPath('Lent; "1%" & mehr?/日本語');
				await remote.createMailbox(path);
				const first = await remote.append(path, Buffer.from(withFile), {flags: [], date: came});
				const at = {account: accountName('a'), mailbox: path, ...first!, sizeBytes: 1, encoding: 'base64'};
				const parts = ['2', '', 'TEXT', '2'].map(part => ({...at, part: partNumber(part)}));
				const {turns} = remote.usage;
				const owner = {host: 'localhost', user: 'contract', reader: 'contract', until: Date.UTC(2036, 0, 1)};
				const urls = await remote.fetchUrls(parts, owner);
				assert.equal(remote.usage.turns, turns + 1);
				const name = 'Lent%3B%20%221%25%22%20%26%20mehr%3F/%E6%97%A5%E6%9C%AC%E8%AA%9E';
				const message = `imap://contract@localhost/${name};UIDVALIDITY=${first!.uidValidity}/;UID=${first!.uid}`;
				const access = ';EXPIRE=2036-01-01T00:00:00Z;URLAUTH=submit+contract:internal:';
				const sections = ['/;SECTION=2', '', '/;SECTION=TEXT', '/;SECTION=2'];
				for (const [index, url] of urls.entries()) {
					assert.ok(url.startsWith(`${message}${sections[index]}${access}`), url);
					assert.match(url.slice(-34), /^[0-9a-f]+$/);
				}
				assert.equal(urls[0], urls[3]);
				assert.equal(new Set(urls).size, 3);
			},
		);

		notOfLocal(
			kind,
			'of a message that is gone no part is lent, nor under another name of the server, and the line stays',
			async () => {
				const remote = await open();
				const path = await shelf(remote);
				const first = await remote.append(path, Buffer.from(withFile), {flags: [], date: came});
				const at = {
					account: accountName('a'),
					mailbox: path,
					...first!,
					part: partNumber('2'),
					sizeBytes: 1,
					encoding: '',
				};
				const owner = {host: 'localhost', user: 'contract', reader: 'contract', until: Date.UTC(2036, 0, 1)};
				const wrong = [
					[{...at, uid: 77}, owner],
					[{...at, uidValidity: 1}, owner],
					[{...at, mailbox: mailboxPath('Not there')}, owner],
					[at, {...owner, host: 'elsewhere.example'}],
				] as const;
				for (const [part, by] of wrong)
					await assert.rejects(
						remote.fetchUrls([part], by),
						(error: unknown) => error instanceof Failure && error.kind === 'refused',
					);
				assert.equal((await remote.fetchUrls([at], owner)).length, 1);
			},
		);

		notOfLocal(kind, 'when a message that a piece lies in is gone, nothing is stored, and the line stays', async () => {
			for (const lacking of [[], ['LITERAL+', 'LITERAL-']]) {
				const remote = await open(lacking);
				const path = await shelf(remote);
				const first = await remote.append(path, Buffer.from(withFile), {flags: [], date: came});
				const [begin, file, end] = edited({mailbox: path, ...first!}, 'After.');
				const other = mailboxPath('Not there');
				const wrong = [
					{...file, uid: 77},
					{...file, uidValidity: 1},
					{...file, mailbox: other},
				];
				for (const piece of wrong) {
					const storing = remote.append(path, [begin, piece, end], {flags: [], date: came});
					await assert.rejects(storing, refusedWith('BADURL', 'gone'));
				}
				await assert.rejects(
					remote.append(mailboxPath('Nowhere'), [begin, file, end], {flags: [], date: came}),
					refusedWith('TRYCREATE', 'gone'),
				);
				assert.equal((await remote.select(path)).count, 1);
			}
		});

		test('a message whose file is gone ends the line: nothing of it is there', async t => {
			const remote = await open();
			const path = await shelf(remote);
			const file = join(ownFolder(t), 'none');
			const storing = remote.append(path, {file, sizeBytes: 5000}, {flags: [], date: came});
			await assert.rejects(storing, (error: unknown) => error instanceof Failure);
			const again = await open();
			assert.equal((await again.select(path)).count, 0);
		});
	});
}
