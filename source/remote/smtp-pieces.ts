/**
 * Hands over a message in pieces: BDAT of octets of ours (RFC 3030), BURL of what the server fetches itself from the
 * mailboxes (RFC 4468), all but the last of it pipelined where the server pipelines.
 *
 * Laws: the last piece goes into the line only when all before it were taken, so that no message can lack a part, and so
 * that only what is said behind that can leave it unknown; a piece that is refused means that nobody has it.
 */
import {once} from 'node:events';
import fs from 'node:fs';
import type {Letter, Outcome} from '../model/outgoing.ts';
import {type Piece, partsOf} from '../model/piece.ts';
import type {SmtpServer} from '../model/sending.ts';
import type {Reply, SmtpError, StrictConnection} from './smtp-connection.ts';
import {isDistrust, outcomeOf, refusalsOf} from './smtp-failures.ts';

/** So much goes along before it is known whether anybody may get it. */
const mostUnaskedBytes = 16_384;

export type PiecesLine = {
	readonly connection: StrictConnection;
	/** Rejects when the line is lost, whatever is asked. */
	readonly lost: Promise<never>;
};

/** What a server has to offer for it: it fetches by URLAUTH, and takes octets in between. */
export const takesPieces = (offers: StrictConnection['offers']): boolean =>
	offers.get('BURL')?.includes('IMAP') === true && offers.has('CHUNKING');

export type LetterInPieces = Letter & {readonly pieces: readonly Piece[]};

type Surroundings = {
	readonly server: SmtpServer;
	readonly beforeTheEnd: () => void;
	/** It offers to fetch from mailboxes, and may not fetch from these. */
	readonly onDistrust: () => void;
};

/** `urls`: of the parts that lie on a server, in order. Rejects with what is known of the line; see `outcomeOf`. */
export async function handOverPieces(
	line: PiecesLine,
	letter: LetterInPieces,
	urls: readonly string[],
	{server, beforeTheEnd, onDistrust}: Surroundings,
): Promise<Outcome> {
	const dialogue = new Dialogue(line, letter);
	try {
		await dialogue.begin(withUrls(letter, urls));
		noteTheEnd(beforeTheEnd);
		dialogue.isEnding = true;
		return {state: 'sent', refusals: refusalsOf(await dialogue.end())};
	} catch (error) {
		if (isDistrust(error as SmtpError)) onDistrust();
		return outcomeOf(error as SmtpError, server, dialogue.isEnding);
	}
}

function noteTheEnd(beforeTheEnd: () => void): void {
	try {
		beforeTheEnd();
	} catch (error) {
		throw Object.assign(new Error((error as Error).message), {code: 'ESTREAM'});
	}
}

/** Octets of the file, or what is said instead of them. */
type Said = {readonly from: number; readonly to: number} | {readonly url: string};

function withUrls({pieces}: LetterInPieces, urls: readonly string[]): readonly Said[] {
	if (partsOf(pieces).length !== urls.length) throw new Error('of a part it is not known how to name it');
	let from = 0;
	let index = 0;
	return pieces.map(({own}) => {
		if (own === undefined) return {url: urls[index++]!};
		from += own;
		return {from: from - own, to: from};
	});
}

class Dialogue {
	isEnding = false;
	readonly #line: PiecesLine;
	readonly #letter: Letter;
	readonly #isPipelined: boolean;
	/** What is said at once leaves in one packet. */
	#saying: Buffer[] = [];
	#asked: {readonly command: string; readonly recipient: string | undefined; readonly reply: Promise<Reply>}[] = [];
	#last: Said | undefined;
	readonly #rejected: SmtpError[] = [];

	constructor(line: PiecesLine, letter: Letter) {
		this.#line = line;
		this.#letter = letter;
		this.#isPipelined = line.connection.offers.has('PIPELINING');
	}

	/** All but the last piece has been taken when it resolves. */
	async begin(pieces: readonly Said[]): Promise<void> {
		const {envelope} = this.#letter;
		if ([envelope.from, ...envelope.to].some(address => /[\r\n<>]/.test(address)))
			throw Object.assign(new Error('an address that cannot be said'), {code: 'ESTREAM'});
		this.#last = pieces.at(-1);
		await this.#say(`MAIL FROM:<${envelope.from}>${this.#arguments()}`);
		for (const recipient of envelope.to) await this.#say(`RCPT TO:<${recipient}>`, recipient);
		let unaskedBytes = 0;
		for (const piece of pieces.slice(0, -1)) {
			unaskedBytes += 'url' in piece ? 0 : piece.to - piece.from;
			if (unaskedBytes > mostUnaskedBytes) await this.#answers();
			await this.#piece(piece, '');
		}
		await this.#answers();
	}

	/** Returns for whom it was not taken. */
	async end(): Promise<readonly SmtpError[]> {
		await this.#piece(this.#last!, ' LAST');
		await this.#answers();
		return this.#rejected;
	}

	#arguments(): string {
		const {offers} = this.#line.connection;
		const {needsUtf8, isEightBit, sizeBytes} = this.#letter;
		return [
			needsUtf8 ? ' SMTPUTF8' : '',
			isEightBit && offers.has('8BITMIME') ? ' BODY=8BITMIME' : '',
			offers.has('SIZE') ? ` SIZE=${sizeBytes}` : '',
		].join('');
	}

	async #piece(piece: Said, last: '' | ' LAST'): Promise<void> {
		if ('url' in piece) {
			await this.#say(`BURL ${piece.url}${last}`);
			return;
		}
		const bytes = piece.to - piece.from;
		this.#ask(`BDAT ${bytes}${last}`);
		let left = bytes;
		const file = fs.createReadStream(this.#letter.file, {start: piece.from, end: piece.to - 1});
		for await (const each of file as AsyncIterable<Buffer>) {
			left -= each.length;
			this.#saying.push(each);
			if (bytes > mostUnaskedBytes) await this.#flush();
		}
		// What follows would be taken for the rest of it.
		if (left !== 0) throw Object.assign(new Error('the letter is shorter than it was'), {code: 'ESTREAM'});
		if (!this.#isPipelined) await this.#answers();
	}

	async #say(command: string, recipient?: string): Promise<void> {
		this.#ask(command, recipient);
		if (!this.#isPipelined) await this.#answers();
	}

	#ask(command: string, recipient?: string): void {
		this.#saying.push(Buffer.from(`${command}\r\n`));
		this.#asked.push({command: command.split(' ', 1)[0]!, recipient, reply: this.#line.connection.reply()});
	}

	async #flush(): Promise<void> {
		const {socket} = this.#line.connection;
		const octets = Buffer.concat(this.#saying);
		this.#saying = [];
		if (octets.length > 0 && !socket.write(octets)) await Promise.race([once(socket, 'drain'), this.#line.lost]);
	}

	/** To all that was said. Rejects with the first that leaves nothing to be sent. */
	async #answers(): Promise<void> {
		await this.#flush();
		const asked = this.#asked;
		this.#asked = [];
		const {connection, lost} = this.#line;
		for (const {command, recipient, reply} of asked) {
			const said = await Promise.race([reply, lost]);
			if (said.code >= 200 && said.code < 300) continue;
			const error = connection.refusal(said, command);
			if (recipient === undefined || error.responseCode === undefined) throw error;
			this.#rejected.push(Object.assign(error, {recipient}));
			if (this.#rejected.length === this.#letter.envelope.to.length)
				throw Object.assign(connection.refusal(said, command), {rejectedErrors: this.#rejected});
		}
	}
}
