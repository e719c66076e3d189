/**
 * The log as sentences: what waits to be sent, what was refused and why, and for a while what is done.
 */
import {Box} from 'ink';
import {type ReactElement, useMemo} from 'react';
import {standingStill} from '../source/model/dependence.ts';
import {isElsewhere} from '../source/model/operation.ts';
import {sentenceOf} from '../source/model/operation-words.ts';
import {ours, safeLine} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import {phrases} from './aloud.ts';
import {dateOf} from './format.ts';
import {heardMore, heardRow, type Line, Lines, noteLines} from './lines.tsx';
import {clampView, type ListView, listCommands} from './list-view.ts';
import {useRemembered} from './memory.ts';
import {hasBegun, reasonOf, stateOf, waitingWords} from './outbox-words.ts';
import type {ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {TitleLine} from './title-line.tsx';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLive} from './use-live.ts';

const reasonRows = 3;
const newest: ListView = {row: Number.MAX_SAFE_INTEGER, top: 0};

export function OutboxScreen({
	place,
	session,
	program,
	theme,
	clock,
	columns,
	rows,
}: ScreenProps<'outbox'>): ReactElement {
	const all = useLive(session.operations);
	const standing = useMemo(() => standingStill(all), [all]);
	const held = all.filter(each => standing.has(each.id) && !isElsewhere(each)).length;
	const [remembered, setView] = useRemembered(place.memory, newest);
	const listRows = Math.max(1, rows - 2 - reasonRows);
	const view = clampView(remembered, all.length, listRows);
	const current = all[view.row];

	useCommands('outbox', {
		...listCommands(view, all.length, listRows, setView, program),
		discard: current && (() => session.discard(current.id)),
		...(current ? {undo: () => session.undo(current.id)} : {}),
		retry: current?.state === 'refused' ? () => session.retry(current.id) : undefined,
		hold:
			current?.state === 'waiting' && !hasBegun(current) ? () => session.hold(current.id, !current.isHeld) : undefined,
	});

	useCursorAt('screen', {x: 0, y: view.row - view.top + 1});
	const lines: Line[] = all.slice(view.top, view.top + listRows).map((operation, index) => {
		const isSelected = view.top + index === view.row;
		const state = stateOf(operation, standing.get(operation.id));
		const words = safe`${fit(state, 8)} ${fit(dateOf(operation.madeAt, clock()), 10)} ${sentenceOf(operation)}`;
		return {
			text: fit(safe`${isSelected ? theme.pointer : ours(' ')}${words}`, columns),
			heard: () =>
				heardRow(
					operation.id,
					isSelected,
					phrases(sentenceOf(operation), state, dateOf(operation.madeAt, clock())),
					state,
				),
			style: {
				...(operation.state === 'done' || operation.state === 'undone' ? theme.quiet : {}),
				...(operation.state === 'refused' ? theme.problem : {}),
				...(isSelected ? theme.selected : {}),
			},
		};
	});
	if (all.length === 0) {
		const words = ours('Nothing was decided lately.');
		lines.push({text: ours('')}, {text: safe`  ${words}`, style: theme.quiet, heard: () => heardMore(words)});
	}
	while (lines.length < listRows + 1) lines.push({text: ours('')});
	lines.push(...noteLines(reasonOf(current, standing, program.keys), {columns, rows: reasonRows, style: theme.quiet}));
	const waiting = all.filter(({state}) => state === 'waiting').length;
	return (
		<Box flexDirection="column">
			<TitleLine
				session={session}
				theme={theme}
				columns={columns}
				left={safe`${safeLine(session.account)}  outbox`}
				middle={waitingWords(waiting, held)}
			/>
			<Lines lines={lines} columns={columns} rows={rows - 1} />
		</Box>
	);
}
