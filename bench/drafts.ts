/**
 * Drafts on the server: what it costs to save one with 20 MB attached, and to save it again after its text was changed,
 * beside mutt, which postpones into the same mailbox. Within a client that has its inbox open, on Dovecot with COMPRESS.
 */
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {keepAccount} from '../test/helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../test/helpers/dovecot.ts';
import {noise} from '../test/helpers/noise.ts';
import {otherClient} from '../test/helpers/other-client.ts';
import {sendingTo} from '../test/helpers/run-send.ts';
import {type Home, openBonsai, ownHome} from '../test/helpers/screen.ts';
import {scope} from './scope.ts';
import {type Cost, startHeardLine} from './sync/heard-line.ts';

const attachedBytes = 20_000_000;
const text = 'Lines as people write them, a few more each time.\n'.repeat(12);

type Client = {
	/** Written, attached, and left; all of it is on its way when this resolves. */
	readonly save: () => Promise<void>;
	/** Its text is changed, and it is left again. */
	readonly again: () => Promise<void>;
	readonly leave: () => Promise<void>;
};

type Saved = {readonly first: Cost; readonly again: Cost; readonly copies: number};

async function savedBy(open: (port: number, home: Home, film: string) => Promise<Client>): Promise<Saved> {
	const {context, end} = scope();
	const dovecot = await startDovecot();
	context.after(() => dovecot.stop());
	const other = await otherClient(dovecot.port, 'ada', dovecot.password);
	context.after(async () => other.close());
	await other.command('CREATE Drafts');
	const line = await startHeardLine(dovecot.port);
	context.after(() => line.close());
	const home = ownHome();
	context.after(async () => home.remove());
	const film = join(home.path, 'film.bin');
	writeFileSync(film, noise(attachedBytes));
	writeFileSync(join(home.path, 'text'), text);
	writeFileSync(join(home.path, 'editor'), '#!/bin/sh\ncat "$HOME/text" >> "$1"\n', {mode: 0o755});
	try {
		const {save, again, leave} = await open(line.port, home, film);
		const cost = async (work: () => Promise<void>): Promise<Cost> => {
			await line.quiet();
			line.begin();
			await work();
			await line.quiet(4000);
			return line.spent();
		};
		const costs = {first: await cost(save), again: await cost(again)};
		await leave();
		const [, copies = '0'] = /MESSAGES (\d+)/.exec(await other.command('STATUS Drafts (MESSAGES)')) ?? [];
		return {...costs, copies: Number(copies)};
	} finally {
		await end();
	}
}

const clients: Readonly<Record<string, Parameters<typeof savedBy>[0]>> = {
	async bonsai(port, home, film) {
		keepAccount(home, {port, user: 'ada', authentication: 'plain', budget: 'metered', sending: sendingTo(1)});
		const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'pass', EDITOR: join(home.path, 'editor')}});
		await bonsai.sees('online');
		const goOn = async (): Promise<void> => {
			bonsai.press(':', ...'drafts', 'Enter');
			await bonsai.standsOn('film');
			bonsai.press('Enter');
			await bonsai.sees('Attached');
		};
		return {
			async save() {
				bonsai.press('m', ...'bo@example.net', 'Enter', ...'film', 'Enter');
				await bonsai.standsOn('Text');
				bonsai.press('a', ...film, 'Enter');
				await bonsai.sees('film.bin');
				bonsai.press('q');
				await bonsai.sees('to save it on the server too costs');
				bonsai.press('X');
				await bonsai.sees('Save a draft');
				bonsai.press('h');
				await bonsai.sees('Nothing was decided');
				bonsai.press('q');
			},
			async again() {
				await goOn();
				bonsai.press('e');
				await bonsai.sees(/Text +\d+ lines/);
				bonsai.press('q');
			},
			leave: () => bonsai.close(),
		};
	},
	async mutt(port, home, film) {
		const url = `imap://ada@127.0.0.1:${port}/`;
		const file = join(home.path, 'muttrc');
		writeFileSync(
			file,
			[
				`set folder="${url}" spoolfile="${url}INBOX" postponed="${url}Drafts" imap_user=ada imap_pass=pass`,
				'set from=ada@example.org ssl_starttls=no ssl_force_tls=no imap_condstore=yes imap_qresync=yes imap_deflate=yes',
				`set editor="${home.path}/editor" quit=yes mail_check=3600 sleep_time=0 wait_key=no confirmappend=no confirmcreate=no recall=yes`,
				'',
			].join('\n'),
		);
		const env = {HOME: home.path};
		const mutt = openBonsai({home, env, command: ['mutt', '-n', '-F', file, '-f', `${url}INBOX`]});
		await mutt.sees(/Msgs:\d|No mail|\(no mail\)|0:INBOX|INBOX/);
		return {
			async save() {
				mutt.press(...'m');
				await mutt.sees('To:');
				mutt.press(...'bo@example.net', 'Enter');
				await mutt.sees('Subject:');
				mutt.press(...'film', 'Enter');
				await mutt.sees('Attachments');
				mutt.press('a');
				await mutt.sees('Attach file');
				mutt.press(...film, 'Enter');
				await mutt.sees('film.bin');
				mutt.press('P');
				await mutt.sees('Message postponed');
			},
			async again() {
				mutt.press('m');
				await mutt.sees('film.bin');
				mutt.press('e');
				await mutt.sees('Attachments');
				mutt.press('P');
				await mutt.sees('Message postponed');
			},
			leave: () => mutt.close(),
		};
	},
};

const count = (number: number): string => number.toLocaleString('en-US');

export async function measureDrafts(): Promise<string | undefined> {
	if (withoutDovecot !== false) return undefined;
	const rows: string[] = [];
	for (const [name, open] of Object.entries(clients)) {
		if (name !== 'bonsai' && spawnSync('which', [name]).status !== 0) continue;
		const {first, again, copies} = await savedBy(open);
		const cells = [first.bytes, first.waits, again.bytes, again.waits, copies].map(count).join(' | ');
		rows.push(`| ${name} | ${cells} |`);
	}
	return `## Drafts on the server

A draft with ${count(attachedBytes)} bytes attached is saved in the server's mailbox of drafts, then gone on with, its text made ${count(text.length)} bytes longer, and saved again; from within a client that has its inbox open, on Dovecot 2.3 with COMPRESS, in bytes up and down together:

| | saved first | waits | saved again | waits | copies at the end |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

Saved again it must cost its text and 3,000 bytes at most. Ours names the attachment in its older copy (CATENATE); mutt fetches it and sends it again.`;
}
