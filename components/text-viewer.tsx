/**
 * Text on a screen of its own: a part that was fetched, or what a command printed.
 */
import {useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useMemo} from 'react';
import type {TextLine} from '../source/model/message.ts';
import {findPart} from '../source/model/part.ts';
import {partName, typeOf} from '../source/model/part-words.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {OpenMessage, PipeOutput} from '../source/session/session.ts';
import {audible, type Line} from './lines.tsx';
import {useRemembered} from './memory.ts';
import type {ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {clampTop, sayEnd, scrollCommands} from './scroll.ts';
import {TextPage} from './text-page.tsx';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLive} from './use-live.ts';
import {wrap} from './wrap.ts';

export function TextViewer({
	place,
	session,
	program,
	theme,
	columns,
	rows: height,
}: ScreenProps<'viewer'>): ReactElement {
	const message = useMemo(() => session.message(place.id, place.part), [session, place.id, place.part]);
	const output = useLive(message.pipeOutput);
	useLive(message.content);
	useLive(session.transfers);
	const [view, setTop] = useRemembered(place.memory, 0);

	const rows = height - 1;
	const fromPipe = useMemo(() => pipeLines(output, columns - 1), [output, columns]);
	const isPlain = useIsScreenReaderEnabled();
	const text = audible<TextLine>(
		place.of === 'pipe' ? fromPipe : (message.partLines(place.of, Math.min(columns - 1, 100)) ?? []),
		isPlain,
	);
	const lines = useMemo(
		() => text.map((line): Line => ({text: line.text, style: theme.textLine(line)})),
		[text, theme],
	);
	const scroll = {top: clampTop({top: view, count: text.length, rows}), count: text.length, rows};
	useCommands('viewer', scrollCommands(scroll, setTop, sayEnd(program)));
	useCursorAt('screen', {x: 0, y: 1});
	return (
		<TextPage
			{...{session, theme, columns, scroll}}
			mailbox={place.mailbox}
			name={place.of === 'pipe' ? pipeTitle(output) : partTitle(message, place.of)}
			lines={lines}
		/>
	);
}

function partTitle(message: OpenMessage, number: Parameters<OpenMessage['heldBytes']>[0]): SafeText {
	const root = message.content.get().structure;
	const part = root && findPart(root, number);
	return part ? safe`${safeLine(number)}  ${typeOf(part)}  ${partName(part)}` : safeLine(number);
}

function pipeTitle(output: PipeOutput | undefined): SafeText {
	if (!output) return ours('waiting for the part');
	if (output.state === 'running') return safe`| ${output.command}  (running)`;
	return output.exitCode ? safe`| ${output.command}  (exit ${output.exitCode})` : safe`| ${output.command}`;
}

function pipeLines(output: PipeOutput | undefined, columns: number): TextLine[] {
	if (!output) return [];
	const nothing = output.state === 'done' && output.output === '' ? ['(it printed nothing)'] : [];
	return [...nothing, ...output.output.split('\n')].flatMap(line =>
		// `safeText` kept the line breaks, so each line is a safe line.
		wrap(line as SafeText, columns).map(text => ({text, quoteDepth: 0, kind: 'text' as const})),
	);
}
