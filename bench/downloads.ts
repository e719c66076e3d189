/**
 * What downloads promise, really run on a line as slow and as far away as it says, beside the bound it must keep:
 * - 128 KiB at 600 ms round trip and 20,000 B/s;
 * - a text that is opened while 40 MB come down at 20 kB/s;
 * - `kill -9` at 37 % of 5 MB at 40 kB/s, and started again: bytes in all;
 * - the memory of a process that saves 40 MB, by a fast line to a slow disk and by a slow line.
 *
 * Byte counts are the line's own; the sessions are real, those that are killed or weighed in processes of their own.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {startBadLink} from '../source/demo/link.ts';
import {MailboxState, rawMessage, startDemoServer} from '../source/demo/server.ts';
import {inbox, partNumber} from '../source/model/ids.ts';
import {dialImap} from '../source/remote/imap.ts';
import {type AccountSession, createSession} from '../source/session/account-session.ts';
import type {OpenMessage} from '../source/session/session.ts';
import {plainAccount} from '../test/helpers/plain-account.ts';
import {startSaving} from '../test/helpers/saving-process.ts';
import {until} from '../test/helpers/waiting.ts';
import {letterWith, noise} from '../test/helpers/with-files.ts';

const letter = (text: string): string =>
	`From: a@example.org\r\nSubject: urgent\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\n${text}\r\n`;

async function withServer<T>(
	letters: readonly string[],
	work: (port: number, folder: string) => Promise<T>,
): Promise<T> {
	const state = new MailboxState(7);
	for (const each of letters)
		state.append({message: rawMessage(Buffer.from(each)), internalDate: Date.UTC(2026, 10, 20)}, []);
	const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state}]});
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-bench-'));
	try {
		return await work(server.port, folder);
	} finally {
		fs.rmSync(folder, {recursive: true});
		await server.close();
	}
}

const sessionOn = (port: number): AccountSession =>
	createSession({
		account: plainAccount(port),
		secret: async () => 'demo',
		dial: dialImap,
		remembered: {get: () => undefined, set: () => {}},
	});

async function opened(session: AccountSession, uid: number): Promise<OpenMessage> {
	const named = await until(session.ensureNamed(inbox, uid), ({state}) => state !== 'asking');
	if (named.state !== 'known') throw new Error(`no message ${uid}`);
	const message = session.message(named.id);
	message.ensureContent();
	await until(message.content, ({state, text}) => state === 'known' && !text.isAsking);
	return message;
}

/** From the key to the file's name. */
async function smallPart(): Promise<string> {
	const octets = noise(128 * 1024);
	return withServer([letterWith(octets)], async (port, folder) => {
		const line = await startBadLink({targetPort: port, bitsPerSecond: 160_000, roundTripMs: 600});
		const session = sessionOn(line.port);
		const message = await opened(session, 1);
		const [before, startedAt] = [line.bytesDown, performance.now()];
		message.save(partNumber('2'), path.join(folder, 'a.bin'));
		await until(session.transfers, ([first]) => first?.state === 'done');
		const seconds = (performance.now() - startedAt) / 1000;
		const bytes = line.bytesDown - before;
		const floor = octets.length / 20_000 + 0.6;
		await session.close();
		await line.close();
		return `| 128 KiB at 600 ms round trip and 20,000 B/s, ${bytes.toLocaleString('en-US')} bytes | ${seconds.toFixed(2)} s, ${(seconds / floor).toFixed(2)} × (bytes ÷ rate + 1 round trip) | ≤ 1.15 × |`;
	});
}

const secondsOf = (waits: readonly number[]): string => waits.map(wait => wait.toFixed(1)).join(', ');

/** From the decision to the server's answer. */
async function flagged(session: AccountSession, uid: number): Promise<number> {
	const startedAt = performance.now();
	const id = session.decideByUid(inbox, 7, [uid], {kind: 'flag', flag: '\\Flagged', isSet: true});
	await until(session.operations, all => all.some(each => each.id === id && each.state === 'done'));
	return (performance.now() - startedAt) / 1000;
}

async function urgentText(): Promise<string> {
	const roundTripMs = 600;
	return withServer(
		[letterWith(noise(40_000_000)), ...[1, 2, 3, 4, 5].map(each => letter(`Urgent text ${each}. `.repeat(60)))],
		async (port, folder) => {
			const line = await startBadLink({targetPort: port, bitsPerSecond: 160_000, roundTripMs});
			const session = sessionOn(line.port);
			const message = await opened(session, 1);
			message.save(partNumber('2'), path.join(folder, 'a.bin'));
			const waits: number[] = [];
			const decisions: number[] = [];
			for (const uid of [2, 3, 4, 5, 6]) {
				const {heldBytes = 0} = session.transfers.get()[0] ?? {};
				await until(session.transfers, ([first]) => (first?.heldBytes ?? 0) > heldBytes + 60_000);
				const startedAt = performance.now();
				await opened(session, uid);
				waits.push((performance.now() - startedAt) / 1000);
				decisions.push(await flagged(session, uid));
			}
			await session.close();
			await line.close();
			const bound = (2 * roundTripMs) / 1000 + 2.5;
			return `| five texts of 900 octets, while 40 MB come at 20,000 B/s and ${roundTripMs} ms (each asked for by UID, then opened) | ${secondsOf(waits)} s | ≤ ${bound.toFixed(1)} s |\n| a flag set on each of them, until the server has confirmed it | ${secondsOf(decisions)} s | ≤ ${bound.toFixed(1)} s |`;
		},
	);
}

async function killed(): Promise<string> {
	const octets = noise(5_000_000);
	return withServer([letterWith(octets)], async (port, folder) => {
		const line = await startBadLink({targetPort: port, bitsPerSecond: 320_000, roundTripMs: 100});
		const file = path.join(folder, 'a.bin');
		const options = {port: line.port, folder: path.join(folder, 'account')};
		const before = startSaving({...options, save: {uid: 1, part: '2', file}});
		await before.tells(({transfers: [first]}) => (first?.heldBytes ?? 0) >= 0.37 * octets.length);
		await before.kill();
		const after = startSaving(options);
		await after.tells(({transfers: [first]}) => first?.state === 'done');
		await after.kill();
		const isSame = fs.readFileSync(file).equals(octets);
		const bytes = line.bytesDown + line.bytesUp;
		await line.close();
		return `| kill -9 at 37 % of 5 MB, started again, at 40 kB/s${isSame ? '' : ' (THE FILE DIFFERS)'} | ${bytes.toLocaleString('en-US')} bytes, ${(bytes / octets.length).toFixed(4)} × | ≤ 1.02 × |`;
	});
}

/** Each write and each sync takes a while: a card, a stick, a disk that sleeps. */
const slowDisk = (folder: string): string => {
	const file = path.join(folder, 'slow-disk.mjs');
	const delay =
		'const later = call => Object.defineProperties((...words) => setTimeout(call, 60, ...words), Object.getOwnPropertyDescriptors(call));';
	fs.writeFileSync(
		file,
		`import fs from 'node:fs';\nimport {syncBuiltinESMExports} from 'node:module';\n${delay}\nfs.write = later(fs.write);\nfs.fdatasync = later(fs.fdatasync);\nsyncBuiltinESMExports();\n`,
	);
	return file;
};

async function memory(): Promise<string[]> {
	const octets = noise(40_000_000);
	return withServer([letterWith(octets)], async (port, folder) => {
		const rows: string[] = [];
		for (const [words, bitsPerSecond, preload, share] of [
			['a fast line and disk', 0, undefined, 1],
			['a fast line, a disk of 60 ms a write', 0, slowDisk(folder), 1],
			['a line of 1 MB/s', 8_000_000, undefined, 1],
		] as const) {
			const line = await startBadLink({targetPort: port, bitsPerSecond, roundTripMs: 20});
			const file = path.join(folder, `${rows.length}.bin`);
			const saving = startSaving({
				port: line.port,
				folder: path.join(folder, `account-${rows.length}`),
				save: {uid: 1, part: '2', file},
				...(preload === undefined ? {} : {preload}),
			});
			const startedAt = performance.now();
			const told = await saving.tells(
				({transfers: [first]}) => (first?.heldBytes ?? 0) >= share * octets.length && first?.state === 'done',
			);
			const seconds = (performance.now() - startedAt) / 1000;
			await saving.kill();
			await line.close();
			rows.push(
				`| saving 40 MB, ${words}, ${seconds.toFixed(0)} s | ${(told.mostMemoryBytes / 1e6).toFixed(0)} MB at most | < 150 MB |`,
			);
		}
		return rows;
	});
}

export async function measureDownloads(): Promise<string> {
	const rows = [await smallPart(), await urgentText(), await killed(), ...(await memory())];
	return [
		'## Downloads',
		'',
		'On the demo server with BINARY, through a line that counts.',
		'',
		'| act | measured | must be |',
		'|---|---|---|',
		...rows,
		'',
	].join('\n');
}
