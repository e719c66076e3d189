/**
 * The offline model removes mail from the server: it says so, and how, before it is chosen. Enter agrees.
 */
import {Box, useIsScreenReaderEnabled} from 'ink';
import type {ReactElement} from 'react';
import {drainingOf} from '../source/model/draining.ts';
import {inbox, type MailboxPath} from '../source/model/ids.ts';
import {ours, safeJoin, safeLine} from '../source/model/safe-text.ts';
import {drainingHints, drainingLabels, readTypedDraining, typedDraining} from '../source/model/typed-draining.ts';
import type {Session} from '../source/session/session.ts';
import {FormAloud} from './form-aloud.tsx';
import {textOf} from './line-editor.ts';
import {Lines} from './lines.tsx';
import {type Memory, useRemembered} from './memory.ts';
import {moved, type OfflineFormState, offlineForm, offlineFormLines, offlineWords, withKey} from './offline-form.ts';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';
import {TitleLine} from './title-line.tsx';
import {useTextKeys} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLive} from './use-live.ts';

const leaveKeys: readonly string[] = ['Escape', 'Ctrl+c', 'Ctrl+g'];

export function OfflineScreen({
	session,
	mailbox,
	memory,
	theme,
	columns,
	rows,
	onLeave,
}: {
	readonly session: Session;
	/** Undefined: all of the account. */
	readonly mailbox: MailboxPath | undefined;
	/** What is typed, while the window is too small to show it. */
	readonly memory: Memory<OfflineFormState>;
	readonly theme: Theme;
	readonly columns: number;
	readonly rows: number;
	onLeave(): void;
}): ReactElement {
	const drainings = useLive(session.drainings);
	const draining = mailbox === undefined ? drainings.otherwise : drainingOf(drainings, mailbox);
	const [state, setState] = useRemembered(memory, offlineForm(typedDraining(draining)));
	const agree = (): void => {
		const read = readTypedDraining(state.typed);
		if ('problem' in read) setState({...moved({...state, field: read.field}, 0), isRefused: true});
		else {
			session.setDraining(mailbox, read.draining);
			session.chooseModel('offline', mailbox);
			onLeave();
		}
	};
	useTextKeys(key => {
		if (leaveKeys.includes(key.name)) onLeave();
		else if (key.name === 'Enter') agree();
		else setState(withKey(state, key));
	});
	const words = offlineWords(mailbox, session.localOf(mailbox ?? inbox));
	const {lines, cursor} = offlineFormLines(state, words, {columns, rows: rows - 1, theme});
	useCursorAt('screen', {x: cursor.x, y: cursor.y + 1});
	const title = safe`${safeLine(session.account)}  ${mailbox === undefined ? ours('offline') : safe`${safeLine(mailbox)} offline`}`;
	if (useIsScreenReaderEnabled()) {
		const {field, line} = state;
		const told = safe`${safeJoin(words, ours(' '))} Enter agrees, Escape leaves everything as it is`;
		return (
			<FormAloud
				title={told}
				said={undefined}
				field={field}
				label={drainingLabels[field]}
				hint={drainingHints[field]}
				typed={textOf(line)}
				options={undefined}
				chosen=""
			/>
		);
	}
	return (
		<Box flexDirection="column">
			<TitleLine session={session} theme={theme} columns={columns} left={title} />
			<Lines lines={lines} columns={columns} rows={rows - 1} />
		</Box>
	);
}
