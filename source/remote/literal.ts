/**
 * What stands behind the attributes of a command (RFC 9051 §4.3): text, and octets of any length. Where the server has to
 * agree first, what follows waits for its `+`.
 */
import fs from 'node:fs';
import type {FileStretch} from './remote.ts';

/** `isAsked`: the server is asked for its octets (`{5}`), else they leave with the command (`{5+}`, RFC 7888). */
export type Literal = {readonly octets: Buffer | FileStretch; readonly isAsked: boolean};

export const nothing = Buffer.alloc(0);

/** The octets of a literal the server has agreed to, and the text after them. */
export type Leg = {readonly octets: Buffer | FileStretch; text: Buffer};

/** What is written with the command, then with each literal that it asks for. */
export function legsOf(behind: readonly (string | Literal)[]): [Buffer, ...Leg[]] {
	const legs: Leg[] = [];
	let first = nothing;
	const write = (octets: Buffer): void => {
		const last = legs.at(-1);
		if (last === undefined) first = Buffer.concat([first, octets]);
		else last.text = Buffer.concat([last.text, octets]);
	};
	for (const each of behind) {
		if (typeof each === 'string') {
			write(Buffer.from(each));
			continue;
		}
		const {octets, isAsked} = each;
		const size = Buffer.isBuffer(octets) ? octets.length : octets.sizeBytes;
		if (!isAsked && Buffer.isBuffer(octets)) write(Buffer.concat([Buffer.from(`{${size}+}\r\n`), octets]));
		else {
			write(Buffer.from(`{${size}}`));
			legs.push({octets, text: nothing});
		}
	}
	return [first, ...legs];
}

export async function* octetsOf(octets: Buffer | FileStretch): AsyncGenerator<Buffer> {
	if (Buffer.isBuffer(octets)) yield octets;
	else if (octets.sizeBytes > 0) {
		const {file, from = 0, sizeBytes} = octets;
		yield* fs.createReadStream(file, {start: from, end: from + sizeBytes - 1}) as AsyncIterable<Buffer>;
	}
}
