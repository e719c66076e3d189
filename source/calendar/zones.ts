/**
 * Time zones: by their IANA names, which the runtime knows; by those of Windows; and where a calendar brings one of its own,
 * by its rules (`observances.ts`).
 *
 * A name that is known goes before rules that come with it: programs write the rules of one year for all years.
 * Wall times are spelled as ms since the epoch, as if they were UTC.
 */
import type {Component} from './content-lines.ts';
import {readObservances} from './observances.ts';
import {windowsZone} from './windows-zones.ts';

export type Zone = {
	/** As it is called where it is known; '' for UTC. Not safe to show. */
	readonly name: string;
	/** Ms that the wall is ahead of UTC, at an instant and at a wall time; undefined where nobody can say. */
	aheadAt(ms: number): number | undefined;
	aheadOnWall(wall: number): number | undefined;
};

export const utc: Zone = {name: '', aheadAt: () => 0, aheadOnWall: () => 0};

const hour = 3_600_000;

/** Undefined: the runtime does not know it. */
export function ianaZone(name: string): Zone | undefined {
	// What looks like an offset (`+02:00`) is known to some runtimes; a name is a region and a place, or an abbreviation.
	if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,60}$/.test(name)) return undefined;
	let format: Intl.DateTimeFormat;
	try {
		format = new Intl.DateTimeFormat('en-US', {
			timeZone: name,
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric',
		});
	} catch {
		return undefined;
	}
	const aheadAt = (ms: number): number => {
		const parts = new Map(format.formatToParts(ms).map(({type, value}) => [type, Number(value)]));
		const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
		const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
		return wall - Math.floor(ms / 1000) * 1000;
	};
	const aheadOnWall = (wall: number): number => {
		// Of an hour that is there twice the first is meant, and one that is not there is read as before it (§3.3.5).
		const before = aheadAt(wall - 24 * hour);
		const after = aheadAt(wall + 24 * hour);
		if (before === after) return before;
		return aheadAt(wall - before) === before ? before : aheadAt(wall - after) === after ? after : before;
	};
	return {name, aheadAt, aheadOnWall};
}

/** `/freeassociation.sourceforge.net/Europe/Berlin`, `/mozilla.org/20050126_1/America/Argentina/Buenos_Aires`. */
const behindSlash =
	/(?:^|\/)((?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)\/[\w+/-]+)$/;

function knownZone(name: string): Zone | undefined {
	const plain = name.trim().replace(/^"(.*)"$/, '$1');
	if (/^(utc|gmt|z|etc\/(utc|gmt)|tzone:\/\/microsoft\/utc|\(utc\).*)$/i.test(plain)) return utc;
	const iana = windowsZone(plain) ?? behindSlash.exec(plain)?.[1] ?? plain;
	return ianaZone(iana);
}

/** The zones of a calendar, by the names that its times give; undefined for one nobody knows. */
export function zonesOf(calendar: Component): (name: string) => Zone | undefined {
	const found = new Map<string, Zone | undefined>();
	const own = (name: string): Zone | undefined => {
		const described = calendar.childrenOf('vtimezone').find(each => each.text('tzid') === name);
		return described && readObservances(name, described);
	};
	return name => {
		if (!found.has(name)) found.set(name, knownZone(name) ?? own(name));
		return found.get(name);
	};
}
