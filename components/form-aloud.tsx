/**
 * A form in the plain mode: the field one is in, what it wants, and what is in it.
 */
import {Box} from 'ink';
import type {ReactElement} from 'react';
import {ours, type SafeText, safeJoin, safeLine} from '../source/model/safe-text.ts';
import {safe} from './safe.ts';
import {Spoken} from './spoken.tsx';
import type {Said} from './status-line.tsx';

export function FormAloud({
	title,
	said,
	field,
	label,
	hint,
	typed,
	options,
	chosen,
}: {
	readonly title: SafeText;
	readonly said: Said | undefined;
	readonly field: string;
	readonly label: SafeText;
	readonly hint: SafeText;
	/** Of a field one types in. */
	readonly typed: string | undefined;
	/** Of a field one chooses in. */
	readonly options: readonly string[] | undefined;
	readonly chosen: string;
}): ReactElement {
	const others = (options ?? []).filter(option => option !== chosen).map(ours);
	const words = options ? safe`${label}: ${ours(chosen)}, or ${safeJoin(others, ours(', '))}` : label;
	return (
		<Box flexDirection="column">
			<Spoken kind="screen" id="form" words={title} />
			{said && <Spoken kind="status" id={String(said.serial)} words={said.text} />}
			{typed === undefined && <Spoken kind="selected" id={field} words={words} />}
			{typed === undefined && <Spoken kind="state" id={field} words={options ? ours(chosen) : ours('')} />}
			<Spoken kind="note" id={field} words={hint} />
			{typed !== undefined && <Spoken kind="question" id={field} words={safe`${label}:`} />}
			{typed !== undefined && <Spoken kind="typed" id={field} words={safeLine(typed)} />}
		</Box>
	);
}
