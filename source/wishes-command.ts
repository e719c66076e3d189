/**
 * `bonsai wishes`: what of each mailbox comes to the disk, shown or changed in the configuration. Dials nobody: whether
 * there is such a mailbox is known where the list of them is on the disk.
 */
import type {WantedWishes} from './command-line/wish-options.ts';
import type {Output} from './commands/output.ts';
import {table} from './commands/table.ts';
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import {bytesOf} from './model/amounts.ts';
import type {MailboxPath} from './model/ids.ts';
import {safeLine} from './model/safe-text.ts';
import {readTypedWish, typedWish} from './model/typed-wish.ts';
import {hasOwnWish, type Wish, type Wishes, wishOf} from './model/wish.ts';
import {wishWords} from './model/wish-words.ts';

type Change = Pick<WantedWishes, 'mailbox' | 'change' | 'diskBytes' | 'isReset' | 'isJson'>;

/**
 * Throws a ConfigProblem when it cannot be kept. Returns the exit code. `known`: all mailboxes there are, where that is
 * known.
 */
export function wishesCommand(
	config: Config,
	account: Account,
	wanted: Change,
	output: Output,
	known?: readonly MailboxPath[],
): number {
	const {name, wishes} = account;
	const {mailbox, change, diskBytes, isReset, isJson} = wanted;
	if (diskBytes !== undefined) config.setDiskBytes(name, diskBytes);
	const isChange = isReset || Object.keys(change).length > 0;
	if (isChange && !isReset && mailbox !== undefined && known?.includes(mailbox) === false) {
		output.say(safeLine(`There is no mailbox ${mailbox} in ${name}: bonsai mailboxes lists them`));
		return 1;
	}
	if (isChange) {
		const before = mailbox === undefined ? wishes.otherwise : wishOf(wishes, mailbox);
		const read = readTypedWish({...typedWish(before), ...change});
		// What was typed was read once before, and what was there can be.
		if ('problem' in read) throw new Error(read.problem);
		config.setWish(name, mailbox, isReset ? undefined : read.wish);
	}
	const kept = config.accounts.find(account => account.name === name) ?? account;
	const now = kept.wishes;
	const shown = mailbox === undefined ? (isChange ? [othersOf(now)] : allOf(now)) : [rowOf(now, mailbox)];
	if (isJson)
		output.json({account: name, diskBytes: kept.diskBytes, wishes: shown.map(({wish, ...row}) => ({...row, ...wish}))});
	else
		output.lines(
			table(
				[
					...shown.map(({mailbox: path, wish, isOwn}) => [
						path ?? '(all others)',
						isOwn ? wishWords(wish) : `as all others: ${wishWords(wish)}`,
					]),
					...(mailbox === undefined && !isChange
						? [['(the disk)', `at most ${bytesOf(kept.diskBytes)} of texts and parts`]]
						: []),
				],
				[{}, {}],
				output,
			),
		);
	return 0;
}

/** Of all others the mailbox is null. */
type Row = {readonly mailbox: string | null; readonly isOwn: boolean; readonly wish: Wish};

const othersOf = ({otherwise}: Wishes): Row => ({mailbox: null, isOwn: true, wish: otherwise});

const rowOf = (wishes: Wishes, path: string): Row => ({
	mailbox: path,
	isOwn: hasOwnWish(wishes, path),
	wish: wishOf(wishes, path),
});

const allOf = (wishes: Wishes): readonly Row[] => [
	othersOf(wishes),
	...Object.keys(wishes.mailboxes).map(path => rowOf(wishes, path)),
];
