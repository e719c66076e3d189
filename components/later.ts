/** A moment as one types it: `18:30` (the next time it is that), `2026-12-24`, `2026-12-24 8:00`, `+2h`, `+30m`. Pure. */

const day = 86_400_000;

/** Ms since the epoch; undefined when it is none, or is over. @param now Ms since the epoch. */
export function momentOf(text: string, now: number): number | undefined {
	const [, amount, unit] = /^\+\s*(\d{1,4})\s*([mhd])$/.exec(text.trim()) ?? [];
	if (amount !== undefined) return now + Number(amount) * {m: 60_000, h: 3_600_000, d: day}[unit as 'm' | 'h' | 'd'];
	const [, date, hours = '8', minutes = '0'] =
		/^(\d{4}-\d{2}-\d{2})?(?:^|\s+|$)(?:(\d{1,2}):(\d{2}))?$/.exec(text.trim()) ?? [];
	if (date === undefined && !/\d:\d/.test(text)) return undefined;
	if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
	const at = date === undefined ? new Date(now) : new Date(`${date}T00:00`);
	if (Number.isNaN(at.getTime())) return undefined;
	at.setHours(Number(hours), Number(minutes), 0, 0);
	if (date === undefined && at.getTime() <= now) at.setDate(at.getDate() + 1);
	return at.getTime() > now ? at.getTime() : undefined;
}
