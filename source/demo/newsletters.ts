/** Mail that machines write: newsletters with text and HTML, HTML only, notices, and the mailing lists. */
import {noise} from './bytes.ts';
import {attachment, type Mime, multipart, text} from './compose.ts';
import {firstName, letter, type Planned, signature, wrap} from './letters.ts';
import {me, type Person} from './people.ts';
import type {Random} from './random.ts';

type Article = {readonly title: string; readonly lead: string; readonly path: string};
type Newsletter = {
	readonly from: Person;
	readonly title: string;
	readonly color: string;
	readonly articles: readonly Article[];
};

const article = (title: string, lead: string, path: string): Article => ({title, lead, path});

export const newsletters: readonly Newsletter[] = [
	{
		from: {name: 'The Polar Record', address: 'weekly@polarrecord.example', place: 'Cambridge'},
		title: 'The Polar Record, weekly',
		color: '#12405f',
		articles: [
			article(
				'A lake under the ice fills again',
				'Altimetry shows the surface rising by four metres in a year.',
				'lake-fills-again',
			),
			article(
				'Counting seals from orbit',
				'Twenty volunteers and one good algorithm agree on 93 per cent of animals.',
				'counting-seals',
			),
			article('The last dog team', 'A photograph of 1994, and the people in it today.', 'last-dog-team'),
			article('Tide gauges that answer back', 'Six stations now send their data by radio every hour.', 'tide-gauges'),
			article('Why the winter sea is quiet', 'Hydrophones under the ice hear less than anybody expected.', 'quiet-sea'),
			article('Book review: White Horizon', 'A history of maps of a place that nobody had seen.', 'white-horizon'),
		],
	},
	{
		from: {name: 'Plain Text Club', address: 'letters@plaintext.example', place: 'everywhere'},
		title: 'Letters from the Plain Text Club',
		color: '#333333',
		articles: [
			article('In praise of the 72nd column', 'Where lines end, and why they end there.', 'column-72'),
			article('A mail client on a modem', 'What remains when every byte has a price.', 'on-a-modem'),
			article('Quoting well', 'Leave what you answer, drop what you do not.', 'quoting-well'),
			article('Signatures, a short history', 'Two dashes and a space, since 1987.', 'signatures'),
		],
	},
	{
		from: {name: 'Harbour Bookshop', address: 'news@harbourbooks.example', place: 'Tromsø'},
		title: 'New on the shelf',
		color: '#7a2e1d',
		articles: [
			article('Northern Lights, again', 'The new edition with colour plates has arrived.', 'northern-lights'),
			article('Readings in November', 'Three evenings, two of them in English, all of them warm.', 'readings'),
			article('The knitting table is back', 'By popular demand, next to the atlases.', 'knitting'),
			article('Order before the last boat', 'What leaves by the 4th arrives before the holidays.', 'last-boat'),
		],
	},
];

const linkTo = (newsletter: Newsletter, one: Article, issue: number): string =>
	`https://${newsletter.from.address.split('@')[1]}/${issue}/${one.path}?utm_source=mail&utm_campaign=issue-${issue}`;

const plainIssue = (newsletter: Newsletter, issue: number, articles: readonly Article[]): string =>
	[
		`${newsletter.title}, no. ${issue}`,
		'='.repeat(newsletter.title.length + 10),
		...articles.map(one => `* ${one.title}\n\n${wrap(one.lead, 68)}\n  ${linkTo(newsletter, one, issue)}`),
		'You get this because you asked for it.\n'.concat(
			`Leave: https://${newsletter.from.address.split('@')[1]}/leave?id=${issue}77`,
		),
	].join('\n\n');

const htmlIssue = (newsletter: Newsletter, issue: number, articles: readonly Article[]): string => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${newsletter.title}</title>
<style>body{font-family:Georgia,serif;color:#222} h1{color:${newsletter.color}} .small{font-size:11px;color:#888}</style></head>
<body><table width="600" align="center" cellpadding="0" cellspacing="0"><tr><td>
<h1>${newsletter.title}</h1><p class="small">No. ${issue} &middot; <a href="https://${newsletter.from.address.split('@')[1]}/${issue}">read in the browser</a></p>
${articles
	.map(
		one => `<h2><a href="${linkTo(newsletter, one, issue).replace(/&/g, '&amp;')}" style="color:${newsletter.color}">${one.title}</a></h2>
<img src="https://img.${newsletter.from.address.split('@')[1]}/${issue}/${one.path}.jpg" alt="${one.title}" width="560" height="220">
<p>${one.lead} <a href="${linkTo(newsletter, one, issue).replace(/&/g, '&amp;')}">Read&nbsp;on&nbsp;&rarr;</a></p>`,
	)
	.join('\n<hr>\n')}
<p class="small">You get this because you asked for it. <a href="https://${newsletter.from.address.split('@')[1]}/leave?id=${issue}77">Leave</a></p>
<img src="https://track.${newsletter.from.address.split('@')[1]}/open.gif?m=${issue}" width="1" height="1" alt="">
</td></tr></table></body></html>
`;

export const planNewsletter = (
	newsletter: Newsletter,
	issue: number,
	time: number,
	chance: Random,
	flags: readonly string[],
): Planned => {
	const articles = chance.some(newsletter.articles, 3);
	const isHtmlOnly = chance.isOneIn(6);
	const write = () => {
		const html = text(htmlIssue(newsletter, issue, articles), {subtype: 'html', encoding: 'quoted-printable'});
		const body = isHtmlOnly ? html : multipart('alternative', [text(plainIssue(newsletter, issue, articles)), html]);
		const domain = newsletter.from.address.split('@')[1]!;
		return letter(
			{
				from: newsletter.from,
				to: [me],
				subject: `${newsletter.title}: ${articles[0]!.title}`,
				time,
				id: `issue-${issue}.${time.toString(36)}@${domain}`,
				more: [
					['List-Id', `${newsletter.title.replace(/[,:]/g, '')} <weekly.${domain}>`],
					['List-Unsubscribe', `<https://${domain}/leave?id=${issue}77>`],
					['Precedence', 'bulk'],
				],
			},
			body,
		);
	};
	return {time, flags, write};
};

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

type MailingList = {
	readonly name: string;
	readonly address: string;
	readonly people: readonly Person[];
	readonly subjects: readonly string[];
	readonly sentences: readonly string[];
};

const member = (name: string, address: string): Person => ({name, address, place: ''});

export const lists: Readonly<Record<string, MailingList>> = {
	ink: {
		name: 'ink',
		address: 'ink@lists.example',
		people: [
			member('Mireille Fabre', 'mireille@fabre.example'),
			member('Jun Park', 'jun@park.example'),
			member('Tadeusz Zielinski', 'tz@zielinski.example'),
			member('Olu Adeyemi', 'olu@adeyemi.example'),
		],
		subjects: [
			'Flicker when a list is taller than the screen',
			'useInput and bracketed paste',
			'Wide characters and borders',
			'Rendering to something that is not a terminal',
			'Static output above a live region',
			'Testing with a fake terminal',
		],
		sentences: [
			'I can see it with 24 rows and never with 25.',
			'Every frame is written whole, so a slow line shows each of them being painted.',
			'Writing only the cells that changed brought it from 2,100 bytes a key to 40.',
			'The width of a flag emoji is two in one terminal and four in the next.',
			'A snapshot test found this before I did.',
			'Could we make the cursor visible at the selected row? Screen readers follow it.',
			'I have a patch, but it needs somebody with a VT100 to try it.',
		],
	},
	'imap-protocol': {
		name: 'imap-protocol',
		address: 'imap-protocol@lists.example',
		people: [
			member('Edith Crane', 'edith@crane.example'),
			member('Bohdan Kowal', 'kowal@wire.example'),
			member('Sanna Virtanen', 'sanna@virtanen.example'),
			member('H. G. Pell', 'pell@oldmail.example'),
			member('Rui Costa', 'rui@costa.example'),
		],
		subjects: [
			'VANISHED before the UIDVALIDITY is known',
			'Untagged FETCH between two pipelined commands',
			'Is BINARY.SIZE allowed to be an estimate?',
			'QRESYNC and a server that was restored from backup',
			'COMPRESS and BEAST, again',
			'ESEARCH without results',
			'What RFC 1733 meant by disconnected',
		],
		sentences: [
			'Section 7.4.1 forbids EXPUNGE during FETCH, STORE and SEARCH, and says nothing about UID FETCH.',
			'Our server sends the rows of the second command before the tagged OK of the first; clients must not care.',
			'A client that trusts the tag to tell whose row it is will be wrong sooner or later.',
			'The modification sequence may be told in any response, and only the last one counts.',
			'I read it as a SHOULD, but I also wrote half of it, so do not trust me.',
			'A literal cannot be taken back once it has begun; ask for less at a time.',
			'We tried it over a satellite link: 600 ms and one turn is bearable, twelve are not.',
			'NIL is not the empty string, and three implementations disagree.',
		],
	},
};

/** One message of a mailing list; `index` counts within its thread. */
export const planListMessage = (
	list: MailingList,
	thread: number,
	index: number,
	time: number,
	chance: Random,
	flags: readonly string[],
): Planned => {
	const from = chance.pick(list.people);
	const subject = list.subjects[thread % list.subjects.length]!;
	const own = chance.some(list.sentences, 1 + chance.below(3)).join(' ');
	const quoted = index === 0 ? '' : `> ${wrap(chance.pick(list.sentences), 70).replace(/\n/g, '\n> ')}\n\n`;
	const id = (n: number) => `${list.name}.${thread}.${n}@lists.example`;
	return {
		time,
		flags,
		write: () =>
			letter(
				{
					from,
					to: [{name: '', address: list.address, place: ''}],
					subject: `${index === 0 ? '' : 'Re: '}[${list.name}] ${subject}`,
					time,
					id: id(index),
					references: Array.from({length: index}, (_, n) => id(n)),
					more: [
						['List-Id', `<${list.name}.lists.example>`],
						['List-Post', `<mailto:${list.address}>`],
					],
				},
				multipart('mixed', [
					text(`${quoted}${wrap(own)}\n\n${firstName(from)}\n${signature({...from, place: list.address})}`),
					text(
						`_______________________________________________\n${list.name} mailing list\nhttps://lists.example/${list.name}\n`,
					),
				]),
			),
	};
};
