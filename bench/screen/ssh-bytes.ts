/** How many octets `ssh -C` would send for an output: one zlib stream over all of it, flushed after each burst. */
import {constants, createDeflate} from 'node:zlib';

export function createSshBytes(): {readonly write: (burst: Buffer) => void; readonly total: () => Promise<number>} {
	const stream = createDeflate({level: 6});
	let bytes = 0;
	stream.on('data', (compressed: Buffer) => {
		bytes += compressed.length;
	});
	return {
		write(burst) {
			stream.write(burst);
			stream.flush(constants.Z_SYNC_FLUSH);
		},
		total: () => new Promise(resolve => stream.flush(constants.Z_SYNC_FLUSH, () => setImmediate(() => resolve(bytes)))),
	};
}
