/**
 * `npm run bench`: what Bonsai costs beside its peers, measured and written to bench/results.md.
 *
 * - `bytes`: bytes and waits of each act, through the counting proxy of the peers' bench (../shared/bench), ours and every
 *   peer that is installed; the same acts really run at 33,600 bit/s and 300 ms round trip.
 * - `start`: from exec to the first frame beside mutt, and resident memory.
 * - `stored`: a mailbox of 100,000 messages on the disk, beside mutt with its header cache warm.
 * - `local`: local mail of 100,000 messages beside mutt on the same Maildir: with our index and its cache, and without.
 * - `sync`: what it costs to come back in the disconnected model, beside mutt and mbsync: nothing changed, a little
 *   changed, 200 mailboxes, a log to send.
 * - `drain`: a maildrop of 1,000 messages emptied, beside getmail6 and mbsync.
 * - `million`: opening a mailbox of 1,000,000 messages on the demo server: bytes, time and memory beside one of 1,000.
 * - `downloads`: what saving promises: seconds, bytes after a kill, memory; on lines as slow as they say.
 * - `corpus`: real mail, and mail made to be nasty: what of it opens, and what is saved as Python decodes it.
 * - `convergence`: 100,000 runs of the convergence test, or BENCH_SEEDS of them, or as many as BENCH_SECONDS hold; and 100 on Dovecot.
 * - `mutants`: what of it notices Bonsai with one thing wrong.
 * - `kills`: `kill -9` while what was decided is sent, BENCH_KILLS times (200).
 * - `writing`: 1,000 messages by chance, read back; what sending one and filing its copy cost beside msmtp and mutt.
 * - `drafts`: a draft with 20 MB attached, saved on the server and saved again, beside mutt.
 * - `forward`: a message of 40 MB is forwarded by servers that can do it between them; beside mutt.
 * - `memory`: 200 MB attached, sent, filed, and sent on, and from a pipe: what is resident at most.
 * - `roundtrip`: 1,000 messages by chance and all awkward ones, through real submission servers, read back.
 * - `drainkills`: the same while it drains, BENCH_DRAIN_KILLS times (100).
 * - `drainseeds`: 500 runs of the draining test with 200 messages each, or BENCH_SEEDS of them.
 * - `draindisk`: a maildrop drained onto a small disk that is full again and again.
 * - `screen`: octets written to the terminal, step by step, beside mutt and alpine; how long a key takes.
 * - `frames`: 20,000 frames at random, cell by cell, on every terminal.
 *
 * `npm run bench -- bytes` runs one and renews its page, with its date; the others stay. Without a name all are run, which
 * takes hours, nearly all of them for 100,000 seeds of `convergence`: BENCH_SECONDS=1800 says how long those may be played.
 * Never a test: time depends on the machine.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {measureBytes} from './bytes.ts';
import {measureConvergence} from './convergence.ts';
import {measureCorpus} from './corpus.ts';
import {measureDownloads} from './downloads.ts';
import {measureDrafts} from './drafts.ts';
import {measureDrain} from './drain.ts';
import {measureDrainSeeds} from './drain-seeds.ts';
import {measureDrainSmallDisk} from './drain-small-disk.ts';
import {measureForward} from './forward.ts';
import {measureFrames} from './frames.ts';
import {measureDrainKills, measureKills} from './kills.ts';
import {measureLocal} from './local.ts';
import {measureMemory} from './memory.ts';
import {measureMillion} from './million.ts';
import {measureMutants} from './mutants.ts';
import {measureRoundTrip} from './round-trip.ts';
import {measureScreen} from './screen.ts';
import {measureStart} from './start.ts';
import {measureStored} from './stored.ts';
import {measureSync} from './sync.ts';
import {measureWriting} from './writing.ts';

const sections = {
	bytes: measureBytes,
	start: measureStart,
	stored: measureStored,
	local: measureLocal,
	screen: measureScreen,
	frames: measureFrames,
	million: measureMillion,
	downloads: measureDownloads,
	sync: measureSync,
	drain: measureDrain,
	corpus: measureCorpus,
	convergence: measureConvergence,
	mutants: measureMutants,
	kills: measureKills,
	writing: measureWriting,
	drafts: measureDrafts,
	forward: measureForward,
	memory: measureMemory,
	roundtrip: measureRoundTrip,
	drainkills: measureDrainKills,
	drainseeds: measureDrainSeeds,
	draindisk: measureDrainSmallDisk,
};
const head =
	'# What Bonsai costs, measured\n\nBy `npm run bench`, on two cores. Bytes are exact; seconds are of this machine.\n';
const file = new URL('results.md', import.meta.url);

/** The pages as they stand, by the name in the comment in front of each. */
function pagesOf(text: string): Map<string, string> {
	const pieces = text.split(/^<!-- (\w+) -->\n/m);
	const pages = new Map<string, string>();
	for (let index = 1; index + 1 < pieces.length; index += 2) pages.set(pieces[index]!, pieces[index + 1]!.trim());
	return pages;
}

const today = new Date().toISOString().slice(0, 10);
const dated = (page: string): string =>
	page.trim().replace(/^## .*$/m, heading => `${heading}\n\n_Measured on ${today}, Node ${process.versions.node}._`);

const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(sections)) {
	if (wanted.length > 0 && !wanted.includes(name)) continue;
	const page = await measure();
	if (page === undefined) {
		process.stdout.write(`${name}: not measured, something it needs is not here\n`);
		continue;
	}
	process.stdout.write(`${page}\n`);
	const pages = pagesOf(readFileSync(file, 'utf8')).set(name, dated(page));
	const all = Object.keys(sections).flatMap(each =>
		pages.has(each) ? [`<!-- ${each} -->\n${pages.get(each)}\n`] : [],
	);
	writeFileSync(file, [head, ...all].join('\n'));
}
