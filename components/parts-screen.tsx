/**
 * The parts of a message: the tree to be pruned before it comes. Nothing here comes unasked, and what the asked
 * would cost stands below the tree.
 */
import {Box} from 'ink';
import {type ReactElement, useEffect, useMemo, useState} from 'react';
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import type {PartNumber} from '../source/model/ids.ts';
import {isMessage, isMultipart, type Part} from '../source/model/part.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import type {MessageContent, OpenMessage} from '../source/session/session.ts';
import {phrases} from './aloud.ts';
import {attachToMessage} from './attach-parts.ts';
import {priceWords, rateOf} from './format.ts';
import {heardMore, heardRow, insteadOfRows, Lines} from './lines.tsx';
import {lackOf} from './link-words.ts';
import {listLines} from './list-page.tsx';
import {clampView, listCommands} from './list-view.ts';
import {emptyMemory, useRemembered} from './memory.ts';
import {pipeFrom, saveAllFrom, saveFrom} from './part-questions.ts';
import {isHere, type PartRow, partAloud, partRow, partRows, partState, typeColumnsOf} from './part-rows.ts';
import type {PartsView, ScreenProps} from './places.ts';
import {spend} from './price-question.ts';
import {safe} from './safe.ts';
import {TitleLine} from './title-line.tsx';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLive} from './use-live.ts';
import {useWriting} from './use-writing.ts';

const firstView: PartsView = {row: undefined, top: 0, marked: new Set()};
const noRows: readonly PartRow[] = [];

export function PartsScreen(props: ScreenProps<'parts'>): ReactElement {
	const {place, session, program, theme, columns} = props;
	const message = useMemo(() => session.message(place.id, place.part), [session, place.id, place.part]);
	const content = useLive(message.content);
	const summary = useLive(message.summary);
	const transfers = useLive(session.transfers);
	const link = useLive(session.link);
	const writing = useWriting(session.account);
	const [remembered, setView] = useRemembered(place.memory, firstView);
	/** A text the user asked to read while it was not here: it opens when it has come. */
	const [awaited, setAwaited] = useState<PartNumber | undefined>(undefined);

	useEffect(() => message.ensureContent(), [message]);

	const all = useMemo(
		() => (content.structure ? partRows(content.structure, theme) : noRows),
		[content.structure, theme],
	);
	// Title, and below the tree an empty line and the price.
	const treeRows = props.rows - 3;
	const row = remembered.row ?? all.findIndex(each => !isMultipart(each.part));
	const view = {...remembered, ...clampView({row, top: remembered.top}, all.length, treeRows)};
	const current = all[view.row]?.part;
	const transferOf = (part: Part) =>
		transfers.findLast(
			each =>
				each.mailbox === message.lies.mailbox &&
				each.uid === message.lies.uid &&
				each.part === part.number &&
				each.state !== 'done',
		);

	const isRead = (part: PartNumber): boolean => message.partLines(part, columns) !== undefined;
	const openText = (part: PartNumber): void =>
		program.open({
			screen: 'viewer',
			of: part,
			memory: emptyMemory(),
			mailbox: place.mailbox,
			id: place.id,
			part: place.part,
			list: place.list,
		});
	const isAwaitedHere = awaited !== undefined && awaited === current?.number && isRead(awaited);
	useEffect(() => {
		if (!isAwaitedHere) return;
		setAwaited(undefined);
		openText(awaited);
	});

	const fetch = (): void => {
		const wanted = [...view.marked];
		if (wanted.length > 0) {
			const go = (): void => {
				message.choose(wanted);
				setView({...view, marked: new Set()});
			};
			spend(session, program, {what: fetchWords(all, wanted), price: message.price(wanted), go});
			return;
		}
		if (!current) program.say(ours('the list of parts is not here yet'));
		else if (isMessage(current)) {
			program.open({
				screen: 'message',
				memory: emptyMemory(),
				mailbox: place.mailbox,
				id: place.id,
				part: current.number,
				list: undefined,
			});
		} else if (isRead(current.number)) openText(current.number);
		else if (message.isWhole(current.number)) {
			program.say(
				safe`${partLabel(current)} is here: ${program.keys.hints(['save', 'saves it'], ['pipe', 'feeds it to a command'])}`,
			);
		} else {
			const {number} = current;
			const go = (): void => {
				message.choose([number]);
				setAwaited(number);
			};
			spend(session, program, {what: safe`Fetch ${partLabel(current)}`, price: message.price([number]), go});
		}
	};
	// Without a description there are no parts, but there is the message.
	const isWhole = content.state === 'known' && content.structure === undefined;
	const isLeaf = current !== undefined && !isMultipart(current);
	const pipable = isLeaf ? current.number : isWhole ? place.part : undefined;
	const mark = (part: Part): void => {
		const marked = new Set(view.marked);
		if (marked.delete(part.number)) program.sayAloud(ours('not marked'));
		else marked.add(part.number);
		setView({...view, ...clampView({row: view.row + 1, top: view.top}, all.length, treeRows), marked});
	};

	const attachToDraft = (part: Part | undefined, word: string): void => {
		const chosen = all.map(each => each.part).filter(({number}) => view.marked.has(number));
		const parts = chosen.length > 0 || part === undefined ? chosen : [part];
		const onDone = (): void => setView({...view, marked: new Set()});
		attachToMessage({session, program, message, writing}, parts, onDone, word);
	};
	const openWith = (part: Part): void =>
		spend(session, program, {
			what: safe`Open ${partLabel(part)}`,
			price: message.price([part.number]),
			command: 'openPart',
			go: () => message.open(part.number),
		});
	const saveMarked = (folder: string): void =>
		saveAllFrom(session, message, [...view.marked], program, folder, () => setView({...view, marked: new Set()}));

	useCommands('parts', {
		...listCommands(view, all.length, treeRows, next => setView({...view, ...next}), program),
		mark: isLeaf ? () => mark(current) : undefined,
		fetch: isLeaf || view.marked.size > 0 || !current ? fetch : undefined,
		save:
			view.marked.size > 0
				? saveMarked
				: isLeaf
					? file => saveFrom(session, message, current.number, program, file)
					: undefined,
		attachPart: isLeaf || view.marked.size > 0 ? word => attachToDraft(isLeaf ? current : undefined, word) : undefined,
		openPart: isLeaf ? () => openWith(current) : undefined,
		pipe: pipable === undefined ? undefined : command => pipeFrom(session, place, message, pipable, program, command),
	});

	useCursorAt('screen', {x: 0, y: view.row - view.top + 1});
	const look = {message, marked: view.marked, columns, typeColumns: typeColumnsOf(all, columns), theme};
	const lines = listLines(all, {...view, height: treeRows}, theme, (row, isSelected) => ({
		text: partRow(row, transferOf(row.part), look),
		heard() {
			const of = [row.part, message, transferOf(row.part)] as const;
			const mark = ours(view.marked.has(row.part.number) ? 'marked' : '');
			return heardRow(row.part.number, isSelected, phrases(mark, partAloud(...of)), partState(...of));
		},
		style: {
			...(isMultipart(row.part) ? theme.quiet : {}),
			...(isSelected ? {...theme.selected, dimColor: false} : {}),
		},
	}));
	if (all.length === 0) {
		const words = emptyWords(content, lackOf(link, program.keys), program.keys);
		lines.push({text: ours('')}, insteadOfRows(words, theme.quiet, {isWaiting: isOnItsWay(content.state)}));
	}
	while (lines.length < treeRows + 1) lines.push({text: ours('')});
	const rate = link.bytesPerSecond === undefined ? ours('') : safe` at ${rateOf(link.bytesPerSecond)}`;
	lines.push({
		text: fit(safe`  ${costWords(message, current, view.marked, rate, program.keys)}`, columns),
		style: theme.quiet,
		// Of the part under the cursor the row itself says it.
		heard: () => heardMore(markedWords(message, view.marked)),
	});

	return (
		<Box flexDirection="column">
			<TitleLine
				session={session}
				mailbox={place.mailbox}
				theme={theme}
				columns={columns}
				left={safe`Parts of: ${summary?.subject || ours('(no subject)')}`}
				middle={all.length === 0 ? ours('') : safe`${view.row + 1} of ${all.length}`}
			/>
			<Lines lines={lines} columns={columns} rows={props.rows - 1} />
		</Box>
	);
}

function fetchWords(rows: readonly PartRow[], wanted: readonly PartNumber[]): SafeText {
	const only = wanted.length === 1 ? rows.find(row => row.part.number === wanted[0]) : undefined;
	return only ? safe`Fetch ${partLabel(only.part)}` : safe`Fetch ${wanted.length} parts`;
}

const partLabel = (part: Part): SafeText => (part.name === '' ? safe`part ${safeLine(part.number)}` : part.name);

function costWords(
	message: OpenMessage,
	current: Part | undefined,
	marked: ReadonlySet<PartNumber>,
	rate: SafeText,
	keys: ScreenKeys,
): SafeText {
	if (marked.size > 0 && message.price([...marked]).bytes === 0)
		return safe`${marked.size} marked. ${keys.hints(['fetch', 'fetches'], ['save', 'saves'])}.`;
	if (marked.size > 0)
		return safe`${marked.size} marked: ${priceWords(message.price([...marked]))}${rate}. ${keys.hints(['fetch', 'fetches'], ['save', 'saves'])}.`;
	if (!current || isMultipart(current))
		return safe`${keys.hints(['mark', 'marks what is to come'], ['fetch', 'fetches it'])}.`;
	if (isMessage(current)) return safe`${partLabel(current)} is a message: ${keys.hint('fetch', 'opens it')}.`;
	if (isHere(current, message)) return safe`${partLabel(current)} is here.`;
	return safe`${partLabel(current)}: ${priceWords(message.price([current.number]))}${rate}. ${keys.hint('fetch', 'fetches')}.`;
}

/** Without the time, which would be another one each moment. */
function markedWords(message: OpenMessage, marked: ReadonlySet<PartNumber>): SafeText {
	if (marked.size === 0) return ours('');
	const price = message.price([...marked]);
	return phrases(
		safe`${marked.size} marked`,
		price.bytes === 0 ? ours('here') : priceWords({...price, seconds: undefined}),
	);
}

const isOnItsWay = (state: string): boolean => state === 'unknown' || state === 'asking';

function emptyWords(
	{state, because}: Pick<MessageContent, 'state' | 'because'>,
	lack: SafeText | undefined,
	keys: ScreenKeys,
): SafeText {
	if (state === 'gone' || state === 'failed') return because;
	if (state === 'known')
		return safe`The server cannot describe this message; ${keys.hint('pipe', 'feeds all of it to a command')}.`;
	return lack === undefined ? ours('The list of parts is on its way…') : safe`The list of parts is ${lack}.`;
}
