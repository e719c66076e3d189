/**
 * The bytes ledger as lines: what the line does, a chart over time, and what was spent for what and where. Pure.
 */
import type {Link} from '../source/model/link.ts';
import {ours, type SafeText, safeJoin, safeLine} from '../source/model/safe-text.ts';
import {type Ledger, purposes, purposeWords, totalBytes, type Usage} from '../source/model/usage.ts';
import {fit} from '../source/model/width.ts';
import {bytesOf, rateOf, sizeOf} from './format.ts';
import type {Line} from './lines.tsx';
import {safe, spaces} from './safe.ts';
import type {Theme} from './theme.ts';

export type Span = 'hours' | 'days';

export const spans: Readonly<Record<Span, {words: string; oldest: string; each: string}>> = {
	hours: {words: 'The last 24 hours', oldest: '24 hours ago', each: 'an hour'},
	days: {words: 'The last 30 days', oldest: '30 days ago', each: 'a day'},
};

const chartRows = 4;

export function usageLines(
	ledger: Ledger,
	link: Link,
	look: {readonly columns: number; readonly theme: Theme; readonly span: Span},
): Line[] {
	const {columns, theme, span} = look;
	const bars = span === 'hours' ? ledger.lastHours : ledger.lastDays;
	const {words, oldest, each} = spans[span];
	const most = Math.max(...bars);
	const scale = most === 0 ? ours('nothing yet') : safe`at most ${bytesOf(most)} ${ours(each)}`;
	const chart = barChart(bars, columns - 4, theme);
	const axis = safe`  ${fit(ours(oldest), Math.max(1, (chart[0]?.length ?? 0) - 3))}${ours('now')}`;
	return [
		{text: safe`  ${lineWords(link)}`},
		{text: ours('')},
		{text: safe`  ${ours(words)}: ${scale}`, style: theme.quiet},
		...chart.map(text => ({text: safe`  ${text}`})),
		{text: axis, style: theme.quiet},
		{text: ours('')},
		...tableLines(ledger, columns, theme),
	];
}

/** `4.2 kB/s down, round trip 310 ms, encrypted, compressed`. */
export function lineWords(link: Link): SafeText {
	if (link.isLocal) return ours('This mail is on your disk: there is no line, and nothing costs anything');
	const {bytesPerSecond, roundTripMs} = link;
	if (link.state !== 'up') return ours('There is no line now');
	return safeJoin(
		[
			bytesPerSecond === undefined ? ours('rate not measured yet') : safe`${rateOf(bytesPerSecond)} down`,
			...(roundTripMs === undefined ? [] : [safe`round trip ${Math.round(roundTripMs)} ms`]),
			ours(link.isEncrypted ? 'encrypted' : 'cleartext'),
			ours(link.isCompressed ? 'compressed' : 'not compressed'),
		],
		ours(', '),
	);
}

/** Bars of equal width, `chartRows` high, from the top. */
export function barChart(values: readonly number[], columns: number, {bars}: Pick<Theme, 'bars'>): SafeText[] {
	const width = Math.max(1, Math.floor(columns / values.length));
	const steps = bars.length - 1;
	const most = Math.max(1, ...values);
	// What is little is still more than nothing.
	const levels = values.map(value => (value === 0 ? 0 : Math.max(1, Math.round((value / most) * chartRows * steps))));
	return Array.from({length: chartRows}, (_, row) => {
		const below = (chartRows - 1 - row) * steps;
		const cells = levels.map(level => {
			const bar = bars[Math.max(0, Math.min(steps, level - below))] ?? ours(' ');
			const gap = width > 1 ? 1 : 0;
			return safe`${ours(bar.repeat(width - gap))}${spaces(gap)}`;
		});
		return safeJoin(cells, ours(''));
	});
}

function tableLines({connection, today, ever}: Ledger, columns: number, theme: Theme): Line[] {
	const all = [connection, today, ever];
	const figureColumns = columns >= 64 ? 12 : 7;
	const wordColumns = Math.min(42, columns - 2 - all.length * figureColumns);
	const row = (words: SafeText, figures: readonly SafeText[]): SafeText =>
		safe`  ${fit(words, wordColumns)}${safeJoin(
			figures.map(figure => fit(figure, figureColumns, {align: 'right'})),
			ours(''),
		)}`;
	const sizes = (words: SafeText, of: (usage: Usage) => number): Line => ({
		text: row(
			words,
			all.map(usage => sizeOf(of(usage))),
		),
	});
	const used = purposes.filter(purpose => ever.byPurpose[purpose] > 0);
	const mailboxes = [...ever.byMailbox].sort(([, a], [, b]) => b - a).map(([mailbox]) => mailbox);
	const heads = columns >= 64 ? ['connection', 'today', 'ever'] : ['line', 'today', 'ever'];
	return [
		{text: row(ours('Bytes'), heads.map(ours)), style: theme.quiet},
		{...sizes(ours('all'), totalBytes), style: theme.strong},
		sizes(ours('up'), usage => usage.upBytes),
		sizes(ours('down'), usage => usage.downBytes),
		{
			text: row(
				ours('round trips'),
				all.map(usage => ours(String(usage.turns))),
			),
		},
		{text: ours('')},
		...used.map(purpose => sizes(ours(purposeWords[purpose]), usage => usage.byPurpose[purpose])),
		{text: ours('')},
		...mailboxes.map(mailbox =>
			sizes(mailbox === '' ? ours('about no mailbox') : safeLine(mailbox), usage => usage.byMailbox.get(mailbox) ?? 0),
		),
	];
}
