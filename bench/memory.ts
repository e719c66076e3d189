/**
 * Memory while much passes through: 200 MB attached in the composer, sent through Dovecot's submission server and filed in
 * Sent by its IMAP; 200 MB taken along when a message is sent on by a server without BURL; 205 MB from a pipe through `bonsai send`. The real
 * program, as it is installed; the most that was resident (VmHWM), step by step.
 */
import type {ChildProcess} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {keepAccount} from '../test/helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot, withoutSubmission} from '../test/helpers/dovecot.ts';
import {runSend, sendingHome, sendingTo} from '../test/helpers/run-send.ts';
import {type Home, openBonsai, ownHome} from '../test/helpers/screen.ts';
import {smtpServer} from '../test/helpers/smtp-server.ts';
import {asBase64, noise} from '../test/helpers/with-files.ts';
import {scope} from './scope.ts';

const sizeBytes = 200_000_000;
const mustMb = 150;

/** DEFLATE does not see so far back, and makes nothing smaller. */
const pattern = noise(57 * 16_384);
const content = (): Buffer => Buffer.alloc(sizeBytes, pattern);

function longLetter(): Buffer {
	const head = [
		'Date: Fri, 20 Nov 2026 12:00:00 +0000',
		'From: Ada Lind <ada@station.example>',
		'To: Robin Aske <robin@aurelia.example>',
		'Subject: The film',
		'Message-ID: <film@station.example>',
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary=limit',
		'',
		'--limit',
		'Content-Type: text/plain',
		'',
		'Here it is.',
		'--limit',
		'Content-Type: application/octet-stream',
		'Content-Disposition: attachment; filename="film.bin"',
		'Content-Transfer-Encoding: base64',
		'',
		'',
	].join('\r\n');
	const lines = Buffer.from(asBase64(pattern));
	const times = Math.ceil(sizeBytes / pattern.length);
	return Buffer.concat([Buffer.from(head), ...Array.from({length: times}, () => lines), Buffer.from('--limit--\r\n')]);
}

const status = (pid: number, field: string): number => {
	const [, kilobytes = '0'] = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return Number(kilobytes) / 1024;
};

/** The most that was resident since it was asked last; in MB of 1,048,576 octets. */
function mostSince(pid: number): number {
	const most = status(pid, 'VmHWM');
	writeFileSync(`/proc/${pid}/clear_refs`, '5');
	return most;
}

type Step = readonly [what: string, mb: number];

const longestMs = 900_000;

async function comesTrue(isSo: () => boolean, words: string): Promise<void> {
	for (const end = Date.now() + longestMs; !isSo(); await new Promise(resolve => setTimeout(resolve, 20)))
		if (Date.now() > end) throw new Error(`did not come true: ${words}`);
}

type Stored = {readonly state: string; readonly sequelState: string};

/** How the letters of the account stand, in the order they were made. */
function letters(home: Home): Stored[] {
	const folder = join(home.environment.BONSAI_HOME ?? '', 'accounts/work/outgoing');
	const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.json')) : [];
	return names.sort().map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

async function inTheClient(): Promise<Step[]> {
	const {context, end} = scope();
	const sink = await smtpServer(context, {offers: ['PIPELINING', 'SIZE', '8BITMIME'], keepsNothing: true});
	const dovecot = await startDovecot(
		home => {
			for (const each of ['cur', 'new', 'tmp']) mkdirSync(join(home('ada'), 'Maildir', each), {recursive: true});
			writeFileSync(join(home('ada'), 'Maildir/cur/1700000000.1.host:2,'), longLetter());
		},
		{relayPort: sink.port, lends: false},
	);
	context.after(() => dovecot.stop());
	const home = ownHome();
	context.after(() => home.remove());
	writeFileSync(join(home.path, 'big.bin'), content());
	const account = {port: dovecot.port, user: 'ada', sending: sendingTo(dovecot.submissionPort)};
	keepAccount(home, account, {undoSendSeconds: 0});
	const bonsai = openBonsai({
		home,
		env: {BONSAI_TEST_PASSWORD: 'pass'},
		columns: 120,
	});
	context.after(() => bonsai.close());
	const steps: Step[] = [];
	const step = (what: string): void => {
		steps.push([what, mostSince(bonsai.pid)]);
	};
	const leaves = async (number: number): Promise<void> => {
		await comesTrue(() => letters(home)[number - 1] !== undefined, 'a letter');
		step('composed and written down');
		await comesTrue(() => letters(home)[number - 1]?.state === 'sent', 'sent');
		step('handed to the submission server');
		await comesTrue(() => letters(home)[number - 1]?.sequelState === 'over', 'filed');
		step('a copy filed by IMAP');
	};
	try {
		await bonsai.sees('The film');
		step('a list of messages');
		bonsai.press('m', ...'bo@example.net', 'Enter', ...'Big', 'Enter');
		await bonsai.standsOn('Text');
		bonsai.press('a');
		await bonsai.sees(/ttach[^\n]*:/);
		bonsai.press(...join(home.path, 'big.bin'), 'Enter');
		await bonsai.sees('big.bin');
		step('200 MB attached in the composer');
		bonsai.press('y');
		await leaves(1);
		await bonsai.standsOn('The film');
		bonsai.press('f');
		await bonsai.sees(/Attach film.bin too/);
		bonsai.press('y');
		bonsai.press(...'bo@example.net', 'Enter', 'Enter');
		await comesTrue(() => isFetched(home), 'fetched');
		step('200 MB fetched to be sent on');
		bonsai.press('Escape');
		await bonsai.standsOn('Text');
		bonsai.press('y');
		await leaves(2);
	} catch (error) {
		process.stderr.write(`${bonsai.text}\n`);
		throw error;
	} finally {
		await end();
	}
	return steps;
}

function isFetched(home: Home): boolean {
	const folder = join(home.environment.BONSAI_HOME ?? '', 'accounts/work/drafts');
	const names = readdirSync(folder, {recursive: true}).map(String);
	return names.some(name => statSync(join(folder, name), {throwIfNoEntry: false})?.size === bytesFetched);
}

const bytesFetched = Math.ceil(sizeBytes / pattern.length) * pattern.length;

async function fromAPipe(): Promise<Step[]> {
	const {context, end} = scope();
	const sink = await smtpServer(context, {offers: ['PIPELINING', 'AUTH PLAIN'], keepsNothing: true});
	const steps: Step[] = [];
	let child: ChildProcess | undefined;
	let mostMb = 0;
	const look = setInterval(() => {
		try {
			mostMb = Math.max(mostMb, status(child!.pid!, 'VmHWM'));
		} catch {}
	}, 20);
	try {
		const input = Buffer.concat([Buffer.from('To: bo@example.net\nSubject: Big\n'), Buffer.from(longLetter())]);
		const onStart = (started: ChildProcess): void => {
			child = started;
		};
		const {code, stderr} = await runSend(sendingHome(context, sink.port), ['send', '-t', '-i'], input, {onStart});
		if (code !== 0) throw new Error(stderr);
		steps.push([`${Math.round(input.length / 1e6)} MB written down and sent by \`bonsai send\``, mostMb]);
	} finally {
		clearInterval(look);
		await end();
	}
	return steps;
}

const rowsOf = (steps: readonly Step[]): string[] =>
	steps.map(([what, mb]) => `| ${what} | ${mb.toFixed(0)}${mb <= mustMb ? '' : ' ✗'} |`);

export async function measureMemory(): Promise<string | undefined> {
	if (withoutSubmission !== false || withoutDovecot !== false || process.platform !== 'linux') return undefined;
	return `
## Memory while 200 MB pass through

The program as it is installed, on Dovecot 2.3 with COMPRESS and its submission server, no TLS; the most that was resident
in each step (VmHWM), in MB of 1,048,576 octets. It must be ${mustMb} at most. DEFLATE makes nothing of it smaller.

| | MB |
| --- | ---: |
${[...rowsOf(await inTheClient()), ...rowsOf(await fromAPipe())].join('\n')}
`;
}
