/** A Date field's value (RFC 5322 §3.3), in the sender's zone: what the clock on their wall said. */

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/**
 * @param at Ms since the epoch.
 * @param zoneMinutes East of Greenwich is positive.
 */
export function dateField(at: number, zoneMinutes: number): string {
	const wall = new Date(at + zoneMinutes * 60_000);
	const day = `${days[wall.getUTCDay()]}, ${two(wall.getUTCDate())} ${months[wall.getUTCMonth()]} ${wall.getUTCFullYear()}`;
	const time = [wall.getUTCHours(), wall.getUTCMinutes(), wall.getUTCSeconds()].map(two).join(':');
	const minutes = Math.abs(zoneMinutes);
	return `${day} ${time} ${zoneMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

/** The zone of this machine at that moment, in minutes. */
export const localZone = (at: number): number => -new Date(at).getTimezoneOffset();
