/**
 * `bonsai state show|set|export|import MAILBOX`: where the state of a mailbox's messages lives, and what of it is ours, as a
 * newsrc file.
 */
import fs from 'node:fs';
import {fileWords} from '../model/file-words.ts';
import type {MailboxPath} from '../model/ids.ts';
import {safeLine} from '../model/safe-text.ts';
import {type StatePlace, spellStatePlace} from '../model/state-place.ts';
import {statePlaceWords} from '../model/state-words.ts';
import type {Around} from './command.ts';
import {Undone} from './undone.ts';

export type StateOptions = {
	readonly mailbox: MailboxPath;
	readonly wanted:
		| {readonly verb: 'show'}
		| {readonly verb: 'set'; readonly place: StatePlace}
		| {readonly verb: 'export'; readonly file: string; readonly mayReplace: boolean}
		| {readonly verb: 'import'; readonly file: string};
};

export async function state(around: Around, {mailbox, wanted}: StateOptions): Promise<void> {
	switch (wanted.verb) {
		case 'set':
			around.session.chooseStatePlace(mailbox, wanted.place);
			return shown(around, mailbox, wanted.place);
		case 'show':
			await opened(around, mailbox);
			return shown(around, mailbox, around.session.statePlace(mailbox));
		case 'export':
			return exported(around, mailbox, wanted);
		case 'import':
			await opened(around, mailbox);
			return imported(around, mailbox, wanted.file);
	}
}

/** What the server lets us change is known of a mailbox that was open once. */
async function opened({session, line}: Around, path: MailboxPath): Promise<void> {
	const mailbox = session.mailbox(path);
	if (mailbox.state.get().uidValidity !== undefined) return;
	mailbox.ensureNewest(1);
	const {state: now, because} = await line.arrived(
		mailbox.state,
		each => each.state === 'refused' || each.uidValidity !== undefined,
	);
	if (now === 'refused') throw new Undone(because);
}

function shown({session, output, isJson}: Around, mailbox: MailboxPath, place: StatePlace): void {
	const {with: where} = place;
	if (isJson)
		output.json({
			account: session.account,
			mailbox,
			state: where,
			place: where === 'shared' ? spellStatePlace(place).slice('shared '.length) : null,
		});
	else output.lines([statePlaceWords(mailbox, place)]);
}

async function exported(
	{session, output, isJson}: Around,
	mailbox: MailboxPath,
	{file, mayReplace}: {readonly file: string; readonly mayReplace: boolean},
): Promise<void> {
	const text = session.exportState(mailbox);
	if (text === undefined) throw new Undone(safeLine(`Nothing was decided here about messages in ${mailbox}`));
	if (file === '-') return output.raw(Buffer.from(text));
	try {
		fs.writeFileSync(file, text, {flag: mayReplace ? 'w' : 'wx'});
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		throw new Undone(
			safeLine(code === 'EEXIST' ? `${file} is there already. --replace replaces it` : why(file, 'written', error)),
		);
	}
	if (isJson) output.json({account: session.account, mailbox, file});
	else output.lines([safeLine(`Exported: ${file}`)]);
}

function imported({session, output, isJson}: Around, mailbox: MailboxPath, file: string): void {
	let text: string;
	try {
		text = fs.readFileSync(file === '-' ? 0 : file, 'utf8');
	} catch (error) {
		throw new Undone(safeLine(why(file, 'read', error)));
	}
	const done = session.importState(mailbox, text);
	if ('because' in done) throw new Undone(done.because);
	if (isJson) output.json({account: session.account, mailbox, marks: done.count});
	else output.lines([safeLine(`${done.count} ${done.count === 1 ? 'mark is' : 'marks are'} new`)]);
}

/** `newsrc cannot be read: there is no such file or folder`. */
const why = (file: string, what: 'read' | 'written', error: unknown): string =>
	`${file} cannot be ${what}: ${fileWords(error) ?? (error as Error).message}`;
