/**
 * The name of a message's file in a Maildir (https://cr.yp.to/proto/maildir.html): `KEY,S=…,W=…:2,FLAGS`. Sizes as Dovecot
 * writes them: `S` octets of the file, `W` octets of the message with CRLF; ours is `B`: the file is the message octet for
 * octet, whatever its ends of lines.
 */
import os from 'node:os';
import type {Flag} from '../model/message.ts';

export type MaildirName = {
	/** Stays when flags are changed, and when mbsync or Dovecot add fields: what a message is known by. */
	readonly key: string;
	/** All but the flags. */
	readonly base: string;
	/** In alphabetical order, each once. */
	readonly letters: string;
	/** With CRLF, where the name says so. */
	readonly sizeBytes: number | undefined;
	readonly isAsSent: boolean;
};

export function readName(name: string): MaildirName {
	const [base = '', info = ''] = splitAt(name, ':');
	const [key = '', ...fields] = base.split(',');
	const field = (letter: string): string | undefined =>
		fields.find(each => each.startsWith(`${letter}=`))?.slice(letter.length + 1);
	const isAsSent = field('B') !== undefined;
	const size = field(isAsSent ? 'S' : 'W') ?? '';
	return {
		key,
		base,
		letters: info.startsWith('2,') ? sorted(info.slice(2)) : '',
		sizeBytes: /^\d{1,15}$/.test(size) ? Number(size) : undefined,
		isAsSent,
	};
}

function splitAt(text: string, sign: string): [string, string] {
	const at = text.indexOf(sign);
	return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const sorted = (letters: string): string =>
	[...new Set(letters)]
		.filter(letter => /[A-Za-z]/.test(letter))
		.sort()
		.join('');

/** With flags a file lies in `cur`, whatever they are. */
export const nameWith = (base: string, letters: string): string => `${base}:2,${sorted(letters)}`;

const systemFlags: Readonly<Record<string, Flag>> = {
	D: '\\Draft',
	F: '\\Flagged',
	P: '$Forwarded',
	R: '\\Answered',
	S: '\\Seen',
	T: '\\Deleted',
};

/** `keywords`: the names of the letters a, b, … of this mailbox. */
export function flagsOf(letters: string, keywords: readonly string[]): Flag[] {
	const flags: Flag[] = [];
	for (const letter of letters) {
		const flag = systemFlags[letter] ?? keywords[letter.charCodeAt(0) - 97];
		if (flag) flags.push(flag);
	}
	return flags;
}

/** The letter all Maildirs have for a flag; undefined for a keyword. */
export function letterOf(flag: Flag): string | undefined {
	const wanted = flag.toLowerCase();
	return Object.keys(systemFlags).find(letter => systemFlags[letter]?.toLowerCase() === wanted);
}

export const withLetter = (letters: string, letter: string, isSet: boolean): string =>
	sorted(isSet ? letters + letter : letters.replaceAll(letter, ''));

let delivered = 0;

/** A key no other program gives: moment, microseconds, process, and a count. */
export function uniqueKey(): string {
	delivered += 1;
	const now = performance.timeOrigin + performance.now();
	const fraction = String(Math.floor((now * 1000) % 1_000_000)).padStart(6, '0');
	const host = os.hostname().replaceAll(/[/:,\0]/g, '_');
	return `${Math.floor(now / 1000)}.M${fraction}P${process.pid}Q${delivered}.${host}`;
}

/** In the order in which they were delivered, as far as their names tell. */
export function byDelivery<T>(files: readonly T[], keyOf: (file: T) => string): T[] {
	const moments = files.map(file => ({file, ...momentOf(keyOf(file))}));
	moments.sort(
		(a, b) =>
			a.seconds - b.seconds ||
			a.fraction - b.fraction ||
			a.count - b.count ||
			(a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
	);
	return moments.map(({file}) => file);
}

const moment = /^(\d+)(?:\.(?:[^.]*?M(\d+))?(?:[^.]*?Q(\d+))?)?/;

function momentOf(key: string): {key: string; seconds: number; fraction: number; count: number} {
	const [, seconds = 0, fraction = 0, count = 0] = moment.exec(key) ?? [];
	return {key, seconds: Number(seconds), fraction: Number(fraction), count: Number(count)};
}
