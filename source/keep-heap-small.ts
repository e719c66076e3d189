/**
 * Has V8 collect its garbage before there is much of it: by itself it lets 100 MB of it stand for a mail client of 20 MB,
 * since it believes to be a server.
 *
 * Not at the cost of a key: the young space may grow to what the garbage of some keys needs (held at its first size, each
 * key in a large window takes twice as long; with `--optimize-for-size` four times), and the rest is collected when
 * there is enough of it, or when nothing was done for a while.
 */
import v8 from 'node:v8';
import {runInNewContext} from 'node:vm';

const lookEveryMs = 1000;
const mebibyte = 1024 * 1024;
const mostGarbageBytes = 6 * mebibyte;
const youngBytes = 2 * mebibyte;

export function keepHeapSmall(): void {
	v8.setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	let keptBytes = oldBytes();
	let mayGrow = true;
	const look = (): void => {
		if (mayGrow && spaceOf('new_space').space_size >= youngBytes) {
			mayGrow = false;
			v8.setFlagsFromString('--semi-space-growth-factor=1');
		}
		if (oldBytes() - keptBytes < mostGarbageBytes) return;
		collect();
		keptBytes = oldBytes();
	};
	setInterval(look, lookEveryMs).unref();
}

const spaceOf = (name: string): v8.HeapSpaceInfo =>
	v8.getHeapSpaceStatistics().find(({space_name}) => space_name === name) as v8.HeapSpaceInfo;

const oldBytes = (): number => spaceOf('old_space').space_used_size;
