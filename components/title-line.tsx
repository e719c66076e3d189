/**
 * The first line of every screen: where one is, how far, and what the link does.
 */
import {Text, useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useId} from 'react';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {aloud} from './aloud.ts';
import {safe} from './safe.ts';
import {Spoken} from './spoken.tsx';
import type {Theme} from './theme.ts';
import {accountTitle, threeColumns} from './title-words.ts';
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
	const isMarked = useShowsPending(session);
	const link = useLive(session.link);
	const budget = useLive(session.budget);
	const budgetLeft = useLive(session.budgetLeft);
	const pending = isPlain ? safe`${waiting} not sent yet` : safe`${title.theme.pending}${waiting}`;
	const right = accountTitle({link, budget, budgetLeft, pending: waiting > 0 && isMarked ? pending : undefined});
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
