/** A screen of lines that one scrolls through: its title line, which says where one is in them, and as many of them as fit. */
import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {MailboxPath} from '../source/model/ids.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {type Line, Lines} from './lines.tsx';
import {type Scroll, scrollWords} from './scroll.ts';
import type {Theme} from './theme.ts';
import {TitleLine} from './title-line.tsx';

export function TextPage({
	session,
	mailbox,
	theme,
	columns,
	name,
	lines,
	scroll,
}: {
	readonly session: Session;
	/** In which the text is, if it is in one. */
	readonly mailbox?: MailboxPath;
	readonly theme: Theme;
	readonly columns: number;
	readonly name: SafeText;
	/** All there are. */
	readonly lines: readonly Line[];
	readonly scroll: Scroll;
}): ReactElement {
	const {top, rows} = scroll;
	return (
		<Box flexDirection="column">
			<TitleLine
				session={session}
				{...(mailbox === undefined ? {} : {mailbox})}
				theme={theme}
				columns={columns}
				left={name}
				isText
				middle={ours(scrollWords(scroll))}
			/>
			<Lines lines={lines.slice(top, top + rows)} columns={columns} rows={rows} top={top} />
		</Box>
	);
}
