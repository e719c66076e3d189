/** The messages one has begun to write in an account: to go on with, or to throw away. */
import {type ReactElement, useEffect} from 'react';
import type {SavedDraft} from '../source/model/draft.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import type {Writing} from '../source/writing/writing.ts';
import {phrases} from './aloud.ts';
import {dateOf} from './format.ts';
import {heardRow, insteadOfRows} from './lines.tsx';
import {ListPage, listLines} from './list-page.tsx';
import {clampView, type ListView, listCommands} from './list-view.ts';
import {emptyMemory, useRemembered} from './memory.ts';
import type {ScreenProps} from './places.ts';
import {safe} from './safe.ts';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLive} from './use-live.ts';
import {useWriting} from './use-writing.ts';

const newest: ListView = {row: Number.MAX_SAFE_INTEGER, top: 0};
const toColumns = 24;

export function DraftsScreen(props: ScreenProps<'drafts'>): ReactElement | null {
	const writing = useWriting(props.session.account);
	return writing ? <Drafts {...props} writing={writing} /> : null;
}

function Drafts({
	writing,
	place,
	session,
	program,
	theme,
	clock,
	columns,
	rows,
}: ScreenProps<'drafts'> & {readonly writing: Writing}): ReactElement {
	const all = useLive(writing.drafts);
	useEffect(() => writing.look(), [writing]);
	const [remembered, setView] = useRemembered(place.memory, newest);
	const listRows = Math.max(1, rows - 1);
	const view = clampView(remembered, all.length, listRows);
	const current = all[view.row];
	useCommands('drafts', {
		...listCommands(view, all.length, listRows, setView, program),
		open:
			current &&
			(() => program.open({screen: 'compose', memory: emptyMemory(), what: {kind: 'draft', id: current.id}})),
		discard:
			current &&
			(() =>
				program.ask({
					kind: 'yes-or-no',
					label: safe`Throw the draft “${subjectOf(current)}” away for good?`,
					onYes: () => writing.remove(current.id),
				})),
	});
	useCursorAt('screen', {x: 0, y: view.row - view.top + 1});
	const lines = listLines(all, {...view, height: listRows}, theme, (each, isSelected) => {
		const [date, to, subject] = [dateOf(each.savedAt, clock()), recipientsOf(each), subjectOf(each)];
		return {
			text: fit(safe`${fit(date, 10)} ${fit(to || ours('to nobody yet'), toColumns)} ${subject}`, columns - 1),
			heard: () => heardRow(each.id, isSelected, phrases(subject, to || ours('to nobody yet'), date)),
			style: isSelected ? theme.selected : {},
		};
	});
	if (all.length === 0) lines.push({text: ours('')}, insteadOfRows(ours('There are no drafts.'), theme.quiet));
	const middle = all.length === 0 ? ours('') : safe`${view.row + 1} of ${all.length}`;
	return <ListPage {...{session, theme, columns, rows, lines, middle}} name={ours('drafts')} />;
}

const subjectOf = ({draft}: SavedDraft): SafeText => safeLine(draft.subject.trim() || '(no subject)');

const recipientsOf = ({draft: {to, cc, bcc}}: SavedDraft): SafeText =>
	safeLine([...to, ...cc, ...bcc].map(({name, address}) => name || address).join(', '));
