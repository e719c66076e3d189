/** Local mail on a disk that fails, and whose program is killed, at chosen instants. */
import {Failure} from '../../../source/model/failure.ts';
import {safeLine} from '../../../source/model/safe-text.ts';
import type {LocalMail, LocalPlace} from '../../../source/session/local-place.ts';

const never = new Promise<never>(() => {});

export type Disk = {
	/** One instant passes; false: the program is dead. */
	readonly lives: () => boolean;
	/** How many messages, or windows, the disk still takes; undefined: all. */
	room: number | undefined;
	/** Told before something is written, to kill the program while it is. */
	readonly onWriting: () => void;
};

const full = () =>
	new Failure(
		'refused',
		safeLine('The disk is full, so it was not possible to store what came'),
		undefined,
		'OVERQUOTA',
	);

export function mortalMail(mail: LocalMail, disk: Disk): LocalMail {
	const mortal = async <T>(work: () => Promise<T>): Promise<T> => {
		if (!disk.lives()) return never;
		try {
			const result = await work();
			return disk.lives() ? result : never;
		} catch (error) {
			if (disk.lives()) throw error;
			return never;
		}
	};
	const take = (wanted: number): number => {
		if (disk.room === undefined) return wanted;
		const taken = Math.min(wanted, disk.room);
		disk.room -= taken;
		return taken;
	};
	return {
		begin: knowsMail => mortal(async () => mail.begin(knowsMail)),
		async place(mailbox) {
			const place = await mail.place(mailbox);
			return {
				begin: () => mortal(() => place.begin()),
				whole: sizes => mortal(() => place.whole(sizes)),
				deliver: messages =>
					mortal(async () => {
						const taken = take(messages.length);
						disk.onWriting();
						const keys = await place.deliver(messages.slice(0, taken));
						if (taken < messages.length) throw full();
						return keys;
					}),
				begun: (key, sizeBytes) => mortal(() => place.begun(key, sizeBytes)),
				write: (key, octets, offset) =>
					mortal(async () => {
						if (take(1) === 0) {
							// Some of it may be on the disk all the same.
							await place.write(key, octets.subarray(0, octets.length / 2), offset);
							throw full();
						}
						disk.onWriting();
						await place.write(key, octets, offset);
					}),
				finish: letter =>
					mortal(async () => {
						if (take(1) === 0) throw full();
						disk.onWriting();
						return place.finish(letter);
					}),
			} satisfies LocalPlace;
		},
	};
}
