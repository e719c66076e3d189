/**
 * Editing one wish: every key goes into its form, until it is kept or left as it was.
 */
import {useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useRef, useState} from 'react';
import type {SafeText} from '../source/model/safe-text.ts';
import {readTypedWish, wishHints} from '../source/model/typed-wish.ts';
import type {Wish} from '../source/model/wish.ts';
import {FormAloud} from './form-aloud.tsx';
import type {Key} from './key-source.ts';
import {textOf} from './line-editor.ts';
import {Lines} from './lines.tsx';
import {safe} from './safe.ts';
import type {Said} from './status-line.tsx';
import type {Theme} from './theme.ts';
import {useTextKeys} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';
import {
	cleared,
	moved,
	understood,
	type WishFormState,
	wishForm,
	wishFormLines,
	wishLabels,
	withKey,
} from './wish-form.ts';

export function WishEditor({
	name,
	wish,
	costOf,
	theme,
	columns,
	rows,
	onKeep,
	onLeave,
}: {
	readonly name: SafeText;
	readonly wish: Wish;
	costOf(wish: Wish): SafeText;
	readonly theme: Theme;
	readonly columns: number;
	readonly rows: number;
	onKeep(wish: Wish): void;
	onLeave(): void;
}): ReactElement {
	const [state, setState] = useState<WishFormState>(() => wishForm(wish));
	const [said, setSaid] = useState<Said | undefined>(undefined);
	const serial = useRef(0);
	const isPlain = useIsScreenReaderEnabled();
	const {field, typed} = state;
	/** One sees it while one types; who hears is told when the field is left. */
	const go = (by: number): void => {
		setState(moved(state, by));
		setSaid({text: understood(typed, costOf), serial: ++serial.current});
	};
	const keep = (): void => {
		const read = readTypedWish(typed);
		if ('wish' in read) onKeep(read.wish);
		else {
			setState(moved({...state, field: read.field}, 0));
			setSaid({text: read.problem, serial: ++serial.current});
		}
	};
	useTextKeys((key: Key) => {
		switch (key.name) {
			case 'Escape':
			case 'Ctrl+c':
			case 'Ctrl+g':
				return onLeave();
			case 'Enter':
				return keep();
			case 'Tab':
			case 'Down':
			case 'EndOfLine':
				return go(1);
			case 'Shift+Tab':
			case 'Up':
				return go(-1);
			case 'StartOfLine':
				return setState(cleared(state));
			default:
				return setState(withKey(state, key));
		}
	});
	const {lines, cursor} = wishFormLines(state, {costOf, columns, theme});
	useCursorAt('screen', {x: cursor.x, y: cursor.y + 1});
	if (!isPlain) return <Lines lines={lines} columns={columns} rows={rows} />;
	return (
		<FormAloud
			title={safe`The wish of ${name}. Enter keeps it, Escape leaves it as it was`}
			said={said}
			field={field}
			label={wishLabels[field]}
			hint={wishHints[field]}
			typed={textOf(state.line)}
			options={undefined}
			chosen=""
		/>
	);
}
