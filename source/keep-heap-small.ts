/**
 * Has V8 collect its garbage before there is much of it: by itself it lets 100 MB of it stand for a mail client of 20 MB,
 * since it believes to be a server. (`--optimize-for-size` would keep it smaller too, at twice the time for each key.)
 */
import v8 from 'node:v8';
import {runInNewContext} from 'node:vm';

const lookEveryMs = 250;
/** Collecting takes 10 to 30 ms, and comes between keys: once in a hundred or two. */
const mostGarbageBytes = 4 * 1024 * 1024;

export function keepHeapSmall(): void {
	v8.setFlagsFromString('--expose-gc');
	v8.setFlagsFromString('--semi-space-growth-factor=1');
	const collect = runInNewContext('gc') as () => void;
	let keptBytes = v8.getHeapStatistics().used_heap_size;
	const look = (): void => {
		if (v8.getHeapStatistics().used_heap_size - keptBytes < mostGarbageBytes) return;
		collect();
		keptBytes = v8.getHeapStatistics().used_heap_size;
	};
	setInterval(look, lookEveryMs).unref();
}
