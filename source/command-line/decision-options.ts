/** `bonsai flag|move|copy|delete`: words and options as changes. Pure. Throws a UsageProblem. */
import {flagWord} from '../model/flag-word.ts';
import {accountName, type MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {type Change, transferTo} from '../model/operation.ts';
import type {Values} from './options.ts';
import {UsageProblem} from './usage-problem.ts';

function readFlag(word: string): Flag {
	const flag = flagWord(word);
	if (flag === undefined)
		throw new UsageProblem(
			`${word} is no flag: seen, flagged, answered, draft, deleted, or a keyword of ASCII letters`,
		);
	return flag;
}

export function readFlagChanges({add = [], remove = []}: Values): Change[] {
	const changes = [
		...add.map((word): Change => ({kind: 'flag', flag: readFlag(word), isSet: true})),
		...remove.map((word): Change => ({kind: 'flag', flag: readFlag(word), isSet: false})),
	];
	if (changes.length === 0) throw new UsageProblem('say which flag: --add seen, --remove flagged');
	return changes;
}

/** `--to-account`: the mailbox is one of that account. */
export const readMove = (kind: 'move' | 'copy', to: MailboxPath, account: string | undefined): Change =>
	transferTo(kind, account === undefined ? {path: to} : {account: accountName(account), mailbox: to});

/** To the Trash, or for good. */
export const readDeletion = ({forever}: Values): Change =>
	forever ? {kind: 'remove'} : {kind: 'move', to: {use: 'trash'}};
