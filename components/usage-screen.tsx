/**
 * The bytes ledger of the account: what the line does, a chart over time, what was spent for what and where.
 */
import {useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useMemo} from 'react';
import {safeLine} from '../source/model/safe-text.ts';
import {useRemembered} from './memory.ts';
import type {ScreenProps, UsageView} from './places.ts';
import {safe} from './safe.ts';
import {clampTop, sayEnd, scrollCommands} from './scroll.ts';
import {TextPage} from './text-page.tsx';
import {usageAloud} from './usage-aloud.ts';
import {usageLines} from './usage-lines.ts';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLive} from './use-live.ts';

const firstView: UsageView = {top: 0, span: 'hours'};

export function UsageScreen({
	place,
	session,
	program,
	theme,
	columns,
	rows: height,
}: ScreenProps<'usage'>): ReactElement {
	const ledger = useLive(session.ledger);
	const link = useLive(session.link);
	const [view, setView] = useRemembered(place.memory, firstView);
	const isPlain = useIsScreenReaderEnabled();
	// biome-ignore lint/correctness/useExhaustiveDependencies: figures that move on while they are read would be heard anew
	const heard = useMemo(() => usageAloud(ledger, link, view.span), [view.span]);
	const all = isPlain ? heard : usageLines(ledger, link, {columns, theme, span: view.span});
	const rows = height - 1;
	const scroll = {top: clampTop({top: view.top, count: all.length, rows}), count: all.length, rows};
	useCommands('usage', {
		...scrollCommands(scroll, top => setView({...view, top}), sayEnd(program)),
		chartSpan: () => setView({...view, span: view.span === 'hours' ? 'days' : 'hours'}),
	});
	useCursorAt('screen', {x: 0, y: 1});
	return (
		<TextPage {...{session, theme, columns, scroll}} name={safe`${safeLine(session.account)}  usage`} lines={all} />
	);
}
