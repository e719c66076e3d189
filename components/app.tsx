/**
 * The program one sees: the first file to read of this folder.
 *
 * What is shown comes from the session's live values; what the user decides goes to its verbs; keys come as commands
 * of source/keys. Rendering never spends. Nothing here awaits, throws, or touches the terminal itself.
 */
import {Box} from 'ink';
import {type ReactElement, useMemo, useState} from 'react';
import {type Keymap, keymapOf} from '../source/keys/keymap.ts';
import type {AccountName, MailboxPath} from '../source/model/ids.ts';
import type {Live} from '../source/session/live.ts';
import type {Session} from '../source/session/session.ts';
import {CrashBoundary} from './crash-boundary.tsx';
import {KeyQueue} from './key-queue.tsx';
import type {KeySource} from './key-source.ts';
import {Mail} from './mail.tsx';
import {type Start, StartScreen} from './start-screen.tsx';
import {themeFor} from './theme.ts';
import {ListenersContext, noListeners} from './use-commands.ts';
import {CursorsContext} from './use-cursor-at.ts';
import {HoldContext} from './use-hold.ts';
import {SlowContext} from './use-is-slow.ts';
import {KeymapContext} from './use-keymap.ts';
import {useLive} from './use-live.ts';
import {WritingContext, type WritingOf} from './use-writing.ts';

export type AppTerminal = {
	readonly keys: KeySource;
	readonly size: Live<{readonly columns: number; readonly rows: number}>;
	readonly isUtf8: boolean;
	readonly hasColour: boolean;
	readonly hasStyles: boolean;
	readonly hasBars: boolean;
	/** What the terminal and its line are fit for. */
	readonly looks: Live<{readonly selection: 'bar' | 'arrow'; readonly isSlow: boolean}>;
	/** In the plain mode: says the screen once more, with all the rows of a list when they are wanted. */
	readonly plain?: {sayAgain(options?: {readonly hasAllRows?: boolean}): void} | undefined;
	/** While `true`, a frame may wait a moment: it is unfinished, and will be drawn over. */
	hold(isUnfinished: boolean): void;
	/** To the shell until `fg`. */
	suspend(): Promise<void>;
};

export type AppProps = {
	/** None: the start screen. */
	readonly sessions: readonly Session[];
	/** The account that is shown; the first one unless said otherwise. Another one turns to that. */
	readonly account?: AccountName;
	readonly initialMailbox?: MailboxPath;
	readonly terminal: AppTerminal;
	/** The keys as they are bound; Bonsai's own unless said otherwise. */
	readonly keymap?: Keymap;
	/** Ms since the epoch; fixed in tests and screenshots. */
	readonly clock: () => number;
	readonly start?: Start;
	/** Where what the user writes is kept. */
	readonly writingOf?: WritingOf;
	/** Begins with a message to be written: a mailto: URL, an address, or ''. */
	readonly compose?: string;
	onQuit(): void;
	/** A bug: the caller restores the terminal and prints it. */
	onCrash(error: unknown): void;
};

const nothingWritten: WritingOf = () => undefined;

export function App({
	sessions,
	account,
	initialMailbox,
	terminal,
	keymap,
	clock,
	start,
	writingOf = nothingWritten,
	compose,
	onQuit,
	onCrash,
}: AppProps): ReactElement {
	const {columns, rows} = useLive(terminal.size);
	const [listeners] = useState(noListeners);
	const [cursors] = useState({});
	const [keys] = useState(() => keymap ?? keymapOf());
	const {selection, isSlow} = useLive(terminal.looks);
	const theme = useMemo(() => themeFor({...terminal, selection, isSlow}), [terminal, selection, isSlow]);
	const [first, ...others] = sessions;
	const around = {terminal, theme, clock, columns, rows, onQuit};
	return (
		<CrashBoundary onCrash={onCrash}>
			<KeymapContext value={keys}>
				<ListenersContext value={listeners}>
					<HoldContext value={terminal.hold}>
						<CursorsContext value={cursors}>
							<SlowContext value={isSlow}>
								<WritingContext value={writingOf}>
									<Box flexDirection="column" width={columns} height={rows} overflow="hidden">
										{first ? (
											<Mail
												sessions={[first, ...others]}
												account={account ?? first.account}
												initialMailbox={initialMailbox}
												compose={compose}
												start={start}
												{...around}
											/>
										) : (
											<StartScreen start={start} {...around} />
										)}
										<KeyQueue source={terminal.keys} />
									</Box>
								</WritingContext>
							</SlowContext>
						</CursorsContext>
					</HoldContext>
				</ListenersContext>
			</KeymapContext>
		</CrashBoundary>
	);
}
