/**
 * The messages of a mailbox, oldest first, with the cursor on the newest.
 */
import {Box} from 'ink';
import {type ReactElement, useContext, useEffect, useState} from 'react';
import {partNumber} from '../source/model/ids.ts';
import type {MailboxState} from '../source/model/mailbox.ts';
import type {Message} from '../source/model/message.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {OpenMailbox, Session} from '../source/session/session.ts';
import {decisionCommands, tagByWords, taggedCommands} from './decisions.ts';
import {heardMore, heardRow, heardWaiting, type Line, Lines} from './lines.tsx';
import {lackOf} from './link-words.ts';
import {windowCommands} from './list-view.ts';
import {emptyMemory} from './memory.ts';
import {messageAloud} from './message-row.ts';
import {type RowsLook, rowLines} from './message-rows.ts';
import {emptyLines, emptyWords, mailboxTitle, nothingCame, nothingLeft, placeWords} from './messages-words.ts';
import {nextUnread} from './next-unread.ts';
import type {MessageAt, ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {TitleLine} from './title-line.tsx';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useHold} from './use-hold.ts';
import {useLive} from './use-live.ts';
import {type Rows, useRows} from './use-rows.ts';
import {useShowsPending} from './use-shows-pending.ts';
import {WritingContext} from './use-writing.ts';
import {answerCommands} from './writing-commands.ts';

export function MessagesScreen(props: ScreenProps<'messages'>): ReactElement {
	const {place, session, home, sessions, program, theme, clock, columns, rows: height} = props;
	// Another once a renaming is confirmed: asked each time.
	const mailbox = session.mailbox(place.mailbox);
	const name = safeLine(session.nowCalled(place.mailbox));
	const contentRows = height - 1;
	const rows = useRows(mailbox, contentRows, place.memory);
	const {count, state, because} = rows.state;
	const position = rows.place.position;
	const link = useLive(session.link);
	const lack = lackOf(link, program.keys);
	useHold(count !== undefined && !rows.isComplete && lack === undefined);
	const showsPending = useShowsPending(session);
	const hasNotCome = useHasNotCome(session, place, state);
	const staying = place.isLeft ? session.staying(place.mailbox) : ours('');
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for each list that is opened
	useEffect(() => {
		if (staying !== '') program.say(staying);
	}, [staying]);

	const at = (): MessageAt | undefined =>
		rows.current && {mailbox: place.mailbox, id: rows.current.id, part: partNumber(''), list: place.memory};
	const [awaited, setAwaited] = useState<{position: number | undefined; screen: 'message' | 'parts'} | undefined>(
		undefined,
	);
	const open = (screen: 'message' | 'parts'): void => {
		const message = at();
		if (message) {
			if (screen === 'parts') program.open({screen: 'parts', memory: emptyMemory(), ...message});
			else program.open({screen: 'message', memory: emptyMemory(), ...message});
			return;
		}
		if (count === 0) {
			program.say(ours('there is no message here'));
			return;
		}
		// On a slow line the key comes before the row.
		setAwaited({position, screen});
		program.say(safe`this row is ${lack ?? ours('still on its way')}; it opens when it is here`);
	};
	const stay = (): void => {
		setAwaited(undefined);
		program.say(ours('it is not opened'));
	};
	useEffect(() => {
		if (awaited === undefined) return;
		if (awaited.position !== position) setAwaited(undefined);
		else if (rows.current) {
			setAwaited(undefined);
			open(awaited.screen);
		}
	});

	const writingOf = useContext(WritingContext);
	useCommands('messages', {
		...windowCommands(rows.moveBy, contentRows, {isFirst: position === 1, isLast: position === count}, program),
		first: () => rows.moveTo(1),
		last: () => rows.moveTo(count ?? 1),
		goToNumber: (_argument, key = '') =>
			program.ask({
				kind: 'line',
				label: ours('Go to message: '),
				initial: /^\d$/.test(key) ? key : '',
				isBegun: /^\d$/.test(key),
				onEnter(text) {
					const number = Number.parseInt(text, 10);
					if (!(number > 0)) return program.say(ours('that is no number of a message'));
					if (count !== undefined && number > count) program.say(safe`there are ${count}; this is the last`);
					rows.moveTo(number);
				},
			}),
		// Who typed ahead means to leave the message, not the mailbox.
		...(awaited ? {back: () => stay()} : {}),
		open: () => open('message'),
		parts: () => open('parts'),
		nextUnread() {
			const found = nextUnread(mailbox, position ?? 0, count ?? 0);
			if (found === undefined) program.say(ours('no unread message among the rows seen so far'));
			else rows.moveTo(found);
		},
		...decisionCommands({session, home, sessions, mailbox, program, message: rows.current}),
		...answerCommands({session, home, program, writingOf, columns, message: rows.current}, at()),
		...taggedCommands({session, home, sessions, mailbox, program, message: rows.current}),
		tag(words) {
			if (words !== '') return tagByWords(mailbox, words, program);
			const message = rows.current;
			if (message === undefined) return program.say(ours('this row is not here yet'));
			mailbox.tag([message.id], !message.isTagged);
			program.sayAloud(ours(message.isTagged ? 'not tagged' : 'tagged'));
			rows.moveBy(1);
		},
	});

	useCursorAt('screen', {x: 0, y: position === undefined ? 1 : position - rows.first + 1});
	const lines =
		count === undefined || count === 0
			? nothing(
					state,
					hasNotCome
						? nothingCame(program.keys)
						: place.isLeft && count === 0
							? nothingLeft
							: emptyWords(state, because, link, program.keys),
					props,
				)
			: messageLines(rows, mailbox, {columns, count, theme, now: clock(), showsPending, lack});
	return (
		<Box flexDirection="column">
			<TitleLine
				session={session}
				mailbox={place.mailbox}
				theme={theme}
				columns={columns}
				left={
					place.isOffline
						? safe`${name}  offline`
						: safe`${mailboxTitle(session.account, name, rows.state)}${place.isLeft ? ours('  on the server') : ours('')}`
				}
				middle={placeWords(rows.state, position, clock())}
			/>
			<Lines lines={lines} columns={columns} rows={contentRows} />
		</Box>
	);
}

/** Local mail, in which an offline mailbox is made when the first message comes. */
function useHasNotCome(
	session: Session,
	{isOffline, mailbox}: ScreenProps<'messages'>['place'],
	state: MailboxState['state'],
): boolean {
	const isAbsent = isOffline === true && state === 'refused';
	useEffect(() => {
		if (isAbsent) session.ensureMailboxes({isFresh: true});
	}, [session, isAbsent]);
	const {state: listed, mailboxes} = useLive(session.mailboxes);
	return isAbsent && listed === 'known' && mailboxes.every(({path}) => path !== mailbox);
}

function messageLines(rows: Rows, mailbox: OpenMailbox, look: RowsLook): Line[] {
	const {first, last} = rows;
	const selected = rows.place.position;
	const lines = rowLines({first, last, selected, at: position => mailbox.row(position)}, look);
	return lines.map((line, index) => {
		const position = first + index;
		return {
			...line,
			heard: () => heard(mailbox.row(position), position, position === selected, look),
		};
	});
}

function heard(message: Message | undefined, position: number, isSelected: boolean, {now, lack}: RowsLook) {
	if (message) return heardRow(message.id, isSelected, messageAloud(message, position, now));
	const words = lack === undefined ? ours('is on its way') : safe`is ${lack}`;
	return isSelected ? heardWaiting(safe`message ${position} ${words}`) : [];
}

/** Why there is nothing. That the mailbox is empty is news; a refusal has been said. */
function nothing(state: MailboxState['state'], words: SafeText, {columns, theme}: ScreenProps<'messages'>): Line[] {
	const [first, ...more] = emptyLines(words, columns, theme);
	return [
		{...first, text: ours(''), heard: () => (state === 'open' ? heardMore(words) : heardWaiting(words))},
		...more,
	];
}
