/**
 * What it costs to empty a maildrop of 1,000 messages: bytes and waits of `bonsai sync` with an offline inbox, beside getmail6,
 * which deletes what it has fetched, and mbsync, whose Maildir is emptied by hand so that a second run removes them. And what
 * the messages alone are, after DEFLATE, as the same server sends them.
 */
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createDeflateRaw, createInflateRaw, constants as zlib} from 'node:zlib';
import {keepAccount} from '../test/helpers/bonsai-on.ts';
import {startDovecot} from '../test/helpers/dovecot.ts';
import {runBonsai} from '../test/helpers/run-bonsai.ts';
import {ownHome} from '../test/helpers/screen.ts';
import {type Cost, startHeardLine} from './sync/heard-line.ts';
import {makeMaildir} from './sync/maildirs.ts';
import type {Server} from './sync/syncing-program.ts';

const messages = Number(process.env.BENCH_DRAINED ?? 1000);
/** getmail ends early, or never, for one of some hundreds of messages: a race of its own with the child that delivers (6.18). */
const messagesOfGetmail = Math.min(100, messages);
const longestMs = 180_000;
const nobody = 65_534;
/** So much more than the messages alone it may cost, and so many waits. */
const [mostShare, mostWaits] = [1.03, 12];

type Drained = Cost & {readonly seconds: number; readonly came: number; readonly left: number};
type Program = {
	readonly name: string;
	readonly command: string;
	readonly messages: number;
	readonly drain: (server: Server, user: string) => Promise<Drained>;
};

const programs: readonly Program[] = [
	{name: '`bonsai sync`, offline', command: '', messages, drain: drainByBonsai},
	{name: 'getmail6', command: 'getmail', messages: messagesOfGetmail, drain: drainByGetmail},
	{name: 'mbsync, twice', command: 'mbsync', messages, drain: drainByMbsync},
].filter(({command}) => command === '' || spawnSync('which', [command]).status === 0);

export async function measureDrain(): Promise<string | undefined> {
	if (!existsSync('/usr/sbin/dovecot')) return undefined;
	const dovecot = await startDovecot(home => {
		for (const [index, program] of programs.entries())
			for (const user of [`alone${index}`, `drained${index}`])
				makeMaildir(join(home(user), 'Maildir'), 'small', program.messages);
	});
	try {
		const ofAll = await messagesAlone(dovecot, 'alone0');
		const rows: string[] = [];
		for (const [index, {name, messages, drain}] of programs.entries()) {
			const alone = await messagesAlone(dovecot, `alone${index}`);
			const began = performance.now();
			const drained = await drain(dovecot, `drained${index}`).catch((error: Error) => error);
			if (drained instanceof Error) {
				// Ours may not.
				if (index === 0) throw drained;
				rows.push(`| ${name} | failed: ${drained.message.slice(-60)} | | | | |`);
				continue;
			}
			const {bytes, waits, came, left} = drained;
			const seconds = ((performance.now() - began) / 1000).toFixed(1);
			if (came !== messages || left !== 0) throw new Error(`${name}: ${came} came, ${left} are left`);
			rows.push(
				`| ${name} | ${messages} | ${bytes.toLocaleString('en-US')} | ${(bytes / alone).toFixed(3)} | ${waits.toLocaleString('en-US')} | ${seconds} |`,
			);
		}
		return [
			'## A maildrop of 1,000 messages, drained',
			'',
			'The real programs on Dovecot 2.3 with COMPRESS, cleartext, 40 ms round trip, from their start to their end: all messages',
			'are in a Maildir, and none is on the server. getmail6 knows no COMPRESS, delivers by a shell, and has fewer: with hundreds it loses a child of its own now and then, and waits for it. mbsync removes nothing it was not told to: after',
			'the first run its Maildir is emptied by hand, which the second run brings to the server. The messages alone are one',
			`\`UID FETCH 1:* BODY.PEEK[]\` with DEFLATE: ${ofAll.toLocaleString('en-US')} bytes for ${messages}. Ours must reach ${mostShare} of that, in at most ${mostWaits} waits.`,
			'',
			'| program | messages | bytes up + down | of the messages alone | waits | seconds |',
			'| :-- | --: | --: | --: | --: | --: |',
			...rows,
			'',
		].join('\n');
	} finally {
		await dovecot.stop();
	}
}

/** Octets that the server sends for all messages at once, below DEFLATE. */
async function messagesAlone({port, password}: Server, user: string): Promise<number> {
	const socket = connect(port, '127.0.0.1');
	let [bytes, text] = [0, ''];
	let wake = (): void => {};
	const heard = (octets: Buffer): void => {
		text = `${text.slice(-200)}${octets.toString('latin1')}`;
		wake();
	};
	const until = async (pattern: RegExp): Promise<void> => {
		while (!pattern.test(text)) await new Promise<void>(resolve => (wake = resolve));
	};
	socket.on('data', heard);
	const say = async (tag: string, words: string, write: (line: string) => void): Promise<void> => {
		write(`${tag} ${words}\r\n`);
		await until(new RegExp(`^${tag} OK`, 'm'));
	};
	await until(/^\* OK/m);
	await say('a', `LOGIN ${user} ${password}`, line => socket.write(line));
	await say('b', 'COMPRESS DEFLATE', line => socket.write(line));
	socket.off('data', heard);
	const [inflate, deflate] = [createInflateRaw(), createDeflateRaw()];
	inflate.on('data', heard);
	socket.on('data', (octets: Buffer) => {
		bytes += octets.length;
		inflate.write(octets);
	});
	deflate.on('data', (octets: Buffer) => socket.write(octets));
	const write = (line: string): void => {
		deflate.write(line);
		deflate.flush(zlib.Z_SYNC_FLUSH);
	};
	await say('c', 'SELECT INBOX', write);
	bytes = 0;
	await say('d', 'UID FETCH 1:* BODY.PEEK[]', write);
	socket.destroy();
	return bytes;
}

async function run(
	command: string,
	args: readonly string[],
	home: string,
	as: {uid?: number; gid?: number} = {},
): Promise<void> {
	const child = spawn(command, args, {
		stdio: 'ignore',
		env: {...process.env, HOME: home},
		...as,
		timeout: longestMs,
		killSignal: 'SIGKILL',
	});
	const [code] = (await once(child, 'exit')) as [number];
	if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${code}`);
}

const filesIn = (folder: string): number =>
	['cur', 'new'].reduce(
		(sum, name) => sum + (existsSync(join(folder, name)) ? readdirSync(join(folder, name)).length : 0),
		0,
	);

async function drainByBonsai({port, password}: Server, user: string): Promise<Drained> {
	const line = await startHeardLine(port);
	const home = ownHome();
	try {
		keepAccount(home, {
			user,
			authentication: 'plain',
			mailboxModels: {INBOX: 'offline'},
			model: 'disconnected',
			budget: 'metered',
			port: line.port,
		});
		line.begin();
		const {code, stderr} = await runBonsai(['sync'], {home, env: {BONSAI_TEST_PASSWORD: password}});
		if (code !== 0) throw new Error(`bonsai sync: ${stderr}`);
		const came = filesIn(join(home.environment.BONSAI_HOME!, 'Mail', 'work', 'INBOX'));
		return {...line.spent(), seconds: 0, came, left: await leftOn(port, password, user)};
	} finally {
		home.remove();
		await line.close();
	}
}

async function drainByGetmail({port, password}: Server, user: string): Promise<Drained> {
	const line = await startHeardLine(port);
	const folder = mkdtempSync(join(tmpdir(), 'bonsai-getmail-'));
	try {
		// It refuses to deliver as root, and hangs when it does so for somebody else. Its own delivery to a Maildir waits for a child
		// that may be gone before it listens (6.18: “waiting child pid timed out”, after 60 s, for one of some hundreds): a shell
		// that delivers is not as quick.
		const deliver = `name=$(date +%s).M$(date +%N)P$$.bench; cat > ${folder}/mail/tmp/$name && mv ${folder}/mail/tmp/$name ${folder}/mail/new/$name`;
		const isRoot = process.getuid?.() === 0;
		for (const name of ['', 'cur', 'new', 'tmp']) {
			mkdirSync(join(folder, 'mail', name), {recursive: true});
			if (isRoot) chownSync(join(folder, 'mail', name), nobody, nobody);
		}
		if (isRoot) chownSync(folder, nobody, nobody);
		writeFileSync(
			join(folder, 'getmailrc'),
			`[retriever]\ntype = SimpleIMAPRetriever\nserver = 127.0.0.1\nport = ${line.port}\nusername = ${user}\npassword = ${password}\nmailboxes = ("INBOX",)\n[destination]\ntype = MDA_external\npath = /bin/sh\narguments = ("-c", "${deliver}")\n[options]\ndelete = true\nread_all = true\nreceived = false\ndelivered_to = false\n`,
		);
		line.begin();
		await run(
			'getmail',
			['--getmaildir', folder, '--rcfile', join(folder, 'getmailrc'), '-q'],
			folder,
			isRoot ? {uid: nobody, gid: nobody} : {},
		);
		return {...line.spent(), seconds: 0, came: filesIn(join(folder, 'mail')), left: await leftOn(port, password, user)};
	} finally {
		rmSync(folder, {recursive: true, force: true});
		await line.close();
	}
}

async function drainByMbsync({port, password}: Server, user: string): Promise<Drained> {
	const line = await startHeardLine(port);
	const folder = mkdtempSync(join(tmpdir(), 'bonsai-mbsync-'));
	try {
		const [near, kept] = [join(folder, 'near'), join(folder, 'kept')];
		for (const name of [near, join(kept, 'cur')]) mkdirSync(name, {recursive: true});
		const file = join(folder, 'mbsyncrc');
		writeFileSync(
			file,
			`IMAPAccount far\nHost 127.0.0.1\nPort ${line.port}\nUser ${user}\nPass ${password}\nSSLType None\nAuthMechs LOGIN\n\nIMAPStore far\nAccount far\n\nMaildirStore near\nPath ${near}/\nInbox ${near}/INBOX\n\nChannel all\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\nExpunge Both\nSyncState *\n`,
		);
		line.begin();
		await run('mbsync', ['-c', file, 'all'], folder);
		for (const part of ['cur', 'new'])
			for (const name of readdirSync(join(near, 'INBOX', part)))
				renameSync(join(near, 'INBOX', part, name), join(kept, 'cur', name));
		await run('mbsync', ['-c', file, 'all'], folder);
		return {...line.spent(), seconds: 0, came: filesIn(kept), left: await leftOn(port, password, user)};
	} finally {
		rmSync(folder, {recursive: true, force: true});
		await line.close();
	}
}

async function leftOn(port: number, password: string, user: string): Promise<number> {
	const {otherClient} = await import('../test/helpers/other-client.ts');
	const other = await otherClient(port, user, password);
	const said = await other.command('STATUS INBOX (MESSAGES)');
	other.close();
	return Number(/MESSAGES (\d+)/.exec(said)?.[1]);
}
