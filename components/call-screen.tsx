import {type ReactElement, useEffect} from 'react';
import type {CommandName} from '../source/keys/commands.ts';
import {type CallLine, idleWords} from '../source/model/call.ts';
import {models} from '../source/model/model.ts';
import {ours} from '../source/model/safe-text.ts';
import {
	callAloud,
	callHeading,
	callLine,
	callNote,
	callState,
	elsewhereWords,
	isCut,
	stateOfLine,
} from './call-rows.ts';
import {asWaiting, heardRow, insteadOfRows, type Line, noteLines} from './lines.tsx';
import {ListPage, listLines} from './list-page.tsx';
import {clampView, listCommands} from './list-view.ts';
import {useRemembered} from './memory.ts';
import type {CallView, ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLive} from './use-live.ts';
import {useOffered} from './use-offered.ts';

const noteRows = 3;
/** For the sentence under the cursor, where its row cannot hold it. */
const mostSentenceRows = 4;
const firstView: CallView = {row: 0, top: 0, isBegun: false};
const ofPlan: readonly CommandName[] = ['open', 'mark'];

export function CallScreen({
	place,
	session,
	sessions,
	program,
	theme,
	columns,
	rows,
}: ScreenProps<'call'>): ReactElement {
	const call = useLive(session.call);
	const {bytesPerSecond = call?.bytesPerSecond} = useLive(session.link);
	const [remembered, setView] = useRemembered(place.memory, firstView);
	const all = call?.lines ?? [];
	// Title, heading, and below the list an empty line.
	const whole = (line: CallLine): Line[] => {
		if (!isCut(line, columns)) return [];
		// One row of the list stays.
		const room = Math.max(0, Math.min(mostSentenceRows, rows - 4 - noteRows));
		// It is heard with its row.
		const below = noteLines(line.sentence, {columns, rows: room, style: theme.quiet});
		return below.map(each => ({...each, heard: () => []}));
	};
	const sentenceRows = Math.max(0, ...all.map(line => whole(line).length));
	const listRows = Math.max(1, rows - 3 - sentenceRows - noteRows);
	const view = clampView(remembered, all.length, listRows);
	const current = all[view.row];
	const state = call?.state;
	const isOver = state === undefined || state === 'done' || state === 'ended';

	const {isBegun} = remembered;
	useEffect(() => {
		if (isBegun) return;
		setView(before => ({...before, isBegun: true}));
		if (isOver) session.planCall();
	}, [isBegun, isOver, session, setView]);
	// Nothing to be asked about: it is over, and the line with it.
	const isEmpty = state === 'planned' && all.length === 0;
	useEffect(() => {
		if (isEmpty) session.goCall();
	}, [isEmpty, session]);

	/** In a place of its own: what was told of the call before does not stand below the next one. */
	const planAnew = (): void => {
		program.replace({...place}, session.account);
		session.planCall();
	};

	useCommands('call', {
		...listCommands(view, all.length, listRows, next => setView({...remembered, ...next}), program),
		open: state === 'planned' ? () => session.goCall() : undefined,
		mark: state === 'planned' && current ? () => session.strike(current.key, !current.isStruck) : undefined,
		stopCall: state === 'asking' || state === 'going' ? () => session.stopCall() : undefined,
		look: isOver ? planAnew : undefined,
		back() {
			// What is under way goes on; a plan nobody said yes to does not keep the line.
			if (state !== undefined && state !== 'going') session.stopCall();
			program.back();
		},
	});

	useOffered(state === 'planned' ? ofPlan : undefined);

	const operations = useLive(session.operations);
	const waiting = operations.filter(each => each.state === 'waiting');
	const elsewhere = elsewhereWords(operations, account => {
		const model = sessions.find(each => each.account === account)?.models.get().account ?? 'online';
		return !models[model].dialsByItself;
	});
	useCursorAt('screen', {x: 0, y: view.row - view.top + 2});
	const lines: Line[] = [
		{text: callHeading(columns), style: theme.quiet},
		...listLines(all, {...view, height: listRows}, theme, (line, isSelected) => ({
			text: callLine(line, columns, bytesPerSecond),
			heard: () => heardRow(line.key, isSelected, callAloud(line, bytesPerSecond), stateOfLine(line)),
			style: {
				...(line.isStruck || line.state === 'done' ? theme.quiet : {}),
				...(line.state === 'failed' ? theme.problem : {}),
				...(isSelected ? {...theme.selected, dimColor: false} : {}),
			},
		})),
	];
	if (all.length === 0 && (state === 'done' || isEmpty)) {
		lines.push(insteadOfRows(safe`${idleWords(waiting.length)}.`, theme.quiet));
	}
	while (lines.length < listRows + 2) lines.push({text: ours('')});
	const note =
		theme.isSlow && state === 'going'
			? ours('Under way.')
			: callNote(call, {keys: program.keys, isStruck: current?.isStruck, elsewhere});
	if (current) lines.push(...whole(current));
	const foot = noteLines(note, {columns, rows: noteRows, style: theme.quiet});
	// What it has cost by now is heard by who asks.
	lines.push(...(state === 'going' ? foot.map(asWaiting) : foot));
	return (
		<ListPage
			session={session}
			theme={theme}
			columns={columns}
			rows={rows}
			name={ours('call')}
			middle={callState(call)}
			lines={lines}
		/>
	);
}
