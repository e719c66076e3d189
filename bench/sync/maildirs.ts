/**
 * Mailboxes as they are: messages with the header fields that relays, signatures and lists leave behind, threads, senders
 * that come again. The same every time.
 */
import {createHash} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const names = 'Ada Ben Clara Dmitri Eva Farid Grace Hiro Ines Jan Katya Liam Mei Nils Olga Pavel'.split(' ');
const families = 'Adler Brandt Costa Eriksen Fischer Garcia Hansen Ivanova Jansen Novak Okafor Rossi'.split(' ');
const domains = ['example.org', 'mail.example.net', 'lists.example.org', 'corp.example.com', 'uni.example.edu'];
const topics = 'Release planning|Build failure on arm64|Invoice|Quarterly report|Travel booking|Code review'.split('|');
/** When the newest was sent. */
const newestAt = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;

const octets = (seed: string, count: number): Buffer =>
	Buffer.concat(
		Array.from({length: Math.ceil(count / 32)}, (_, index) => createHash('sha256').update(`${seed}/${index}`).digest()),
	).subarray(0, count);
const noise = (seed: string, count: number): string => octets(seed, count).toString('base64');
const folded = (text: string): string => text.replaceAll(/.{70}/g, '$&\n\t ');

/** One message, with LF. A first of its thread has a short Message-ID besides, as in the peers' bench. */
export function letterOf(seed: string, sentAt: number, isFirst = false): string {
	const dice = octets(seed, 8);
	const pick = (from: readonly string[], die: number): string => from[dice[die]! % from.length]!;
	const [name, family, domain] = [pick(names, 0), pick(families, 1), pick(domains, 2)];
	const address = `${name}.${family}@${domain}`.toLowerCase();
	const date = new Date(sentAt).toUTCString().replace('GMT', '+0000');
	const relays = Array.from(
		{length: 4},
		(_, hop) =>
			`Received: from mx${hop}.${domain} (mx${hop}.${domain} [10.${dice[3]}.${dice[4]}.${hop}])\n\tby mail${hop}.example.org (Postfix) with ESMTPS id ${noise(`${seed} hop ${hop}`, 9)}\n\tfor <reader@example.org>; ${date}\n`,
	);
	const isAnswer = !isFirst && dice[5]! % 3 > 0;
	const id = isFirst ? seed.replaceAll(' ', '-') : noise(`${seed} id`, 12);
	return [
		`Return-Path: <${address}>\n`,
		...relays,
		`Authentication-Results: mail.example.org;\n\tdkim=pass header.d=${domain} header.s=s1;\n\tspf=pass smtp.mailfrom=${address};\n\tdmarc=pass header.from=${domain}\n`,
		`DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=s1;\n\th=from:to:subject:date:message-id;\n\tbh=${noise(`${seed} bh`, 32)};\n\tb=${folded(noise(`${seed} b`, 256))}\n`,
		`From: ${name} ${family} <${address}>\nTo: The Reader <reader@example.org>\n`,
		`Subject: ${isAnswer ? 'Re: ' : ''}${pick(topics, 6)} ${seed}\nDate: ${date}\nMessage-ID: <${id}@${domain}>\n`,
		isAnswer ? `In-Reply-To: <${noise(`${seed} to`, 12)}@${domain}>\n` : '',
		'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n',
		`The text of ${seed}.\n${noise(`${seed} text`, 600).replaceAll(/.{72}/g, '$&\n')}\n`,
	].join('');
}

/** A Maildir with so many messages, most of them read. */
export function makeMaildir(folder: string, name: string, count: number): void {
	for (const each of ['cur', 'new', 'tmp']) mkdirSync(join(folder, each), {recursive: true});
	for (let index = 0; index < count; index++) {
		const sentAt = newestAt - (count - index) * minute;
		const file = `${Math.floor(sentAt / 1000)}.${String(index).padStart(7, '0')}.bench:2,${index % 5 === 0 ? '' : 'S'}`;
		writeFileSync(join(folder, 'cur', file), letterOf(`${name} ${index + 1}`, sentAt));
	}
}
