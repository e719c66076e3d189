/**
 * Another client at work on the same mailbox: a raw socket and nothing else, so that it shares no bug with us and works
 * on any server.
 */
import net from 'node:net';

export type OtherClient = {
	/** Sends a command and waits for its tagged answer. Rejects when it is not OK. Returns all lines. */
	readonly command: (text: string) => Promise<string>;
	/** Returns the answer. Bare LF become CRLF, as APPEND needs; of a Buffer nothing else changes. */
	readonly append: (mailbox: string, message: string | Buffer, flags?: string) => Promise<string>;
	readonly close: () => void;
};

export async function otherClient(port: number, user: string, password: string): Promise<OtherClient> {
	const socket = net.connect(port, '127.0.0.1');
	let heard = '';
	let wake = (): void => {};
	let tag = 0;
	socket.on('data', bytes => {
		heard += bytes.toString('latin1');
		wake();
	});
	socket.on('close', () => wake());
	const until = async (pattern: RegExp): Promise<string> => {
		for (;;) {
			const match = pattern.exec(heard);
			if (match) {
				const end = match.index + match[0].length;
				const said = heard.slice(0, end);
				heard = heard.slice(end);
				return said;
			}
			if (socket.destroyed) throw new Error(`the server hung up after: ${heard}`);
			await new Promise<void>(resolve => {
				wake = resolve;
			});
		}
	};
	const answer = async (name: string, text: string): Promise<string> => {
		const said = await until(new RegExp(`^${name} .*\\r\\n`, 'm'));
		if (!said.includes(`${name} OK`)) throw new Error(`${text.slice(0, 60)}: ${said}`);
		return said;
	};
	const command = async (text: string): Promise<string> => {
		const name = `o${++tag}`;
		socket.write(`${name} ${text}\r\n`, 'latin1');
		return answer(name, text);
	};
	await until(/\r\n/);
	await command(`LOGIN "${user}" "${password}"`);
	return {
		command,
		async append(mailbox, message, flags = '()') {
			const octets =
				typeof message === 'string'
					? Buffer.from(message.replaceAll(/\r?\n/g, '\r\n'))
					: Buffer.from(message.toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1');
			const name = `o${++tag}`;
			socket.write(`${name} APPEND "${mailbox}" ${flags} {${octets.length}}\r\n`);
			// A refusal may come before the octets: too large, no such mailbox.
			const said = await until(new RegExp(`^(?:\\+|${name} ).*\\r\\n`, 'm'));
			if (!/^\+/m.test(said)) throw new Error(`APPEND: ${said}`);
			socket.write(Buffer.concat([octets, Buffer.from('\r\n')]));
			return answer(name, 'APPEND');
		},
		close: () => socket.destroy(),
	};
}
