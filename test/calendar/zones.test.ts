/** Zones by their names and by their own rules. The rules of real zones, written out, must agree with what the runtime knows. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readComponents} from '../../source/calendar/content-lines.ts';
import {windowsZone, windowsZones} from '../../source/calendar/windows-zones.ts';
import {ianaZone, utc, zonesOf} from '../../source/calendar/zones.ts';

const hour = 3_600_000;

function described(id: string, ...rules: readonly (readonly [string, string, string, string, string?])[]): string {
	const parts = rules.map(
		([kind, from, to, start, rule]) =>
			`BEGIN:${kind}\nTZOFFSETFROM:${from}\nTZOFFSETTO:${to}\nDTSTART:${start}\n${rule ? `RRULE:${rule}\n` : ''}END:${kind}\n`,
	);
	return `BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:${id}\n${parts.join('')}END:VTIMEZONE\nEND:VCALENDAR\n`;
}

const zoneIn = (text: string, name: string) => zonesOf(readComponents(text)!)(name);

test('every Windows zone is one the runtime knows', () => {
	assert.ok(windowsZones().size > 130);
	for (const [name, iana] of windowsZones()) assert.ok(ianaZone(iana), `${name}: ${iana}`);
	assert.equal(windowsZone(' w. europe standard time '), 'Europe/Berlin');
	assert.equal(windowsZone('Central Standard Time'), 'America/Chicago');
	assert.equal(windowsZone('Central Standard Time (Mexico)'), 'America/Mexico_City');
	assert.equal(windowsZone('Customized Time Zone'), undefined);
});

test('names of UTC are UTC, and what is no name is no zone', () => {
	const none = described('x');
	for (const name of ['UTC', 'GMT', 'Etc/UTC', 'tzone://Microsoft/Utc', '(UTC) Coordinated Universal Time'])
		assert.equal(zoneIn(none, name), utc, name);
	for (const name of ['', '+02:00', 'x'.repeat(10_000), '__proto__', 'Europe/Nowhere', 'tzone://Microsoft/Custom'])
		assert.equal(zoneIn(none, name), undefined, name);
	assert.equal(
		zoneIn(none, '/mozilla.org/20050126_1/America/Argentina/Buenos_Aires')?.name,
		'America/Argentina/Buenos_Aires',
	);
});

const rules = [
	[
		'Europe/Berlin',
		described(
			'Own',
			['STANDARD', '+0200', '+0100', '16010101T030000', 'FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10'],
			['DAYLIGHT', '+0100', '+0200', '16010101T020000', 'FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3'],
		),
	],
	[
		'America/New_York',
		described(
			'Own',
			['DAYLIGHT', '-0500', '-0400', '19870405T020000', 'FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z'],
			['STANDARD', '-0400', '-0500', '19671029T020000', 'FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z'],
			['DAYLIGHT', '-0500', '-0400', '20070311T020000', 'FREQ=YEARLY;BYMONTH=3;BYDAY=2SU'],
			['STANDARD', '-0400', '-0500', '20071104T020000', 'FREQ=YEARLY;BYMONTH=11;BYDAY=1SU'],
		),
	],
	[
		'Australia/Sydney',
		described(
			'Own',
			['STANDARD', '+1100', '+1000', '20080406T030000', 'FREQ=YEARLY;BYMONTH=4;BYDAY=1SU'],
			['DAYLIGHT', '+1000', '+1100', '20081005T020000', 'FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1,2,3,4,5,6,7;BYDAY=SU'],
		),
	],
	['Asia/Kolkata', described('Own', ['STANDARD', '+0530', '+0530', '19700101T000000'])],
] as const;

for (const [name, text] of rules)
	test(`the rules of ${name}, as a calendar spells them, give its time at every hour of two years`, () => {
		const own = zoneIn(text, 'Own');
		const known = ianaZone(name);
		assert.ok(own && known);
		for (let at = Date.UTC(2026, 0, 1, 0, 30); at < Date.UTC(2028, 0, 1); at += hour) {
			assert.equal(own.aheadAt(at), known.aheadAt(at), new Date(at).toISOString());
		}
		// On the wall, away from the hours that are there twice or not at all.
		for (let wall = Date.UTC(2026, 0, 1, 12); wall < Date.UTC(2028, 0, 1); wall += 24 * hour)
			assert.equal(own.aheadOnWall(wall), known.aheadOnWall(wall), new Date(wall).toISOString());
	});

test('of an hour that is there twice the first is meant, and one that is not there is as before it', () => {
	const berlin = ianaZone('Europe/Berlin')!;
	assert.equal(berlin.aheadOnWall(Date.UTC(2026, 9, 25, 2, 30)), 2 * hour);
	assert.equal(berlin.aheadOnWall(Date.UTC(2026, 9, 25, 3, 0)), hour);
	assert.equal(berlin.aheadOnWall(Date.UTC(2026, 2, 29, 2, 30)), hour);
	assert.equal(berlin.aheadOnWall(Date.UTC(2026, 2, 29, 3, 0)), 2 * hour);
});

test('a zone with rules that are not those of a clock is one nobody knows', () => {
	const with_ = (rule: string) =>
		zoneIn(described('Own', ['STANDARD', '+0200', '+0100', '19700101T030000', rule]), 'Own');
	for (const rule of ['FREQ=SECONDLY', 'FREQ=YEARLY;INTERVAL=2', 'FREQ=YEARLY;BYMONTH=13', 'FREQ=YEARLY;BYDAY=SU'])
		assert.equal(with_(rule), undefined, rule);
	assert.equal(zoneIn(described('Own'), 'Own'), undefined);
	assert.equal(zoneIn(described('Own', ['STANDARD', 'x', '+0100', '19700101T030000']), 'Own'), undefined);
});
