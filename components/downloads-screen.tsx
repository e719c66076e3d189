import type {ReactElement} from 'react';
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {isUnderWay, type Transfer} from '../source/model/transfer.ts';
import {downloadAloud, downloadHeading, downloadLine, isListed, stateOf} from './download-rows.ts';
import {bytesOf} from './format.ts';
import {heardRow, insteadOfRows, type Line, noteLines} from './lines.tsx';
import {ListPage, listLines} from './list-page.tsx';
import {clampView, type ListView, listCommands} from './list-view.ts';
import {useRemembered} from './memory.ts';
import type {ScreenProps} from './places.ts';
import {ended, safe} from './safe.ts';
import {useCommands} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {useLive} from './use-live.ts';

const footRows = 3;
const firstView: ListView = {row: 0, top: 0};

export function DownloadsScreen(props: ScreenProps<'downloads'>): ReactElement {
	const {place, session, program, theme, columns, rows} = props;
	const all = useLive(session.transfers).filter(isListed);
	const [remembered, setView] = useRemembered(place.memory, firstView);
	// Title, heading, and below the list an empty line.
	const listRows = Math.max(1, rows - 3 - footRows);
	const view = clampView(remembered, all.length, listRows);
	const current = all[view.row];

	const cancel = (transfer: Transfer): void => {
		const isLost = (isUnderWay(transfer) || transfer.state === 'paused') && transfer.heldBytes > 0;
		const give = () => session.cancel(transfer.id);
		const label = safe`Throw away the ${bytesOf(transfer.heldBytes)} that came of ${transfer.name}?`;
		if (isLost) program.ask({kind: 'yes-or-no', label, onYes: give});
		else give();
	};
	const pause = (transfer: Transfer): void =>
		isUnderWay(transfer) ? session.pause(transfer.id) : session.resume(transfer.id);
	const isSaved = current?.state === 'done' && current.file !== '';

	useCommands('downloads', {
		...listCommands(view, all.length, listRows, setView, program),
		pause: current && current.state !== 'done' ? () => pause(current) : undefined,
		cancelDownload: current && (() => cancel(current)),
		openPart: isSaved ? () => session.openFile(current.id) : undefined,
		showPlace: current && current.file !== '' ? () => program.say(current.file) : undefined,
	});

	useCursorAt('screen', {x: 0, y: view.row - view.top + 2});
	const lines: Line[] = [
		{text: downloadHeading(columns), style: theme.quiet},
		...listLines(all, {...view, height: listRows}, theme, (transfer, isSelected) => ({
			text: downloadLine(transfer, columns),
			heard: () => heardRow(transfer.id, isSelected, downloadAloud(transfer), stateOf(transfer)),
			style: {
				...(transfer.state === 'done' ? theme.quiet : {}),
				...(transfer.state === 'failed' ? theme.problem : {}),
				...(isSelected ? {...theme.selected, dimColor: false} : {}),
			},
		})),
	];
	if (all.length === 0) {
		lines.push(insteadOfRows(ours('Nothing is on its way.'), theme.quiet));
	}
	while (lines.length < listRows + 2) lines.push({text: ours('')});
	lines.push(...noteLines(footOf(current, program.keys), {columns, rows: footRows, style: theme.quiet}));
	const running = all.filter(isUnderWay).length;
	return (
		<ListPage
			session={session}
			theme={theme}
			columns={columns}
			rows={rows}
			name={ours('downloads')}
			middle={running === 0 ? ours('') : safe`${running} on the way`}
			lines={lines}
		/>
	);
}

/** Why it failed, else where it goes to. */
function footOf(transfer: Transfer | undefined, keys: ScreenKeys): SafeText {
	if (transfer === undefined) return ours('');
	if (transfer.state === 'failed') return safe`${ended(transfer.because)} ${keys.hint('pause', 'tries again')}.`;
	if (transfer.into === 'memory') return ours('To be looked at here; nothing is written to the disk.');
	if (transfer.into === 'opener') return ours('To be opened with another program; removed when Bonsai ends.');
	const where = transfer.state === 'done' ? ours('Saved to') : ours('To');
	return safe`${where} ${transfer.file}`;
}
