/** The program of terminal-relay.ts from outside: what to start in a terminal, and a way to write on it from here. */
import {once} from 'node:events';
import net from 'node:net';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';

type Relay = {
	readonly command: readonly string[];
	/** Writes on the terminal, and gives what it answered when it is done. */
	readonly say: (text: string) => Promise<string>;
	readonly close: () => void;
};

export async function openRelay(): Promise<Relay> {
	const waiting: ((answer: string) => void)[] = [];
	let connected: (socket: net.Socket) => void = () => {};
	const connection = new Promise<net.Socket>(resolve => {
		connected = resolve;
	});
	const server = net.createServer(socket => {
		createInterface({input: socket}).on('line', line => waiting.shift()?.(JSON.parse(line) as string));
		connected(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as net.AddressInfo;
	return {
		command: [process.execPath, fileURLToPath(new URL('terminal-relay.ts', import.meta.url)), String(port)],
		async say(text) {
			const socket = await connection;
			const answer = new Promise<string>(resolve => waiting.push(resolve));
			socket.write(`${JSON.stringify(text)}\n`);
			return answer;
		},
		close() {
			void connection.then(socket => socket.destroy());
			server.close();
		},
	};
}
