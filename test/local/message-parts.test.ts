import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {partsOf} from '../../source/local/message-parts.ts';
import {mailboxPath, type PartNumber, partNumber} from '../../source/model/ids.ts';
import {dialImap} from '../../source/remote/imap.ts';
import type {PartFact, Remote} from '../../source/remote/remote.ts';
import {plainDialling} from '../helpers/dialling.ts';
import {type Dovecot, startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';

const octetsOf = (text: string): Buffer => Buffer.from(text.replaceAll(/\r?\n/g, '\r\n'), 'latin1');

const ordinary: Readonly<Record<string, string>> = {
	'a text': 'From: a@b\nSubject: plain\n\nText.\n',
	'a text with a charset and an encoding':
		'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: Quoted-Printable\n\nGr=C3=BC=C3=9Fe\n',
	'an alternative':
		'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="a b"\n\npreamble\n--a b\nContent-Type: text/plain\n\none\n--a b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+\n--a b--\nepilogue\n',
	'a mixed one with an attachment': `Content-Type: multipart/mixed; boundary=x\n\n--x\n\nSee.\n--x\nContent-Type: application/pdf; name="a \\"b\\".pdf"\nContent-Disposition: attachment;\n filename*=utf-8''%C3%A4.pdf; size=3\nContent-Description: a file\nContent-Transfer-Encoding: base64\n\nAAAA\n--x--\n`,
	'one within another':
		'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=xx\n\n--xx\n\na\n--xx\nContent-Type: text/html\n\nb\n--xx--\n\n--x\nContent-Type: image/png\n\nc\n--x--\n',
	'an attached message':
		'Content-Type: multipart/mixed; boundary=o\n\n--o\n\nSee.\n--o\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename="inner.eml"\n\nFrom: "In Ner" <inner@example.org>\nTo: x@y.z, Q <q@r.s>\nDate: Thu, 19 Nov 2026 08:00:00 +0100\nSubject: inside\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nInner.\n--i\nContent-Type: image/png; name=p.png\n\niVBOR\n--i--\n\n--o--\n',
	'an attached message of one part': 'Content-Type: message/rfc822\n\nSubject: inside\n\nInner.\n',
	'a digest':
		'Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: one\n\nFirst.\n--d\n\nSubject: two\n\nSecond.\n--d--\n',
	'one without its last boundary': 'Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\n\ntwo\n',
};

/** As far as the session looks at it. */
function seen(fact: PartFact): unknown {
	const {number, type, subtype, parameters, encoding, sizeBytes, disposition, dispositionParameters, envelope} = fact;
	const own = {number, kind: `${type}/${subtype}`, parameters: {...parameters}, disposition};
	const children = fact.children.map(seen);
	if (type === 'multipart') return {...own, children};
	const {description} = fact;
	return {
		...own,
		encoding,
		sizeBytes,
		description,
		dispositionParameters: {...dispositionParameters},
		envelope,
		children,
	};
}

const leavesOf = (fact: PartFact): PartNumber[] => [
	...(fact.type === 'multipart' ? [] : [fact.number]),
	...fact.children.flatMap(leavesOf),
];

describe('the parts of a message are those Dovecot finds', {skip: withoutDovecot, timeout: 60_000}, () => {
	let dovecot: Dovecot;
	let remote: Remote;
	const names = Object.keys(ordinary);
	before(async () => {
		dovecot = await startDovecot();
		const other = await otherClient(dovecot.port, 'parts', dovecot.password);
		await other.command('CREATE Parts');
		for (const name of names) await other.append('Parts', octetsOf(ordinary[name]!));
		other.close();
		const dialling = plainDialling({
			port: dovecot.port,
			password: dovecot.password,
			mailbox: mailboxPath('Parts'),
			account: {user: 'parts'},
		});
		({remote} = await dialImap(dialling, new AbortController().signal));
	});
	after(async () => {
		remote.cut();
		await dovecot.stop();
	});

	for (const [index, name] of names.entries()) {
		test(name, async () => {
			const octets = octetsOf(ordinary[name]!);
			const parts = partsOf(octets);
			const {structure} = await remote.fetchOpening(index + 1, 0);
			assert.deepEqual(seen(parts.structure), seen(structure!));
			for (const part of leavesOf(structure!)) {
				const section = {part, of: 'content'} as const;
				const theirs = await remote.fetchChunk(index + 1, section, 0, 10_000, 'as-sent', 'parts');
				const [start, end] = parts.find(section)!;
				assert.equal(octets.subarray(start, end).toString('latin1'), theirs?.toString('latin1'), part);
			}
		});
	}
});

const corpus = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../../shared/corpus');

test('of every message of the corpus there is a tree, whose parts lie within it and within each other', {
	skip: fs.existsSync(corpus) ? false : 'there is no ../shared/corpus',
}, () => {
	const files = fs
		.readdirSync(corpus, {recursive: true, encoding: 'utf8'})
		.filter(name => name.endsWith('.eml'))
		.slice(0, 3000);
	assert.ok(files.length > 0);
	for (const file of files) {
		const octets = fs.readFileSync(path.join(corpus, file));
		const parts = partsOf(octets);
		const numbers = leavesOf(parts.structure);
		assert.ok(numbers.length > 0, file);
		assert.equal(new Set(numbers).size, numbers.length, file);
		for (const part of numbers) {
			const [start, end] = parts.find({part, of: 'content'})!;
			assert.ok(start >= 0 && start <= end && end <= octets.length, `${file} ${part}`);
		}
	}
});

test('one that is made to be deep, or to have very many parts, has an end', () => {
	const deep = Array.from({length: 500}, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}x\n\n--b${n}x\n`).join(
		'',
	);
	assert.ok(partsOf(octetsOf(deep)).structure.children.length === 1);
	const wide = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\n'.repeat(50_000)}`;
	const {structure} = partsOf(octetsOf(wide));
	assert.ok(structure.children.length > 4000 && structure.children.length < 6000);
	assert.equal(partsOf(Buffer.alloc(0)).structure.number, partNumber('1'));
});
