/**
 * `npm run bench`: what Bonsai costs beside its peers, measured in one run, written to bench/results.md.
 *
 * - `bytes`: bytes and waits of each act, through the counting proxy of the peers' bench (../shared/bench), ours and every
 *   peer that is installed; the same acts really run at 33,600 bit/s and 300 ms round trip.
 * - `million`: opening a mailbox of 1,000,000 messages on the demo server: bytes, time and memory beside one of 1,000.
 * - `downloads`: what saving promises: seconds, bytes after a kill, memory; on lines as slow as they say.
 *
 * `npm run bench -- bytes` runs one. Takes about ten minutes in all. Never a test: time depends on the machine.
 */
import {writeFileSync} from 'node:fs';
import {measureBytes} from './bytes.ts';
import {measureDownloads} from './downloads.ts';
import {measureMillion} from './million.ts';

const wanted = process.argv.slice(2);
const sections = {bytes: measureBytes, million: measureMillion, downloads: measureDownloads};
const pages: string[] = [];
for (const [name, measure] of Object.entries(sections)) {
	if (wanted.length > 0 && !wanted.includes(name)) continue;
	const page = await measure();
	process.stdout.write(`${page}\n`);
	pages.push(page);
}
if (wanted.length === 0) {
	const today = new Date().toISOString().slice(0, 10);
	const head = `# Measured on ${today}\n\nBy \`npm run bench\`, Node ${process.versions.node}, two cores. Bytes are exact; seconds are of this machine.\n`;
	writeFileSync(new URL('results.md', import.meta.url), [head, ...pages].join('\n'));
}
