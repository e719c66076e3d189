/**
 * What stands beside a `.part`: whose octets it holds and how many of them are certain, so that a save that was cut goes on.
 *
 * Law: it never vouches for more than the `.part` has on the disk. It is replaced in one step, so what is read of it is
 * always what was written once.
 */
import fs from 'node:fs';
import type {ChunkForm} from '../remote/remote.ts';

/** What a part is: another of these is another part, and nothing of it goes on with this one. */
export type PartOrigin = {
	readonly account: string;
	readonly mailbox: string;
	readonly uidValidity: number;
	readonly uid: number;
	readonly part: string;
	readonly sizeBytes: number;
	readonly encoding: string;
};

/** A moment of the download that can be gone on from. */
export type Mark = {
	readonly form: ChunkForm;
	/** Octets of that form taken from the beginning, and what of the file they made. */
	readonly sentBytes: number;
	readonly fileBytes: number;
	/** What the decoder holds back; see `TransferDecoder.state`. */
	readonly decoder: string;
	/** The last octets taken, in base64: the server is asked for them once more before anything is added. */
	readonly tail: string;
	/** All of it is in the file. */
	readonly isWhole: boolean;
};

/** `holder` is the process at work on it (process-identity.ts). */
type Sidecar = {
	readonly version: 1;
	readonly origin: PartOrigin;
	readonly holder: string;
	readonly mark: Mark;
};

export const sidecarOf = (partial: string): string => `${partial}.json`;

export const noMark = (form: ChunkForm): Mark => ({
	form,
	sentBytes: 0,
	fileBytes: 0,
	decoder: '',
	tail: '',
	isWhole: false,
});

/** Undefined when there is none, or none of ours. */
export function readSidecar(partial: string): Sidecar | undefined {
	try {
		const sidecar = JSON.parse(fs.readFileSync(sidecarOf(partial), 'utf8')) as Sidecar;
		return isSidecar(sidecar) ? sidecar : undefined;
	} catch {
		return undefined;
	}
}

function isSidecar({version, origin, holder, mark}: Sidecar): boolean {
	const counts = [mark?.sentBytes, mark?.fileBytes, origin?.uid, origin?.uidValidity, origin?.sizeBytes];
	const words = [mark?.decoder, mark?.tail, holder];
	return (
		version === 1 &&
		counts.every(count => Number.isSafeInteger(count) && count >= 0) &&
		words.every(word => typeof word === 'string') &&
		(mark.form === 'as-sent' || mark.form === 'decoded')
	);
}

export const isSameOrigin = (one: PartOrigin, other: PartOrigin): boolean =>
	(Object.keys(one) as (keyof PartOrigin)[]).every(key => one[key] === other[key]);

/** Throws what the file system throws. */
export function writeSidecar(partial: string, sidecar: Sidecar): void {
	const next = `${sidecarOf(partial)}.new`;
	const file = fs.openSync(next, 'w', 0o600);
	try {
		fs.writeFileSync(file, JSON.stringify(sidecar));
		fs.fsyncSync(file);
	} catch (error) {
		fs.rmSync(next, {force: true});
		throw error;
	} finally {
		fs.closeSync(file);
	}
	fs.renameSync(next, sidecarOf(partial));
}

export function removeSidecar(partial: string): void {
	fs.rmSync(`${sidecarOf(partial)}.new`, {force: true});
	fs.rmSync(sidecarOf(partial), {force: true});
}
