/**
 * Writing and sending: a thousand messages made by chance, read back; what a message of 2 kB costs on the line beside
 * msmtp; and memory while 200 MB are attached, written down and sent.
 */
import {execFile, spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {randomDraft} from '../test/helpers/random-draft.ts';
import {runSend, sendingHome} from '../test/helpers/run-send.ts';
import {smtpServer} from '../test/helpers/smtp-server.ts';
import {saysWhatItSays} from '../test/helpers/written-mail.ts';

const randomMessages = 1000;
const sizeBytes = 200_000_000;

/** What the helpers of the tests want of a test: to clean up behind it. */
function scope(): {readonly context: TestContext; readonly end: () => void} {
	const works: (() => unknown)[] = [];
	const context = {after: (work: () => unknown) => works.push(work)} as unknown as TestContext;
	return {
		context,
		end() {
			for (const work of works.reverse()) work();
		},
	};
}

const plainText = `Subject: figures\nTo: bo@example.net\n\n${'sixty four columns of plain text, as people write them, go here\n'.repeat(30)}`;

type Cost = {readonly messageBytes: number; readonly spentBytes: number; readonly turns: number};

async function costOf(send: (port: number) => Promise<void>): Promise<Cost> {
	const {context, end} = scope();
	const server = await smtpServer(context);
	await send(server.port);
	await server.quiet();
	end();
	const messageBytes = server.taken[0]?.octets.length ?? 0;
	return {messageBytes, spentBytes: server.heardBytes() + server.saidBytes(), turns: server.turns()};
}

const ours = (): Promise<Cost> =>
	costOf(async port => {
		const {context, end} = scope();
		const {code, stderr} = await runSend(sendingHome(context, port), ['send', '-t', '-i'], plainText);
		end();
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

/** The most that was resident while a message of so many octets was composed, or taken in and sent; in MB. */
async function memory(): Promise<{readonly composedMb: number; readonly sentMb: number}> {
	const {context, end} = scope();
	const folder = mkdtempSync(path.join(tmpdir(), 'bonsai-writing-'));
	const script = `
		import {createReadStream} from 'node:fs';
		import {composeMessage} from '${new URL('../source/compose/compose.ts', import.meta.url).pathname}';
		const draft = {from: {name: '', address: 'a@x.example'}, to: [{name: '', address: 'b@x.example'}], cc: [], bcc: [], replyTo: [],
			subject: '', text: 'see', inReplyTo: [], references: [], headers: [],
			attachments: [{name: 'big', type: '', sizeBytes: ${sizeBytes}, file: '${folder}/big'}]};
		const {octets} = composeMessage(draft, {messageId: '<1@x>', date: 'today', open: ({file}) => createReadStream(file)});
		for await (const piece of octets) void piece;
		console.log(process.resourceUsage().maxRSS);
	`;
	writeFileSync(path.join(folder, 'big'), Buffer.alloc(sizeBytes, 'not compressed\n'));
	// As it is installed: in one file.
	await build({
		stdin: {contents: script, resolveDir: process.cwd(), loader: 'ts'},
		outfile: path.join(folder, 'compose.mjs'),
		bundle: true,
		platform: 'node',
		format: 'esm',
		logLevel: 'error',
		banner: {js: "import {createRequire} from 'node:module';const require=createRequire(import.meta.url);"},
	});
	const {stdout} = await promisify(execFile)(process.execPath, [path.join(folder, 'compose.mjs')]);
	const server = await smtpServer(context, {offers: ['PIPELINING', 'AUTH PLAIN'], keepsNothing: true});
	let mostKb = 0;
	const letter = Buffer.concat([
		Buffer.from('To: bo@example.net\nSubject: big\n\n'),
		Buffer.alloc(sizeBytes, `${'A'.repeat(75)}\n`),
	]);
	const {code, stderr} = await runSend(sendingHome(context, server.port), ['send', '-t', '-i'], letter, {
		onStart(child) {
			const look = setInterval(() => {
				try {
					const [, kb = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
					mostKb = Math.max(mostKb, Number(kb));
				} catch {
					clearInterval(look);
				}
			}, 50);
			child.once('close', () => clearInterval(look));
		},
	});
	end();
	rmSync(folder, {recursive: true});
	if (code !== 0) throw new Error(stderr);
	return {composedMb: Math.round(Number(stdout) / 1000), sentMb: Math.round(mostKb / 1000)};
}

export async function measureWriting(): Promise<string> {
	for (let seed = 1; seed <= randomMessages; seed++) await saysWhatItSays(randomDraft(seed));
	const costs: [string, Cost][] = [['bonsai send', await ours()]];
	for (const [name, wordsFor] of Object.entries(peers))
		if (spawnSync('which', [name]).status === 0) costs.push([name, await costOf(port => theirs(wordsFor(port)))]);
	const rows = costs.map(
		([name, cost]) =>
			`| ${name} | ${cost.messageBytes} | ${cost.spentBytes} | ${cost.spentBytes - cost.messageBytes} | ${cost.turns} |`,
	);
	const {composedMb, sentMb} = await memory();
	return `
## Writing and sending

${randomMessages} messages made by chance of awkward pieces, composed and read back by mailparser: all say what was written.

One plain message without TLS, with a login, to a server with PIPELINING, in bytes up and down together:

| | message | in all | besides the message | waits |
| --- | ---: | ---: | ---: | ---: |
${rows.join('\n')}

${sizeBytes / 1e6} MB, resident at most: ${composedMb} MB while they are attached and composed, ${sentMb} MB while \`bonsai send\` takes them in from a pipe, writes them down and sends them. It must be 150 at most.
`;
}
