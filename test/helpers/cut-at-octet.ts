/** A line that ends at one octet, of what the server hears or of what it says; whole before that is asked for, and after. */
import {once} from 'node:events';
import net, {type AddressInfo} from 'node:net';

export type Side = 'heard' | 'said';

export type CutLine = {
	readonly port: number;
	/** Ends what is open, once, when so many more octets have passed on that side. */
	cutAfter(side: Side, octets: number, onCut?: () => void): void;
	/** Octets that have passed since it was asked last. */
	passed(): Record<Side, number>;
	close(): void;
};

export async function cutAtOctet(targetPort: number): Promise<CutLine> {
	const sockets = new Set<net.Socket>();
	let cut: {readonly side: Side; left: number; readonly onCut: () => void} | undefined;
	let counted: Record<Side, number> = {heard: 0, said: 0};
	const end = (): void => {
		for (const socket of sockets) socket.destroy();
	};
	const pass = (side: Side, from: net.Socket, to: net.Socket): void => {
		from.on('data', (octets: Buffer) => {
			counted[side] += octets.length;
			if (cut?.side !== side || octets.length < cut.left) {
				if (cut?.side === side) cut.left -= octets.length;
				to.write(octets);
				return;
			}
			const {left, onCut} = cut;
			cut = undefined;
			// The server has heard these before its line ends.
			from.pause();
			to.write(octets.subarray(0, left), () => {
				onCut();
				end();
			});
		});
		from.on('close', () => to.end());
		from.on('error', () => to.destroy());
	};
	const server = net.createServer(client => {
		const target = net.connect(targetPort, '127.0.0.1');
		for (const socket of [client, target]) {
			sockets.add(socket);
			socket.on('close', () => sockets.delete(socket));
		}
		pass('heard', client, target);
		pass('said', target, client);
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		cutAfter(side, octets, onCut = () => {}) {
			cut = {side, left: octets, onCut};
		},
		passed() {
			const all = counted;
			counted = {heard: 0, said: 0};
			return all;
		},
		close() {
			end();
			server.close();
		},
	};
}
