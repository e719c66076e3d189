/**
 * A message one writes: its fields, edited in place, what is attached, and the text. Everything typed goes to the draft,
 * which is on the disk after a pause and whenever one leaves.
 */
import {Box, useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useEffect, useMemo, useState} from 'react';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import type {OpenDraft, Writing} from '../source/writing/writing.ts';
import {BeginDraft} from './begin-draft.tsx';
import {draftCommands} from './compose-commands.ts';
import {type Field, fieldsOf, holdsAddresses, indexOf, isSame} from './compose-fields.ts';
import {
	aboutText,
	costWords,
	fieldLine,
	type Look,
	labelColumns,
	peopleLines,
	shownLine,
	textLines,
} from './compose-lines.ts';
import {heardMore, heardRow, insteadOfRows, type Line, Lines} from './lines.tsx';
import {ListPage} from './list-page.tsx';
import {clampView, listCommands} from './list-view.ts';
import {useRemembered} from './memory.ts';
import type {ComposeView, ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {clampTop, scrollCommands} from './scroll.ts';
import {TextEditor} from './text-editor-screen.tsx';
import {TitleLine} from './title-line.tsx';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useFieldEditing} from './use-field-editing.ts';
import {useLive} from './use-live.ts';
import {useArrivals, useSending} from './use-sending.ts';
import {useTextEditing} from './use-text-editing.ts';
import {useWriting} from './use-writing.ts';

type Props = ScreenProps<'compose'>;

export function ComposeScreen(props: Props): ReactElement {
	const {place, session} = props;
	const {what} = place;
	const writing = useWriting(what.kind === 'draft' ? session.account : what.by);
	const draft = useMemo(() => (what.kind === 'draft' ? writing?.open(what.id) : undefined), [what, writing]);
	if (writing === undefined) return <Nothing {...props} words={ours('Nothing can be written here.')} />;
	if (what.kind !== 'draft') return <BeginDraft {...props} what={what} writing={writing} />;
	if (draft === undefined) return <Nothing {...props} words={ours('This draft is not there any more.')} />;
	return (
		<Composer
			{...props}
			draft={draft}
			writing={writing}
			isFresh={what.isFresh === true && place.memory.current === undefined}
		/>
	);
}

/** Rows of the text that stay in sight, however many fields there are. */
const leastTextRows = 4;
const firstView: ComposeView = {row: Number.MAX_SAFE_INTEGER, top: 0, textTop: 0};

function Composer({
	draft,
	writing,
	isFresh,
	...props
}: Props & {readonly draft: OpenDraft; readonly writing: Writing; readonly isFresh: boolean}): ReactElement {
	const {place, session, program, theme, clock, columns} = props;
	const written = useLive(draft.draft);
	const {bytesPerSecond} = useLive(session.link);
	const transfers = useLive(session.transfers);
	const isPlain = useIsScreenReaderEnabled();
	const [isFirst] = useState(place.memory.current === undefined);
	const [remembered, setView] = useRemembered(place.memory, firstView);
	useSending(draft, program);
	useArrivals(draft, writing, session);
	useEffect(() => () => void draft.leave(), [draft]);

	const fields = fieldsOf(written);
	const row = Math.min(remembered.row, fields.length - 1);
	const current: Field = fields[row] ?? {field: 'text'};
	const moveTo = (field: Field): void => setView({...remembered, row: indexOf(draft.draft.get(), field)});
	const editing = useFieldEditing({
		draft,
		writing,
		program,
		isFresh,
		onKept: (field, next) => moveTo(next ?? field),
	});
	const text = useTextEditing(draft, program);
	const opensText = place.what.kind === 'draft' && place.what.opensText === true && isFirst;
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, as it is opened
	useEffect(() => {
		if (opensText) text.begin();
	}, []);
	const {now} = editing;
	const edited: Field = now?.field ?? current;

	// A title, the fields, a line about the text, and the text.
	const contentRows = props.rows - 1;
	// One that is being added has a row of its own.
	const shownFields = fields
		.slice(0, -1)
		.concat(now && !fields.some(each => isSame(each, now.field)) ? [now.field] : []);
	const fieldRows = Math.min(shownFields.length, Math.max(1, contentRows - 1 - leastTextRows));
	const editedRow = shownFields.findIndex(each => isSame(each, edited));
	const window = clampView(
		{row: editedRow < 0 ? shownFields.length : editedRow, top: remembered.top},
		shownFields.length,
		fieldRows,
	);
	const textRows = Math.max(1, contentRows - fieldRows - 1);
	const lines = useMemo(() => textLines(written.text, columns - 1, theme), [written.text, columns, theme]);
	const scroll = {
		top: clampTop({top: remembered.textTop, count: lines.length, rows: textRows}),
		count: lines.length,
		rows: textRows,
	};

	const scrolling = scrollCommands(scroll, textTop => setView({...remembered, row, textTop}));
	const moving = listCommands(
		{row, top: 0},
		fields.length,
		fields.length,
		({row: to}) => setView({...remembered, row: to}),
		program,
	);
	useCommands('compose', {
		...scrolling,
		up: current.field === 'text' && scroll.top > 0 ? scrolling.up : moving.up,
		down: current.field === 'text' ? scrolling.down : moving.down,
		first: () => setView({...remembered, row: 0, textTop: 0}),
		last: () => setView({...remembered, row: fields.length - 1, textTop: lines.length}),
		...draftCommands({
			session,
			draft,
			writing,
			program,
			clock,
			current,
			edit: editing.begin,
			editText: text.begin,
			moveTo,
		}),
	});

	const look: Look = {
		draft: written,
		columns,
		theme,
		bytesPerSecond,
		transfers,
		isHere: draft.isHere,
		typed: writing.typed,
	};
	const title = (
		<TitleLine
			session={session}
			theme={theme}
			columns={columns}
			left={safe`${safeLine(session.account)}  ${titleOf(editing.subject ?? written.subject, written.resends !== undefined)}`}
			middle={
				text.isOpen ? ours('Escape ends the text') : now ? typingWords(now.field) : costWords(written, bytesPerSecond)
			}
			isText
		/>
	);
	const column = now ? shownLine(now.line, columns - labelColumns - 1).column : 0;
	const y = 1 + (current.field === 'text' && now === undefined ? fieldRows : window.row - window.top);
	if (text.isOpen)
		return (
			<Box flexDirection="column">
				{title}
				<TextEditor
					text={written.text}
					columns={columns}
					rows={contentRows}
					row={1}
					theme={theme}
					onChange={changed => draft.change({text: changed})}
					onDone={text.end}
				/>
			</Box>
		);
	const head = shownFields.slice(window.top, window.top + fieldRows).map(each => {
		const isEdited = now !== undefined && isSame(each, now.field);
		return fieldLine(
			each,
			isSame(each, edited) && (isEdited || current.field !== 'text' || now !== undefined),
			look,
			isEdited ? now.line : undefined,
		);
	});
	const isText = current.field === 'text' && now === undefined;
	const about = aboutText(written.text, scroll);
	const middle: Line = {
		text: fit(safe`${isText ? theme.pointer : ours(' ')}${ours('Text')}`, labelColumns),
		rest: [{text: fit(about, columns - labelColumns - 1), style: isText ? {} : theme.quiet}],
		style: isText ? theme.selected : theme.quiet,
		heard: () => heardRow('text', isText, safe`Text: ${about}`),
	};
	const body =
		editing.people.length > 0
			? peopleLines(editing.people, now?.completing?.chosen ?? 0, textRows, look)
			: written.resends !== undefined
				? [
						{text: ours('')},
						{text: ours('  The message goes as it is, with fields that say by whom and to whom.'), style: theme.quiet},
						...(written.resends.at
							? [{text: ours('  It stays on the server: nothing to send.'), style: theme.quiet}]
							: []),
					]
				: lines
						.slice(scroll.top, scroll.top + textRows)
						.map(line => (isPlain && isText ? {...line, heard: () => heardMore(line.text)} : line));
	return (
		<Box flexDirection="column">
			{title}
			<Lines lines={[...head, middle, ...body]} columns={columns} rows={contentRows} />
			<Cursor x={now ? Math.min(labelColumns + column, columns - 1) : 0} y={y} />
		</Box>
	);
}

/** Of its own, since the editor has another: of two that are drawn together the outer one would win. */
function Cursor(at: {readonly x: number; readonly y: number}): null {
	useCursorAt('screen', at);
	return null;
}

/** Keys mean something else while one types. */
const typingWords = (field: Field): SafeText =>
	ours(holdsAddresses(field) ? 'Tab finds, Enter keeps, Esc undoes' : 'Enter keeps, Esc undoes');

const titleOf = (subject: string, isWhole: boolean): SafeText =>
	isWhole
		? safe`send on: ${safeLine(subject)}`
		: subject.trim() === ''
			? ours('a new message')
			: safe`write: ${safeLine(subject)}`;

function Nothing({session, program, theme, columns, rows, words}: Props & {readonly words: SafeText}): ReactElement {
	useCommands('compose', {back: () => program.back()});
	useCursorAt('screen', {x: 0, y: 1});
	const lines = [{text: ours('')}, insteadOfRows(words, theme.quiet)];
	return <ListPage {...{session, theme, columns, rows, lines}} name={ours('write')} middle={ours('')} />;
}
