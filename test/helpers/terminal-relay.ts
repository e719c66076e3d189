/**
 * Runs in a terminal (started by it, not by the test): writes what the test says over a socket, and says back what the
 * terminal answered until it was done with all of it (DSR).
 */
import net from 'node:net';
import process from 'node:process';
import {createInterface} from 'node:readline';

const done = '\x1b[0n';
const socket = net.connect(Number(process.argv[2]), '127.0.0.1');
let heard = '';
process.stdin.setRawMode(true);
process.stdin.on('data', octets => {
	heard += octets.toString('latin1');
	if (!heard.endsWith(done)) return;
	socket.write(`${JSON.stringify(heard.slice(0, -done.length))}\n`);
	heard = '';
});
createInterface({input: socket}).on('line', line => process.stdout.write(`${JSON.parse(line) as string}\x1b[5n`));
socket.on('close', () => process.exit());
