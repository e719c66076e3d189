/**
 * Octets that pass through lie outside of V8's heap, and it lets 100 MB of those that are done with stand. While a large
 * message passes, the young ones are collected as they come.
 */
import v8 from 'node:v8';
import {runInNewContext} from 'node:vm';

const lookEveryMs = 25;
const mostBytes = 12 * 1024 * 1024;

export function keepBuffersFew(): void {
	v8.setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as (kind: {readonly type: 'minor'}) => void;
	setInterval(() => {
		if (process.memoryUsage().arrayBuffers > mostBytes) collect({type: 'minor'});
	}, lookEveryMs).unref();
}
