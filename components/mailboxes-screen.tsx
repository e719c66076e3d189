import {type ReactElement, useEffect, useMemo} from 'react';
import type {MailboxPath} from '../source/model/ids.ts';
import type {Mailbox} from '../source/model/mailbox.ts';
import {ours} from '../source/model/safe-text.ts';
import {heardRow, insteadOfRows, type Line} from './lines.tsx';
import {lackOf} from './link-words.ts';
import {ListPage, listLines} from './list-page.tsx';
import {clampView, listCommands} from './list-view.ts';
import {lookCommand} from './look-command.ts';
import {
	foldedAtFirst,
	type MailboxRow,
	mailboxAloud,
	mailboxHeading,
	mailboxLine,
	mailboxRows,
	mailboxState,
} from './mailbox-rows.ts';
import {emptyMemory, useRemembered} from './memory.ts';
import {agedWords} from './messages-words.ts';
import {modelCommands} from './model-commands.ts';
import {localOf, seenMailboxes} from './offline-place.ts';
import type {MailboxesView, ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLive} from './use-live.ts';

export function MailboxesScreen({
	place,
	session,
	sessions,
	program,
	theme,
	clock,
	columns,
	rows: height,
	openMailbox,
}: ScreenProps<'mailboxes'> & {openMailbox(path: MailboxPath): void}): ReactElement {
	const listed = useLive(session.mailboxes);
	const {state, asOf} = listed;
	const models = useLive(session.models);
	const local = localOf(sessions);
	const here = useLive((local ?? session).mailboxes);
	// biome-ignore lint/correctness/useExhaustiveDependencies: which of them are offline is a matter of the models
	const mailboxes = useMemo(
		() => seenMailboxes(session, listed, local === undefined ? undefined : here),
		[session, listed, local, here, models],
	);
	const lack = lackOf(useLive(session.link), program.keys);
	const first: MailboxesView = {path: place.from, top: 0, folded: undefined};
	const [remembered, setView] = useRemembered(place.memory, first);

	const isWaiting = useLive(session.operations).some(operation => operation.state === 'waiting');
	// biome-ignore lint/correctness/useExhaustiveDependencies: what was just confirmed has changed the counts
	useEffect(() => session.ensureMailboxes({withCounts: true}), [session, isWaiting]);
	// On this disk counting costs nothing on the line; another program, or a call, may have changed what is there.
	const hasOffline = mailboxes.some(({isOffline}) => isOffline === true);
	const callState = useLive(session.call)?.state;
	// biome-ignore lint/correctness/useExhaustiveDependencies: what a call brought has changed the counts
	useEffect(() => {
		if (hasOffline) local?.ensureMailboxes({isFresh: true});
	}, [hasOffline, local, callState]);

	const folded = useMemo(() => remembered.folded ?? foldedAtFirst(mailboxes), [remembered.folded, mailboxes]);
	const rows = useMemo(() => mailboxRows(mailboxes, folded), [mailboxes, folded]);
	// Title and heading.
	const listRows = height - 2;
	// The cursor stays on its mailbox when the list changes around it.
	const found = rows.findIndex(row => row.mailbox.path === remembered.path);
	const view = clampView({row: found, top: remembered.top}, rows.length, listRows);
	const current = rows[view.row];

	const fold = (mailbox: Mailbox, isFolded: boolean): void => {
		const next = new Set(folded);
		if (isFolded) next.add(mailbox.path);
		else next.delete(mailbox.path);
		setView({...remembered, path: mailbox.path, folded: next});
	};
	const open = ({mailbox, isFoldable, isFolded}: MailboxRow): void => {
		if (mailbox.isSelectable) openMailbox(mailbox.path);
		else if (isFoldable) fold(mailbox, !isFolded);
		else program.say(safe`${mailbox.name} holds no messages`);
	};
	const foldOrUp = ({mailbox, isFoldable, isFolded}: MailboxRow): void => {
		if (isFoldable && !isFolded) fold(mailbox, true);
		else if (rows.some(row => row.mailbox.path === mailbox.parent)) setView({...remembered, path: mailbox.parent});
		else program.open({screen: 'accounts', memory: emptyMemory(), from: session.account});
	};

	useCommands('mailboxes', {
		...listCommands(
			view,
			rows.length,
			listRows,
			next => setView({...remembered, top: next.top, path: rows[next.row]?.mailbox.path}),
			program,
		),
		open: () => (current ? open(current) : program.say(safe`the list is ${lack ?? ours('on its way')}`)),
		unfold: () => (current?.isFoldable ? fold(current.mailbox, false) : undefined),
		fold: () => (current ? foldOrUp(current) : undefined),
		toggleFold: current?.isFoldable ? () => fold(current.mailbox, !current.isFolded) : undefined,
		wishes: () => program.open({screen: 'wishes', memory: emptyMemory(), from: current?.mailbox.path}),
		...modelCommands(session, current?.mailbox.isSelectable ? current.mailbox.path : undefined, program),
		look: lookCommand(session, program, {isList: true}),
	});

	useCursorAt('screen', {x: 0, y: view.row - view.top + 2});
	const lines: Line[] = [
		{text: mailboxHeading(columns), style: theme.quiet},
		...listLines(rows, {...view, height: listRows}, theme, (row, isSelected) => ({
			text: mailboxLine(row, columns, theme),
			heard: () => heardRow(row.mailbox.path, isSelected, mailboxAloud(row), mailboxState(row)),
			style: {...((row.mailbox.unseen ?? 0) > 0 ? theme.unread : {}), ...(isSelected ? theme.selected : {})},
		})),
	];
	if (rows.length === 0) {
		const words =
			state === 'known' ? ours('No mailboxes.') : lack ? safe`The list is ${lack}.` : ours('The list is on its way…');
		lines.push(insteadOfRows(words, theme.quiet, {isWaiting: state !== 'known'}));
	}
	return (
		<ListPage
			session={session}
			theme={theme}
			columns={columns}
			rows={height}
			name={ours('mailboxes')}
			middle={agedWords(rows.length === 0 ? ours('') : safe`${view.row + 1} of ${rows.length}`, asOf, clock())}
			lines={lines}
		/>
	);
}
