/**
 * The mbox format (RFC 4155, as `mboxrd` quotes it): many messages in one file, each behind a line `From SENDER DATE`. Flags
 * are in the fields Status and X-Status, as mutt and Dovecot write them; they are not part of the message.
 *
 * Law: what is no message is told with its lines and left out; nothing stops at it.
 */
import fs from 'node:fs/promises';
import type {Flag} from '../model/message.ts';
import {beginsWithField, endOfHeader} from './header-fields.ts';
import {sentForm} from './stored-octets.ts';

export type Read =
	| {
			readonly is: 'message';
			readonly octets: Buffer;
			readonly flags: readonly Flag[];
			readonly date: number | undefined;
	  }
	/** `where`: lines of the file, or a file of the folder. */
	| {readonly is: 'problem'; readonly where: string; readonly because: string};

const pieceBytes = 1 << 20;
const longestMessageBytes = 1 << 30;

const separator =
	/^From \S.*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2} +\d{1,2}:\d\d(?::\d\d)?)(?: [A-Z+-][A-Z0-9+-]*)*? +(\d{4})\s*(?:[+-]\d{4}\s*)?$/;

/** Told of how many octets were read so far. */
export async function* readMbox(file: string, onRead: (bytes: number) => void = () => {}): AsyncGenerator<Read> {
	const reading = new MboxReading();
	let number = 0;
	for await (const lines of linesOf(file, onRead)) {
		for (const line of lines) {
			number += 1;
			yield* reading.line(line, number);
		}
	}
	yield* reading.end(number);
}

type Started = {
	readonly line: number;
	readonly date: number | undefined;
	readonly isProblem: boolean;
	lines: Buffer[];
	bytes: number;
};

class MboxReading {
	/** What comes before the first message is none. */
	#started: Started = {line: 1, date: undefined, isProblem: true, lines: [], bytes: 0};
	/** A line that begins a message if a field follows. */
	#candidate:
		| {readonly line: number; readonly octets: Buffer; readonly text: string; readonly isAfterEmpty: boolean}
		| undefined;
	#isAfterEmpty = true;

	*line(octets: Buffer, number: number): Generator<Read> {
		const candidate = this.#candidate;
		this.#candidate = undefined;
		if (candidate !== undefined) {
			const hasHeader = beginsWithField(octets);
			const date = separator.exec(candidate.text);
			// Nobody writes such a line, with its date, into a text without a sign before it; the empty line before it may be missing.
			const isOne = candidate.isAfterEmpty ? hasHeader || date !== null : hasHeader && date !== null;
			if (isOne || (hasHeader && this.#started.isProblem)) {
				yield* this.#finish(candidate.line - 1);
				const came = date === null ? Number.NaN : Date.parse(`${date[1]} ${date[2]} UTC`);
				this.#started = {
					line: candidate.line,
					date: Number.isNaN(came) ? undefined : came,
					isProblem: !hasHeader,
					lines: [],
					bytes: 0,
				};
			} else this.#keep(candidate.octets);
		}
		const isFrom = octets.length < 1000 && octets.subarray(0, 5).equals(from);
		if (isFrom) {
			const text = octets.toString('latin1').trimEnd();
			this.#candidate = {line: number, octets, text, isAfterEmpty: this.#isAfterEmpty};
		} else this.#keep(octets);
		this.#isAfterEmpty = octets.length <= 2 && octets.toString('latin1').trim() === '';
	}

	#keep(octets: Buffer): void {
		this.#started.bytes += octets.length;
		if (this.#started.bytes <= longestMessageBytes && !this.#started.isProblem) this.#started.lines.push(octets);
	}

	*end(lines: number): Generator<Read> {
		if (this.#candidate !== undefined) this.#keep(this.#candidate.octets);
		yield* this.#finish(lines);
	}

	*#finish(last: number): Generator<Read> {
		const {line, date, isProblem, lines, bytes} = this.#started;
		const where = line >= last ? `line ${line}` : `lines ${line} to ${last}`;
		if (bytes > longestMessageBytes) yield {is: 'problem', where, because: 'a message of more than a gigabyte'};
		else if (!isProblem) yield {is: 'message', date, ...messageOf(lines)};
		// An empty file has no message, and nothing else either.
		else if (bytes > 0) yield {is: 'problem', where, because: 'no message: it has no header'};
	}
}

const from = Buffer.from('From ');
const quoted = /^>+From /;

/** The empty line before the next message belongs to none. */
function messageOf(lines: readonly Buffer[]): {octets: Buffer; flags: Flag[]} {
	const last = lines.at(-1);
	const own = last !== undefined && last.toString('latin1').trim() === '' ? lines.slice(0, -1) : lines;
	let isHeader = true;
	const flags: Flag[] = [];
	const kept: Buffer[] = [];
	for (const line of own) {
		const start = line.subarray(0, 100).toString('latin1');
		if (isHeader && start.trim() === '') isHeader = false;
		const status = isHeader ? /^(?:X-)?Status:\s*(\S*)/i.exec(start)?.[1] : undefined;
		if (status !== undefined) flags.push(...flagsIn(status));
		else kept.push(!isHeader && quoted.test(start) ? line.subarray(1) : line);
	}
	return {octets: sentForm({octets: Buffer.concat(kept), isAsSent: false}), flags: [...new Set(flags)]};
}

const letters: readonly (readonly [letter: string, flag: Flag])[] = [
	['R', '\\Seen'],
	['A', '\\Answered'],
	['F', '\\Flagged'],
	['T', '\\Draft'],
	['D', '\\Deleted'],
];
const flagsIn = (status: string): Flag[] =>
	letters.filter(([letter]) => status.toUpperCase().includes(letter)).map(([, flag]) => flag);

/** A message as it stands in an mbox; `octets` with LF. */
export function asMbox(octets: Buffer, flags: readonly Flag[], date: number): Buffer {
	const text = octets.toString('latin1');
	const end = endOfHeader(text);
	const header = text.slice(0, end).replaceAll(/^(?:X-)?Status:.*\n(?:[ \t].*\n)*/gim, '');
	const others = letters.filter(([letter, flag]) => letter !== 'R' && flags.includes(flag)).map(([letter]) => letter);
	const status = `Status: ${flags.includes('\\Seen') ? 'R' : ''}O\n${others.length > 0 ? `X-Status: ${others.join('')}\n` : ''}`;
	const body = text.slice(end).replaceAll(/^(?=>*From )/gm, '>');
	const fields = header.replace(/\r?\n$/, '');
	const whole = `From MAILER-DAEMON ${asctime(date)}\n${fields}${fields === '' || fields.endsWith('\n') ? '' : '\n'}${status}\n${body}`;
	return Buffer.from(`${whole}${whole.endsWith('\n') ? '' : '\n'}\n`, 'latin1');
}

/** `Thu Nov 19 08:00:00 2026`, in UTC. */
function asctime(date: number): string {
	const [, day = '', number = '', month = '', year = '', time = ''] =
		/^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(new Date(date).toUTCString()) ?? [];
	return `${day} ${month} ${number.replace(/^0/, ' ')} ${time} ${year}`;
}

/** The lines of each piece that was read, with their ends. */
async function* linesOf(file: string, onRead: (bytes: number) => void): AsyncGenerator<Buffer[]> {
	const opened = await fs.open(file, 'r');
	try {
		let rest: Buffer[] = [];
		let read = 0;
		for (;;) {
			const {bytesRead, buffer} = await opened.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, read);
			if (bytesRead === 0) break;
			read += bytesRead;
			const lines: Buffer[] = [];
			let start = 0;
			for (let feed = buffer.indexOf(10); feed >= 0 && feed < bytesRead; feed = buffer.indexOf(10, start)) {
				const line = buffer.subarray(start, feed + 1);
				lines.push(rest.length === 0 ? line : Buffer.concat([...rest, line]));
				rest = [];
				start = feed + 1;
			}
			if (start < bytesRead) rest.push(buffer.subarray(start, bytesRead));
			onRead(read);
			yield lines;
		}
		if (rest.length > 0) yield [Buffer.concat(rest)];
	} finally {
		await opened.close();
	}
}
