/** `bonsai flag|move|copy|delete`: words and options as changes. Pure. Throws a UsageProblem. */
import type {MailboxPath} from '../model/ids.ts';
import type {Change} from '../model/operation.ts';
import type {Values} from './options.ts';
import {UsageProblem} from './usage-problem.ts';

const systemFlags: Readonly<Record<string, string>> = {
	seen: '\\Seen',
	flagged: '\\Flagged',
	answered: '\\Answered',
	draft: '\\Draft',
	deleted: '\\Deleted',
};

/** `seen` and `\Seen` are the same; what is none of the server's own is a keyword (RFC 9051 §2.3.2). */
function readFlag(word: string): string {
	const own = systemFlags[word.replace(/^\\/, '').toLowerCase()];
	if (own !== undefined) return own;
	if (!/^[^\s(){%*"\\\]\x00-\x1f\x7f-\uffff]+$/.test(word))
		throw new UsageProblem(
			`${word} is no flag: seen, flagged, answered, draft, deleted, or a keyword of ASCII letters`,
		);
	return word;
}

export function readFlagChanges({add = [], remove = []}: Values): Change[] {
	const changes = [
		...add.map((word): Change => ({kind: 'flag', flag: readFlag(word), isSet: true})),
		...remove.map((word): Change => ({kind: 'flag', flag: readFlag(word), isSet: false})),
	];
	if (changes.length === 0) throw new UsageProblem('say which flag: --add seen, --remove flagged');
	return changes;
}

export const readMove = (kind: 'move' | 'copy', to: MailboxPath): Change => ({kind, to: {path: to}});

/** To the Trash, or for good. */
export const readDeletion = ({forever}: Values): Change =>
	forever ? {kind: 'remove'} : {kind: 'move', to: {use: 'trash'}};
