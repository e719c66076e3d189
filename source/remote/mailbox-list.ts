/**
 * LIST with what it can bring in one turn (RETURN (SPECIAL-USE STATUS …), RFC 5258, 5819, 6154), and its fallback to
 * bare LIST. Names are learned on the way.
 */
import type {Account} from '../model/account.ts';
import type {MailboxPath} from '../model/ids.ts';
import {type Token, textOf} from './fetched-row.ts';
import {asArgument, type MailboxNames} from './mailbox-name.ts';
import type {CommandOptions, Response} from './pipelined-imapflow.ts';
import type {MailboxFact} from './remote.ts';
import {findSpecialMailboxes} from './special-mailbox.ts';

/** As much of a connection as this needs. */
export type Asker = {
	readonly has: (capability: string) => boolean;
	readonly command: (name: string, attributes: readonly unknown[], options: CommandOptions) => Promise<Response>;
};

type Counts = {messages: number; unseen: number};
type Listed = {path: MailboxPath; delimiter: string; attributes: string[]};

const atom = (value: string) => ({type: 'ATOM', value});
const counted = [atom('MESSAGES'), atom('UNSEEN')];
const cannotBeOpened = new Set(['\\noselect', '\\nonexistent']);

export async function fetchMailboxes(asker: Asker, names: MailboxNames, account: Account): Promise<MailboxFact[]> {
	const listed: Listed[] = [];
	const counts = new Map<MailboxPath, Counts>();
	const options = asker.has('LIST-STATUS')
		? [atom('RETURN'), [...(asker.has('SPECIAL-USE') ? [atom('SPECIAL-USE')] : []), atom('STATUS'), counted]]
		: [];
	await asker.command('LIST', [{type: 'STRING', value: ''}, {type: 'STRING', value: '*'}, ...options], {
		untagged: {
			LIST: response => {
				const mailbox = readListed(response, names);
				if (mailbox) listed.push(mailbox);
			},
			STATUS: response => {
				const status = readStatus(response, names);
				if (status) counts.set(status.path, status.counts);
			},
		},
	});
	const uses = findSpecialMailboxes(listed, account);
	return listed.map(({path, delimiter, attributes}) => ({
		path,
		delimiter,
		specialUse: uses.get(path),
		isSelectable: !attributes.some(attribute => cannotBeOpened.has(attribute.toLowerCase())),
		messages: counts.get(path)?.messages,
		unseen: counts.get(path)?.unseen,
	}));
}

/** STATUS of one mailbox (RFC 9051 §6.3.11). */
export async function fetchCounts(asker: Asker, names: MailboxNames, path: MailboxPath): Promise<Counts | undefined> {
	let counts: Counts | undefined;
	await asker.command('STATUS', [asArgument(names.spell(path)), counted], {
		untagged: {
			STATUS: response => {
				const status = readStatus(response, names);
				if (status?.path === path) counts = status.counts;
			},
		},
	});
	return counts;
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

function readStatus(response: Response, names: MailboxNames): {path: MailboxPath; counts: Counts} | undefined {
	const [name, items] = response.attributes ?? [];
	const spelled = textOf(name);
	if (spelled === undefined || !Array.isArray(items)) return undefined;
	const values = new Map<string, number>();
	for (let index = 0; index + 1 < items.length; index += 2) {
		values.set((textOf(items[index]) ?? '').toUpperCase(), Number(textOf(items[index + 1])));
	}
	return {
		path: names.learn(spelled),
		counts: {messages: values.get('MESSAGES') ?? 0, unseen: values.get('UNSEEN') ?? 0},
	};
}
