/**
 * The commands that change mail, and those that look it up: STORE, COPY, MOVE, EXPUNGE, SEARCH, always by UID.
 *
 * Laws: a flag is added or taken, never replaced by a list of flags; no bare EXPUNGE and no CLOSE (law 6); how commands
 * are put together so that nothing is lost when one fails is session/replay.ts, not here.
 */

import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {Asking} from './asking.ts';
import {atom, fieldsKey, headerFields, set} from './fetch-items.ts';
import {type FetchedRow, hasFields, isOfSection, textOf} from './fetched-row.ts';
import {dateOf} from './imap-dates.ts';
import {asArgument} from './mailbox-name.ts';
import type {Response} from './pipelined-imapflow.ts';
import type {Copied, Origin, SearchCriteria} from './remote.ts';
import {responseCode} from './response-code.ts';
import {isIn, numbersIn} from './uid-set.ts';

/** Longer is no Message-ID that a server would find again. */
const longestMessageId = 1000;

export class Changing {
	readonly #asking: Asking;
	/** COPYUIDs that came, until the MOVE they belong to is answered. */
	readonly #moved: Copied[] = [];
	#searching: Promise<unknown> = Promise.resolve();

	constructor(asking: Asking) {
		this.#asking = asking;
	}

	async storeFlag(uids: string, flag: Flag, isSet: boolean): Promise<void> {
		const item = atom(isSet ? '+FLAGS.SILENT' : '-FLAGS.SILENT');
		await this.#asking.ask('to change flags', () =>
			this.#asking.command('UID STORE', [set(uids), item, [atom(flag)]], 'operations'),
		);
	}

	async copy(uids: string, to: MailboxPath): Promise<Copied | undefined> {
		const response = await this.#asking.ask('to copy', () =>
			this.#asking.command('UID COPY', [set(uids), asArgument(this.#asking.names.spell(to))], 'operations'),
		);
		return copiedIn(response);
	}

	async move(uids: string, to: MailboxPath): Promise<Copied | undefined> {
		// Its COPYUID comes untagged, before the messages are expunged (RFC 6851 §4.3), and does not say whose it is.
		const untagged = {
			OK: (response: Response) => {
				const copied = copiedIn(response);
				if (copied) this.#moved.push(copied);
			},
		};
		const isMine = isIn(uids);
		const takeMine = (): Copied | undefined => {
			const index = this.#moved.findIndex(({from}) => from.some(isMine));
			return index < 0 ? undefined : this.#moved.splice(index, 1)[0];
		};
		try {
			const response = await this.#asking.ask('to move', () =>
				this.#asking.command('UID MOVE', [set(uids), asArgument(this.#asking.names.spell(to))], 'operations', {
					untagged,
				}),
			);
			return copiedIn(response) ?? takeMine();
		} finally {
			// Of a MOVE that was refused after all: it must not be taken for the answer to another.
			takeMine();
		}
	}

	async expunge(uids: string): Promise<void> {
		await this.#asking.ask('to remove', () => this.#asking.command('UID EXPUNGE', [set(uids)], 'operations'));
	}

	existing(uids: string): Promise<number[]> {
		return this.#search([atom('UID'), set(uids)]);
	}

	search(criteria: SearchCriteria): Promise<number[]> {
		switch (criteria.by) {
			case 'since':
				return this.#search([atom('SINCE'), atom(dateOf(criteria.date))]);
			case 'all':
				return this.#search([atom('ALL')]);
			case 'sequence':
				return this.#search([set(criteria.set)]);
			case 'flag':
				return this.#search([atom(criteria.flag)]);
			case 'message-id':
				return this.#search([
					...named(criteria.messageId, criteria.isResent),
					...ofSize(criteria.sizeBytes),
					...toStay(criteria),
				]);
			case 'message-ids':
				return this.#search([...anyNamed(criteria.messageIds), ...toStay(criteria)]);
		}
	}

	async #search(criteria: readonly unknown[]): Promise<number[]> {
		let uids: number[] = [];
		const options = this.#asking.has('ESEARCH') ? [atom('RETURN'), [atom('ALL')]] : [];
		const untagged = {
			SEARCH: ({attributes = [], numbers}: Response) => {
				for (const each of numbers ?? attributes.map(token => Number(textOf(token)))) uids.push(each);
			},
			ESEARCH: ({attributes = []}: Response) => {
				const at = attributes.findIndex(each => textOf(each)?.toUpperCase() === 'ALL');
				if (at >= 0) uids = numbersIn(textOf(attributes[at + 1]) ?? '');
			},
		};
		const search = () =>
			this.#asking.ask('to search', () =>
				this.#asking.command('UID SEARCH', [...options, ...criteria], 'operations', {untagged}),
			);
		if (this.#asking.has('ESEARCH')) await search();
		else await this.#afterOthers(search);
		return uids.filter(uid => uid > 0).sort((a, b) => a - b);
	}

	/** A plain SEARCH line does not say whose answer it is, and Dovecot sends it before the tagged OK of the one before. */
	async #afterOthers(search: () => Promise<unknown>): Promise<void> {
		const before = this.#searching;
		const mine = before.then(search, search);
		this.#searching = mine.catch(() => {});
		await mine;
	}

	async names(uids: string): Promise<ReadonlyMap<number, {messageId: string; sizeBytes: number}>> {
		const found = new Map<number, {messageId: string; sizeBytes: number}>();
		const isWanted = isIn(uids);
		const fetcher = {
			wants: (row: FetchedRow) =>
				row.uid !== undefined && isWanted(row.uid) && hasFields(row, 'MESSAGE-ID') && !isOfSection(row),
			onRow: ({uid = 0, sections, sizeBytes = 0}: FetchedRow) => {
				const messageId = messageIdIn(sections);
				if (messageId !== '') found.set(uid, {messageId, sizeBytes});
			},
		};
		const item = headerFields(longestMessageId, 'MESSAGE-ID');
		await this.#asking.expecting(longestMessageId, () =>
			this.#asking.ask('these messages', () =>
				this.#asking.client.fetchRows(fetcher, () =>
					this.#asking.command('UID FETCH', [set(uids), [atom('RFC822.SIZE'), item]], 'operations'),
				),
			),
		);
		return found;
	}

	async origins(uids: string): Promise<ReadonlyMap<number, Origin>> {
		const found = new Map<number, Origin>();
		const isWanted = isIn(uids);
		const fetcher = {
			wants: (row: FetchedRow) => row.uid !== undefined && isWanted(row.uid) && row.internalDate !== undefined,
			onRow: ({uid = 0, flags = [], internalDate = 0, sizeBytes = 0, sections}: FetchedRow) =>
				void found.set(uid, {flags, date: internalDate, sizeBytes, messageId: messageIdIn(sections)}),
		};
		const items = [...['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'].map(atom), headerFields(longestMessageId, 'MESSAGE-ID')];
		await this.#asking.expecting(longestMessageId, () =>
			this.#asking.ask('these messages', () =>
				this.#asking.client.fetchRows(fetcher, () =>
					this.#asking.command('UID FETCH', [set(uids), items], 'operations'),
				),
			),
		);
		return found;
	}
}

const messageIdIn = (sections: FetchedRow['sections']): string =>
	/^message-id:\s*(<[^<>\s]+>)/im.exec(sections.get(fieldsKey)?.toString('latin1') ?? '')?.[1] ?? '';

const named = (messageId: string, isResent = false): unknown[] => [
	atom('HEADER'),
	atom(isResent ? 'RESENT-MESSAGE-ID' : 'MESSAGE-ID'),
	{type: 'STRING', value: messageId},
];

/** OR takes two keys (RFC 9051 §6.4.4): halves of halves, so that it nests no deeper than it must. */
function anyNamed(messageIds: readonly string[]): unknown[] {
	const [first = '', ...others] = messageIds;
	if (others.length === 0) return named(first);
	const half = Math.ceil(messageIds.length / 2);
	return [atom('OR'), ...anyNamed(messageIds.slice(0, half)), ...anyNamed(messageIds.slice(half))];
}

/** RFC 9051 §6.4.4: both exclude the size they name. */
const ofSize = (bytes: number | undefined) =>
	bytes === undefined ? [] : [atom('LARGER'), atom(String(bytes - 1)), atom('SMALLER'), atom(String(bytes + 1))];

const toStay = ({isToStay = false}: {readonly isToStay?: boolean | undefined}) => (isToStay ? [atom('UNDELETED')] : []);

/** `[COPYUID 38505 304,319:320 3956:3958]` (RFC 4315 §3). */
function copiedIn(response: Response): Copied | undefined {
	const [code, uidValidity, from, to] = responseCode(response);
	if (code !== 'COPYUID' || !uidValidity) return undefined;
	const copied = {uidValidity: Number(uidValidity), from: expand(from ?? ''), to: expand(to ?? '')};
	return copied.from.length === copied.to.length ? copied : undefined;
}

/** More than a mailbox holds in practice; a set that says otherwise is not believed. */
const mostUids = 2_000_000;

/** `304,319:320` → 304, 319, 320. A range may run backwards. */
function expand(set: string): number[] {
	const uids: number[] = [];
	for (const range of set.split(',')) {
		const [from = 0, to = from] = range.split(':').map(Number);
		const [low, high] = from < to ? [from, to] : [to, from];
		if (!(low > 0) || uids.length + high - low > mostUids) continue;
		for (let uid = low; uid <= high; uid++) uids.push(uid);
	}
	return uids;
}
