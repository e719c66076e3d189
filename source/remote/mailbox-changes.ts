/**
 * The commands that change mailboxes, and the one that puts a message into one: CREATE, RENAME, DELETE, APPEND (RFC 9051
 * §6.3). What they are refused for is in the code of the Failure: ALREADYEXISTS, NONEXISTENT, TRYCREATE.
 */

import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {Asking} from './asking.ts';
import {atom} from './fetch-items.ts';
import {momentOf} from './imap-dates.ts';
import {asArgument} from './mailbox-name.ts';
import type {Response} from './pipelined-imapflow.ts';
import type {Appended, OctetsFile} from './remote.ts';
import {responseCode} from './response-code.ts';

/** RFC 7888 §5: so much may be sent without asking, where LITERAL- is announced. */
const mostUnaskedBytes = 4096;

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
		octets: Buffer | OctetsFile,
		{flags, date}: {readonly flags: readonly Flag[]; readonly date: number | undefined},
	): Promise<Appended | undefined> {
		const asking = this.#asking;
		const [sizeBytes, literal] = Buffer.isBuffer(octets) ? [octets.length, undefined] : [octets.sizeBytes, octets];
		const isUnasked = sizeBytes <= mostUnaskedBytes && (asking.has('LITERAL+') || asking.has('LITERAL-'));
		const ours = flags.filter(flag => flag !== '\\Recent').map(atom);
		const message = literal ? [] : [{type: 'LITERAL', value: octets}];
		const moment = date === undefined ? [] : [{type: 'STRING', value: momentOf(date)}];
		this.#uploads(sizeBytes);
		const response = await asking.ask('to store the message', () =>
			asking.command('APPEND', [asArgument(asking.names.spell(path)), ours, ...moment, ...message], 'operations', {
				isAlone: !isUnasked,
				literal,
			}),
		);
		const [code, uidValidity, uid] = responseCode(response);
		return code === 'APPENDUID' && /^\d+ \d+$/.test(`${uidValidity} ${uid}`)
			? {uidValidity: Number(uidValidity), uid: Number(uid)}
			: undefined;
	}
}
