/**
 * The screens of all accounts: where one is in each (stacks.ts), the status line or a question below it, and the key
 * menu. Only the place on top is mounted, so an account nobody looks at asks for nothing. The commands that work
 * everywhere are here.
 */
import {useApp} from 'ink';
import {type ReactElement, useContext, useLayoutEffect, useRef, useState} from 'react';
import {keyAloud} from '../source/keys/key-aloud.ts';
import {keyWords} from '../source/keys/key-words.ts';
import {isLetter, type ScreenKeys} from '../source/keys/screen-keys.ts';
import {bytesIn} from '../source/model/amounts.ts';
import {type AccountName, demoName, inbox, type MailboxPath} from '../source/model/ids.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {isUnderWay, type Transfer} from '../source/model/transfer.ts';
import type {Session} from '../source/session/session.ts';
import {accountQuestion, findAccount} from './account-question.ts';
import {phrases} from './aloud.ts';
import type {AppTerminal} from './app.tsx';
import {budgetLine, budgetQuestion} from './budget-question.ts';
import {bytesOf} from './format.ts';
import {isTooSmall, layoutOf} from './frame-layout.ts';
import {KeyMenu} from './key-menu.tsx';
import {lookCommand, openCall} from './look-command.ts';
import {changeMailbox} from './mailbox-changes.ts';
import {findAnywhere, mailboxQuestion} from './mailbox-question.ts';
import {emptyMemory, type Memory} from './memory.ts';
import {modelCommands} from './model-commands.ts';
import type {OfflineFormState} from './offline-form.ts';
import {homeOf, seenAt} from './offline-place.ts';
import {OfflineScreen} from './offline-screen.tsx';
import type {Place, Program} from './places.ts';
import {Prompt, type Question} from './prompt.tsx';
import {safe} from './safe.ts';
import {Screen} from './screen.tsx';
import * as stack from './stacks.ts';
import {type Start, StartScreen} from './start-screen.tsx';
import {stateCommands} from './state-question.ts';
import {type Said, StatusLine} from './status-line.tsx';
import type {Theme} from './theme.ts';
import {TooSmall} from './too-small.tsx';
import {chooseOtherModel} from './upload-back.ts';
import {ListenersContext} from './use-commands.ts';
import {CursorsContext} from './use-cursor-at.ts';
import {useDispatch} from './use-dispatch.ts';
import {useKeymap} from './use-keymap.ts';
import {useLeftPlans} from './use-left-plans.ts';
import {useLive} from './use-live.ts';
import {useNotices} from './use-notices.ts';
import {noneOffered, OfferedContext} from './use-offered.ts';
import {WritingContext} from './use-writing.ts';
import {composeFor, composeNew} from './writing-commands.ts';

export type AroundProps = {
	readonly terminal: AppTerminal;
	readonly theme: Theme;
	readonly clock: () => number;
	readonly columns: number;
	readonly rows: number;
	onQuit(): void;
};

type MailProps = AroundProps & {
	/** At least one. */
	readonly sessions: readonly [Session, ...Session[]];
	/** Shown first; another one is shown when this changes. */
	readonly account: AccountName;
	readonly initialMailbox?: MailboxPath | undefined;
	readonly start: Start | undefined;
	/** A message to be written first. */
	readonly compose: string | undefined;
};

/** The offline model is explained, of all of an account or of one mailbox. */
type Offer = {
	readonly session: Session;
	readonly mailbox: MailboxPath | undefined;
	readonly memory: Memory<OfflineFormState>;
};

/** Where no key menu says it. */
function greeting(keys: ScreenKeys): SafeText {
	const [help, quit] = [keys.keysOf('help')[0], keys.keysOf('quit')[0]];
	return phrases(
		help === undefined ? ours('') : safe`${keyAloud(help)} says the keys`,
		quit === undefined ? ours('') : safe`${keyAloud(quit)} quits`,
	);
}

export function Mail({sessions, account, initialMailbox = inbox, start, compose, ...around}: MailProps): ReactElement {
	const {terminal, theme, clock, columns, rows, onQuit} = around;
	const {suspendTerminal} = useApp();
	const listeners = useContext(ListenersContext);
	const cursors = useContext(CursorsContext);
	const writingOf = useContext(WritingContext);
	const [stacks, setStacks] = useState(() => stack.firstStacks(account, initialMailbox));
	const keymap = useKeymap();
	const [said, setSaid] = useState<Said | undefined>(
		() => terminal.plain && {text: greeting(keymap.on('messages')), serial: 0},
	);
	const serial = useRef(0);
	const say = (text: SafeText | undefined): void => setSaid(text && {text, serial: ++serial.current});
	const [question, ask] = useState<Question | undefined>(undefined);
	const [hasMenu, setHasMenu] = useState(true);
	const [isAdding, setIsAdding] = useState(false);
	const [offeredNow] = useState(noneOffered);
	const [followed, follow] = useState(account);
	if (followed !== account) {
		follow(account);
		setStacks(stack.accountShown(stacks, account));
		setIsAdding(false);
	}
	const {account: shown, place} = stack.topOf(stacks);
	const [heard, hasBeenRead] = useNotices(sessions, place);
	const placed = sessions.find(each => each.account === shown) ?? sessions[0];
	const session = homeOf(stack.stackOf(stacks), sessions) ?? placed;
	useLive(session.models);
	useLive(session.mailboxes);
	const seen = seenAt(placed, place, sessions);
	const [offered, offer] = useState<Offer | undefined>(undefined);

	useLeftPlans(sessions, shown, place.screen);
	const over = useLive(session.overBudget);
	const keys = keymap.on(place.screen);

	const program: Program = {
		open: (next, of = seen.session.account) => setStacks(stack.opened(stacks, next, of)),
		replace: (next, of = seen.session.account) => setStacks(stack.replaced(stacks, next, of)),
		back: () => setStacks(stack.back(stacks) ?? stacks),
		say,
		keys,
		sayAloud: text => terminal.plain && say(text),
		ask,
		// There is no server that it would leave, or, in the demo, no disk that it would come to: that is said at once.
		offerOffline: (of, mailbox) =>
			of.link.get().isLocal || of.account === demoName
				? of.chooseModel('offline', mailbox)
				: offer({session: of, mailbox, memory: emptyMemory()}),
		chooseModel: (of, name, mailbox) => chooseOtherModel(of, name, mailbox, {sessions, ask, say, keys}),
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, as it starts
	useLayoutEffect(() => {
		if (compose !== undefined) composeFor({session, writing: writingOf(session.account), program}, compose);
	}, []);
	const openMailbox = (of: Session, path: MailboxPath): void => setStacks(stack.mailboxShown(stacks, of.account, path));
	const showAccount = (name: AccountName): void => setStacks(stack.accountShown(stacks, name));

	const runWords = useDispatch({
		say,
		onKey() {
			say(undefined);
			hasBeenRead();
		},
	});

	const underWay = (): readonly Transfer[] => session.transfers.get().filter(isUnderWay);

	const cancelAll = (): void => {
		const all = underWay();
		const cancel = () => {
			for (const {id} of all) session.cancel(id);
		};
		const keptBytes = all.reduce((sum, {into, heldBytes}) => sum + (into === 'file' ? heldBytes : 0), 0);
		const label = safe`Throw away the ${bytesOf(keptBytes)} that came?`;
		if (keptBytes > 0) ask({kind: 'yes-or-no', label, onYes: cancel});
		else cancel();
	};

	useLayoutEffect(() => {
		listeners.program = {
			back(_argument, key) {
				const before = stack.back(stacks);
				if (before) setStacks(before);
				else if (key !== undefined && isLetter(key)) onQuit();
				else say(safe`this is the top: ${topWords(keys)}`);
			},
			quit: onQuit,
			help: () => place.screen !== 'help' && program.open({screen: 'help', memory: emptyMemory(), about: place.screen}),
			commandLine: () => ask({kind: 'line', label: ours(':'), initial: '', onEnter: runWords}),
			listMailboxes: () =>
				place.screen !== 'mailboxes' &&
				program.open({screen: 'mailboxes', memory: emptyMemory(), from: stack.mailboxBelow(stacks)}, session.account),
			goToMailbox(argument) {
				if (changeMailbox(session, argument, program)) return;
				const go = (name: string): void => {
					const found = findAnywhere(session, name, sessions, keys);
					if ('because' in found) say(found.because);
					else openMailbox(found.session, found.path);
				};
				if (argument === '')
					ask(
						mailboxQuestion(
							session,
							go,
							sessions.filter(each => each !== session),
						),
					);
				else go(argument);
			},
			listAccounts: () =>
				place.screen !== 'accounts' && program.open({screen: 'accounts', memory: emptyMemory(), from: shown}),
			listInboxes: () => setStacks(stack.inboxesShown(stacks)),
			goToAccount(argument) {
				const go = (name: string): void => {
					const found = findAccount(sessions, name);
					if (typeof found === 'object') say(found.because);
					else showAccount(found);
				};
				if (argument === '') ask(accountQuestion(sessions, go));
				else go(argument);
			},
			compose: () => {
				composeNew({session, writing: writingOf(session.account), program}, 'mailbox' in place ? place.mailbox : inbox);
			},
			drafts: () => program.open({screen: 'drafts', memory: emptyMemory()}, session.account),
			undo: () => seen.session.undo(),
			downloads: () => place.screen !== 'downloads' && program.open({screen: 'downloads', memory: emptyMemory()}),
			outbox: () => place.screen !== 'outbox' && program.open({screen: 'outbox', memory: emptyMemory()}),
			wishes: () =>
				place.screen !== 'wishes' &&
				program.open({screen: 'wishes', memory: emptyMemory(), from: stack.mailboxBelow(stacks)}, session.account),
			usage: () => place.screen !== 'usage' && program.open({screen: 'usage', memory: emptyMemory()}, session.account),
			look: lookCommand(session, program, 'mailbox' in place ? place : {}),
			call: () => openCall(session, program),
			budgetMetered: () => session.chooseBudget('metered'),
			budgetFree: () => session.chooseBudget('free'),
			modelDisconnected: () => program.chooseModel(session, 'disconnected'),
			modelOffline: () => program.offerOffline(session),
			modelOnline: () => program.chooseModel(session, 'online'),
			...stateCommands(session, sessions, 'mailbox' in place ? place.mailbox : undefined, {say, ask}),
			...modelCommands(session, 'mailbox' in place ? place.mailbox : undefined, program),
			left:
				place.screen === 'messages' && session.isOffline(place.mailbox)
					? () => setStacks((place.isLeft && stack.back(stacks)) || stack.opened(stacks, leftOf(place.mailbox)))
					: undefined,
			sessionBudget(argument) {
				const limit = (text: string): void => {
					const bytes = text === 'off' ? undefined : bytesIn(text);
					if (bytes === undefined && text !== 'off') say(ours('a budget is written like 200 kB, 2 MB or off'));
					else session.limitSession(bytes);
				};
				if (argument === '') ask(budgetLine(limit));
				else limit(argument);
			},
			hangUp: () => session.hangUp(),
			// Local mail whose disk was not there is looked for again.
			dial: () => (seen.session.link.get().state === 'hung-up' ? seen.session : session).dial(),
			cancel: underWay().length > 0 ? cancelAll : undefined,
			keyMenu: () => setHasMenu(!hasMenu),
			redraw: () => (terminal.plain ? terminal.plain.sayAgain() : void suspendTerminal(async () => {})),
			sayAll: terminal.plain && (() => terminal.plain?.sayAgain({hasAllRows: true})),
			suspend: () => void suspendTerminal(() => terminal.suspend()),
		};
	});

	if (offered !== undefined && !isTooSmall(columns, rows))
		return <OfflineScreen {...{...offered, theme, columns, rows}} onLeave={() => offer(undefined)} />;
	const asked = question ?? (over && budgetQuestion(session, over));
	if (!asked) cursors.text = undefined;
	if (isTooSmall(columns, rows)) return <TooSmall columns={columns} rows={rows} onQuit={onQuit} />;
	if (isAdding) {
		const openDemo = (): void => {
			if (sessions.some(each => each.account === demoName)) {
				setIsAdding(false);
				showAccount(demoName);
			} else start?.openDemo();
		};
		return <StartScreen {...around} start={start && {...start, openDemo}} onLeave={() => setIsAdding(false)} />;
	}
	const {menuRows, screenRows} = layoutOf(rows, {hasMenu: hasMenu && !terminal.plain});
	return (
		<OfferedContext value={offeredNow}>
			<Screen
				{...{...seen, home: session, sessions, program, theme, clock, columns, showAccount}}
				rows={screenRows}
				depth={stack.stackOf(stacks).length}
				openMailbox={path => openMailbox(session, path)}
				addAccount={() => setIsAdding(true)}
				openDemo={start?.openDemo}
			/>
			{asked ? (
				<Prompt key={asked.label} question={asked} columns={columns} row={screenRows} onDone={() => ask(undefined)} />
			) : null}
			{(!asked || terminal.plain) && (
				<StatusLine {...{session, sessions, theme, columns, said, heard}} screen={place.screen} />
			)}
			{menuRows > 0 && <KeyMenu screen={place.screen} columns={columns} />}
		</OfferedContext>
	);
}

const leftOf = (mailbox: MailboxPath): Place => ({screen: 'messages', memory: emptyMemory(), mailbox, isLeft: true});

/** `q quits, y lists the mailboxes`. */
function topWords(keys: ScreenKeys): SafeText {
	const letter = keys.keysOf('back').find(isLetter);
	const quits = letter === undefined ? keys.hint('quit', 'quits') : safe`${keyWords(letter)} quits`;
	const lists = keys.hint('listMailboxes', 'lists the mailboxes');
	return safe`${quits}, ${lists}`;
}
