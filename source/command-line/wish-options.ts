/**
 * `bonsai wishes`: which mailbox, and what of its wish is to be another. Pure. Throws a UsageProblem.
 */
import {bytesIn} from '../model/amounts.ts';
import type {MailboxPath} from '../model/ids.ts';
import {readTypedWish, type TypedWish, typedWish} from '../model/typed-wish.ts';
import {noWish} from '../model/wish.ts';
import type {OptionName, Values} from './options.ts';
import {readMailbox} from './read-mailbox.ts';
import {UsageProblem} from './usage-problem.ts';

export type WantedWishes = {
	readonly command: 'wishes';
	readonly account: string | undefined;
	/** Undefined: all without a wish of their own; and all there are, when nothing is to be another. */
	readonly mailbox: MailboxPath | undefined;
	/** What of the wish is to be another, as it is typed; nothing: it is only shown. */
	readonly change: Partial<TypedWish>;
	/** What the disk may hold from now on of texts and parts of the account, in octets; undefined: as before. */
	readonly diskBytes: number | undefined;
	/** Back to what holds without it. */
	readonly isReset: boolean;
	readonly isJson: boolean;
};

const fields = ['summaries', 'text', 'parts', 'previews'] as const satisfies readonly OptionName[];

export const wishOptions = ['account', 'json', 'reset', 'disk', ...fields] as const satisfies readonly OptionName[];

export function readWishOptions([word]: readonly string[], values: Values): WantedWishes {
	const change: Partial<TypedWish> = Object.fromEntries(
		fields.flatMap(field => (values[field] === undefined ? [] : [[field, values[field]]])),
	);
	const read = readTypedWish({...typedWish(noWish), ...change});
	if ('problem' in read) throw new UsageProblem(`--${read.field}: ${read.problem}`);
	const isReset = values.reset === true;
	if (isReset && Object.keys(change).length > 0)
		throw new UsageProblem('--reset goes back to what holds without a wish: it takes no other option of the wish');
	const diskBytes = values.disk === undefined ? undefined : bytesIn(values.disk);
	if (values.disk !== undefined && diskBytes === undefined)
		throw new UsageProblem(`--disk is an amount like 500MB or 2GB, not ${values.disk}`);
	if (diskBytes !== undefined && (word !== undefined || isReset || Object.keys(change).length > 0))
		throw new UsageProblem(
			'--disk is of all mailboxes of the account: it takes no mailbox and no other option of a wish',
		);
	return {
		command: 'wishes',
		account: values.account,
		mailbox: word === undefined ? undefined : readMailbox(word, 'bonsai wishes MAILBOX'),
		change,
		diskBytes,
		isReset,
		isJson: values.json === true,
	};
}
