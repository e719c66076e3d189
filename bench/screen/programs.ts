/**
 * The mail programs side by side: how each is started on the same mailbox, and which keys do in it what we measure.
 *
 * Where programs differ by taste, a peer is set so that it writes least: mutt without counting, its cursor where it is
 * after a flag, its window as full as ours; alpine at its first page, since its last holds three messages only.
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {keepAccount} from '../../test/helpers/bonsai-on.ts';
import {program as bonsaiProgram, type Home} from '../../test/helpers/screen.ts';
import type {WatchedProgram} from './watched-program.ts';

type Keys = {
	readonly goTo: (number: number) => string;
	readonly down: string;
	readonly flag: string | undefined;
	readonly pageDown: string;
	readonly open: string;
	readonly scrollLine: string;
	readonly scrollPage: string;
	readonly back: string;
	/** Opens a line to type in, and leaves it again. */
	readonly prompt: string;
	readonly leavePrompt: string;
	readonly quit: string;
};

export type MailProgram = {
	readonly name: string;
	readonly command: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	/** Writes its configuration. */
	readonly prepare: (home: Home, port: number) => void;
	/** What has to be typed before anything is measured: a password that cannot be given otherwise. */
	readonly logIn: (watched: WatchedProgram) => Promise<void>;
	readonly hasList: (watched: WatchedProgram) => boolean;
	/** Whether the cursor stands on this message. */
	readonly standsOn: (watched: WatchedProgram, number: number) => boolean;
	readonly keys: Keys;
};

const nothing = async (): Promise<void> => {};
const has = (watched: WatchedProgram, wanted: RegExp): boolean => wanted.test(watched.screen.join('\n'));

export const bonsai: MailProgram = {
	name: 'bonsai',
	command: [process.execPath, bonsaiProgram],
	environment: {BONSAI_TEST_PASSWORD: 'demo'},
	prepare: (home, port) => keepAccount(home, {port, user: 'demo'}),
	logIn: nothing,
	hasList: watched => has(watched, /^ ?[> ]?1181 .*\n(.*\n)*[> ]*1200 .*Line up/m),
	standsOn: (watched, number) => has(watched, new RegExp(`\\b${number} of 1200`)),
	keys: {
		goTo: number => `${number}\r`,
		down: 'j',
		flag: 'F',
		pageDown: '\x1b[6~',
		open: '\r',
		scrollLine: 'j',
		scrollPage: ' ',
		back: 'q',
		prompt: ':',
		leavePrompt: '\x1b',
		quit: 'Q',
	},
};

const muttSettings = (port: number, isArrow: boolean): string => `
set folder="imap://demo@127.0.0.1:${port}/" spoolfile="imap://demo@127.0.0.1:${port}/INBOX"
set imap_user="demo" imap_pass="demo" ssl_starttls=no ssl_force_tls=no
set realname="Reader" from="reader@aurelia.example" sendmail="/bin/true" editor=/bin/true
set quit=yes move=no sleep_time=0 wait_key=no sort=mailbox-order
set read_inc=0 net_inc=0 write_inc=0 mail_check=3600 timeout=3600 imap_keepalive=3600
unset resolve mark_old imap_idle
${isArrow ? 'set arrow_cursor' : ''}
alternative_order text/plain text/html
ignore *
unignore from: to: cc: date: subject:
push "<last-entry><current-bottom>"
`;

const mutt = (isArrow: boolean): MailProgram => ({
	name: isArrow ? 'mutt -n, arrow_cursor' : 'mutt -n',
	command: ['mutt', '-n', '-F', 'muttrc'],
	environment: {},
	prepare: (home, port) => writeFileSync(join(home.path, 'muttrc'), muttSettings(port, isArrow)),
	logIn: nothing,
	hasList: watched => has(watched, /1181 (.*\n)*.*1200 .*Line up(.*\n)*.*Msgs:1200/),
	standsOn: (watched, number) => new RegExp(`^[-> ]*${number} `).test(watched.cursorRow),
	keys: {
		goTo: number => `${number}\r`,
		down: 'j',
		flag: 'F',
		pageDown: 'z',
		open: '\r',
		scrollLine: '\r',
		scrollPage: ' ',
		back: 'i',
		prompt: ':',
		leavePrompt: '\x07',
		quit: 'q',
	},
});

const pineSettings = (port: number): string => {
	const server = `{127.0.0.1:${port}/user=demo/notls/novalidate-cert}`;
	const now = new Date();
	return `personal-name=Reader
user-domain=aurelia.example
inbox-path=${server}INBOX
folder-collections=Demo ${server}[]
feature-list=prefer-plain-text,enable-flag-cmd,quit-without-confirm,disable-password-file-saving,disable-password-caching
incoming-startup-rule=first
sort-key=Arrival
mail-check-interval=3600
last-time-prune-questioned=${now.getUTCFullYear() - 1900}.${String(now.getUTCMonth() + 1).padStart(2, '0')}
last-version-used=6.26
`;
};

const alpine: MailProgram = {
	name: 'alpine',
	command: ['alpine', '-i'],
	environment: {},
	prepare(home, port) {
		mkdirSync(join(home.path, 'mail'));
		writeFileSync(join(home.path, '.pinerc'), pineSettings(port));
	},
	async logIn(watched) {
		await watched.until(() => has(watched, /ENTER PASSWORD/), 'the question for a password');
		await watched.quiet(300);
		await watched.cost();
		watched.press('demo\r');
	},
	hasList: watched => has(watched, /Message +1 of 1,200(.*\n)*.* 19 .*\n(.*\n)*.*opened with/),
	standsOn: (watched, number) => has(watched, new RegExp(`Message +${number.toLocaleString('en-US')} of 1,200`)),
	keys: {
		goTo: number => `J${number}\r`,
		down: 'n',
		flag: undefined,
		pageDown: ' ',
		open: '\r',
		scrollLine: '\x0e',
		scrollPage: ' ',
		back: '<',
		prompt: 'W',
		leavePrompt: '\x03',
		quit: 'q',
	},
};

export const peers: readonly MailProgram[] = [mutt(false), mutt(true), alpine];
