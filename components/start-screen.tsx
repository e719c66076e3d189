/**
 * No account yet, or another one: try the demo, or set an account up.
 */
import {useIsScreenReaderEnabled} from 'ink';
import {type ReactElement, useRef, useState} from 'react';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import {type AccountForm, accountForm, emptyForm, passwordPlaces, securities, type Typed} from './account-form.ts';
import type {Key} from './key-source.ts';
import {type EditedLine, edited, editLine, textOf} from './line-editor.ts';
import {type Line, Lines} from './lines.tsx';
import {clampView} from './list-view.ts';
import type {AroundProps} from './mail.tsx';
import {endOf} from './prompt.tsx';
import {safe} from './safe.ts';
import {StartAloud} from './start-aloud.tsx';
import type {Said} from './status-line.tsx';
import type {Theme} from './theme.ts';
import {leastColumns, leastRows, TooSmall} from './too-small.tsx';
import {useTextKeys} from './use-commands.ts';
import {useCursorAt} from './use-cursor-at.ts';

export type Start = {
	/** Resolves with a sentence when it did not work. */
	addAccount(form: AccountForm): Promise<string | undefined>;
	openDemo(): void;
};

const fields = ['demo', 'name', 'server', 'security', 'user', 'passwordFrom', 'password', 'connect'] as const;
type Field = (typeof fields)[number];
const choices: Readonly<Partial<Record<Field, readonly string[]>>> = {
	security: securities,
	passwordFrom: passwordPlaces,
};
const labelColumns = 18;

const labels: Readonly<Record<Field, string>> = {
	demo: 'Try the demo',
	name: 'Name',
	server: 'Server',
	security: 'Security',
	user: 'User',
	passwordFrom: 'Password from',
	password: 'Command',
	connect: 'Connect',
};

const hints: Readonly<Record<Field, string>> = {
	demo: 'Enter opens a built-in server and mailbox; nothing leaves this machine',
	name: 'what you call the account: work',
	server: 'imap.example.org, or imap.example.org:1143',
	security: 'Space chooses: tls, starttls, or none (cleartext, for a tunnel)',
	user: 'what you log in as',
	passwordFrom: 'Space chooses: a command, a variable of the environment, the system keyring',
	password: 'prints the password, or names the variable: pass show mail. It is never stored',
	connect: 'Enter adds the account and connects',
};

type FormState = {readonly field: Field; readonly typed: Typed; readonly line: EditedLine};

const isText = (field: Field): field is 'name' | 'server' | 'user' | 'password' =>
	field === 'name' || field === 'server' || field === 'user' || field === 'password';

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
	const [state, setState] = useState<FormState>({field: 'demo', typed: emptyForm, line: editLine('')});
	const [said, setSaid] = useState<Said | undefined>(undefined);
	const isPlain = useIsScreenReaderEnabled();
	/** What is typed now is for the screen that comes. */
	const [isOpening, setIsOpening] = useState(false);
	const {field, typed} = state;
	const isTooSmall = columns < leastColumns || rows < leastRows;
	const shown = fields.filter(each => each !== 'password' || typed.passwordFrom !== 'keyring');

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
	useTextKeys(isTooSmall || isOpening ? undefined : onKey);

	const above = [
		{text: ours('')},
		{text: ours(onLeave ? ' Another account.' : ' Mail over a bad line, one part at a time. There is no account yet.')},
		{text: ours('')},
	];
	const lines: Line[] = [...above];
	let cursor = {row: 0, x: 0};
	for (const each of shown) {
		const isHere = each === field;
		const row = fieldLine(each, state, columns, theme);
		if (isHere) cursor = {row: lines.length, x: row.cursor};
		lines.push({...row.line, ...(isHere && !isText(each) ? {style: theme.selected} : {})});
		if (each === 'demo')
			lines.push({text: ours('')}, {text: ours(' Or set up an account:'), style: theme.quiet}, {text: ours('')});
		if (each === shown.at(-2)) lines.push({text: ours('')});
	}

	const contentRows = rows - 4;
	const {top} = clampView({row: cursor.row, top: 0}, lines.length, contentRows);
	useCursorAt('screen', {x: cursor.x, y: cursor.row - top + 1});
	if (isPlain) {
		return (
			<StartAloud
				title={ours(onLeave ? 'Another account' : 'Bonsai: mail over a bad line. There is no account yet')}
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
	if (isTooSmall) return <TooSmall columns={columns} rows={rows} onQuit={onQuit} />;
	const frame: Line[] = [
		{text: fit(ours(' Bonsai'), columns), style: theme.title},
		...lines.slice(top, top + contentRows),
		...Array.from({length: Math.max(0, contentRows - lines.length)}, () => ({text: ours('')})),
		{text: ours('')},
		{text: fit(safe` ${said?.text ?? ours(hints[field])}`, columns), style: said ? {} : theme.quiet},
		{
			text: fit(
				ours(` Tab, down  next     up  back     Enter  go     ${onLeave ? 'Esc  leave' : '^C  quit'}`),
				columns,
			),
			style: theme.quiet,
		},
	];
	return <Lines lines={frame} columns={columns} rows={rows} />;
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

const labelOf = (field: Field, {passwordFrom}: Typed): SafeText =>
	ours(field === 'password' && passwordFrom === 'environment' ? 'Variable' : labels[field]);

/** A field as a line, and the column of the cursor in it. */
function fieldLine(
	field: Field,
	{typed, line, field: current}: FormState,
	columns: number,
	theme: Theme,
): {readonly line: Line; readonly cursor: number} {
	const pointer = field === current ? theme.pointer : ours(' ');
	const words = labelOf(field, typed);
	if (field === 'demo' || field === 'connect')
		return {line: {text: fit(safe`${pointer}${words} `, labelColumns)}, cursor: 0};
	const label = safe`${pointer}  ${fit(words, labelColumns - 3)}`;
	const options = choices[field];
	if (options) {
		const now = field === 'security' ? typed.security : typed.passwordFrom;
		const text = ours(options.map(option => (option === now ? `[${option}]` : ` ${option} `)).join(' '));
		return {line: {text: fit(safe`${label}${text}`, Math.min(columns, 60))}, cursor: 0};
	}
	if (!isText(field)) return {line: {text: label}, cursor: 0};
	const room = columns - labelColumns - 1;
	const before = field === current ? endOf(safeLine(line.before.join('')), room) : safeLine(typed[field]);
	const after = field === current ? safeLine(line.after.join('')) : ours('');
	return {
		line: {text: label, rest: [{text: fit(safe`${before}${after}`, room)}]},
		cursor: labelColumns + widthOf(before),
	};
}
