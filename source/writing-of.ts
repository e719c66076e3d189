/**
 * What the user writes, by account, put together: drafts in the folder of the account, the editor of the user on the
 * terminal, addresses of all mail that is here. In the demo drafts are in a folder that goes with the program.
 */
import type {WritingOf} from '../components/use-writing.ts';
import {clock} from './clock.ts';
import type {Config} from './config.ts';
import {demoFolder} from './demo-folder.ts';
import type {Account} from './model/account.ts';
import {type AccountName, demoName} from './model/ids.ts';
import {maySend} from './model/sending.ts';
import type {Session} from './session/session.ts';
import {Drafts} from './store/drafts.ts';
import {OutgoingMail} from './store/outgoing.ts';
import type {Terminal} from './terminal/terminal.ts';
import {Desk} from './writing/desk.ts';
import {editorOf, runEditor} from './writing/edit-text.ts';
import {People} from './writing/people.ts';

export type WritingPlace = {
	readonly writingOf: WritingOf;
	/** All that is open is on the disk when it returns. */
	keepAll(): void;
};

export function writingIn({
	config,
	terminal,
	accounts,
	sessions,
	mayRunEditor,
}: {
	readonly config: Config;
	readonly terminal: Pick<Terminal, 'handOver'>;
	/** Those of this run, the demo's among them. */
	readonly accounts: () => readonly Account[];
	readonly sessions: () => readonly Session[];
	/** Whether there is a terminal to hand over. */
	readonly mayRunEditor: boolean;
}): WritingPlace {
	const desks = new Map<AccountName, Desk>();
	const {editor, queryCommand, addressBook} = config.preferences;
	const command = mayRunEditor ? editorOf(editor, process.env) : '';
	const inMail = (text: string) => sessions().flatMap(session => session.addressFields(text));
	const own = (): ReadonlySet<string> =>
		new Set(
			accounts().flatMap(({sending, user}) =>
				[...sending.identities.map(({address}) => address), sending.smtp?.user ?? '', user].map(each =>
					each.toLowerCase(),
				),
			),
		);
	return {
		writingOf(name) {
			const known = desks.get(name);
			const account = accounts().find(each => each.name === name);
			const session = sessions().find(each => each.account === name);
			if (known || account === undefined || session === undefined) return known;
			const folder = name === demoName ? demoFolder() : config.accountFolder(name);
			const drafts = new Drafts(folder);
			// What is sent by another account may be a draft again there.
			const others = name === demoName ? [] : config.accounts.map(each => config.accountFolder(each.name));
			sweep(drafts, [folder, ...others]);
			const desk = new Desk({
				account,
				others: () => othersThatSend(accounts(), name),
				drafts,
				post: session.post,
				clock,
				after(ms, work) {
					const timer = setTimeout(work, ms);
					timer.unref();
					return () => clearTimeout(timer);
				},
				runEditor: command === '' ? undefined : file => terminal.handOver(() => runEditor(command, file)),
				people: new People({inMail, addressBook, queryCommand, own: own()}),
				// Hardly ever wanted, so https is not loaded before it is.
				postOneClick: async url => (await import('./remote/one-click.ts')).postOneClick(url),
			});
			desks.set(name, desk);
			return desk;
		},
		keepAll() {
			for (const desk of desks.values()) desk.keepAll();
		},
	};
}

/** By which accounts what is written in one may be sent besides. In the demo nothing leaves this machine, and what does is not lost in the demo. */
export const othersThatSend = (accounts: readonly Account[], writer: AccountName): readonly Account[] =>
	writer === demoName
		? []
		: accounts.filter(({name, sending}) => name !== writer && name !== demoName && maySend(sending));

/** Another Bonsai may have begun a draft that is not on the disk yet. */
const hour = 3_600_000;

/** What came for drafts that were sent goes when no letter can be a draft again. Tidying is worth no word. */
function sweep(drafts: Drafts, folders: readonly string[]): void {
	try {
		const used = folders.flatMap(folder => {
			const mail = new OutgoingMail(folder);
			const letters = mail.all().flatMap(({id}) => mail.draftOf(id) ?? []);
			return [...letters, ...new Drafts(folder).all().map(({draft}) => draft)];
		});
		drafts.sweepParts(used, {now: Date.now(), olderThanMs: hour});
	} catch {}
}
