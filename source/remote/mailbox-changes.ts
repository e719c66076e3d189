/**
 * The commands that change mailboxes, and the one that puts a message into one: CREATE, RENAME, DELETE, APPEND (RFC 9051
 * §6.3), the latter in pieces with CATENATE (RFC 4469). What they are refused for is in the code of the Failure: ALREADYEXISTS, NONEXISTENT, TRYCREATE.
 */

import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {ours} from '../model/safe-text.ts';
import type {Asking} from './asking.ts';
import {atom} from './fetch-items.ts';
import {momentOf} from './imap-dates.ts';
import {pathOf} from './imap-url.ts';
import type {Literal} from './literal.ts';
import {asArgument} from './mailbox-name.ts';
import type {Response} from './pipelined-imapflow.ts';
import type {Appended, OctetsFile, Piece, PlacedOctets} from './remote.ts';
import {responseCode} from './response-code.ts';

/**
 * LITERAL+ (RFC 7888 §4) has no limit. To ask first is worth a wait only where a refusal (a full mailbox, too large a
 * message) saves more than the wait costs. Refusals are rare; this much is two seconds of a line of 256 kbit/s, and on a
 * slower one a copy of what was sent in one go is still no more than was sent a moment before.
 */
const mostUnaskedBytes = 65_536;
/** RFC 7888 §5, of each literal. */
const mostOfLiteralMinus = 4096;

export class MailboxChanges {
	readonly #asking: Asking;

	/** So many octets are on their way up, and nothing need come down meanwhile. */
	readonly #uploads: (bytes: number) => void;

	constructor(asking: Asking, uploads: (bytes: number) => void) {
		this.#asking = asking;
		this.#uploads = uploads;
	}

	async create(path: MailboxPath): Promise<void> {
		await this.#change('to create the mailbox', 'CREATE', path);
	}

	async rename(from: MailboxPath, to: MailboxPath): Promise<void> {
		await this.#change('to rename the mailbox', 'RENAME', from, to);
	}

	async remove(path: MailboxPath): Promise<void> {
		await this.#change('to delete the mailbox', 'DELETE', path);
	}

	#change(what: string, name: string, ...paths: MailboxPath[]): Promise<Response> {
		return this.#asking.ask(what, () =>
			this.#asking.command(
				name,
				paths.map(path => asArgument(this.#asking.names.spell(path))),
				'operations',
			),
		);
	}

	async append(
		path: MailboxPath,
		octets: Buffer | OctetsFile | readonly Piece[],
		{
			flags,
			date,
			replaces,
		}: {readonly flags: readonly Flag[]; readonly date: number | undefined; readonly replaces?: number},
	): Promise<Appended | undefined> {
		const asking = this.#asking;
		if (isPieces(octets) && !asking.has('CATENATE'))
			throw new Failure('refused', ours('The server cannot put a message together of pieces (it has no CATENATE)'));
		const pieces = isPieces(octets) ? octets : [octets];
		const kept = flags.filter(flag => flag !== '\\Recent').map(atom);
		const moment = date === undefined ? [] : [{type: 'STRING', value: momentOf(date)}];
		const isUnasked = mayBeUnasked(pieces, asking);
		const literals = pieces.map(piece => (isPlaced(piece) ? piece : {octets: piece, isAsked: !isUnasked}));
		this.#uploads(pieces.reduce((bytes, piece) => bytes + sizeOf(piece), 0));
		// Of REPLACE it is said before the other one is told to be gone (RFC 8508 §3.3).
		let said: readonly string[] = [];
		const untagged = {
			OK(response: Response) {
				if (responseCode(response)[0] === 'APPENDUID') said = responseCode(response);
			},
		};
		const [name, ...which] = replaces === undefined ? ['APPEND'] : ['UID REPLACE', atom(String(replaces))];
		const response = await asking.ask('to store the message', () =>
			asking.command(name, [...which, asArgument(asking.names.spell(path)), kept, ...moment], 'operations', {
				...(replaces === undefined ? {} : {untagged}),
				behind: isPieces(octets) ? catenated(literals) : [' ', ...(literals as Literal[])],
			}),
		);
		const [code, uidValidity, uid] = said.length > 0 ? said : responseCode(response);
		return code === 'APPENDUID' && /^\d+ \d+$/.test(`${uidValidity} ${uid}`)
			? {uidValidity: Number(uidValidity), uid: Number(uid)}
			: undefined;
	}
}

const isPieces = (octets: Buffer | OctetsFile | readonly Piece[]): octets is readonly Piece[] => Array.isArray(octets);
const isPlaced = (piece: Piece): piece is PlacedOctets => 'uid' in piece;
/** What of it goes up. */
const sizeOf = (piece: Piece): number =>
	Buffer.isBuffer(piece) ? piece.length : isPlaced(piece) ? 0 : piece.sizeBytes;

function mayBeUnasked(pieces: readonly Piece[], asking: Asking): boolean {
	const sizes = pieces.map(sizeOf);
	if (pieces.some(piece => !Buffer.isBuffer(piece) && !isPlaced(piece))) return false;
	if (asking.has('LITERAL+')) return sizes.reduce((a, b) => a + b, 0) <= mostUnaskedBytes;
	return asking.has('LITERAL-') && sizes.every(size => size <= mostOfLiteralMinus);
}

/** RFC 4469 §5: `CATENATE (TEXT {5+} … URL "/Drafts;UIDVALIDITY=1/;UID=2/;SECTION=2")`. */
const catenated = (pieces: readonly (Literal | PlacedOctets)[]): (string | Literal)[] => [
	' CATENATE (',
	...pieces.flatMap((piece, index) => {
		const blank = index === 0 ? '' : ' ';
		return 'uid' in piece ? [`${blank}URL "${pathOf(piece)}"`] : [`${blank}TEXT `, piece];
	}),
	')',
];
