/**
 * Opening a mailbox: ENABLE and SELECT, and what of it changed since it was last open (QRESYNC and CONDSTORE, RFC 7162).
 *
 * Laws: what changed is kept back until the open is complete and it is certain that it is the same mailbox; a server that
 * does not keep what it announces is asked in plainer words. Told to want nothing, it says no word more than SELECT.
 */

import type {MailboxPath} from '../model/ids.ts';
import type {Asking} from './asking.ts';
import {textOf} from './fetched-row.ts';
import {asArgument} from './mailbox-name.ts';
import {messageNumber} from './message-number.ts';
import {readModseq} from './modseq.ts';
import type {CommandOptions, Response} from './pipelined-imapflow.ts';
import type {FlagsFact, KnownMailbox, Modseq, Selected} from './remote.ts';
import {listInCode, responseCode} from './response-code.ts';
import {countIn, type Range, writeRanges} from './uid-set.ts';
import {readVanished} from './vanished.ts';

type Known = KnownMailbox | 'changes' | undefined;
/** How to ask: what follows the name, and whether what changed is then told. */
type Way = {readonly parameters: readonly unknown[]; readonly tellsChanges: boolean};

const atom = (value: string) => ({type: 'ATOM', value});
const plainly: Way = {parameters: [], tellsChanges: false};

export class Selecting {
	readonly #asking: Asking;
	/** ENABLE QRESYNC was sent, and is not known to have failed. */
	#mayHaveQresync = false;
	/** A SELECT is under way: what the server says now is part of its answer. */
	isUnderWay = false;

	constructor(asking: Asking) {
		this.#asking = asking;
	}

	/** In front of the first SELECT and in the same packet: RFC 6855 and 7162 want it before. */
	enable(wants: 'changes' | 'nothing'): void {
		const asking = this.#asking;
		const {names, client} = asking;
		if (!asking.has('ENABLE')) return;
		const wanted = [
			...(asking.has('UTF8=ACCEPT') ? ['UTF8=ACCEPT'] : []),
			...(wants === 'changes' && asking.has('QRESYNC') ? ['QRESYNC'] : []),
		];
		if (wanted.length === 0) return;
		// The name is spelled before the answer is in; a server that announces it and refuses it is not known.
		names.isUtf8 = wanted.includes('UTF8=ACCEPT');
		this.#mayHaveQresync = wanted.includes('QRESYNC');
		const enabled = ({attributes = []}: Response) => {
			for (const each of attributes) client.enabled.add((textOf(each) ?? '').toUpperCase());
		};
		asking.command('ENABLE', wanted.map(atom), 'mailboxes', {untagged: {ENABLED: enabled}}).then(
			() => {
				this.#mayHaveQresync &&= this.#hasQresync;
			},
			() => {
				names.isUtf8 = false;
				this.#mayHaveQresync = false;
			},
		);
	}

	get #hasQresync(): boolean {
		return this.#asking.client.enabled.has('QRESYNC');
	}

	async select(path: MailboxPath, known: Known, options: Pick<CommandOptions, 'isLast'>): Promise<Selected> {
		for (const way of this.#ways(known)) {
			try {
				return await this.#ask(path, known, way, options);
			} catch (error) {
				if (!this.#mayAskPlainer(error, way)) throw error;
			}
		}
		return this.#ask(path, known, plainly, options);
	}

	/** Before the plain one, the best first. */
	*#ways(known: Known): Iterable<Way> {
		if (known === undefined) return;
		if (this.#mayHaveQresync) {
			const modseq = known === 'changes' || known.uidValidity === 0 ? undefined : readModseq(known.highestModseq);
			// Who holds nothing is told of nothing; with QRESYNC on, HIGHESTMODSEQ comes unasked.
			if (modseq === undefined || known === 'changes' || known.uids === undefined)
				yield {parameters: [], tellsChanges: modseq !== undefined};
			else {
				const since = [atom(String(known.uidValidity)), atom(modseq), oneRange(known.uids)];
				yield {parameters: [[atom('QRESYNC'), since]], tellsChanges: true};
			}
		}
		if (this.#asking.has('CONDSTORE')) yield {parameters: [[atom('CONDSTORE')]], tellsChanges: false};
	}

	/** It is said to be BAD, or with QRESYNC not on after all, refused: perhaps only for what follows the name. */
	#mayAskPlainer(error: unknown, {tellsChanges}: Way): boolean {
		const {client} = this.#asking;
		if (client.state === client.states.NOT_AUTHENTICATED) return false;
		const {responseStatus} = error as {responseStatus?: string};
		return responseStatus === 'BAD' || (responseStatus === 'NO' && tellsChanges && !this.#hasQresync);
	}

	async #ask(path: MailboxPath, known: Known, way: Way, options: Pick<CommandOptions, 'isLast'>): Promise<Selected> {
		const {client, names} = this.#asking;
		const said = new Said();
		const unreadable = client.unreadableLines;
		const rows = {
			wants: () => true,
			onRow: ({uid, flags}: {readonly uid: number | undefined; readonly flags: readonly string[] | undefined}) =>
				said.row(uid, flags),
		};
		this.isUnderWay = true;
		try {
			const response = await client.fetchRows(rows, () =>
				this.#asking.command('SELECT', [asArgument(names.spell(path)), ...way.parameters], 'mailboxes', {
					...options,
					untagged: said.untagged,
				}),
			);
			const isCertain =
				way.tellsChanges && this.#hasQresync && said.areRowsNamed && unreadable === client.unreadableLines;
			return {
				path,
				uidValidity: said.uidValidity,
				uidNext: said.uidNext,
				count: said.count,
				isReadOnly: responseCode(response)[0] === 'READ-ONLY',
				permanentFlags: said.permanentFlags,
				highestModseq: said.highestModseq,
				changes: isCertain && isSameMailbox(said, known as KnownMailbox) ? said.changes : undefined,
			};
		} finally {
			this.isUnderWay = false;
		}
	}
}

const oneRange = ({first, last}: {readonly first: number; readonly last: number}) => ({
	type: 'SEQUENCE',
	value: writeRanges([[first, last]]),
});

/** And not one restored from a backup, whose past is another than what we know of. */
const isSameMailbox = ({uidValidity, highestModseq}: Said, known: KnownMailbox): boolean =>
	uidValidity === known.uidValidity &&
	highestModseq !== undefined &&
	BigInt(highestModseq) >= BigInt(known.highestModseq ?? 0);

/** What the lines of a SELECT say. */
class Said {
	count = 0;
	uidValidity = 0;
	uidNext: number | undefined;
	permanentFlags: readonly string[] | undefined;
	highestModseq: Modseq | undefined;
	/** No row came without its UID. */
	areRowsNamed = true;
	#isCounted = false;
	#vanished: Range[] = [];
	#flags: FlagsFact[] = [];

	readonly untagged: NonNullable<CommandOptions['untagged']> = {
		FLAGS: () => {},
		OK: line => this.#ok(responseCode(line), line),
		EXISTS: line => {
			this.count = messageNumber(line) ?? 0;
			this.#isCounted = true;
		},
		// Before the count it is news of the mailbox that is left.
		EXPUNGE: () => {
			if (this.#isCounted) this.count -= 1;
		},
		VANISHED: line => {
			const {ranges, isEarlier} = readVanished(line);
			this.#vanished.push(...ranges);
			if (this.#isCounted && !isEarlier) this.count -= countIn(ranges);
		},
	};

	#ok([code, value]: readonly string[], line: Response): void {
		if (code === 'UIDVALIDITY') this.uidValidity = Number(value);
		if (code === 'UIDNEXT') this.uidNext = Number(value);
		if (code === 'PERMANENTFLAGS') this.permanentFlags = listInCode(line);
		if (code === 'HIGHESTMODSEQ') this.highestModseq = readModseq(value);
		if (code === 'NOMODSEQ') this.highestModseq = undefined;
		// All up to here was said of the mailbox that is left (RFC 7162 §3.2.11).
		if (code === 'CLOSED') this.#forget();
	}

	#forget(): void {
		this.#isCounted = false;
		this.#vanished = [];
		this.#flags = [];
		this.areRowsNamed = true;
	}

	row(uid: number | undefined, flags: readonly string[] | undefined): void {
		if (uid === undefined) this.areRowsNamed = false;
		else if (flags !== undefined) this.#flags.push({uid, flags: flags as FlagsFact['flags']});
	}

	get changes(): NonNullable<Selected['changes']> {
		return {vanished: writeRanges(this.#vanished), flags: this.#flags};
	}
}
