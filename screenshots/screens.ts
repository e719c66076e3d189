/**
 * The screens that are shown and watched: how to get to each, and their text. Used by take.ts, which writes them, and
 * by the test that tells when one changed unseen.
 *
 * The program runs on the built-in mailbox with its clock standing still, so every cell is the same at each run, but
 * for what the speed of this machine decides (`maskOf`).
 */
import {join} from 'node:path';
import {demoNow, fullCapabilities, startDemoServer} from '../source/demo/server.ts';
import type {Account} from '../source/model/account.ts';
import {accountName, inbox, mailboxPath} from '../source/model/ids.ts';
import {noWish} from '../source/model/wish.ts';
import {LedgerStore} from '../source/store/ledger.ts';
import {inboxOf, keepAccount, keepAccounts, letter} from '../test/helpers/bonsai-on.ts';
import {localMailIn} from '../test/helpers/local-mail-in.ts';
import {putMailInOutbox} from '../test/helpers/mail-in-outbox.ts';
import {runBonsai} from '../test/helpers/run-bonsai.ts';
import {sendingTo} from '../test/helpers/run-send.ts';
import {type Bonsai, type Home, openBonsai, ownHome} from '../test/helpers/screen.ts';

type Shot = {
	readonly name: string;
	readonly words: string;
	readonly columns?: number;
	readonly rows?: number;
	readonly args: readonly string[];
	/** What has to be there before: files in its home, a server. Returns how to end it. */
	readonly prepare?: (home: Home) => Promise<() => Promise<void>>;
	readonly visit: (bonsai: Bonsai) => Promise<void>;
};

const demo = ['demo'];
/** Slow enough that prices have seconds, quick enough not to wait for. */
const slowDemo = ['demo', '--link', '128kbps,40ms'];

const family = (subject: string, from: string, hour: number): string =>
	letter({subject, from}).replace('12:00:00', `${String(hour).padStart(2, '0')}:30:00`);
const familyInbox = inboxOf(
	family('Photos of the garden', 'Edda Aske <edda@home.example>', 6),
	family('When does the ship leave?', 'Jonas Aske <jonas@home.example>', 10),
	family('Dentist, again', 'Edda Aske <edda@home.example>', 15),
	family('The cat is back', 'Jonas Aske <jonas@home.example>', 17),
);

/** Two accounts on servers of their own, and others that are never dialled. */
const twoAccounts =
	(others: Readonly<Record<string, Partial<Account>>> = {}) =>
	async (home: Home): Promise<() => Promise<void>> => {
		const [station, family] = [await startDemoServer(), await startDemoServer({mailboxes: familyInbox})];
		const user = 'demo';
		keepAccounts(home, {station: {port: station.port, user}, home: {port: family.port, user}, ...others});
		return async () => {
			await station.close();
			await family.close();
		};
	};

const seeMailboxes = async (bonsai: Bonsai): Promise<void> => {
	await bonsai.standsOn('Line up until 19:00');
	bonsai.press('y');
	await bonsai.sees(/日本 +2 +14/);
};

const editWish = async (bonsai: Bonsai): Promise<void> => {
	await seeMailboxes(bonsai);
	bonsai.press('w', 'Enter');
	await bonsai.sees(/Messages +1000/);
};

/** The parts of the message with the heaviest ones. */
const seePlates = async (bonsai: Bonsai): Promise<void> => {
	await bonsai.standsOn('Line up until 19:00');
	bonsai.press('1192', 'Enter');
	await bonsai.standsOn('plate photographs');
	bonsai.press('v');
	await bonsai.sees('plate-31a.jpg');
};

const openAt = async (bonsai: Bonsai, number: number, subject: string): Promise<void> => {
	await bonsai.standsOn('Line up until 19:00');
	bonsai.press(String(number), 'Enter');
	await bonsai.standsOn(subject);
	bonsai.press('Enter');
};

export const shots: readonly Shot[] = [
	{
		name: 'start',
		words: 'the first screen of all, without an account',
		args: [],
		visit: async bonsai => {
			await bonsai.sees('^C  quit');
		},
	},
	{
		name: 'messages',
		words: 'the messages of a mailbox',
		args: demo,
		visit: bonsai => bonsai.standsOn('Line up until 19:00'),
	},
	{
		name: 'messages-120x40',
		words: 'the same in a larger window',
		columns: 120,
		rows: 40,
		args: demo,
		visit: bonsai => bonsai.standsOn('Line up until 19:00'),
	},
	{
		name: 'mailboxes',
		words: 'the mailboxes and what is unread in them',
		args: demo,
		visit: async bonsai => {
			await seeMailboxes(bonsai);
			await bonsai.standsOn('INBOX');
		},
	},
	{
		name: 'message',
		words: 'a message; its recording of 55 MB stays where it is',
		args: slowDemo,
		visit: async bonsai => {
			await openAt(bonsai, 1198, 'Lecture recording');
			await bonsai.sees('the recording of last Thursday');
			await bonsai.pressUntil('End', 'lecture-2026-11-12.mp4');
			await bonsai.sees(/INBOX .* end /);
		},
	},
	{
		name: 'invitation',
		words: 'an invitation, in words and in local time, and how one answers',
		args: demo,
		visit: async bonsai => {
			await openAt(bonsai, 1196, 'ship and station');
			await bonsai.sees('who sleeps where');
			await bonsai.sees('An invitation from');
		},
	},
	{
		name: 'html-message',
		words: 'a newsletter by its HTML, made readable, its links by number',
		args: demo,
		visit: async bonsai => {
			await openAt(bonsai, 1194, 'The Polar Record');
			await bonsai.sees('Six stations now send');
			bonsai.press('T');
			await bonsai.sees('[1]');
		},
	},
	{
		name: 'outbox',
		words: 'what was decided: one thing done, one refused in the server’s words',
		args: demo,
		visit: async bonsai => {
			await bonsai.standsOn('Line up until 19:00');
			bonsai.press('d');
			await bonsai.sees('1 message deleted');
			await bonsai.standsOn('Medical stores');
			bonsai.press(':', ...'move Lists', 'Enter');
			await bonsai.sees(/No mailbox Lists/);
			bonsai.press('X');
			await bonsai.sees(/refused .*Move 1 message from INBOX to Lists/);
		},
	},
	{
		name: 'parts',
		words: 'the parts of a message with what each would cost, two of them marked',
		args: slowDemo,
		visit: async bonsai => {
			// A text of 66 kB first, by which the line is measured.
			await openAt(bonsai, 1182, 'Log of leg 3');
			await bonsai.pressUntil('End', '+ brings more');
			await bonsai.sees(/kB\/s/);
			bonsai.press('q');
			await bonsai.standsOn('Log of leg 3');
			bonsai.press('1186', 'Enter');
			await bonsai.standsOn('Menu for the crossing');
			bonsai.press('v');
			await bonsai.sees(/1\.1 .* ●/);
			bonsai.press('Down', 'Space', 'Space');
			await bonsai.sees(/2 marked: .* at /);
		},
	},
	{
		name: 'compose',
		words: 'an answer, with a part of another message and its time on this line',
		args: slowDemo,
		visit: async bonsai => {
			await openAt(bonsai, 1200, 'Line up until 19:00');
			await bonsai.sees('The satellite is above');
			bonsai.press('g');
			await bonsai.sees('Re: Line up until 19:00');
			bonsai.press('t', 'End', ...', tomas', 'Tab', 'Enter');
			await bonsai.sees('Tomás Herrera <');
			bonsai.press('q');
			await bonsai.sees('kept as a draft');
			bonsai.press('q');
			await bonsai.standsOn('Line up until 19:00');
			bonsai.press('1186', 'Enter');
			await bonsai.standsOn('Menu for the crossing');
			bonsai.press('v');
			await bonsai.sees(/1\.1 .* ●/);
			bonsai.press('End');
			await bonsai.standsOn('penguin.jpg');
			bonsai.press('a', 'y');
			await bonsai.sees(/Attached +penguin.jpg, image\/jpeg, 4\dk, ~\d+ s$/m);
		},
	},
	{
		name: 'forward',
		words: 'a message to be sent on: what is attached to it would cost so much',
		args: [...demo, '--disable', 'BURL'],
		visit: async bonsai => {
			await openAt(bonsai, 1192, 'plate photographs');
			await bonsai.sees('Incubation 31');
			bonsai.press('f');
			await bonsai.sees(/Attach \d+ other parts\? a: all, .*else: text only/);
			// Until it is asked one is in the field of recipients.
			await bonsai.sees('write: Fwd: Inc');
		},
	},
	{
		name: 'forward-from-server',
		words: 'the same where the submission server fetches what is attached: nothing of it crosses the line',
		args: demo,
		visit: async bonsai => {
			await openAt(bonsai, 1192, 'plate photographs');
			await bonsai.sees('Incubation 31');
			bonsai.press('f');
			await bonsai.sees('its 3 other parts stay on the server: nothing to send');
			await bonsai.sees(/on the server, .*, nothing to send/);
			await bonsai.sees('write: Fwd: Inc');
		},
	},
	{
		name: 'completion',
		words: 'whom one may mean: addresses of mail that is here, by Tab',
		args: demo,
		visit: async bonsai => {
			await bonsai.standsOn('Line up until 19:00');
			bonsai.press('m', ...'aurelia', 'Tab');
			await bonsai.sees(/To +.*aurelia\.example>/);
			await bonsai.sees('Tomás Herrera');
			bonsai.press('Tab');
			await bonsai.sees(/To +Ingrid/);
		},
	},
	{
		name: 'price-question',
		words: 'what is over the budget is asked about first, with its price',
		args: slowDemo,
		visit: async bonsai => {
			await seePlates(bonsai);
			bonsai.press('Down', 'Space', 'Space', 'Space');
			await bonsai.sees('3 marked');
			bonsai.press('Enter');
			await bonsai.sees(/Fetch 3 parts, .* \(y for yes/);
		},
	},
	{
		name: 'usage',
		words: 'the ledger with its chart: what was spent for what, where and when',
		args: [],
		prepare: beforeUsage,
		visit: async bonsai => {
			await bonsai.standsOn('Line up until 19:00');
			bonsai.press('I');
			await bonsai.sees('The last 24 hours');
			// What the first screen cost is written down a second later.
			await bonsai.sees(/rows of messages +[1-9]/);
		},
	},
	{
		name: 'downloads',
		words: 'downloads under way: two share the line, one was put off',
		args: slowDemo,
		visit: async bonsai => {
			await seePlates(bonsai);
			bonsai.press('Down', 'Space', 'Space', 'Space', 's');
			await bonsai.sees('Save 3 parts');
			bonsai.press('Enter', 'D');
			await bonsai.sees(/coming +plate-31c\.jpg/);
			bonsai.press('Space', 'Down');
			await bonsai.sees(/paused +plate-31a\.jpg/);
			await bonsai.sees(/coming +plate-31b-control\.jpg .*B\/s/);
			await bonsai.sees(/coming +plate-31c\.jpg +[1-9]\d*% .*B\/s/);
		},
	},
	{
		name: 'wishes',
		words: 'what of each mailbox comes to the disk, and what it would cost now',
		args: demo,
		visit: async bonsai => {
			await editWish(bonsai);
			bonsai.press('Tab', 'Tab', 'Ctrl+u', ...'pdf 200 kB', 'Enter');
			await bonsai.sees(/known before\. .*S D changes that/);
		},
	},
	{
		name: 'wish',
		words: 'a wish while it is edited, with its cost at each key',
		args: demo,
		visit: async bonsai => {
			await editWish(bonsai);
			bonsai.press('Ctrl+u', ...'30 days', 'Tab', 'Tab', 'Ctrl+u', ...'pdf 200 kB, images 50 kB');
			await bonsai.sees(/Parts +pdf 200 kB, images 50 kB/);
		},
	},
	{
		name: 'outbox-mail',
		words: 'mail in the outbox: refused, unknown, to be sent later, and waiting for the next call',
		args: [],
		prepare: async home => {
			const server = await startDemoServer();
			const sending = sendingTo(1);
			keepAccount(home, {port: server.port, user: 'demo', model: 'disconnected', sending});
			putMailInOutbox(join(home.environment.BONSAI_HOME ?? '', 'accounts', accountName('work')), demoNow);
			return () => server.close();
		},
		visit: async bonsai => {
			await bonsai.sees('Parts');
			bonsai.press('X');
			await bonsai.sees(/refused .*Medical stores/);
			bonsai.press('k', 'k');
			await bonsai.sees(/It is not sent again by itself/);
		},
	},
	{
		name: 'call',
		words: 'the plan of a call, one line left out: what would come of each mailbox, and what it would cost',
		args: [],
		prepare: async home => {
			const server = await startDemoServer();
			const wishes = {
				otherwise: {...noWish, summaries: {last: 20}},
				mailboxes: {INBOX: {...noWish, summaries: {last: 500}, textBytes: 4000}},
			};
			keepAccount(home, {port: server.port, user: 'demo', model: 'disconnected', wishes});
			return () => server.close();
		},
		visit: async bonsai => {
			await bonsai.sees('Parts');
			bonsai.press('$');
			await bonsai.sees(/planned +INBOX/);
			bonsai.press('j', 'j', 'j', 'Space');
			await bonsai.sees(/left out +Junk/);
		},
	},
	{
		name: 'cable-out',
		words: 'a mailbox of the disconnected model with the cable out: read, decided, waiting for a call',
		args: [],
		prepare: async home => {
			const server = await startDemoServer();
			const wishes = {otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries: {last: 200}, textBytes: 4000}}};
			keepAccount(home, {port: server.port, user: 'demo', model: 'disconnected', wishes});
			await runBonsai(['sync'], {home});
			await server.close();
			return async () => {};
		},
		visit: async bonsai => {
			await bonsai.standsOn('Line up until 19:00');
			bonsai.press('F', 'k', 'k', 'd');
			await bonsai.sees(/1 message deleted, when there is a line/);
		},
	},
	{
		name: 'help',
		words: 'the keys of a screen',
		args: demo,
		visit: async bonsai => {
			await bonsai.standsOn('Line up until 19:00');
			bonsai.press('?');
			await bonsai.sees('Keys in');
		},
	},
	{
		name: 'accounts',
		words: 'the accounts: two that are online, one nobody has looked at yet',
		args: [],
		prepare: twoAccounts({ship: {tunnel: 'ssh ship imapd'}}),
		visit: async bonsai => {
			await seeMailboxes(bonsai);
			bonsai.press(':account home', 'Enter');
			await bonsai.standsOn('The cat is back');
			bonsai.press('Y');
			await bonsai.sees('2 of 3 online');
		},
	},
	{
		name: 'own-state',
		words: 'a public mailbox, opened as nobody in particular: what is read, flagged and hidden is ours, and kept here',
		args: ['--mailbox', 'Lists/imap-protocol'],
		prepare: async home => {
			const server = await startDemoServer({capabilities: [...fullCapabilities, 'AUTH=ANONYMOUS']});
			keepAccounts(home, {news: {port: server.port, authentication: 'anonymous'}});
			return () => server.close();
		},
		visit: async bonsai => {
			await bonsai.sees(/news\/Lists\/imap-protocol \(own state\)/);
			await bonsai.sees(/110 of 110/);
			// The count may be known before the rows are.
			await bonsai.sees(/^ 110 \. +Sep 26/m);
			bonsai.press('F', 'k', 'N', 'k', 'N', 'k', 'k', 'd');
			await bonsai.sees(/1 message hidden from you/);
			await bonsai.sees(/106 of 109/);
			// One more fits on the screen now, and comes.
			await bonsai.sees(/^ +90 \. +Jul 27/m);
		},
	},
	{
		name: 'offline',
		words: 'the offline model says what it does before it is chosen',
		args: [],
		// Not the demo, which has no disk for it.
		prepare: async home => {
			const server = await startDemoServer();
			keepAccount(home, {port: server.port, user: 'demo'});
			return () => server.close();
		},
		visit: async bonsai => {
			await bonsai.sees(/\d of \d/);
			bonsai.press('S', 'O');
			await bonsai.sees('this disk has the only copy');
		},
	},
	{
		name: 'drain',
		words: 'a maildrop that is drained: what has come is here, what is larger stays',
		args: [],
		prepare: async home => {
			const letters = Array.from({length: 40}, (_, index) => letter({subject: `Soup ${index + 1}`}));
			const large = letter({subject: 'The whole cook book', text: 'Soup. '.repeat(40_000)});
			const server = await startDemoServer({mailboxes: inboxOf(...letters, large)});
			server.faults.add({kind: 'delay', command: /^UID FETCH .*BODY\.PEEK\[\]/, ms: 60_000});
			const drainings = {otherwise: {leaveDays: 0, olderThanDays: 0, mostBytes: 100_000}, mailboxes: {}};
			const models = {model: 'disconnected', mailboxModels: {INBOX: 'offline'}} as const;
			keepAccount(home, {port: server.port, user: 'demo', ...models, drainings});
			return () => server.close();
		},
		visit: async bonsai => {
			await bonsai.sees('not here');
			bonsai.press('$');
			await bonsai.sees('a plan');
			bonsai.press('Enter');
			// Until nothing moves any more: what it costs is said once a second, and what is done with a plan leaves the menu.
			await bonsai.sees(/So far 0 of 40 messages, \d+ bytes up, 1\.3 kB down[\s\S]*\n d:Stop/);
		},
	},
	{
		name: 'local-mail',
		words: 'mail on this disk, which mutt or aerc may have open at the same time',
		args: [],
		prepare: async home => {
			localMailIn(home, {
				INBOX: [
					['RS', family('Photos of the garden', 'Edda Aske <edda@home.example>', 6)],
					['S', family('When does the ship leave?', 'Jonas Aske <jonas@home.example>', 10)],
					['FS', family('Dentist, again', 'Edda Aske <edda@home.example>', 15)],
					['', family('The cat is back', 'Jonas Aske <jonas@home.example>', 17)],
				],
			});
			return async () => {};
		},
		visit: bonsai => bonsai.standsOn('The cat is back'),
	},
	{
		name: 'inboxes',
		words: 'the inboxes of two accounts as one list',
		args: [],
		prepare: twoAccounts(),
		visit: async bonsai => {
			await bonsai.standsOn('Line up until 19:00');
			bonsai.press('U');
			await bonsai.sees(/home .*The cat is back/);
			await bonsai.sees('20 of the 20 newest of 1204');
		},
	},
];

/** An account on a server of its own, with a day of reading behind it. */
async function beforeUsage(home: Home): Promise<() => Promise<void>> {
	const server = await startDemoServer();
	keepAccount(home, {port: server.port, user: 'demo'});
	let moment = demoNow;
	const store = new LedgerStore(
		join(home.environment.BONSAI_HOME ?? '', 'accounts', accountName('work')),
		undefined,
		() => moment,
	);
	const spend = (hoursAgo: number, parts: number, texts: number): void => {
		moment = demoNow - hoursAgo * 3600_000;
		store.spend({purpose: 'connect', mailbox: '', upBytes: 320, downBytes: 900, turns: 3});
		store.spend({purpose: 'rows', mailbox: inbox, upBytes: 400, downBytes: 5200, turns: 4});
		store.spend({purpose: 'structure', mailbox: inbox, upBytes: texts / 20, downBytes: texts, turns: 9});
		store.spend({
			purpose: 'parts',
			mailbox: mailboxPath('Lists/bonsai'),
			upBytes: parts / 90,
			downBytes: parts,
			turns: 1,
		});
		store.flush();
	};
	for (const [hoursAgo, parts, texts] of [
		[22, 0, 9000],
		[21, 410_400, 21_000],
		[11, 0, 40_000],
		[10, 96_300, 31_000],
		[9, 0, 12_000],
		[5, 210_600, 8000],
		[2, 0, 22_000],
		[1, 61_200, 18_000],
	] as const)
		spend(hoursAgo, parts, texts);
	store.close();
	return () => server.close();
}

export async function visit(shot: Shot): Promise<Bonsai> {
	const {args, columns = 80, rows = 24} = shot;
	const home = ownHome();
	const end = await shot.prepare?.(home);
	const bonsai = openBonsai({args, columns, rows, home, env: {BONSAI_TEST_PASSWORD: 'demo'}});
	const close = bonsai.close.bind(bonsai);
	bonsai.close = async () => {
		await close();
		await end?.();
	};
	try {
		await shot.visit(bonsai);
		return bonsai;
	} catch (error) {
		await bonsai.close();
		throw error;
	}
}

/** The cells of the screen, row by row, and nothing else. */
export const textOf = (bonsai: Bonsai): string => `${bonsai.screen.map(row => row.trimEnd()).join('\n')}\n`;

/**
 * The text without what the machine decides: the rate of the line, which is not shown before it is known, how long
 * things would take, and which ports are free.
 */
export const maskOf = (text: string): string =>
	text
		.split('\n')
		.map((line, row) => {
			const masked = line
				// Where the terminal answers late the selected row has an arrow in the place of its bar.
				.replace(/^>/, ' ')
				.replaceAll(/( +at)? +\d+(\.\d+)? [kMG]?B\/s( down,)?/g, '')
				.replaceAll(/( rate not measured yet,)? round trip \d+ ms,/g, '')
				.replaceAll(/(127\.0\.0\.1):\d+/g, '$1:')
				.replaceAll(/ +\d+% of/g, ' % of')
				// Under way, an IDLE may have been said between two questions, or not.
				.replaceAll(/ \d+ bytes up, (.*) down, \d+ round trips/g, ' … bytes up, $1 down, … round trips')
				.replaceAll(/\S*\/bonsai-e2e-\w+/g, '~')
				.replaceAll(/,? +[~<]\d+ (s|min|h)\b/g, '')
				// A price has more framing on a line that is slow.
				.replaceAll(/<?\d+(\.\d+)? [kMG]B(?!\/s)/g, '… B');
			// In the title a rate moves what is beside it, and cuts what is left of it.
			const title = (text: string) =>
				text.replaceAll(/ +/g, ' ').replace(/^(.{19}).*?(?= (?:\d+ of \d|~|online))/, '$1');
			return (row === 0 ? title(masked) : masked).trimEnd();
		})
		.join('\n');
