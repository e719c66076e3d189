/**
 * The screens of one account: a stack of places, the status line or a question below it, and the key menu.
 * Only the place on top is mounted. The commands that work everywhere are here.
 */
import {useApp} from 'ink';
import {type ReactElement, useContext, useLayoutEffect, useState} from 'react';
import {inbox, type MailboxPath} from '../source/model/ids.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import type {AppTerminal} from './app.tsx';
import {KeyMenu, keyMenuRows} from './key-menu.tsx';
import {findMailbox, mailboxQuestion} from './mailbox-question.ts';
import {emptyMemory} from './memory.ts';
import type {Place, Program} from './places.ts';
import {Prompt, type Question} from './prompt.tsx';
import {Screen} from './screen.tsx';
import {StatusLine} from './status-line.tsx';
import type {Theme} from './theme.ts';
import {leastColumns, leastRows, TooSmall} from './too-small.tsx';
import {ListenersContext} from './use-commands.ts';
import {CursorsContext} from './use-cursor-at.ts';
import {useDispatch} from './use-dispatch.ts';

export type AroundProps = {
	readonly terminal: AppTerminal;
	readonly theme: Theme;
	readonly clock: () => number;
	readonly columns: number;
	readonly rows: number;
	onQuit(): void;
};

/** In a lower window the key menu would take the room of the mail. */
const leastRowsWithMenu = 12;
const messagesOf = (mailbox: MailboxPath): Place => ({screen: 'messages', memory: emptyMemory(), mailbox});

export function Mail({
	session,
	initialMailbox = inbox,
	...around
}: AroundProps & {readonly session: Session; readonly initialMailbox?: MailboxPath | undefined}): ReactElement {
	const {terminal, theme, clock, columns, rows, onQuit} = around;
	const {suspendTerminal} = useApp();
	const listeners = useContext(ListenersContext);
	const cursors = useContext(CursorsContext);
	const [places, setPlaces] = useState<readonly Place[]>(() => [messagesOf(initialMailbox)]);
	const [said, say] = useState<SafeText | undefined>(undefined);
	const [seenNotice, setSeenNotice] = useState(0);
	const [question, ask] = useState<Question | undefined>(undefined);
	const [hasMenu, setHasMenu] = useState(true);
	const place = places.at(-1) ?? messagesOf(inbox);

	const program: Program = {
		open: next => setPlaces([...places, next]),
		replace: next => setPlaces([...places.slice(0, -1), next]),
		back: () => setPlaces(places.slice(0, -1)),
		say,
		ask,
	};
	const openMailbox = (path: MailboxPath): void => setPlaces([messagesOf(path)]);
	const mailboxShown = places.findLast(each => each.screen === 'messages')?.mailbox ?? inbox;

	const runWords = useDispatch(terminal.keys, {
		say,
		onKey() {
			say(undefined);
			setSeenNotice(session.notice.get()?.serial ?? 0);
		},
	});

	const underWay = (): readonly number[] =>
		session.transfers
			.get()
			.filter(transfer => transfer.state === 'waiting' || transfer.state === 'coming')
			.map(transfer => transfer.id);

	const cancelAll = (): void => {
		for (const id of underWay()) session.cancel(id);
	};

	useLayoutEffect(() => {
		listeners.program = {
			back(_argument, key) {
				if (places.length > 1) program.back();
				else if (key === 'q') onQuit();
				else say(ours('this is the top: q quits, y lists the mailboxes'));
			},
			quit: onQuit,
			help: () => place.screen !== 'help' && program.open({screen: 'help', memory: emptyMemory(), about: place.screen}),
			commandLine: () => ask({kind: 'line', label: ours(':'), initial: '', onEnter: runWords}),
			listMailboxes: () =>
				place.screen !== 'mailboxes' && program.open({screen: 'mailboxes', memory: emptyMemory(), from: mailboxShown}),
			goToMailbox(argument) {
				const go = (name: string): void => {
					const found = findMailbox(session, name);
					if (typeof found === 'object') say(found.because);
					else openMailbox(found);
				};
				if (argument === '') ask(mailboxQuestion(session, go));
				else go(argument);
			},
			undo: () => session.undo(),
			outbox: () => place.screen !== 'outbox' && program.open({screen: 'outbox', memory: emptyMemory()}),
			look: () => session.look(),
			budgetMetered: () => session.chooseBudget('metered'),
			budgetFree: () => session.chooseBudget('free'),
			hangUp: () => session.hangUp(),
			dial: () => session.dial(),
			cancel: underWay().length > 0 ? cancelAll : undefined,
			keyMenu: () => setHasMenu(!hasMenu),
			redraw: () => void suspendTerminal(async () => {}),
			suspend: () => void suspendTerminal(() => terminal.suspend()),
		};
	});

	if (!question) cursors.text = undefined;
	if (columns < leastColumns || rows < leastRows) return <TooSmall columns={columns} rows={rows} onQuit={onQuit} />;
	const menuRows = hasMenu && rows >= leastRowsWithMenu ? keyMenuRows : 0;
	const screenRows = rows - 1 - menuRows;
	return (
		<>
			<Screen
				{...{place, session, program, theme, clock, columns}}
				rows={screenRows}
				depth={places.length}
				openMailbox={openMailbox}
			/>
			{question ? (
				<Prompt question={question} columns={columns} row={screenRows} onDone={() => ask(undefined)} />
			) : (
				<StatusLine {...{session, theme, columns, said, seenNotice}} />
			)}
			{menuRows > 0 && <KeyMenu screen={place.screen} theme={theme} columns={columns} />}
		</>
	);
}
