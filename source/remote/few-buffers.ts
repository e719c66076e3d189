/**
 * Octets that pass through lie outside of V8's heap, and it lets 100 MB of those that are done with stand. Here they are
 * collected as they pass: by how many there were and not by time, so that a fast line holds no more than a slow one.
 */
import v8 from 'node:v8';
import {runInNewContext} from 'node:vm';

/** Hardly any mail is so large: who reads never pays for it. */
const collectsEvery = 4 * 1024 * 1024;
/** What stands after the young ones are collected has grown old, and is collected with all else. */
const mostStandingBytes = 16 * 1024 * 1024;

type Collect = (kind?: {readonly type: 'minor'}) => void;

let collect: Collect | undefined;
let passedBytes = 0;

/** So many octets came in, or are on their way out. */
export function octetsPass(bytes: number): void {
	passedBytes += bytes;
	if (passedBytes < collectsEvery) return;
	passedBytes = 0;
	collect ??= collector();
	collect({type: 'minor'});
	if (process.memoryUsage().arrayBuffers > mostStandingBytes) collect();
}

function collector(): Collect {
	v8.setFlagsFromString('--expose-gc');
	return runInNewContext('gc') as Collect;
}
