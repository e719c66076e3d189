/**
 * The form of the start screen as lines. Pure.
 */
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import {emptyForm, passwordPlaces, securities, type Typed} from './account-form.ts';
import {endOf} from './end-of.ts';
import {type EditedLine, editLine} from './line-editor.ts';
import type {Line} from './lines.tsx';
import {clampView} from './list-view.ts';
import {safe} from './safe.ts';
import type {Theme} from './theme.ts';

export const fields = ['demo', 'name', 'server', 'security', 'user', 'passwordFrom', 'password', 'connect'] as const;
export type Field = (typeof fields)[number];
export const choices: Readonly<Partial<Record<Field, readonly string[]>>> = {
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

export const hints: Readonly<Record<Field, string>> = {
	demo: 'Enter opens a built-in server and mailbox; nothing leaves this machine',
	name: 'what you call the account: work',
	server: 'imap.example.org, or imap.example.org:1143',
	security: 'Space chooses: tls, starttls, or none (cleartext, for a tunnel)',
	user: 'what you log in as',
	passwordFrom: 'Space chooses: a command, a variable of the environment, the system keyring',
	password: 'prints the password, or names the variable: pass show mail. It is never stored',
	connect: 'Enter adds the account and connects',
};

export type FormState = {readonly field: Field; readonly typed: Typed; readonly line: EditedLine};

export const isText = (field: Field): field is 'name' | 'server' | 'user' | 'password' =>
	field === 'name' || field === 'server' || field === 'user' || field === 'password';

export const emptyFormState: FormState = {field: 'demo', typed: emptyForm, line: editLine('')};

/** A password out of the keyring has nothing to type. */
export const fieldsOf = ({passwordFrom}: Typed): readonly Field[] =>
	fields.filter(each => each !== 'password' || passwordFrom !== 'keyring');

type Around = {
	readonly said: SafeText | undefined;
	readonly columns: number;
	readonly rows: number;
	readonly theme: Theme;
	/** Back to accounts there are. */
	readonly mayLeave: boolean;
};

export function startFrame(
	state: FormState,
	{said, columns, rows, theme, mayLeave}: Around,
): {readonly lines: readonly Line[]; readonly cursor: {readonly x: number; readonly y: number}} {
	const {field, typed} = state;
	const above = [
		{text: ours('')},
		{
			text: ours(
				mayLeave ? ' Another account.' : ' Mail over a bad line, one part at a time. There is no account yet.',
			),
		},
		{text: ours('')},
	];
	const lines: Line[] = [...above];
	const shown = fieldsOf(typed);
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
	const frame: Line[] = [
		{text: fit(ours(' Bonsai'), columns), style: theme.title},
		...lines.slice(top, top + contentRows),
		...Array.from({length: Math.max(0, contentRows - lines.length)}, () => ({text: ours('')})),
		{text: ours('')},
		{text: fit(safe` ${said ?? ours(hints[field])}`, columns), style: said ? {} : theme.quiet},
		{
			text: fit(
				ours(` Tab, down  next     up  back     Enter  go     ${mayLeave ? 'Esc  leave' : '^C  quit'}`),
				columns,
			),
			style: theme.quiet,
		},
	];
	return {lines: frame, cursor: {x: cursor.x, y: cursor.row - top + 1}};
}

export const labelOf = (field: Field, {passwordFrom}: Typed): SafeText =>
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
