/**
 * `:mailbox create NAME`, `:mailbox rename OLD NEW`, `:mailbox delete NAME`: which mailbox is meant, and the question that
 * what cannot be taken back asks first. A name with blanks is quoted, where it would not be clear.
 *
 * Law: only a whole name means a mailbox here, never a part of one.
 */
import {inbox, mailboxPath} from '../source/model/ids.ts';
import type {Mailbox} from '../source/model/mailbox.ts';
import {countOf} from '../source/model/operation-words.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import type {Program} from './places.ts';
import {safe} from './safe.ts';

const usage = ours(':mailbox create NAME, rename OLD NEW, delete NAME; a name with blanks in "…"');

/** Returns false when the words are none of these, so that they are the name of a mailbox to go to. */
export function changeMailbox(session: Session, words: string, program: Program): boolean {
	const [, verb, rest = ''] = /^(create|rename|delete)(?:\s+(.*))?$/s.exec(words.trim()) ?? [];
	if (verb === undefined) return false;
	const names = namesIn(rest);
	const [name, other] = names;
	if (verb === 'rename' && name !== undefined && other !== undefined && names.length === 2)
		rename(session, name, other, program);
	else if (verb !== 'rename' && name !== undefined) {
		const whole = names.length === 1 ? name : rest.trim();
		if (verb === 'create') create(session, whole, program);
		else remove(session, whole, program);
	} else program.say(usage);
	return true;
}

/** `Lists "my letters"` → two names. */
const namesIn = (words: string): string[] =>
	[...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').filter(name => name !== '');

const known = (session: Session, name: string): Mailbox | undefined =>
	session.mailboxes.get().mailboxes.find(each => each.name.toLowerCase() === name.toLowerCase());

function create(session: Session, name: string, program: Program): void {
	const there = known(session, name);
	if (there?.isSelectable) program.say(safe`there is a mailbox ${there.name} already`);
	else session.decideAboutMailbox({kind: 'create', mailbox: mailboxPath(name)});
}

function rename(session: Session, from: string, to: string, program: Program): void {
	const there = known(session, to);
	const because = whyNot(session, from);
	if (because) program.say(because);
	else if (there) program.say(safe`there is a mailbox ${there.name} already`);
	else
		session.decideAboutMailbox({
			kind: 'rename',
			mailbox: known(session, from)?.path ?? mailboxPath(from),
			to: mailboxPath(to),
		});
}

function remove(session: Session, name: string, program: Program): void {
	const because = whyNot(session, name);
	if (because) {
		program.say(because);
		return;
	}
	const mailbox = known(session, name);
	const {messages} = mailbox ?? {};
	const what =
		messages === undefined
			? ours('with all that is in it')
			: messages === 0
				? ours('which is empty')
				: safe`with ${countOf(messages)}`;
	program.ask({
		kind: 'yes-or-no',
		label: safe`Delete ${safeLine(name)}, ${what}, for good?`,
		onYes: () => session.decideAboutMailbox({kind: 'delete', mailbox: mailbox?.path ?? mailboxPath(name)}),
	});
}

function whyNot(session: Session, name: string): SafeText | undefined {
	const mailbox = known(session, name);
	if (mailbox?.path === inbox || name.toUpperCase() === 'INBOX')
		return ours('the INBOX is where mail arrives: it stays');
	if (mailbox === undefined && session.mailboxes.get().state === 'known')
		return safe`there is no mailbox ${safeLine(name)}`;
	return undefined;
}
