/**
 * The bytes ledger as sentences, for the plain mode: a chart is the times at which something was spent. Pure.
 */
import type {Link} from '../source/model/link.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {type Ledger, purposes, purposeWords, totalBytes, type Usage} from '../source/model/usage.ts';
import {aloud} from './aloud.ts';
import {bytesOf} from './format.ts';
import type {Line} from './lines.tsx';
import {safe} from './safe.ts';
import {lineWords, type Span, spans} from './usage-lines.ts';

export function usageAloud(ledger: Ledger, link: Link, span: Span): Line[] {
	const bars = span === 'hours' ? ledger.lastHours : ledger.lastDays;
	const times = bars.flatMap((bytes, index) =>
		bytes === 0 ? [] : [safe`${bytesOf(bytes)} ${agoOf(bars.length - 1 - index, span)}`],
	);
	const used = purposes.filter(purpose => ledger.ever.byPurpose[purpose] > 0);
	const mailboxes = [...ledger.ever.byMailbox].sort(([, a], [, b]) => b - a).map(([mailbox]) => mailbox);
	const sizes = (words: SafeText, of: (usage: Usage) => number): SafeText =>
		figures(words, ledger, usage => bytesOf(of(usage)));
	const lines = [
		aloud(lineWords(link)),
		safe`${ours(spans[span].words)}:${times.length === 0 ? ours(' nothing yet') : ours('')}`,
		...times.toReversed(),
		sizes(ours('all'), totalBytes),
		sizes(ours('up'), usage => usage.upBytes),
		sizes(ours('down'), usage => usage.downBytes),
		figures(ours('round trips'), ledger, usage => ours(String(usage.turns))),
		...used.map(purpose => sizes(ours(purposeWords[purpose]), usage => usage.byPurpose[purpose])),
		...mailboxes.map(mailbox =>
			sizes(mailbox === '' ? ours('about no mailbox') : safeLine(mailbox), usage => usage.byMailbox.get(mailbox) ?? 0),
		),
	];
	return lines.map(text => ({text}));
}

const figures = (words: SafeText, {connection, today, ever}: Ledger, of: (usage: Usage) => SafeText): SafeText =>
	safe`${words}: ${of(connection)} on this line, ${of(today)} today, ${of(ever)} ever`;

function agoOf(steps: number, span: Span): SafeText {
	const unit = span === 'hours' ? 'hour' : 'day';
	if (steps === 0) return ours(span === 'hours' ? 'in this hour' : 'today');
	return ours(`${steps} ${unit}${steps === 1 ? '' : 's'} ago`);
}
