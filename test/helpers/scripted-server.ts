/**
 * A server that says word for word what a test puts into its mouth, for what no real one can be made to say: after the
 * login each command is answered by `answer`, the tag written `$`; after `hangs up` it does.
 */
import {once} from 'node:events';
import net from 'node:net';
import type {TestContext} from 'node:test';

/** Said last: the line ends. */
export const hangsUp = 'hangs up';
/** The same, when by then the client may have asked for more. */
export const hangsUpLater = 'hangs up later';

type ScriptedServer = {readonly port: number; readonly heard: readonly string[]};

export async function scriptedServer(
	context: TestContext,
	capabilities: string,
	answer: (command: string) => readonly string[],
): Promise<ScriptedServer> {
	const heard: string[] = [];
	const sockets = new Set<net.Socket>();
	const listener = net.createServer(socket => {
		sockets.add(socket);
		socket.on('error', () => {});
		let waiting = '';
		socket.write(`* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n`);
		socket.on('data', bytes => {
			const lines = (waiting + bytes.toString('latin1')).split('\r\n');
			waiting = lines.pop() ?? '';
			for (const line of lines) {
				const [tag = '', ...words] = line.split(' ');
				const command = words.join(' ');
				if (!command.startsWith('AUTHENTICATE')) heard.push(command);
				const said = command.startsWith('AUTHENTICATE')
					? [`$ OK [CAPABILITY IMAP4rev1 SASL-IR ${capabilities}] in`]
					: answer(command);
				const last = said.findIndex(each => each === hangsUp || each === hangsUpLater);
				for (const each of said.slice(0, last < 0 ? undefined : last))
					socket.write(`${each.replace(/^\$/, tag)}\r\n`, 'latin1');
				if (said[last] === hangsUp) socket.end();
				else if (last >= 0) setImmediate(() => setImmediate(() => socket.end()));
			}
		});
	});
	listener.listen(0, '127.0.0.1');
	await once(listener, 'listening');
	context.after(() => {
		for (const socket of sockets) socket.destroy();
		listener.close();
	});
	return {port: (listener.address() as net.AddressInfo).port, heard};
}
