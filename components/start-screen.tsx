/**
 * No account yet, or another one: try the demo, or set an account up.
 */
import {useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useRef, useState} from 'react';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {type AccountForm, accountForm, passwordPlaces, securities, type Typed} from './account-form.ts';
import {FormAloud} from './form-aloud.tsx';
import {isTooSmall} from './frame-layout.ts';
import type {Key} from './key-source.ts';
import {edited, editLine, textOf} from './line-editor.ts';
import {Lines} from './lines.tsx';
import type {AroundProps} from './mail.tsx';
import {
	choices,
	emptyFormState,
	type Field,
	type FormState,
	fieldsOf,
	hints,
	isText,
	labelOf,
	startFrame,
} from './start-frame.ts';
import type {Said} from './status-line.tsx';
import {TooSmall} from './too-small.tsx';
import {useTextKeys} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';

export type Start = {
	/** Resolves with a sentence when it did not work. */
	addAccount(form: AccountForm): Promise<string | undefined>;
	openDemo(): void;
};

export function StartScreen({
	start,
	terminal,
	theme,
	columns,
	rows,
	onQuit,
	onLeave,
}: AroundProps & {
	readonly start: Start | undefined;
	/** Back to the accounts there are; without any there is nothing to go back to. */
	readonly onLeave?: () => void;
}): ReactElement {
	const [state, setState] = useState<FormState>(emptyFormState);
	const [said, setSaid] = useState<Said | undefined>(undefined);
	const isPlain = useIsScreenReaderEnabled();
	/** What is typed now is for the screen that comes. */
	const [isOpening, setIsOpening] = useState(false);
	const {field, typed} = state;
	const hasRoom = !isTooSmall(columns, rows);
	const shown = fieldsOf(typed);

	const go = (by: number): void => {
		const index = Math.max(0, Math.min(shown.length - 1, shown.indexOf(field) + by));
		const next = shown[index] ?? 'demo';
		setState({field: next, typed, line: editLine(isText(next) ? typed[next] : '')});
	};
	const serial = useRef(0);
	const say = (text: SafeText | undefined): void => setSaid(text && {text, serial: ++serial.current});
	const connect = (): void => {
		const form = accountForm(typed);
		if (typeof form === 'string') {
			say(form);
			return;
		}
		say(ours('connecting…'));
		void start?.addAccount(form).then(sentence => say(sentence === undefined ? undefined : safeLine(sentence)));
	};
	const enter = (): void => {
		if (field === 'demo' && start) {
			setIsOpening(true);
			start.openDemo();
		}
		if (field === 'connect') connect();
		else if (field !== 'demo') go(1);
	};

	const onKey = (key: Key) => {
		say(undefined);
		const isLineOver = key.name === 'EndOfLine' && isText(field);
		const isMovedOn = key.name === 'Tab' || key.name === 'Down' || isLineOver;
		if (key.name === 'StartOfLine' && isText(field)) return setState({...state, line: editLine('')});
		if (key.name === 'Ctrl+l') return terminal.plain?.sayAgain();
		if (onLeave && (key.name === 'Escape' || (key.name === 'q' && !isText(field)))) return onLeave();
		if (key.name === 'Ctrl+c' || (!isText(field) && (key.name === 'q' || key.name === 'Q'))) return onQuit();
		if (isMovedOn) return go(1);
		if (key.name === 'Shift+Tab' || key.name === 'Up') return go(-1);
		if (key.name === 'Enter') return enter();
		setState(isText(field) ? typedInto(state, field, key) : {...state, typed: chosen(typed, field, key)});
	};
	useTextKeys(!hasRoom || isOpening ? undefined : onKey);

	const mayLeave = onLeave !== undefined;
	const {lines, cursor} = startFrame(state, {said: said?.text, columns, rows, theme, mayLeave});
	useCursorAt('screen', cursor);
	if (isPlain) {
		return (
			<FormAloud
				title={ours(mayLeave ? 'Another account' : 'Bonsai: mail over a bad line. There is no account yet')}
				said={said}
				field={field}
				label={labelOf(field, typed)}
				hint={ours(hints[field])}
				typed={isText(field) ? textOf(state.line) : undefined}
				options={choices[field]}
				chosen={field === 'security' ? typed.security : typed.passwordFrom}
			/>
		);
	}
	if (!hasRoom) return <TooSmall columns={columns} rows={rows} onQuit={onQuit} />;
	return <Lines lines={lines} columns={columns} rows={rows} />;
}

function typedInto(state: FormState, field: 'name' | 'server' | 'user' | 'password', key: Key): FormState {
	const line = edited(state.line, key) ?? state.line;
	return {...state, line, typed: {...state.typed, [field]: textOf(line)}};
}

function chosen(typed: Typed, field: Field, key: Key): Typed {
	const by = key.name === 'Space' || key.name === 'Right' ? 1 : key.name === 'Left' ? -1 : 0;
	const next = <T extends string>(all: readonly T[], now: T): T =>
		all[(all.indexOf(now) + by + all.length) % all.length] ?? now;
	if (field === 'security') return {...typed, security: next(securities, typed.security)};
	if (field === 'passwordFrom') return {...typed, passwordFrom: next(passwordPlaces, typed.passwordFrom)};
	return typed;
}
