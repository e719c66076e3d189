/**
 * A date, or a date and a time, as a calendar spells it, before anybody asks in which zone. Pure.
 */
export type Wall = {
	/** Ms since the epoch, as if it were UTC. */
	readonly wall: number;
	readonly isDate: boolean;
	readonly isUtc: boolean;
};

const spelled = /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)?(Z)?)?/;

/** As RFC 5545 spells it or as ical.js does. Undefined: it is no moment, or none of a year anybody can mean. */
export function parseWall(text: string): Wall | undefined {
	const found = spelled.exec(text);
	if (!found) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
		.slice(1, 7)
		.map(part => Number(part ?? 0));
	if (year < 1000 || hour > 24 || minute > 59 || second > 60) return undefined;
	const date = new Date(Date.UTC(year, month - 1, day));
	if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
	// A leap second is the one behind it.
	const time = ((hour * 60 + minute) * 60 + second) * 1000;
	return {wall: date.getTime() + time, isDate: found[4] === undefined, isUtc: found[7] === 'Z'};
}
