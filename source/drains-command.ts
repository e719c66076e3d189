/**
 * `bonsai drains`: what of each offline mailbox leaves the server, and when, shown or changed in the configuration. It makes
 * no mailbox offline, and dials nobody: whether there is such a mailbox is known where the list of them is on the disk.
 */
import type {WantedDrains} from './command-line/drain-options.ts';
import type {Output} from './commands/output.ts';
import {table} from './commands/table.ts';
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import {type Draining, type Drainings, drainingOf} from './model/draining.ts';
import {drainingWords} from './model/draining-words.ts';
import type {MailboxPath} from './model/ids.ts';
import {safeLine} from './model/safe-text.ts';

type Change = Pick<WantedDrains, 'mailbox' | 'change' | 'isReset' | 'isJson'>;

/**
 * Throws a ConfigProblem when it cannot be kept. Returns the exit code. `known`: all mailboxes there are, where that is
 * known.
 */
export function drainsCommand(
	config: Config,
	{name, drainings}: Account,
	wanted: Change,
	output: Output,
	known?: readonly MailboxPath[],
): number {
	const {mailbox, change, isReset, isJson} = wanted;
	const isChange = isReset || Object.keys(change).length > 0;
	if (isChange && !isReset && mailbox !== undefined && known?.includes(mailbox) === false) {
		output.say(safeLine(`There is no mailbox ${mailbox} in ${name}: bonsai mailboxes lists them`));
		return 1;
	}
	if (isChange) {
		const before = mailbox === undefined ? drainings.otherwise : drainingOf(drainings, mailbox);
		config.setDraining(name, mailbox, isReset ? undefined : {...before, ...change});
	}
	const now = config.accounts.find(account => account.name === name)?.drainings ?? drainings;
	const shown = mailbox === undefined ? (isChange ? [othersOf(now)] : allOf(now)) : [rowOf(now, mailbox)];
	if (isJson) output.json({account: name, drains: shown.map(({draining, ...row}) => ({...row, ...draining}))});
	else
		output.lines(
			table(
				shown.map(({mailbox: path, draining, isOwn}) => [
					path ?? '(all others)',
					isOwn ? drainingWords(draining) : `as all others: ${drainingWords(draining)}`,
				]),
				[{}, {}],
				output,
			),
		);
	return 0;
}

/** Of all others the mailbox is null. */
type Row = {readonly mailbox: string | null; readonly isOwn: boolean; readonly draining: Draining};

const othersOf = ({otherwise}: Drainings): Row => ({mailbox: null, isOwn: true, draining: otherwise});

const rowOf = (drainings: Drainings, path: string): Row => ({
	mailbox: path,
	isOwn: Object.hasOwn(drainings.mailboxes, path),
	draining: drainingOf(drainings, path),
});

const allOf = (drainings: Drainings): readonly Row[] => [
	othersOf(drainings),
	...Object.keys(drainings.mailboxes).map(path => rowOf(drainings, path)),
];
