import {type ReactElement, useMemo} from 'react';
import {standingStill} from '../source/model/dependence.ts';
import {models} from '../source/model/model.ts';
import {isElsewhere, type Operation} from '../source/model/operation.ts';
import {sentenceOf} from '../source/model/operation-words.ts';
import type {ShownLetter} from '../source/model/outgoing.ts';
import {letterWords} from '../source/model/outgoing-words.ts';
import {ours} from '../source/model/safe-text.ts';
import {mayTryAgain} from '../source/model/try-again.ts';
import {fit} from '../source/model/width.ts';
import type {Session} from '../source/session/session.ts';
import {phrases} from './aloud.ts';
import {dateOf} from './format.ts';
import {isTrouble, letterReason, letterState} from './letter-words.ts';
import {heardRow, insteadOfRows, noteLines} from './lines.tsx';
import {ListPage, listLines} from './list-page.tsx';
import {clampView, type ListView, listCommands} from './list-view.ts';
import {useRemembered} from './memory.ts';
import {hasBegun, reasonOf, stateOf, waitingWords} from './outbox-words.ts';
import type {Program, ScreenProps} from './places.ts';
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
	const operations = useLive(session.operations);
	const letters = useLive(session.post.letters);
	const {account: model} = useLive(session.models);
	const {state: line, isLocal} = useLive(session.link);
	const all = useMemo(() => merged(operations, letters), [operations, letters]);
	const standing = useMemo(() => standingStill(operations), [operations]);
	const held = operations.filter(each => standing.has(each.id) && !isElsewhere(each)).length;
	const [remembered, setView] = useRemembered(place.memory, newest);
	const listRows = Math.max(1, rows - 2 - reasonRows);
	const view = clampView(remembered, all.length, listRows);
	const current = all[view.row];
	const now = clock();
	const around = {
		now,
		keys: program.keys,
		isSentAtOnce: models[model].dialsByItself || line === 'up',
		isUp: line === 'up',
		isLocal,
	};

	useCommands('outbox', {
		...listCommands(view, all.length, listRows, setView, program),
		discard: undefined,
		retry: undefined,
		arrived: undefined,
		hold: undefined,
		...(current &&
			('letter' in current
				? letterCommands(current.letter, session, program)
				: operationCommands(current.operation, session))),
	});

	useCursorAt('screen', {x: 0, y: view.row - view.top + 1});
	const lines = listLines(all, {...view, height: listRows}, theme, (row, isSelected) => {
		const {key, madeAt, state, sentence, isOver, isProblem} = shown(row, standing, now);
		const date = dateOf(madeAt, now);
		return {
			text: fit(safe`${fit(state, 8)} ${fit(date, 10)} ${sentence}`, columns - 1),
			heard: () => heardRow(key, isSelected, phrases(sentence, state, date), state),
			style: {
				...(isOver ? theme.quiet : {}),
				...(isProblem ? theme.problem : {}),
				...(isSelected ? theme.selected : {}),
			},
		};
	});
	if (all.length === 0) lines.push({text: ours('')}, insteadOfRows(ours('Nothing was decided lately.'), theme.quiet));
	while (lines.length < listRows + 1) lines.push({text: ours('')});
	const reason =
		current && 'letter' in current
			? letterReason(current.letter, around)
			: reasonOf(current?.operation, standing, around);
	lines.push(...noteLines(reason, {columns, rows: reasonRows, style: theme.quiet}));
	const waiting = [...operations, ...letters].filter(({state}) => state === 'waiting').length;
	return (
		<ListPage
			session={session}
			theme={theme}
			columns={columns}
			rows={rows}
			name={ours('outbox')}
			middle={waitingWords(waiting, held + letters.filter(each => each.state === 'waiting' && each.isHeld).length)}
			lines={lines}
		/>
	);
}

type Row = {readonly operation: Operation} | {readonly letter: ShownLetter};

const madeAtOf = (row: Row): number => ('letter' in row ? row.letter : row.operation).madeAt;

/** In the order they were decided. */
const merged = (operations: readonly Operation[], letters: readonly ShownLetter[]): readonly Row[] =>
	[...letters.map(letter => ({letter})), ...operations.map(operation => ({operation}))].sort(
		(a, b) => madeAtOf(a) - madeAtOf(b),
	);

function shown(row: Row, standing: ReturnType<typeof standingStill>, now: number) {
	if ('letter' in row) {
		const {letter} = row;
		const [isOver, isProblem] = [letter.state === 'sent', isTrouble(letter)];
		const [key, state, sentence] = [letter.id, letterState(letter, now), letterWords(letter)];
		return {key, madeAt: letter.madeAt, state, sentence, isOver, isProblem};
	}
	const {operation} = row;
	const {id, madeAt} = operation;
	return {
		key: id,
		madeAt,
		state: stateOf(operation, standing.get(id)),
		sentence: sentenceOf(operation),
		isOver: operation.state === 'done' || operation.state === 'undone',
		isProblem: operation.state === 'refused',
	};
}

const operationCommands = (operation: Operation, session: Session) => ({
	discard: () => session.discard(operation.id),
	undo: () => session.undo(operation.id),
	retry: mayTryAgain(operation) ? () => session.retry(operation.id) : undefined,
	hold:
		operation.state === 'waiting' && !hasBegun(operation)
			? () => session.hold(operation.id, !operation.isHeld)
			: undefined,
});

function letterCommands({id, state, isHeld}: ShownLetter, {post}: Session, {ask}: Program) {
	const sendTwice = (): void =>
		ask({kind: 'yes-or-no', label: ours('It may arrive twice. Send it again?'), onYes: () => post.sendAgain(id)});
	/** It may be all there is of what somebody wrote. */
	const throwAway = (): void =>
		ask({kind: 'yes-or-no', label: ours('Throw this mail away for good?'), onYes: () => post.discard(id)});
	const mayGo = state === 'waiting' || state === 'refused';
	return {
		discard: state === 'sent' ? () => post.discard(id) : throwAway,
		undo: () => post.takeBack(id),
		retry: state === 'unknown' ? sendTwice : mayGo ? () => post.sendAgain(id) : undefined,
		arrived: state === 'unknown' ? () => post.arrived(id) : undefined,
		hold: state === 'waiting' ? () => post.hold(id, !isHeld) : undefined,
	};
}
