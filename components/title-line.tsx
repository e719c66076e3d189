/**
 * The first line of every screen: where one is, how far, and what the link does.
 */
import {Text} from 'ink';
import type {ReactElement} from 'react';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import type {Session} from '../source/session/session.ts';
import {bytesOf} from './format.ts';
import {linkTitle} from './link-words.ts';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';
import {useLive} from './use-live.ts';
import {useShowsPending} from './use-shows-pending.ts';

export function TitleLine({
	session,
	theme,
	columns,
	left,
	middle = ours(''),
}: {
	readonly session: Session;
	readonly theme: Theme;
	readonly columns: number;
	readonly left: SafeText;
	readonly middle?: SafeText;
}): ReactElement {
	const waiting = useLive(session.operations).filter(({state}) => state === 'waiting').length;
	const showsPending = useShowsPending(session);
	const link = linkTitle(useLive(session.link), useLive(session.budget));
	const budgetLeft = useLive(session.budgetLeft);
	const words = budgetLeft === undefined ? link : safe`${link}  ${bytesOf(budgetLeft)} left`;
	const right = waiting === 0 || !showsPending ? words : safe`${theme.pending}${waiting}  ${words}`;
	return <TitleText {...{theme, columns, left, middle, right}} />;
}

/** The first line of a screen that is of no one account. */
export function TitleText({
	theme,
	columns,
	left,
	middle = ours(''),
	right,
}: {
	readonly theme: Theme;
	readonly columns: number;
	readonly left: SafeText;
	readonly middle?: SafeText;
	readonly right: SafeText;
}): ReactElement {
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
