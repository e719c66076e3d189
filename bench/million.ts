/**
 * A mailbox of a million messages beside one of a thousand: what opening it and jumping about in it costs in bytes,
 * time and memory of the session. Each is measured in a process of its own; the server's memory is not in it.
 */

import {fork} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {startBadLink} from '../source/demo/link.ts';
import {startDemoServer, virtualMailbox} from '../source/demo/server.ts';
import {inbox} from '../source/model/ids.ts';
import {dialImap} from '../source/remote/imap.ts';
import {createSession} from '../source/session/account-session.ts';
import {plainAccount} from '../test/helpers/plain-account.ts';

type Measured = {
	readonly openMs: number;
	readonly openBytes: number;
	readonly jumpMs: number;
	readonly jumpBytes: number;
	readonly heapMb: number;
};

const sizes = [1_000, 1_000_000] as const;
const jumps = 20;

export async function measureMillion(): Promise<string> {
	const rows: string[] = [];
	for (const count of sizes) {
		const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: virtualMailbox({count})}]});
		const child = fork(fileURLToPath(import.meta.url), [String(server.port), String(count)], {
			execArgv: ['--expose-gc', '--import', 'tsx'],
			stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
		});
		const [measured] = (await once(child, 'message')) as [Measured];
		await server.close();
		const {openMs, openBytes, jumpMs, jumpBytes, heapMb} = measured;
		rows.push(
			`| ${count.toLocaleString('en-US')} | ${openBytes} | ${openMs.toFixed(0)} | ${jumpBytes} | ${jumpMs.toFixed(1)} | ${heapMb.toFixed(1)} |`,
		);
	}
	return [
		'## A mailbox of 1,000,000 messages',
		'',
		`The session alone, on the demo server over loopback: first screen of 20 rows, then ${jumps} jumps of 20 rows each all over the mailbox.`,
		'',
		'| messages | first screen, bytes | ms | a jump, bytes | ms | heap, MB |',
		'|---|---|---|---|---|---|',
		...rows,
		'',
	].join('\n');
}

async function measure(port: number, count: number): Promise<Measured> {
	const line = await startBadLink({targetPort: port, bitsPerSecond: 0, roundTripMs: 0});
	const session = createSession({
		account: plainAccount(line.port),
		secret: async () => 'demo',
		dial: dialImap,
		remembered: {get: () => undefined, set: () => {}},
	});
	const view = session.mailbox(inbox);
	const bytes = () => line.bytesUp + line.bytesDown;
	let startedAt = performance.now();
	view.ensureNewest(20);
	await session.settled();
	const [openMs, openBytes] = [performance.now() - startedAt, bytes()];
	startedAt = performance.now();
	for (let jump = 1; jump <= jumps; jump++) {
		const first = Math.floor((count / (jumps + 1)) * jump);
		view.ensureRows(first, first + 19);
		await session.settled();
	}
	const [jumpMs, jumpBytes] = [(performance.now() - startedAt) / jumps, Math.round((bytes() - openBytes) / jumps)];
	globalThis.gc?.();
	const heapMb = process.memoryUsage().heapUsed / 1e6;
	await session.close();
	await line.close();
	return {openMs, openBytes, jumpMs, jumpBytes, heapMb};
}

const report = process.send?.bind(process);
if (report && process.argv[2] !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
	report(await measure(Number(process.argv[2]), Number(process.argv[3])));
	process.disconnect?.();
}
