/** Newsletters: text and HTML side by side, sometimes HTML alone, with links, pictures from elsewhere and a pixel that tells. */
import {multipart, text} from './compose.ts';
import {letter, type Planned, wrap} from './letters.ts';
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
