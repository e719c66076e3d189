/** SEARCH and UID SEARCH (RFC 3501 §6.4.4) with ESEARCH (RFC 4731) and MODSEQ (RFC 7162). */
import type {Commands, Reply} from './commands.ts';
import {type Connection, Refusal} from './connection.ts';
import {type Context, type Matcher, readKey} from './search-keys.ts';
import {BadSyntax, type Cursor} from './syntax.ts';
import {writeSet} from './uid-runs.ts';

/** So many messages are looked at before others get a turn. */
const messagesAtOnce = 2000;

const readReturn = (cursor: Cursor): string[] => {
	const options = cursor.list(() => cursor.word());
	for (const option of options) {
		if (!['MIN', 'MAX', 'ALL', 'COUNT'].includes(option)) throw new BadSyntax(`Unknown result ${option}`);
	}
	return options.length === 0 ? ['ALL'] : options;
};

const run = async (connection: Connection, cursor: Cursor, isUid: boolean): Promise<Reply> => {
	const view = connection.selected();
	cursor.space();
	let results: string[] | undefined;
	if (connection.has('ESEARCH') && cursor.take('RETURN ')) {
		results = readReturn(cursor);
		cursor.space();
	}
	if (cursor.take('CHARSET ')) {
		const charset = cursor.astring().toUpperCase();
		if (!['US-ASCII', 'UTF-8'].includes(charset))
			throw new Refusal('NO', '[BADCHARSET (US-ASCII UTF-8)] Unknown charset.');
		cursor.space();
	}
	const context: Context = {connection, view, usesModseq: false};
	const matchers: Matcher[] = [readKey(cursor, context)];
	while (cursor.take(' ')) matchers.push(readKey(cursor, context));
	cursor.end();
	const found: number[] = [];
	let highest = 0;
	let looked = 0;
	for (const uid of view.uids.within(1, view.uids.last)) {
		if (++looked % messagesAtOnce === 0) await new Promise(resolve => setImmediate(resolve));
		if (!view.mailbox.uids.has(uid) || !matchers.every(matches => matches(uid))) continue;
		found.push(isUid ? uid : view.uids.sequenceOf(uid));
		if (context.usesModseq) highest = Math.max(highest, view.mailbox.modseq(uid));
	}
	if (results === undefined) {
		const modseq = context.usesModseq && found.length > 0 ? ` (MODSEQ ${highest})` : '';
		connection.line(`* SEARCH${found.length === 0 ? '' : ` ${found.join(' ')}`}${modseq}`);
		return;
	}
	const parts = [`* ESEARCH (TAG "${connection.tag}")`];
	if (isUid) parts.push('UID');
	if (results.includes('MIN') && found.length > 0) parts.push(`MIN ${found[0]}`);
	if (results.includes('MAX') && found.length > 0) parts.push(`MAX ${found.at(-1)}`);
	if (results.includes('ALL') && found.length > 0) parts.push(`ALL ${writeSet(found)}`);
	if (results.includes('COUNT')) parts.push(`COUNT ${found.length}`);
	if (context.usesModseq && found.length > 0) parts.push(`MODSEQ ${highest}`);
	connection.line(parts.join(' '));
	return;
};

export const searchCommands: Commands = {
	SEARCH: {state: 'selected', keepsSequence: true, run: (connection, cursor) => run(connection, cursor, false)},
	'UID SEARCH': {state: 'selected', run: (connection, cursor) => run(connection, cursor, true)},
};
