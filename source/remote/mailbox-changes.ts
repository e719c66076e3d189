/**
 * The commands that change mailboxes, and the one that puts a message into one: CREATE, RENAME, DELETE, APPEND (RFC 9051
 * §6.3). What they are refused for is in the code of the Failure: ALREADYEXISTS, NONEXISTENT, TRYCREATE.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {atom} from './fetch-items.ts';
import {momentOf} from './imap-dates.ts';
import {asArgument} from './mailbox-name.ts';
import type {CommandOptions, Response} from './pipelined-imapflow.ts';
import type {Appended} from './remote.ts';
import {responseCode} from './response-code.ts';

/** As much of a connection as this needs. */
export type Line = {
	readonly has: (capability: string) => boolean;
	readonly spell: (path: MailboxPath) => string;
	/** Turns what is thrown into a Failure. */
	readonly ask: <T>(what: string, ask: () => Promise<T>) => Promise<T>;
	readonly command: (name: string, attributes: readonly unknown[], options?: CommandOptions) => Promise<Response>;
	/** So many octets are on their way up, and nothing need come down meanwhile. */
	readonly uploads: (bytes: number) => void;
};

/** RFC 7888 §5: so much may be sent without asking, where LITERAL- is announced. */
const mostUnaskedBytes = 4096;

export class MailboxChanges {
	readonly #line: Line;

	constructor(line: Line) {
		this.#line = line;
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
		return this.#line.ask(what, () =>
			this.#line.command(
				name,
				paths.map(path => asArgument(this.#line.spell(path))),
			),
		);
	}

	async append(
		path: MailboxPath,
		octets: Buffer,
		{flags, date}: {readonly flags: readonly Flag[]; readonly date: number},
	): Promise<Appended | undefined> {
		const {has, spell, ask, command, uploads} = this.#line;
		const isUnasked = octets.length <= mostUnaskedBytes && (has('LITERAL+') || has('LITERAL-'));
		const ours = flags.filter(flag => flag !== '\\Recent').map(atom);
		const message = {type: 'LITERAL', value: octets};
		uploads(octets.length);
		const response = await ask('to store the message', () =>
			command('APPEND', [asArgument(spell(path)), ours, {type: 'STRING', value: momentOf(date)}, message], {
				isAlone: !isUnasked,
			}),
		);
		const [code, uidValidity, uid] = responseCode(response);
		return code === 'APPENDUID' && /^\d+ \d+$/.test(`${uidValidity} ${uid}`)
			? {uidValidity: Number(uidValidity), uid: Number(uid)}
			: undefined;
	}
}
