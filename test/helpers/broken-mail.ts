/**
 * Messages that are given, broken as transport, disks and careless programs break them; the same for the same seed.
 * What was done to each is in its name.
 */
import {type Random, random} from '../../source/demo/random.ts';
import {damaged, encoded, head, inBase64, multipart} from './mail-pieces.ts';
import type {Letter} from './try-mail.ts';

const bytesOf = (octets: string): Buffer => Buffer.from(octets, 'latin1');

const lineOf = (octets: string, chance: Random): [number, number] => {
	const start = octets.indexOf('\n', chance.below(octets.length)) + 1;
	const end = octets.indexOf('\n', start);
	return [start, end === -1 ? octets.length : end + 1];
};

/** What happens to a message on a bad day. */
const mutations: Readonly<Record<string, (octets: string, chance: Random, other: string) => string>> = {
	'cut off': (octets, chance) => octets.slice(0, 1 + chance.below(octets.length)),
	'a line lost': (octets, chance) => {
		const [start, end] = lineOf(octets, chance);
		return octets.slice(0, start) + octets.slice(end);
	},
	'a line twice': (octets, chance) => {
		const [start, end] = lineOf(octets, chance);
		return octets.slice(0, end) + octets.slice(start);
	},
	'the empty lines lost': octets => octets.replaceAll(/\r?\n\r?\n/g, '\r\n'),
	'an empty line too many': (octets, chance) => {
		const [start] = lineOf(octets, chance);
		return `${octets.slice(0, start)}\r\n${octets.slice(start)}`;
	},
	'bare CR': octets => octets.replaceAll(/\r?\n/g, '\r'),
	'some bare CR': (octets, chance) => octets.replaceAll('\n', () => (chance.below(3) === 0 ? '\r' : '\n')),
	NULs: (octets, chance) => damaged(chance, octets, '\0'),
	'bytes turned': (octets, chance) => {
		const out = bytesOf(octets);
		for (let times = 1 + chance.below(40); times > 0; times--) out[chance.below(out.length)] = chance.below(256);
		return out.toString('latin1');
	},
	'boundaries broken': (octets, chance) =>
		octets.replaceAll(/^--\S+/gm, found => (chance.below(2) === 0 ? found.slice(0, -1) : found)),
	'boundary parameter broken': octets => octets.replaceAll(/(boundary="?[^"\r\n;]+)[^"\r\n;]"?/gi, '$1'),
	'encodings mixed up': (octets, chance) =>
		octets.replaceAll(
			/^(Content-Transfer-Encoding:).*$/gim,
			(_, name: string) =>
				`${name} ${chance.pick(['base64', 'quoted-printable', '8bit', 'x-uuencode', 'binary', '7bit'])}`,
		),
	'charsets mixed up': (octets, chance) =>
		octets.replaceAll(
			/charset="?[\w-]+"?/gi,
			() => `charset=${chance.pick(['utf-8', 'utf-16', 'iso-2022-jp', 'utf-7', 'koi8-r', 'x-none', 'gb2312'])}`,
		),
	'types mixed up': (octets, chance) =>
		octets.replaceAll(
			/^Content-Type: [\w/-]+/gim,
			() =>
				`Content-Type: ${chance.pick(['text/html', 'text/plain', 'multipart/mixed', 'message/rfc822', 'multipart/encrypted', 'message/partial', 'application/x'])}`,
		),
	'the header of another': (octets, _chance, other) =>
		`${other.split(/\r?\n\r?\n/, 1)[0]}\r\n\r\n${octets.slice(octets.search(/\r?\n\r?\n/) + 1)}`,
	'put into another': (octets, _chance, other) =>
		head(multipart([`Content-Type: message/rfc822\r\n\r\n${octets}`, `Content-Type: message/rfc822\r\n\r\n${other}`])),
	'put into base64': octets => head(multipart([encoded('base64', inBase64(octets), 'message/rfc822')])),
	'all in one line': octets =>
		octets.replace(/(\r?\n\r?\n)([\s\S]*)$/, (_, gap: string, body: string) => gap + body.replaceAll(/\r?\n/g, ' ')),
	'8-bit in its header': (octets, chance) => {
		const end = Math.max(1, octets.search(/\r?\n\r?\n/));
		const out = bytesOf(octets);
		for (let times = 20; times > 0; times--) {
			const at = chance.below(end);
			if (out[at]! > 0x20) out[at] = 128 + chance.below(128);
		}
		return out.toString('latin1');
	},
};

/** A megabyte broken at one place shows no more than a page does. */
const longest = 100_000;

export function brokenMail(letters: readonly Letter[], count: number, seed: number): Letter[] {
	const chance = random(seed);
	const sources = letters.filter(({octets}) => octets.length < longest);
	const all = Object.entries(mutations);
	return Array.from({length: count}, (_, number) => {
		const [letter, other] = [chance.pick(sources), chance.pick(sources)];
		let octets = letter.octets.toString('latin1');
		const done: string[] = [];
		for (let times = chance.isOneIn(3) ? 2 : 1; times > 0; times--) {
			const [name, mutate] = chance.pick(all);
			// APPEND takes no message of no octets.
			octets = mutate(octets, chance, other.octets.toString('latin1')) || '\r\n';
			done.push(name);
		}
		return {name: `${number + 1} ${letter.name}: ${done.join(', ')}`, octets: bytesOf(octets)};
	});
}
