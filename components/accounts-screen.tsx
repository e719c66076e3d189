/**
 * The accounts: what the line of each does, what is unread, what it has cost, and where it is. Looking here costs
 * nothing and dials nobody.
 */
import {Box} from 'ink';
import {type ReactElement, useEffect} from 'react';
import {type AccountName, demoName, inbox} from '../source/model/ids.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {accountCommands} from './account-commands.ts';
import {accountAloud, accountLine, accountState, accountsHeading, isUntouched} from './account-rows.ts';
import {heardRow, type Line, Lines, noteLines} from './lines.tsx';
import {listLines} from './list-page.tsx';
import {clampView, listCommands} from './list-view.ts';
import {lookCommand, openCall} from './look-command.ts';
import {useRemembered} from './memory.ts';
import {localOf} from './offline-place.ts';
import type {AccountsView, ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {TitleText} from './title-line.tsx';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLinkSentence} from './use-link-sentence.ts';
import {useLives} from './use-lives.ts';

export type AccountsActions = {
	showAccount(name: AccountName): void;
	addAccount(): void;
	readonly openDemo: (() => void) | undefined;
};

/** For what the line of the account under the cursor does. */
const reasonRows = 2;

type Row = {readonly session: Session} | {readonly session: undefined; readonly words: SafeText; open(): void};

export function AccountsScreen({
	place,
	sessions,
	program,
	theme,
	columns,
	rows: height,
	showAccount,
	addAccount,
	openDemo,
}: ScreenProps<'accounts'> & AccountsActions): ReactElement {
	// On this disk counting costs nothing.
	const hasOffline = sessions.some(session => session.isOffline(inbox));
	useEffect(() => {
		if (hasOffline) localOf(sessions)?.ensureMailboxes({withCounts: true});
	}, [hasOffline, sessions]);
	useLives<unknown>(sessions.flatMap(({link, usage, mailboxes, operations}) => [link, usage, mailboxes, operations]));
	const first: AccountsView = {account: place.from, row: 0, top: 0};
	const [remembered, setView] = useRemembered(place.memory, first);

	const hasDemo = sessions.some(({account}) => account === demoName);
	const rows: readonly Row[] = [
		...sessions.map(session => ({session})),
		{session: undefined, words: ours('(add an account)'), open: addAccount},
		...(hasDemo || !openDemo ? [] : [{session: undefined, words: ours('(the demo)'), open: openDemo}]),
	];
	// Title, heading, and what the line of the account under the cursor does.
	const listRows = Math.max(1, height - 2 - reasonRows);
	// The cursor stays on its account when one is added.
	const found = rows.findIndex(({session}) => session !== undefined && session.account === remembered.account);
	const view = clampView({row: found < 0 ? remembered.row : found, top: remembered.top}, rows.length, listRows);
	const current = rows[view.row];
	const session = current?.session;

	useCommands('accounts', {
		...listCommands(
			view,
			rows.length,
			listRows,
			next => setView({...next, account: rows[next.row]?.session?.account}),
			program,
		),
		open() {
			if (current?.session) showAccount(current.session.account);
			else current?.open();
		},
		look: session && lookCommand(session, program, {isList: true}),
		call: session && (() => openCall(session, program)),
		dial: () => session?.dial(),
		hangUp: () => session?.hangUp(),
		budgetMetered: () => session?.chooseBudget('metered'),
		budgetFree: () => session?.chooseBudget('free'),
		modelDisconnected: session && (() => program.chooseModel(session, 'disconnected')),
		modelOffline: session && (() => program.offerOffline(session)),
		modelOnline: session && (() => program.chooseModel(session, 'online')),
		...accountCommands(session, program),
	});

	const down = useLinkSentence(session && !isUntouched(session) ? [session] : [], program.keys);
	useCursorAt('screen', {x: 0, y: view.row - view.top + 2});
	const lines: Line[] = [
		{text: accountsHeading(columns), style: theme.quiet},
		...listLines(rows, {...view, height: listRows}, theme, (row, isSelected) => ({
			text: row.session ? accountLine(row.session, columns, sessions) : row.words,
			heard: () =>
				row.session
					? heardRow(
							row.session.account,
							isSelected,
							accountAloud(row.session, sessions),
							accountState(row.session, sessions),
						)
					: heardRow(`-${row.words}`, isSelected, safeLine(row.words.replace(/[()]/g, ''))),
			style: {...(row.session ? {} : theme.quiet), ...(isSelected ? theme.selected : {})},
		})),
	];
	while (lines.length < listRows + 1) lines.push({text: ours('')});
	lines.push(...noteLines(down?.sentence ?? ours(''), {columns, rows: reasonRows, style: theme.quiet}));
	const up = sessions.filter(({link}) => link.get().state === 'up').length;
	return (
		<Box flexDirection="column">
			<TitleText
				theme={theme}
				columns={columns}
				left={ours('Accounts')}
				middle={safe`${view.row + 1} of ${rows.length}`}
				right={safe`${up} of ${sessions.length} online`}
			/>
			<Lines lines={lines} columns={columns} rows={height - 1} />
		</Box>
	);
}
