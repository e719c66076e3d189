/**
 * What of each mailbox is to come to the disk, what is here of it, and what the rest would cost now. Looking and editing
 * cost nothing.
 */
import {Box} from 'ink';
import {type ReactElement, useEffect, useMemo} from 'react';
import {ours, safeLine} from '../source/model/safe-text.ts';
import {heardRow, type Line, Lines, noteLines} from './lines.tsx';
import {listLines} from './list-page.tsx';
import {clampView, listCommands} from './list-view.ts';
import {lookCommand} from './look-command.ts';
import {useRemembered} from './memory.ts';
import {modelCommands} from './model-commands.ts';
import type {ScreenProps, WishesView} from './places.ts';
import {safe} from './safe.ts';
import {TitleLine} from './title-line.tsx';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLive} from './use-live.ts';
import {WishEditor} from './wish-editor.tsx';
import {
	bodiesNote,
	rowCostWords,
	wishAloud,
	wishHeading,
	wishLine,
	wishNote,
	wishRows,
	wishState,
} from './wish-rows.ts';

/** The wish under the cursor in full, and its cost. */
const footRows = 4;

export function WishesScreen(props: ScreenProps<'wishes'>): ReactElement {
	const {place, session, program, theme, columns, rows: height} = props;
	const wishes = useLive(session.wishes);
	const models = useLive(session.models);
	const {mailboxes} = useLive(session.mailboxes);
	const link = useLive(session.link);
	useEffect(() => session.ensureMailboxes(), [session]);
	const first: WishesView = {path: place.from, top: 0, isEditing: false};
	const [remembered, setView] = useRemembered(place.memory, first);
	// What is here is counted when something may have come, not at each key.
	const rows = useMemo(() => wishRows({wishes, models}, mailboxes, session.held), [wishes, models, mailboxes, session]);
	const listRows = Math.max(1, height - 3 - footRows);
	const found = rows.findIndex(({path}) => path === remembered.path);
	const view = clampView({row: found, top: remembered.top}, rows.length, listRows);
	const current = rows[view.row];
	const edit = (isEditing: boolean): void => setView({...remembered, path: current?.path, isEditing});
	const isEditing = remembered.isEditing && current !== undefined;

	useCommands('wishes', {
		...listCommands(
			view,
			rows.length,
			listRows,
			next => setView({...remembered, top: next.top, path: rows[next.row]?.path}),
			program,
		),
		open: () => edit(true),
		resetWish: current?.isOwn ? () => session.setWish(current.path, undefined) : undefined,
		...modelCommands(session, current?.path, program),
		look: lookCommand(session, program, {isList: true}),
	});

	useCursorAt('screen', {x: 0, y: view.row - view.top + 2});
	const title = (
		<TitleLine
			session={session}
			theme={theme}
			columns={columns}
			left={safe`${safeLine(session.account)}  ${isEditing ? safe`wish of ${current.name}` : ours('wishes')}`}
			middle={isEditing ? ours('') : safe`${view.row + 1} of ${rows.length}`}
		/>
	);
	if (isEditing)
		return (
			<Box flexDirection="column">
				{title}
				<WishEditor
					name={current.name}
					wish={current.wish}
					costOf={wish => rowCostWords(current, wish, link)}
					theme={theme}
					columns={columns}
					rows={height - 1}
					onKeep={wish => {
						session.setWish(current.path, wish);
						edit(false);
					}}
					onLeave={() => edit(false)}
				/>
			</Box>
		);
	const lines: Line[] = [
		{text: wishHeading(columns), style: theme.quiet},
		...listLines(rows, {...view, height: listRows}, theme, (row, isSelected) => ({
			text: wishLine(row, columns, link),
			heard: () => heardRow(row.path ?? '-all others', isSelected, wishAloud(row, link), wishState(row)),
			style: {...(row.isOwn ? {} : theme.quiet), ...(isSelected ? {...theme.selected, dimColor: false} : {})},
		})),
	];
	while (lines.length < listRows + 2) lines.push({text: ours('')});
	if (current) {
		const note = wishNote(current, rows, link, program.keys);
		const isOfAll = current.path === undefined;
		const words = isOfAll ? safe`${note} ${bodiesNote(session.bodies())}` : note;
		lines.push(...noteLines(words, {columns, rows: footRows, style: theme.quiet}));
	}
	return (
		<Box flexDirection="column">
			{title}
			<Lines lines={lines} columns={columns} rows={height - 1} />
		</Box>
	);
}
