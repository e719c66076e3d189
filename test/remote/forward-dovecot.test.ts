/**
 * What is sent on from where it lies, by real servers: it arrives as what would have been fetched, attached and sent. And
 * what the script that stands for a submission server in other tests promises, so does a real one.
 */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import net from 'node:net';
import {Readable} from 'node:stream';
import {describe, type TestContext, test} from 'node:test';
import {simpleParser} from 'mailparser';
import {composeMessage, dateField} from '../../source/compose/compose.ts';
import {makeLetter} from '../../source/make-letter.ts';
import type {Attachment, Draft} from '../../source/model/draft.ts';
import {accountName, inbox, partNumber} from '../../source/model/ids.ts';
import type {PartOnServer} from '../../source/model/piece.ts';
import {awkwardMail} from '../helpers/awkward-mail.ts';
import {withoutSubmission} from '../helpers/dovecot.ts';
import {lendingRelay} from '../helpers/lending-relay.ts';
import {noise} from '../helpers/noise.ts';
import {offersOfPieces, smtpServer} from '../helpers/smtp-server.ts';
import {attach, draftOf, octetsOf} from '../helpers/written-mail.ts';

const picture = noise(70_000);
const asBase64 = `${picture.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`;
const inner = 'From: a@b.example\r\nSubject: inner\r\n\r\nhi\r\n.\r\nFrom here\r\n';
/** Part, transfer encoding, media type, name, as sent, decoded. */
const parts = [
	['1', 'quoted-printable', 'text/html; charset=utf-8', 'größe.html', '=C3=BC=3D\r\n', Buffer.from('ü=\r\n')],
	['2', 'base64', 'image/jpeg', '写真 “1”.jpg', asBase64, picture],
	['3', '7bit', 'message/rfc822', 'inner.eml', inner, Buffer.from(inner)],
	[
		'4',
		'8bit',
		'text/plain; charset=iso-8859-1',
		'caf\xe9.txt',
		'caf\xe9\r\n.\r\n..dots\r\n',
		Buffer.from('caf\xe9\r\n.\r\n..dots\r\n', 'latin1'),
	],
	['5', '7bit', 'text/csv', 'it\'s "100%".csv', 'a,b\r\n', Buffer.from('a,b\r\n')],
] as const;
const original = Buffer.from(
	[
		'From: bob@example.org\r\nSubject: all of it\r\nDelivered-To: ada@example.org\r\nMessage-ID: <all@x>\r\nDate: Sun, 29 Nov 2026 10:00:00 +0000\r\n',
		'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n',
		...parts.map(
			([, encoding, type, , sent]) =>
				`--b\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${sent}\r\n`,
		),
		'--b--\r\n',
	].join(''),
	'latin1',
);

type Place = Omit<PartOnServer, 'part' | 'sizeBytes' | 'encoding'>;

const left = (place: Place, index: number): Attachment => {
	const [part, encoding, type, name, sent, decoded] = parts[index]!;
	return {
		name,
		type,
		sizeBytes: decoded.length,
		at: {...place, part: partNumber(part), sizeBytes: sent.length, encoding},
	};
};

const compose = (draft: Draft) =>
	composeMessage(draft, {messageId: '<1@example.org>', date: dateField(0, 0), open: file => [octetsOf.get(file)!]});

/** As it would be with all its octets here. */
async function spelledOut(draft: Draft, sentOf: (at: PartOnServer) => string): Promise<string> {
	const pieces: (Buffer | PartOnServer)[] = await Readable.from(compose(draft).pieces).toArray();
	return pieces.map(each => (Buffer.isBuffer(each) ? each.toString('latin1') : sentOf(each))).join('');
}

const boundaries = (text: string): string => text.replaceAll(/[-_]+NmP-[\w.-]+?-Part_\d+/g, 'B');

describe('sent on by Dovecot', {skip: withoutSubmission, timeout: 120_000}, () => {
	test('parts in every encoding, under names in UTF-8, arrive as if they had been fetched and attached', async context => {
		const relay = await lendingRelay(context);
		const place = await relay.store(original);
		const draft = draftOf({subject: 'Fwd', text: 'see\n', attachments: parts.map((_, index) => left(place, index))});
		const arrived = await relay.carry(compose(draft));
		assert.equal(boundaries(arrived), boundaries(await spelledOut(draft, at => parts[Number(at.part) - 1]![4])));
		const fetched = draftOf({
			subject: 'Fwd',
			text: 'see\n',
			attachments: parts.map(([, , type, name, , decoded]) => attach(name, decoded, type)),
		});
		const read = async (octets: string) =>
			(await simpleParser(Buffer.from(octets, 'latin1'))).attachments.map(({filename, contentType, content}) => ({
				filename,
				contentType,
				content: content.toString('latin1'),
			}));
		assert.deepEqual(await read(arrived), await read(await spelledOut(fetched, () => assert.fail())));
	});

	test('a whole message arrives octet for octet, and one that is sent on as it is has its header mended', async context => {
		const relay = await lendingRelay(context);
		const place = await relay.store(original);
		const at = {...place, part: partNumber(''), sizeBytes: original.length, encoding: '8bit'};
		const whole = draftOf({attachments: [{name: 'all.eml', type: 'message/rfc822', sizeBytes: original.length, at}]});
		assert.ok((await relay.carry(compose(whole))).includes(original.toString('latin1')));
		const header = original.subarray(0, original.indexOf('\r\n\r\n') + 4).toString('latin1');
		const rest = {...at, part: partNumber('TEXT'), sizeBytes: original.length - header.length};
		const resends = {name: 'all.eml', type: 'message/rfc822', sizeBytes: original.length, header, at: rest};
		const bounced = await relay.carry(await makeLetter(draftOf({resends}), Date.UTC(2026, 10, 30)));
		assert.match(bounced, /^Resent-Date: [\s\S]*\r\nFrom: bob@example\.org\r\n/);
		assert.doesNotMatch(bounced, /Delivered-To/);
		assert.ok(bounced.endsWith(original.subarray(header.length - 2).toString('latin1')));
	});

	test('seventy awkward messages with a part from the mailbox arrive octet for octet', async context => {
		const relay = await lendingRelay(context);
		const place = await relay.store(original);
		const refused: string[] = [];
		for (const [name, awkward] of Object.entries(awkwardMail)) {
			const attachments = [...(awkward.attachments ?? []), left(place, 1)];
			const draft = draftOf({...awkward, attachments});
			const sent = await spelledOut(draft, () => asBase64);
			try {
				assert.equal(boundaries(await relay.carry(compose(draft))), boundaries(sent), name);
			} catch (error) {
				if (!/SMTPUTF8/.test((error as Error).message)) throw error;
				refused.push(name);
			}
		}
		assert.deepEqual(refused, ['an address in another script']);
	});
});

type Contract = {
	readonly port: number;
	/** Of something that is there; each is fetched once or often. */
	readonly url: () => Promise<string>;
	readonly gone: () => Promise<string>;
	readonly taken: () => readonly string[];
};

/** Word for word. */
async function dialogue(context: TestContext, port: number) {
	const socket = net.connect(port, '127.0.0.1');
	context.after(() => socket.destroy());
	await once(socket, 'connect');
	let heard = '';
	let wake = (): void => {};
	socket.on('data', octets => {
		heard += octets.toString('latin1');
		wake();
	});
	const reply = async (): Promise<string> => {
		for (;;) {
			const found = /^(?:\d{3}-[^\r]*\r\n)*(\d{3}) [^\r]*\r\n/.exec(heard);
			if (found) {
				heard = heard.slice(found[0].length);
				return found[1]!;
			}
			await new Promise<void>(resolve => {
				wake = resolve;
			});
		}
	};
	const say = async (...lines: readonly string[]): Promise<string[]> => {
		socket.write(lines.map(line => (/^BDAT \d+/.test(line) ? line : `${line}\r\n`)).join(''), 'latin1');
		const replies: string[] = [];
		for (const _ of lines) replies.push(await reply());
		return replies;
	};
	await reply();
	await say('EHLO [127.0.0.1]', `AUTH PLAIN ${Buffer.from('\0ada\0pass').toString('base64')}`);
	return say;
}

function contract(
	name: string,
	start: (context: TestContext) => Promise<Contract>,
	skip: string | false = false,
): void {
	describe(`a message in pieces, on ${name}`, {skip, timeout: 60_000}, () => {
		const envelope = ['MAIL FROM:<ada@example.org>', 'RCPT TO:<bob@example.org>'];
		test('is put together in the order of its pieces, all in one packet', async context => {
			const {port, url, taken} = await start(context);
			const say = await dialogue(context, port);
			const replies = await say(...envelope, 'BDAT 8\r\nX: y\r\n\r\n', `BURL ${await url()}`, 'BDAT 5 LAST\r\nend\r\n');
			assert.deepEqual(replies, ['250', '250', '250', '250', '250']);
			assert.ok(taken()[0]!.endsWith('X: y\r\n\r\na,b\r\nend\r\n'));
		});
		test('may end with what is fetched', async context => {
			const {port, url, taken} = await start(context);
			const say = await dialogue(context, port);
			assert.deepEqual(await say(...envelope, 'BDAT 8\r\nX: y\r\n\r\n', `BURL ${await url()} LAST`), [
				'250',
				'250',
				'250',
				'250',
			]);
			assert.ok(taken()[0]!.endsWith('X: y\r\n\r\na,b\r\n'));
		});
		test('is dead when a piece cannot be fetched: what ends it is refused, and nothing of it is taken', async context => {
			const {port, gone, url, taken} = await start(context);
			const say = await dialogue(context, port);
			const replies = await say(...envelope, 'BDAT 8\r\nX: y\r\n\r\n', `BURL ${await gone()}`);
			assert.deepEqual(replies, ['250', '250', '250', '554']);
			assert.match((await say('BDAT 5 LAST\r\nend\r\n'))[0]!, /^5/);
			assert.deepEqual(taken(), []);
			assert.deepEqual(await say('RSET'), ['250']);
			assert.deepEqual(await say(...envelope, 'BDAT 8\r\nX: y\r\n\r\n', `BURL ${await url()} LAST`), [
				'250',
				'250',
				'250',
				'250',
			]);
			assert.equal(taken().length, 1);
		});
		test('needs somebody it goes to', async context => {
			const {port, url, taken} = await start(context);
			const say = await dialogue(context, port);
			const [from, burl] = await say(envelope[0]!, `BURL ${await url()} LAST`);
			assert.equal(from, '250');
			assert.match(burl!, /^5/);
			assert.deepEqual(taken(), []);
		});
	});
}

contract('a submission server that is all script', async context => {
	const fetches = (url: string) => (url.startsWith('imap://ada@h/1') ? 'a,b\r\n' : undefined);
	const server = await smtpServer(context, {offers: offersOfPieces, fetches});
	return {
		port: server.port,
		url: async () => 'imap://ada@h/1',
		gone: async () => 'imap://ada@h/2',
		taken: () => server.taken.map(({octets}) => octets),
	};
});
contract(
	'Dovecot',
	async context => {
		const {dovecot, sink, store, urls} = await lendingRelay(context);
		const place = await store(original);
		const at = {
			...place,
			account: accountName('work'),
			mailbox: inbox,
			part: partNumber('5'),
			sizeBytes: 5,
			encoding: '7bit',
		};
		const [url = ''] = await urls([at]);
		return {
			port: dovecot.submissionPort,
			url: async () => url,
			gone: async () => url.replace(/.{6}$/, '000000'),
			taken: () => sink.taken.map(({octets}) => octets),
		};
	},
	withoutSubmission,
);
