/**
 * Our own state of a mailbox as the file that newsreaders keep: `r.net: 1-120,124` are the messages read, by UID. What a
 * newsrc has no line for stands in comments, so that a newsreader can read the file too. Pure.
 *
 *     # Bonsai imap://lists.example.org/r.net;UIDVALIDITY=17
 *     r.net: 1-120,124
 *     # +\Flagged 12,30-31
 *     # +\Hidden 7
 *     # -\Seen 122
 */
import type {Flag} from './message.ts';
import {readUids, spellUids} from './uid-list.ts';

/** What holds of some messages of one mailbox. */
export type OwnMark = {readonly what: Flag; readonly isSet: boolean; readonly uids: readonly number[]};

export type Newsrc = {
	/** undefined: another program wrote the file, and does not say. */
	readonly uidValidity: number | undefined;
	readonly marks: readonly OwnMark[];
};

const isRead = ({what, isSet}: OwnMark): boolean => isSet && what.toLowerCase() === '\\seen';

/** A newsgroup's name has no space and no colon. */
const groupOf = (path: string): string =>
	path.replaceAll(/[\s:!%#]/g, char => encodeURIComponent(char).replace('!', '%21'));

export function writeNewsrc(path: string, url: string, uidValidity: number, marks: readonly OwnMark[]): string {
	const read = marks.find(isRead)?.uids ?? [];
	const others = marks.filter(mark => !isRead(mark) && mark.uids.length > 0);
	return [
		`# Bonsai ${url};UIDVALIDITY=${uidValidity}`,
		`${groupOf(path)}: ${spellUids(read, '-')}`.trimEnd(),
		...others.map(({what, isSet, uids}) => `# ${isSet ? '+' : '-'}${what} ${spellUids(uids, '-')}`),
		'',
	].join('\n');
}

/** The one mailbox of that name in the file; `problem`: what is wrong with it, by line. */
export function readNewsrc(text: string, path: string): Newsrc | {readonly problem: string} {
	const marks: OwnMark[] = [];
	let uidValidity: number | undefined;
	let isHere = false;
	let isKnown = false;
	const group = groupOf(path);
	for (const [index, line] of text.split(/\r?\n/).entries()) {
		const unreadable = {problem: `line ${index + 1} cannot be read: ${line.slice(0, 60)}`};
		const [, validity] = /^# Bonsai \S+;UIDVALIDITY=([1-9]\d{0,9})$/.exec(line) ?? [];
		if (validity !== undefined) {
			isHere = false;
			if (!isKnown) uidValidity = Number(validity);
			continue;
		}
		const [, sign, what, list] = /^# ([+-])(\S+) ([\d,-]+)$/.exec(line) ?? [];
		if (what !== undefined && list !== undefined) {
			const uids = isHere ? readUids(list, '-') : [];
			if (uids === undefined) return unreadable;
			if (isHere) marks.push({what, isSet: sign === '+', uids});
			continue;
		}
		if (line.trim() === '' || line.startsWith('#') || /^options /.test(line)) continue;
		const [, name, read] = /^([^\s:!]+)[:!]\s*([\d,-]*)\s*$/.exec(line) ?? [];
		if (name === undefined || read === undefined) return unreadable;
		isHere = name === group;
		if (!isHere) {
			if (!isKnown) uidValidity = undefined;
			continue;
		}
		isKnown = true;
		const uids = read === '' ? [] : readUids(read.replaceAll(/(^|,)0-/g, '$11-'), '-');
		if (uids === undefined) return unreadable;
		marks.push({what: '\\Seen', isSet: true, uids});
	}
	return isKnown ? {uidValidity, marks} : {problem: `there is no line that begins with ${group}:`};
}
