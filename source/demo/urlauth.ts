/**
 * GENURLAUTH (RFC 4467): a URL of part of a message, with what proves to this server that it was made here. By it a
 * submission server may fetch that part for its user, and nobody else anything.
 *
 * As Dovecot: what is wrong with a URL is BAD, and a part that the message does not have is not missed.
 */
import {createHmac, randomBytes} from 'node:crypto';
import {octetsAt} from './catenate.ts';
import type {Commands} from './commands.ts';
import {type Connection, Refusal} from './connection.ts';
import type {World} from './server.ts';

const longestUrls = 50;
const key = randomBytes(16);
const proofOf = (rump: string): string => `01${createHmac('sha1', key).update(rump).digest('hex')}`;

const absolute = /^imap:\/\/([^@/]+)@(localhost|127\.0\.0\.1)(\/.*?)(;EXPIRE=([^;]+))?;URLAUTH=(submit\+[^:;]+)$/i;

/** What is wrong with a URL. */
const bad = (why: string): Refusal => new Refusal('BAD', `Error in IMAP command GENURLAUTH: Invalid URL: ${why}`);

const proven = (connection: Connection, rump: string): string => {
	const [, , , path = ''] = absolute.exec(rump) ?? [];
	if (path === '') throw bad('Inappropriate host name');
	try {
		octetsAt(connection.world, path);
	} catch (error) {
		throw bad((error as Error).message.replace(/^\[BADURL [^\]]*\] /, ''));
	}
	return `${rump}:internal:${proofOf(rump)}`;
};

/** What the submission server of a user gets by a URL; undefined: nothing. */
export const fetchedBy = (world: World, reader: string, url: string): Buffer | undefined => {
	const [, rump = '', proof] = /^(.*):internal:([0-9a-f]+)$/i.exec(url) ?? [];
	const [, , , path = '', , expires, access] = absolute.exec(rump) ?? [];
	if (path === '' || proof !== proofOf(rump) || access !== `submit+${encodeURIComponent(reader)}`) return undefined;
	if (expires !== undefined && Date.parse(expires) < world.now()) return undefined;
	try {
		return octetsAt(world, path);
	} catch {
		return undefined;
	}
};

export const urlCommands: Commands = {
	GENURLAUTH: {
		state: 'authenticated',
		needs: ['URLAUTH'],
		run(connection, cursor) {
			const urls: string[] = [];
			do {
				cursor.space();
				const rump = cursor.astring();
				cursor.expect(' INTERNAL');
				urls.push(proven(connection, rump));
			} while (cursor.peek(' ') && urls.length < longestUrls);
			cursor.end();
			// In an atom there is no `%`.
			connection.line(`* GENURLAUTH ${urls.map(url => (url.includes('%') ? `"${url}"` : url)).join(' ')}`);
			return 'OK GENURLAUTH completed';
		},
	},
};
