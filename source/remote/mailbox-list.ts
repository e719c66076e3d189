/**
 * LIST with what it can bring in one turn (RETURN (SPECIAL-USE STATUS …), RFC 5258, 5819, 6154), and its fallback to
 * bare LIST. Names are learned on the way.
 */
import type {Account} from '../model/account.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Asking} from './asking.ts';
import {type Token, textOf} from './fetched-row.ts';
import {asArgument, type MailboxNames} from './mailbox-name.ts';
import {readModseq} from './modseq.ts';
import type {Response} from './pipelined-imapflow.ts';
import type {MailboxFact, StatusFact, StatusOptions} from './remote.ts';
import {findSpecialMailboxes} from './special-mailbox.ts';

type Listed = {path: MailboxPath; delimiter: string; attributes: string[]};

const atom = (value: string) => ({type: 'ATOM', value});
const nothingKnown: StatusFact = {
	messages: undefined,
	unseen: undefined,
	uidValidity: undefined,
	uidNext: undefined,
	highestModseq: undefined,
};
const cannotBeOpened = new Set(['\\noselect', '\\nonexistent']);

const statusItems = (
	asking: Asking,
	{withChanges = false, withArrivals = false, onlyArrivals = false}: StatusOptions,
) =>
	[
		...(onlyArrivals ? [] : ['MESSAGES', 'UNSEEN']),
		...(withChanges || withArrivals || onlyArrivals ? ['UIDNEXT', 'UIDVALIDITY'] : []),
		...(withChanges && asking.has('CONDSTORE') ? ['HIGHESTMODSEQ'] : []),
	].map(atom);

export async function fetchMailboxes(
	asking: Asking,
	account: Account,
	wanted: StatusOptions = {},
): Promise<MailboxFact[]> {
	const listed: Listed[] = [];
	const statuses = new Map<MailboxPath, StatusFact>();
	const status = [atom('STATUS'), statusItems(asking, wanted)];
	const options = asking.has('LIST-STATUS')
		? [atom('RETURN'), [...(asking.has('SPECIAL-USE') ? [atom('SPECIAL-USE')] : []), ...status]]
		: [];
	const untagged = {
		LIST: (response: Response) => {
			const mailbox = readListed(response, asking.names);
			if (mailbox) listed.push(mailbox);
		},
		STATUS: (response: Response) => {
			const read = readStatus(response, asking.names);
			if (read) statuses.set(read.path, read.status);
		},
	};
	const which = [
		{type: 'STRING', value: ''},
		{type: 'STRING', value: '*'},
	];
	await asking.command('LIST', [...which, ...options], 'mailboxes', {untagged}, '');
	const uses = findSpecialMailboxes(listed, account);
	return listed.map(({path, delimiter, attributes}) => ({
		path,
		delimiter,
		specialUse: uses.get(path),
		isSelectable: !attributes.some(attribute => cannotBeOpened.has(attribute.toLowerCase())),
		...(statuses.get(path) ?? nothingKnown),
	}));
}

/** STATUS of one mailbox (RFC 9051 §6.3.11). */
export async function fetchStatus(
	asking: Asking,
	path: MailboxPath,
	wanted: StatusOptions = {},
): Promise<StatusFact | undefined> {
	let status: StatusFact | undefined;
	const untagged = {
		STATUS: (response: Response) => {
			const read = readStatus(response, asking.names);
			if (read?.path === path) status = read.status;
		},
	};
	const asked = [asArgument(asking.names.spell(path)), statusItems(asking, wanted)];
	await asking.command('STATUS', asked, 'mailboxes', {untagged}, path);
	return status;
}

function readListed(response: Response, names: MailboxNames): Listed | undefined {
	const [attributes, delimiter, name] = response.attributes ?? [];
	const spelled = textOf(name);
	if (!Array.isArray(attributes) || spelled === undefined) return undefined;
	return {
		path: names.learn(spelled),
		delimiter: textOf(delimiter) ?? '',
		attributes: (attributes as readonly Token[]).map(each => textOf(each) ?? ''),
	};
}

function readStatus(response: Response, names: MailboxNames): {path: MailboxPath; status: StatusFact} | undefined {
	const [name, items] = response.attributes ?? [];
	const spelled = textOf(name);
	if (spelled === undefined || !Array.isArray(items)) return undefined;
	const values = new Map<string, string>();
	for (let index = 0; index + 1 < items.length; index += 2) {
		values.set((textOf(items[index]) ?? '').toUpperCase(), textOf(items[index + 1]) ?? '');
	}
	const number = (name: string): number | undefined => {
		const value = values.get(name) ?? '';
		return /^\d{1,10}$/.test(value) ? Number(value) : undefined;
	};
	return {
		path: names.learn(spelled),
		status: {
			messages: number('MESSAGES'),
			unseen: number('UNSEEN'),
			uidValidity: number('UIDVALIDITY'),
			uidNext: number('UIDNEXT'),
			highestModseq: readModseq(values.get('HIGHESTMODSEQ')),
		},
	};
}
