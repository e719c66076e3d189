/**
 * A message of 40 MB with a video is forwarded, on Dovecot and its submission server: what crosses the lines to both, ours and
 * mutt's, and what it costs at least to fetch it and send it up again.
 */
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {keepAccount} from '../test/helpers/bonsai-on.ts';
import {type Dovecot, withoutSubmission} from '../test/helpers/dovecot.ts';
import {lendingRelay} from '../test/helpers/lending-relay.ts';
import {noise} from '../test/helpers/noise.ts';
import {sendingTo} from '../test/helpers/run-send.ts';
import {type Bonsai, type Home, openBonsai, ownHome} from '../test/helpers/screen.ts';
import type {SmtpServerOf} from '../test/helpers/smtp-server.ts';
import {scope} from './scope.ts';
import {startHeardLine} from './sync/heard-line.ts';

const messageBytes = 40_000_000;
/** In base64 with its line ends. */
const videoBytes = Math.floor(((messageBytes - 500) * 57) / 78);
const video = noise(videoBytes).toString('base64').replaceAll(/.{76}/g, '$&\n');
const message = [
	'From: Ada <ada@example.org>\nTo: bo@example.org\nDate: Sun, 29 Nov 2026 10:00:00 +0000\nMessage-ID: <video@example.org>',
	'Subject: The video\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n',
	'--b\nContent-Type: text/plain\n\nThis is the video. It is long.\n',
	`--b\nContent-Type: video/mp4\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=video.mp4\n\n${video}\n--b--\n`,
].join('\n');

type Ports = {readonly imap: number; readonly smtp: number};
type Client = (ports: Ports, home: Home) => {readonly screen: Bonsai; readonly forward: () => Promise<void>};

const clients: Readonly<Record<string, Client>> = {
	bonsai({imap, smtp}, home) {
		const account = {
			port: imap,
			user: 'ada',
			authentication: 'plain',
			budget: 'metered',
			sending: sendingTo(smtp),
		} as const;
		keepAccount(home, account, {undoSendSeconds: 0});
		const screen = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'pass'}});
		return {
			screen,
			async forward() {
				await screen.sees('The video');
				screen.press('f');
				await screen.sees('on the server');
				screen.press(...'carol@example.net', 'Enter');
				await screen.standsOn('Text');
				screen.press('y');
				await screen.sees(/Sent: /);
			},
		};
	},
	mutt({imap, smtp}, home) {
		const url = `imap://ada@127.0.0.1:${imap}/`;
		const file = join(home.path, 'muttrc');
		writeFileSync(
			file,
			[
				`set folder="${url}" spoolfile="${url}INBOX" record="${url}Sent" imap_user=ada imap_pass=pass mime_forward=yes`,
				`set smtp_url="smtp://ada:pass@127.0.0.1:${smtp}" smtp_authenticators=plain from=ada@example.org`,
				'set ssl_starttls=no ssl_force_tls=no imap_deflate=yes confirmappend=no editor=true',
				'set quit=yes mail_check=3600 sleep_time=0 wait_key=no fast_reply=no abort_unmodified=no',
				'',
			].join('\n'),
		);
		const screen = openBonsai({home, command: ['mutt', '-n', '-F', file, '-f', `${url}INBOX`]});
		return {
			screen,
			async forward() {
				await screen.sees('The video');
				screen.press('f');
				await screen.sees('To:');
				screen.press(...'carol@example.net', 'Enter');
				await screen.sees('Subject:');
				screen.press('Enter');
				await screen.sees('y:Send');
				screen.press('y');
				await screen.sees('Mail sent.');
			},
		};
	},
};

type Cost = {readonly imap: number; readonly smtp: number; readonly waits: number; readonly isWhole: boolean};

/** From the first packet of the program to the last of its leaving. */
async function costOf(client: Client, dovecot: Dovecot, sink: SmtpServerOf): Promise<Cost> {
	const {context, end} = scope();
	const [imap, smtp] = [await startHeardLine(dovecot.port), await startHeardLine(dovecot.submissionPort)];
	context.after(() => Promise.all([imap.close(), smtp.close()]));
	const home = ownHome();
	context.after(() => home.remove());
	imap.begin();
	smtp.begin();
	const before = sink.taken.length;
	const {screen, forward} = client({imap: imap.port, smtp: smtp.port}, home);
	await forward();
	await Promise.all([imap.quiet(), smtp.quiet()]);
	await screen.close();
	const [byImap, bySmtp] = [imap.spent(), smtp.spent()];
	const arrived = sink.taken.at(before)?.octets ?? '';
	await end();
	return {
		imap: byImap.bytes,
		smtp: bySmtp.bytes,
		waits: byImap.waits + bySmtp.waits,
		isWhole: arrived.includes(video.slice(0, 76)) && arrived.length > messageBytes - 1000,
	};
}

const spaced = (bytes: number): string => bytes.toLocaleString('en').replaceAll(',', ' ');

export async function measureForward(): Promise<string | undefined> {
	if (withoutSubmission !== false) return undefined;
	const {context, end} = scope();
	const {dovecot, sink, store} = await lendingRelay(context);
	await store(Buffer.from(message.replaceAll('\n', '\r\n')));
	const rows: string[] = [];
	for (const [name, client] of Object.entries(clients)) {
		if (name !== 'bonsai' && spawnSync('which', [name]).status !== 0) continue;
		const {imap, smtp, waits, isWhole} = await costOf(client, dovecot, sink);
		if (!isWhole) throw new Error(`${name}: what arrived is not whole`);
		rows.push(`| ${name} | ${spaced(imap)} | ${spaced(smtp)} | ${spaced(imap + smtp)} | ${waits} |`);
	}
	await end();
	const wire = message.length + message.split('\n').length - 1;
	const asked = spaced(3 * wire);
	return `## Forwarding 40 MB

A message of ${spaced(wire)} octets with a video, forwarded on Dovecot and its submission server, and a copy filed in Sent: all bytes on both lines, both ways, from starting the program to leaving it, the logins and the first screen with it. No TLS; IMAP with COMPRESS where the program has it. With TLS each of the two logins costs a handshake more (1,365 bytes and the certificates, or 241 taken up again).

| program | bytes, IMAP | bytes, SMTP | together | waits |
| --- | --: | --: | --: | --: |
${rows.join('\n')}

Fetched once, sent up once and filed once is ${asked} at least, less what DEFLATE finds in base64, a quarter, on the line to the mailboxes.`;
}
