/**
 * A real Dovecot as the world of a run: the clients come through a proxy that cuts, another program is at the server at
 * once, by a connection of its own, and a second client of another make is mbsync over a Maildir (maildir-peer.ts). What
 * Dovecot has and a run is not to know, the client is told not to use.
 */
import fs from 'node:fs';
import type {Account} from '../../../source/model/account.ts';
import {type MailboxPath, mailboxPath} from '../../../source/model/ids.ts';
import type {Dovecot} from '../../helpers/dovecot.ts';
import {type OtherClient, otherClient} from '../../helpers/other-client.ts';
import {plainAccount} from '../../helpers/plain-account.ts';
import {CuttingProxy, type LineFault} from './cutting-proxy.ts';
import {MaildirPeer} from './maildir-peer.ts';
import {maildirSteps} from './maildir-steps.ts';
import {atTheStart, type Instance, letter, places, refusalText, subjectOf, type World} from './world.ts';

// The proxy reads along.
const deflate = 'COMPRESS=DEFLATE';
const modern = [
	'ESEARCH',
	'LIST-EXTENDED',
	'LIST-STATUS',
	'BINARY',
	'PREVIEW',
	'STATUS=SIZE',
	'SPECIAL-USE',
	'UNSELECT',
];
const changing = ['CONDSTORE', 'QRESYNC', 'ENABLE'];
const servers: readonly {readonly name: string; readonly without: readonly string[]}[] = [
	{name: 'all extensions', without: []},
	{name: 'all but MOVE', without: ['MOVE']},
	{name: 'all but QRESYNC', without: ['QRESYNC']},
	{name: 'all but UIDPLUS', without: ['UIDPLUS', 'IDLE']},
	{name: 'CONDSTORE and no MOVE', without: ['QRESYNC', 'MOVE', 'LIST-STATUS', 'LITERAL+']},
	{name: 'MOVE and no UIDPLUS', without: ['UIDPLUS', ...changing, ...modern]},
	{name: 'UIDPLUS and no MOVE', without: ['MOVE', 'IDLE', ...changing]},
	{name: 'bare IMAP4rev1', without: ['MOVE', 'UIDPLUS', 'IDLE', 'LITERAL+', 'NAMESPACE', ...changing, ...modern]},
];

const moving = /^UID (STORE|COPY|MOVE|EXPUNGE)/;
const reading = /^(UID FETCH|FETCH|SELECT|UID SEARCH|LIST|STATUS|NOOP)/;

/** A world of a user of its own on that server. */
export async function startDovecotWorld(dovecot: Dovecot, seed: number, folder: string): Promise<World> {
	const {name, without} = servers[seed % servers.length]!;
	const user = `seed${seed}`;
	const connect = (): Promise<OtherClient> => otherClient(dovecot.port, user, dovecot.password);
	const [other, eye] = [await connect(), await connect()];
	await other.command('CREATE Archive');
	for (const {mailbox, subject, flags} of atTheStart) await other.append(mailbox, letter(subject), listOf(flags));
	const proxy = await CuttingProxy.to(dovecot.port);
	const account: Account = plainAccount(proxy.port, {user, disabledCapabilities: [...without, deflate]});
	const peer = new MaildirPeer(folder, {...account, port: dovecot.port}, dovecot.password);
	const known = new Map<MailboxPath, Known>();
	/** Who has no mailbox open is not thrown out when it is made anew. */
	const within = async (mailbox: MailboxPath, ...commands: readonly string[]): Promise<void> => {
		for (const command of [`SELECT ${mailbox}`, ...commands, 'UNSELECT']) await other.command(command);
	};
	const update = async (mailbox: MailboxPath, uidValidity: number): Promise<void> => {
		const number = `${2_000_000_000 + uidValidity}`;
		await dovecot.administer('mailbox', 'update', '-u', user, '--uid-validity', number, mailbox);
	};
	/** Dovecot 2.3 may go on telling who is connected the old number, and takes its own index for broken (SERVERBUG). */
	const renumber = (mailbox: MailboxPath, uidValidity: number, isDeleted: boolean): Promise<void> =>
		proxy.while(async () => {
			proxy.cut();
			await proxy.quiet();
			await (isDeleted ? makeAnew(other, mailbox) : update(mailbox, uidValidity));
		});

	const look = async (): Promise<void> => {
		await proxy.quiet();
		for (const [mailbox, version] of await versionsOf(eye))
			if (known.get(mailbox)?.version !== version) known.set(mailbox, {version, held: await heldBy(eye, mailbox)});
	};
	await look();
	return {
		name,
		hasMove: !without.includes('MOVE'),
		account,
		secret: dovecot.password,
		ownSteps: maildirSteps(peer, {endsMarked: !without.includes('UIDPLUS')}),
		look,
		heldIn: mailbox => known.get(mailbox)!.held,
		uidValidityOf: mailbox => Number(/UIDVALIDITY (\d+)/.exec(known.get(mailbox)!.version)![1]),
		version: () => places.map(mailbox => known.get(mailbox)!.version).join(' '),
		append: async (mailbox, subject, flags) => void (await other.append(mailbox, letter(subject), listOf(flags))),
		expunge: (mailbox, uid) => within(mailbox, `UID STORE ${uid} +FLAGS.SILENT (\\Deleted)`, `UID EXPUNGE ${uid}`),
		move: (mailbox, uid, to) => within(mailbox, `UID MOVE ${uid} ${to}`),
		setFlag: (mailbox, uid, flag, isSet) =>
			within(mailbox, `UID STORE ${uid} ${isSet ? '+' : '-'}FLAGS.SILENT (${flag})`),
		renumber: (mailbox, uidValidity) => renumber(mailbox, uidValidity, mailbox !== 'INBOX' && uidValidity % 2 === 1),
		cut: () => proxy.cut(),
		addFault(chance, serial) {
			const command = chance.isOneIn(2) ? moving : reading;
			const mailbox = chance.pick(places);
			const made = chance.pick<LineFault>([
				{kind: 'cut-before', command},
				{kind: 'cut-after', command},
				{kind: 'cut-after', command},
				{kind: 'cut-within', command, afterBytes: chance.below(300)},
				{kind: 'cut-within', command, afterBytes: chance.below(300)},
				{kind: 'no-new-uids', command: moving},
				{kind: 'refuse', command: moving, text: refusalText},
				{kind: 'bye', command},
				{kind: 'before', command, act: () => renumber(mailbox, 100 + serial, false)},
			]);
			proxy.add(made);
			return `${made.kind} ${made.command}`;
		},
		cutRows(chance) {
			const command = /^(UID )?FETCH/;
			const afterBytes = chance.below(300);
			proxy.add(
				chance.pick<LineFault>([
					{kind: 'cut-before', command},
					{kind: 'cut-within', command, afterBytes},
				]),
			);
		},
		clearFaults: () => proxy.clear(),
		longestMs: 60_000,
		transcript: () => proxy.transcript,
		async close() {
			await proxy.close();
			other.close();
			eye.close();
			fs.rmSync(folder, {recursive: true, force: true});
		},
	};
}

type Known = {readonly version: string; readonly held: readonly Instance[]};

const listOf = (flags: Iterable<string>): string => `(${[...flags].join(' ')})`;

/** Of each mailbox: another one after each change. */
async function versionsOf(eye: OtherClient): Promise<[MailboxPath, string][]> {
	const said = await eye.command(
		`LIST "" (${places.join(' ')}) RETURN (STATUS (UIDVALIDITY HIGHESTMODSEQ UIDNEXT MESSAGES))`,
	);
	return [...said.matchAll(/^\* STATUS (\S+) \((.*)\)/gm)].map(([, mailbox, numbers]) => [
		mailboxPath(mailbox!),
		numbers!,
	]);
}

async function heldBy(eye: OtherClient, mailbox: MailboxPath): Promise<Instance[]> {
	await eye.command(`EXAMINE ${mailbox}`);
	const said = await eye.command('UID FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])');
	await eye.command('UNSELECT');
	return [...said.matchAll(/UID (\d+) FLAGS \(([^)]*)\) BODY[^\r]*\r\n([\s\S]*?\r\n)\r\n/g)].map(
		([, uid, flags, header]) => ({
			mailbox,
			uid: Number(uid),
			subject: subjectOf(header!),
			flags: new Set(flags!.split(' ').filter(flag => flag !== '' && flag !== '\\Recent')),
		}),
	);
}

/** Deleted, created, and all that was in it put into it once more. */
async function makeAnew(other: OtherClient, mailbox: MailboxPath): Promise<void> {
	const held = await heldBy(other, mailbox);
	await other.command(`DELETE ${mailbox}`);
	await other.command(`CREATE ${mailbox}`);
	for (const {subject, flags} of held) await other.append(mailbox, letter(subject), listOf(flags));
}
