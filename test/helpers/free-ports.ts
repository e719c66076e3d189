/**
 * Ports of the loopback that nobody has, for a server that cannot be told to take any. Below those the system gives to
 * whoever asks for none (`ip_local_port_range`): until it is taken nobody gets one by chance.
 */
import {once} from 'node:events';
import net from 'node:net';

const [first, last] = [10_240, 32_000];

/** No two the same: each is taken until all are known. */
export async function freePorts(count: number): Promise<number[]> {
	const probes: net.Server[] = [];
	while (probes.length < count) {
		const probe = net.createServer().listen(first + Math.floor(Math.random() * (last - first)), '127.0.0.1');
		try {
			await once(probe, 'listening');
			probes.push(probe);
		} catch {
			// Somebody has it.
		}
	}
	const ports = probes.map(probe => (probe.address() as net.AddressInfo).port);
	await Promise.all(probes.map(probe => new Promise(resolve => probe.close(resolve))));
	return ports;
}
