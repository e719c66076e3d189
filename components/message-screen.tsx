/**
 * One message: its headers, as much of its text as came, and below it what did not come and what it would cost.
 * It is also the screen of an attached message (`place.part`).
 */
import {Box, useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useCallback, useContext, useEffect, useMemo} from 'react';
import {hasFlag, type TextLine} from '../source/model/message.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {withAdvice} from './advice-words.ts';
import {decisionCommands} from './decisions.ts';
import {invitationLines, isAsked} from './invitation-lines.ts';
import {asWaiting, audible, type Line, Lines} from './lines.tsx';
import {lackOf, longLackOf} from './link-words.ts';
import {emptyMemory, useRemembered} from './memory.ts';
import {headerLines, headersOf, tailLines} from './message-lines.ts';
import {pipeFrom, saveFrom} from './part-questions.ts';
import type {MessageView, ScreenProps} from './places.ts';
import {spend} from './price-question.ts';
import {safe} from './safe.ts';
import {clampTop, sayEnd, scrollCommands, scrollWords} from './scroll.ts';
import {TitleLine} from './title-line.tsx';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useHold} from './use-hold.ts';
import {useKeymap} from './use-keymap.ts';
import {useLive} from './use-live.ts';
import {useOffered} from './use-offered.ts';
import {useReadingOn} from './use-reading-on.ts';
import {WritingContext} from './use-writing.ts';
import {wrap} from './wrap.ts';
import {answerCommands, isDraft} from './writing-commands.ts';

const firstView: MessageView = {top: 0, showsAllHeaders: false};
const answers = ['accept', 'tentative', 'decline'] as const;
/** Longer lines are hard to read, however wide the window. */
const widestText = 100;

export function MessageScreen(props: ScreenProps<'message'>): ReactElement {
	const {place, session, home, sessions, program, theme, columns} = props;
	const {keys} = program;
	const keymap = useKeymap();
	const message = useMemo(() => session.message(place.id, place.part), [session, place.id, place.part]);
	// Another once a renaming is confirmed: asked each time.
	const mailbox = session.mailbox(place.mailbox);
	const content = useLive(message.content);
	const summary = useLive(message.summary);
	// Prices depend on it too.
	const link = useLive(session.link);
	const lack = lackOf(link, keys);
	const {count} = useLive(mailbox.state);
	const [view, setView] = useRemembered(place.memory, firstView);

	useEffect(() => {
		message.ensureContent();
		return () => message.leave();
	}, [message]);

	const isShown =
		content.state === 'known' &&
		!content.text.isAsking &&
		(content.text.kind === 'none' ? content.calendar?.state !== 'asking' : content.text.heldBytes > 0);
	useEffect(() => {
		if (isShown) message.shown();
	}, [message, isShown]);

	const isComing =
		content.state === 'asking' ||
		(content.state === 'known' && (content.text.isAsking || content.calendar?.state === 'asking'));
	useHold(isComing && lack === undefined);
	const textColumns = Math.min(columns - 1, widestText);
	const {text} = content;
	const headers =
		view.showsAllHeaders && content.allHeaders
			? headerLines(content.allHeaders, columns - 1, theme, {isShort: false, keys})
			: headerLines(content.headers.length > 0 ? content.headers : headersOf(summary), columns - 1, theme, {
					isShort: true,
					keys,
				});
	const waiting =
		view.showsAllHeaders && !content.allHeaders
			? [asWaiting({text: safe`(all headers are ${lack ?? ours('on their way…')})`, style: theme.quiet})]
			: [];
	const asDraft = isDraft(session, place.mailbox, summary)
		? [safe`A draft: ${keys.hint('resume', 'goes on writing it')}.`]
		: [];
	const remarks = [
		...asDraft,
		...remarksOf(
			content.state,
			content.because,
			withAdvice(text.remark, text.advice, keymap, 'message'),
			longLackOf(link, keys),
		),
	].flatMap(remark => wrap(remark, textColumns));
	const isPlain = useIsScreenReaderEnabled();
	const isOnItsWay = content.state === 'unknown' || content.state === 'asking';
	const writingOf = useContext(WritingContext);
	const {calendar} = content;
	const own = useMemo(
		() => new Set(calendar ? writingOf(home.account)?.identities.map(({address}) => address.toLowerCase()) : []),
		[calendar, writingOf, home.account],
	);
	const isAnswered = summary !== undefined && hasFlag(summary, '\\Answered');
	const isOwn = useCallback((address: string) => address !== '' && own.has(address.toLowerCase()), [own]);
	const invitation = useMemo(
		() => invitationLines(calendar, message, {columns: textColumns, theme, keys, isOwn, isAnswered, lack}),
		[calendar, message, textColumns, theme, keys, isOwn, isAnswered, lack],
	);
	const reading = calendar?.reading;
	useOffered(reading?.is === 'invitation' && isAsked(reading.invitation, isOwn) ? answers : undefined);
	const head: readonly Line[] = [
		...headers,
		...waiting,
		{text: ours('')},
		...remarks.map(remark => ({text: remark, style: theme.quiet})),
		...(remarks.length > 0 ? [{text: ours('')}] : []),
		...invitation,
	];
	const above = audible(isOnItsWay ? head.map(asWaiting) : head, isPlain);
	// What came stays to be read, whatever became of the message or of the rest.
	const shown = message.lines(textColumns);
	const body = audible(shown.length > 0 ? shown : previewLines(content.preview, textColumns), isPlain);
	const look = {columns: columns - 1, theme, keys, isPlain, lack};
	const below = audible(
		content.structure || content.state === 'known' ? tailLines(content, message, look) : [],
		isPlain,
	);

	const rows = props.rows - 1;
	const lineCount = above.length + body.length + below.length;
	const top = clampTop({top: view.top, count: lineCount, rows});
	const scroll = {top, count: lineCount, rows};
	const lines: Line[] = [];
	for (let index = top; index < Math.min(lineCount, top + rows); index++) {
		const inBody = body[index - above.length];
		if (index < above.length) lines.push(above[index] ?? {text: ours('')});
		else if (inBody) {
			const line: Line = {text: inBody.text, style: theme.textLine(inBody)};
			// More of it is to come.
			lines.push(text.isAsking && inBody === body.at(-1) ? asWaiting(line) : line);
		} else lines.push(below[index - above.length - body.length] ?? {text: ours('')});
	}

	const position = mailbox.positionOf(place.id);
	const isAttached = place.part !== '';
	const readingOn = useReadingOn(props);
	const moreText =
		(text.isWhole || text.kind === 'none') && calendar?.state !== 'offered'
			? undefined
			: () => {
					const go = (): void => message.ensureMoreText();
					spend(session, program, {
						what: ours(calendar?.state === 'offered' ? 'Fetch the invitation' : 'Fetch more of this text'),
						price: message.priceOfMoreText(),
						command: 'moreText',
						go,
					});
				};

	// After a message went, the one behind it is read, as in mutt; after the last, the list.
	const readOn = readingOn.next ?? (() => program.back());
	useCommands('message', {
		...(isAttached
			? {}
			: decisionCommands({session, home, sessions, mailbox, program, message: summary, onGone: readOn})),
		...answerCommands({session, home, program, writingOf, columns, message: summary, isReading: true}, place),
		...scrollCommands(scroll, next => setView({...view, top: next}), moreText ?? sayEnd(program)),
		moreText,
		nextMessage: readingOn.next,
		previousMessage: readingOn.previous,
		nextUnread: readingOn.nextUnread ?? (() => program.say(ours('no unread message among the rows seen so far'))),
		parts: content.structure ? () => program.open({...place, screen: 'parts', memory: emptyMemory()}) : undefined,
		save: content.state === 'known' ? file => saveFrom(session, message, place.part, program, file) : undefined,
		pipe:
			content.state === 'known'
				? command => pipeFrom(session, place, message, place.part, program, command)
				: undefined,
		allHeaders() {
			if (!view.showsAllHeaders) message.ensureAllHeaders();
			setView({...view, top: 0, showsAllHeaders: !view.showsAllHeaders});
		},
		otherText: text.hasAlternative ? () => message.chooseHtml(text.kind !== 'html') : undefined,
	});

	useCursorAt('screen', {x: 0, y: 1});
	return (
		<Box flexDirection="column">
			<TitleLine
				session={session}
				mailbox={place.mailbox}
				theme={theme}
				columns={columns}
				left={safe`${safeLine(session.account)}/${safeLine(session.nowCalled(place.mailbox))}${titleOf(position, count, isAttached)}`}
				isText
				middle={
					body.length > 0
						? safe`${ours(scrollWords(scroll))}${text.isAsking && lack === undefined ? ours('…') : ours('')}`
						: ours('')
				}
			/>
			<Lines lines={lines} columns={columns} rows={rows} top={top} />
		</Box>
	);
}

/** Until the text is here, its first words, where they are. */
const previewLines = (preview: SafeText, columns: number): readonly TextLine[] =>
	preview === '' ? [] : wrap(safe`${preview} …`, columns).map(text => ({text, quoteDepth: 0, kind: 'text'}));

function titleOf(position: number | undefined, count: number | undefined, isAttached: boolean): SafeText {
	if (isAttached) return ours('  attached message');
	return position === undefined || count === undefined ? ours('') : safe`  ${position} of ${count}`;
}

function remarksOf(state: string, because: SafeText, remark: SafeText, lack: SafeText | undefined): SafeText[] {
	if (state === 'unknown' || state === 'asking')
		return [lack === undefined ? ours('The message is on its way…') : safe`The text of this message is ${lack}.`];
	if (state === 'gone' || state === 'failed') return [because];
	return remark === '' ? [] : [remark];
}
