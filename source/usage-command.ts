/**
 * `bonsai usage`: the bytes ledger of the accounts, as a table or as JSON. Reads what is on disk and dials nobody.
 */
import type {Streams} from './account-command.ts';
import {clock} from './clock.ts';
import {jsonOf} from './commands/output.ts';
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import {safeLine} from './model/safe-text.ts';
import {type Ledger, purposes, purposeWords, totalBytes, type Usage} from './model/usage.ts';
import {fit} from './model/width.ts';
import {LedgerStore} from './store/ledger.ts';

type History = Omit<Ledger, 'connection'>;

export function showUsage(
	config: Config,
	accounts: readonly Account[],
	{isJson}: {readonly isJson: boolean},
	{stdout, stderr}: Streams,
): number {
	let exitCode = 0;
	const histories = accounts.map(({name}) => {
		const tell = ({message}: Error): void => {
			stderr.write(`bonsai: the ledger of ${safeLine(name)} cannot be read (${safeLine(message)})\n`);
			exitCode = 1;
		};
		const store = new LedgerStore(config.accountFolder(name), tell, clock);
		const history = store.history();
		store.close();
		return {name, history};
	});
	if (isJson) {
		const all = histories.map(({name, history}) => ({account: name, ...asJson(history)}));
		stdout.write(`${jsonOf({accounts: all})}\n`);
	} else if (accounts.length === 0) stdout.write('There is no account yet, so nothing was spent.\n');
	else stdout.write(histories.map(({name, history}) => table(name, history)).join('\n'));
	return exitCode;
}

const asJson = ({today, ever, lastHours, lastDays}: History) => ({
	today: usageAsJson(today),
	ever: usageAsJson(ever),
	lastHours,
	lastDays,
});

const usageAsJson = ({upBytes, downBytes, turns, byPurpose, byMailbox}: Usage) => ({
	upBytes,
	downBytes,
	roundTrips: turns,
	byPurpose,
	byMailbox: Object.fromEntries(byMailbox),
});

/** Words of 40 columns, then two numbers. Whole bytes: scripts and screen readers like them as they are. */
function table(name: string, {today, ever}: History): string {
	const row = (words: string, ...figures: readonly (string | number)[]): string =>
		`${[fit(safeLine(`  ${words}`), 40), ...figures.map(figure => String(figure).padStart(14))].join('').trimEnd()}\n`;
	const used = purposes.filter(purpose => ever.byPurpose[purpose] > 0);
	const mailboxes = [...ever.byMailbox].sort(([, a], [, b]) => b - a);
	return [
		`${safeLine(name)}: bytes on the line\n`,
		row('', 'today', 'ever'),
		...used.map(purpose => row(purposeWords[purpose], today.byPurpose[purpose], ever.byPurpose[purpose])),
		'\n',
		...mailboxes.map(([mailbox, bytes]) =>
			row(mailbox === '' ? 'about no mailbox' : mailbox, today.byMailbox.get(mailbox) ?? 0, bytes),
		),
		...(mailboxes.length > 0 ? ['\n'] : []),
		row('up', today.upBytes, ever.upBytes),
		row('down', today.downBytes, ever.downBytes),
		row('all', totalBytes(today), totalBytes(ever)),
		row('round trips', today.turns, ever.turns),
	].join('');
}
