/**
 * The newest messages of all accounts' inboxes as one list, oldest first with the cursor on the newest. What one does to
 * a message here is what one does to it in its own list.
 */
import {Box} from 'ink';
import {type ReactElement, useContext, useEffect} from 'react';
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import {inbox, partNumber} from '../source/model/ids.ts';
import {hasFlag} from '../source/model/message.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import type {Session} from '../source/session/session.ts';
import {accountCommands} from './account-commands.ts';
import {decisionCommands} from './decisions.ts';
import {commandsForAll, taggedInAll} from './inboxes-commands.ts';
import {heardRow, insteadOfRows, type Line, Lines} from './lines.tsx';
import {lineHints} from './link-words.ts';
import {windowCommands} from './list-view.ts';
import {emptyMemory} from './memory.ts';
import type {Inbox} from './merged-inboxes.ts';
import {messageAloud, messageRow, rowWidths} from './message-row.ts';
import {agedWords} from './messages-words.ts';
import type {ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {TitleText} from './title-line.tsx';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {isAtRest, useInboxes, type Wish} from './use-inboxes.ts';
import {useShowPending} from './use-shows-pending.ts';
import {WritingContext} from './use-writing.ts';
import {answerCommands, composeNew} from './writing-commands.ts';

export function InboxesScreen(props: ScreenProps<'inboxes'>): ReactElement {
	const {place, sessions, program, theme, clock, columns, rows: height} = props;
	const contentRows = height - 1;
	const now = clock();
	const list = useInboxes(sessions, contentRows, place.memory, now);
	const {entries, current, position} = list;
	const writingOf = useContext(WritingContext);

	const open = (screen: 'message' | 'parts'): void => {
		if (!current) {
			program.say(ours('there is no message here'));
			return;
		}
		const at = {
			mailbox: current.mailbox.path,
			id: current.message.id,
			part: partNumber(''),
			list: undefined,
			among: place.memory,
		};
		const {account} = current.session;
		if (screen === 'parts') program.open({screen, memory: emptyMemory(), ...at}, account);
		else program.open({screen, memory: emptyMemory(), ...at}, account);
	};
	const nextUnread = (): void => {
		const from = position ?? 1;
		const inTurn = [...entries.keys()].map(step => ((from + step) % entries.length) + 1);
		const found = inTurn.find(each => {
			const entry = entries[each - 1];
			return each !== from && entry !== undefined && !hasFlag(entry.message, '\\Seen');
		});
		if (found === undefined) program.say(ours('no unread message among the rows seen so far'));
		else list.moveTo(found);
	};

	useCommands('inboxes', {
		...windowCommands(
			list.moveBy,
			contentRows,
			{isFirst: position === 1 && entries.length >= list.total, isLast: position === entries.length},
			program,
		),
		first: () => list.moveTo(1),
		last: () => list.moveTo(entries.length),
		open: () => open('message'),
		parts: () => open('parts'),
		nextUnread,
		...(current ? decisionCommands({...current, sessions, program}) : {}),
		...(current
			? answerCommands(
					{session: current.session, home: current.home, program, writingOf, columns, message: current.message},
					{mailbox: current.mailbox.path, id: current.message.id, part: partNumber('')},
				)
			: {}),
		...taggedInAll(list.inboxes, sessions, program),
		tag() {
			if (!current) return program.say(ours('there is no message here'));
			current.mailbox.tag([current.message.id], !current.message.isTagged);
			program.sayAloud(ours(current.message.isTagged ? 'not tagged' : 'tagged'));
			list.moveBy(1);
		},
		...commandsForAll(sessions, current?.home, program),
		...accountCommands(current?.home, program),
		...(current
			? {compose: () => composeNew({session: current.home, writing: writingOf(current.home.account), program}, inbox)}
			: {}),
	});

	useCursorAt('screen', {x: 0, y: position === undefined ? 1 : position - list.first + 1});
	const markColumns = markColumnsOf(sessions);
	const shows = useShowPending(sessions);
	const widths = widthsFor(columns - markColumns - 1);
	const lines: Line[] = entries.slice(list.first - 1, list.last).map((entry, index) => {
		const isSelected = list.first + index === position;
		const mark = fit(safeLine(entry.home.account), markColumns);
		const row = messageRow(entry.message, 0, widths, {theme, now, showsPending: shows.get(entry.session) ?? true});
		return {
			text: safe`${isSelected ? theme.pointer : ours(' ')}${mark} ${row}`,
			heard: () =>
				heardRow(
					`${entry.session.account}-${entry.message.id}`,
					isSelected,
					safe`${messageAloud(entry.message, 0, now)}, ${safeLine(entry.home.account)}`,
				),
			style: {
				...(hasFlag(entry.message, '\\Seen') ? {} : theme.unread),
				...(isSelected ? theme.selected : {}),
			},
		};
	});
	if (entries.length === 0) {
		const words = emptyWords(list.inboxes, program.keys);
		const isWaiting = !isKnownEmpty(list.inboxes);
		lines.push({text: ours('')}, insteadOfRows(words, theme.quiet, {isWaiting}));
	}
	const up = sessions.filter(({link}) => link.get().state === 'up').length;
	const tagged = list.inboxes.reduce((sum, {mailbox}) => sum + mailbox.state.get().tagged, 0);
	return (
		<Box flexDirection="column">
			<TitleText
				theme={theme}
				columns={columns}
				left={ours('Inboxes')}
				middle={agedWords(countWords(position, entries.length, list.total, tagged), oldestOf(list.inboxes), now)}
				right={safe`${up} of ${sessions.length} online`}
			/>
			<Lines lines={lines} columns={columns} rows={contentRows} />
			{list.inboxes.map(({home, mailbox}, index) => (
				<Asking key={home.account} mailbox={mailbox} wish={list.wishes[index] ?? {newest: contentRows}} />
			))}
		</Box>
	);
}

/** Says what is wanted of one inbox, when that changes; nothing is drawn. */
function Asking({mailbox, wish}: {readonly mailbox: Inbox['mailbox']; readonly wish: Wish}): null {
	const {newest, first, last, isComplete} = {newest: 0, first: 0, last: 0, isComplete: true, ...wish};
	// biome-ignore lint/correctness/useExhaustiveDependencies: rows that were here and are not any more are asked for again
	useEffect(() => {
		if (newest > 0) mailbox.ensureNewest(newest);
		else mailbox.ensureRows(first, last);
	}, [mailbox, newest, first, last, isComplete]);
	return null;
}

const mostMarkColumns = 10;
const markColumnsOf = (sessions: readonly Session[]): number =>
	Math.min(mostMarkColumns, Math.max(...sessions.map(({account}) => widthOf(safeLine(account)))));

/** The account stands where the number would. */
function widthsFor(columns: number) {
	const numbered = rowWidths(columns + 4, 0);
	return numbered.number === 0 ? rowWidths(columns, 0) : {...numbered, number: 0};
}

/** `12 of the 24 newest of 2,040`. */
function countWords(position: number | undefined, shown: number, total: number, tagged: number): SafeText {
	if (position === undefined) return ours('');
	const tags = tagged === 0 ? ours('') : safe`, ${tagged} tagged`;
	const of = shown < total ? safe`the ${shown} newest of ${total}` : safe`${shown}`;
	return safe`${position} of ${of}${tags}`;
}

/** When what is shown of those that have no line was told, the one longest ago. */
function oldestOf(inboxes: readonly Inbox[]): number | undefined {
	const told = inboxes.flatMap(({mailbox}) => mailbox.state.get().asOf ?? []);
	return told.length === 0 ? undefined : Math.min(...told);
}

const isKnownEmpty = (inboxes: readonly Inbox[]): boolean =>
	inboxes.every(({mailbox}) => mailbox.state.get().count === 0);

function emptyWords(inboxes: readonly Inbox[], keys: ScreenKeys): SafeText {
	if (!isKnownEmpty(inboxes) && inboxes.every(isAtRest)) return safe`The inboxes are not here: ${lineHints(keys)}.`;
	return isKnownEmpty(inboxes) ? ours('No messages.') : ours('The inboxes are on their way…');
}
