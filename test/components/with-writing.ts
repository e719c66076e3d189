/** What one writes, on a folder of the test's own: a real desk, whose pauses are over when the test says so. */
import fs from 'node:fs';
import type {TestContext} from 'node:test';
import type {WritingOf} from '../../components/use-writing.ts';
import {type Account, accountDefaults} from '../../source/model/account.ts';
import {accountName} from '../../source/model/ids.ts';
import type {SafeText} from '../../source/model/safe-text.ts';
import {type Identity, noSending} from '../../source/model/sending.ts';
import {Drafts} from '../../source/store/drafts.ts';
import {Desk, type DeskOptions} from '../../source/writing/desk.ts';
import {People, type PeopleOptions} from '../../source/writing/people.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import type {FakeSession} from './fake-session.ts';

export const robin: Identity = {name: 'Robin', address: 'robin@ship.example', signatureFile: '', mailboxes: []};

export type Wrote = {
	readonly desk: Desk;
	readonly drafts: Drafts;
	readonly writingOf: WritingOf;
	/** What was waited for is over. */
	pause(): void;
	/** Ms since the epoch. */
	now: number;
	/** How long it was to wait for the last pause, in ms. */
	lastWait: number;
};

export function withWriting(
	context: TestContext,
	session: Pick<FakeSession, 'account'> & {readonly post: DeskOptions['post']},
	{
		identities = [robin],
		runEditor,
		people = {},
		account = {},
		others = [],
		postOneClick = async () => ({status: 200}),
	}: {
		readonly identities?: readonly Identity[];
		readonly runEditor?: (text: string) => string | SafeText;
		readonly people?: Partial<PeopleOptions>;
		readonly account?: Partial<Account>;
		readonly others?: readonly Account[];
		readonly postOneClick?: DeskOptions['postOneClick'];
	} = {},
): Wrote {
	const folder = ownFolder(context);
	const drafts = new Drafts(folder);
	const waiting = new Set<() => void>();
	const desk = new Desk({
		account: accountOf(session.account, identities, account),
		others: () => others,
		drafts,
		post: session.post,
		clock: () => wrote.now,
		after(ms, work) {
			wrote.lastWait = ms;
			waiting.add(work);
			return () => waiting.delete(work);
		},
		runEditor:
			runEditor &&
			(async file => {
				fs.writeFileSync(file, runEditor(fs.readFileSync(file, 'utf8')));
				return undefined;
			}),
		people: new People({inMail: () => [], addressBook: '', queryCommand: '', own: new Set(), ...people}),
		postOneClick,
	});
	const wrote: Wrote = {
		desk,
		drafts,
		writingOf: () => desk,
		pause() {
			for (const work of [...waiting]) {
				waiting.delete(work);
				work();
			}
		},
		now: Date.UTC(2024, 10, 20, 14, 30),
		lastWait: 0,
	};
	return wrote;
}

export const accountOf = (name: string, identities: readonly Identity[], over: Partial<Account> = {}): Account => ({
	...accountDefaults,
	name: accountName(name),
	host: 'mail.example',
	port: 993,
	security: 'tls',
	user: 'robin',
	password: {from: 'nowhere'},
	sending: {...noSending, command: 'true', identities},
	...over,
});
