/**
 * The first line of every screen: where one is, how far, and what the link does.
 */
import {Text, useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useId} from 'react';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import type {Session} from '../source/session/session.ts';
import {aloud} from './aloud.ts';
import {bytesOf} from './format.ts';
import {linkTitle} from './link-words.ts';
import {safe} from './safe.ts';
import {Spoken} from './spoken.tsx';
import type {Theme} from './theme.ts';
import {useLive} from './use-live.ts';
import {useShowsPending} from './use-shows-pending.ts';

type TitleProps = {
	readonly theme: Theme;
	readonly columns: number;
	readonly left: SafeText;
	/** Where one is in it. */
	readonly middle?: SafeText;
	/** Whether one scrolls here, and so is not told each time how far one is. */
	readonly isText?: boolean;
};

export function TitleLine({session, ...title}: TitleProps & {readonly session: Session}): ReactElement {
	const isPlain = useIsScreenReaderEnabled();
	const waiting = useLive(session.operations).filter(({state}) => state === 'waiting').length;
	const showsPending = useShowsPending(session);
	const link = linkTitle(useLive(session.link), useLive(session.budget));
	const budgetLeft = useLive(session.budgetLeft);
	const words = budgetLeft === undefined ? link : safe`${link}  ${bytesOf(budgetLeft)} left`;
	const pending = isPlain ? safe`${waiting} not sent yet` : safe`${title.theme.pending}${waiting}`;
	const right = waiting === 0 || !showsPending ? words : safe`${pending}  ${words}`;
	return <TitleText {...title} right={right} />;
}

/** The first line of a screen that is of no one account. */
export function TitleText({
	theme,
	columns,
	left,
	middle = ours(''),
	isText = false,
	right,
}: TitleProps & {readonly right: SafeText}): ReactElement {
	const id = useId();
	if (useIsScreenReaderEnabled()) {
		const isEnd = isText && middle === 'end';
		return (
			<>
				<Spoken kind="screen" id={id} words={aloud(left)} />
				<Spoken kind={isText ? 'about' : 'place'} words={aloud(middle)} />
				<Spoken kind="about" words={aloud(right)} />
				<Spoken kind="note" id="end" words={ours(isEnd ? 'the end' : '')} />
			</>
		);
	}
	return (
		<Text wrap="truncate-end" {...theme.title}>
			{threeColumns(left, middle, right, columns)}
		</Text>
	);
}

/** The left gives way to the middle, and both to the right. */
export function threeColumns(left: SafeText, middle: SafeText, right: SafeText, columns: number): SafeText {
	const end = fit(safe` ${right} `, Math.min(widthOf(right) + 2, columns));
	const room = columns - widthOf(end);
	const showsMiddle = middle !== '' && room >= widthOf(middle) + 18;
	const tail = showsMiddle ? safe`  ${middle} ` : ours('');
	return safe`${fit(safe` ${left}`, room - widthOf(tail))}${tail}${end}`;
}
