import {type ReactElement, useMemo} from 'react';
import {standingStill} from '../source/model/dependence.ts';
import {isElsewhere} from '../source/model/operation.ts';
import {sentenceOf} from '../source/model/operation-words.ts';
import {ours} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import {phrases} from './aloud.ts';
import {dateOf} from './format.ts';
import {heardMore, heardRow, noteLines} from './lines.tsx';
import {ListPage, listLines} from './list-page.tsx';
import {clampView, type ListView, listCommands} from './list-view.ts';
import {useRemembered} from './memory.ts';
import {hasBegun, reasonOf, stateOf, waitingWords} from './outbox-words.ts';
import type {ScreenProps} from './places.ts';
import {safe} from './safe.ts';
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
	const lines = listLines(all, {...view, height: listRows}, theme, (operation, isSelected) => {
		const [state, date] = [stateOf(operation, standing.get(operation.id)), dateOf(operation.madeAt, clock())];
		const sentence = sentenceOf(operation);
		return {
			text: fit(safe`${fit(state, 8)} ${fit(date, 10)} ${sentence}`, columns - 1),
			heard: () => heardRow(operation.id, isSelected, phrases(sentence, state, date), state),
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
		<ListPage
			session={session}
			theme={theme}
			columns={columns}
			rows={rows}
			name={ours('outbox')}
			middle={waitingWords(waiting, held)}
			lines={lines}
		/>
	);
}
