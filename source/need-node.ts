/**
 * Says what Node is needed, and ends, before anything else of the program is run: the entry imports it first.
 * Nothing here is newer than Node 18.
 */
import process from 'node:process';

const [least, leastMinor] = [22, 13] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < least || (major === least && minor < leastMinor)) {
	process.stderr.write(`bonsai: needs Node ${least}.${leastMinor} or newer; this is Node ${process.versions.node}\n`);
	process.exit(1);
}
