/**
 * The two lines at the bottom.
 */
import {useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useContext} from 'react';
import type {ScreenName} from '../source/keys/screens.ts';
import {keyMenuRows} from './frame-layout.ts';
import {keyMenuLines} from './key-menu-lines.ts';
import {Lines} from './lines.tsx';
import {useKeys} from './use-keymap.ts';
import {useLive} from './use-live.ts';
import {OfferedContext} from './use-offered.ts';

export function KeyMenu({
	screen,
	columns,
}: {
	readonly screen: ScreenName;
	readonly columns: number;
}): ReactElement | null {
	const isPlain = useIsScreenReaderEnabled();
	const lines = keyMenuLines(useKeys(screen), columns, useLive(useContext(OfferedContext)));
	// The help says the keys, when it is asked.
	return isPlain ? null : <Lines lines={lines} columns={columns} rows={keyMenuRows} />;
}
