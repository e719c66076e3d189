/** Dates as IMAP writes them. All of the server's clocks are at +0000. */
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const two = (n: number): string => String(n).padStart(2, '0');

const clock = (date: Date): string =>
	`${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;

export const writeInternalDate = (time: number): string => {
	const date = new Date(time);
	const day = String(date.getUTCDate()).padStart(2, ' ');
	return `${day}-${months[date.getUTCMonth()]}-${date.getUTCFullYear()} ${clock(date)}`;
};

/** As in a Date field (RFC 5322 §3.3). */
export const writeMessageDate = (time: number): string => {
	const date = new Date(time);
	return `${days[date.getUTCDay()]}, ${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${clock(date)}`;
};

/** `17-Jul-1996 02:44:25 -0700`; undefined when it is none. */
export const readInternalDate = (text: string): number | undefined => {
	const match = /^([ \d]\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(text);
	if (match === null) return undefined;
	const [, day, month, year, hour, minute, second, sign, zoneHours, zoneMinutes] = match as unknown as string[];
	const index = monthIndex(month!);
	if (index < 0) return undefined;
	const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -60_000 : 60_000);
	return Date.UTC(Number(year), index, Number(day), Number(hour), Number(minute), Number(second)) - zone;
};

/** The day of `1-Feb-1994` as a time at 00:00 +0000. */
export const readDay = (text: string): number | undefined => {
	const match = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text);
	const index = match === null ? -1 : monthIndex(match[2]!);
	return match === null || index < 0 ? undefined : Date.UTC(Number(match[3]), index, Number(match[1]));
};

/** The day a Date field names, its time and zone left out, as SENTSINCE wants it. */
export const readSentDay = (text: string): number | undefined => {
	const match = /(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})/.exec(text);
	const index = match === null ? -1 : monthIndex(match[2]!);
	return match === null || index < 0 ? undefined : Date.UTC(Number(match[3]), index, Number(match[1]));
};

const monthIndex = (name: string): number => months.findIndex(month => month.toLowerCase() === name.toLowerCase());
