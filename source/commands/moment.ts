/** A moment for people, in their own time zone: `2026-11-20 18:13`; '' for a message without a date. */
export function localMoment(ms: number | undefined): string {
	if (ms === undefined) return '';
	const date = new Date(ms);
	const two = (value: number): string => String(value).padStart(2, '0');
	const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
	return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A moment for programs (RFC 3339, in UTC); null for a message without a date. */
export const isoMoment = (ms: number | undefined): string | null =>
	ms === undefined || Number.isNaN(new Date(ms).getTime()) ? null : new Date(ms).toISOString();
