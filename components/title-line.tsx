/**
 * The first line of every screen: where one is, how far, and what the link does.
 */
import {Text, useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useId} from 'react';
import type {MailboxPath} from '../source/model/ids.ts';
import {modelOf} from '../source/model/model.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {aloud} from './aloud.ts';
import {safe} from './safe.ts';
import {Spoken} from './spoken.tsx';
import type {Theme} from './theme.ts';
import {accountTitle, threeColumns} from './title-words.ts';
import {useLive} from './use-live.ts';
import {useShowsPending} from './use-shows-pending.ts';

/** Of what one reads or writes the beginning is always there: less of a subject says nothing. */
const leastTextColumns = 28;

type TitleProps = {
	readonly theme: Theme;
	readonly columns: number;
	readonly left: SafeText;
	/** Where one is in it; of several the first that has room, and who hears hears that. */
	readonly middle?: SafeText | readonly SafeText[];
	/** Whether one scrolls here, and so is not told each time how far one is. */
	readonly isText?: boolean;
};

export function TitleLine({
	session,
	mailbox,
	...title
}: TitleProps & {
	readonly session: Session;
	/** The mailbox it is about, whose model may be another than the account's. */
	readonly mailbox?: MailboxPath;
}): ReactElement {
	const isPlain = useIsScreenReaderEnabled();
	const letters = useLive(session.post.letters);
	const waiting = [...useLive(session.operations), ...letters].filter(({state}) => state === 'waiting').length;
	const isMarked = useShowsPending(session);
	const link = useLive(session.link);
	const budget = useLive(session.budget);
	const budgetLeft = useLive(session.budgetLeft);
	const models = useLive(session.models);
	const model = mailbox === undefined ? models.account : modelOf(models, mailbox);
	const pending = isPlain ? safe`${waiting} not sent yet` : safe`${title.theme.pending}${waiting}`;
	const shown = waiting > 0 && isMarked ? pending : undefined;
	const right = accountTitle({link, budget, budgetLeft, model, pending: shown});
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
		const [words = ours('')] = [middle].flat();
		const isEnd = isText && words === 'end';
		return (
			<>
				<Spoken kind="screen" id={id} words={aloud(left)} />
				<Spoken kind={isText ? 'about' : 'place'} words={aloud(words)} />
				<Spoken kind="about" words={aloud(right)} />
				<Spoken kind="note" id="end" words={ours(isEnd ? 'the end' : '')} />
			</>
		);
	}
	return (
		<Text wrap="truncate-end" {...theme.title}>
			{threeColumns(left, middle, right, columns, isText ? leastTextColumns : undefined)}
		</Text>
	);
}
