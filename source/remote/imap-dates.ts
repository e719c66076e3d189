/** Dates as IMAP spells them; ours always in UTC. */

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `1-Feb-1994` (RFC 9051 §9, date). */
export function dateOf(ms: number): string {
	const date = new Date(ms);
	return `${date.getUTCDate()}-${months[date.getUTCMonth()]}-${date.getUTCFullYear()}`;
}

/** `" 1-Feb-1994 08:05:00 +0000"` (RFC 9051 §9, date-time). */
export const momentOf = (ms: number): string =>
	`${dateOf(ms).padStart(11)} ${new Date(ms).toISOString().slice(11, 19)} +0000`;

/** `17-Jul-1996 02:44:25 -0700`; undefined when it is none. */
export function msOf(moment: string): number | undefined {
	const [, day = '', month = '', rest = ''] =
		/^\s*(\d{1,2})-([A-Za-z]{3})-(\d{4} \d\d:\d\d:\d\d [-+]\d{4})$/.exec(moment) ?? [];
	const ms = Date.parse(`${day} ${month} ${rest}`);
	return Number.isNaN(ms) ? undefined : ms;
}
