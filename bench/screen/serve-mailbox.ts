/** The demo server in a process of its own, so that it takes no time from whoever measures. Says its port. */
import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {startDemoServer} from '../../source/demo/server.ts';

const file = fileURLToPath(import.meta.url);

export async function serveMailbox(): Promise<{readonly port: number; readonly end: () => Promise<void>}> {
	const child: ChildProcess = fork(file, {
		execArgv: ['--import', 'tsx'],
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
	const [port] = (await once(child, 'message')) as [number];
	return {
		port,
		async end() {
			child.kill();
			await once(child, 'exit');
		},
	};
}

if (process.argv[1] === file) {
	const server = await startDemoServer();
	process.send?.(server.port);
	process.on('disconnect', () => process.exit());
}
