/**
 * The line above the key menu: the last thing said, else what the link does, else what is on its way, else the
 * last result on this screen. Never empty of meaning while there is no line.
 */
import {Text, useIsScreenReaderEnabled} from 'ink';
import type {ReactElement} from 'react';
import type {ScreenName} from '../source/keys/screens.ts';
import type {AccountName} from '../source/model/ids.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {Transfer} from '../source/model/transfer.ts';
import {fit} from '../source/model/width.ts';
import type {Session} from '../source/session/session.ts';
import {withAdvice} from './advice-words.ts';
import {aloud} from './aloud.ts';
import {durationOf, progressInSteps, progressOf, sizeOf} from './format.ts';
import {safe} from './safe.ts';
import {Spoken} from './spoken.tsx';
import type {Theme} from './theme.ts';
import {useIsSlow} from './use-is-slow.ts';
import {useKeymap} from './use-keymap.ts';
import {useLinkSentence} from './use-link-sentence.ts';
import {useLive} from './use-live.ts';
import type {Heard} from './use-notices.ts';

/** What the program itself has to say about a key; each time it is said it is another one. */
export type Said = {readonly text: SafeText; readonly serial: number};

export function StatusLine({
	session,
	sessions,
	screen,
	theme,
	columns,
	said,
	heard,
}: {
	readonly session: Session;
	readonly sessions: readonly Session[];
	readonly screen: ScreenName;
	readonly theme: Theme;
	readonly columns: number;
	readonly said: Said | undefined;
	/** What any account had to say: until the next key it goes before what the link does. */
	readonly heard: Heard | undefined;
}): ReactElement {
	const keymap = useKeymap();
	const isPlain = useIsScreenReaderEnabled();
	const isSlow = useIsSlow();
	const transfers = useLive(session.transfers);
	const {bytesPerSecond, state} = useLive(session.link);
	// The list of accounts says itself what their lines do.
	const shown = screen === 'inboxes' ? sessions : screen === 'accounts' && !isPlain ? [] : [session];
	const down = useLinkSentence(shown, keymap.on(screen));

	const isOfAll = screen === 'inboxes' || screen === 'accounts';
	const named = (account: AccountName, text: SafeText): SafeText =>
		(isOfAll && sessions.length > 1) || account !== session.account ? safe`${safeLine(account)}: ${text}` : text;
	const isNew = heard !== undefined && heard.readAt === undefined;
	// Of another account only until the next key.
	const last = isNew || heard?.account === session.account ? heard : undefined;
	const news = last && named(last.account, withAdvice(last.notice.text, last.notice.advice, keymap, screen));
	const link = down && named(down.session.account, down.sentence);
	const transfer = transferSentence(transfers, bytesPerSecond, {isSlow});
	if (isPlain) {
		return (
			<>
				<Spoken kind="status" id="link" words={aloud(link ?? ours(state === 'up' ? 'online' : ''))} />
				<Spoken kind="status" id="transfer" words={aloud(transfer ?? ours(''))} />
				{said && <Spoken kind="status" id={`said-${said.serial}`} words={aloud(said.text)} />}
				{isNew && last && news && (
					<Spoken kind="status" id={`${last.account}-${last.notice.serial}`} words={aloud(news)} />
				)}
			</>
		);
	}
	const text = said?.text ?? (isNew ? news : undefined) ?? link ?? transfer ?? news ?? ours('');
	const isProblem = text === news && last?.notice.kind === 'problem';
	return (
		<Text wrap="truncate-end" {...(isProblem ? theme.problem : {})}>
			{fit(safe` ${text}`, columns)}
		</Text>
	);
}

/** `report.pdf 34% of 1.2M, ~40 s left; 2 more waiting`. */
export function transferSentence(
	transfers: readonly Transfer[],
	bytesPerSecond: number | undefined,
	{isSlow = false} = {},
): SafeText | undefined {
	const current = transfers.find(transfer => transfer.state === 'coming');
	if (!current) return undefined;
	const waiting = transfers.filter(transfer => transfer.state === 'waiting').length;
	const {heldBytes, totalBytes} = current;
	// Its own rate first: what shares the line with it makes it slower.
	const rate = current.bytesPerSecond ?? bytesPerSecond;
	const left = rate === undefined ? ours('') : safe`, ${durationOf((totalBytes - heldBytes) / rate)} left`;
	const more = waiting === 0 ? ours('') : safe`; ${waiting} more waiting`;
	// Where each change costs, it says four times how far it is, and neither times nor a size, which may turn out smaller.
	if (isSlow) return safe`${current.name} ${progressInSteps(heldBytes, totalBytes)} here${more}`;
	return safe`${current.name} ${progressOf(heldBytes, totalBytes)} of ${sizeOf(totalBytes)}${left}${more}`;
}
