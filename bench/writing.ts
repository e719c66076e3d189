/**
 * Writing and sending: a thousand messages made by chance, read back; what a message of 2 kB and its copy cost on
 * the lines beside msmtp and mutt.
 */
import {spawn, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {keepAccount} from '../test/helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../test/helpers/dovecot.ts';
import {randomDraft} from '../test/helpers/random-draft.ts';
import {runSend, sendingHome, sendingTo} from '../test/helpers/run-send.ts';
import {type Home, openBonsai, ownHome} from '../test/helpers/screen.ts';
import {smtpServer} from '../test/helpers/smtp-server.ts';
import {saysWhatItSays} from '../test/helpers/written-mail.ts';
import {scope} from './scope.ts';
import {startHeardLine} from './sync/heard-line.ts';

const randomMessages = 1000;

/** Lines of which no two are the same, here and another time: DEFLATE gets no more out of them than out of what people write. */
const textOf = (time: number): string =>
	Array.from(
		{length: 30},
		(_, n) => `Lines as people write them, no two the same, of numbers as ${((30 * time + n + 1) * 7919) % 9973}.\n`,
	).join('');
const plainText = `Subject: figures\nTo: bo@example.net\n\n${textOf(0)}`;

type Cost = {readonly messageBytes: number; readonly spentBytes: number; readonly turns: number};

async function costOf(send: (port: number) => Promise<void>): Promise<Cost> {
	const {context, end} = scope();
	const server = await smtpServer(context);
	await send(server.port);
	await server.quiet();
	await end();
	const messageBytes = server.taken[0]?.octets.length ?? 0;
	return {messageBytes, spentBytes: server.heardBytes() + server.saidBytes(), turns: server.turns()};
}

const ours = (): Promise<Cost> =>
	costOf(async port => {
		const {context, end} = scope();
		const {code, stderr} = await runSend(sendingHome(context, port), ['send', '-t', '-i'], plainText);
		await end();
		if (code !== 0) throw new Error(stderr);
	});

/** Programs that are installed, as they are called for one message on their standard input. */
const peers: Readonly<Record<string, (port: number) => readonly string[]>> = {
	msmtp: port => [
		'msmtp',
		'--host=127.0.0.1',
		`--port=${port}`,
		'--auth=plain',
		'--user=ada',
		'--passwordeval=echo pass',
		'--tls=off',
		'--from=ada@example.org',
		'bo@example.net',
	],
	mutt: port => [
		'mutt',
		'-n',
		'-F',
		'/dev/null',
		'-e',
		`set smtp_url="smtp://ada:pass@127.0.0.1:${port}" smtp_authenticators=plain ssl_starttls=no ssl_force_tls=no copy=no from=ada@example.org`,
		'-H',
		'-',
	],
};

async function theirs([program = '', ...words]: readonly string[]): Promise<void> {
	const child = spawn(program, words, {stdio: ['pipe', 'ignore', 'inherit']});
	child.stdin?.end(plainText);
	const code = await new Promise(resolve => child.once('close', resolve));
	if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

/** Sent from within a mail client that has its inbox open, and filed in Sent: what goes over the line of IMAP. */
type Filed = Cost & {readonly copyBytes: number; readonly copyWaits: number};

async function fromWithin(
	client: (ports: {readonly imap: number; readonly smtp: number}, home: Home) => Promise<Within>,
): Promise<Filed[]> {
	const {context, end} = scope();
	const dovecot = await startDovecot();
	context.after(() => dovecot.stop());
	const line = await startHeardLine(dovecot.port);
	context.after(() => line.close());
	const smtp = await smtpServer(context);
	const home = ownHome();
	context.after(() => home.remove());
	writeFileSync(join(home.path, 'editor'), '#!/bin/sh\ncat "$HOME/text" >> "$1"\n', {mode: 0o755});
	const {send, leave} = await client({imap: line.port, smtp: smtp.port}, home);
	const filed: Filed[] = [];
	try {
		for (let time = 0; time < 2; time++) {
			writeFileSync(join(home.path, 'text'), textOf(time));
			await line.quiet();
			line.begin();
			const before = {bytes: smtp.heardBytes() + smtp.saidBytes(), turns: smtp.turns()};
			await send();
			await Promise.all([line.quiet(), smtp.quiet()]);
			const copy = line.spent();
			filed.push({
				messageBytes: smtp.taken.at(-1)?.octets.length ?? 0,
				spentBytes: smtp.heardBytes() + smtp.saidBytes() - before.bytes,
				turns: smtp.turns() - before.turns,
				copyBytes: copy.bytes,
				copyWaits: copy.waits,
			});
		}
		return filed;
	} finally {
		await leave();
		await end();
	}
}

type Within = {
	/** Resolves when it was sent and filed. */
	readonly send: () => Promise<void>;
	readonly leave: () => Promise<void>;
};

const clients: Readonly<Record<string, Parameters<typeof fromWithin>[0]>> = {
	async bonsai({imap, smtp}, home) {
		const account = {
			port: imap,
			user: 'ada',
			authentication: 'plain',
			budget: 'metered',
			sending: sendingTo(smtp),
		} as const;
		keepAccount(home, account, {undoSendSeconds: 0});
		const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'pass', EDITOR: join(home.path, 'editor')}});
		await bonsai.sees('online');
		return {
			async send() {
				bonsai.press('m', ...'bo@example.net', 'Enter', ...'figures', 'Enter');
				await bonsai.standsOn('Text');
				bonsai.press('e');
				await bonsai.sees(/Text +\d+ lines/);
				bonsai.press('y');
				await bonsai.sees(/Sent: /);
			},
			leave: () => bonsai.close(),
		};
	},
	async mutt({imap, smtp}, home) {
		const url = `imap://ada@127.0.0.1:${imap}/`;
		const file = join(home.path, 'muttrc');
		writeFileSync(
			file,
			[
				`set folder="${url}" spoolfile="${url}INBOX" record="${url}Sent" imap_user=ada imap_pass=pass`,
				`set smtp_url="smtp://ada:pass@127.0.0.1:${smtp}" smtp_authenticators=plain from=ada@example.org`,
				'set ssl_starttls=no ssl_force_tls=no imap_condstore=yes imap_qresync=yes imap_deflate=yes confirmappend=no',
				`set editor="${home.path}/editor" quit=yes mail_check=3600 sleep_time=0 wait_key=no`,
				'',
			].join('\n'),
		);
		const mutt = openBonsai({home, command: ['mutt', '-n', '-F', file, '-f', `${url}INBOX`]});
		await mutt.sees('Msgs:0');
		return {
			async send() {
				mutt.press('m');
				await mutt.sees('To:');
				mutt.press(...'bo@example.net', 'Enter');
				await mutt.sees('Subject:');
				mutt.press(...'figures', 'Enter');
				await mutt.sees('y:Send');
				mutt.press('y');
				await mutt.sees('Mail sent.');
			},
			leave: () => mutt.close(),
		};
	},
};

export async function measureWriting(): Promise<string> {
	for (let seed = 1; seed <= randomMessages; seed++) await saysWhatItSays(randomDraft(seed));
	const costs: [string, Cost][] = [['bonsai send', await ours()]];
	for (const [name, wordsFor] of Object.entries(peers))
		if (spawnSync('which', [name]).status === 0) costs.push([name, await costOf(port => theirs(wordsFor(port)))]);
	const rows = costs.map(
		([name, cost]) =>
			`| ${name} | ${cost.messageBytes} | ${cost.spentBytes} | ${cost.spentBytes - cost.messageBytes} | ${cost.turns} |`,
	);
	const filed: string[] = [];
	for (const [name, client] of Object.entries(clients)) {
		if (withoutDovecot !== false || (name !== 'bonsai' && spawnSync('which', [name]).status !== 0)) continue;
		for (const [index, each] of (await fromWithin(client)).entries()) {
			const {messageBytes, spentBytes, turns, copyBytes, copyWaits} = each;
			const bySmtp = `${spentBytes} | ${spentBytes - messageBytes} | ${turns}`;
			const which = index === 0 ? 'the first' : 'another';
			filed.push(
				`| ${name}, ${which} | ${messageBytes} | ${bySmtp} | ${copyBytes} | ${copyBytes - messageBytes} | ${copyWaits} |`,
			);
		}
	}
	return `
## Writing and sending

${randomMessages} messages made by chance of awkward pieces, composed and read back by mailparser: all say what was written.

One plain message without TLS, with a login, to a server with PIPELINING, in bytes up and down together:

| | message | in all | besides the message | waits |
| --- | ---: | ---: | ---: | ---: |
${rows.join('\n')}

Ours must be 700 at most besides the message, in 5 waits.

The same from within a mail client that has its inbox open on Dovecot 2.3 with COMPRESS, and files a copy in Sent there:

| | message | SMTP | besides the message | waits | IMAP, the copy | more than the message | waits |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${filed.join('\n')}

The copy must be its size and 200 at most, in one wait. Before the first of a session ours asks which mailbox is for what
was sent (LIST); mutt is told so in its configuration.
`;
}
