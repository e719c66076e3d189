/**
 * Under which name a file is written until it is whole: `NAME.part`, or the next that is free. One that is there is
 * gone on with when it is of the same part and nobody is at work on it; else it is somebody's, and left alone.
 */
import fs from 'node:fs';
import {isSameOrigin, type Mark, type PartOrigin, readSidecar, sidecarOf} from './part-sidecar.ts';
import {isAlive, ownIdentity} from './process-identity.ts';

export type Partial = {
	readonly name: string;
	/** Where it goes on; undefined for one that is new. */
	readonly mark: Mark | undefined;
	/** Of another part, or of nobody knows whom. */
	readonly foreign: readonly string[];
	/** Of this part, but another Bonsai is at work on it. */
	readonly held: readonly string[];
};

/** Files this process is at work on. */
const atWork = new Set<string>();
export const takePartial = (name: string): void => void atWork.add(name);
export const leavePartial = (name: string): void => void atWork.delete(name);

const isHeld = (name: string, holder: string): boolean =>
	atWork.has(name) || (holder !== ownIdentity() && isAlive(holder));

const mostNames = 99;

/** Throws when a hundred names are taken. */
export function findPartial(target: string, origin: PartOrigin): Partial {
	const foreign: string[] = [];
	const held: string[] = [];
	for (let number = 1; number <= mostNames; number++) {
		const name = number === 1 ? `${target}.part` : `${target}.${number}.part`;
		const sidecar = readSidecar(name);
		if (sidecar !== undefined && isSameOrigin(sidecar.origin, origin)) {
			if (!isHeld(name, sidecar.holder)) return {name, mark: markOf(name, target, sidecar.mark), foreign, held};
			held.push(name);
		} else if (fs.existsSync(name)) (atWork.has(name) ? held : foreign).push(name);
		else if (!fs.existsSync(sidecarOf(name))) return {name, mark: undefined, foreign, held};
	}
	throw new Error(`${target}.part and the names like it are all taken`);
}

/** What was vouched for has to be there; a file that was finished may have its own name already. */
function markOf(name: string, target: string, mark: Mark): Mark | undefined {
	const size = fs.statSync(name, {throwIfNoEntry: false})?.size;
	if (size !== undefined) return size >= mark.fileBytes ? mark : undefined;
	const whole = mark.isWhole ? fs.statSync(target, {throwIfNoEntry: false})?.size : undefined;
	return whole === mark.fileBytes ? mark : undefined;
}
