/** Mail that machines write to people: backups, tickets, charts. */
import {noise} from './bytes.ts';
import {attachment, type Mime, multipart, text} from './compose.ts';
import {letter, type Planned} from './letters.ts';
import {me, type Person} from './people.ts';

type Notice = {readonly from: Person; readonly subject: (n: number) => string; readonly body: (n: number) => Mime};

const machine = (name: string, address: string): Person => ({name, address, place: ''});

export const notices: readonly Notice[] = [
	{
		from: machine('Backup', 'backup@aurelia.example'),
		subject: n => `Backup finished: ${n} files, 0 errors`,
		body: n =>
			text(
				`The nightly backup of aurelia-data has finished.\n\nfiles   ${n}\nbytes   ${n * 48_611}\nerrors  0\nnext    tomorrow, 02:00\n`,
			),
	},
	{
		from: machine('Weather fax', 'wefax@met.example'),
		subject: n => `Chart ${n}: surface analysis 00Z`,
		body: n =>
			multipart('mixed', [
				text(
					`Surface analysis, valid 00Z, Southern Ocean sector ${n % 9}.\nIce edge and bergs as reported by ships.\n`,
				),
				attachment('image/png', `chart-${n}.png`, noise(38_000 + n * 3, n, Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))),
			]),
	},
	{
		from: machine('Railway tickets', 'no-reply@rail.example'),
		subject: n => `Your booking ${n.toString(36).toUpperCase()}-${n % 97}`,
		body: n =>
			multipart('mixed', [
				multipart('alternative', [
					text(
						`Thank you for your booking.\n\nOslo S to Bergen, coach 4, seat ${n % 60}, window.\nThe ticket is attached.\n`,
					),
					text(
						`<html><body><p>Thank you for your <b>booking</b>.</p><p>Oslo S to Bergen, coach 4, seat ${n % 60}, window.<br>The <a href="https://rail.example/t/${n}">ticket</a> is attached.</p></body></html>\n`,
						{subtype: 'html'},
					),
				]),
				attachment('application/pdf', `ticket-${n}.pdf`, noise(61_000 + n, n, Buffer.from('%PDF-1.7\n'))),
			]),
	},
	{
		from: machine('Institute tickets', 'tickets@polar.example'),
		subject: n => `[#${n}] has been answered`,
		body: n =>
			text(
				`Ticket ${n} has been answered by Yusuf Demir:\n\n  The quota is raised. Please log in again.\n\nClose it: https://tickets.polar.example/${n}/close\n`,
			),
	},
	{
		from: machine('Harbour authority', 'traffic@port.example'),
		subject: n => `Berth plan, week ${(n % 52) + 1}`,
		body: n =>
			text(
				`<html><body><table border="1"><tr><th>Berth</th><th>Ship</th><th>From</th></tr><tr><td>${n % 7}</td><td>AURELIA</td><td>Fri 06:00</td></tr><tr><td>${(n + 3) % 7}</td><td>NORDSTJERNE</td><td>Sat 14:00</td></tr></table><p>Questions: <a href="tel:+4700000000">port office</a></p></body></html>\n`,
				{subtype: 'html'},
			),
	},
];

export const planNotice = (notice: Notice, n: number, time: number, flags: readonly string[]): Planned => ({
	time,
	flags,
	write: () =>
		letter(
			{
				from: notice.from,
				to: [me],
				subject: notice.subject(n),
				time,
				id: `${n}.${time.toString(36)}@${notice.from.address.split('@')[1]}`,
				more: [['Auto-Submitted', 'auto-generated']],
			},
			notice.body(n),
		),
});
