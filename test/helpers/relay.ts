/**
 * A command whose pipes are a connection to a server on loopback: what `ssh host nc localhost 143` is elsewhere.
 */
import process from 'node:process';

const relay = (port: number): string =>
	`const line = require("node:net").connect(${port}, "127.0.0.1"); process.stdin.pipe(line); line.pipe(process.stdout);`;

export const relayTo = (port: number): string => `exec '${process.execPath}' -e '${relay(port)}'`;

/** What a server says that has let one in before it greets. */
export const preauth = (capabilities: readonly string[]): string =>
	`* PREAUTH [CAPABILITY ${capabilities.filter(name => !name.startsWith('AUTH=')).join(' ')}] Welcome back.`;
