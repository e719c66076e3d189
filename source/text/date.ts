/**
The Date field → ms since the epoch (RFC 5322 §3.3, and §4.3 for the obsolete forms: named zones, years of two digits, comments anywhere).

What is no date is `undefined`, never a wrong day: 31 February does not become 3 March. Also read, because mailers send them: a missing zone (UTC), ctime(3) order, ISO 8601.
*/

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** In minutes. Military letters had their signs confused in RFC 822 and count as UTC (§4.3), as does any other name. */
const zones: Readonly<Record<string, number>> = {
	est: -300,
	edt: -240,
	cst: -360,
	cdt: -300,
	mst: -420,
	mdt: -360,
	pst: -480,
	pdt: -420,
	bst: 60,
	cet: 60,
	met: 60,
	cest: 120,
	mest: 120,
	jst: 540,
};

const time = String.raw`(\d{1,2})\s*[:.]\s*(\d{1,2})(?:\s*[:.]\s*(\d{1,2})(?:[.,]\d+)?)?`;
const zone = String.raw`(?:\s*(?:UTC?|GMT)?\s*([+-]\d{1,4}|[+-]\d\d:\d\d|[A-Za-z]{1,5}))?`;
const internet = new RegExp(
	String.raw`^(?:[A-Za-z]+\.?\s*,?\s*)?(\d{1,2})[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{2,4}),?\s+${time}${zone}`,
);
const ctime = new RegExp(
	String.raw`^(?:[A-Za-z]{3,9},?\s+)?([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+${time}${zone}\s+(\d{4})`,
);
const iso = new RegExp(String.raw`^(\d{4})-(\d\d)-(\d\d)(?:T|\s+)${time}${zone}`);

/** Without comments, which may be nested; linear in the length. */
function withoutComments(value: string): string {
	if (!value.includes('(')) return value;
	let text = '';
	let depth = 0;
	for (let index = 0; index < value.length; index++) {
		const character = value[index]!;
		if (character === '\\') index++;
		else if (character === '(') depth++;
		else if (character === ')' && depth > 0) depth--;
		else if (depth === 0) text += character;
		if (character === ')') text += ' ';
	}
	return text;
}

function zoneMinutes(text: string | undefined): number | undefined {
	if (text === undefined) return 0;
	const numeric = /^([+-])(\d\d?):?(\d\d)?$/.exec(text);
	if (!numeric) return /^[+-]/.test(text) ? undefined : (zones[text.toLowerCase()] ?? 0);
	const [, sign, hours, minutes = '0'] = numeric;
	if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
	return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function fullYear(text: string): number {
	const year = Number(text);
	if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
	return text.length === 3 ? 1900 + year : year;
}

type Pieces = {
	year: number;
	month: number;
	day: number;
	hour: string | undefined;
	minute: string | undefined;
	second: string | undefined;
	zone: string | undefined;
};

function toEpochMs(pieces: Pieces): number | undefined {
	const {year, month, day} = pieces;
	const [hour, minute, second] = [Number(pieces.hour), Number(pieces.minute), Number(pieces.second ?? 0)];
	const offset = zoneMinutes(pieces.zone);
	const isTime = hour < 24 && minute < 60 && second <= 60;
	if (offset === undefined || !isTime || month < 0 || month > 11 || year < 1900) return undefined;
	const midnight = new Date(Date.UTC(year, month, day));
	if (day < 1 || midnight.getUTCDate() !== day) return undefined;
	return midnight.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000;
}

const monthOf = (name: string): number => months.indexOf(name.slice(0, 3).toLowerCase());

/** Ms since the epoch; undefined when the value is no date. */
export function parseDate(value: string): number | undefined {
	// A date has 40 characters; the limit keeps hostile values away from the expressions.
	const text = withoutComments(value.slice(0, 500)).trim();

	let match = internet.exec(text);
	if (match) {
		const [, day, month, year, hour, minute, second, zoneText] = match;
		const date = {year: fullYear(year!), month: monthOf(month!), day: Number(day)};
		return toEpochMs({...date, hour, minute, second, zone: zoneText});
	}
	match = ctime.exec(text);
	if (match) {
		const [, month, day, hour, minute, second, zoneText, year] = match;
		const date = {year: Number(year), month: monthOf(month!), day: Number(day)};
		return toEpochMs({...date, hour, minute, second, zone: zoneText});
	}
	match = iso.exec(text);
	if (match) {
		const [, year, month, day, hour, minute, second, zoneText] = match;
		const date = {year: Number(year), month: Number(month) - 1, day: Number(day)};
		return toEpochMs({...date, hour, minute, second, zone: zoneText});
	}
	return undefined;
}
